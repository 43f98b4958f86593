// SPDX-License-Identifier: MIT
#pragma once

#include "core/crypto/bn254_curve.hpp"

/// The optimal ate pairing of BN254 (F. Vercauteren, "Optimal pairings", 2010) as a product over many pairs: Miller loop
/// over 6u + 2 with shared squarings, two steps for the Frobenius images, one final exponentiation.
namespace cairn::bn254 {
namespace {

/// The point (x/z, y/z) of the twist while it runs through the Miller loop.
struct Projective {
    Fp2 x, y, z;
};

/// One pair in the Miller loop.
struct MillerPair {
    G1 p;
    G2 q;
    Projective t;
};

/// The line through one or two points of the twist, evaluated at P, up to a factor that the final exponentiation
/// removes: y·l0 + (x·l1 + l2·v)·w for P = (x, y).
struct Line {
    Fp2 l0, l1, l2;
};

/// 3·3/ξ.
constexpr Fp2 kTwist3B = {element(0x1ef69c66bce9b021, 0xf21b7c8d3cb039cf, 0x1499be5e509e8f8f, 0x20753adca9c6bfb8),
                          element(0xade8371391494176, 0xf5eee18eaf8748f8, 0x67860f09cc8af9dd, 0x01c53b10b0d2fc7e)};

/// a/2.
inline Fp half(const Fp& a) noexcept {
    const Limb mask = 0 - (a.v[0] & 1);
    const Fp s = add_loose(a, Fp{{kP[0] & mask, kP[1] & mask, kP[2] & mask, kP[3] & mask}});
    return {{s.v[0] >> 1 | s.v[1] << 63, s.v[1] >> 1 | s.v[2] << 63, s.v[2] >> 1 | s.v[3] << 63, s.v[3] >> 1}};
}
inline Fp2 half(const Fp2& x) noexcept { return {half(x.a), half(x.b)}; }

/// t = 2t and the tangent at the old t (C. Costello, T. Lange, M. Naehrig, "Faster pairing computations on curves with
/// high-degree twists", 2010, in homogeneous coordinates). From the slope 3X²/2YZ, times −2YZ:
/// −2YZ·y + 3X²·x·w + (3b'Z² − Y²)·w³.
inline Line double_step(Projective& t) noexcept {
    const Fp2 a = half(mul(t.x, t.y));
    const Fp2 b = sqr(t.y);
    const Fp2 c = sqr(t.z);
    const Fp2 e = mul(c, kTwist3B);
    const Fp2 f = add(dbl(e), e);
    const Fp2 h = sub(sub(sqr(add(t.y, t.z)), b), c);
    const Fp2 xx = sqr(t.x);
    const Fp2 ee = sqr(e);
    const Fp2 g = half(add(b, f));
    t = {mul(a, sub(b, f)), sub(sqr(g), add(dbl(ee), ee)), mul(b, h)};
    return {neg(h), add(dbl(xx), xx), sub(e, b)};
}

/// The line through t and q, with the differences its sum needs: from the slope θ/λ, times λ:
/// λ·y − θ·x·w + (θ·x_q − λ·y_q)·w³ for θ = Y − y_q·Z and λ = X − x_q·Z.
struct Chord {
    Fp2 theta, lambda;
};
inline Line chord_line(const Chord& c, const G2& q) noexcept {
    return {c.lambda, neg(c.theta), sub(mul(c.theta, q.x), mul(c.lambda, q.y))};
}
inline Chord chord(const Projective& t, const G2& q) noexcept {
    return {sub(t.y, mul(q.y, t.z)), sub(t.x, mul(q.x, t.z))};
}

/// t = t + q and the line through both; t ≠ ±q, which holds for points of order n inside the loop.
inline Line add_step(Projective& t, const G2& q) noexcept {
    const Chord k = chord(t, q);
    const Fp2 d = sqr(k.lambda);
    const Fp2 e = mul(k.lambda, d);
    const Fp2 f = mul(t.z, sqr(k.theta));
    const Fp2 g = mul(t.x, d);
    const Fp2 h = sub(add(e, f), dbl(g));
    t = {mul(k.lambda, h), sub(mul(k.theta, sub(g, h)), mul(t.y, e)), mul(t.z, e)};
    return chord_line(k, q);
}

inline void multiply_line(Fp12& f, const Line& line, const G1& p) noexcept {
    f = mul_by_line(f, mul_fp(line.l0, p.y), mul_fp(line.l1, p.x), line.l2);
}

/// 6u + 2 in non-adjacent form, most significant digit (1) first, that digit left out.
constexpr std::int8_t kAteDigits[65] = {0, -1, 0, 1, 0, 0, 0, -1, 0, -1, 0, 0, 0, -1, 0, 1, 0, -1, 0, 0, -1, 0,
                                        0, 0,  0, 0, 1, 0, 0, -1, 0, 1,  0, 0, -1, 0, 0, 0, 0, -1, 0, 1, 0, 0,
                                        0, -1, 0, -1, 0, 0, 1, 0, 0, 0, -1, 0, 0, -1, 0, 1, 0, 1, 0, 0, 0};

/// The product of the pairs' Miller functions; no point is infinity. `pairs[i].t` is scratch.
inline Fp12 miller_loop(MillerPair* pairs, std::size_t count) noexcept {
    for (std::size_t i = 0; i < count; ++i) pairs[i].t = {pairs[i].q.x, pairs[i].q.y, kFp2One};
    Fp12 f = kFp12One;
    bool is_first = true;
    for (const std::int8_t digit : kAteDigits) {
        if (!is_first) f = sqr(f);
        is_first = false;
        for (std::size_t i = 0; i < count; ++i) {
            MillerPair& pair = pairs[i];
            multiply_line(f, double_step(pair.t), pair.p);
            if (digit != 0) multiply_line(f, add_step(pair.t, digit > 0 ? pair.q : neg(pair.q)), pair.p);
        }
    }
    // π(Q) and −π²(Q); the last sum itself is not needed.
    for (std::size_t i = 0; i < count; ++i) {
        MillerPair& pair = pairs[i];
        const G2 q1 = {mul(conjugate(pair.q.x), kFrobenius1[1]), mul(conjugate(pair.q.y), kFrobenius1[2])};
        const G2 q2 = {mul_fp(pair.q.x, kFrobenius2[1]), pair.q.y};
        multiply_line(f, add_step(pair.t, q1), pair.p);
        multiply_line(f, chord_line(chord(pair.t, q2), q2), pair.p);
    }
    return f;
}

/// x^u for x in the cyclotomic subgroup, signed digits of window 4.
[[gnu::noinline]] inline Fp12 pow_u(const Fp12& x) noexcept {
    // u = Σ digit·2^i, most significant first; inverses are conjugates.
    constexpr std::int8_t kDigitsOfU[63] = {1, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, -3, 0, 0, 0, 3, 0, 0, 0, 0, 5,
                                            0, 0, 0, -5, 0, 0, 0, -3, 0, 0, 0, 1, 0, 0, 0, 0, 5, 0, 0, 0, 0,
                                            7, 0, 0, 0, -7, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, -1, 0, 0, 0, 1};
    const Fp12 xx = cyclotomic_sqr(x);
    Fp12 odd[4] = {x, mul(x, xx), kFp12One, kFp12One};
    odd[2] = mul(odd[1], xx);
    odd[3] = mul(odd[2], xx);
    Fp12 r = x;
    for (unsigned i = 1; i < 63; ++i) {
        r = cyclotomic_sqr(r);
        const int digit = kDigitsOfU[i];
        if (digit > 0) r = mul(r, odd[digit / 2]);
        if (digit < 0) r = mul(r, conjugate(odd[-digit / 2]));
    }
    return r;
}

/// Whether f^((p¹² − 1)/n) = 1. The hard part is taken to the power 2u(6u² + 3u + 1), which n does not divide
/// (L. Fuentes-Castañeda, E. Knapp, F. Rodríguez-Henríquez, "Faster hashing to G2", 2011):
/// λ0 + λ1·p + λ2·p² + λ3·p³ with λ2 = 12u³ + 6u² + 6u, λ1 = λ2 − 2u, λ0 = λ2 + 6u² + 1, λ3 = λ1 − 1.
inline bool is_one_after_final_exponentiation(const Fp12& f) noexcept {
    // Easy part: f^((p⁶ − 1)(p² + 1)).
    const Fp12 g = mul(conjugate(f), inverse(f));
    const Fp12 x = mul(frobenius2(g), g);

    const Fp12 x2u = cyclotomic_sqr(pow_u(x));
    const Fp12 x6u = mul(cyclotomic_sqr(x2u), x2u);
    const Fp12 x6uu = pow_u(x6u);
    const Fp12 x12uuu = pow_u(cyclotomic_sqr(x6uu));
    const Fp12 e2 = mul(mul(x12uuu, x6uu), x6u);
    const Fp12 e1 = mul(e2, conjugate(x2u));
    const Fp12 e0 = mul(mul(e2, x6uu), x);
    const Fp12 e3 = mul(e1, conjugate(x));
    const Fp12 low = mul(e0, frobenius(e1));
    const Fp12 high = mul(e2, frobenius(e3));
    return is_one(mul(low, frobenius2(high)));
}

}  // namespace
}  // namespace cairn::bn254
