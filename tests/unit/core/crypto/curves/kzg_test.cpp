// SPDX-License-Identifier: MIT
#include "core/crypto/kzg.hpp"

#include <gtest/gtest.h>

#include "tests/unit/core/crypto/curves/hex_literal.hpp"

namespace cairn::kzg {
namespace {

using curves_test::hex;

template <class T>
T fixed(std::string_view digits) {
    return T::from(hex(digits));
}

/// go-ethereum's vector "pointEvaluation1".
const Opening kOpening = {
    .commitment = fixed<Commitment>(
        "8f59a8d2a1a625a17f3fea0fe5eb8c896db3764f3185481bc22f91b4aaffcca25f26936857bc3a7c2539ea8ec3a952b7"),
    .z = fixed<Scalar>("564c0a11a0f704f4fc3e8acfe0f8245f0ad1347b378fbf96e206da11a5d36306"),
    .y = fixed<Scalar>("24d25032e67a7e6a4910df5834b8fe70e6bcfeeac0352434196bdf4b2485d5a1"),
    .proof = fixed<Proof>(
        "873033e038326e87ed3e1276fd140253fa08e9fc25fb2d9a98527fc22a2c9612fbeafdad446cbc7bcdbdcd780af2c16a"),
};
constexpr std::string_view kGenerator =
    "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb";
constexpr std::string_view kInfinity =
    "c00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000";
/// [tau]1: the second g1_monomial entry of the mainnet ceremony's trusted setup.
constexpr std::string_view kTauG1 =
    "ad3eb50121139aa34db1d545093ac9374ab7bca2c0f3bf28e27c8dcd8fc7cb42d25926fc0c97b336e9f0fb35e5a04c81";
constexpr std::string_view kOrder = "73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001";
constexpr std::string_view kOrderLessOne = "73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000000";

Scalar small(std::uint8_t x) {
    Scalar out;
    out.bytes[31] = x;
    return out;
}

TEST(Kzg, versioned_hash_of_the_vector) {
    EXPECT_EQ(to_hex(versioned_hash(kOpening.commitment)),
              "01e798154708fe7789429634053cbf9f99b619f9f084048927333fce637f549b");
}

TEST(Kzg, opening_of_the_vector_holds) { EXPECT_TRUE(verify_opening(kOpening).has_value()); }

TEST(Kzg, changed_openings_do_not_hold) {
    Opening o = kOpening;
    o.y.bytes[31] ^= 1;
    EXPECT_EQ(verify_opening(o).error(), Error::Mismatch);
    o = kOpening;
    o.z.bytes[31] ^= 1;
    EXPECT_EQ(verify_opening(o).error(), Error::Mismatch);
    o = kOpening;
    o.commitment = fixed<Commitment>(kGenerator);
    EXPECT_EQ(verify_opening(o).error(), Error::Mismatch);
    o = kOpening;
    o.proof = fixed<Proof>(kGenerator);
    EXPECT_EQ(verify_opening(o).error(), Error::Mismatch);
    o = kOpening;
    o.proof.bytes[0] ^= 0x20;  // the point's negative
    EXPECT_EQ(verify_opening(o).error(), Error::Mismatch);
}

TEST(Kzg, constant_polynomials_have_infinity_as_proof) {
    Opening o = {fixed<Commitment>(kGenerator), small(17), small(1), fixed<Proof>(kInfinity)};
    EXPECT_TRUE(verify_opening(o).has_value());
    o.y = small(2);
    EXPECT_EQ(verify_opening(o).error(), Error::Mismatch);
    o = {fixed<Commitment>(kInfinity), small(17), small(0), fixed<Proof>(kInfinity)};
    EXPECT_TRUE(verify_opening(o).has_value());
}

TEST(Kzg, the_identity_polynomial_opens_to_its_argument) {
    // f(X) = X: (f(X) − z)/(X − z) = 1.
    Opening o = {fixed<Commitment>(kTauG1), small(5), small(5), fixed<Proof>(kGenerator)};
    EXPECT_TRUE(verify_opening(o).has_value());
    o.z = o.y = fixed<Scalar>(kOrderLessOne);
    EXPECT_TRUE(verify_opening(o).has_value());
    o.z = o.y = small(0);
    EXPECT_TRUE(verify_opening(o).has_value());
    o.y = small(1);
    EXPECT_EQ(verify_opening(o).error(), Error::Mismatch);
}

TEST(Kzg, scalars_at_the_order_are_refused) {
    Opening o = kOpening;
    o.z = fixed<Scalar>(kOrder);
    EXPECT_EQ(verify_opening(o).error(), Error::ScalarRange);
    o = kOpening;
    o.y = fixed<Scalar>(kOrder);
    EXPECT_EQ(verify_opening(o).error(), Error::ScalarRange);
    o = kOpening;
    o.y = fixed<Scalar>(kOrderLessOne);
    EXPECT_EQ(verify_opening(o).error(), Error::Mismatch);
}

TEST(Kzg, malformed_points_are_refused) {
    // Not compressed; infinity with a stray bit; x = 0 and x = 4 with p's curve but outside the subgroup; x ≥ p.
    const std::string_view bad[] = {
        "17f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb",
        "c00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001",
        "800000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
        "800000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000004",
        "9a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab",
    };
    for (const auto digits : bad) {
        Opening o = kOpening;
        o.commitment = fixed<Commitment>(digits);
        EXPECT_EQ(verify_opening(o).error(), Error::PointFormat) << digits;
        o = kOpening;
        o.proof = fixed<Proof>(digits);
        EXPECT_EQ(verify_opening(o).error(), Error::PointFormat) << digits;
    }
}

}  // namespace
}  // namespace cairn::kzg
