// SPDX-License-Identifier: MIT
#pragma once

#include "core/crypto/bn254_field.hpp"
#include "core/crypto/bn254_inverse.hpp"

/// The tower over Fp: Fp2 = Fp[i]/(i² + 1), Fp6 = Fp2[v]/(v³ − ξ) with ξ = 9 + i, Fp12 = Fp6[w]/(w² − v).
namespace cairn::bn254::arithmetic {
namespace {

struct Fp2 {
    Fp a, b;  ///< a + b·i
};
struct Fp6 {
    Fp2 c0, c1, c2;  ///< c0 + c1·v + c2·v²
};
struct Fp12 {
    Fp6 c0, c1;  ///< c0 + c1·w
};

constexpr Fp2 kFp2Zero = {kZero, kZero};
constexpr Fp2 kFp2One = {kOne, kZero};
constexpr Fp6 kFp6One = {kFp2One, kFp2Zero, kFp2Zero};
constexpr Fp12 kFp12One = {kFp6One, {kFp2Zero, kFp2Zero, kFp2Zero}};

// ---- Fp2 ----

inline bool is_zero(const Fp2& x) noexcept { return is_zero(x.a) && is_zero(x.b); }
inline bool is_equal(const Fp2& x, const Fp2& y) noexcept { return is_equal(x.a, y.a) && is_equal(x.b, y.b); }
inline Fp2 add(const Fp2& x, const Fp2& y) noexcept { return {add(x.a, y.a), add(x.b, y.b)}; }
inline Fp2 add_loose(const Fp2& x, const Fp2& y) noexcept { return {add_loose(x.a, y.a), add_loose(x.b, y.b)}; }
inline Fp2 sub(const Fp2& x, const Fp2& y) noexcept { return {sub(x.a, y.a), sub(x.b, y.b)}; }
inline Fp2 dbl(const Fp2& x) noexcept { return {dbl(x.a), dbl(x.b)}; }
inline Fp2 neg(const Fp2& x) noexcept { return {neg(x.a), neg(x.b)}; }
inline Fp2 conjugate(const Fp2& x) noexcept { return {x.a, neg(x.b)}; }

/// x·y; x may be loose (coordinates below 2p).
[[gnu::noinline]] inline Fp2 mul(const Fp2& x, const Fp2& y) noexcept {
    return {mul_sum(x.a, y.a, x.b, neg_loose(y.b)), mul_sum(x.a, y.b, x.b, y.a)};
}

[[gnu::noinline]] inline Fp2 sqr(const Fp2& x) noexcept {
    return {mul(add_loose(x.a, x.b), sub(x.a, x.b)), mul(add_loose(x.a, x.a), x.b)};
}

inline Fp2 mul_fp(const Fp2& x, const Fp& s) noexcept { return {mul(x.a, s), mul(x.b, s)}; }

/// 9·a + b modulo p, b loose (at most 2p).
inline Fp nine_times_plus(const Fp& a, const Fp& b) noexcept {
    // 8a + a + b, five limbs.
    const Limb eight[5] = {a.v[0] << 3, a.v[1] << 3 | a.v[0] >> 61, a.v[2] << 3 | a.v[1] >> 61,
                           a.v[3] << 3 | a.v[2] >> 61, a.v[3] >> 61};
    const Fp one = add_loose(a, b);
    unsigned char carry = 0;
    Fp t;
    for (unsigned i = 0; i < 4; ++i) t.v[i] = add_carry(eight[i], one.v[i], carry);
    const Limb top = eight[4] + carry;
    // The value is below 11p < 2²⁵⁸. Its quotient by p, taken from the leading 34 bits and p rounded up to
    // 0x30644e73·2²²⁴, is right or one too small.
    constexpr Limb kReciprocal = (Limb{1} << 59) / 0x30644e73;
    const Limb head = top << 32 | t.v[3] >> 32;
    const Limb quotient = (head * kReciprocal) >> 59;
    Limb multiple[4];
    Limb high = 0;
    for (unsigned i = 0; i < 4; ++i) {
        const U128 m = static_cast<U128>(kP[i]) * quotient + high;
        multiple[i] = static_cast<Limb>(m);
        high = static_cast<Limb>(m >> 64);
    }
    Fp r;
    sub_limbs(r, t, multiple);
    return reduce_once(r);
}

/// ξ·x = (9a − b) + (9b + a)·i.
inline Fp2 mul_xi(const Fp2& x) noexcept { return {nine_times_plus(x.a, neg_loose(x.b)), nine_times_plus(x.b, x.a)}; }

/// 1/x; zero for zero.
inline Fp2 inverse(const Fp2& x) noexcept {
    const Fp norm = inverse(mul_sum(x.a, x.a, x.b, x.b));
    return {mul(x.a, norm), mul(neg_loose(x.b), norm)};
}

// ---- Fp6 ----

inline Fp6 add(const Fp6& x, const Fp6& y) noexcept { return {add(x.c0, y.c0), add(x.c1, y.c1), add(x.c2, y.c2)}; }
inline Fp6 sub(const Fp6& x, const Fp6& y) noexcept { return {sub(x.c0, y.c0), sub(x.c1, y.c1), sub(x.c2, y.c2)}; }
inline Fp6 neg(const Fp6& x) noexcept { return {neg(x.c0), neg(x.c1), neg(x.c2)}; }
inline Fp6 dbl(const Fp6& x) noexcept { return {dbl(x.c0), dbl(x.c1), dbl(x.c2)}; }

/// v·x.
inline Fp6 mul_v(const Fp6& x) noexcept { return {mul_xi(x.c2), x.c0, x.c1}; }

/// Karatsuba over three coefficients, six products.
inline Fp6 mul(const Fp6& x, const Fp6& y) noexcept {
    const Fp2 p0 = mul(x.c0, y.c0);
    const Fp2 p1 = mul(x.c1, y.c1);
    const Fp2 p2 = mul(x.c2, y.c2);
    const Fp2 p12 = mul(add_loose(x.c1, x.c2), add(y.c1, y.c2));
    const Fp2 p01 = mul(add_loose(x.c0, x.c1), add(y.c0, y.c1));
    const Fp2 p02 = mul(add_loose(x.c0, x.c2), add(y.c0, y.c2));
    return {add(p0, mul_xi(sub(sub(p12, p1), p2))), add(sub(sub(p01, p0), p1), mul_xi(p2)),
            add(sub(sub(p02, p0), p2), p1)};
}

/// x·(y0 + y1·v), five products.
inline Fp6 mul_by_01(const Fp6& x, const Fp2& y0, const Fp2& y1) noexcept {
    const Fp2 p0 = mul(x.c0, y0);
    const Fp2 p1 = mul(x.c1, y1);
    const Fp2 p12 = mul(add_loose(x.c1, x.c2), y1);
    const Fp2 p02 = mul(add_loose(x.c0, x.c2), y0);
    const Fp2 p01 = mul(add_loose(x.c0, x.c1), add(y0, y1));
    return {add(p0, mul_xi(sub(p12, p1))), sub(sub(p01, p0), p1), add(sub(p02, p0), p1)};
}

/// 1/x; zero for zero. With the cofactors A = c0² − ξc1c2, B = ξc2² − c0c1, C = c1² − c0c2 the norm is
/// c0A + ξ(c2B + c1C).
inline Fp6 inverse(const Fp6& x) noexcept {
    const Fp2 a = sub(sqr(x.c0), mul_xi(mul(x.c1, x.c2)));
    const Fp2 b = sub(mul_xi(sqr(x.c2)), mul(x.c0, x.c1));
    const Fp2 c = sub(sqr(x.c1), mul(x.c0, x.c2));
    const Fp2 norm = add(mul(x.c0, a), mul_xi(add(mul(x.c2, b), mul(x.c1, c))));
    const Fp2 i = inverse(norm);
    return {mul(a, i), mul(b, i), mul(c, i)};
}

// ---- Fp12 ----

inline bool is_one(const Fp12& x) noexcept {
    return is_equal(x.c0.c0, kFp2One) && is_zero(x.c0.c1) && is_zero(x.c0.c2) && is_zero(x.c1.c0) &&
           is_zero(x.c1.c1) && is_zero(x.c1.c2);
}

/// x^(p⁶), the inverse in the cyclotomic subgroup.
inline Fp12 conjugate(const Fp12& x) noexcept { return {x.c0, neg(x.c1)}; }

inline Fp12 mul(const Fp12& x, const Fp12& y) noexcept {
    const Fp6 p0 = mul(x.c0, y.c0);
    const Fp6 p1 = mul(x.c1, y.c1);
    const Fp6 cross = mul(add(x.c0, x.c1), add(y.c0, y.c1));
    return {add(p0, mul_v(p1)), sub(sub(cross, p0), p1)};
}

/// x² with two products: c0² + v·c1² = (c0 + c1)(c0 + v·c1) − (1 + v)·c0c1.
inline Fp12 sqr(const Fp12& x) noexcept {
    const Fp6 cross = mul(x.c0, x.c1);
    const Fp6 sum = mul(add(x.c0, x.c1), add(x.c0, mul_v(x.c1)));
    return {sub(sub(sum, cross), mul_v(cross)), dbl(cross)};
}

/// 1/x; zero for zero.
inline Fp12 inverse(const Fp12& x) noexcept {
    const Fp6 norm = inverse(sub(mul(x.c0, x.c0), mul_v(mul(x.c1, x.c1))));
    return {mul(x.c0, norm), neg(mul(x.c1, norm))};
}

/// l0 + l1·w + l2·w³, the form of a line function.
struct Line {
    Fp2 l0, l1, l2;
};

/// x·l: thirteen products in Fp2.
inline Fp12 mul_by_line(const Fp12& x, const Line& l) noexcept {
    const Fp6 p0 = {mul(x.c0.c0, l.l0), mul(x.c0.c1, l.l0), mul(x.c0.c2, l.l0)};
    const Fp6 p1 = mul_by_01(x.c1, l.l1, l.l2);
    const Fp6 cross = mul_by_01(add(x.c0, x.c1), add(l.l0, l.l1), l.l2);
    return {add(p0, mul_v(p1)), sub(sub(cross, p0), p1)};
}

/// x·l·m: twenty-three products, three fewer than one line after the other.
inline Fp12 mul_by_lines(const Fp12& x, const Line& l, const Line& m) noexcept {
    // l·m = (p00 + ξ·p22) + p01·w + p11·w² + p02·w³ + p12·w⁴.
    const Fp2 p00 = mul(l.l0, m.l0);
    const Fp2 p11 = mul(l.l1, m.l1);
    const Fp2 p22 = mul(l.l2, m.l2);
    const Fp2 p01 = sub(sub(mul(add_loose(l.l0, l.l1), add(m.l0, m.l1)), p00), p11);
    const Fp2 p02 = sub(sub(mul(add_loose(l.l0, l.l2), add(m.l0, m.l2)), p00), p22);
    const Fp2 p12 = sub(sub(mul(add_loose(l.l1, l.l2), add(m.l1, m.l2)), p11), p22);
    const Fp6 even = {add(p00, mul_xi(p22)), p11, p12};

    const Fp6 q0 = mul(x.c0, even);
    const Fp6 q1 = mul_by_01(x.c1, p01, p02);
    const Fp6 cross = mul(add(x.c0, x.c1), Fp6{add(even.c0, p01), add(even.c1, p02), even.c2});
    return {add(q0, mul_v(q1)), sub(sub(cross, q0), q1)};
}

/// (a + b·s)² for s² = ξ: the real part and the other one.
struct Fp4Square {
    Fp2 real, other;
};
inline Fp4Square fp4_square(const Fp2& a, const Fp2& b) noexcept {
    const Fp2 aa = sqr(a);
    const Fp2 bb = sqr(b);
    return {add(aa, mul_xi(bb)), sub(sub(sqr(add(a, b)), aa), bb)};
}

/// x² for x in the cyclotomic subgroup (order dividing p⁴ − p² + 1) by three squarings in Fp4 (R. Granger, M. Scott,
/// "Faster squaring in the cyclotomic subgroup of sixth degree extensions", 2010).
inline Fp12 cyclotomic_sqr(const Fp12& x) noexcept {
    const Fp4Square s0 = fp4_square(x.c0.c0, x.c1.c1);
    const Fp4Square s1 = fp4_square(x.c1.c0, x.c0.c2);
    const Fp4Square s2 = fp4_square(x.c0.c1, x.c1.c2);
    // 3s − 2x for the coefficients that conjugation keeps, 3s + 2x for the others.
    const auto minus = [](const Fp2& s, const Fp2& z) { return add(dbl(sub(s, z)), s); };
    const auto plus = [](const Fp2& s, const Fp2& z) { return add(dbl(add(s, z)), s); };
    return {{minus(s0.real, x.c0.c0), minus(s1.real, x.c0.c1), minus(s2.real, x.c0.c2)},
            {plus(mul_xi(s2.other), x.c1.c0), plus(s0.other, x.c1.c1), plus(s1.other, x.c1.c2)}};
}

// ---- Frobenius ----

/// ξ^(k(p−1)/6) for k = 1 … 5.
constexpr Fp2 kFrobenius1[5] = {
    {element(0xd60b35dadcc9e470, 0x5c521e08292f2176, 0xe8b99fdd76e68b60, 0x1284b71c2865a7df),
     element(0xca5cf05f80f362ac, 0x747992778eeec7e5, 0xa6327cfe12150b8e, 0x246996f3b4fae7e6)},
    {element(0x99e39557176f553d, 0xb78cc310c2c3330c, 0x4c0bec3cf559b143, 0x2fb347984f7911f7),
     element(0x1665d51c640fcba2, 0x32ae2a1d0b7c9dce, 0x4ba4cc8bd75a0794, 0x16c9e55061ebae20)},
    {element(0xdc54014671a0135a, 0xdbaae0eda9c95998, 0xdc5ec698b6e2f9b9, 0x063cf305489af5dc),
     element(0x82d37f632623b0e3, 0x21807dc98fa25bd2, 0x0704b5a7ec796f2b, 0x07c03cbcac41049a)},
    {element(0x848a1f55921ea762, 0xd33365f7be94ec72, 0x80f3c0b75a181e84, 0x05b54f5e64eea801),
     element(0xc13b4711cd2b8126, 0x3685d2ea1bdec763, 0x9f3a80b03b0b1c92, 0x2c145edbe7fd8aee)},
    {element(0x2ea2c810eab7692f, 0x425c459b55aa1bd3, 0xe93a3661a4353ff4, 0x0183c1e74f798649),
     element(0x24c6b8ee6e0c2c4b, 0xb080cb99678e2ac0, 0xa27fb246c7729f7d, 0x12acf2ca76fd0675)}};

/// ξ^(k(p²−1)/6) for k = 1 … 5: the powers of a sixth root of unity in Fp.
constexpr Fp kFrobenius2[5] = {
    element(0xe4bd44e5607cfd49, 0xc28f069fbb966e3d, 0x5e6dd9e7e0acccb0, 0x30644e72e131a029),
    element(0xe4bd44e5607cfd48, 0xc28f069fbb966e3d, 0x5e6dd9e7e0acccb0, 0x30644e72e131a029),
    element(0x3c208c16d87cfd46, 0x97816a916871ca8d, 0xb85045b68181585d, 0x30644e72e131a029),
    element(0x5763473177fffffe, 0xd4f263f1acdb5c4f, 0x59e26bcea0d48bac),
    element(0x5763473177ffffff, 0xd4f263f1acdb5c4f, 0x59e26bcea0d48bac)};

/// x^p. The coefficient of w^k is conjugated and multiplied by ξ^(k(p−1)/6); v = w².
inline Fp12 frobenius(const Fp12& x) noexcept {
    return {{conjugate(x.c0.c0), mul(conjugate(x.c0.c1), kFrobenius1[1]), mul(conjugate(x.c0.c2), kFrobenius1[3])},
            {mul(conjugate(x.c1.c0), kFrobenius1[0]), mul(conjugate(x.c1.c1), kFrobenius1[2]),
             mul(conjugate(x.c1.c2), kFrobenius1[4])}};
}

/// x^(p²).
inline Fp12 frobenius2(const Fp12& x) noexcept {
    return {{x.c0.c0, mul_fp(x.c0.c1, kFrobenius2[1]), mul_fp(x.c0.c2, kFrobenius2[3])},
            {mul_fp(x.c1.c0, kFrobenius2[0]), mul_fp(x.c1.c1, kFrobenius2[2]), mul_fp(x.c1.c2, kFrobenius2[4])}};
}

}  // namespace
}  // namespace cairn::bn254::arithmetic
