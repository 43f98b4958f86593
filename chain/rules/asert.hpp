// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "core/types/difficulty.hpp"
#include "core/types/units.hpp"

namespace cairn::chain {

// aserti3-2d: "absolutely scheduled exponentially rising targets", integer version 3 with a cubic
// approximation (specification "2020-11-15 ASERT", Bitcoin Cash). A chain has a schedule, one block
// every T seconds from the anchor on; the target doubles for each half-life that it is late and
// halves for each that it is early:
//
//     target = anchor_target · 2^(seconds late / half-life)
//
// The power is computed in fixed point with 16 fractional bits, in integers only, so that all
// machines agree to the last bit.

/// Fractional bits of the exponent.
inline constexpr unsigned kAsertFractionBits = 16;

/// The next target for a chain that is `seconds_late` behind its schedule, or ahead of it where
/// negative.
///
/// @param anchor        target of the anchor block
/// @param seconds_late  |seconds_late| · 2^16 must fit 127 bits, which holds for any sum of two
///                      64-bit times and a product of 64 and 32 bits
/// @param half_life     seconds, not 0 (asserted)
/// @return              at least 1, saturates at 2^256-1
/// Pure; any thread.
__extension__ using AsertSeconds = __int128;
[[nodiscard]] Target asert_target(const Target& anchor, AsertSeconds seconds_late,
                                  UnixSeconds half_life) noexcept;

/// 2^(fraction / 2^16) in units of 2^-16, by the cubic that the specification gives; at most 0.013
/// % off. Pure; any thread.
[[nodiscard]] std::uint32_t asert_power(std::uint16_t fraction) noexcept;

}  // namespace cairn::chain
