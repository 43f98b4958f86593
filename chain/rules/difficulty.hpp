// SPDX-License-Identifier: MIT
#pragma once

#include "chain/spec/chain_spec.hpp"
#include "core/types/difficulty.hpp"
#include "core/types/header.hpp"
#include "core/types/units.hpp"

namespace cairn::chain {

/// Difficulty that a child of `parent` must carry.
///
/// Source: Yellow Paper of 2015 (Frontier), EIP-2, EIP-100, EIP-3675 (zero), docs: networks (ASERT,
/// constant), as `rules` says; the bomb's delay EIP-649, 1234, 2384, 3554, 4345, 5133.
/// @param spec       has the anchor where the rule is Asert (asserted)
/// @param rules      those of the child
/// @param parent     header one below the child; fully checked, or genesis
/// @param timestamp  child's time, seconds since 1970, greater than the parent's (ASERT, Constant
///                   and Zero do not look at it)
/// @return           at least rules.difficulty_min; saturates at 2^256-1
/// Pure; any thread.
[[nodiscard]] Difficulty next_difficulty(const ChainSpec& spec, const RuleSet& rules,
                                         const Header& parent, UnixSeconds timestamp) noexcept;

}  // namespace cairn::chain
