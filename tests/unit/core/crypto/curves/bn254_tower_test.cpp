// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tests/unit/core/crypto/curves/bn254_convert.hpp"

namespace cairn::bn254_test {
namespace {

constexpr Model2 kXi{Uint256{9}, Uint256{1}};

TEST(Bn254Tower, fp2_agrees_with_the_model) {
    Generator random{3};
    for (int i = 0; i < 500; ++i) {
        const auto x = random2(random);
        const auto y = random2(random);
        ASSERT_EQ(value(fast::mul(fp2(x), fp2(y))), mul(x, y));
        ASSERT_EQ(value(fast::mul(fast::add_loose(fp2(x), fp2(x)), fp2(y))), mul(add(x, x), y));
        ASSERT_EQ(value(fast::sqr(fp2(x))), mul(x, x));
        ASSERT_EQ(value(fast::mul_xi(fp2(x))), mul(x, kXi));
        ASSERT_EQ(mul(value(fast::inverse(fp2(x))), x), (Model2{Uint256{1}, Uint256{0}}));
    }
}

TEST(Bn254Tower, xi_times_the_corners) {
    const Uint256 corners[] = {Uint256{0}, Uint256{1}, kModulus - Uint256{1}, kModulus >> 1};
    // Corners of the residues, not of the values: the reduction sees residues.
    for (const auto& a : corners)
        for (const auto& b : corners) {
            const fast::Fp2 x = {{{a.limb[0], a.limb[1], a.limb[2], a.limb[3]}},
                                  {{b.limb[0], b.limb[1], b.limb[2], b.limb[3]}}};
            EXPECT_EQ(value(fast::mul_xi(x)), mul(value(x), kXi));
            EXPECT_LT(raw(fast::mul_xi(x).a), kModulus);
            EXPECT_LT(raw(fast::mul_xi(x).b), kModulus);
        }
}

TEST(Bn254Tower, fp12_agrees_with_the_model) {
    Generator random{4};
    for (int i = 0; i < 50; ++i) {
        const auto x = random12(random);
        const auto y = random12(random);
        ASSERT_EQ(value(fast::mul(fp12(x), fp12(y))), mul(x, y));
        ASSERT_EQ(value(fast::sqr(fp12(x))), mul(x, x));
        ASSERT_TRUE(fast::is_one(fast::mul(fp12(x), fast::inverse(fp12(x)))));
    }
}

TEST(Bn254Tower, lines_multiply_as_the_elements_they_are) {
    Generator random{5};
    for (int i = 0; i < 50; ++i) {
        const auto x = random12(random);
        Model12 l{};
        Model12 m{};
        for (const std::size_t k : {0U, 1U, 3U}) {
            l[k] = random2(random);
            m[k] = random2(random);
        }
        const fast::Line line = {fp2(l[0]), fp2(l[1]), fp2(l[3])};
        const fast::Line other = {fp2(m[0]), fp2(m[1]), fp2(m[3])};
        ASSERT_EQ(value(fast::mul_by_line(fp12(x), line)), mul(x, l));
        ASSERT_EQ(value(fast::mul_by_lines(fp12(x), line, other)), mul(mul(x, l), m));
    }
}

TEST(Bn254Tower, frobenius_is_the_power_p) {
    Generator random{6};
    const auto x = random12(random);
    const auto xp = pow(x, kModulus);
    EXPECT_EQ(value(fast::frobenius(fp12(x))), xp);
    EXPECT_EQ(value(fast::frobenius2(fp12(x))), pow(xp, kModulus));
}

TEST(Bn254Tower, conjugate_is_the_power_p_to_the_sixth) {
    Generator random{7};
    const auto x = fp12(random12(random));
    auto power = x;
    for (int i = 0; i < 3; ++i) power = fast::frobenius2(power);
    EXPECT_EQ(value(fast::conjugate(x)), value(power));
}

TEST(Bn254Tower, cyclotomic_square_and_power_of_u) {
    Generator random{8};
    for (int i = 0; i < 10; ++i) {
        // The easy part of the final exponentiation leads into the cyclotomic subgroup.
        const auto f = fp12(random12(random));
        const auto g = fast::mul(fast::conjugate(f), fast::inverse(f));
        const auto x = fast::mul(fast::frobenius2(g), g);
        ASSERT_EQ(value(fast::cyclotomic_sqr(x)), mul(value(x), value(x)));
        if (i == 0) {
            EXPECT_EQ(value(fast::pow_u(x)), pow(value(x), Uint256{fast::kU}));
        }
    }
}

}  // namespace
}  // namespace cairn::bn254_test
