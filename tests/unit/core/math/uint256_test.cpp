// SPDX-License-Identifier: MIT
#include "core/math/uint256.hpp"

#include <gtest/gtest.h>

#include "tests/unit/core/math/model.hpp"

namespace cairn::test {
namespace {

constexpr int kRandomRounds = 200'000;

constexpr Uint256 kTwo64{0, 1, 0, 0};
static_assert(Uint256{~0ULL} + Uint256{1} == kTwo64);
static_assert(kTwo64 - Uint256{1} == Uint256{~0ULL});
static_assert(Uint256::max() + Uint256{1} == Uint256{});
static_assert(Uint256{} - Uint256{1} == Uint256::max());
static_assert((Uint256{1} << 64) == kTwo64 && (kTwo64 >> 64) == Uint256{1});
static_assert((Uint256{1} << 256) == Uint256{} && (Uint256::max() >> 256) == Uint256{});
static_assert(Uint256{3} * Uint256{5} == Uint256{15});
static_assert(Uint256{1} < kTwo64 && !(kTwo64 < Uint256{1}) && !(kTwo64 < kTwo64));
static_assert(Uint256{}.bit_width() == 0 && kTwo64.bit_width() == 65 && kTwo64.byte_width() == 9);

std::string repeat(const char* prefix, std::size_t count, char digit) {
    std::string out{prefix};
    out.append(count, digit);
    return out;
}

/// add, sub, mul, bitwise and comparison of one pair against the model.
void check_pair(const Uint256& a, const Uint256& b) {
    const Big x{a};
    const Big y{b};
    Big z;
    mpz_add(z.z, x.z, y.z);
    ASSERT_EQ(a + b, z.wrapped()) << show(a) << " + " << show(b);
    mpz_sub(z.z, x.z, y.z);
    ASSERT_EQ(a - b, z.wrapped()) << show(a) << " - " << show(b);
    mpz_mul(z.z, x.z, y.z);
    ASSERT_EQ(a * b, z.wrapped()) << show(a) << " * " << show(b);
    const auto wide = mul_full(a, b);
    ASSERT_EQ((Uint256{wide[0], wide[1], wide[2], wide[3]}), z.wrapped());
    mpz_fdiv_q_2exp(z.z, z.z, 256);
    ASSERT_EQ((Uint256{wide[4], wide[5], wide[6], wide[7]}), z.wrapped());
    mpz_and(z.z, x.z, y.z);
    ASSERT_EQ(a & b, z.wrapped());
    mpz_ior(z.z, x.z, y.z);
    ASSERT_EQ(a | b, z.wrapped());
    mpz_xor(z.z, x.z, y.z);
    ASSERT_EQ(a ^ b, z.wrapped());
    const int order = mpz_cmp(x.z, y.z);
    ASSERT_EQ(a < b, order < 0) << show(a) << " < " << show(b);
    ASSERT_EQ(a > b, order > 0);
    ASSERT_EQ(a <= b, order <= 0);
    ASSERT_EQ(a >= b, order >= 0);
    ASSERT_EQ(a == b, order == 0);
    ASSERT_EQ((a <=> b) == std::strong_ordering::less, order < 0);
}

/// What concerns one number.
void check_single(const Uint256& a) {
    const Big x{a};
    Big z;
    mpz_neg(z.z, x.z);
    ASSERT_EQ(-a, z.wrapped());
    mpz_com(z.z, x.z);
    ASSERT_EQ(~a, z.wrapped());
    ASSERT_EQ(a.is_zero(), mpz_sgn(x.z) == 0);
    ASSERT_EQ(a.bit_width(), a.is_zero() ? 0 : mpz_sizeinbase(x.z, 2));
    ASSERT_EQ(a.fits_u64(), mpz_sizeinbase(x.z, 2) <= 64);
    ASSERT_EQ(a.saturate_u64(), a.fits_u64() ? a.low64() : ~0ULL);
    for (unsigned n = 0; n < 256; ++n) {
        ASSERT_EQ(a.bit(n), mpz_tstbit(x.z, n) != 0);
        mpz_mul_2exp(z.z, x.z, n);
        ASSERT_EQ(a << n, z.wrapped()) << show(a) << " << " << n;
        mpz_fdiv_q_2exp(z.z, x.z, n);
        ASSERT_EQ(a >> n, z.wrapped()) << show(a) << " >> " << n;
    }
    for (const std::uint64_t n : {256ULL, 257ULL, 1ULL << 32, ~0ULL}) {
        ASSERT_EQ(a << n, Uint256{});
        ASSERT_EQ(a >> n, Uint256{});
    }
}

TEST(Uint256, edge_values_agree_with_the_model) {
    const auto edges = edge_values();
    for (const auto& a : edges) {
        check_single(a);
        for (const auto& b : edges) check_pair(a, b);
        if (HasFatalFailure()) return;
    }
}

TEST(Uint256, random_values_agree_with_the_model) {
    Numbers numbers{1};
    for (int i = 0; i < kRandomRounds; ++i) {
        const auto a = numbers.next();
        check_pair(a, numbers.next());
        if (i % 1000 == 0) check_single(a);
        if (HasFatalFailure()) return;
    }
}

TEST(Uint256, exp_agrees_with_the_model) {
    Big modulus;
    mpz_setbit(modulus.z, 256);
    const auto check = [&](const Uint256& base, const Uint256& exponent) {
        Big z;
        mpz_powm(z.z, Big{base}.z, Big{exponent}.z, modulus.z);
        ASSERT_EQ(exp(base, exponent), z.wrapped()) << show(base) << " ^ " << show(exponent);
    };
    const auto edges = edge_values();
    for (const auto& base : edges)
        for (const auto& exponent : edges) check(base, exponent);
    for (std::uint64_t base = 0; base < 20; ++base)
        for (std::uint64_t exponent = 0; exponent < 300; ++exponent) check(base, exponent);
    for (unsigned bit = 0; bit < 256; ++bit)
        for (std::uint64_t exponent = 0; exponent < 40; ++exponent)
            check(Uint256{1} << bit, exponent);
    Numbers numbers{2};
    for (int i = 0; i < 5000; ++i) check(numbers.next(), numbers.next());
}

TEST(Uint256, zero_to_the_zero_is_one) {
    EXPECT_EQ(exp({}, {}), Uint256{1});
}

TEST(Uint256, decimal_agrees_with_the_model_and_comes_back) {
    const auto check = [](const Uint256& x) {
        char* text = mpz_get_str(nullptr, 10, Big{x}.z);
        const std::string want{text};
        std::free(text);
        ASSERT_EQ(to_decimal(x), want);
        ASSERT_EQ(parse_uint256(want), x);
    };
    for (const auto& x : edge_values()) check(x);
    Numbers numbers{3};
    for (int i = 0; i < 20'000; ++i) check(numbers.next());
    // Around the powers of ten, where chunks of digits end.
    Uint256 power{1};
    for (int i = 0; i < 77; ++i) {
        check(power - Uint256{1});
        check(power);
        check(power + Uint256{1});
        power *= Uint256{10};
    }
}

TEST(Uint256, quantity_agrees_with_the_model_and_comes_back) {
    const auto check = [](const Uint256& x) {
        char* text = mpz_get_str(nullptr, 16, Big{x}.z);
        std::string want{"0x"};
        want.append(text);
        std::free(text);
        ASSERT_EQ(to_quantity(x), want);
        ASSERT_EQ(parse_uint256(want), x);
    };
    for (const auto& x : edge_values()) check(x);
    Numbers numbers{4};
    for (int i = 0; i < 20'000; ++i) check(numbers.next());
}

TEST(Uint256, parse_takes_leading_zeros_and_both_cases) {
    EXPECT_EQ(parse_uint256("000"), Uint256{});
    EXPECT_EQ(parse_uint256(repeat("", 300, '0').append("17")), Uint256{17});
    EXPECT_EQ(parse_uint256("0x0000"), Uint256{});
    EXPECT_EQ(parse_uint256("0xAbCdEf"), Uint256{0xabcdef});
    EXPECT_EQ(parse_uint256("0X10"), Uint256{16});
    EXPECT_EQ(parse_uint256(repeat("0x", 64, 'f')), Uint256::max());
}

TEST(Uint256, parse_refuses_what_is_no_number_or_too_large) {
    for (const char* text :
         {"", "0x", "-1", "+1", " 1", "1 ", "1.0", "1e3", "0xg", "0x-1", "abc", "1_0"})
        EXPECT_FALSE(parse_uint256(text)) << text;
    EXPECT_FALSE(parse_uint256(repeat("0x", 65, '0')));
    // 2^256 - 1 and 2^256.
    EXPECT_EQ(parse_uint256(
                  "115792089237316195423570985008687907853269984665640564039457584007913129639935"),
              Uint256::max());
    EXPECT_FALSE(parse_uint256(
        "115792089237316195423570985008687907853269984665640564039457584007913129639936"));
    EXPECT_FALSE(parse_uint256(repeat("1", 78, '0')));
    EXPECT_FALSE(parse_uint256(repeat("1", 400, '0')));
}

TEST(Uint256, big_endian_bytes_of_every_length) {
    Bytes bytes;
    Uint256 want;
    for (unsigned n = 0; n <= 32; ++n) {
        EXPECT_EQ(from_be(bytes), want) << n;
        EXPECT_EQ(to_be_compact(want), bytes) << n;
        bytes.push_back(static_cast<std::uint8_t>(n + 1));
        want = want << 8 | Uint256{n + 1};
    }
    EXPECT_EQ(from_be(Bytes{0, 0, 5}), Uint256{5});
    std::uint8_t full[32];
    store_be256(full, Uint256{4, 3, 2, 1});
    EXPECT_EQ(full[7], 1);
    EXPECT_EQ(full[31], 4);
    EXPECT_EQ(load_be256(full), (Uint256{4, 3, 2, 1}));
}

TEST(Uint256DeathTest, more_than_32_bytes_assert) {
    EXPECT_DEATH((void)from_be(Bytes(33, 0)), "32");
}

}  // namespace
}  // namespace cairn::test
