// SPDX-License-Identifier: MIT
#pragma once

#include "core/crypto/bn254_curve.hpp"

/// The optimal ate pairing of BN254 (F. Vercauteren, "Optimal pairings", 2010) as a product over many pairs: Miller loop
/// over 6u + 2 with shared squarings, two steps for the Frobenius images, one final exponentiation.
namespace cairn::bn254::arithmetic {
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

// A line through points of the twist is evaluated at P = (x, y) as y·l0 + x·l1·w + l2·w³, up to a factor in Fp2, which
// the final exponentiation removes.

/// t = 2t and the tangent at the old t (C. Costello, T. Lange, M. Naehrig, "Faster pairing computations on curves with
/// high-degree twists", 2010, in homogeneous coordinates). From the slope 3X²/2YZ, times −2YZ:
/// −2YZ·y + 3X²·x·w + (3b'Z² − Y²)·w³.
inline Line double_step(Projective& t) noexcept {
    const Fp2 a = half(mul(t.x, t.y));
    const Fp2 b = sqr(t.y);
    const Fp2 c = sqr(t.z);
    const Fp2 e = mul(c, kTwist3B);
    const Fp2 f = add(dbl(e), e);
    const Fp2 h = dbl(mul(t.y, t.z));
    const Fp2 xx = sqr(t.x);
    const Fp2 ee = sqr(e);
    const Fp2 g = half(add(b, f));
    t = {mul(a, sub(b, f)), sub(sqr(g), add(dbl(ee), ee)), mul(b, h)};
    return {neg(h), add(dbl(xx), xx), sub(e, b)};
}

/// t = t + q and the line through both, from the slope θ/λ, times λ: λ·y − θ·x·w + (θ·x_q − λ·y_q)·w³ for
/// θ = Y − y_q·Z and λ = X − x_q·Z. Where t = ±q or t is infinity, z becomes 0, and stays so in every later step.
inline Line add_step(Projective& t, const G2& q) noexcept {
    const Fp2 theta = sub(t.y, mul(q.y, t.z));
    const Fp2 lambda = sub(t.x, mul(q.x, t.z));
    const Fp2 d = sqr(lambda);
    const Fp2 e = mul(lambda, d);
    const Fp2 f = mul(t.z, sqr(theta));
    const Fp2 g = mul(t.x, d);
    const Fp2 h = sub(add(e, f), dbl(g));
    t = {mul(lambda, h), mul_diff(theta, sub(g, h), t.y, e), mul(t.z, e)};
    return {lambda, neg(theta), mul_diff(theta, q.x, lambda, q.y)};
}

/// Multiplies lines into f two at a time.
class LineProduct {
  public:
    explicit LineProduct(Fp12& f) noexcept : f_{f} {}

    /// The line's value at p joins the product, at once or with the next one.
    void multiply(const Line& line, const G1& p) noexcept {
        const Line value = {mul_fp(line.l0, p.y), mul_fp(line.l1, p.x), line.l2};
        if (is_waiting_) {
            f_ = mul_by_lines(f_, waiting_, value);
        } else {
            waiting_ = value;
        }
        is_waiting_ = !is_waiting_;
    }

    /// A line still waiting joins the product; before f is used otherwise.
    void flush() noexcept {
        if (is_waiting_) f_ = mul_by_line(f_, waiting_);
        is_waiting_ = false;
    }

  private:
    Fp12& f_;
    Line waiting_{};
    bool is_waiting_ = false;
};

/// 6u + 2 in non-adjacent form, most significant digit (1) first, that digit left out.
constexpr std::int8_t kAteDigits[65] = {0, -1, 0, 1, 0, 0, 0, -1, 0, -1, 0, 0, 0, -1, 0, 1, 0, -1, 0, 0, -1, 0,
                                        0, 0,  0, 0, 1, 0, 0, -1, 0, 1,  0, 0, -1, 0, 0, 0, 0, -1, 0, 1, 0, 0,
                                        0, -1, 0, -1, 0, 0, 1, 0, 0, 0, -1, 0, 0, -1, 0, 1, 0, 1, 0, 0, 0};

/// Whether the t of a finished Miller loop, (6u + 2)Q + ψ(Q) − ψ²(Q), is −ψ³(Q) = ψ(−ψ²(Q)), as it is exactly for the Q
/// of order n: the norm of 6u + 2 + ψ − ψ² + ψ³ and the twist's order n(2p − n) have n as their greatest common divisor.
/// Where the additions met t = ±Q or infinity on the way, which they do for no Q of order n, z = 0 has stayed.
inline bool closes(const Projective& t, const G2& minus_psi2) noexcept {
    const G2 expected = {mul(conjugate(minus_psi2.x), kFrobenius1[1]), mul(conjugate(minus_psi2.y), kFrobenius1[2])};
    return !is_zero(t.z) && is_equal(t.x, mul(expected.x, t.z)) && is_equal(t.y, mul(expected.y, t.z));
}

/// f = the product of the pairs' Miller functions; no point is infinity, `pairs[i].t` is scratch. False where some q is
/// on the twist but not of order n; f is meaningless then. The loop shows that at no cost, so that points which enter
/// it need no other test.
[[nodiscard]] inline bool miller_loop(Fp12& f, MillerPair* pairs, std::size_t count) noexcept {
    for (std::size_t i = 0; i < count; ++i) pairs[i].t = {pairs[i].q.x, pairs[i].q.y, kFp2One};
    f = kFp12One;
    LineProduct lines{f};
    bool is_first = true;
    for (const std::int8_t digit : kAteDigits) {
        if (!is_first) f = sqr(f);
        is_first = false;
        for (std::size_t i = 0; i < count; ++i) {
            MillerPair& pair = pairs[i];
            lines.multiply(double_step(pair.t), pair.p);
            if (digit != 0) lines.multiply(add_step(pair.t, digit > 0 ? pair.q : neg(pair.q)), pair.p);
        }
        lines.flush();
    }
    bool all_close = true;
    for (std::size_t i = 0; i < count; ++i) {
        MillerPair& pair = pairs[i];
        // ψ(Q) and −ψ²(Q).
        const G2 q1 = {mul(conjugate(pair.q.x), kFrobenius1[1]), mul(conjugate(pair.q.y), kFrobenius1[2])};
        const G2 q2 = {mul_fp(pair.q.x, kFrobenius2[1]), pair.q.y};
        lines.multiply(add_step(pair.t, q1), pair.p);
        lines.multiply(add_step(pair.t, q2), pair.p);
        all_close = all_close && closes(pair.t, q2);
    }
    lines.flush();
    return all_close;
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
}  // namespace cairn::bn254::arithmetic
