// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <vector>

#include "tests/unit/core/crypto/curves/bn254_convert.hpp"

/// Checks of the field's arithmetic against the model, in whichever form the including file is compiled.
namespace cairn::bn254_test {
namespace {

/// The field's corners and some of its inside.
inline std::vector<Uint256> field_values() {
    std::vector<Uint256> values = {Uint256{0}, Uint256{1}, Uint256{2}, kModulus - Uint256{1}, kModulus - Uint256{2},
                                   kModulus >> 1};
    Generator random{1};
    while (values.size() < 30) values.push_back(random.below_modulus());
    return values;
}

inline void check_products_and_sums() {
    for (const auto& a : field_values())
        for (const auto& b : field_values()) {
            const auto x = fp(a);
            const auto y = fp(b);
            ASSERT_EQ(value(fast::mul(x, y)), mul_mod(a, b));
            ASSERT_EQ(value(fast::add(x, y)), add_mod(a, b));
            ASSERT_EQ(value(fast::sub(x, y)), sub_mod(a, b));
            ASSERT_EQ(value(fast::mul(fast::add_loose(x, x), fast::add_loose(y, y))),
                      mul_mod(add_mod(a, a), add_mod(b, b)));
            ASSERT_EQ(value(fast::mul_sum(fast::add_loose(x, y), y, fast::add_loose(y, x), fast::neg_loose(x))),
                      sub_mod(mul_mod(add_mod(a, b), b), mul_mod(add_mod(a, b), a)));
            ASSERT_LT(raw(fast::mul(x, y)), kModulus) << "reduced";
            ASSERT_LT(raw(fast::add(x, y)), kModulus) << "reduced";
            ASSERT_LT(raw(fast::sub(x, y)), kModulus) << "reduced";
        }
}

/// The greatest factors that the bounds allow, as plain limbs.
inline void check_loosest_factors() {
    const Uint256 greatest = kModulus + kModulus;
    const fast::Fp loose{{greatest.limb[0], greatest.limb[1], greatest.limb[2], greatest.limb[3]}};
    const fast::Fp p{{kModulus.limb[0], kModulus.limb[1], kModulus.limb[2], kModulus.limb[3]}};
    EXPECT_EQ(raw(fast::mul(loose, loose)) , Uint256{});
    EXPECT_EQ(raw(fast::mul_sum(loose, p, loose, p)), Uint256{});
}

inline void check_inverse() {
    for (const auto& a : field_values()) {
        const auto inverse = fast::inverse(fp(a));
        ASSERT_LT(raw(inverse), kModulus);
        ASSERT_EQ(mul_mod(value(inverse), a), a.is_zero() ? Uint256{0} : Uint256{1});
    }
    Generator random{2};
    for (int i = 0; i < 2000; ++i) {
        const auto a = random.below_modulus();
        ASSERT_EQ(mul_mod(value(fast::inverse(fp(a))), a), a.is_zero() ? Uint256{0} : Uint256{1});
    }
}

}  // namespace
}  // namespace cairn::bn254_test
