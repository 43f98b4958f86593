// SPDX-License-Identifier: MIT
#include "core/math/modulus.hpp"

#include <bit>

#include "core/base/assert.hpp"
#include "core/math/div_steps.hpp"

// Reducing a product of 512 bits as one division step of a two-digit number by a one-digit number,
// where a digit has B = 2^256 (Möller and Granlund, algorithm 4). For a divisor d with its top bit
// set, v = floor((B^2 - 1) / d) - B, and u = u1 B + u0 with u1 < d:
//
//     q1 B + q0 = v u1 + u1 B + u0      (mod B^2)
//     q1 = q1 + 1,  r = u0 - q1 d       (mod B)
//     r > q0: r = r + d                 (often)
//     r >= d: r = r - d                 (hardly ever)
//
// The remainder modulo m = d / 2^s is that of u 2^s modulo d, shifted back. Of the 42 limb
// products, none depends on a division.

namespace cairn {

struct ModulusKernels {
    struct Wide {
        std::uint64_t limb[8];
    };

    /// The full product, row by row. Each row is one carry chain that joins its four limb products
    /// and one that adds them to the rows above: chains that do not interleave stay in the flags.
    [[gnu::always_inline]] static inline Wide multiply(const Uint256& a,
                                                       const Uint256& b) noexcept {
        using namespace detail;
        Wide r;
        std::uint64_t c0 = 0, c1 = 0, c2 = 0, c3 = 0;
        const auto row = [&](std::uint64_t x) __attribute__((always_inline)) {
            const Uint128 p0 = mul64(x, b.limb[0]);
            const Uint128 p1 = mul64(x, b.limb[1]);
            const Uint128 p2 = mul64(x, b.limb[2]);
            const Uint128 p3 = mul64(x, b.limb[3]);
            unsigned char carry = 0;
            const std::uint64_t t1 = add_carry(lower64(p1), high64(p0), carry);
            const std::uint64_t t2 = add_carry(lower64(p2), high64(p1), carry);
            const std::uint64_t t3 = add_carry(lower64(p3), high64(p2), carry);
            const std::uint64_t t4 = high64(p3) + carry;
            carry = 0;
            const std::uint64_t done = add_carry(c0, lower64(p0), carry);
            c0 = add_carry(c1, t1, carry);
            c1 = add_carry(c2, t2, carry);
            c2 = add_carry(c3, t3, carry);
            c3 = t4 + carry;
            return done;
        };
        r.limb[0] = row(a.limb[0]);
        r.limb[1] = row(a.limb[1]);
        r.limb[2] = row(a.limb[2]);
        r.limb[3] = row(a.limb[3]);
        r.limb[4] = c0;
        r.limb[5] = c1;
        r.limb[6] = c2;
        r.limb[7] = c3;
        return r;
    }

    /// u1 B + u0 modulo d; u1 < d.
    [[gnu::always_inline]] static inline Uint256 divide(const Modulus& m, const Uint256& u1,
                                                        const Uint256& u0) noexcept {
        using namespace detail;
        const Wide p = multiply(m.reciprocal_, u1);
        unsigned char carry = 0;
        const std::uint64_t q00 = add_carry(p.limb[0], u0.limb[0], carry);
        const std::uint64_t q01 = add_carry(p.limb[1], u0.limb[1], carry);
        const std::uint64_t q02 = add_carry(p.limb[2], u0.limb[2], carry);
        const std::uint64_t q03 = add_carry(p.limb[3], u0.limb[3], carry);
        const std::uint64_t q10 = add_carry(p.limb[4], u1.limb[0], carry);
        const std::uint64_t q11 = add_carry(p.limb[5], u1.limb[1], carry);
        const std::uint64_t q12 = add_carry(p.limb[6], u1.limb[2], carry);
        const std::uint64_t q13 = add_carry(p.limb[7], u1.limb[3], carry);
        // (q1 + 1) d = q1 d + d, which spares a carry chain before the product.
        const Uint256 d = m.divisor_;
        const Uint256 r = (u0 - d) - Uint256{q10, q11, q12, q13} * d;
        const std::uint64_t mask = Uint256{q00, q01, q02, q03} < r ? ~0ULL : 0;
        const Uint256 corrected =
            r + Uint256{d.limb[0] & mask, d.limb[1] & mask, d.limb[2] & mask, d.limb[3] & mask};
        if (__builtin_expect(corrected >= d, 0)) return corrected - d;
        return corrected;
    }

    /// a modulo m.
    [[gnu::always_inline]] static inline Uint256 reduce_one(const Modulus& m,
                                                            const Uint256& a) noexcept {
        if (m.shift_ == 0) return a >= m.value_ ? a - m.value_ : a;
        // a 2^s < 2^(256 + s), so that its high digit is below 2^s <= 2^255 <= d.
        return divide(m, a >> (256 - m.shift_), a << m.shift_) >> m.shift_;
    }

    [[gnu::always_inline]] static inline Uint256 mulmod(const Modulus& m, const Uint256& a,
                                                        const Uint256& b) noexcept {
        if (m.shift_ == 0) {
            const Wide p = multiply(a, b);
            Uint256 high{p.limb[4], p.limb[5], p.limb[6], p.limb[7]};
            if (__builtin_expect(high >= m.divisor_, 0)) high = high - m.divisor_;
            return divide(m, high, {p.limb[0], p.limb[1], p.limb[2], p.limb[3]});
        }
        // One operand takes the shift, and so must have room for it.
        const Uint256* x = &a;
        const Uint256* y = &b;
        Uint256 reduced;
        if (!(a & m.high_mask_).is_zero()) {
            x = &b;
            y = &a;
            if (!(b & m.high_mask_).is_zero()) {
                reduced = reduce_one(m, b);
                x = &reduced;
            }
        }
        const Wide p = multiply(*x << m.shift_, *y);
        Uint256 high{p.limb[4], p.limb[5], p.limb[6], p.limb[7]};
        if (__builtin_expect(high >= m.divisor_, 0)) high = high - m.divisor_;
        return divide(m, high, {p.limb[0], p.limb[1], p.limb[2], p.limb[3]}) >> m.shift_;
    }

    static Uint256 mulmod_baseline(const Modulus& m, const Uint256& a, const Uint256& b) noexcept {
        return mulmod(m, a, b);
    }

#if defined(__x86_64__)
    /// The same with MULX and SHLX, which leave the flags and more registers to the carries.
    [[gnu::target("bmi2,adx")]] static Uint256 mulmod_bmi2(const Modulus& m, const Uint256& a,
                                                           const Uint256& b) noexcept {
        return mulmod(m, a, b);
    }
#endif

    static Modulus::Kernel fastest() noexcept {
#if defined(__x86_64__)
        static const bool has_bmi2 = [] {
            __builtin_cpu_init();
            return __builtin_cpu_supports("bmi2") != 0;
        }();
        if (has_bmi2) return mulmod_bmi2;
#endif
        return mulmod_baseline;
    }
};

Modulus::Modulus(const Uint256& m) noexcept
    : value_{m}, shift_{256 - m.bit_width()}, kernel_{ModulusKernels::fastest()} {
    CAIRN_ASSERT(!m.is_zero());
    divisor_ = m << shift_;
    high_mask_ = shift_ == 0 ? Uint256{} : Uint256::max() << (256 - shift_);
    // v = floor(((B - 1 - d) B + (B - 1)) / d), by long division in limbs.
    std::uint64_t u[9] = {~0ULL,
                          ~0ULL,
                          ~0ULL,
                          ~0ULL,
                          ~divisor_.limb[0],
                          ~divisor_.limb[1],
                          ~divisor_.limb[2],
                          ~divisor_.limb[3],
                          0};
    const std::uint64_t* const d = divisor_.limb;
    const std::uint64_t reciprocal = detail::reciprocal_3by2(d[3], d[2]);
    for (unsigned j = 4; j-- > 0;) reciprocal_.limb[j] = detail::div_step<4>(u + j, d, reciprocal);
}

Uint256 Modulus::reduce(const Uint256& a) const noexcept {
    return a < value_ ? a : ModulusKernels::reduce_one(*this, a);
}

}  // namespace cairn
