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

    /// u1 B + u0 modulo d, u1 < d, by the formulas above as they stand.
    [[gnu::always_inline]] static inline Uint256 divide_fully(const Modulus& m, const Uint256& u1,
                                                              const Uint256& u0) noexcept {
        using namespace detail;
        const Wide p = multiply(m.reciprocal_, u1);
        const Uint256 p0{p.limb[0], p.limb[1], p.limb[2], p.limb[3]};
        const Uint256 q0 = p0 + u0;
        const Uint256 q1 =
            Uint256{p.limb[4], p.limb[5], p.limb[6], p.limb[7]} + u1 + Uint256{q0 < p0 ? 2ULL : 1};
        const Uint256 d = m.divisor_;
        const Uint256 r = u0 - q1 * d;
        const Uint256 corrected = r + select(q0 < r, d, Uint256{});
        if (__builtin_expect(corrected >= d, 0)) return corrected - d;
        return corrected;
    }
    [[gnu::noinline, gnu::cold]] static Uint256 divide_exactly(const Modulus& m, const Uint256& u1,
                                                               const Uint256& u0) noexcept {
        return divide_fully(m, u1, u0);
    }

    /// The same without the limb products that only settle a close call.
    ///
    /// Of v u1 + u1 B + u0 the limbs 3 to 7 are summed without the lower limbs' carry, which is at
    /// most 5: limb 2 gathers six numbers below 2^64 and a carry from below. So q1 is right unless
    /// limb 3 is within 5 of wrapping, and r > q0 is right by the top limbs alone unless these are
    /// within 5 of each other. Both happen once in 2^60 at random, and then the exact way decides.
    [[gnu::always_inline]] static inline Uint256 divide(const Modulus& m, const Uint256& u1,
                                                        const Uint256& u0) noexcept {
        using namespace detail;
        const std::uint64_t w0 = u1.limb[0], w1 = u1.limb[1], w2 = u1.limb[2], w3 = u1.limb[3];
        const std::uint64_t* const v = m.reciprocal_.limb;
        unsigned char carry = 0;
        // Row 0: limbs 3 and 4, and the upper half of the product whose lower half is in limb 2.
        const Uint128 p02 = mul64(v[0], w2);
        const Uint128 p03 = mul64(v[0], w3);
        std::uint64_t c3 = add_carry(lower64(p03), high64(p02), carry);
        std::uint64_t c4 = high64(p03) + carry;
        // Row 1: limbs 3 to 5.
        const Uint128 p11 = mul64(v[1], w1);
        const Uint128 p12 = mul64(v[1], w2);
        const Uint128 p13 = mul64(v[1], w3);
        carry = 0;
        std::uint64_t t3 = add_carry(lower64(p12), high64(p11), carry);
        std::uint64_t t4 = add_carry(lower64(p13), high64(p12), carry);
        std::uint64_t t5 = high64(p13) + carry;
        carry = 0;
        c3 = add_carry(c3, t3, carry);
        c4 = add_carry(c4, t4, carry);
        std::uint64_t c5 = t5 + carry;
        // Row 2: limbs 3 to 6.
        const Uint128 p20 = mul64(v[2], w0);
        const Uint128 p21 = mul64(v[2], w1);
        const Uint128 p22 = mul64(v[2], w2);
        const Uint128 p23 = mul64(v[2], w3);
        carry = 0;
        t3 = add_carry(lower64(p21), high64(p20), carry);
        t4 = add_carry(lower64(p22), high64(p21), carry);
        t5 = add_carry(lower64(p23), high64(p22), carry);
        std::uint64_t t6 = high64(p23) + carry;
        carry = 0;
        c3 = add_carry(c3, t3, carry);
        c4 = add_carry(c4, t4, carry);
        c5 = add_carry(c5, t5, carry);
        std::uint64_t c6 = t6 + carry;
        // Row 3: limbs 3 to 7.
        const Uint128 p30 = mul64(v[3], w0);
        const Uint128 p31 = mul64(v[3], w1);
        const Uint128 p32 = mul64(v[3], w2);
        const Uint128 p33 = mul64(v[3], w3);
        carry = 0;
        t4 = add_carry(lower64(p31), high64(p30), carry);
        t5 = add_carry(lower64(p32), high64(p31), carry);
        t6 = add_carry(lower64(p33), high64(p32), carry);
        const std::uint64_t t7 = high64(p33) + carry;
        carry = 0;
        c3 = add_carry(c3, lower64(p30), carry);
        c4 = add_carry(c4, t4, carry);
        c5 = add_carry(c5, t5, carry);
        c6 = add_carry(c6, t6, carry);
        const std::uint64_t c7 = t7 + carry;
        // u1 B + u0.
        carry = 0;
        const std::uint64_t q03 = add_carry(c3, u0.limb[3], carry);
        const std::uint64_t q10 = add_carry(c4, w0, carry);
        const std::uint64_t q11 = add_carry(c5, w1, carry);
        const std::uint64_t q12 = add_carry(c6, w2, carry);
        const std::uint64_t q13 = c7 + w3 + carry;
        // (q1 + 1) d = q1 d + d, which spares a carry chain before the product.
        const Uint256 d = m.divisor_;
        const Uint256 r = (u0 - d) - Uint256{q10, q11, q12, q13} * d;
        const std::uint64_t apart = r.limb[3] - q03;
        if (__builtin_expect(q03 >= ~kCloseCall || apart + kCloseCall <= 2 * kCloseCall, 0))
            return divide_exactly(m, u1, u0);
        const Uint256 corrected = r + select(q03 < r.limb[3], d, Uint256{});
        if (__builtin_expect(corrected.limb[3] >= d.limb[3] && corrected >= d, 0))
            return corrected - d;
        return corrected;
    }
    /// At least the carry that `divide` leaves out.
    static constexpr std::uint64_t kCloseCall = 15;

    /// x 2^s for 0 < s < 64, and x / 2^s.
    [[gnu::always_inline]] static inline Uint256 left(const Uint256& x, unsigned s) noexcept {
        const unsigned t = 64 - s;
        return {x.limb[0] << s, x.limb[1] << s | x.limb[0] >> t, x.limb[2] << s | x.limb[1] >> t,
                x.limb[3] << s | x.limb[2] >> t};
    }
    [[gnu::always_inline]] static inline Uint256 right(const Uint256& x, unsigned s) noexcept {
        const unsigned t = 64 - s;
        return {x.limb[0] >> s | x.limb[1] << t, x.limb[1] >> s | x.limb[2] << t,
                x.limb[2] >> s | x.limb[3] << t, x.limb[3] >> s};
    }

    /// a modulo m.
    static Uint256 reduce_one(const Modulus& m, const Uint256& a) noexcept {
        if (m.shift_ == 0) return a >= m.value_ ? a - m.value_ : a;
        if (m.shift_ < 64) return reduce_by_top_limb(m, a);
        // a 2^s < 2^(256 + s), so that its high digit is below 2^s <= 2^255 <= d.
        return divide(m, a >> (256 - m.shift_), a << m.shift_) >> m.shift_;
    }

    /// a modulo m for 0 < s < 64, where the quotient is below 2^(s + 1).
    ///
    /// The top limb of a and W = 2^64 + the top limb of v, which is at most 2^320 / d, give a
    /// quotient that is not too large, and too small by less than 1 + 3 2^(s - 63): the remainder
    /// before the last correction is below 4 m and, for s <= 60, below 2 m; it fits 256 bits.
    [[gnu::always_inline]] static inline Uint256 reduce_by_top_limb(const Modulus& m,
                                                                    const Uint256& a) noexcept {
        using namespace detail;
        const Uint128 estimate =
            static_cast<Uint128>(a.limb[3]) + high64(mul64(a.limb[3], m.reciprocal_.limb[3]));
        const auto q = static_cast<std::uint64_t>(estimate >> (64 - m.shift_));
        Uint256 r = a - m.value_ * Uint256{q};
        while (r >= m.value_) r = r - m.value_;
        return r;
    }

    /// The shapes of a modulus: no shift, a shift within a limb, any shift; and any shift where d
    /// is so near B that v has no top limb: there r and q0 hardly differ, and every call is a close
    /// one.
    enum class Shape { Full, Near, Any, Beside };

    template <Shape shape>
    [[gnu::always_inline]] static inline Uint256 mulmod(const Modulus& m, const Uint256& a,
                                                        const Uint256& b) noexcept {
        // One operand takes the shift, and so must have room for it.
        const Uint256* x = &a;
        const Uint256* y = &b;
        Uint256 reduced;
        constexpr bool kShifts = shape == Shape::Near || shape == Shape::Any;
        if constexpr (kShifts) {
            const auto has_room = [&](const Uint256& operand) {
                if constexpr (shape == Shape::Near)
                    return (operand.limb[3] & m.high_mask_.limb[3]) == 0;
                else
                    return (operand & m.high_mask_).is_zero();
            };
            if (!has_room(a)) {
                x = &b;
                y = &a;
                if (!has_room(b)) {
                    reduced = shape == Shape::Near ? reduce_by_top_limb(m, b) : reduce_one(m, b);
                    x = &reduced;
                }
            }
        }
        const unsigned s = m.shift_;
        const Wide p = multiply(!kShifts ? *x : shape == Shape::Near ? left(*x, s) : *x << s, *y);
        Uint256 high{p.limb[4], p.limb[5], p.limb[6], p.limb[7]};
        if (__builtin_expect(high.limb[3] >= m.divisor_.limb[3] && high >= m.divisor_, 0))
            high = high - m.divisor_;
        const Uint256 low{p.limb[0], p.limb[1], p.limb[2], p.limb[3]};
        const Uint256 r =
            shape == Shape::Beside ? divide_fully(m, high, low) : divide(m, high, low);
        return !kShifts ? r : shape == Shape::Near ? right(r, s) : r >> s;
    }

    template <Shape shape>
    static Uint256 baseline(const Modulus& m, const Uint256& a, const Uint256& b) noexcept {
        return mulmod<shape>(m, a, b);
    }

#if defined(__x86_64__)
    /// The same with MULX and SHLX, which leave the flags and more registers to the carries.
    template <Shape shape>
    [[gnu::target("bmi2")]] static Uint256 bmi2(const Modulus& m, const Uint256& a,
                                                const Uint256& b) noexcept {
        return mulmod<shape>(m, a, b);
    }
#endif

    template <Shape shape>
    static Modulus::Kernel fastest() noexcept {
#if defined(__x86_64__)
        static const bool has_bmi2 = [] {
            __builtin_cpu_init();
            return __builtin_cpu_supports("bmi2") != 0;
        }();
        if (has_bmi2) return bmi2<shape>;
#endif
        return baseline<shape>;
    }

    static Modulus::Kernel kernel_for(const Modulus& m) noexcept {
        if (m.shift_ == 0)
            return m.reciprocal_.limb[3] == 0 ? fastest<Shape::Beside>() : fastest<Shape::Full>();
        return m.shift_ < 64 ? fastest<Shape::Near>() : fastest<Shape::Any>();
    }
};

Modulus::Modulus(const Uint256& m) noexcept : value_{m}, shift_{256 - m.bit_width()} {
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
    kernel_ = ModulusKernels::kernel_for(*this);
}

Uint256 Modulus::reduce(const Uint256& a) const noexcept {
    return a < value_ ? a : ModulusKernels::reduce_one(*this, a);
}

}  // namespace cairn
