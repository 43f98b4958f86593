// SPDX-License-Identifier: MIT
#include "core/math/modulus.hpp"

#include <gtest/gtest.h>

#include "tests/unit/core/math/model.hpp"

namespace cairn::test {
namespace {

void check(const Modulus& m, const Uint256& a, const Uint256& b) {
    Big z;
    mpz_mul(z.z, Big{a}.z, Big{b}.z);
    mpz_fdiv_r(z.z, z.z, Big{m.value()}.z);
    ASSERT_EQ(m.mulmod(a, b), z.wrapped())
        << show(a) << " * " << show(b) << " mod " << show(m.value());
    mpz_add(z.z, Big{a}.z, Big{b}.z);
    mpz_fdiv_r(z.z, z.z, Big{m.value()}.z);
    ASSERT_EQ(m.addmod(a, b), z.wrapped())
        << show(a) << " + " << show(b) << " mod " << show(m.value());
}

TEST(Modulus, edge_values_agree_with_the_model) {
    const auto edges = edge_values();
    for (const auto& value : edges) {
        if (value.is_zero()) continue;
        const Modulus m{value};
        EXPECT_EQ(m.value(), value);
        for (const auto& a : edges)
            for (const auto& b : edges) {
                check(m, a, b);
                if (HasFatalFailure()) return;
            }
    }
}

TEST(Modulus, random_values_agree_with_the_model) {
    Numbers numbers{21};
    for (int i = 0; i < 20'000; ++i) {
        const auto value = numbers.next();
        if (value.is_zero()) continue;
        const Modulus m{value};
        for (int k = 0; k < 20; ++k) {
            check(m, numbers.next(), numbers.next());
            if (HasFatalFailure()) return;
        }
    }
}

TEST(Modulus, every_width_agrees_with_the_model) {
    Numbers numbers{22};
    for (unsigned width = 1; width <= 256; ++width)
        for (int k = 0; k < 40; ++k) {
            const Uint256 top = Uint256{1} << (width - 1);
            const Uint256 value =
                top | (Uint256{numbers.word(), numbers.word(), numbers.word(), numbers.limb()} &
                       (top - Uint256{1}));
            const Modulus m{value};
            for (int j = 0; j < 20; ++j) {
                check(m, numbers.next(), numbers.next());
                // Operands at and around the modulus and its small multiples.
                const Uint256 near = value * Uint256{numbers.word() % 5};
                check(m, near + Uint256{1}, near - Uint256{1});
                check(m, near - Uint256{1}, near - Uint256{1});
                check(m, Uint256::max(), value - Uint256{1});
                check(m, Uint256::max(), Uint256::max());
                if (HasFatalFailure()) return;
            }
        }
}

TEST(ModulusDeathTest, zero_asserts) {
    EXPECT_DEATH((void)Modulus{Uint256{}}, "zero");
}

}  // namespace
}  // namespace cairn::test
