// SPDX-License-Identifier: MIT
// The public vectors cover ordinary prices and results; here are the corners: lengths beyond all memory, nothing to
// multiply, and the bounds of EIP-7823.
#include <gtest/gtest.h>

#include <limits>

#include "core/base/hex.hpp"
#include "vm/precompiles/contracts.hpp"

namespace cairn::vm::precompiles {
namespace {

constexpr auto kGasMax = std::numeric_limits<std::int64_t>::max();
constexpr Revision kPriceRevisions[] = {Revision::Byzantium, Revision::Berlin, Revision::Osaka};

Bytes word(std::uint64_t low, std::uint8_t top = 0) {
    Bytes out(32);
    store_be64(out.data() + 24, low);
    out[0] = top;
    return out;
}

Bytes header(const Bytes& base, const Bytes& exponent, const Bytes& modulus) {
    Bytes out = base;
    append(out, exponent);
    append(out, modulus);
    return out;
}
Bytes header(std::uint64_t base, std::uint64_t exponent, std::uint64_t modulus) {
    return header(word(base), word(exponent), word(modulus));
}

TEST(ModexpContract, examples_of_eip198) {
    // 3^(2²⁵⁶ − 2³² − 978) mod (2²⁵⁶ − 2³² − 977) = 1, Fermat's theorem over secp256k1's prime.
    Bytes input = header(1, 32, 32);
    append(input, from_hex("03fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2e"
                           "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f")
                      .value());
    EXPECT_EQ(gas_modexp(input, Revision::Byzantium), 13056);
    EXPECT_EQ(gas_modexp(input, Revision::Berlin), 1360);
    EXPECT_EQ(gas_modexp(input, Revision::Osaka), 4080);
    Bytes output;
    ASSERT_TRUE(run_modexp(input, Revision::Byzantium, output));
    EXPECT_EQ(output, word(1));
    // The modulus' length is 2²⁵⁶ − 1: more than any gas.
    const Bytes all_ones(32, 0xff);
    EXPECT_EQ(gas_modexp(header(word(0), word(32), all_ones), Revision::Byzantium), kGasMax);
}

TEST(ModexpContract, empty_input_is_nothing_modulo_nothing) {
    EXPECT_EQ(gas_modexp({}, Revision::Byzantium), 0);
    EXPECT_EQ(gas_modexp({}, Revision::Berlin), 200);
    EXPECT_EQ(gas_modexp({}, Revision::Osaka), 500);
    for (const auto revision : kPriceRevisions) {
        Bytes output;
        ASSERT_TRUE(run_modexp({}, revision, output));
        EXPECT_TRUE(output.empty());
    }
}

TEST(ModexpContract, lengths_beyond_64_bits_are_priced_not_wrapped) {
    for (const auto revision : kPriceRevisions) {
        EXPECT_EQ(gas_modexp(header(word(1, 1), word(1), word(1)), revision), kGasMax);
        EXPECT_EQ(gas_modexp(header(word(1), word(1), word(1, 1)), revision), kGasMax);
        EXPECT_EQ(gas_modexp(header(word(1), word(1, 1), word(1)), revision), kGasMax);
        EXPECT_EQ(gas_modexp(header(~0ULL, 1, 1), revision), kGasMax);
        EXPECT_EQ(gas_modexp(header(1, 1, ~0ULL), revision), kGasMax);
        EXPECT_EQ(gas_modexp(header((1ULL << 40) + 1, 1, 1), revision), kGasMax);
    }
}

TEST(ModexpContract, long_lengths_below_that_have_their_price) {
    // EIP-2565: (2³²/8)² · 1 / 3; EIP-198: ((2³²)²/16 + 480·2³² − 199680) · 1 / 20.
    EXPECT_EQ(gas_modexp(header(1ULL << 32, 1, 1), Revision::Berlin), (std::int64_t{1} << 58) / 3);
    EXPECT_EQ(gas_modexp(header(1, 1, 1ULL << 32), Revision::Byzantium),
              ((std::int64_t{1} << 60) + 480 * (std::int64_t{1} << 32) - 199'680) / 20);
}

TEST(ModexpContract, exponents_are_priced_up_to_the_last_gas) {
    // EIP-198: 8·(length − 32)/20, floored; 2⁶³ − 1 is reached between these.
    EXPECT_EQ(gas_modexp(header(1, ~0ULL, 1), Revision::Byzantium), 7'378'697'629'483'820'633);
    const auto beyond_64_bits = [](std::uint64_t low) {
        Bytes length = word(low);
        length[23] = 1;
        return header(word(1), length, word(1));
    };
    // 8·(2⁶⁴ + 2⁶² + 27)/20 = 2⁶³ + 10; 8·(2⁶⁴ + 2⁶² − 28)/20 = 2⁶³ − 12 with the 32 bytes' share rounded off.
    EXPECT_EQ(gas_modexp(beyond_64_bits((1ULL << 62) + 59), Revision::Byzantium), kGasMax);
    EXPECT_EQ(gas_modexp(beyond_64_bits((1ULL << 62) + 4), Revision::Byzantium), kGasMax - 11);
    EXPECT_EQ(gas_modexp(header(1, ~0ULL, 1), Revision::Berlin), kGasMax);
}

TEST(ModexpContract, an_endless_exponent_over_nothing_costs_and_takes_nothing) {
    const Bytes input = header(word(0), word(0, 0xff), word(0));
    EXPECT_EQ(gas_modexp(input, Revision::Byzantium), 0);
    EXPECT_EQ(gas_modexp(input, Revision::Berlin), 200);
    EXPECT_EQ(gas_modexp(input, Revision::Osaka), kGasMax);
    Bytes output;
    ASSERT_TRUE(run_modexp(input, Revision::Byzantium, output));
    EXPECT_TRUE(output.empty());
    ASSERT_TRUE(run_modexp(input, Revision::Berlin, output));
    EXPECT_TRUE(output.empty());
}

TEST(ModexpContract, eip7823_bounds_each_length) {
    for (const std::size_t which : {0U, 1U, 2U}) {
        Bytes lengths[3] = {word(1), word(1), word(1)};
        lengths[which] = word(1024);
        const Bytes within = header(lengths[0], lengths[1], lengths[2]);
        lengths[which] = word(1025);
        const Bytes beyond = header(lengths[0], lengths[1], lengths[2]);
        Bytes output;
        EXPECT_LT(gas_modexp(within, Revision::Osaka), kGasMax);
        EXPECT_TRUE(run_modexp(within, Revision::Osaka, output).has_value());
        EXPECT_EQ(gas_modexp(beyond, Revision::Osaka), kGasMax);
        output.clear();
        EXPECT_EQ(run_modexp(beyond, Revision::Osaka, output).error(), Error::ModexpLength);
        EXPECT_LT(gas_modexp(beyond, Revision::Prague), kGasMax);
        EXPECT_TRUE(run_modexp(beyond, Revision::Prague, output).has_value());
    }
}

TEST(ModexpContract, osaka_prices_change_at_32_bytes) {
    // EIP-7883: 16 up to 32 bytes, 2·words² past it; a 33rd exponent byte is worth 16 steps.
    const auto gas = [](std::uint64_t base, std::uint64_t exponent_length, const Bytes& exponent) {
        Bytes input = header(base, exponent_length, 1);
        input.resize(input.size() + static_cast<std::size_t>(base));
        append(input, exponent);
        return gas_modexp(input, Revision::Osaka);
    };
    const Bytes ones(33, 0xff);
    EXPECT_EQ(gas(32, 32, ones), 16 * 255);
    EXPECT_EQ(gas(33, 32, ones), 2 * 25 * 255);
    EXPECT_EQ(gas(32, 33, ones), 16 * (16 + 255));
    EXPECT_EQ(gas(32, 1, {}), 500);
}

TEST(ModexpContract, zero_modulus_gives_zeros_and_missing_bytes_are_zero) {
    Bytes output;
    ASSERT_TRUE(run_modexp(header(1, 1, 3), Revision::Berlin, output));
    EXPECT_EQ(output, Bytes(3));
    // 2^? with the exponent cut off is 2⁰ mod 0x0500 … the modulus is cut off too, and zero.
    Bytes input = header(1, 1, 2);
    append(input, Bytes{2});
    output.clear();
    ASSERT_TRUE(run_modexp(input, Revision::Berlin, output));
    EXPECT_EQ(output, Bytes(2));
    append(input, Bytes{10, 5});
    output.clear();
    ASSERT_TRUE(run_modexp(input, Revision::Berlin, output));
    EXPECT_EQ(output, (Bytes{0x04, 0x00})) << "1024 mod 1280";
}

}  // namespace
}  // namespace cairn::vm::precompiles
