// SPDX-License-Identifier: MIT
#include "core/crypto/p256.hpp"

#include <gtest/gtest.h>

#include "core/crypto/sha256.hpp"
#include "tests/unit/core/crypto/crypto_test_support.hpp"

namespace cairn::p256 {
namespace {

using crypto_test::fixed;
using crypto_test::hex;

struct Case {
    const char* name;
    bool is_valid;
    /// digest, r, s, x, y: 32 bytes each, the input of the precompile of EIP-7951.
    const char* input;
};

// The four of geth and, of each kind of trap, the first of Wycheproof's ECDSA suite for P-256 with SHA-256.
const Case kCases[] = {
    {"geth's CallP256Verify", true,
     "4cee90eb86eaa050036147a12d49004b6b9c72bd725d39d4785011fe190f0b4d"
     "a73bd4903f0ce3b639bbbf6e8e80d16931ff4bcf5993d58468e8fb19086e8cac"
     "36dbcd03009df8c59286b162af3bd7fcc0450c9aa81be5d10d312af6c66b1d60"
     "4aebd3099c618202fcfe16ae7770b0c49ab5eadf74b754204a3bb6060e44eff3"
     "7618b065f9832de4ca6ca971a7a1adc826d0f7c00181a5fb2ddf79ae00b4e10e"},
    {"signature malleability", true,
     "bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023"
     "2ba3a8be6b94d5ec80a6d9d1190a436effe50d85a1eee859b8cc6af9bd5c2e18"
     "4cd60b855d442f5b3c7b11eb6c4e0ae7525fe710fab9aa7c77a67f79e6fadd76"
     "2927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838"
     "c7787964eaac00e5921fb1498a60f4606766b3d9685001558d1a974e7341513e"},
    {"Edge case for Shamir multiplication", true,
     "70239dd877f7c944c422f44dea4ed1a52f2627416faf2f072fa50c772ed6f807"
     "64a1aab5000d0e804f3e2fc02bdee9be8ff312334e2ba16d11547c97711c898e"
     "6af015971cc30be6d1a206d4e013e0997772a2f91d73286ffd683b9bb2cf4f1b"
     "2927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838"
     "c7787964eaac00e5921fb1498a60f4606766b3d9685001558d1a974e7341513e"},
    {"special case hash", true,
     "00000000690ed426ccf17803ebe2bd0884bcd58a1bb5e7477ead3645f356e7a9"
     "16aea964a2f6506d6f78c81c91fc7e8bded7d397738448de1e19a0ec580bf266"
     "252cd762130c6667cfe8b7bc47d27d78391e8e80c578d1cd38c3ff033be928e9"
     "2927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838"
     "c7787964eaac00e5921fb1498a60f4606766b3d9685001558d1a974e7341513e"},
    {"k*G has a large x-coordinate", true,
     "bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023"
     "000000000000000000000000000000004319055358e8617b0c46353d039cdaab"
     "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254e"
     "0ad99500288d466940031d72a9f5445a4d43784640855bf0a69874d2de5fe103"
     "c5011e6ef2c42dcd50d5d3d29f99ae6eba2c80c9244f4c5422f0979ff0c3ba5e"},
    {"r too large", false,
     "bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023"
     "ffffffff00000001000000000000000000000000fffffffffffffffffffffffc"
     "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254e"
     "0ad99500288d466940031d72a9f5445a4d43784640855bf0a69874d2de5fe103"
     "c5011e6ef2c42dcd50d5d3d29f99ae6eba2c80c9244f4c5422f0979ff0c3ba5e"},
    {"r is larger than n", false,
     "bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023"
     "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632556"
     "0000000000000000000000000000000000000000000000000000000000000006"
     "cbe0c29132cd738364fedd603152990c048e5e2fff996d883fa6caca7978c737"
     "70af6a8ce44cb41224b2603606f4c04d188e80bff7cc31ad5189d4ab0d70e8c1"},
    {"s is larger than n", false,
     "bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023"
     "0000000000000000000000000000000000000000000000000000000000000005"
     "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc75fbd8"
     "4be4178097002f0deab68f0d9a130e0ed33a6795d02a20796db83444b037e139"
     "20f13051e0eecdcfce4dacea0f50d1f247caa669f193c1b4075b51ae296d2d56"},
    {"s == 1", true,
     "bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023"
     "555555550000000055555555555555553ef7a8e48d07df81a693439654210c70"
     "0000000000000000000000000000000000000000000000000000000000000001"
     "8aeb368a7027a4d64abdea37390c0c1d6a26f399e2d9734de1eb3d0e19373874"
     "05bd13834715e1dbae9b875cf07bd55e1b6691c7f7536aef3b19bf7a4adf576d"},
    {"s == 0", false,
     "bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023"
     "555555550000000055555555555555553ef7a8e48d07df81a693439654210c70"
     "0000000000000000000000000000000000000000000000000000000000000000"
     "8aeb368a7027a4d64abdea37390c0c1d6a26f399e2d9734de1eb3d0e19373874"
     "05bd13834715e1dbae9b875cf07bd55e1b6691c7f7536aef3b19bf7a4adf576d"},
    {"point at infinity during verify", false,
     "bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023"
     "7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8"
     "555555550000000055555555555555553ef7a8e48d07df81a693439654210c70"
     "b533d4695dd5b8c5e07757e55e6e516f7e2c88fa0239e23f60e8ec07dd70f287"
     "1b134ee58cc583278456863f33c3a85d881f7d4a39850143e29d4eaf009afe47"},
    {"u1 == n - 1", true,
     "bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023"
     "555555550000000055555555555555553ef7a8e48d07df81a693439654210c70"
     "44a5ad0ad0636d9f12bc9e0a6bdd5e1cbcb012ea7bf091fcec15b0c43202d52e"
     "d8adc00023a8edc02576e2b63e3e30621a471e2b2320620187bf067a1ac1ff32"
     "33e2b50ec09807accb36131fff95ed12a09a86b4ea9690aa32861576ba2362e1"},
    {"point with x-coordinate 0", false,
     "bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023"
     "0000000000000000000000000000000000000000000000000000000000000001"
     "555555550000000055555555555555553ef7a8e48d07df81a693439654210c70"
     "6adda82b90261b0f319faa0d878665a6b6da497f09c903176222c34acfef72a6"
     "47e6f50dcc40ad5d9b59f7602bb222fad71a41bf5e1f9df4959a364c62e488d9"},
    {"comparison with point at infinity", false,
     "bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023"
     "555555550000000055555555555555553ef7a8e48d07df81a693439654210c70"
     "3333333300000000333333333333333325c7cbbc549e52e763f1f55a327a3aa9"
     "dd86d3b5f4a13e8511083b78002081c53ff467f11ebd98a51a633db76665d250"
     "45d5c8200c89f2fa10d849349226d21d8dfaed6ff8d5cb3e1b7e17474ebc18f7"},
    {"testing point duplication", false,
     "bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023"
     "bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023"
     "249249246db6db6ddb6db6db6db6db6dad4591868595a8ee6bf5f864ff7be0c2"
     "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
     "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"},
    {"modify last byte of integer", false,
     "bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023"
     "2ba3a8be6b94d5ec80a6d9d1190a436effe50d85a1eee859b8cc6af9bd5c2e98"
     "b329f479a2bbd0a5c384ee1493b1f5186a87139cac5df4087c134b49156847db"
     "2927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838"
     "c7787964eaac00e5921fb1498a60f4606766b3d9685001558d1a974e7341513e"},
    {"invalid public key x param errors", false,
     "2f77668a9dfbf8d5848b9eeb4a7145ca94c6ed9236e4a773f6dcafa5132b2f91"
     "70bebe684cdcb5ca72a42f0d873879359bd1781a591809947628d313a3814f67"
     "aec03aca8f5587a4d535fa31027bbe9cc0e464b1c3577f4c2dcde6b2094798a9"
     "0000000000000000000000000000000000000000000000000000000000000000"
     "fffffffeecad44b6f05d15b33146549c2297b522a5eed8430cff596758e6c43d"},
    {"invalid public key y param errors", false,
     "2f77668a9dfbf8d5848b9eeb4a7145ca94c6ed9236e4a773f6dcafa5132b2f91"
     "70bebe684cdcb5ca72a42f0d873879359bd1781a591809947628d313a3814f67"
     "aec03aca8f5587a4d535fa31027bbe9cc0e464b1c3577f4c2dcde6b2094798a9"
     "bcbb2914c79f045eaa6ecbbc612816b3be5d2d6796707d8125e9f851c18af015"
     "0000000000000000000000000000000000000000000000000000000000000000"},
    {"reference point errors", false,
     "2f77668a9dfbf8d5848b9eeb4a7145ca94c6ed9236e4a773f6dcafa5132b2f91"
     "70bebe684cdcb5ca72a42f0d873879359bd1781a591809947628d313a3814f67"
     "aec03aca8f5587a4d535fa31027bbe9cc0e464b1c3577f4c2dcde6b2094798a9"
     "0000000000000000000000000000000000000000000000000000000000000000"
     "0000000000000000000000000000000000000000000000000000000000000000"},
};

Claim claim_of(const char* input) {
    const Bytes bytes = hex(input);
    const auto word = [&](std::size_t i) { return Hash256::from(ByteView{bytes}.subspan(32 * i, 32)); };
    return {word(0), word(1), word(2), word(3), word(4)};
}

TEST(P256Verify, public_vectors) {
    for (const auto& c : kCases) EXPECT_EQ(verify(claim_of(c.input)), c.is_valid) << c.name;
}

/// RFC 6979, appendix A.2.5: P-256 with SHA-256.
Claim rfc6979_claim(std::string_view message, const char* r, const char* s) {
    return {sha256(as_bytes(message)), fixed<Hash256>(r), fixed<Hash256>(s),
            fixed<Hash256>("60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"),
            fixed<Hash256>("7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299")};
}
Claim sample() {
    return rfc6979_claim("sample", "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
                         "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
}

TEST(P256Verify, rfc6979_signatures) {
    EXPECT_TRUE(verify(sample()));
    EXPECT_TRUE(verify(rfc6979_claim("test", "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367",
                                     "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083")));
}

TEST(P256Verify, any_flipped_bit_is_refused) {
    for (Hash256 Claim::*field : {&Claim::digest, &Claim::r, &Claim::s, &Claim::x, &Claim::y}) {
        for (std::size_t bit = 0; bit < 256; bit += 5) {
            Claim claim = sample();
            (claim.*field).bytes[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
            EXPECT_FALSE(verify(claim)) << bit;
        }
    }
}

// The order n and the field's prime p of FIPS 186-4, D.1.2.3, and what lies beyond.
TEST(P256Verify, numbers_out_of_range_are_refused) {
    const auto order = fixed<Hash256>("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    const auto prime = fixed<Hash256>("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    const auto most = fixed<Hash256>("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff");
    for (Hash256 Claim::*field : {&Claim::r, &Claim::s, &Claim::x, &Claim::y}) {
        for (const auto& value : {Hash256{}, order, prime, most}) {
            Claim claim = sample();
            claim.*field = value;
            EXPECT_FALSE(verify(claim));
        }
    }
}

// A signature made backwards for the key (0, sqrt(b)), which is a point of the curve: R = 12345 G + 67890 Q, r = R.x,
// s = r / 67890, digest = 12345 s modulo n. The same x written as the field's prime is not accepted (EIP-7951).
TEST(P256Verify, unreduced_x_is_refused_where_reduced_holds) {
    Claim claim{fixed<Hash256>("618e2f411552d79e819d8f6893c377af9a07f76c8f6fac6c7d87da509600a544"),
                fixed<Hash256>("761fa8bc78b040b7dcb6c823bcf0b28d351cb612f60d74d183d5ea0dc7618511"),
                fixed<Hash256>("7c0eb6d2109cb7a0419f709d4219eaa113b713371f9aaa34f1df0c4b1f411c12"), Hash256{},
                fixed<Hash256>("66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4")};
    EXPECT_TRUE(verify(claim));
    claim.x = fixed<Hash256>("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    EXPECT_FALSE(verify(claim));
}

}  // namespace
}  // namespace cairn::p256
