// SPDX-License-Identifier: MIT
#include "tests/unit/core/crypto/curves/bn254_field_cases.hpp"

namespace cairn::bn254_test {
namespace {

TEST(Bn254Field, products_and_sums_agree_with_the_model) { check_products_and_sums(); }
TEST(Bn254Field, loosest_factors_reduce) { check_loosest_factors(); }
TEST(Bn254Field, inverse_times_element_is_one) { check_inverse(); }

TEST(Bn254Field, constants_are_what_their_names_say) {
    const Uint256 r = Uint256::max() - kModulus * Uint256{5} + Uint256{1};  // 2²⁵⁶ mod p, since 5p < 2²⁵⁶ < 6p
    EXPECT_EQ(raw(fast::kOne), r);
    EXPECT_EQ(raw(fast::kR2), mul_mod(r, r));
    EXPECT_EQ(raw(fast::kR3), mul_mod(mul_mod(r, r), r));
    EXPECT_EQ(fast::kP[0] * fast::kPNegInverse, ~0ULL);
    EXPECT_EQ(fast::kP[0] * fast::kPInverse62 << 2, 4U);
    const Uint256 u{fast::kU};
    EXPECT_EQ(((Uint256{36} * u + Uint256{36}) * u + Uint256{24}) * u * u + Uint256{6} * u + Uint256{1}, kModulus);
    EXPECT_EQ(((Uint256{36} * u + Uint256{36}) * u + Uint256{18}) * u * u + Uint256{6} * u + Uint256{1}, kGroupOrder);
}

TEST(Bn254Field, only_integers_below_p_are_elements) {
    const auto is_element = [](const Uint256& x) {
        return fast::is_below_p(fast::Fp{{x.limb[0], x.limb[1], x.limb[2], x.limb[3]}});
    };
    EXPECT_TRUE(is_element(Uint256{}));
    EXPECT_TRUE(is_element(kModulus - Uint256{1}));
    EXPECT_FALSE(is_element(kModulus));
    EXPECT_FALSE(is_element(kModulus + Uint256{1}));
    EXPECT_FALSE(is_element(Uint256::max()));
}

}  // namespace
}  // namespace cairn::bn254_test
