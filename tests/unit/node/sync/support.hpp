// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "node/sync/peer_table.hpp"
#include "tests/sim/light_chain.hpp"

namespace cairn::node::test {

using sim::LightChain;
using sim::LightPool;

inline constexpr SyncTime kNow{.ms = 1'000'000, .unix_seconds = sim::kSimStart + 10'000'000};

[[nodiscard]] inline SyncTime later(std::uint64_t ms) {
    return {kNow.ms + ms, kNow.unix_seconds + ms / 1000};
}

/// Extends the chain by blocks `seconds` apart; those of different miners differ.
inline std::vector<Block> grow(LightChain& chain, std::size_t count, UnixSeconds seconds = 10,
                               std::uint64_t miner = 0, const std::vector<SignedTx>& txs = {}) {
    std::vector<Block> blocks;
    for (std::size_t i = 0; i < count; ++i) {
        const auto head = chain.head();
        blocks.push_back(chain.make_block(head.header->timestamp + seconds, txs, miner));
        (void)chain.import(blocks.back(), kNow.unix_seconds);
    }
    return blocks;
}

/// Grows by blocks with one transaction each, so that they have bodies to fetch.
inline std::vector<Block> grow_full(LightChain& chain, std::size_t count, std::uint64_t sender) {
    std::vector<Block> blocks;
    for (std::size_t i = 0; i < count; ++i)
        blocks.push_back(
            grow(chain, 1, 10, 0, {sim::make_light_tx(sender, chain.head().header->number, 0)})
                .front());
    return blocks;
}

[[nodiscard]] inline TotalDifficulty total_of(const LightChain& chain, const BlockHash& hash) {
    return *chain.snapshot()->total_difficulty(hash);
}

/// The actions of one kind, taken out.
template <class Action>
[[nodiscard]] std::vector<Action> take(std::vector<SyncAction>& actions) {
    std::vector<Action> taken;
    for (auto it = actions.begin(); it != actions.end();) {
        if (auto* action = std::get_if<Action>(&*it)) {
            taken.push_back(std::move(*action));
            it = actions.erase(it);
        } else {
            ++it;
        }
    }
    return taken;
}

/// Messages of one kind, with whom they go to, taken out.
template <class Message>
[[nodiscard]] std::vector<std::pair<PeerId, Message>> take_sent(std::vector<SyncAction>& actions) {
    std::vector<std::pair<PeerId, Message>> taken;
    for (auto it = actions.begin(); it != actions.end();) {
        auto* send = std::get_if<SendMessage>(&*it);
        if (send != nullptr && std::holds_alternative<Message>(send->message)) {
            taken.emplace_back(send->peer, std::get<Message>(std::move(send->message)));
            it = actions.erase(it);
        } else {
            ++it;
        }
    }
    return taken;
}

/// Adds a peer that claims to have a block.
inline SyncPeer& add_peer(SyncShared& shared, PeerId id, const CheckedHeader& head) {
    SyncPeer& peer = shared.peers.try_emplace(id, id, EthVersion::Eth68).first->second;
    peer.head = head.header.hash();
    peer.total = head.total;
    return peer;
}

}  // namespace cairn::node::test
