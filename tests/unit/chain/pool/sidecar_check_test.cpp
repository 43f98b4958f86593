// SPDX-License-Identifier: MIT
#include "chain/pool/sidecar_check.hpp"

#include <gtest/gtest.h>

#include "core/base/hex.hpp"
#include "core/crypto/kzg.hpp"
#include "core/math/modulus.hpp"

namespace cairn::chain {
namespace {

// G1's generator and the point at infinity, compressed (BLS12-381 specification).
const char* const kGenerator =
    "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6"
    "bb";
const char* const kInfinity =
    "c000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "00";
// [tau]1 of the mainnet ceremony (consensus specs, trusted_setup_4096.json, second g1_monomial).
const char* const kTau =
    "ad3eb50121139aa34db1d545093ac9374ab7bca2c0f3bf28e27c8dcd8fc7cb42d25926fc0c97b336e9f0fb35e5a04c"
    "81";

KzgBytes point(const char* hex) {
    return *fixed_from_hex<KzgBytes>(hex);
}

Bytes blob_of(const std::vector<Uint256>& values) {
    Bytes out(kBlobBytes);
    for (std::size_t i = 0; i < values.size(); ++i) store_be256(out.data() + 32 * i, values[i]);
    return out;
}

/// The polynomial X: its values are the roots of unity themselves, in bit-reversed order; its
/// commitment is [tau]1, and whatever the point, the quotient of an opening is 1.
Bytes identity_blob() {
    // Consensus specs: 7^((r-1)/4096) mod r is the generator of the subgroup.
    const Uint256 order{0xffffffff00000001, 0x53bda402fffe5bfe, 0x3339d80809a1d805,
                        0x73eda753299d7d48};
    const Modulus field{order};
    Uint256 root{1};
    Uint256 base{7};
    for (Uint256 e = (order - Uint256{1}) / Uint256{4096}; !e.is_zero(); e = e >> 1) {
        if (e.bit(0)) root = field.mulmod(root, base);
        base = field.mulmod(base, base);
    }
    std::vector<Uint256> values(4096);
    Uint256 power{1};
    for (std::uint32_t i = 0; i < 4096; ++i) {
        std::uint32_t reversed = 0;
        for (unsigned bit = 0; bit < 12; ++bit) reversed |= (i >> bit & 1) << (11 - bit);
        values[reversed] = power;
        power = field.mulmod(power, root);
    }
    return blob_of(values);
}

class SidecarCheckTest : public testing::Test {
protected:
    void add(Bytes blob, const char* commitment, const char* proof) {
        sidecar.blobs.push_back(std::move(blob));
        sidecar.commitments.push_back(point(commitment));
        sidecar.proofs.push_back(point(proof));
        hashes.push_back(kzg::versioned_hash(point(commitment).as<kzg::Commitment>()));
    }
    [[nodiscard]] SidecarVerdict verdict() const { return verify_sidecar(hashes, sidecar); }

    BlobSidecar sidecar;
    std::vector<Hash256> hashes;
};

TEST_F(SidecarCheckTest, constant_polynomials) {
    add(blob_of({}), kInfinity, kInfinity);
    add(blob_of(std::vector<Uint256>(4096, Uint256{1})), kGenerator, kInfinity);
    EXPECT_EQ(verdict(), SidecarVerdict::Valid);
}

TEST_F(SidecarCheckTest, the_polynomial_x) {
    add(identity_blob(), kTau, kGenerator);
    EXPECT_EQ(verdict(), SidecarVerdict::Valid);
}

TEST_F(SidecarCheckTest, another_blob_or_proof_does_not_hold) {
    Bytes blob = identity_blob();
    blob[31] ^= 1;
    add(blob, kTau, kGenerator);
    EXPECT_EQ(verdict(), SidecarVerdict::ProofInvalid);
    sidecar.blobs[0] = identity_blob();
    EXPECT_EQ(verdict(), SidecarVerdict::Valid);
    sidecar.proofs[0] = point(kInfinity);
    EXPECT_EQ(verdict(), SidecarVerdict::ProofInvalid);
}

TEST_F(SidecarCheckTest, elements_outside_the_field_are_refused) {
    add(blob_of({Uint256::max()}), kInfinity, kInfinity);
    EXPECT_EQ(verdict(), SidecarVerdict::ProofInvalid);
}

TEST_F(SidecarCheckTest, counts_and_hashes_must_agree) {
    add(blob_of({}), kInfinity, kInfinity);
    hashes[0].bytes[5] ^= 1;
    EXPECT_EQ(verdict(), SidecarVerdict::Mismatch);
    hashes[0].bytes[5] ^= 1;
    hashes.push_back(hashes[0]);
    EXPECT_EQ(verdict(), SidecarVerdict::Mismatch);
    hashes.pop_back();
    sidecar.proofs.clear();
    EXPECT_EQ(verdict(), SidecarVerdict::Mismatch);
}

TEST_F(SidecarCheckTest, version_1_has_a_proof_for_each_cell) {
    add(blob_of({}), kInfinity, kInfinity);
    // The polynomial X is of lower degree than a cell has values: every quotient is 0.
    add(identity_blob(), kTau, kInfinity);
    sidecar.version = 1;
    EXPECT_EQ(verdict(), SidecarVerdict::Mismatch);
    sidecar.proofs.assign(2 * kCellProofsPerBlob, point(kInfinity));
    EXPECT_EQ(verdict(), SidecarVerdict::Valid);
    sidecar.proofs.back() = point(kGenerator);
    EXPECT_EQ(verdict(), SidecarVerdict::ProofInvalid);
    sidecar.proofs.pop_back();
    EXPECT_EQ(verdict(), SidecarVerdict::Mismatch);
}

TEST_F(SidecarCheckTest, other_versions_are_not_known) {
    add(blob_of({}), kInfinity, kInfinity);
    sidecar.version = 2;
    EXPECT_EQ(verdict(), SidecarVerdict::UnknownVersion);
}

}  // namespace
}  // namespace cairn::chain
