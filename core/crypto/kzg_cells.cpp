// SPDX-License-Identifier: MIT
#include "core/crypto/kzg_cells.hpp"

#include <blst.h>

#include <optional>
#include <vector>

#include "core/base/assert.hpp"
#include "core/base/hex.hpp"
#include "core/crypto/kzg_setup.hpp"
#include "core/crypto/sha256.hpp"

// A blob is a polynomial p of degree below 4096. Cell k holds its values at 64 points, a coset of the
// 64th roots of unity whose 64th powers are all the same a_k, so that X^64 - a_k vanishes there. With
// I_k = p mod (X^64 - a_k) the cell's proof π_k is a commitment to (p - I_k) / (X^64 - a_k), and
//     e(C - [I_k(tau)]1 + a_k π_k, [1]2) = e(π_k, [tau^64]2).
// All 128 equations are checked as one sum, each times a power of a number that depends on everything
// that is checked. Coefficient j of Σ r^k I_k is Σ_i p_(64 i + j) Σ_k r^k a_k^i, which needs the
// coefficients of p once and no values of any cell.

namespace cairn::kzg {
namespace {

constexpr std::size_t kScalarBits = 255;
constexpr unsigned kElementBits = 12;
static_assert(std::size_t{1} << kElementBits == kElementsPerBlob);
constexpr unsigned kCellBits = 7;
static_assert(std::size_t{1} << kCellBits == kCellsPerBlob);
/// The group's order less one is 2^32 times an odd number.
constexpr unsigned kTwoAdicity = 32;
/// That odd number, least significant word first.
constexpr std::array<std::uint64_t, 4> kOddOrder = {0xfffe5bfeffffffff, 0x09a1d80553bda402,
                                                    0x299d7d483339d808, 0x0000000073eda753};
/// A generator of the field's multiplicative group (consensus specs, PRIMITIVE_ROOT_OF_UNITY).
constexpr std::uint64_t kFieldGenerator = 7;
/// Separates the challenge from other hashes of the same bytes; any will do, since the challenge is
/// no part of the proof (the consensus specs call theirs RANDOM_CHALLENGE_KZG_CELL_BATCH_DOMAIN).
constexpr std::string_view kChallengeDomain = "RCKZGCBATCH__V1_";

using Scalars = std::vector<blst_fr>;

blst_fr scalar_of(std::uint64_t value) {
    const std::array<std::uint64_t, 4> words = {value, 0, 0, 0};
    blst_fr out;
    blst_fr_from_uint64(&out, words.data());
    return out;
}

blst_fr times(const blst_fr& a, const blst_fr& b) {
    blst_fr out;
    blst_fr_mul(&out, &a, &b);
    return out;
}

blst_fr plus(const blst_fr& a, const blst_fr& b) {
    blst_fr out;
    blst_fr_add(&out, &a, &b);
    return out;
}

blst_fr minus(const blst_fr& a, const blst_fr& b) {
    blst_fr out;
    blst_fr_sub(&out, &a, &b);
    return out;
}

/// A primitive root of unity of order 2^bits.
blst_fr root_of_unity(unsigned bits) {
    blst_fr out = scalar_of(1);
    for (std::size_t i = 256; i-- > 0;) {
        out = times(out, out);
        if (kOddOrder[i / 64] >> (i % 64) & 1) out = times(out, scalar_of(kFieldGenerator));
    }
    for (unsigned i = kTwoAdicity; i > bits; --i) out = times(out, out);
    return out;
}

/// 1, x, x², …
Scalars powers_of(const blst_fr& x, std::size_t count) {
    Scalars out(count);
    blst_fr power = scalar_of(1);
    for (auto& each : out) {
        each = power;
        power = times(power, x);
    }
    return out;
}

blst_p1_affine setup_point_g1(std::string_view hex) {
    blst_p1_affine out;
    const auto bytes = fixed_from_hex<Commitment>(hex);
    CAIRN_ASSERT(bytes && blst_p1_uncompress(&out, bytes->data()) == BLST_SUCCESS);
    return out;
}

/// What does not depend on the input: 0.5 MiB, made at the first check.
struct Setup {
    std::array<blst_p1_affine, kElementsPerCell> tau_powers;
    blst_p2_affine tau_64;
    Scalars inverse_roots;  ///< ω^-i for i < 2048, ω of order 4096
    blst_fr inverse_size;   ///< 1 / 4096
    Scalars coset_powers;   ///< a_k of each cell

    Setup() {
        for (std::size_t i = 0; i < kElementsPerCell; ++i)
            tau_powers[i] = setup_point_g1(kTauPowersG1[i]);
        const auto bytes = fixed_from_hex<FixedBytes<96, struct G2BytesTag>>(kTau64G2);
        CAIRN_ASSERT(bytes && blst_p2_uncompress(&tau_64, bytes->data()) == BLST_SUCCESS);
        blst_fr inverse_root;
        const blst_fr root = root_of_unity(kElementBits);
        blst_fr_eucl_inverse(&inverse_root, &root);
        inverse_roots = powers_of(inverse_root, kElementsPerBlob / 2);
        const blst_fr size = scalar_of(kElementsPerBlob);
        blst_fr_eucl_inverse(&inverse_size, &size);
        // Cell k begins at the root of unity whose number is 64 k with its 13 bits reversed, which is
        // k with its 7 bits reversed; the 64th power of a root of order 8192 is one of order 128.
        const Scalars roots = powers_of(root_of_unity(kCellBits), kCellsPerBlob);
        coset_powers.resize(kCellsPerBlob);
        for (std::size_t k = 0; k < kCellsPerBlob; ++k) {
            std::size_t reversed = 0;
            for (unsigned bit = 0; bit < kCellBits; ++bit)
                reversed |= (k >> bit & 1) << (kCellBits - 1 - bit);
            coset_powers[k] = roots[reversed];
        }
    }
};

const Setup& setup() {
    static const Setup instance;
    return instance;
}

/// The polynomial's coefficients; nothing where an element is not below the group order. The values
/// stand in bit-reversed order, which is the order in which the transform wants them.
std::optional<Scalars> coefficients_of(ByteView blob) {
    Scalars out(kElementsPerBlob);
    for (std::size_t i = 0; i < kElementsPerBlob; ++i) {
        blst_scalar scalar;
        blst_scalar_from_bendian(&scalar, blob.data() + 32 * i);
        if (!blst_scalar_fr_check(&scalar)) return std::nullopt;
        blst_fr_from_scalar(&out[i], &scalar);
    }
    for (std::size_t half = 1; half < kElementsPerBlob; half *= 2) {
        const std::size_t stride = kElementsPerBlob / 2 / half;
        for (std::size_t start = 0; start < kElementsPerBlob; start += 2 * half) {
            for (std::size_t i = 0; i < half; ++i) {
                blst_fr& low = out[start + i];
                blst_fr& high = out[start + i + half];
                const blst_fr turned = times(high, setup().inverse_roots[i * stride]);
                high = minus(low, turned);
                low = plus(low, turned);
            }
        }
    }
    for (auto& each : out) each = times(each, setup().inverse_size);
    return out;
}

/// A sum of scalar · point. Terms with infinity are left out, which blst's summation cannot take.
class PointSum {
  public:
    void add(const blst_p1_affine& point, const blst_fr& scalar) {
        if (blst_p1_affine_is_inf(&point)) return;
        points_.push_back(point);
        blst_scalar_from_fr(&scalars_.emplace_back(), &scalar);
    }

    [[nodiscard]] blst_p1_affine value() const {
        blst_p1_affine out{};
        if (points_.empty()) return out;
        const std::array<const blst_p1_affine*, 2> points = {points_.data(), nullptr};
        const std::array<const byte*, 2> scalars = {scalars_.front().b, nullptr};
        std::vector<limb_t> scratch(blst_p1s_mult_pippenger_scratch_sizeof(points_.size()) / sizeof(limb_t));
        blst_p1 sum;
        blst_p1s_mult_pippenger(&sum, points.data(), points_.size(), scalars.data(), kScalarBits, scratch.data());
        blst_p1_to_affine(&out, &sum);
        return out;
    }

  private:
    std::vector<blst_p1_affine> points_;
    std::vector<blst_scalar> scalars_;
};

bool read_point(blst_p1_affine& out, ByteView compressed) {
    if (blst_p1_uncompress(&out, compressed.data()) != BLST_SUCCESS) return false;
    return blst_p1_affine_is_inf(&out) || blst_p1_affine_in_g1(&out);
}

blst_fr challenge_of(ByteView blob, const Commitment& commitment, std::span<const Proof, kCellsPerBlob> proofs) {
    Bytes data = to_bytes(as_bytes(kChallengeDomain));
    data.reserve(data.size() + blob.size() + (1 + kCellsPerBlob) * Proof::size());
    append(data, blob);
    append(data, commitment);
    for (const Proof& proof : proofs) append(data, proof);
    blst_scalar scalar;
    blst_scalar_from_be_bytes(&scalar, sha256(data).data(), 32);
    blst_fr out;
    blst_fr_from_scalar(&out, &scalar);
    return out;
}

/// Whether e(left, [1]2) = e(right, [tau^64]2).
bool is_paired(const blst_p1_affine& left, const blst_p1_affine& right) {
    const auto loop = [](const blst_p2_affine& q, const blst_p1_affine& p) {
        if (blst_p1_affine_is_inf(&p)) return *blst_fp12_one();
        blst_fp12 out;
        blst_miller_loop(&out, &q, &p);
        return out;
    };
    const blst_fp12 a = loop(*blst_p2_affine_generator(), left);
    const blst_fp12 b = loop(setup().tau_64, right);
    return blst_fp12_finalverify(&a, &b);
}

}  // namespace

Result<void, Error> verify_cell_proofs(ByteView blob, const Commitment& commitment,
                                       std::span<const Proof, kCellsPerBlob> proofs) {
    CAIRN_ASSERT(blob.size() == kBytesPerBlob);
    const auto coefficients = coefficients_of(blob);
    if (!coefficients) return Unexpected{Error::ScalarRange};
    blst_p1_affine point;
    if (!read_point(point, commitment)) return Unexpected{Error::PointFormat};

    const Scalars weights = powers_of(challenge_of(blob, commitment, proofs), kCellsPerBlob);
    PointSum left;
    PointSum right;
    blst_fr weight_sum = scalar_of(0);
    for (const auto& weight : weights) weight_sum = plus(weight_sum, weight);
    left.add(point, weight_sum);

    // Σ_k r^k a_k^i, for one i after the other.
    Scalars terms = weights;
    Scalars remainders(kElementsPerCell, scalar_of(0));
    for (std::size_t i = 0; i < kElementsPerBlob / kElementsPerCell; ++i) {
        blst_fr sum = scalar_of(0);
        for (std::size_t k = 0; k < kCellsPerBlob; ++k) {
            sum = plus(sum, terms[k]);
            terms[k] = times(terms[k], setup().coset_powers[k]);
        }
        for (std::size_t j = 0; j < kElementsPerCell; ++j)
            remainders[j] = plus(remainders[j], times((*coefficients)[kElementsPerCell * i + j], sum));
    }
    for (std::size_t j = 0; j < kElementsPerCell; ++j)
        left.add(setup().tau_powers[j], minus(scalar_of(0), remainders[j]));
    for (std::size_t k = 0; k < kCellsPerBlob; ++k) {
        if (!read_point(point, proofs[k])) return Unexpected{Error::PointFormat};
        left.add(point, times(weights[k], setup().coset_powers[k]));
        right.add(point, weights[k]);
    }
    if (!is_paired(left.value(), right.value())) return Unexpected{Error::Mismatch};
    return {};
}

}  // namespace cairn::kzg
