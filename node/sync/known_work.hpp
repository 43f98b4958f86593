// SPDX-License-Identifier: MIT
#pragma once

#include "core/types/difficulty.hpp"
#include "core/types/ids.hpp"

namespace cairn::node {

/// Total difficulty that the chain of a released network is known to have: that of a block which was
/// canonical and deep when this program was released. Totals only grow along a chain, so what was
/// true then stays true; a release may raise it, none has to. A chain that shows less is not the
/// network's, and is refused before it costs storage (SyncOptions::minimum_total).
///
/// Zero for a network that is not known here. Pure.
/// @param genesis  hash of block 0, which names the network
[[nodiscard]] TotalDifficulty known_total(const BlockHash& genesis) noexcept;

}  // namespace cairn::node
