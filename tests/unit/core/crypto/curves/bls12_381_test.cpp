// SPDX-License-Identifier: MIT
#include "core/crypto/bls12_381.hpp"

#include <gtest/gtest.h>

#include "tests/unit/core/crypto/curves/hex_literal.hpp"

namespace cairn::bls12_381 {
namespace {

using curves_test::hex;
using curves_test::join;

/// A field element with its sixteen leading zero bytes.
Bytes element(std::string_view digits) { return join(Bytes(16), hex(digits)); }

const Bytes kModulus = element(
    "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab");
const Bytes kModulusLessOne = element(
    "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaaa");
/// The order of both subgroups.
const Bytes kOrder = hex("73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001");
// The generators (EIP-2537, "Curve parameters").
const Bytes kG1 = join(
    element("17f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb"),
    element("08b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5e7e1"));
const Bytes kMinusG1 = join(
    element("17f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb"),
    element("114d1d6855d545a8aa7d76c8cf2e21f267816aef1db507c96655b9d5caac42364e6f38ba0ecb751bad54dcd6b939c2ca"));
const Bytes kG2 = join(
    element("024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8"),
    element("13e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"),
    element("0ce5d527727d6e118cc9cdc6da2e351aadfd9baa8cbdd3a76d429a695160d12c923ac9cc3baca289e193548608b82801"),
    element("0606c4a02ea734cc32acd2b02bc28b99cb3e287e85a763af267492ab572e99ab3f370d275cec1da1aaa9075ff05f79be"));
// On their curves and outside the subgroups (go-ethereum, fail-blsG1Mul and fail-blsG2MultiExp).
const Bytes kStranger1 = join(
    element("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"),
    element("193fb7cedb32b2c3adc06ec11a96bc0d661869316f5e4a577a9f7c179593987beb4fb2ee424dbb2f5dd891e228b46c4a"));
const Bytes kStranger2 = join(
    element("197bfd0342bbc8bee2beced2f173e1a87be576379b343e93232d6cef98d84b1d696e5612ff283ce2cfdccb2cfb65fa0c"),
    element("184e811f55e6f9d84d77d2f79102fd7ea7422f4759df5bf7f6331d550245e3f1bcf6a30e3b29110d85e0ca16f9f6ae7a"),
    element("0f10e1eb3c1e53d2ad9cf2d398b2dc22c5842fab0a74b174f691a7e914975da3564d835cd7d2982815b8ac57f507348f"),
    element("0767d1c453890f1b9110fda82f5815c27281aba3f026ee868e4176a0654feea41a96575e0c4d58a14dbfbcc05b5010b1"));
const Bytes kNone1(kG1Bytes);
const Bytes kNone2(kG2Bytes);

Bytes scalar(std::uint8_t x) {
    Bytes out(kScalarBytes);
    out.back() = x;
    return out;
}

Bytes order_plus(std::uint8_t x) {
    Bytes out = kOrder;
    out.back() = static_cast<std::uint8_t>(out.back() + x);
    return out;
}

template <class Encoding>
Bytes bytes(const Result<Encoding, Error>& result) {
    return to_bytes(result.value());
}

TEST(Bls12381, additions_know_infinity_and_inverses) {
    EXPECT_EQ(bytes(g1_add(join(kG1, kNone1))), kG1);
    EXPECT_EQ(bytes(g1_add(join(kNone1, kG1))), kG1);
    EXPECT_EQ(bytes(g1_add(join(kG1, kMinusG1))), kNone1);
    EXPECT_EQ(bytes(g1_add(join(kG1, kG1))), bytes(g1_msm(join(kG1, scalar(2)))));
    EXPECT_EQ(bytes(g2_add(join(kG2, kNone2))), kG2);
    EXPECT_EQ(bytes(g2_add(join(kNone2, kNone2))), kNone2);
    EXPECT_EQ(bytes(g2_add(join(kG2, kG2))), bytes(g2_msm(join(kG2, scalar(2)))));
}

TEST(Bls12381, additions_take_points_outside_the_subgroup) {
    EXPECT_EQ(bytes(g1_add(join(kStranger1, kNone1))), kStranger1);
    EXPECT_EQ(bytes(g2_add(join(kNone2, kStranger2))), kStranger2);
}

TEST(Bls12381, scalars_wrap_at_the_order) {
    EXPECT_EQ(bytes(g1_msm(join(kG1, kOrder))), kNone1);
    EXPECT_EQ(bytes(g1_msm(join(kG1, order_plus(1)))), kG1);
    EXPECT_EQ(bytes(g1_msm(join(kG1, scalar(0)))), kNone1);
    EXPECT_EQ(bytes(g1_msm(join(kNone1, scalar(5)))), kNone1);
    EXPECT_EQ(bytes(g2_msm(join(kG2, order_plus(3)))), bytes(g2_msm(join(kG2, scalar(3)))));
    EXPECT_EQ(bytes(g2_msm(join(kG2, kOrder))), kNone2);
    EXPECT_EQ(bytes(g1_msm(join(kG1, Bytes(32, 0xff), kMinusG1, Bytes(32, 0xff)))), kNone1);
}

TEST(Bls12381, sums_agree_with_single_products) {
    // Equal, opposite and absent terms among others, at sizes on both sides of blst's change of method.
    for (const std::size_t terms : {2U, 3U, 8U, 9U, 40U, 200U}) {
        Bytes input1;
        Bytes input2;
        Bytes sum1 = kNone1;
        Bytes sum2 = kNone2;
        for (std::size_t i = 0; i < terms; ++i) {
            Bytes u(kFp2Bytes);
            u[kFpBytes - 1] = static_cast<std::uint8_t>(i % 5);
            const Bytes p = i % 7 == 3 ? kNone1 : bytes(map_fp_to_g1(ByteView{u}.first(kFpBytes)));
            const Bytes q = i % 7 == 4 ? kNone2 : bytes(map_fp2_to_g2(u));
            const Bytes k = i % 11 == 5 ? kOrder : Bytes(32, static_cast<std::uint8_t>(i * 29));
            input1 = join(input1, p, k);
            input2 = join(input2, q, k);
            sum1 = bytes(g1_add(join(sum1, bytes(g1_msm(join(p, k))))));
            sum2 = bytes(g2_add(join(sum2, bytes(g2_msm(join(q, k))))));
        }
        EXPECT_EQ(bytes(g1_msm(input1)), sum1) << terms;
        EXPECT_EQ(bytes(g2_msm(input2)), sum2) << terms;
    }
}

TEST(Bls12381, pairing_is_bilinear) {
    EXPECT_FALSE(pairing_check(join(kG1, kG2)).value());
    EXPECT_TRUE(pairing_check(join(kG1, kG2, kMinusG1, kG2)).value());
    const Bytes three = bytes(g1_msm(join(kG1, scalar(3))));
    const Bytes minus6 = bytes(g1_msm(join(kMinusG1, scalar(6))));
    const Bytes two = bytes(g2_msm(join(kG2, scalar(2))));
    EXPECT_TRUE(pairing_check(join(three, two, minus6, kG2)).value());
    EXPECT_FALSE(pairing_check(join(three, kG2, minus6, kG2)).value());
}

TEST(Bls12381, pairs_with_infinity_count_as_one) {
    EXPECT_TRUE(pairing_check(join(kNone1, kG2)).value());
    EXPECT_TRUE(pairing_check(join(kG1, kNone2)).value());
    EXPECT_TRUE(pairing_check(join(kG1, kG2, kNone1, kG2, kMinusG1, kG2, kG1, kNone2)).value());
    EXPECT_FALSE(pairing_check(join(kNone1, kG2, kG1, kG2)).value());
}

TEST(Bls12381, many_pairs_are_all_counted) {
    Bytes input;
    for (int i = 0; i < 17; ++i) input = join(input, kG1, kG2);
    EXPECT_FALSE(pairing_check(input).value());
    EXPECT_TRUE(pairing_check(join(input, bytes(g1_msm(join(kMinusG1, scalar(17)))), kG2)).value());
}

/// An operation with its input's length; what a length off by a byte brings is the same for all.
struct Operation {
    const char* name;
    std::size_t length;
    bool takes_multiples;
    std::optional<Error> (*error)(ByteView);
};

template <auto F>
std::optional<Error> error_of(ByteView input) {
    const auto result = F(input);
    return result ? std::nullopt : std::optional{result.error()};
}

constexpr Operation kOperations[] = {
    {"g1_add", 2 * kG1Bytes, false, error_of<g1_add>},
    {"g2_add", 2 * kG2Bytes, false, error_of<g2_add>},
    {"g1_msm", kG1TermBytes, true, error_of<g1_msm>},
    {"g2_msm", kG2TermBytes, true, error_of<g2_msm>},
    {"pairing_check", kPairBytes, true, error_of<pairing_check>},
    {"map_fp_to_g1", kFpBytes, false, error_of<map_fp_to_g1>},
    {"map_fp2_to_g2", kFp2Bytes, false, error_of<map_fp2_to_g2>},
};

TEST(Bls12381, other_lengths_are_refused) {
    for (const auto& op : kOperations) {
        SCOPED_TRACE(op.name);
        for (std::size_t size = 0; size < op.length; ++size)
            ASSERT_EQ(op.error(Bytes(size)), Error::InputLength) << size;
        EXPECT_EQ(op.error(Bytes(op.length)), std::nullopt) << "zero is an element, and infinity as a point";
        EXPECT_EQ(op.error(Bytes(op.length + 1)), Error::InputLength);
        if (op.takes_multiples) {
            EXPECT_EQ(op.error(Bytes(2 * op.length)), std::nullopt);
        } else {
            EXPECT_EQ(op.error(Bytes(2 * op.length)), Error::InputLength);
        }
    }
}

TEST(Bls12381, elements_at_the_modulus_and_full_top_bytes_are_refused) {
    for (const auto& op : kOperations) {
        const std::size_t elements = op.length / kFpBytes;  // a scalar is half of one, and left out
        for (std::size_t i = 0; i < elements; ++i) {
            SCOPED_TRACE(std::string{op.name} + ", element " + std::to_string(i));
            Bytes input(op.length);
            const auto at = input.begin() + static_cast<std::ptrdiff_t>(i * kFpBytes);
            std::copy(kModulus.begin(), kModulus.end(), at);
            EXPECT_EQ(op.error(input), Error::FieldElement);
            std::copy(kModulusLessOne.begin(), kModulusLessOne.end(), at);
            EXPECT_NE(op.error(input), Error::FieldElement);
            for (std::ptrdiff_t top = 0; top < 16; ++top) {
                Bytes full = input;
                *(full.begin() + static_cast<std::ptrdiff_t>(i * kFpBytes) + top) = 1;
                EXPECT_EQ(op.error(full), Error::FieldTopBytes);
            }
        }
    }
}

TEST(Bls12381, points_off_the_curve_are_refused) {
    Bytes off1 = kG1;
    ++off1.back();
    Bytes off2 = kG2;
    ++off2.back();
    EXPECT_EQ(g1_add(join(off1, kG1)).error(), Error::NotOnCurve);
    EXPECT_EQ(g1_add(join(kG1, off1)).error(), Error::NotOnCurve);
    EXPECT_EQ(g2_add(join(off2, kG2)).error(), Error::NotOnCurve);
    EXPECT_EQ(g2_add(join(kG2, off2)).error(), Error::NotOnCurve);
    EXPECT_EQ(g1_msm(join(kG1, scalar(1), off1, scalar(0))).error(), Error::NotOnCurve);
    EXPECT_EQ(g2_msm(join(kG2, scalar(1), off2, scalar(0))).error(), Error::NotOnCurve);
    EXPECT_EQ(pairing_check(join(off1, kNone2)).error(), Error::NotOnCurve);
    EXPECT_EQ(pairing_check(join(kNone1, off2)).error(), Error::NotOnCurve);
}

TEST(Bls12381, points_outside_the_subgroup_are_refused) {
    EXPECT_EQ(g1_msm(join(kStranger1, scalar(0))).error(), Error::G1Subgroup);
    EXPECT_EQ(g1_msm(join(kG1, scalar(1), kStranger1, scalar(1))).error(), Error::G1Subgroup);
    EXPECT_EQ(g2_msm(join(kStranger2, scalar(0))).error(), Error::G2Subgroup);
    EXPECT_EQ(pairing_check(join(kStranger1, kNone2)).error(), Error::G1Subgroup);
    EXPECT_EQ(pairing_check(join(kNone1, kStranger2)).error(), Error::G2Subgroup);
    EXPECT_EQ(pairing_check(join(kStranger1, kStranger2)).error(), Error::G1Subgroup);
}

TEST(Bls12381, mapped_points_lie_in_the_subgroups) {
    for (std::uint8_t i = 0; i < 8; ++i) {
        Bytes u(kFp2Bytes);
        u[kFpBytes - 1] = i;
        u[kFp2Bytes - 1] = static_cast<std::uint8_t>(3 * i);
        const Bytes p = bytes(map_fp_to_g1(ByteView{u}.first(kFpBytes)));
        const Bytes q = bytes(map_fp2_to_g2(u));
        EXPECT_EQ(bytes(g1_msm(join(p, scalar(1)))), p);
        EXPECT_EQ(bytes(g2_msm(join(q, scalar(1)))), q);
    }
}

}  // namespace
}  // namespace cairn::bls12_381
