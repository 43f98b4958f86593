// SPDX-License-Identifier: MIT
#include "core/crypto/modexp.hpp"

#include <gtest/gtest.h>

#include "tests/unit/core/crypto/crypto_test_support.hpp"

namespace cairn {
namespace {

using crypto_test::hex;

/// Square and multiply over numbers below 2^32: the slow model.
std::uint64_t plain_modexp(std::uint64_t base, std::uint64_t exponent, std::uint64_t modulus) {
    std::uint64_t result = 1 % modulus;
    base %= modulus;
    for (; exponent != 0; exponent >>= 1) {
        if ((exponent & 1) != 0) result = result * base % modulus;
        base = base * base % modulus;
    }
    return result;
}

Bytes be(std::uint64_t value, std::size_t size) {
    Bytes out(size);
    for (std::size_t i = 0; i < size && i < 8; ++i) out[size - 1 - i] = static_cast<std::uint8_t>(value >> (8 * i));
    return out;
}

// EIP-198, first and second example: Fermat's little theorem over the field of secp256k1.
TEST(Modexp, eip198_examples) {
    const Bytes exponent = hex("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2e");
    const Bytes prime = hex("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f");
    EXPECT_EQ(modexp(hex("03"), exponent, prime), be(1, 32));
    EXPECT_EQ(modexp({}, exponent, prime), be(0, 32));
}

TEST(Modexp, zero_and_empty_operands) {
    EXPECT_EQ(modexp(hex("05"), hex("03"), {}), Bytes{});
    EXPECT_EQ(modexp(hex("05"), hex("03"), hex("0000")), hex("0000"));
    EXPECT_EQ(modexp(hex("05"), hex("03"), hex("01")), hex("00"));
    EXPECT_EQ(modexp({}, {}, hex("01")), hex("00"));
    EXPECT_EQ(modexp({}, {}, hex("0007")), hex("0001"));
    EXPECT_EQ(modexp(hex("00"), hex("00"), hex("07")), hex("01"));
    EXPECT_EQ(modexp(hex("05"), {}, hex("07")), hex("01"));
    EXPECT_EQ(modexp({}, hex("05"), hex("07")), hex("00"));
}

TEST(Modexp, result_keeps_the_modulus_length) {
    EXPECT_EQ(modexp(hex("02"), hex("03"), hex("000000000000000000000000000000000000ff")),
              hex("00000000000000000000000000000000000008"));
}

TEST(Modexp, small_numbers_match_the_plain_model) {
    crypto_test::Generator generator{41};
    for (int i = 0; i < 20000; ++i) {
        const std::uint64_t base = generator.next() >> generator.below(64);
        const std::uint64_t exponent = generator.next() >> generator.below(64);
        std::uint64_t modulus = (generator.next() >> 32) >> generator.below(32);
        if (modulus == 0) modulus = 1;
        const std::size_t size = 4 + generator.below(40);
        EXPECT_EQ(modexp(be(base, 8 + generator.below(5)), be(exponent, 8 + generator.below(5)), be(modulus, size)),
                  be(plain_modexp(base, exponent, modulus), size));
    }
}

// By Euler's theorem a unit to the power 2^(k-1) is 1 modulo 2^k, for k above 2; and 2^k to any power k/j and up is 0.
TEST(Modexp, even_moduli_of_1024_bytes) {
    Bytes modulus(1024);
    modulus[0] = 0x80;  // 2^8191
    Bytes exponent(1024);
    exponent[0] = 0x40;  // 2^8190
    crypto_test::Generator generator{42};
    Bytes base = generator.bytes(1024);
    base.back() |= 1;
    EXPECT_EQ(modexp(base, exponent, modulus), be(1, 1024));
    EXPECT_EQ(modexp(hex("04"), be(4096, 2), modulus), be(0, 1024));
    Bytes half(1024);
    half[0] = 0x40;
    EXPECT_EQ(modexp(hex("02"), be(8190, 2), modulus), half);
}

// (m-1)^e is m-1 for odd e and 1 for even e, for every modulus above 1 and every length.
TEST(Modexp, minus_one_at_every_length) {
    crypto_test::Generator generator{43};
    for (std::size_t size = 1; size <= 1024; size += size < 80 ? 1 : 59) {
        Bytes modulus = generator.bytes(size);
        modulus.back() = static_cast<std::uint8_t>(modulus.back() | 1);
        modulus[0] |= 2;
        Bytes minus_one = modulus;
        minus_one.back() ^= 1;
        EXPECT_EQ(modexp(minus_one, hex("ffffffff"), modulus), minus_one) << size;
        EXPECT_EQ(modexp(minus_one, hex("fffffffe"), modulus), be(1, size)) << size;
    }
}

}  // namespace
}  // namespace cairn
