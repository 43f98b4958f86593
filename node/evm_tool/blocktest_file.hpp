// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chain/spec/genesis.hpp"
#include "chain/state/memory_state.hpp"
#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"
#include "core/types/header.hpp"
#include "core/types/ids.hpp"

namespace cairn::node {

/// One block of a test, in the order in which it is offered.
struct BlockTestBlock {
    Bytes rlp;
    /// Whether it must be taken; else it must be refused.
    bool is_valid = true;
    /// Why it must be refused, several names joined by `|`; empty where the suite does not say.
    std::string exception;
};

/// What the state must be once every block has been offered: all of it, or its root where the
/// suite found it too large.
struct BlockTestPost {
    std::optional<chain::MemoryState> state;
    std::optional<Hash256> root;
};

/// One case: a first block, blocks upon it, and where the chain ends.
struct BlockTest {
    std::string name;
    std::string network;  ///< as the suite names it: "BerlinToLondonAt5"
    /// Whether seals are Ethash's and checked ("sealEngine" other than "NoProof").
    bool has_ethash_seals = false;
    Header genesis;
    BlockHash genesis_hash;
    std::vector<chain::GenesisAccount> accounts;  ///< ascending by address
    std::vector<BlockTestBlock> blocks;
    BlockHash last_block_hash;
    BlockTestPost post;
};

/// Reads a file of the public BlockchainTests format: a JSON object of cases by name.
/// @return the cases in the file's order, or a sentence on what is wrong with it
[[nodiscard]] Result<std::vector<BlockTest>, std::string> read_block_test_file(
    const std::filesystem::path& path);

/// The same from JSON text.
[[nodiscard]] Result<std::vector<BlockTest>, std::string> parse_block_tests(std::string_view json);

}  // namespace cairn::node
