// SPDX-License-Identifier: MIT
#include "core/crypto/bn254.hpp"

#include <gtest/gtest.h>

#include "core/crypto/bn254_kernels.hpp"
#include "tests/unit/core/crypto/curves/hex_literal.hpp"

namespace cairn::bn254 {
namespace {

using curves_test::hex;
using curves_test::join;

const Bytes kP = hex("30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47");
const Bytes kPLessOne = hex("30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd46");
const Bytes kOrder = hex("30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001");
const Bytes kZero = Bytes(32);

Bytes number(std::uint8_t x) {
    Bytes out(32);
    out.back() = x;
    return out;
}

const Bytes kG = join(number(1), number(2));
/// −G = (1, p − 2).
const Bytes kMinusG =
    join(number(1), hex("30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd45"));
/// 2G (EIP-196 vectors, "add of 1·G and 1·G").
const Bytes kTwoG = hex("030644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd3"
                        "15ed738c0e0a7c92e7845f96b2ae9c0a68a6a449e3538fc7ff3ebf7a5a18a2c4");
/// The generator of G2 (EIP-197).
const Bytes kG2 = hex("198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"
                      "1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"
                      "090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b"
                      "12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa");
/// On the twist at x = 2 + i, outside the subgroup.
const Bytes kStranger = hex("0000000000000000000000000000000000000000000000000000000000000001"
                            "0000000000000000000000000000000000000000000000000000000000000002"
                            "2b76c179599bb92a963dac85546a005a777f7c13f6a7b75d5918b6b5808f5fde"
                            "101f7278419308b95099eca02dcee0c5381f4d26d1d62313f057167f064101ce");

Bytes scaled(const Bytes& scalar, const Bytes& point = kG) { return to_bytes(mul(join(point, scalar)).value()); }

TEST(Bn254, adds_points) {
    EXPECT_EQ(to_bytes(add(join(kG, kG)).value()), kTwoG);
    EXPECT_EQ(to_bytes(add(join(kG, kMinusG)).value()), Bytes(64));
    EXPECT_EQ(to_bytes(add(join(kG, Bytes(64))).value()), kG);
    EXPECT_EQ(to_bytes(add(join(Bytes(64), kG)).value()), kG);
}

TEST(Bn254, add_continues_short_input_with_zeros_and_cuts_long_input) {
    EXPECT_EQ(to_bytes(add({}).value()), Bytes(64));
    EXPECT_EQ(to_bytes(add(kG).value()), kG);
    EXPECT_EQ(to_bytes(add(join(kG, kG, Bytes{0xff})).value()), kTwoG);
    // Every cut but those that leave whole points takes a coordinate off its curve, or leaves the second point zero.
    const Bytes whole = join(kG, kG);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto sum = add(ByteView{whole}.first(size));
        if (size < 32 || size == 64) {
            ASSERT_TRUE(sum.has_value()) << size;
        } else if (size < 64 || size >= 96) {
            ASSERT_FALSE(sum.has_value()) << size;
            ASSERT_EQ(sum.error(), Error::NotOnCurve) << size;
        }
    }
}

TEST(Bn254, multiplies_points) {
    EXPECT_EQ(scaled(number(2)), kTwoG);
    EXPECT_EQ(scaled(kZero), Bytes(64));
    EXPECT_EQ(scaled(number(1)), kG);
    EXPECT_EQ(scaled(kOrder), Bytes(64));
    EXPECT_EQ(scaled(number(9), Bytes(64)), Bytes(64));
    EXPECT_EQ(to_bytes(mul(join(kG, number(2), Bytes{1})).value()), kTwoG);
    EXPECT_EQ(to_bytes(mul(kG).value()), Bytes(64));
}

TEST(Bn254, coordinates_at_the_modulus_are_refused) {
    for (const auto& input : {join(kP, number(2)), join(number(1), kP), join(kG, kP, kZero), join(kG, kZero, kP)})
        EXPECT_EQ(add(input).error(), Error::Coordinate);
    EXPECT_EQ(add(join(kPLessOne, number(2))).error(), Error::NotOnCurve);
    EXPECT_EQ(add(join(number(1), kPLessOne)).error(), Error::NotOnCurve);
    EXPECT_EQ(mul(join(kP, kZero, number(1))).error(), Error::Coordinate);
    EXPECT_EQ(mul(join(number(1), number(3), number(1))).error(), Error::NotOnCurve);
}

TEST(Bn254, pairing_of_nothing_is_one) { EXPECT_TRUE(pairing_check({}).value()); }

TEST(Bn254, pairing_is_bilinear) {
    EXPECT_FALSE(pairing_check(join(kG, kG2)).value());
    EXPECT_TRUE(pairing_check(join(kG, kG2, kMinusG, kG2)).value());
    EXPECT_FALSE(pairing_check(join(kG, kG2, kG, kG2)).value());
    // e(5G, Q)·e(7G, Q)·e(−12G, Q) = 1.
    const Bytes minus12 = scaled(number(12), kMinusG);
    EXPECT_TRUE(pairing_check(join(scaled(number(5)), kG2, scaled(number(7)), kG2, minus12, kG2)).value());
    EXPECT_FALSE(pairing_check(join(scaled(number(5)), kG2, scaled(number(8)), kG2, minus12, kG2)).value());
}

TEST(Bn254, pairs_with_infinity_count_as_one) {
    const Bytes none1(64);
    const Bytes none2(128);
    EXPECT_TRUE(pairing_check(join(none1, kG2)).value());
    EXPECT_TRUE(pairing_check(join(kG, none2)).value());
    EXPECT_TRUE(pairing_check(join(none1, none2)).value());
    EXPECT_TRUE(pairing_check(join(kG, kG2, none1, kG2, kMinusG, kG2, kG, none2)).value());
    EXPECT_FALSE(pairing_check(join(none1, kG2, kG, kG2)).value());
}

TEST(Bn254, many_pairs_span_several_loops) {
    // k pairs (G, Q) and one (−kG, Q), around the number of pairs that share a Miller loop.
    for (const std::uint8_t k : {14, 15, 16, 17, 31, 32}) {
        Bytes input;
        for (unsigned i = 0; i < k; ++i) input = join(input, kG, kG2);
        EXPECT_FALSE(pairing_check(input).value());
        EXPECT_TRUE(pairing_check(join(input, scaled(number(k), kMinusG), kG2)).value()) << unsigned{k};
    }
}

TEST(Bn254, pairing_refuses_other_lengths) {
    const Bytes pair = join(kG, kG2);
    for (std::size_t size = 1; size < pair.size(); ++size)
        EXPECT_EQ(pairing_check(ByteView{pair}.first(size)).error(), Error::InputLength);
    EXPECT_EQ(pairing_check(join(pair, Bytes{0})).error(), Error::InputLength);
}

TEST(Bn254, pairing_refuses_bad_points) {
    EXPECT_EQ(pairing_check(join(kP, kZero, kG2)).error(), Error::Coordinate);
    EXPECT_EQ(pairing_check(join(kG, kP, kZero, kZero, kZero)).error(), Error::Coordinate);
    EXPECT_EQ(pairing_check(join(kG, kZero, kP, kZero, kZero)).error(), Error::Coordinate);
    EXPECT_EQ(pairing_check(join(kG, kZero, kZero, kP, kZero)).error(), Error::Coordinate);
    EXPECT_EQ(pairing_check(join(kG, kZero, kZero, kZero, kP)).error(), Error::Coordinate);
    EXPECT_EQ(pairing_check(join(number(1), number(1), kG2)).error(), Error::NotOnCurve);
    EXPECT_EQ(pairing_check(join(kG, number(1), kZero, kZero, kZero)).error(), Error::NotOnCurve);
    EXPECT_EQ(pairing_check(join(kG, kStranger)).error(), Error::NotInSubgroup);
    EXPECT_EQ(pairing_check(join(Bytes(64), kStranger)).error(), Error::NotInSubgroup);
    EXPECT_EQ(pairing_check(join(kG, kG2, kMinusG, kStranger)).error(), Error::NotInSubgroup);
}

TEST(Bn254, both_versions_agree) {
    const Kernels* adx = adx_kernels();
    if (adx == nullptr) GTEST_SKIP() << "the processor lacks BMI2 or ADX";
    const Kernels& portable = portable_kernels();
    Bytes point = kG;
    for (std::uint8_t i = 1; i < 40; ++i) {
        // A scalar of full length that changes every byte.
        Bytes scalar(32);
        for (std::size_t j = 0; j < scalar.size(); ++j) scalar[j] = static_cast<std::uint8_t>(i * 37 + j * 101 + (i * j) % 7);
        const Bytes mul_input = join(point, scalar);
        Bytes a(64);
        Bytes b(64);
        ASSERT_EQ(portable.mul(mul_input.data(), a.data()), Status::Ok);
        ASSERT_EQ(adx->mul(mul_input.data(), b.data()), Status::Ok);
        ASSERT_EQ(a, b);
        const Bytes add_input = join(point, a);
        ASSERT_EQ(portable.add(add_input.data(), a.data()), Status::Ok);
        ASSERT_EQ(adx->add(add_input.data(), b.data()), Status::Ok);
        ASSERT_EQ(a, b);
        point = a;
    }
    const Bytes one = join(kG, kG2, kMinusG, kG2);
    const Bytes other = join(point, kG2, kMinusG, kG2);
    for (const Kernels* k : {&portable, adx}) {
        bool is_one = false;
        ASSERT_EQ(k->pairing(one.data(), 2, &is_one), Status::Ok);
        EXPECT_TRUE(is_one);
        ASSERT_EQ(k->pairing(other.data(), 2, &is_one), Status::Ok);
        EXPECT_FALSE(is_one);
    }
}

}  // namespace
}  // namespace cairn::bn254
