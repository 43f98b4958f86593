// SPDX-License-Identifier: MIT
#include "node/net/dialer.hpp"

#include <algorithm>

namespace cairn::node {
namespace {

/// A static node is asked again at least this often: the operator waits for it.
constexpr UnixSeconds kStaticRedialSecondsMax = 70;
/// After this many doublings the back-off is at its longest.
constexpr std::uint32_t kDoublingsMax = 7;

bool is_local(const IpAddress& ip) {
    return ip.is_loopback() || ip.is_private();
}

}  // namespace

DialScheduler::DialScheduler(Config config)
    : config_{std::move(config)}, attempts_{kDialHistoryMax} {}

bool DialScheduler::add_static(const Enode& node) {
    if (!statics_.contains(node.id) && statics_.size() >= kStaticNodesMax) return false;
    statics_.insert_or_assign(node.id, node);
    attempts_.erase(node.id);
    return true;
}

void DialScheduler::remove_static(const NodeId& id) {
    statics_.erase(id);
}

void DialScheduler::add_candidate(const Enode& node, bool was_peer) {
    if (node.endpoint.tcp_port == 0 || node.id == config_.self || queued_.contains(node.id) ||
        connected_.contains(node.id) || dialling_.contains(node.id) || statics_.contains(node.id))
        return;
    if (candidates() >= kDialCandidatesMax) {
        // The oldest hearsay gives way; what was a peer stays.
        if (heard_.empty()) return;
        queued_.erase(heard_.front().id);
        heard_.pop_front();
    }
    queued_.insert(node.id);
    (was_peer ? tried_ : heard_).push_back(node);
}

std::size_t DialScheduler::dialled_count() const noexcept {
    const auto counts = [](DialKind kind) { return kind == DialKind::Dynamic; };
    const auto pending = std::ranges::count_if(
        dialling_, [&](const auto& entry) { return counts(entry.second.kind); });
    const auto connected = std::ranges::count_if(connected_, [&](const auto& entry) {
        return entry.second.kind && counts(*entry.second.kind);
    });
    return static_cast<std::size_t>(pending + connected);
}

bool DialScheduler::wants_candidates() const noexcept {
    return dialled_count() < config_.dialled_max && heard_.empty();
}

bool DialScheduler::has_subnet(const IpAddress& ip) const {
    if (is_local(ip)) return false;
    const IpNetwork subnet = subnet_of(ip);
    return std::ranges::any_of(connected_,
                               [&](const auto& entry) { return entry.second.subnet == subnet; }) ||
           std::ranges::any_of(dialling_, [&](const auto& entry) {
               return entry.second.kind != DialKind::Static &&
                      subnet_of(entry.second.node.endpoint.ip) == subnet;
           });
}

bool DialScheduler::may_dial(const Enode& node, UnixSeconds now, bool is_static) const {
    if (node.id == config_.self || connected_.contains(node.id) || dialling_.contains(node.id))
        return false;
    if (!config_.allowed.empty() && !std::ranges::any_of(config_.allowed, [&](const auto& allowed) {
            return allowed.contains(node.endpoint.ip);
        }))
        return false;
    const Attempt* attempt = attempts_.peek(node.id);
    if (attempt != nullptr && now < attempt->not_before) return false;
    return is_static || !has_subnet(node.endpoint.ip);
}

std::optional<Enode> DialScheduler::take_candidate(std::deque<Enode>& queue, UnixSeconds now) {
    // One that may not be dialled at this moment is let go: discovery will tell of it again.
    while (!queue.empty()) {
        const Enode node = queue.front();
        queue.pop_front();
        queued_.erase(node.id);
        if (may_dial(node, now, false)) return node;
    }
    return std::nullopt;
}

void DialScheduler::begin(const Enode& node, DialKind kind, std::vector<DialTask>& tasks) {
    dialling_.insert_or_assign(node.id, DialTask{node, kind});
    tasks.push_back({node, kind});
}

std::vector<DialTask> DialScheduler::next(UnixSeconds now) {
    std::vector<DialTask> tasks;
    for (const auto& [id, node] : statics_) {
        if (dialling_.size() >= kPendingDialsMax) return tasks;
        if (may_dial(node, now, true)) begin(node, DialKind::Static, tasks);
    }
    while (dialling_.size() < kPendingDialsMax && dialled_count() < config_.dialled_max) {
        auto node = take_candidate(tried_, now);
        if (!node) node = take_candidate(heard_, now);
        if (!node) break;
        begin(*node, DialKind::Dynamic, tasks);
    }
    // A feeler goes while no place of ours is free: otherwise the candidate would be dialled
    // anyway.
    const auto connected = std::ranges::count_if(
        connected_, [](const auto& entry) { return entry.second.kind == DialKind::Dynamic; });
    const bool is_full =
        config_.dialled_max > 0 && static_cast<std::size_t>(connected) >= config_.dialled_max;
    if (is_full && now >= next_feeler_ && dialling_.size() < kPendingDialsMax) {
        if (const auto node = take_candidate(heard_, now)) {
            next_feeler_ = now + kFeelerSeconds;
            begin(*node, DialKind::Feeler, tasks);
        }
    }
    return tasks;
}

std::optional<UnixSeconds> DialScheduler::next_static_at() const {
    std::optional<UnixSeconds> at;
    for (const auto& [id, node] : statics_) {
        if (connected_.contains(id) || dialling_.contains(id)) continue;
        const Attempt* attempt = attempts_.peek(id);
        const UnixSeconds then = attempt == nullptr ? 0 : attempt->not_before;
        if (!at || then < *at) at = then;
    }
    return at;
}

void DialScheduler::on_connected(const Enode& node, std::optional<DialKind> kind) {
    dialling_.erase(node.id);
    if (kind == DialKind::Feeler) return;
    Connected connected{kind, std::nullopt};
    if (kind == DialKind::Dynamic && !is_local(node.endpoint.ip))
        connected.subnet = subnet_of(node.endpoint.ip);
    connected_.insert_or_assign(node.id, connected);
    attempts_.erase(node.id);
}

void DialScheduler::back_off(const NodeId& id, UnixSeconds now, bool is_useless) {
    const Attempt* held = attempts_.peek(id);
    const std::uint32_t failures = held == nullptr ? 0 : held->failures;
    UnixSeconds wait =
        std::min(kRedialSecondsMin << std::min(failures, kDoublingsMax), kRedialSecondsMax);
    if (is_useless) wait = kUselessSeconds;
    if (statics_.contains(id)) wait = std::min(wait, kStaticRedialSecondsMax);
    attempts_.put(id, {failures + 1, now + wait});
}

void DialScheduler::on_failed(const NodeId& id, UnixSeconds now, bool is_useless) {
    dialling_.erase(id);
    back_off(id, now, is_useless);
}

void DialScheduler::on_gone(const NodeId& id, UnixSeconds now, bool is_useless) {
    dialling_.erase(id);
    connected_.erase(id);
    back_off(id, now, is_useless);
}

}  // namespace cairn::node
