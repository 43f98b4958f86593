// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstdint>

#include "core/math/uint256.hpp"

namespace cairn::detail {

// The steps of long division by a normalised divisor (top bit set) with a precomputed reciprocal,
// after Möller and Granlund, "Improved division by invariant integers" (2011). Internal to
// core/math; everything here is pure.

/// floor((2^128 - 1) / d) - 2^64 for a normalised d.
[[nodiscard]] inline std::uint64_t reciprocal_2by1(std::uint64_t d) noexcept {
    return div_wide(~d, ~0ULL, d).quotient;
}

/// floor((2^192 - 1) / (d1:d0)) - 2^64 for a normalised d1 (the paper's algorithm 6).
[[nodiscard]] inline std::uint64_t reciprocal_3by2(std::uint64_t d1, std::uint64_t d0) noexcept {
    std::uint64_t v = reciprocal_2by1(d1);
    std::uint64_t p = d1 * v + d0;
    if (p < d0) {
        --v;
        if (p >= d1) {
            --v;
            p -= d1;
        }
        p -= d1;
    }
    const Uint128 t = mul64(v, d0);
    const std::uint64_t t1 = high64(t);
    p += t1;
    if (p < t1) {
        --v;
        if (join128(p, lower64(t)) >= join128(d1, d0)) --v;
    }
    return v;
}

/// Divides u1:u0 (u1 < d) by a normalised d with its reciprocal v (the paper's algorithm 4).
[[nodiscard]] inline DivMod64 div_2by1(std::uint64_t u1, std::uint64_t u0, std::uint64_t d,
                                       std::uint64_t v) noexcept {
    const Uint128 q = mul64(v, u1) + join128(u1, u0);
    std::uint64_t q1 = high64(q) + 1;
    std::uint64_t r = u0 - q1 * d;
    if (r > lower64(q)) {
        --q1;
        r += d;
    }
    if (__builtin_expect(r >= d, 0)) {
        ++q1;
        r -= d;
    }
    return {q1, r};
}

/// Divides u2:u1:u0 by d1:d0 (normalised, u2:u1 < d1:d0) with its reciprocal v (algorithm 5).
struct DivMod3By2 {
    std::uint64_t quotient;
    Uint128 remainder;
};
[[nodiscard]] inline DivMod3By2 div_3by2(std::uint64_t u2, std::uint64_t u1, std::uint64_t u0,
                                         Uint128 d, std::uint64_t v) noexcept {
    const Uint128 q = mul64(v, u2) + join128(u2, u1);
    std::uint64_t q1 = high64(q);
    const std::uint64_t r1 = u1 - q1 * high64(d);
    Uint128 r = join128(r1, u0) - mul64(lower64(d), q1) - d;
    ++q1;
    if (high64(r) >= lower64(q)) {
        --q1;
        r += d;
    }
    if (__builtin_expect(r >= d, 0)) {
        ++q1;
        r -= d;
    }
    return {q1, r};
}

/// One step of Knuth's algorithm D: subtracts the quotient digit times the divisor d[0..n) from
/// u[0..n], which then is below the divisor with u[n] = 0.
/// Conditions: n >= 2, d normalised, u[1..n] < d[0..n).
/// @return the quotient digit
template <unsigned n>
[[nodiscard]] inline std::uint64_t div_step(std::uint64_t* u, const std::uint64_t* d,
                                            std::uint64_t v) noexcept {
    const Uint128 top = join128(d[n - 1], d[n - 2]);
    if (__builtin_expect(join128(u[n], u[n - 1]) == top, 0)) {
        // The estimate would be 2^64; the digit is 2^64 - 1, and never less: what remains,
        // u - 2^64 d + d, is not negative, since the top limbs cancel and d is above all the rest.
        std::uint64_t carry = 0;
        for (unsigned i = 0; i < n; ++i) {
            const Uint128 t = mul64(~0ULL, d[i]) + carry;
            carry = high64(t) + (u[i] < lower64(t) ? 1 : 0);
            u[i] -= lower64(t);
        }
        u[n] -= carry;
        return ~0ULL;
    }
    DivMod3By2 s = div_3by2(u[n], u[n - 1], u[n - 2], top, v);
    std::uint64_t borrow = 0;
    for (unsigned i = 0; i + 2 < n; ++i) {
        const Uint128 t = mul64(s.quotient, d[i]) + borrow;
        borrow = high64(t) + (u[i] < lower64(t) ? 1 : 0);
        u[i] -= lower64(t);
    }
    const bool under = s.remainder < borrow;
    s.remainder -= borrow;
    u[n - 2] = lower64(s.remainder);
    u[n - 1] = high64(s.remainder);
    u[n] = 0;
    if (__builtin_expect(under, 0)) {
        --s.quotient;
        std::uint64_t c = 0;
        for (unsigned i = 0; i < n; ++i) {
            const Uint128 t = static_cast<Uint128>(u[i]) + d[i] + c;
            u[i] = lower64(t);
            c = high64(t);
        }
    }
    return s.quotient;
}

}  // namespace cairn::detail
