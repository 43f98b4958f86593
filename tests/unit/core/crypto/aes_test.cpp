// SPDX-License-Identifier: MIT
#include "core/crypto/aes.hpp"

#include <gtest/gtest.h>

#include "tests/unit/core/crypto/crypto_test_support.hpp"

namespace cairn {
namespace {

using crypto_test::hex;

// NIST SP 800-38A, appendix F: the four blocks common to all its examples, and its keys.
const Bytes kPlain = hex(
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be6"
    "6c3710");
const Bytes kKey128 = hex("2b7e151628aed2a6abf7158809cf4f3c");
const Bytes kKey256 = hex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");

AesBlock block(std::string_view digits) {
    AesBlock out;
    const Bytes bytes = hex(digits);
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
}

const AesBlock kCounter = block("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");

Bytes ctr(ByteView key, const AesBlock& counter, ByteView text) {
    Bytes out(text.size());
    AesCtr{key, counter}.apply(text, out);
    return out;
}

TEST(AesCtr, sp800_38a_128) {  // F.5.1 and F.5.2
    const Bytes cipher = hex(
        "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0"
        "f3009cee");
    EXPECT_EQ(ctr(kKey128, kCounter, kPlain), cipher);
    EXPECT_EQ(ctr(kKey128, kCounter, cipher), kPlain);
}

TEST(AesCtr, sp800_38a_256) {  // F.5.5 and F.5.6
    const Bytes cipher = hex(
        "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c52b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08"
        "457941a6");
    EXPECT_EQ(ctr(kKey256, kCounter, kPlain), cipher);
    EXPECT_EQ(ctr(kKey256, kCounter, cipher), kPlain);
}

TEST(AesCtr, pieces_of_any_length_continue_the_stream) {
    crypto_test::Generator generator{11};
    const Bytes text = generator.bytes(1000);
    const Bytes whole = ctr(kKey256, kCounter, text);
    AesCtr stream{kKey256, kCounter};
    Bytes out(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t take = std::min(text.size() - at, generator.below(50));
        stream.apply(ByteView{text}.subspan(at, take), std::span{out}.subspan(at, take));
        at += take;
    }
    EXPECT_EQ(out, whole);
}

TEST(AesCtr, works_in_place) {
    Bytes text = kPlain;
    AesCtr{kKey128, kCounter}.apply(text, text);
    EXPECT_EQ(text, ctr(kKey128, kCounter, kPlain));
}

// The counter is one 128-bit number: past all ones comes zero. The key stream is that of the block cipher.
TEST(AesCtr, counter_wraps_as_128_bits) {
    AesEcb blocks{kKey128};
    const AesBlock last = blocks.encrypt(block("ffffffffffffffffffffffffffffffff"));
    const AesBlock first = blocks.encrypt(block("00000000000000000000000000000000"));
    Bytes expected{last.begin(), last.end()};
    append(expected, first);
    EXPECT_EQ(ctr(kKey128, block("ffffffffffffffffffffffffffffffff"), Bytes(32)), expected);
}

TEST(AesEcb, sp800_38a) {  // F.1.1 and F.1.5
    const AesBlock plain = block("6bc1bee22e409f96e93d7e117393172a");
    EXPECT_EQ(AesEcb{kKey128}.encrypt(plain), block("3ad77bb40d7a3660a89ecaf32466ef97"));
    AesEcb aes256{kKey256};
    EXPECT_EQ(aes256.encrypt(plain), block("f3eed1bdb5d2a03c064b5a7e3db181f8"));
    EXPECT_EQ(aes256.encrypt(block("ae2d8a571e03ac9c9eb76fac45af8e51")), block("591ccb10d410ed26dc5ba74a31362870"));
}

TEST(AesDeathTest, other_key_lengths_assert) {
    EXPECT_DEATH(AesCtr(Bytes(24), kCounter), "");
    EXPECT_DEATH(AesEcb(Bytes(0)), "");
}

}  // namespace
}  // namespace cairn
