// SPDX-License-Identifier: MIT
#include "core/crypto/kdf.hpp"

#include <gtest/gtest.h>

#include "tests/unit/core/crypto/crypto_test_support.hpp"

namespace cairn {
namespace {

using crypto_test::hex;

Bytes scrypt_of(std::string_view password, std::string_view salt, const ScryptCost& cost) {
    Bytes out(64);
    EXPECT_TRUE(scrypt(as_bytes(password), as_bytes(salt), cost, out).has_value());
    return out;
}

// RFC 7914, section 12.
TEST(Scrypt, rfc7914) {
    EXPECT_EQ(scrypt_of("", "", {16, 1, 1}), hex("77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
                                                 "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"));
    EXPECT_EQ(scrypt_of("password", "NaCl", {1024, 8, 16}),
              hex("fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
                  "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"));
    EXPECT_EQ(scrypt_of("pleaseletmein", "SodiumChloride", {16384, 8, 1}),
              hex("7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
                  "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"));
}

KdfError scrypt_error(const ScryptCost& cost, std::size_t size = 32) {
    Bytes out(size, 0xee);
    const auto result = scrypt(as_bytes("password"), as_bytes("salt"), cost, out);
    EXPECT_FALSE(result.has_value());
    EXPECT_EQ(out, Bytes(size, 0xee));
    return result.error();
}

TEST(Scrypt, bad_costs_are_refused) {
    EXPECT_EQ(scrypt_error({0, 8, 1}), KdfError::BadCost);
    EXPECT_EQ(scrypt_error({1, 8, 1}), KdfError::BadCost);
    EXPECT_EQ(scrypt_error({1000, 8, 1}), KdfError::BadCost);
    EXPECT_EQ(scrypt_error({1024, 0, 1}), KdfError::BadCost);
    EXPECT_EQ(scrypt_error({1024, 8, 0}), KdfError::BadCost);
    EXPECT_EQ(scrypt_error({1024, 1 << 15, 1 << 15}), KdfError::BadCost);
    EXPECT_EQ(scrypt_error({1024, 0xffffffff, 0xffffffff}), KdfError::BadCost);
}

TEST(Scrypt, memory_past_the_limit_is_refused) {
    EXPECT_EQ(scrypt_error({std::uint64_t{1} << 20, 8, 1}), KdfError::TooMuchMemory);
    EXPECT_EQ(scrypt_error({std::uint64_t{1} << 63, 8, 1}), KdfError::TooMuchMemory);
    EXPECT_EQ(scrypt_error({2, 1, (1 << 30) - 1}), KdfError::TooMuchMemory);
    EXPECT_EQ(scrypt_error({2, (1 << 30) - 1, 1}), KdfError::TooMuchMemory);
}

// n = 16, r = 8, p = 1 takes 19 blocks of 1024 bytes.
TEST(Scrypt, memory_bound_is_exact) {
    Bytes out(32);
    EXPECT_TRUE(scrypt(as_bytes("p"), as_bytes("s"), {16, 8, 1}, out, 19 * 1024).has_value());
    EXPECT_EQ(scrypt(as_bytes("p"), as_bytes("s"), {16, 8, 1}, out, 19 * 1024 - 1).error(), KdfError::TooMuchMemory);
}

TEST(Scrypt, no_output_is_refused) { EXPECT_EQ(scrypt_error({16, 1, 1}, 0), KdfError::BadLength); }

// RFC 7914, section 11.
TEST(Pbkdf2HmacSha256, rfc7914) {
    Bytes out(64);
    ASSERT_TRUE(pbkdf2_hmac_sha256(as_bytes("passwd"), as_bytes("salt"), 1, out).has_value());
    EXPECT_EQ(out, hex("55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
                       "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783"));
    ASSERT_TRUE(pbkdf2_hmac_sha256(as_bytes("Password"), as_bytes("NaCl"), 80000, out).has_value());
    EXPECT_EQ(out, hex("4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"
                       "a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d"));
}

// The first vector of BIP 39: the phrase of zero entropy under the passphrase TREZOR.
TEST(Pbkdf2HmacSha512, bip39_seed) {
    Bytes out(64);
    ASSERT_TRUE(pbkdf2_hmac_sha512(as_bytes("abandon abandon abandon abandon abandon abandon abandon abandon abandon "
                                            "abandon abandon about"),
                                   as_bytes("mnemonicTREZOR"), 2048, out)
                    .has_value());
    EXPECT_EQ(out, hex("c55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e53495531f09a6987599d18264c1e1c92f2cf141"
                       "630c7a3c4ab7c81b2f001698e7463b04"));
}

TEST(Pbkdf2, bounds_of_iterations_and_length) {
    Bytes out(32);
    const auto run = [&](std::uint64_t iterations, std::size_t size) {
        return pbkdf2_hmac_sha256(as_bytes("p"), as_bytes("s"), iterations, std::span{out}.first(size));
    };
    EXPECT_TRUE(run(1, 1).has_value());
    EXPECT_EQ(run(0, 32).error(), KdfError::BadCost);
    EXPECT_EQ(run(std::uint64_t{1} << 31, 32).error(), KdfError::BadCost);
    EXPECT_EQ(run(1, 0).error(), KdfError::BadLength);
    EXPECT_EQ(pbkdf2_hmac_sha512({}, {}, 0, out).error(), KdfError::BadCost);
}

TEST(Pbkdf2, empty_password_and_salt_are_allowed) {
    Bytes out(32);
    ASSERT_TRUE(pbkdf2_hmac_sha256({}, {}, 1, out).has_value());
    EXPECT_EQ(out, hex("f7ce0b653d2d72a4108cf5abe912ffdd777616dbbb27a70e8204f3ae2d0f6fad"));
}

}  // namespace
}  // namespace cairn
