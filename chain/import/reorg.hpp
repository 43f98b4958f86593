// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "chain/store/read_view.hpp"

namespace cairn::chain {

/// How to get from the head to another block.
struct ReorgPlan {
    BlockRef ancestor;             ///< the highest canonical block that the target's chain has
    std::vector<BlockRef> revert;  ///< from the head down to above the ancestor
    std::vector<BlockRef> apply;   ///< from above the ancestor up to the target
};

/// Blocks taken back from which on a reorganisation is worth everybody's attention.
inline constexpr std::size_t kDeepReorg = 100;

/// The way from the head to `target`, a stored block; canonical or not. Reads headers only and
/// decides nothing.
/// @throws StoreError Corrupt where a header on the way is missing
[[nodiscard]] ReorgPlan plan_reorg(const ChainReader& reader, const BlockRef& head,
                                   const BlockRef& target);

/// The stored block with the most total difficulty whose chain, from the canonical one on, has no
/// block that `is_bad` names; at a tie the canonical one, then the lowest hash. Walks all stored
/// blocks from the horizon on: for operators' commands, not for every import.
[[nodiscard]] BlockRef find_best_tip(const ChainReader& reader,
                                     const std::function<bool(const BlockHash&)>& is_bad);

}  // namespace cairn::chain
