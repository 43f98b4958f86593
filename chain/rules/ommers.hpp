// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "chain/rules/block_error.hpp"
#include "chain/rules/seal_engine.hpp"
#include "chain/spec/chain_spec.hpp"
#include "core/base/expected.hpp"
#include "core/types/block.hpp"
#include "core/types/header.hpp"
#include "core/types/units.hpp"

namespace cairn::chain {

/// Generations between a block and the youngest ancestor that an ommer of it may not share (Yellow
/// Paper, section 11.1: depth six).
inline constexpr std::size_t kOmmerDepthMax = 6;
/// Ancestors to look at: an ommer of the greatest depth has its parent one generation further up.
inline constexpr std::size_t kOmmerAncestors = kOmmerDepthMax + 1;

/// One block that another stands on, as far as ommers go.
struct OmmerAncestor {
    HashedHeader header;
    /// Hashes of the ommers that it holds.
    std::vector<BlockHash> ommers;
};

/// Whether the ommers may stand in the block: at most rules.ommers_max; each neither in the block
/// nor in an ancestor already, no ancestor itself, child of an ancestor two to seven generations
/// up, with a valid header and seal. Fault's index is the ommer's; the first failure of the first
/// bad ommer is reported, seals last of all.
///
/// @param header     the block's
/// @param ancestors  parent first, then its parent, and so on: kOmmerAncestors of them, or fewer
///                   where genesis comes before (it counts)
/// Any thread.
[[nodiscard]] Result<void, BlockFault> check_ommers(const ChainSpec& spec, const RuleSet& rules,
                                                    const SealEngine& engine,
                                                    const HashedHeader& header,
                                                    std::span<const HashedHeader> ommers,
                                                    std::span<const OmmerAncestor> ancestors);

/// What an ommer's beneficiary gets: (8 - depth) / 8 of the block reward, depth being the block's
/// number less the ommer's, 1 to 6 (asserted). Wei, rounded down. Yellow Paper, section 11.3.
[[nodiscard]] Wei ommer_reward(const RuleSet& rules, BlockNumber block, BlockNumber ommer) noexcept;

/// What the block's beneficiary gets: the block reward and 1/32 of it for each ommer. Wei, rounded
/// down for each. Yellow Paper, section 11.3.
[[nodiscard]] Wei block_reward(const RuleSet& rules, std::size_t ommer_count) noexcept;

}  // namespace cairn::chain
