// SPDX-License-Identifier: MIT
#include "node/net/lookup.hpp"

#include <algorithm>

#include "node/net/node_table.hpp"

namespace cairn::node {

Lookup::Lookup(const NodeId& target, const std::vector<Enode>& start)
    : target_{target}, target_address_{node_address_of(target)} {
    for (const Enode& node : start) add(node);
}

void Lookup::add(const Enode& node) {
    if (find(node.id) != nullptr) return;
    const NodeAddress address = node_address_of(node.id);
    const auto place = std::ranges::find_if(candidates_, [&](const Candidate& candidate) {
        return is_closer(target_address_, address, candidate.address);
    });
    candidates_.insert(place, {node, address, State::Heard});
    if (candidates_.size() <= kLookupNodesMax) return;
    // The farthest leaves, unless its answer is still awaited.
    const auto farthest =
        std::find_if(candidates_.rbegin(), candidates_.rend(),
                     [](const Candidate& candidate) { return candidate.state != State::Asked; });
    if (farthest != candidates_.rend()) candidates_.erase(std::next(farthest).base());
}

Lookup::Candidate* Lookup::find(const NodeId& id) {
    const auto it = std::ranges::find_if(
        candidates_, [&id](const Candidate& candidate) { return candidate.node.id == id; });
    return it == candidates_.end() ? nullptr : &*it;
}

std::optional<std::size_t> Lookup::find_next() const {
    std::size_t near = 0;
    for (std::size_t i = 0; i < candidates_.size() && near < kBucketSize; ++i) {
        if (candidates_[i].state == State::Heard) return i;
        if (candidates_[i].state != State::Failed) ++near;
    }
    return std::nullopt;
}

std::optional<Enode> Lookup::next() {
    if (asking_ >= kLookupConcurrency) return std::nullopt;
    const auto index = find_next();
    if (!index) return std::nullopt;
    candidates_[*index].state = State::Asked;
    ++asking_;
    return candidates_[*index].node;
}

void Lookup::on_answer(const NodeId& from, const std::vector<Enode>& nodes) {
    Candidate* candidate = find(from);
    if (candidate == nullptr || candidate->state != State::Asked) return;
    candidate->state = State::Answered;
    --asking_;
    for (const Enode& node : nodes) add(node);
}

void Lookup::on_silent(const NodeId& from) {
    Candidate* candidate = find(from);
    if (candidate == nullptr || candidate->state != State::Asked) return;
    candidate->state = State::Failed;
    --asking_;
}

bool Lookup::is_done() const {
    return asking_ == 0 && !find_next();
}

std::vector<Enode> Lookup::result() const {
    std::vector<Enode> out;
    for (const Candidate& candidate : candidates_) {
        if (candidate.state != State::Answered) continue;
        out.push_back(candidate.node);
        if (out.size() == kBucketSize) break;
    }
    return out;
}

}  // namespace cairn::node
