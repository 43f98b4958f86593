// SPDX-License-Identifier: MIT
#include "core/math/checked.hpp"

#include <gtest/gtest.h>

#include "tests/unit/core/math/model.hpp"

namespace cairn::test {
namespace {

constexpr std::uint64_t kMax64 = ~0ULL;

TEST(Checked, sums_of_64_bits_hold_at_the_bound_and_fail_beyond) {
    EXPECT_EQ(checked_add(kMax64 - 1, std::uint64_t{1}), kMax64);
    EXPECT_EQ(checked_add(kMax64, std::uint64_t{1}), std::nullopt);
    EXPECT_EQ(checked_sub(std::uint64_t{5}, std::uint64_t{5}), 0U);
    EXPECT_EQ(checked_sub(std::uint64_t{5}, std::uint64_t{6}), std::nullopt);
    EXPECT_EQ(checked_mul(1ULL << 32, (1ULL << 32) - 1), kMax64 - 0xffffffffULL);
    EXPECT_EQ(checked_mul(1ULL << 32, 1ULL << 32), std::nullopt);
    EXPECT_EQ(checked_mul(std::uint64_t{0}, kMax64), 0U);
}

TEST(Checked, sums_of_256_bits_hold_at_the_bound_and_fail_beyond) {
    const Uint256 max = Uint256::max();
    const Uint256 one{1};
    EXPECT_EQ(checked_add(max - one, one), max);
    EXPECT_EQ(checked_add(max, one), std::nullopt);
    EXPECT_EQ(checked_sub(one, one), Uint256{});
    EXPECT_EQ(checked_sub(Uint256{}, one), std::nullopt);
    EXPECT_EQ(checked_mul(one << 128, (one << 128) - one), (one << 128) * ((one << 128) - one));
    EXPECT_EQ(checked_mul(one << 128, one << 128), std::nullopt);
    EXPECT_EQ(checked_mul(max, one), max);
    EXPECT_EQ(checked_mul(max, Uint256{2}), std::nullopt);
}

TEST(Checked, agrees_with_the_model) {
    Numbers numbers{31};
    for (int i = 0; i < 100'000; ++i) {
        const auto a = numbers.next();
        const auto b = numbers.next();
        Big z;
        const auto want = [&]() -> std::optional<Uint256> {
            if (mpz_sgn(z.z) < 0 || mpz_sizeinbase(z.z, 2) > 256) return std::nullopt;
            return z.wrapped();
        };
        mpz_add(z.z, Big{a}.z, Big{b}.z);
        ASSERT_EQ(checked_add(a, b), want());
        mpz_sub(z.z, Big{a}.z, Big{b}.z);
        ASSERT_EQ(checked_sub(a, b), want());
        mpz_mul(z.z, Big{a}.z, Big{b}.z);
        ASSERT_EQ(checked_mul(a, b), want());
    }
}

}  // namespace
}  // namespace cairn::test
