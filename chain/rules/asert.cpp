// SPDX-License-Identifier: MIT
#include "chain/rules/asert.hpp"

#include <array>

#include "core/base/assert.hpp"
#include "core/math/uint256.hpp"

namespace cairn::chain {
namespace {

/// value · factor · 2^shift, rounded down, or 2^256-1 where that is less; factor below 2^17.
Uint256 scale(const Uint256& value, std::uint32_t factor, int shift) noexcept {
    // The product takes up to 273 bits: four limbs and a fifth.
    const std::array<std::uint64_t, 8> wide = mul_full(value, Uint256{factor});
    const Uint256 low{wide[0], wide[1], wide[2], wide[3]};
    const Uint256 high{wide[4]};
    if (shift >= 0) {
        const auto left = static_cast<std::uint64_t>(shift);
        if (!high.is_zero() || low.bit_width() + left > 256) return Uint256::max();
        return low << left;
    }
    const auto right = static_cast<std::uint64_t>(-shift);
    if (right < 256 && !(high >> right).is_zero()) return Uint256::max();
    const Uint256 from_high = right < 256 ? high << (256 - right) : high >> (right - 256);
    return (low >> right) | from_high;
}

}  // namespace

std::uint32_t asert_power(std::uint16_t fraction) noexcept {
    // 2^16 + (195766423245049 f + 971821376 f² + 5127 f³ + 2^47) / 2^48, which fits 64 bits: at
    // f = 2^16 - 1 the sum is 18446563080438344768.
    const std::uint64_t f = fraction;
    const std::uint64_t sum =
        195'766'423'245'049U * f + 971'821'376U * f * f + 5'127U * f * f * f + (1ULL << 47);
    return (1U << kAsertFractionBits) + static_cast<std::uint32_t>(sum >> 48);
}

Target asert_target(const Target& anchor, AsertSeconds seconds_late,
                    UnixSeconds half_life) noexcept {
    CAIRN_ASSERT(half_life != 0);
    // Division towards zero, as the specification has it; then split so that the fraction is in
    // [0, 1): the shift goes towards minus infinity.
    constexpr AsertSeconds kOne = AsertSeconds{1} << kAsertFractionBits;
    const AsertSeconds exponent = seconds_late * kOne / static_cast<AsertSeconds>(half_life);
    const AsertSeconds shifts = exponent >> kAsertFractionBits;
    const auto fraction = static_cast<std::uint16_t>(exponent - shifts * kOne);
    // Beyond 256 doublings or 273 halvings nothing is left to decide.
    constexpr AsertSeconds kShiftsMax = 300;
    if (shifts > kShiftsMax) return {Uint256::max()};
    if (shifts < -kShiftsMax) return {Uint256{1}};
    const Uint256 next = scale(anchor.value, asert_power(fraction),
                               static_cast<int>(shifts) - static_cast<int>(kAsertFractionBits));
    return {next.is_zero() ? Uint256{1} : next};
}

}  // namespace cairn::chain
