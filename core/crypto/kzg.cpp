// SPDX-License-Identifier: MIT
#include "core/crypto/kzg.hpp"

#include <blst.h>

#include <array>

#include "core/base/assert.hpp"
#include "core/crypto/sha256.hpp"

namespace cairn::kzg {
namespace {

constexpr std::size_t kScalarBits = 255;
/// Line functions of one Miller loop, as many as blst_precompute_lines writes.
constexpr std::size_t kLineCount = 68;

/// [tau]2, compressed: the second G2 monomial point of the mainnet KZG ceremony's trusted setup (the second
/// g2_monomial entry of trusted_setup_4096.json in the consensus specs; line 4100 of c-kzg's trusted_setup.txt).
constexpr std::array<std::uint8_t, 96> kTauG2 = {
    0xb5, 0xbf, 0xd7, 0xdd, 0x8c, 0xde, 0xb1, 0x28, 0x84, 0x3b, 0xc2, 0x87, 0x23, 0x0a, 0xf3, 0x89,
    0x26, 0x18, 0x70, 0x75, 0xcb, 0xfb, 0xef, 0xa8, 0x10, 0x09, 0xa2, 0xce, 0x61, 0x5a, 0xc5, 0x3d,
    0x29, 0x14, 0xe5, 0x87, 0x0c, 0xb4, 0x52, 0xd2, 0xaf, 0xaa, 0xab, 0x24, 0xf3, 0x49, 0x9f, 0x72,
    0x18, 0x5c, 0xbf, 0xee, 0x53, 0x49, 0x27, 0x14, 0x73, 0x44, 0x29, 0xb7, 0xb3, 0x86, 0x08, 0xe2,
    0x39, 0x26, 0xc9, 0x11, 0xcc, 0xec, 0xea, 0xc9, 0xa3, 0x68, 0x51, 0x47, 0x7b, 0xa4, 0xc6, 0x0b,
    0x08, 0x70, 0x41, 0xde, 0x62, 0x10, 0x00, 0xed, 0xc9, 0x8e, 0xda, 0xda, 0x20, 0xc1, 0xde, 0xf2};

/// The line functions of both fixed G2 points: their half of each Miller loop does not depend on the input.
struct FixedLines {
    std::array<blst_fp6, kLineCount> generator;
    std::array<blst_fp6, kLineCount> tau;

    FixedLines() noexcept {
        blst_p2_affine tau_point;
        CAIRN_ASSERT(blst_p2_uncompress(&tau_point, kTauG2.data()) == BLST_SUCCESS);
        blst_precompute_lines(tau.data(), &tau_point);
        blst_precompute_lines(generator.data(), blst_p2_affine_generator());
    }
};

/// Computed at the first opening, some 0.2 ms, so that programs that check none pay nothing at start.
const FixedLines& fixed_lines() {
    static const FixedLines lines;
    return lines;
}

/// Reads a compressed point of the subgroup G1; infinity is one.
bool read_point(blst_p1_affine& out, ByteView compressed) noexcept {
    if (blst_p1_uncompress(&out, compressed.data()) != BLST_SUCCESS) return false;
    return blst_p1_affine_is_inf(&out) || blst_p1_affine_in_g1(&out);
}

bool read_scalar(blst_scalar& out, const Scalar& in) noexcept {
    blst_scalar_from_bendian(&out, in.data());
    return blst_scalar_fr_check(&out);
}

/// e(P, Q) before the final exponentiation, Q given by its lines; one for infinity.
blst_fp12 miller_loop(const std::array<blst_fp6, kLineCount>& q, const blst_p1& p) noexcept {
    if (blst_p1_is_inf(&p)) return *blst_fp12_one();
    blst_p1_affine affine;
    blst_p1_to_affine(&affine, &p);
    blst_fp12 out;
    blst_miller_loop_lines(&out, q.data(), &affine);
    return out;
}

}  // namespace

Hash256 versioned_hash(const Commitment& commitment) {
    Hash256 hash = sha256(commitment);
    hash.bytes[0] = kVersionedHashVersion;
    return hash;
}

Result<void, Error> verify_opening(const Opening& opening) {
    blst_scalar z;
    blst_scalar y;
    if (!read_scalar(z, opening.z) || !read_scalar(y, opening.y)) return Unexpected{Error::ScalarRange};
    blst_p1_affine commitment;
    blst_p1_affine proof_affine;
    if (!read_point(commitment, opening.commitment) || !read_point(proof_affine, opening.proof))
        return Unexpected{Error::PointFormat};

    // Moving z to the left side keeps both G2 arguments fixed:
    // e(C - [y]1 + z·proof, [1]2) = e(proof, [tau]2).
    blst_p1 proof;
    blst_p1_from_affine(&proof, &proof_affine);
    blst_p1 left;
    blst_p1_mult(&left, &proof, z.b, kScalarBits);
    blst_p1 value;
    blst_p1_mult(&value, blst_p1_generator(), y.b, kScalarBits);
    blst_p1_cneg(&value, true);
    blst_p1_add_or_double(&left, &left, &value);
    blst_p1_add_or_double_affine(&left, &left, &commitment);

    const FixedLines& lines = fixed_lines();
    const blst_fp12 a = miller_loop(lines.generator, left);
    const blst_fp12 b = miller_loop(lines.tau, proof);
    if (!blst_fp12_finalverify(&a, &b)) return Unexpected{Error::Mismatch};
    return {};
}

}  // namespace cairn::kzg
