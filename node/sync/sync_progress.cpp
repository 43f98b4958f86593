// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "node/sync/sync_manager.hpp"

// What SyncManager tells of itself.

namespace cairn::node {

bool SyncManager::is_syncing() const {
    const auto tip = body_fetch_.tip();
    return tip && tip->header->number > head_.header->number + kSyncingBlocks;
}

LocalChain SyncManager::local_chain() const {
    return {.network_id = network_.network_id,
            .genesis = network_.genesis,
            .head = head_.header.hash(),
            .total_difficulty = head_.total,
            .head_number = head_.header->number,
            .head_timestamp = head_.header->timestamp,
            .forks = network_.forks};
}

SyncProgress SyncManager::progress() const {
    const auto tip = body_fetch_.tip();
    const BlockNumber current = head_.header->number;
    return {.is_syncing = is_syncing(),
            .starting_block = starting_block_,
            .current_block = current,
            .highest_block = tip ? std::max(tip->header->number, current) : current,
            .headers = body_fetch_.size() - body_fetch_.import_count(),
            .importing = body_fetch_.import_count(),
            .peers = shared_.peers.size()};
}

SyncLoad SyncManager::load() const {
    return {.headers = header_sync_.held_count() + body_fetch_.size(),
            .body_bytes = body_fetch_.held_bytes(),
            .import_bytes = body_fetch_.import_bytes(),
            .gossip_blocks = block_gossip_.size(),
            .gossip_bytes = block_gossip_.held_bytes(),
            .wanted_txs = tx_gossip_.size(),
            .txs_under_judgement = tx_gossip_.under_judgement()};
}

std::vector<SyncPeerInfo> SyncManager::peers(SyncTime now) const {
    std::vector<SyncPeerInfo> infos;
    infos.reserve(shared_.peers.size());
    for (const auto& [id, peer] : shared_.peers)
        infos.push_back({id, peer.version, peer.head, peer.total, peer.is_aside(now.ms)});
    return infos;
}

std::string SyncManager::progress_line(SyncTime now) {
    const SyncProgress at = progress();
    const double seconds = static_cast<double>(now.ms - line_at_) / 1000;
    const BlockNumber gained = at.current_block - std::min(at.current_block, line_block_);
    const double rate = seconds > 0 ? static_cast<double>(gained) / seconds : 0;
    line_at_ = now.ms;
    line_block_ = at.current_block;
    if (!at.is_syncing)
        return fmt::format("following: block {}, {} peers", at.current_block, at.peers);
    const double percent = 100 * static_cast<double>(at.current_block) /
                           static_cast<double>(std::max<BlockNumber>(1, at.highest_block));
    return fmt::format(
        "syncing: block {} of {} ({:.1f} %), {} headers ahead, {:.0f} blocks/s, {} peers",
        at.current_block, at.highest_block, percent, at.headers, rate, at.peers);
}

}  // namespace cairn::node
