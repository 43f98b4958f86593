// SPDX-License-Identifier: MIT
#pragma once

#include "core/crypto/bn254_field.hpp"

/// Inversion in Fp by division steps (D. J. Bernstein, B.-Y. Yang, "Fast constant-time gcd computation and modular
/// inversion", 2019), in variable time: all inputs are public. Some eight times faster than a power to p − 2.
namespace cairn::bn254::arithmetic {
namespace {

__extension__ using I128 = __int128;

/// Division steps done on single words between two updates of the long numbers.
constexpr unsigned kStepsPerRound = 62;
constexpr std::uint64_t kMask62 = ~std::uint64_t{0} >> 2;
/// p⁻¹ mod 2⁶².
constexpr std::uint64_t kPInverse62 = 0x382df87d1b799c77;

/// A signed integer Σ v[i]·2^(62 i); all limbs but the last in 0 … 2⁶² − 1. 310 bits hold 5 p with ease.
struct Signed62 {
    std::int64_t v[5];
};

constexpr Signed62 kP62 = [] {
    const Limb* p = kP;
    Signed62 r{};
    r.v[0] = static_cast<std::int64_t>(p[0] & kMask62);
    r.v[1] = static_cast<std::int64_t>((p[0] >> 62 | p[1] << 2) & kMask62);
    r.v[2] = static_cast<std::int64_t>((p[1] >> 60 | p[2] << 4) & kMask62);
    r.v[3] = static_cast<std::int64_t>((p[2] >> 58 | p[3] << 6) & kMask62);
    r.v[4] = static_cast<std::int64_t>(p[3] >> 56);
    return r;
}();

/// 2⁶² times the linear map that a round of steps applies to (f, g); |row| sums are at most 2⁶².
struct Transition {
    std::int64_t u, v, q, r;
};

/// Runs kStepsPerRound division steps on the low words of f (odd) and g. `eta` is minus the paper's delta.
inline Transition division_steps(std::int64_t& eta, std::uint64_t f, std::uint64_t g) noexcept {
    // Entries wrap while they are being shifted up together with the steps; their final values fit.
    std::uint64_t u = 1, v = 0, q = 0, r = 1;
    unsigned left = kStepsPerRound;
    for (;;) {
        // A run of even g is as many halvings, done on the other row by doubling.
        const auto zeros = static_cast<unsigned>(__builtin_ctzll(g | std::uint64_t{1} << left));
        g >>= zeros;
        u <<= zeros;
        v <<= zeros;
        eta -= zeros;
        left -= zeros;
        if (left == 0) break;
        if (eta < 0) {
            eta = -eta;
            std::uint64_t swap = f;
            f = g;
            g = 0 - swap;
            swap = u;
            u = q;
            q = 0 - swap;
            swap = v;
            v = r;
            r = 0 - swap;
        }
        // Until f and g would change places again (eta + 1 steps), only multiples of f are added to g: choose the one
        // that clears up to six bits at once. (f² − 2)·f = −1/f modulo 2⁶.
        const unsigned limit = eta + 1 < left ? static_cast<unsigned>(eta + 1) : left;
        const std::uint64_t mask = (~std::uint64_t{0} >> (64 - limit)) & 63;
        const std::uint64_t w = (f * (f * f - 2) * g) & mask;
        g += f * w;
        q += u * w;
        r += v * w;
    }
    return {static_cast<std::int64_t>(u), static_cast<std::int64_t>(v), static_cast<std::int64_t>(q),
            static_cast<std::int64_t>(r)};
}

/// (a·x + b·y + m·p) / 2⁶², which is exact for the right m.
inline Signed62 combine(std::int64_t a, const Signed62& x, std::int64_t b, const Signed62& y, std::int64_t m) noexcept {
    Signed62 r;
    I128 s = static_cast<I128>(a) * x.v[0] + static_cast<I128>(b) * y.v[0] + static_cast<I128>(m) * kP62.v[0];
    s >>= 62;
    for (unsigned i = 1; i < 5; ++i) {
        s += static_cast<I128>(a) * x.v[i] + static_cast<I128>(b) * y.v[i] + static_cast<I128>(m) * kP62.v[i];
        r.v[i - 1] = static_cast<std::int64_t>(static_cast<std::uint64_t>(s) & kMask62);
        s >>= 62;
    }
    r.v[4] = static_cast<std::int64_t>(s);
    return r;
}

/// The m in −2⁶¹ … 2⁶¹ − 1 that makes a·x + b·y + m·p divisible by 2⁶². Being centred, it lets |d| and |e| grow by no
/// more than p/2 a round.
inline std::int64_t clearing_multiple(std::int64_t a, const Signed62& x, std::int64_t b, const Signed62& y) noexcept {
    const std::uint64_t low = static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(x.v[0]) +
                              static_cast<std::uint64_t>(b) * static_cast<std::uint64_t>(y.v[0]);
    const std::uint64_t m = (0 - low * kPInverse62) << 2;
    return static_cast<std::int64_t>(m) >> 2;
}

inline bool is_zero(const Signed62& x) noexcept { return (x.v[0] | x.v[1] | x.v[2] | x.v[3] | x.v[4]) == 0; }

/// x + sign·p, limbs normalised.
inline Signed62 add_p(const Signed62& x, std::int64_t sign) noexcept {
    Signed62 r;
    std::int64_t carry = 0;
    for (unsigned i = 0; i < 4; ++i) {
        const std::int64_t s = x.v[i] + sign * kP62.v[i] + carry;
        r.v[i] = static_cast<std::int64_t>(static_cast<std::uint64_t>(s) & kMask62);
        carry = s >> 62;
    }
    r.v[4] = x.v[4] + sign * kP62.v[4] + carry;
    return r;
}

/// 1/a; zero for zero.
inline Fp inverse(const Fp& a) noexcept {
    Signed62 f = kP62;
    Signed62 g = {{static_cast<std::int64_t>(a.v[0] & kMask62),
                   static_cast<std::int64_t>((a.v[0] >> 62 | a.v[1] << 2) & kMask62),
                   static_cast<std::int64_t>((a.v[1] >> 60 | a.v[2] << 4) & kMask62),
                   static_cast<std::int64_t>((a.v[2] >> 58 | a.v[3] << 6) & kMask62),
                   static_cast<std::int64_t>(a.v[3] >> 56)}};
    // Invariants: d·a = f and e·a = g modulo p, up to a common power of two that each round removes.
    Signed62 d = {{0, 0, 0, 0, 0}};
    Signed62 e = {{1, 0, 0, 0, 0}};
    std::int64_t eta = -1;
    // 741 steps, twelve rounds, reach g = 0 for every 256-bit input (theorem 11.2 of the paper).
    while (!is_zero(g)) {
        const Transition t =
            division_steps(eta, static_cast<std::uint64_t>(f.v[0]) | static_cast<std::uint64_t>(f.v[1]) << 62,
                           static_cast<std::uint64_t>(g.v[0]) | static_cast<std::uint64_t>(g.v[1]) << 62);
        const Signed62 next_d = combine(t.u, d, t.v, e, clearing_multiple(t.u, d, t.v, e));
        e = combine(t.q, d, t.r, e, clearing_multiple(t.q, d, t.r, e));
        d = next_d;
        const Signed62 next_f = combine(t.u, f, t.v, g, 0);
        g = combine(t.q, f, t.r, g, 0);
        f = next_f;
    }
    // f = ±1 (or ±p for a = 0, where d = 0 modulo p); bring ±d below p.
    if (f.v[4] < 0) {
        const Signed62 none = {{0, 0, 0, 0, 0}};
        Signed62 minus;
        std::int64_t borrow = 0;
        for (unsigned i = 0; i < 4; ++i) {
            const std::int64_t s = none.v[i] - d.v[i] + borrow;
            minus.v[i] = static_cast<std::int64_t>(static_cast<std::uint64_t>(s) & kMask62);
            borrow = s >> 62;
        }
        minus.v[4] = borrow - d.v[4];
        d = minus;
    }
    while (d.v[4] < 0) d = add_p(d, 1);
    for (Signed62 less = add_p(d, -1); less.v[4] >= 0; less = add_p(d, -1)) d = less;
    Limb x[5];
    for (unsigned i = 0; i < 5; ++i) x[i] = static_cast<Limb>(d.v[i]);
    return mul(Fp{{x[0] | x[1] << 62, x[1] >> 2 | x[2] << 60, x[2] >> 4 | x[3] << 58, x[3] >> 6 | x[4] << 56}}, kR3);
}

}  // namespace
}  // namespace cairn::bn254::arithmetic
