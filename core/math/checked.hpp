// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>

#include "core/math/uint256.hpp"

namespace cairn {

/// Sums of the ledger that must not wrap: each answers nothing where the true result does not fit
/// its type (above the maximum, or below 0 for differences). Pure; any thread.
[[nodiscard]] constexpr std::optional<std::uint64_t> checked_add(std::uint64_t a,
                                                                 std::uint64_t b) noexcept {
    std::uint64_t r = 0;
    if (__builtin_add_overflow(a, b, &r)) return std::nullopt;
    return r;
}
[[nodiscard]] constexpr std::optional<std::uint64_t> checked_sub(std::uint64_t a,
                                                                 std::uint64_t b) noexcept {
    if (a < b) return std::nullopt;
    return a - b;
}
[[nodiscard]] constexpr std::optional<std::uint64_t> checked_mul(std::uint64_t a,
                                                                 std::uint64_t b) noexcept {
    std::uint64_t r = 0;
    if (__builtin_mul_overflow(a, b, &r)) return std::nullopt;
    return r;
}

[[nodiscard]] constexpr std::optional<Uint256> checked_add(const Uint256& a,
                                                           const Uint256& b) noexcept {
    const Uint256 r = a + b;
    if (r < a) return std::nullopt;
    return r;
}
[[nodiscard]] constexpr std::optional<Uint256> checked_sub(const Uint256& a,
                                                           const Uint256& b) noexcept {
    if (a < b) return std::nullopt;
    return a - b;
}
[[nodiscard]] inline std::optional<Uint256> checked_mul(const Uint256& a,
                                                        const Uint256& b) noexcept {
    const auto wide = mul_full(a, b);
    if ((wide[4] | wide[5] | wide[6] | wide[7]) != 0) return std::nullopt;
    return Uint256{wide[0], wide[1], wide[2], wide[3]};
}

}  // namespace cairn
