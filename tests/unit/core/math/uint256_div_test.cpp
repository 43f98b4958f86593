// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "core/math/uint256.hpp"
#include "tests/unit/core/math/model.hpp"

namespace cairn::test {
namespace {

constexpr int kRandomRounds = 400'000;

void check_division(const Uint256& a, const Uint256& b) {
    Big x{a};
    Big y{b};
    Big q;
    Big r;
    mpz_tdiv_qr(q.z, r.z, x.z, y.z);
    const auto got = divmod(a, b);
    ASSERT_EQ(got.quotient, q.wrapped()) << show(a) << " / " << show(b);
    ASSERT_EQ(got.remainder, r.wrapped()) << show(a) << " % " << show(b);
    ASSERT_EQ(a / b, q.wrapped());
    ASSERT_EQ(a % b, r.wrapped());
    x.make_signed();
    y.make_signed();
    mpz_tdiv_qr(q.z, r.z, x.z, y.z);
    const auto with_sign = sdivmod(a, b);
    ASSERT_EQ(with_sign.quotient, q.wrapped()) << show(a) << " sdiv " << show(b);
    ASSERT_EQ(with_sign.remainder, r.wrapped()) << show(a) << " smod " << show(b);
}

TEST(Uint256Div, edge_values_agree_with_the_model) {
    const auto edges = edge_values();
    for (const auto& a : edges)
        for (const auto& b : edges) {
            if (b.is_zero()) continue;
            check_division(a, b);
            if (HasFatalFailure()) return;
        }
}

TEST(Uint256Div, random_values_agree_with_the_model) {
    Numbers numbers{11};
    for (int i = 0; i < kRandomRounds; ++i) {
        const auto b = numbers.next();
        if (b.is_zero()) continue;
        check_division(numbers.next(), b);
        if (HasFatalFailure()) return;
    }
}

TEST(Uint256Div, dividends_beside_multiples_of_the_divisor) {
    Numbers numbers{12};
    for (int i = 0; i < kRandomRounds / 4; ++i) {
        const auto b = numbers.next();
        if (b.is_zero()) continue;
        const auto multiple = b * numbers.next();
        check_division(multiple, b);
        check_division(multiple - Uint256{1}, b);
        check_division(multiple + Uint256{1}, b);
        if (HasFatalFailure()) return;
    }
}

TEST(Uint256Div, least_by_minus_one_is_least) {
    const Uint256 least = Uint256{1} << 255;
    const auto got = sdivmod(least, Uint256::max());
    EXPECT_EQ(got.quotient, least);
    EXPECT_EQ(got.remainder, Uint256{});
}

void check_modular(const Uint256& a, const Uint256& b, const Uint256& m) {
    Big z;
    mpz_mul(z.z, Big{a}.z, Big{b}.z);
    mpz_fdiv_r(z.z, z.z, Big{m}.z);
    ASSERT_EQ(mulmod(a, b, m), z.wrapped()) << show(a) << " * " << show(b) << " mod " << show(m);
    mpz_add(z.z, Big{a}.z, Big{b}.z);
    mpz_fdiv_r(z.z, z.z, Big{m}.z);
    ASSERT_EQ(addmod(a, b, m), z.wrapped()) << show(a) << " + " << show(b) << " mod " << show(m);
}

TEST(Uint256Div, modular_edge_values_agree_with_the_model) {
    const auto edges = edge_values();
    for (const auto& a : edges)
        for (const auto& b : edges)
            for (const auto& m : edges) {
                if (m.is_zero()) continue;
                check_modular(a, b, m);
                if (HasFatalFailure()) return;
            }
}

TEST(Uint256Div, modular_random_values_agree_with_the_model) {
    Numbers numbers{13};
    for (int i = 0; i < kRandomRounds; ++i) {
        const auto m = numbers.next();
        if (m.is_zero()) continue;
        check_modular(numbers.next(), numbers.next(), m);
        if (HasFatalFailure()) return;
    }
}

TEST(Uint256DivDeathTest, divisor_zero_asserts) {
    EXPECT_DEATH((void)divmod(Uint256{1}, {}), "zero");
    EXPECT_DEATH((void)divmod({}, {}), "zero");
    EXPECT_DEATH((void)sdivmod(Uint256{1}, {}), "zero");
    EXPECT_DEATH((void)addmod({}, {}, {}), "zero");
    EXPECT_DEATH((void)mulmod({}, {}, {}), "zero");
    EXPECT_DEATH((void)mulmod(Uint256{2}, Uint256{3}, {}), "zero");
}

}  // namespace
}  // namespace cairn::test
