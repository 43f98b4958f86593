// SPDX-License-Identifier: MIT
#include "node/sync/block_gossip.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "chain/rules/blame.hpp"
#include "chain/rules/body_check.hpp"
#include "chain/rules/header_check.hpp"
#include "core/base/assert.hpp"
#include "node/sync/serve.hpp"

namespace cairn::node {
namespace {

constexpr std::size_t kBlockOverheadBytes = 1024;

void add_haver(std::vector<PeerId>& havers, PeerId peer) {
    if (havers.size() < kAlternatesMax &&
        std::find(havers.begin(), havers.end(), peer) == havers.end())
        havers.push_back(peer);
}

/// A total less one block's difficulty; zero where it would be negative.
[[nodiscard]] TotalDifficulty before(const TotalDifficulty& total, const Difficulty& block) {
    if (total.value < block.value) return {};
    return {total.value - block.value};
}

}  // namespace

bool BlockGossip::is_near(BlockNumber number, const ChainSnapshot& chain) const {
    const CheckedHeader at = chain.head();
    // Block by block a chain without the work that it must have could come this way, too.
    if (at.total < shared_.options.minimum_total) return false;
    const BlockNumber head = at.header->number;
    return number <= head + kGossipAheadMax && number + kGossipBehindMax >= head;
}

BlockGossip::Entry* BlockGossip::make_entry(const BlockHash& hash, SyncPeer& peer, SyncTime now) {
    if (entries_.size() >= kGossipBlocksMax || peer.gossip_blocks >= kGossipBlocksPerPeer)
        return nullptr;
    ++peer.gossip_blocks;
    Entry entry{.hash = hash,
                .giver = peer.id,
                .havers = {peer.id},
                .header = {},
                .total = {},
                .body = {},
                .due = now.ms + kBlockArriveMs,
                .born = now.ms};
    return &entries_.emplace(hash, std::move(entry)).first->second;
}

void BlockGossip::erase(Entries::iterator it) {
    Entry& entry = it->second;
    if (SyncPeer* giver = shared_.find(entry.giver)) {
        --giver->gossip_blocks;
        if (entry.bytes != 0) --giver->waiting_blocks;
    }
    held_bytes_ -= entry.bytes;
    entries_.erase(it);
}

bool BlockGossip::may_hold(const SyncPeer& peer, std::size_t bytes) const {
    return peer.waiting_blocks < kWaitingBlocksPerPeer && held_bytes_ + bytes <= kWaitingBytesMax;
}

void BlockGossip::hold_body(Entry& entry, BlockBody body, std::size_t bytes) {
    CAIRN_ASSERT(!entry.body);
    entry.body = std::move(body);
    entry.bytes = bytes;
    held_bytes_ += bytes;
    if (SyncPeer* giver = shared_.find(entry.giver)) ++giver->waiting_blocks;
}

void BlockGossip::on_new_block(PeerId peer_id, const NewBlock& message, const ChainSnapshot& chain,
                               SyncTime now) {
    SyncPeer* peer = shared_.find(peer_id);
    if (peer == nullptr) return;
    const HashedHeader& header = message.block.header;
    peer->known_blocks.insert(header.hash());
    peer->probed_at = now.ms;
    // The block itself may turn out wrong; its parent the giver has executed.
    const TotalDifficulty parent_total = before(message.total_difficulty, header->difficulty);
    if (const auto known_total = chain.total_difficulty(header->parent_hash);
        known_total && *known_total + header->difficulty != message.total_difficulty) {
        shared_.penalise(peer_id, kPointsDishonest, "pushed a block with a total it does not have");
        return;
    }
    if (parent_total > peer->total) {
        peer->head = header->parent_hash;
        peer->total = parent_total;
    }
    if (chain.has(header.hash()) || chain.is_bad(header.hash())) return;
    auto it = entries_.find(header.hash());
    if (it != entries_.end()) {
        add_haver(it->second.havers, peer_id);
        if (it->second.body) return;
    }
    if (!is_near(header->number, chain)) {
        if (header->number > chain.head().header->number) peer->is_suspected_ahead = true;
        return;
    }
    const std::size_t bytes = kBlockOverheadBytes + size_of(message.block.body);
    const SyncPeer* counted = it == entries_.end() ? peer : shared_.find(it->second.giver);
    if (counted != nullptr && !may_hold(*counted, bytes)) return;
    if (!chain::check_body_matches(*header, message.block.body)) {
        shared_.penalise(peer_id, kPointsDishonest, "pushed a block with another block's body");
        return;
    }
    if (it == entries_.end()) {
        if (make_entry(header.hash(), *peer, now) == nullptr) return;
        it = entries_.find(header.hash());
    }
    Entry& entry = it->second;
    if (!entry.header) {
        entry.header = header;
        entry.header_giver = peer_id;
        entry.stage = Stage::Orphan;
    }
    hold_body(entry, message.block.body, bytes);
    if (entry.stage == Stage::Orphan || entry.stage == Stage::BodyAsked ||
        entry.stage == Stage::BodyWanted)
        advance(it, chain, now);
}

void BlockGossip::on_announced(PeerId peer_id, const NewBlockHashes& message,
                               const ChainSnapshot& chain, SyncTime now) {
    SyncPeer* peer = shared_.find(peer_id);
    if (peer == nullptr) return;
    peer->probed_at = now.ms;
    for (const BlockAnnouncement& block : message.blocks) {
        peer->known_blocks.insert(block.hash);
        if (chain.has(block.hash) || chain.is_bad(block.hash)) continue;
        if (const auto it = entries_.find(block.hash); it != entries_.end()) {
            add_haver(it->second.havers, peer_id);
        } else if (is_near(block.number, chain)) {
            (void)make_entry(block.hash, *peer, now);
        } else if (block.number > chain.head().header->number) {
            peer->is_suspected_ahead = true;
        }
    }
}

SyncPeer* BlockGossip::next_haver(Entry& entry) {
    while (!entry.havers.empty()) {
        SyncPeer* peer = shared_.find(entry.havers.front());
        entry.havers.erase(entry.havers.begin());
        if (peer != nullptr) return peer;
    }
    return nullptr;
}

void BlockGossip::ask_header(Entries::iterator it, SyncTime now) {
    Entry& entry = it->second;
    SyncPeer* peer = next_haver(entry);
    if (peer == nullptr) {
        erase(it);
        return;
    }
    entry.stage = Stage::HeaderAsked;
    entry.asked = peer->id;
    entry.request = shared_.issue(peer->id);
    entry.due = now.ms + kBlockFetchTimeoutMs;
    shared_.send(peer->id,
                 GetBlockHeaders{.request_id = entry.request, .origin = entry.hash, .amount = 1});
}

void BlockGossip::ask_body(Entries::iterator it, SyncTime now) {
    Entry& entry = it->second;
    // Whoever gave the header has the body too.
    if (entry.stage != Stage::BodyAsked)
        entry.havers.insert(entry.havers.begin(), entry.header_giver);
    SyncPeer* peer = next_haver(entry);
    if (peer == nullptr) {
        erase(it);
        return;
    }
    entry.stage = Stage::BodyAsked;
    entry.asked = peer->id;
    entry.request = shared_.issue(peer->id);
    entry.due = now.ms + kBlockFetchTimeoutMs;
    shared_.send(peer->id, GetBlockBodies{.request_id = entry.request, .hashes = {entry.hash}});
}

void BlockGossip::import(Entry& entry) {
    const Block block{*entry.header, *entry.body};
    relay(block, *entry.total);
    entry.stage = Stage::Importing;
    entry.job = shared_.next_job();
    shared_.actions.emplace_back(ImportBlock{entry.job, block});
}

void BlockGossip::advance(Entries::iterator it, const ChainSnapshot& chain, SyncTime now) {
    Entry& entry = it->second;
    CAIRN_ASSERT(entry.header);
    if (chain.is_bad((*entry.header)->parent_hash)) {
        erase(it);
        return;
    }
    if (entry.total) {
        if (entry.body)
            import(entry);
        else
            ask_body(it, now);
        return;
    }
    const auto parent_total = chain.total_difficulty((*entry.header)->parent_hash);
    const auto parent = chain.header((*entry.header)->parent_hash);
    if (!parent_total || !parent) {
        // A parent that is on its way is waited for; otherwise more than this block is missing.
        if (!entries_.contains((*entry.header)->parent_hash))
            if (SyncPeer* peer = shared_.find(entry.header_giver)) peer->is_suspected_ahead = true;
        if (entry.body)
            entry.stage = Stage::Orphan;
        else
            erase(it);
        return;
    }
    entry.stage = Stage::Checking;
    entry.job = shared_.next_job();
    shared_.actions.emplace_back(CheckHeaders{.job = entry.job,
                                              .parent = {*parent, *parent_total},
                                              .headers = {*entry.header},
                                              .now = now.unix_seconds});
}

BlockGossip::Entries::iterator BlockGossip::find_by_job(JobId job) {
    return std::find_if(entries_.begin(), entries_.end(), [job](const auto& item) {
        return item.second.job == job &&
               (item.second.stage == Stage::Checking || item.second.stage == Stage::Importing);
    });
}

BlockGossip::Entries::iterator BlockGossip::find_by_request(RequestId request, PeerId peer) {
    return std::find_if(entries_.begin(), entries_.end(), [&](const auto& item) {
        return item.second.request == request && item.second.asked == peer &&
               (item.second.stage == Stage::HeaderAsked || item.second.stage == Stage::BodyAsked);
    });
}

bool BlockGossip::on_headers(PeerId peer, const BlockHeaders& reply, const ChainSnapshot& chain,
                             SyncTime now) {
    const auto it = find_by_request(reply.request_id, peer);
    if (it == entries_.end() || it->second.stage != Stage::HeaderAsked) return false;
    Entry& entry = it->second;
    if (reply.headers.empty()) {
        ask_header(it, now);
        return true;
    }
    if (reply.headers.size() > 1 || reply.headers.front().hash() != entry.hash) {
        shared_.penalise(peer, kPointsDishonest, "another header than the one asked for");
        ask_header(it, now);
        return true;
    }
    entry.header = reply.headers.front();
    entry.header_giver = peer;
    if (!is_near((*entry.header)->number, chain))
        erase(it);
    else
        advance(it, chain, now);
    return true;
}

bool BlockGossip::on_bodies(PeerId peer, const BlockBodies& reply, const ChainSnapshot& chain,
                            SyncTime now) {
    const auto it = find_by_request(reply.request_id, peer);
    if (it == entries_.end() || it->second.stage != Stage::BodyAsked) return false;
    Entry& entry = it->second;
    if (reply.bodies.empty()) {
        ask_body(it, now);
        return true;
    }
    if (reply.bodies.size() > 1 ||
        !chain::check_body_matches(**entry.header, reply.bodies.front())) {
        shared_.penalise(peer, kPointsDishonest, "another body than the one asked for");
        ask_body(it, now);
        return true;
    }
    const std::size_t bytes = kBlockOverheadBytes + size_of(reply.bodies.front());
    if (held_bytes_ + bytes > kWaitingBytesMax) {
        erase(it);
        return true;
    }
    hold_body(entry, reply.bodies.front(), bytes);
    advance(it, chain, now);
    return true;
}

bool BlockGossip::on_checked(const HeadersChecked& checked, const ChainSnapshot& chain,
                             SyncTime now) {
    const auto it = find_by_job(checked.job);
    if (it == entries_.end() || it->second.stage != Stage::Checking) return false;
    Entry& entry = it->second;
    const Header& header = **entry.header;
    if (checked.error == chain::BlockError::TimestampEarly) {
        if (header.timestamp > now.unix_seconds + kEarlyKeptSeconds) {
            erase(it);
            return true;
        }
        const UnixSeconds due = header.timestamp - chain::kFutureSecondsMax;
        entry.stage = Stage::Early;
        entry.due = now.ms + (due > now.unix_seconds ? 1000 * (due - now.unix_seconds) : 1000);
        return true;
    }
    if (checked.error) {
        if (chain::blame_of(*checked.error).is_givers_fault)
            shared_.penalise(
                entry.header_giver, kPointsDishonest,
                "block with an invalid header: " + std::string{chain::to_string(*checked.error)});
        drop_children(entry.hash);
        erase(it);
        return true;
    }
    const auto parent_total = chain.total_difficulty(header.parent_hash);
    CAIRN_ASSERT(parent_total);
    entry.total = *parent_total + header.difficulty;
    entry.stage = Stage::BodyWanted;
    advance(it, chain, now);
    return true;
}

bool BlockGossip::on_imported(JobId job, const chain::ImportOutcome& outcome,
                              const ChainSnapshot& chain, SyncTime now) {
    const auto it = find_by_job(job);
    if (it == entries_.end() || it->second.stage != Stage::Importing) return false;
    Entry& entry = it->second;
    const BlockHash hash = entry.hash;
    if (outcome.status == chain::ImportStatus::Early) {
        entry.stage = Stage::Early;
        entry.due = now.ms + 1000;
        return true;
    }
    if (outcome.is_stored()) {
        for (auto& [id, peer] : shared_.peers) {
            if (peer.known_blocks.contains(hash) && *entry.total > peer.total) {
                peer.head = hash;
                peer.total = *entry.total;
            }
        }
        announce(hash, (*entry.header)->number);
        erase(it);
        wake_children(hash, chain, now);
        return true;
    }
    if (outcome.status == chain::ImportStatus::Invalid) drop_children(hash);
    erase(it);
    return true;
}

void BlockGossip::on_applied(const AppliedBlock& applied, const ChainSnapshot& chain,
                             SyncTime now) {
    const BlockHash& hash = applied.block.header.hash();
    if (!relayed_.contains(hash)) relay(applied.block, applied.total);
    announce(hash, applied.block.header->number);
    wake_children(hash, chain, now);
}

void BlockGossip::on_head(const ChainSnapshot& chain, SyncTime now) {
    std::vector<BlockHash> ready;
    for (const auto& [hash, entry] : entries_)
        if (entry.stage == Stage::Orphan && entry.header && chain.has((*entry.header)->parent_hash))
            ready.push_back(hash);
    for (const BlockHash& hash : ready) advance(entries_.find(hash), chain, now);
}

void BlockGossip::wake_children(const BlockHash& parent, const ChainSnapshot& chain, SyncTime now) {
    std::vector<BlockHash> children;
    for (const auto& [hash, entry] : entries_)
        if (entry.stage == Stage::Orphan && entry.header && (*entry.header)->parent_hash == parent)
            children.push_back(hash);
    for (const BlockHash& child : children) advance(entries_.find(child), chain, now);
}

void BlockGossip::drop_children(const BlockHash& parent) {
    for (auto it = entries_.begin(); it != entries_.end();) {
        const auto next = std::next(it);
        if (it->second.stage == Stage::Orphan && it->second.header &&
            (*it->second.header)->parent_hash == parent)
            erase(it);
        it = next;
    }
}

void BlockGossip::relay(const Block& block, const TotalDifficulty& total) {
    const BlockHash& hash = block.header.hash();
    relayed_.put(hash, {});
    std::vector<PeerId> without;
    for (const auto& [id, peer] : shared_.peers)
        if (!peer.known_blocks.contains(hash)) without.push_back(id);
    shuffle(without, shared_.random);
    without.resize(std::min(without.size(), push_count(shared_.peers.size())));
    for (const PeerId id : without) {
        shared_.find(id)->known_blocks.insert(hash);
        shared_.send(id, NewBlock{block, total}, true);
    }
}

void BlockGossip::announce(const BlockHash& hash, BlockNumber number) {
    for (auto& [id, peer] : shared_.peers) {
        if (peer.known_blocks.contains(hash)) continue;
        peer.known_blocks.insert(hash);
        shared_.send(id, NewBlockHashes{{{hash, number}}}, true);
    }
}

void BlockGossip::on_peer_gone(PeerId peer) {
    for (auto it = entries_.begin(); it != entries_.end();) {
        const auto next = std::next(it);
        Entry& entry = it->second;
        std::erase(entry.havers, peer);
        // Asked of another as soon as time-outs are looked at.
        if (entry.asked == peer &&
            (entry.stage == Stage::HeaderAsked || entry.stage == Stage::BodyAsked))
            entry.due = 0;
        it = next;
    }
}

void BlockGossip::tick(const ChainSnapshot& chain, SyncTime now) {
    std::vector<BlockHash> due;
    for (const auto& [hash, entry] : entries_) {
        const bool is_timed = entry.stage == Stage::Announced || entry.stage == Stage::Early ||
                              entry.stage == Stage::HeaderAsked || entry.stage == Stage::BodyAsked;
        const bool is_old = now.ms >= entry.born + kGossipLifetimeMs &&
                            entry.stage != Stage::Checking && entry.stage != Stage::Importing;
        if (is_old || (is_timed && now.ms >= entry.due)) due.push_back(hash);
    }
    for (const BlockHash& hash : due) {
        const auto it = entries_.find(hash);
        Entry& entry = it->second;
        if (now.ms >= entry.born + kGossipLifetimeMs || chain.has(hash)) {
            erase(it);
        } else if (entry.stage == Stage::Announced || entry.stage == Stage::HeaderAsked) {
            ask_header(it, now);
        } else if (entry.stage == Stage::BodyAsked) {
            ask_body(it, now);
        } else {
            entry.total.reset();
            advance(it, chain, now);
        }
    }
}

}  // namespace cairn::node
