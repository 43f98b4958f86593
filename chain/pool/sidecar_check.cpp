// SPDX-License-Identifier: MIT
#include "chain/pool/sidecar_check.hpp"

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "core/crypto/kzg.hpp"
#include "core/crypto/kzg_cells.hpp"
#include "core/crypto/sha256.hpp"
#include "core/math/modulus.hpp"
#include "core/math/uint256.hpp"

// A blob is 4096 values of a polynomial, at the 4096th roots of unity in bit-reversed order. Its
// proof opens the polynomial at a point that the blob and its commitment determine, so the value
// there is computed from the blob (barycentric formula) and the opening is checked against it.

namespace cairn::chain {
namespace {

static_assert(kBlobBytes == kzg::kBytesPerBlob && kCellProofsPerBlob == kzg::kCellsPerBlob);

constexpr std::size_t kElements = kBlobBytes / 32;
constexpr unsigned kElementBits = 12;
static_assert(std::size_t{1} << kElementBits == kElements);

/// Order of BLS12-381's group, r: the blob's field.
constexpr Uint256 kFieldOrder{0xffffffff00000001, 0x53bda402fffe5bfe, 0x3339d80809a1d805,
                              0x73eda753299d7d48};
/// A generator of the field's multiplicative group (consensus specs, PRIMITIVE_ROOT_OF_UNITY).
constexpr std::uint64_t kFieldGenerator = 7;
/// Consensus specs, FIAT_SHAMIR_PROTOCOL_DOMAIN.
constexpr std::string_view kChallengeDomain = "FSBLOBVERIFY_V1_";

using Elements = std::vector<Uint256>;

class Field {
public:
    Field() : modulus_{kFieldOrder} {
        const Uint256 root =
            power(Uint256{kFieldGenerator}, (kFieldOrder - Uint256{1}) / Uint256{kElements});
        Elements in_order(kElements);
        in_order[0] = Uint256{1};
        for (std::size_t i = 1; i < kElements; ++i) in_order[i] = times(in_order[i - 1], root);
        roots_.resize(kElements);
        for (std::size_t i = 0; i < kElements; ++i) {
            std::size_t reversed = 0;
            for (unsigned bit = 0; bit < kElementBits; ++bit)
                reversed |= (i >> bit & 1) << (kElementBits - 1 - bit);
            roots_[i] = in_order[reversed];
        }
    }

    [[nodiscard]] const Elements& roots() const noexcept { return roots_; }
    [[nodiscard]] Uint256 reduce(const Uint256& a) const noexcept { return modulus_.reduce(a); }
    [[nodiscard]] Uint256 times(const Uint256& a, const Uint256& b) const noexcept {
        return modulus_.mulmod(a, b);
    }
    [[nodiscard]] Uint256 plus(const Uint256& a, const Uint256& b) const noexcept {
        return modulus_.addmod(a, b);
    }
    [[nodiscard]] Uint256 minus(const Uint256& a, const Uint256& b) const noexcept {
        return modulus_.addmod(a, kFieldOrder - b);
    }
    [[nodiscard]] Uint256 power(Uint256 base, const Uint256& exponent) const noexcept {
        Uint256 out{1};
        for (unsigned i = 0; i < exponent.bit_width(); ++i) {
            if (exponent.bit(i)) out = times(out, base);
            base = times(base, base);
        }
        return out;
    }
    /// By Fermat's little theorem; 0 gives 0.
    [[nodiscard]] Uint256 inverse(const Uint256& a) const noexcept {
        return power(a, kFieldOrder - Uint256{2});
    }

private:
    Modulus modulus_;
    Elements roots_;
};

const Field& field() {
    static const Field instance;
    return instance;
}

/// The blob's values; nothing where one is not below the field's order.
std::optional<Elements> read_blob(ByteView blob) {
    Elements out(kElements);
    for (std::size_t i = 0; i < kElements; ++i) {
        out[i] = load_be256(blob.data() + 32 * i);
        if (out[i] >= kFieldOrder) return std::nullopt;
    }
    return out;
}

/// Consensus specs, compute_challenge.
Uint256 challenge_of(ByteView blob, const KzgBytes& commitment) {
    Bytes data = to_bytes(as_bytes(kChallengeDomain));
    std::array<std::uint8_t, 16> degree{};
    store_be64(degree.data() + 8, kElements);
    append(data, degree);
    append(data, blob);
    append(data, commitment);
    return field().reduce(load_be256(sha256(data).data()));
}

/// Inverses of all, none of which is 0, for the price of one and three products each.
Elements inverses_of(const Elements& values) {
    const Field& f = field();
    Elements out(values.size());
    Uint256 product{1};
    for (std::size_t i = 0; i < values.size(); ++i) {
        out[i] = product;
        product = f.times(product, values[i]);
    }
    Uint256 inverse = f.inverse(product);
    for (std::size_t i = values.size(); i-- > 0;) {
        out[i] = f.times(out[i], inverse);
        inverse = f.times(inverse, values[i]);
    }
    return out;
}

/// p(z) = (z^n - 1) / n · Σ p(w_i) · w_i / (z - w_i) (consensus specs,
/// evaluate_polynomial_in_evaluation_form).
Uint256 evaluate(const Elements& values, const Uint256& z) {
    const Field& f = field();
    Elements distances(kElements);
    for (std::size_t i = 0; i < kElements; ++i) {
        if (f.roots()[i] == z) return values[i];
        distances[i] = f.minus(z, f.roots()[i]);
    }
    const Elements inverses = inverses_of(distances);
    Uint256 sum;
    for (std::size_t i = 0; i < kElements; ++i)
        sum = f.plus(sum, f.times(f.times(values[i], f.roots()[i]), inverses[i]));
    const Uint256 numerator = f.minus(f.power(z, Uint256{kElements}), Uint256{1});
    return f.times(f.times(sum, numerator), f.inverse(Uint256{kElements}));
}

bool is_blob_proven(ByteView blob, const KzgBytes& commitment, const KzgBytes& proof) {
    const auto values = read_blob(blob);
    if (!values) return false;
    const Uint256 z = challenge_of(blob, commitment);
    kzg::Opening opening;
    opening.commitment = commitment.as<kzg::Commitment>();
    opening.proof = proof.as<kzg::Proof>();
    store_be256(opening.z.data(), z);
    store_be256(opening.y.data(), evaluate(*values, z));
    return kzg::verify_opening(opening).has_value();
}

bool are_cells_proven(ByteView blob, const KzgBytes& commitment, std::span<const KzgBytes> proofs) {
    std::array<kzg::Proof, kzg::kCellsPerBlob> of_cells;
    for (std::size_t i = 0; i < of_cells.size(); ++i) of_cells[i] = proofs[i].as<kzg::Proof>();
    return kzg::verify_cell_proofs(blob, commitment.as<kzg::Commitment>(), of_cells).has_value();
}

/// Whether the proofs of blob `i` hold; counts agree.
bool is_proven(const BlobSidecar& sidecar, std::size_t i) {
    if (sidecar.version == 0)
        return is_blob_proven(sidecar.blobs[i], sidecar.commitments[i], sidecar.proofs[i]);
    const std::span<const KzgBytes> proofs{sidecar.proofs};
    return are_cells_proven(sidecar.blobs[i], sidecar.commitments[i],
                            proofs.subspan(i * kCellProofsPerBlob, kCellProofsPerBlob));
}

}  // namespace

SidecarVerdict verify_sidecar(std::span<const Hash256> blob_hashes, const BlobSidecar& sidecar) {
    if (sidecar.version > 1) return SidecarVerdict::UnknownVersion;
    const std::size_t proofs_per_blob = sidecar.version == 0 ? 1 : kCellProofsPerBlob;
    const std::size_t count = blob_hashes.size();
    if (sidecar.blobs.size() != count || sidecar.commitments.size() != count ||
        sidecar.proofs.size() != count * proofs_per_blob)
        return SidecarVerdict::Mismatch;
    for (std::size_t i = 0; i < count; ++i) {
        if (sidecar.blobs[i].size() != kBlobBytes) return SidecarVerdict::Mismatch;
        if (kzg::versioned_hash(sidecar.commitments[i].as<kzg::Commitment>()) != blob_hashes[i])
            return SidecarVerdict::Mismatch;
    }
    for (std::size_t i = 0; i < count; ++i)
        if (!is_proven(sidecar, i)) return SidecarVerdict::ProofInvalid;
    return SidecarVerdict::Valid;
}

}  // namespace cairn::chain
