// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "chain/rules/block_error.hpp"
#include "chain/rules/header_check.hpp"
#include "chain/rules/seal_engine.hpp"
#include "chain/spec/chain_spec.hpp"
#include "chain/store/read_view.hpp"
#include "core/base/expected.hpp"
#include "core/types/block.hpp"

namespace cairn::chain {

/// A block with everything said of it that needs neither its ancestors nor its rules: the costly
/// part of checking, done by any thread and in any order.
struct PreparedBlock {
    Block block;
    /// Senders of its transactions; shorter than those where one's signature names nobody, and
    /// empty where the seal or the body is wrong.
    std::vector<Address> senders;
    /// What is wrong with the seal. A header of difficulty 0 has none to check.
    std::optional<BlockError> seal_error{};
    /// What the body lacks of what the header commits to.
    std::optional<BlockFault> body_fault{};
};

/// @param engine   null: seals are taken on trust
/// @param senders  of all its transactions, where they are known already; else they are recovered
/// Pure; any thread.
[[nodiscard]] PreparedBlock prepare_block(Block block, const SealEngine* engine,
                                          std::optional<std::vector<Address>> senders = {});

/// What is known of a block's parent.
struct ParentInfo {
    HashedHeader header;
    TotalDifficulty total;
};

/// A fault, and whether finding it came after the seal had been found good: only then has the
/// block's maker paid for the mistake.
struct ChainFault {
    BlockFault fault;
    bool is_sealed = false;
};

/// Everything about a block that its ancestors decide, short of executing it: header on its parent,
/// seal, body, transactions, ommers; the first failure in this order is reported.
///
/// @param reader   holds the ancestors; looked at only for ommers
/// @param engine   for the seals of ommers; null: taken on trust
/// @param rules    spec.rules_at for the block
/// @param gas      what binds the block's own base fee and gas limit
/// @throws StoreError
[[nodiscard]] Result<void, ChainFault> check_on_parent(const ChainReader& reader,
                                                       const ChainSpec& spec, const RuleSet& rules,
                                                       const SealEngine* engine,
                                                       const PreparedBlock& prepared,
                                                       const ParentInfo& parent,
                                                       GasPolicy gas = GasPolicy::FollowsParent);

}  // namespace cairn::chain
