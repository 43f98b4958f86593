// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace cairn::chain {

/// Probability that an attacker with the share `attacker_share` of the hash rate replaces a block
/// that has `confirmations` blocks, itself included, by a secret chain of its own.
///
/// Source: M. Rosenfeld, "Analysis of hashrate-based double-spending", 2012, section 4: the
/// attacker has mined one block ahead when the race begins and wins once its chain is the longer
/// one; with p = 1 - q and n confirmations, for q < p,
///
///   r(q, n) = 1 - Σ_{m=0}^{n} C(m+n-1, m) · (p^n · q^m - p^m · q^n)
///
/// and 1 for q ≥ p or n = 0. A probability for display and for choosing depths; no rule of the
/// ledger looks at it.
/// @param attacker_share  0 to 1; what is outside counts as the nearer end
/// @param confirmations   1 for the head block
/// @return                0 to 1, good to ten digits or better; 0 where it is below 10^-10
/// Pure; any thread. Time grows with `confirmations`, of which kConfirmationsMax count at most.
[[nodiscard]] double confirmation_risk(double attacker_share, std::uint64_t confirmations) noexcept;

/// Confirmations beyond which confirmation_risk no longer looks.
inline constexpr std::uint64_t kConfirmationsMax = 100'000;

/// Least number of confirmations at which confirmation_risk is below `risk`; kConfirmationsMax
/// where that many do not suffice, as for a share of a half or more.
[[nodiscard]] std::uint64_t confirmations_for(double attacker_share, double risk) noexcept;

/// What the block tags `safe` and `finalized` promise against (docs: networks): an attacker with
/// this share succeeds with a probability below kTagRisk.
inline constexpr double kSafeAttackerShare = 0.10;
inline constexpr double kFinalizedAttackerShare = 0.25;
inline constexpr double kTagRisk = 0.001;

/// Confirmations that `safe` and `finalized` have at least; the head block has one.
inline constexpr std::uint64_t kSafeConfirmations = 6;
inline constexpr std::uint64_t kFinalizedConfirmations = 20;

}  // namespace cairn::chain
