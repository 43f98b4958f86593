// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <random>
#include <string_view>

#include "chain/rules/fork_id.hpp"
#include "chain/spec/rule_table.hpp"
#include "core/base/hex.hpp"
#include "node/net/eth_capability.hpp"
#include "node/net/node_key.hpp"

namespace cairn::node {

inline Bytes hex(std::string_view text) {
    return *from_hex(text);
}

/// Reproducible bytes from a seed.
inline RandomFill seeded(std::uint64_t seed) {
    return [state = std::make_shared<std::mt19937_64>(seed)](std::span<std::uint8_t> out) {
        for (auto& byte : out) byte = static_cast<std::uint8_t>((*state)());
    };
}

/// The given bytes first, in order, then those of a seed.
inline RandomFill scripted(Bytes first, std::uint64_t seed) {
    struct State {
        Bytes bytes;
        std::size_t used = 0;
        RandomFill rest;
    };
    auto state = std::make_shared<State>(State{std::move(first), 0, seeded(seed)});
    return [state](std::span<std::uint8_t> out) {
        for (auto& byte : out) {
            if (state->used < state->bytes.size())
                byte = state->bytes[state->used++];
            else
                state->rest({&byte, 1});
        }
    };
}

inline NodeKey key_of(std::string_view secret_hex) {
    return *NodeKey::from_secret(secp256k1::SecretKey::from(hex(secret_hex)));
}
inline NodeKey key_of(std::uint64_t seed) {
    return NodeKey::make(seeded(seed));
}

/// A schedule of forks at these block numbers that change no rule.
inline std::shared_ptr<const chain::ForkSchedule> forks_at(std::vector<BlockNumber> numbers,
                                                           const BlockHash& genesis) {
    chain::ChainParameters p;
    p.steps.push_back({chain::ForkTrigger::Number, 0, chain::rules_of(Revision::Frontier)});
    p.fork_id_blocks = std::move(numbers);
    return std::make_shared<const chain::ForkSchedule>(chain::ChainSpec{std::move(p)}, genesis, 0);
}

/// A chain without forks, its genesis named by one byte.
inline LocalChain test_chain(std::uint8_t genesis = 1, std::uint64_t network_id = 7) {
    LocalChain chain;
    chain.network_id = network_id;
    chain.genesis.bytes.fill(genesis);
    chain.head.bytes.fill(9);
    chain.total_difficulty = {Uint256{1000}};
    chain.head_number = 5;
    chain.head_timestamp = 50;
    chain.forks = forks_at({}, chain.genesis);
    return chain;
}

}  // namespace cairn::node
