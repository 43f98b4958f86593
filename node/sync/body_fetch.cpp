// SPDX-License-Identifier: MIT
#include "node/sync/body_fetch.hpp"

#include <algorithm>
#include <utility>

#include "chain/rules/body_check.hpp"
#include "core/base/assert.hpp"
#include "node/sync/serve.hpp"

namespace cairn::node {
namespace {

/// A header and its place in the lists, as memory bounds count it.
constexpr std::size_t kBlockOverheadBytes = 1024;

/// Whether the header says that there is nothing to fetch.
[[nodiscard]] bool has_empty_body(const Header& header) {
    static const Hash256 no_withdrawals = chain::withdrawals_root_of({});
    return header.transactions_root == kEmptyTrieRoot && header.ommers_hash == kEmptyOmmersHash &&
           (!header.withdrawals_root || *header.withdrawals_root == no_withdrawals);
}

[[nodiscard]] BlockBody make_empty_body(const Header& header) {
    BlockBody body;
    if (header.withdrawals_root) body.withdrawals.emplace();
    return body;
}

/// What identifies a body, computed once for any number of comparisons.
struct BodyRoots {
    explicit BodyRoots(const BlockBody& body)
        : transactions{chain::transactions_root_of(body.transactions)},
          ommers{ommers_hash_of(body.ommers)} {
        if (body.withdrawals) withdrawals = chain::withdrawals_root_of(*body.withdrawals);
    }
    [[nodiscard]] bool are_of(const Header& header) const {
        return header.transactions_root == transactions && header.ommers_hash == ommers &&
               header.withdrawals_root == withdrawals;
    }
    Hash256 transactions;
    Hash256 ommers;
    std::optional<Hash256> withdrawals;
};

[[nodiscard]] bool contains(const std::vector<PeerId>& peers, PeerId peer) noexcept {
    return std::find(peers.begin(), peers.end(), peer) != peers.end();
}

}  // namespace

BodyFetch::Entry* BodyFetch::find(BlockNumber number) noexcept {
    if (entries_.empty()) return nullptr;
    const BlockNumber first = entries_.front().checked.header->number;
    if (number < first || number - first >= entries_.size()) return nullptr;
    return &entries_[static_cast<std::size_t>(number - first)];
}

void BodyFetch::add(PeerId source, const std::vector<CheckedHeader>& headers) {
    for (const CheckedHeader& checked : headers) {
        CAIRN_ASSERT(!tip_ || checked.header->parent_hash == tip_->header.hash());
        Entry entry{.checked = checked, .source = source, .body = {}, .lacking = {}};
        if (has_empty_body(*checked.header)) {
            entry.body = make_empty_body(*checked.header);
            entry.bytes = kBlockOverheadBytes;
            ++held_;
            held_bytes_ += entry.bytes;
        }
        entries_.push_back(std::move(entry));
        tip_ = checked;
    }
}

void BodyFetch::clear() {
    for (const auto& [id, request] : requests_)
        if (SyncPeer* peer = shared_.find(request.peer)) --peer->body_requests;
    requests_.clear();
    entries_.clear();
    tip_.reset();
    held_ = held_bytes_ = asked_ = 0;
}

void BodyFetch::give_back(const Request& request) {
    for (const BlockNumber number : request.numbers) {
        Entry* entry = find(number);
        if (entry == nullptr || !entry->is_asked) continue;
        entry->is_asked = false;
        --asked_;
    }
}

void BodyFetch::on_peer_gone(PeerId peer) {
    for (auto it = requests_.begin(); it != requests_.end();) {
        if (it->second.peer == peer) {
            give_back(it->second);
            it = requests_.erase(it);
        } else {
            ++it;
        }
    }
    for (Entry& entry : entries_) std::erase(entry.lacking, peer);
}

bool BodyFetch::on_bodies(PeerId peer, BlockBodies reply, SyncTime now) {
    const auto it = requests_.find(reply.request_id);
    if (it == requests_.end() || it->second.peer != peer) return false;
    const Request request = std::move(it->second);
    requests_.erase(it);
    give_back(request);
    SyncPeer* known = shared_.find(peer);
    CAIRN_ASSERT(known != nullptr);
    --known->body_requests;
    known->timeouts = 0;
    const bool is_full = reply.bodies.size() == request.numbers.size();
    if (now.ms - request.asked_at > kBodyTargetMs)
        known->body_window = std::max(kBodyWindowMin, known->body_window * 3 / 4);
    else if (is_full && request.numbers.size() >= known->body_window)
        known->body_window = std::min(kBodyWindowMax, known->body_window * 3 / 2 + 1);
    if (reply.bodies.empty()) known->body_window = kBodyWindowMin;
    match(request, std::move(reply));
    return true;
}

void BodyFetch::match(const Request& request, BlockBodies reply) {
    std::size_t next = 0;
    const bool is_empty = reply.bodies.empty();
    for (BlockBody& body : reply.bodies) {
        const BodyRoots roots{body};
        Entry* entry = nullptr;
        while (next < request.numbers.size()) {
            entry = find(request.numbers[next++]);
            if (entry != nullptr && roots.are_of(*entry->checked.header)) break;
            // Replies keep the order of the question: what is passed over is not there.
            if (entry != nullptr && !entry->body && !contains(entry->lacking, request.peer))
                entry->lacking.push_back(request.peer);
            entry = nullptr;
        }
        if (entry == nullptr) {
            shared_.penalise(request.peer, kPointsDishonest, "bodies that were not asked for");
            return;
        }
        if (entry->body) continue;
        entry->bytes = kBlockOverheadBytes + size_of(body);
        entry->body = std::move(body);
        ++held_;
        held_bytes_ += entry->bytes;
    }
    if (!is_empty) return;
    // Nothing at all: it has none of them. A shorter reply may only have been full.
    for (const BlockNumber number : request.numbers) {
        Entry* entry = find(number);
        if (entry != nullptr && !entry->body && !contains(entry->lacking, request.peer))
            entry->lacking.push_back(request.peer);
    }
}

bool BodyFetch::may_ask(const SyncPeer& peer, SyncTime now) const {
    return !peer.is_aside(now.ms) && peer.body_requests < kBodyRequestsPerPeer;
}

void BodyFetch::ask(SyncPeer& peer, SyncTime now) {
    Request request{
        .peer = peer.id, .numbers = {}, .asked_at = now.ms, .deadline = now.ms + kBodyTimeoutMs};
    std::vector<BlockHash> hashes;
    const std::size_t looked_at = std::min(entries_.size(), kBodiesHeldMax);
    for (std::size_t i = 0; i < looked_at && hashes.size() < peer.body_window; ++i) {
        Entry& entry = entries_[i];
        if (entry.body || entry.is_asked || contains(entry.lacking, peer.id)) continue;
        entry.is_asked = true;
        ++asked_;
        request.numbers.push_back(entry.checked.header->number);
        hashes.push_back(entry.checked.header.hash());
    }
    if (hashes.empty()) return;
    const RequestId id = shared_.issue(peer.id);
    ++peer.body_requests;
    shared_.send(peer.id, GetBlockBodies{.request_id = id, .hashes = std::move(hashes)});
    requests_.emplace(id, std::move(request));
}

void BodyFetch::tick(SyncTime now) {
    for (auto it = requests_.begin(); it != requests_.end();) {
        if (now.ms < it->second.deadline) {
            ++it;
            continue;
        }
        give_back(it->second);
        if (SyncPeer* peer = shared_.find(it->second.peer)) {
            --peer->body_requests;
            peer->body_window = std::max(kBodyWindowMin, peer->body_window / 2);
            shared_.note_timeout(*peer, now.ms);
        }
        it = requests_.erase(it);
    }
    hand_out();
    if (entries_.empty()) return;
    // The block that is needed next is asked for even where the rest fills the bounds.
    const bool is_stuck = !entries_.front().body && !entries_.front().is_asked;
    if (!is_stuck && (held_ + asked_ >= kBodiesHeldMax || held_bytes_ >= kBodyBytesHeldMax)) return;
    std::vector<SyncPeer*> free;
    for (auto& [id, peer] : shared_.peers)
        if (may_ask(peer, now)) free.push_back(&peer);
    // Whose chain it is has to show that it has the blocks, before others are asked in vain.
    const PeerId source = entries_.front().source;
    std::sort(free.begin(), free.end(), [source](const SyncPeer* a, const SyncPeer* b) {
        if ((a->id == source) != (b->id == source)) return a->id == source;
        return a->body_window != b->body_window ? a->body_window > b->body_window : a->id < b->id;
    });
    for (SyncPeer* peer : free)
        if (requests_.size() < kBodyRequestsMax) ask(*peer, now);
}

void BodyFetch::hand_out() {
    while (!entries_.empty() && entries_.front().body) {
        Entry& entry = entries_.front();
        if (imports_.size() >= kImportsMax ||
            (!imports_.empty() && import_bytes_ + entry.bytes > kImportBytesMax))
            return;
        const JobId job = shared_.next_job();
        imports_.emplace(job, Import{entry.source, entry.bytes});
        import_bytes_ += entry.bytes;
        --held_;
        held_bytes_ -= entry.bytes;
        shared_.actions.emplace_back(
            ImportBlock{job, Block{entry.checked.header, *std::move(entry.body)}});
        if (entry.is_asked) --asked_;
        entries_.pop_front();
    }
}

std::optional<PeerId> BodyFetch::on_imported(JobId job) {
    const auto it = imports_.find(job);
    if (it == imports_.end()) return std::nullopt;
    const PeerId source = it->second.source;
    import_bytes_ -= it->second.bytes;
    imports_.erase(it);
    if (is_empty()) tip_.reset();
    return source;
}

std::optional<PeerId> BodyFetch::find_withholder() const {
    if (entries_.empty()) return std::nullopt;
    const Entry& entry = entries_.front();
    if (entry.body || shared_.peers.empty()) return std::nullopt;
    if (contains(entry.lacking, entry.source)) return entry.source;
    if (entry.is_asked) return std::nullopt;
    for (const auto& [id, peer] : shared_.peers)
        if (!contains(entry.lacking, id)) return std::nullopt;
    return entry.source;
}

std::optional<PeerId> BodyFetch::find_awaited() const {
    if (entries_.empty() || entries_.front().body) return std::nullopt;
    return entries_.front().source;
}

}  // namespace cairn::node
