// SPDX-License-Identifier: MIT
#pragma once

#include "core/crypto/bn254_kernels.hpp"
#include "core/crypto/bn254_pairing.hpp"

/// Bytes in, bytes out: the entry points of one compiled version of the arithmetic.
namespace cairn::bn254::arithmetic {
namespace {

inline Fp read_integer(const std::uint8_t* in) noexcept {
    Fp r;
    for (unsigned i = 0; i < 4; ++i) {
        Limb limb = 0;
        for (unsigned j = 0; j < 8; ++j) limb = limb << 8 | in[8 * (3 - i) + j];
        r.v[i] = limb;
    }
    return r;
}

inline bool read_fp(Fp& out, const std::uint8_t* in) noexcept {
    const Fp integer = read_integer(in);
    out = to_montgomery(integer);
    return is_below_p(integer);
}

inline void write_fp(std::uint8_t* out, const Fp& a) noexcept {
    const Fp integer = from_montgomery(a);
    for (unsigned i = 0; i < 4; ++i)
        for (unsigned j = 0; j < 8; ++j) out[8 * (3 - i) + j] = static_cast<std::uint8_t>(integer.v[i] >> (56 - 8 * j));
}

inline Status read_g1(G1& out, const std::uint8_t* in) noexcept {
    if (!read_fp(out.x, in) || !read_fp(out.y, in + kFpBytes)) return Status::Coordinate;
    return is_infinity(out) || is_on_curve(out) ? Status::Ok : Status::NotOnCurve;
}

/// A point of the twist, of whatever order. The imaginary part of each coordinate comes first (EIP-197).
inline Status read_g2(G2& out, const std::uint8_t* in) noexcept {
    if (!read_fp(out.x.b, in) || !read_fp(out.x.a, in + kFpBytes) || !read_fp(out.y.b, in + 2 * kFpBytes) ||
        !read_fp(out.y.a, in + 3 * kFpBytes))
        return Status::Coordinate;
    return is_infinity(out) || is_on_curve(out) ? Status::Ok : Status::NotOnCurve;
}

inline void write_g1(std::uint8_t* out, const G1& p) noexcept {
    write_fp(out, p.x);
    write_fp(out + kFpBytes, p.y);
}

inline Status add_entry(const std::uint8_t* in, std::uint8_t* out) noexcept {
    G1 p;
    G1 q;
    if (const Status s = read_g1(p, in); s != Status::Ok) return s;
    if (const Status s = read_g1(q, in + kG1Bytes); s != Status::Ok) return s;
    write_g1(out, add_affine(p, q));
    return Status::Ok;
}

inline Status mul_entry(const std::uint8_t* in, std::uint8_t* out) noexcept {
    G1 p;
    if (const Status s = read_g1(p, in); s != Status::Ok) return s;
    Fp scalar = read_integer(in + kG1Bytes);
    write_g1(out, mul_scalar(p, scalar.v));
    return Status::Ok;
}

/// Pairs whose squarings are shared; more cost another squaring chain instead of more stack.
constexpr std::size_t kPairsPerLoop = 16;

/// Multiplies the pairs' Miller functions into `product`; false where some q is not of order n.
inline bool multiply_pairs(Fp12& product, MillerPair* pairs, std::size_t count) noexcept {
    Fp12 f;
    if (!miller_loop(f, pairs, count)) return false;
    product = mul(product, f);
    return true;
}

inline Status pairing_entry(const std::uint8_t* in, std::size_t count, bool* is_one) noexcept {
    MillerPair pairs[kPairsPerLoop];
    std::size_t filled = 0;
    Fp12 product = kFp12One;
    for (std::size_t i = 0; i < count; ++i) {
        MillerPair& pair = pairs[filled];
        if (const Status s = read_g1(pair.p, in + i * kPairBytes); s != Status::Ok) return s;
        if (const Status s = read_g2(pair.q, in + i * kPairBytes + kG1Bytes); s != Status::Ok) return s;
        if (is_infinity(pair.p) || is_infinity(pair.q)) {
            // e(P, O) = e(O, Q) = 1, and the loop that would test Q is not walked.
            if (!is_in_subgroup(pair.q)) return Status::NotInSubgroup;
            continue;
        }
        if (++filled < kPairsPerLoop) continue;
        if (!multiply_pairs(product, pairs, filled)) return Status::NotInSubgroup;
        filled = 0;
    }
    if (filled != 0 && !multiply_pairs(product, pairs, filled)) return Status::NotInSubgroup;
    *is_one = is_one_after_final_exponentiation(product);
    return Status::Ok;
}

constexpr Kernels kKernels = {add_entry, mul_entry, pairing_entry};

}  // namespace
}  // namespace cairn::bn254::arithmetic
