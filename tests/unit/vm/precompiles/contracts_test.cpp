// SPDX-License-Identifier: MIT
#include "vm/precompiles/contracts.hpp"

#include <gtest/gtest.h>

#include "core/base/hex.hpp"

namespace cairn::vm::precompiles {
namespace {

constexpr auto kLatest = kLatestRevision;

Bytes hex(std::string_view digits) { return from_hex(digits).value(); }

/// Result of a contract that must accept.
template <auto Run>
Bytes accepted(ByteView input, Revision revision = kLatest) {
    Bytes output;
    EXPECT_TRUE(Run(input, revision, output).has_value());
    return output;
}

/// Reason of a contract that must refuse.
template <auto Run>
Error refused(ByteView input, Revision revision = kLatest) {
    Bytes output;
    return Run(input, revision, output).error();
}

/// go-ethereum's vector "ValidKey".
const Bytes kSigned = hex(
    "18c547e4f7b0f325ad1e56f57e26c745b09a3e503d86e00e5255ff7f715d3d1c"
    "000000000000000000000000000000000000000000000000000000000000001c"
    "73b1693892219d736caba55bdb67216e485557ea6b6af75f37096c9aa6a5a75f"
    "eeb940b1d03b21e36b0e47e79769f095fe2ab855bd91e3a38756b7d75a9c4549");
const Bytes kSigner = hex("000000000000000000000000a94f5374fce5edbc8e2a8697c15331677e6ebf0b");

TEST(Ecrecover, gives_the_signer_and_ignores_what_follows) {
    EXPECT_EQ(gas_ecrecover(kSigned, kLatest), 3000);
    EXPECT_EQ(accepted<run_ecrecover>(kSigned), kSigner);
    Bytes longer = kSigned;
    longer.push_back(0xff);
    EXPECT_EQ(accepted<run_ecrecover>(longer), kSigner);
}

TEST(Ecrecover, gives_nothing_for_another_v_or_a_cut_input) {
    for (const int v : {0, 1, 26, 29, 30, 255}) {
        Bytes input = kSigned;
        input[63] = static_cast<std::uint8_t>(v);
        EXPECT_TRUE(accepted<run_ecrecover>(input).empty()) << v;
    }
    for (std::size_t i = 32; i < 63; ++i) {
        Bytes input = kSigned;
        input[i] = 1;
        EXPECT_TRUE(accepted<run_ecrecover>(input).empty()) << "v has a high byte";
    }
    for (std::size_t size = 0; size < 96; ++size)
        EXPECT_TRUE(accepted<run_ecrecover>(ByteView{kSigned}.first(size)).empty());
    Bytes zero_r = kSigned;
    std::fill(zero_r.begin() + 64, zero_r.begin() + 96, std::uint8_t{0});
    EXPECT_TRUE(accepted<run_ecrecover>(zero_r).empty());
}

TEST(HashContracts, digest_the_empty_input) {
    EXPECT_EQ(accepted<run_sha256>({}), hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    EXPECT_EQ(accepted<run_ripemd160>({}), hex("0000000000000000000000009c1185a5c5e9fc54612808977ee8f548b2258d31"));
}

TEST(HashContracts, prices_rise_with_each_word) {
    for (const auto& [size, words] : {std::pair{0, 0}, {1, 1}, {31, 1}, {32, 1}, {33, 2}, {64, 2}, {65, 3}}) {
        const Bytes input(static_cast<std::size_t>(size));
        EXPECT_EQ(gas_sha256(input, kLatest), 60 + 12 * words);
        EXPECT_EQ(gas_ripemd160(input, kLatest), 600 + 120 * words);
        EXPECT_EQ(gas_identity(input, kLatest), 15 + 3 * words);
    }
}

TEST(Bn254Contracts, prices_fall_at_istanbul) {
    const Bytes three_pairs(3 * 192);
    EXPECT_EQ(gas_bn254_add({}, Revision::Byzantium), 500);
    EXPECT_EQ(gas_bn254_add({}, Revision::Petersburg), 500);
    EXPECT_EQ(gas_bn254_add({}, Revision::Istanbul), 150);
    EXPECT_EQ(gas_bn254_mul({}, Revision::Petersburg), 40'000);
    EXPECT_EQ(gas_bn254_mul({}, Revision::Istanbul), 6'000);
    EXPECT_EQ(gas_bn254_pairing(three_pairs, Revision::Petersburg), 100'000 + 3 * 80'000);
    EXPECT_EQ(gas_bn254_pairing(three_pairs, Revision::Istanbul), 45'000 + 3 * 34'000);
    EXPECT_EQ(gas_bn254_pairing({}, Revision::Istanbul), 45'000);
}

TEST(Bn254Contracts, name_their_reasons) {
    EXPECT_EQ(refused<run_bn254_add>(Bytes(32, 0xff)), Error::Bn254Coordinate);
    EXPECT_EQ(refused<run_bn254_mul>(Bytes(1, 1)), Error::Bn254NotOnCurve);
    EXPECT_EQ(refused<run_bn254_pairing>(Bytes(191)), Error::PairingLength);
    const Bytes stranger = hex("0000000000000000000000000000000000000000000000000000000000000001"
                               "0000000000000000000000000000000000000000000000000000000000000002"
                               "2b76c179599bb92a963dac85546a005a777f7c13f6a7b75d5918b6b5808f5fde"
                               "101f7278419308b95099eca02dcee0c5381f4d26d1d62313f057167f064101ce");
    Bytes pair(64);
    append(pair, stranger);
    EXPECT_EQ(refused<run_bn254_pairing>(pair), Error::Bn254NotInSubgroup);
    Bytes one(32);
    one.back() = 1;
    EXPECT_EQ(accepted<run_bn254_pairing>({}), one);
}

TEST(Blake2f, price_is_the_number_of_rounds) {
    Bytes input(213);
    store_be32(input.data(), 0xffffffff);
    EXPECT_EQ(gas_blake2f(input, kLatest), 0xffffffff);
    store_be32(input.data(), 12);
    EXPECT_EQ(gas_blake2f(input, kLatest), 12);
    EXPECT_EQ(gas_blake2f(ByteView{input}.first(212), kLatest), 0);
    EXPECT_EQ(gas_blake2f({}, kLatest), 0);
}

TEST(Blake2f, refuses_other_lengths_and_flags) {
    Bytes input(213);
    EXPECT_EQ(accepted<run_blake2f>(input).size(), 64U);
    for (std::size_t size = 0; size < input.size(); ++size)
        ASSERT_EQ(refused<run_blake2f>(ByteView{input}.first(size)), Error::InputLength);
    EXPECT_EQ(refused<run_blake2f>(Bytes(214)), Error::InputLength);
    input.back() = 1;
    EXPECT_EQ(accepted<run_blake2f>(input).size(), 64U);
    input.back() = 2;
    EXPECT_EQ(refused<run_blake2f>(input), Error::Blake2FinalFlag);
    input.back() = 255;
    EXPECT_EQ(refused<run_blake2f>(input), Error::Blake2FinalFlag);
}

/// go-ethereum's vector "pointEvaluation1".
const Bytes kOpening = hex(
    "01e798154708fe7789429634053cbf9f99b619f9f084048927333fce637f549b"
    "564c0a11a0f704f4fc3e8acfe0f8245f0ad1347b378fbf96e206da11a5d36306"
    "24d25032e67a7e6a4910df5834b8fe70e6bcfeeac0352434196bdf4b2485d5a1"
    "8f59a8d2a1a625a17f3fea0fe5eb8c896db3764f3185481bc22f91b4aaffcca25f26936857bc3a7c2539ea8ec3a952b7"
    "873033e038326e87ed3e1276fd140253fa08e9fc25fb2d9a98527fc22a2c9612fbeafdad446cbc7bcdbdcd780af2c16a");

TEST(PointEvaluation, refuses_for_each_reason_in_its_order) {
    EXPECT_EQ(accepted<run_point_evaluation>(kOpening).size(), 64U);
    for (std::size_t size = 0; size < kOpening.size(); ++size)
        ASSERT_EQ(refused<run_point_evaluation>(ByteView{kOpening}.first(size)), Error::InputLength);
    Bytes input = kOpening;
    input.push_back(0);
    EXPECT_EQ(refused<run_point_evaluation>(input), Error::InputLength);
    input = kOpening;
    input[0] = 2;  // another version
    EXPECT_EQ(refused<run_point_evaluation>(input), Error::KzgVersionedHash);
    input = kOpening;
    input[96] ^= 1;  // the commitment no longer fits its hash, and is looked at only after
    EXPECT_EQ(refused<run_point_evaluation>(input), Error::KzgVersionedHash);
    input = kOpening;
    input[95] ^= 1;
    EXPECT_EQ(refused<run_point_evaluation>(input), Error::KzgProof);
    input = kOpening;
    std::fill(input.begin() + 32, input.begin() + 64, std::uint8_t{0xff});
    EXPECT_EQ(refused<run_point_evaluation>(input), Error::KzgProof);
}

TEST(BlsContracts, prices_of_incomplete_terms_leave_them_out) {
    EXPECT_EQ(gas_bls12_g1msm({}, kLatest), 0);
    EXPECT_EQ(gas_bls12_g1msm(Bytes(159), kLatest), 0);
    EXPECT_EQ(gas_bls12_g1msm(Bytes(160), kLatest), 12'000);
    EXPECT_EQ(gas_bls12_g1msm(Bytes(320), kLatest), 2 * 12'000 * 949 / 1000);
    EXPECT_EQ(gas_bls12_g1msm(Bytes(128 * 160), kLatest), 128 * 12'000 * 519 / 1000);
    EXPECT_EQ(gas_bls12_g1msm(Bytes(129 * 160), kLatest), 129 * 12'000 * 519 / 1000);
    EXPECT_EQ(gas_bls12_g2msm(Bytes(288), kLatest), 22'500);
    EXPECT_EQ(gas_bls12_g2msm(Bytes(128 * 288), kLatest), 128 * 22'500 * 524 / 1000);
    EXPECT_EQ(gas_bls12_g2msm(Bytes(129 * 288), kLatest), 129 * 22'500 * 524 / 1000);
    EXPECT_EQ(gas_bls12_pairing_check(Bytes(2 * 384), kLatest), 37'700 + 2 * 32'600);
}

TEST(P256verify, takes_exactly_160_bytes) {
    // The first of go-ethereum's p256Verify vectors.
    const Bytes valid = hex("4cee90eb86eaa050036147a12d49004b6b9c72bd725d39d4785011fe190f0b4d"
                            "a73bd4903f0ce3b639bbbf6e8e80d16931ff4bcf5993d58468e8fb19086e8cac"
                            "36dbcd03009df8c59286b162af3bd7fcc0450c9aa81be5d10d312af6c66b1d60"
                            "4aebd3099c618202fcfe16ae7770b0c49ab5eadf74b754204a3bb6060e44eff3"
                            "7618b065f9832de4ca6ca971a7a1adc826d0f7c00181a5fb2ddf79ae00b4e10e");
    Bytes one(32);
    one.back() = 1;
    EXPECT_EQ(gas_p256verify(valid, kLatest), 6900);
    EXPECT_EQ(accepted<run_p256verify>(valid), one);
    for (std::size_t size = 0; size < valid.size(); ++size)
        ASSERT_TRUE(accepted<run_p256verify>(ByteView{valid}.first(size)).empty());
    Bytes input = valid;
    input.push_back(0);
    EXPECT_TRUE(accepted<run_p256verify>(input).empty());
    input = valid;
    input[0] ^= 1;
    EXPECT_TRUE(accepted<run_p256verify>(input).empty());
}

}  // namespace
}  // namespace cairn::vm::precompiles
