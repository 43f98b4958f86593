// SPDX-License-Identifier: MIT
#include "core/crypto/kzg_cells.hpp"

#include <gtest/gtest.h>

#include "core/crypto/kzg_setup.hpp"
#include "tests/unit/core/crypto/curves/hex_literal.hpp"
#include "tests/unit/core/crypto/curves/kzg_cells_vector.hpp"

namespace cairn::kzg {
namespace {

using curves_test::hex;

constexpr std::string_view kInfinity =
    "c00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000";
constexpr std::string_view kOrder = "73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001";
/// On the curve and outside the subgroup: x = 4.
constexpr std::string_view kOutsideSubgroup =
    "800000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000004";

class KzgCellsTest : public testing::Test {
  protected:
    KzgCellsTest() : blob(kBytesPerBlob), commitment{Commitment::from(hex(kVectorCommitment))} {
        for (std::size_t i = 0; i < kElementsPerBlob; ++i) {
            blob[32 * i + 1] = static_cast<std::uint8_t>(0x5a ^ (i & 0x1f));
            blob[32 * i + 30] = static_cast<std::uint8_t>((i + 1) >> 8);
            blob[32 * i + 31] = static_cast<std::uint8_t>(i + 1);
        }
        for (std::size_t k = 0; k < kCellsPerBlob; ++k) proofs[k] = Proof::from(hex(kVectorProofs[k]));
    }
    [[nodiscard]] Result<void, Error> verdict() const { return verify_cell_proofs(blob, commitment, proofs); }

    Bytes blob;
    Commitment commitment;
    std::array<Proof, kCellsPerBlob> proofs;
};

TEST_F(KzgCellsTest, proofs_of_the_reference_hold) { EXPECT_TRUE(verdict().has_value()); }

TEST_F(KzgCellsTest, the_zero_blob_is_infinity) {
    blob.assign(kBytesPerBlob, 0);
    commitment = Commitment::from(hex(kInfinity));
    proofs.fill(Proof::from(hex(kInfinity)));
    EXPECT_TRUE(verdict().has_value());
    proofs[127] = Proof::from(hex(kVectorProofs[127]));
    EXPECT_EQ(verdict().error(), Error::Mismatch);
}

TEST_F(KzgCellsTest, another_blob_does_not_hold) {
    for (const std::size_t at : {std::size_t{31}, kBytesPerBlob - 1}) {
        blob[at] ^= 1;
        EXPECT_EQ(verdict().error(), Error::Mismatch);
        blob[at] ^= 1;
    }
}

TEST_F(KzgCellsTest, proofs_belong_to_their_cells) {
    for (const std::size_t k : {std::size_t{0}, kCellsPerBlob - 2}) {
        std::swap(proofs[k], proofs[k + 1]);
        EXPECT_EQ(verdict().error(), Error::Mismatch);
        std::swap(proofs[k], proofs[k + 1]);
    }
}

TEST_F(KzgCellsTest, another_commitment_does_not_hold) {
    commitment = Commitment::from(hex(kTauPowersG1[1]));
    EXPECT_EQ(verdict().error(), Error::Mismatch);
}

TEST_F(KzgCellsTest, elements_must_be_below_the_order) {
    const Bytes order = hex(kOrder);
    std::ranges::copy(order, blob.begin());
    EXPECT_EQ(verdict().error(), Error::ScalarRange);
    blob[31] = 0;
    EXPECT_EQ(verdict().error(), Error::Mismatch);
}

TEST_F(KzgCellsTest, points_must_be_of_the_subgroup) {
    const Proof first = proofs[0];
    for (const auto& point : {hex(kOutsideSubgroup), Bytes(48)}) {
        proofs[0] = Proof::from(point);
        EXPECT_EQ(verdict().error(), Error::PointFormat);
    }
    proofs[0] = first;
    commitment = Commitment::from(hex(kOutsideSubgroup));
    EXPECT_EQ(verdict().error(), Error::PointFormat);
}

}  // namespace
}  // namespace cairn::kzg
