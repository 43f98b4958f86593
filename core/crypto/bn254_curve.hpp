// SPDX-License-Identifier: MIT
#pragma once

#include "core/crypto/bn254_tower.hpp"

/// Points of y² = x³ + 3 over Fp (G1 is the whole curve) and of its twist y² = x³ + 3/ξ over Fp2 (G2 is a subgroup).
namespace cairn::bn254::arithmetic {
namespace {

/// An affine point; (0, 0), which is on neither curve, is infinity.
template <class F>
struct Affine {
    F x, y;
};
/// The point (x/z², y/z³); z = 0 is infinity.
template <class F>
struct Jacobian {
    F x, y, z;
};

using G1 = Affine<Fp>;
using G2 = Affine<Fp2>;

constexpr Fp kCurveB = element(3);
/// 3/ξ.
constexpr Fp2 kTwistB = {element(0x3267e6dc24a138e5, 0xb5b4c5e559dbefa3, 0x81be18991be06ac3, 0x2b149d40ceb8aaae),
                         element(0xe4a2bd0685c315d2, 0xa74fa084e52d1852, 0xcd2cafadeed8fdf4, 0x009713b03af0fed4)};

inline Fp one_of(const Fp*) noexcept { return kOne; }
inline Fp2 one_of(const Fp2*) noexcept { return kFp2One; }

template <class F>
inline bool is_infinity(const Affine<F>& p) noexcept {
    return is_zero(p.x) && is_zero(p.y);
}
template <class F>
inline bool is_infinity(const Jacobian<F>& p) noexcept {
    return is_zero(p.z);
}
template <class F>
inline Jacobian<F> infinity() noexcept {
    return {};
}
template <class F>
inline Jacobian<F> to_jacobian(const Affine<F>& p) noexcept {
    return is_infinity(p) ? infinity<F>() : Jacobian<F>{p.x, p.y, one_of(&p.x)};
}
template <class F>
inline Affine<F> neg(const Affine<F>& p) noexcept {
    return {p.x, neg(p.y)};
}
template <class F>
inline Jacobian<F> neg(const Jacobian<F>& p) noexcept {
    return {p.x, neg(p.y), p.z};
}

inline bool is_on_curve(const G1& p) noexcept { return is_equal(sqr(p.y), add(mul(sqr(p.x), p.x), kCurveB)); }
inline bool is_on_curve(const G2& p) noexcept { return is_equal(sqr(p.y), add(mul(sqr(p.x), p.x), kTwistB)); }

/// a·b − c·d.
inline Fp mul_diff(const Fp& a, const Fp& b, const Fp& c, const Fp& d) noexcept {
    return mul_sum(a, b, neg_loose(c), d);
}
inline Fp2 mul_diff(const Fp2& a, const Fp2& b, const Fp2& c, const Fp2& d) noexcept {
    return sub(mul(a, b), mul(c, d));
}

/// 2p. With M = 3X², S = 4XY²: (M² − 2S, M(S − X') − 8Y⁴, 2YZ). Infinity doubles to itself.
template <class F>
[[gnu::noinline]] inline Jacobian<F> dbl(const Jacobian<F>& p) noexcept {
    const F xx = sqr(p.x);
    const F yy2 = dbl(sqr(p.y));
    const F m = add(dbl(xx), xx);
    const F s = dbl(mul(p.x, yy2));
    const F x = sub(sqr(m), dbl(s));
    return {x, sub(mul(m, sub(s, x)), dbl(sqr(yy2))), dbl(mul(p.y, p.z))};
}

/// The end of both additions: `u` and `s` are p's x and y over the common denominator, `h` and `r` the differences to
/// q's, `z` the denominator's root: (R² − H³ − 2UH², R(UH² − X') − SH³, ZH).
template <class F>
inline Jacobian<F> chord_sum(const F& u, const F& s, const F& h, const F& r, const F& z) noexcept {
    const F hh = sqr(h);
    const F hhh = mul(hh, h);
    const F v = mul(u, hh);
    const F x = sub(sub(sqr(r), hhh), dbl(v));
    return {x, mul_diff(r, sub(v, x), s, hhh), mul(z, h)};
}

/// p + q for affine q other than infinity, all cases.
template <class F>
[[gnu::noinline]] inline Jacobian<F> add(const Jacobian<F>& p, const Affine<F>& q) noexcept {
    if (is_infinity(p)) return to_jacobian(q);
    const F zz = sqr(p.z);
    const F h = sub(mul(q.x, zz), p.x);
    const F r = sub(mul(mul(q.y, p.z), zz), p.y);
    if (is_zero(h)) return is_zero(r) ? dbl(p) : infinity<F>();
    return chord_sum(p.x, p.y, h, r, p.z);
}

/// p + q, all cases.
template <class F>
[[gnu::noinline]] inline Jacobian<F> add(const Jacobian<F>& p, const Jacobian<F>& q) noexcept {
    if (is_infinity(p)) return q;
    if (is_infinity(q)) return p;
    const F pz = sqr(p.z);
    const F qz = sqr(q.z);
    const F u = mul(p.x, qz);
    const F s = mul(mul(p.y, q.z), qz);
    const F h = sub(mul(q.x, pz), u);
    const F r = sub(mul(mul(q.y, p.z), pz), s);
    if (is_zero(h)) return is_zero(r) ? dbl(p) : infinity<F>();
    return chord_sum(u, s, h, r, mul(p.z, q.z));
}

/// Whether both name the same point.
template <class F>
inline bool is_equal(const Jacobian<F>& p, const Jacobian<F>& q) noexcept {
    if (is_infinity(p) || is_infinity(q)) return is_infinity(p) == is_infinity(q);
    const F pz = sqr(p.z);
    const F qz = sqr(q.z);
    return is_equal(mul(p.x, qz), mul(q.x, pz)) && is_equal(mul(mul(p.y, q.z), qz), mul(mul(q.y, p.z), pz));
}

inline G1 to_affine(const Jacobian<Fp>& p) noexcept {
    if (is_infinity(p)) return {};
    const Fp i = inverse(p.z);
    const Fp ii = sqr(i);
    return {mul(p.x, ii), mul(mul(p.y, ii), i)};
}

/// p + q in affine coordinates with one inversion, all cases.
inline G1 add_affine(const G1& p, const G1& q) noexcept {
    if (is_infinity(p)) return q;
    if (is_infinity(q)) return p;
    Fp numerator = sub(q.y, p.y);
    Fp denominator = sub(q.x, p.x);
    if (is_zero(denominator)) {
        if (!is_zero(numerator) || is_zero(p.y)) return {};
        const Fp xx = sqr(p.x);
        numerator = add(dbl(xx), xx);
        denominator = dbl(p.y);
    }
    const Fp slope = mul(numerator, inverse(denominator));
    const Fp x = sub(sub(sqr(slope), p.x), q.x);
    return {x, sub(mul(slope, sub(p.x, x)), p.y)};
}

// ---- Scalar multiplication in G1 ----

/// The group order n = 36u⁴ + 36u³ + 18u² + 6u + 1.
constexpr Limb kOrder[4] = {0x43e1f593f0000001, 0x2833e84879b97091, 0xb85045b68181585d, 0x30644e72e131a029};

/// A primitive cube root of one in Fp: (x, y) → (βx, y) multiplies a point by λ =
/// 0xb3c4d79d41a917585bfc41088d8daaa78b17ea66b99c90dd modulo n.
constexpr Fp kBeta = element(0x5763473177fffffe, 0xd4f263f1acdb5c4f, 0x59e26bcea0d48bac);

// The lattice of (a, b) with a + bλ = 0 modulo n has the basis (kShort, −kLong1), (kLong2, kShort):
/// 2u + 1.
constexpr Limb kShort = 0x89d3256894d213e3;
/// 6u² + 2u.
constexpr Limb kLong1[2] = {0x8211bbeb7d4f1128, 0x6f4d8248eeb859fc};
/// 6u² + 4u + 1.
constexpr Limb kLong2[2] = {0x0be4e1541221250b, 0x6f4d8248eeb859fd};
/// ⌊2²⁵⁶·(2u + 1)/n⌋.
constexpr Limb kShortRatio[2] = {0xd91d232ec7e0b3d7, 0x2};
/// ⌊2²⁵⁶·(6u² + 2u)/n⌋.
constexpr Limb kLongRatio[3] = {0x7a7bd9d4391eb18d, 0x4ccef014a773d2cf, 0x2};

/// r = a·b modulo 2^(64 N); limbs least significant first.
template <unsigned N, unsigned A, unsigned B>
inline void mul_limbs(Limb (&r)[N], const Limb (&a)[A], const Limb (&b)[B]) noexcept {
    for (unsigned i = 0; i < N; ++i) r[i] = 0;
    for (unsigned i = 0; i < A; ++i) {
        Limb carry = 0;
        for (unsigned j = 0; j < B && i + j < N; ++j) {
            const U128 s = static_cast<U128>(a[i]) * b[j] + r[i + j] + carry;
            r[i + j] = static_cast<Limb>(s);
            carry = static_cast<Limb>(s >> 64);
        }
        if (i + B < N) r[i + B] = carry;
    }
}

/// A half scalar: sign and magnitude below 2¹²⁸.
struct HalfScalar {
    Limb v[2];
    bool negative;
};

/// The signed value of a 192-bit two's complement number.
inline HalfScalar half_scalar(Limb (&x)[3]) noexcept {
    const bool negative = (x[2] >> 63) != 0;
    if (negative) {
        Limb carry = 1;
        for (Limb& limb : x) {
            limb = ~limb + carry;
            carry = carry != 0 && limb == 0 ? 1 : 0;
        }
    }
    return {{x[0], x[1]}, negative};
}

/// x −= y modulo 2¹⁹².
inline void sub_limbs(Limb (&x)[3], const Limb (&y)[3]) noexcept {
    unsigned char borrow = 0;
    for (unsigned i = 0; i < 3; ++i) x[i] = sub_borrow(x[i], y[i], borrow);
}

struct SplitScalar {
    HalfScalar k1, k2;
};

/// k = k1 + k2·λ modulo n for k below n, both halves below 2¹²⁸ in magnitude (R. Gallant, R. Lambert, S. Vanstone,
/// "Faster point multiplication on elliptic curves with efficient endomorphisms", 2001): (k, 0) less the lattice point
/// c1·(kShort, −kLong1) + c2·(kLong2, kShort) next to it. The quotients are one too small at most.
inline SplitScalar split_scalar(const Limb (&k)[4]) noexcept {
    Limb wide1[6];
    Limb wide2[7];
    mul_limbs(wide1, k, kShortRatio);
    mul_limbs(wide2, k, kLongRatio);
    const Limb c1[2] = {wide1[4], wide1[5]};
    const Limb c2[2] = {wide2[4], wide2[5]};  // the next limb is zero: k·kLongRatio < 2³⁸⁴
    const Limb shorter[1] = {kShort};

    Limb k1[3] = {k[0], k[1], k[2]};
    Limb product[3];
    mul_limbs(product, c1, shorter);
    sub_limbs(k1, product);
    mul_limbs(product, c2, kLong2);
    sub_limbs(k1, product);

    Limb k2[3];
    mul_limbs(k2, c1, kLong1);
    mul_limbs(product, c2, shorter);
    sub_limbs(k2, product);
    return {half_scalar(k1), half_scalar(k2)};
}

/// Window of the signed digits: odd, below 2⁴ in magnitude.
constexpr unsigned kWindow = 5;
constexpr unsigned kTableSize = 1U << (kWindow - 2);
/// Digits of a half scalar: one more than its bits.
constexpr unsigned kDigits = 129;

/// Writes the digits of k, least significant first; at most one of kWindow neighbours is not zero.
inline void signed_digits(std::int8_t (&digits)[kDigits], const HalfScalar& k) noexcept {
    // Halves stay below 1.2 · (6u² + 6u), well under 2¹²⁸ − 16, so that rounding up does not overflow.
    U128 x = static_cast<U128>(k.v[1]) << 64 | k.v[0];
    for (std::int8_t& out : digits) {
        int digit = 0;
        if ((x & 1) != 0) {
            digit = static_cast<int>(static_cast<unsigned>(x) & ((1U << kWindow) - 1));
            if (digit >= 1 << (kWindow - 1)) digit -= 1 << kWindow;
            x = digit >= 0 ? x - static_cast<unsigned>(digit) : x + static_cast<unsigned>(-digit);
        }
        out = static_cast<std::int8_t>(k.negative ? -digit : digit);
        x >>= 1;
    }
}

/// table[i] = (2i + 1)·p in affine coordinates, p of order n.
inline void odd_multiples(G1 (&table)[kTableSize], const G1& p) noexcept {
    // On the isomorphic curve where 2p has z = 1 all but one of the additions are mixed; no formula here uses b.
    const Jacobian<Fp> twice = dbl(to_jacobian(p));
    const G1 step = {twice.x, twice.y};
    const Fp zz = sqr(twice.z);
    Jacobian<Fp> multiple = {mul(p.x, zz), mul(mul(p.y, zz), twice.z), kOne};
    Jacobian<Fp> multiples[kTableSize];
    Fp products[kTableSize];  // of all z so far, taken back to p's curve
    Fp product = kOne;
    for (unsigned i = 0; i < kTableSize; ++i) {
        multiples[i] = multiple;
        multiples[i].z = mul(multiple.z, twice.z);
        product = mul(product, multiples[i].z);
        products[i] = product;
        if (i + 1 < kTableSize) multiple = add(multiple, step);
    }
    // One inversion for all (P. Montgomery's trick).
    Fp rest = inverse(product);
    for (unsigned i = kTableSize; i-- > 0;) {
        const Fp z = i == 0 ? rest : mul(rest, products[i - 1]);
        rest = mul(rest, multiples[i].z);
        const Fp z2 = sqr(z);
        table[i] = {mul(multiples[i].x, z2), mul(mul(multiples[i].y, z2), z)};
    }
}

/// Adds digit · (the point whose odd multiples `table` holds).
inline void add_digit(Jacobian<Fp>& sum, const G1 (&table)[kTableSize], int digit) noexcept {
    if (digit > 0) sum = add(sum, table[digit / 2]);
    if (digit < 0) sum = add(sum, neg(table[-digit / 2]));
}

/// k·p for any 256-bit k.
inline G1 mul_scalar(const G1& p, Limb (&k)[4]) noexcept {
    if (is_infinity(p)) return p;
    // 2²⁵⁶ < 6n.
    for (Fp less; sub_limbs(less, Fp{{k[0], k[1], k[2], k[3]}}, kOrder) == 0;)
        for (unsigned i = 0; i < 4; ++i) k[i] = less.v[i];
    const SplitScalar halves = split_scalar(k);
    std::int8_t digits1[kDigits];
    std::int8_t digits2[kDigits];
    signed_digits(digits1, halves.k1);
    signed_digits(digits2, halves.k2);

    G1 table1[kTableSize];
    G1 table2[kTableSize];
    odd_multiples(table1, p);
    for (unsigned i = 0; i < kTableSize; ++i) table2[i] = {mul(table1[i].x, kBeta), table1[i].y};

    Jacobian<Fp> sum = infinity<Fp>();
    for (unsigned i = kDigits; i-- > 0;) {
        if (!is_infinity(sum)) sum = dbl(sum);
        add_digit(sum, table1, digits1[i]);
        add_digit(sum, table2, digits2[i]);
    }
    return to_affine(sum);
}

// ---- The subgroup of the twist ----

/// ψ: the Frobenius map of the curve carried to the twist, (x̄·ξ^((p−1)/3), ȳ·ξ^((p−1)/2)).
inline Jacobian<Fp2> psi(const Jacobian<Fp2>& p) noexcept {
    return {mul(conjugate(p.x), kFrobenius1[1]), mul(conjugate(p.y), kFrobenius1[2]), conjugate(p.z)};
}

/// u·p by double-and-add over the signed binary digits of u.
inline Jacobian<Fp2> mul_u(const G2& p) noexcept {
    // u = Σ digit·2^i in non-adjacent form: the digits of (3u − u)/2, as 3u ⊕ u says where they are.
    constexpr U128 kTriple = static_cast<U128>(kU) * 3;
    const G2 minus = neg(p);
    Jacobian<Fp2> r = to_jacobian(p);
    for (unsigned i = 63; i-- > 1;) {
        r = dbl(r);
        const bool in_triple = (kTriple >> i & 1) != 0;
        const bool in_single = (kU >> i & 1) != 0;
        if (in_triple && !in_single) r = add(r, p);
        if (!in_triple && in_single) r = add(r, minus);
    }
    return r;
}

/// Whether a point of the twist has order n (or is infinity): (u + 1)Q + ψ(uQ) + ψ²(uQ) = ψ³(2uQ)
/// (Y. Dai, K. Lin, C.-A. Zhao, Z. Zhou, "Fast subgroup membership testings for G1, G2 and GT on pairing-friendly curves",
/// 2022). The norm of that polynomial in ψ and the twist's order n(2p − n) have n as their greatest common divisor, so
/// that no point outside the subgroup passes.
inline bool is_in_subgroup(const G2& q) noexcept {
    if (is_infinity(q)) return true;
    const Jacobian<Fp2> uq = mul_u(q);
    const Jacobian<Fp2> psi1 = psi(uq);
    const Jacobian<Fp2> psi2 = psi(psi1);
    const Jacobian<Fp2> left = add(add(add(uq, q), psi1), psi2);
    return is_equal(left, psi(psi(psi(dbl(uq)))));
}

}  // namespace
}  // namespace cairn::bn254::arithmetic
