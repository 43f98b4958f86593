// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <vector>

#include "tests/unit/core/crypto/curves/bn254_convert.hpp"

namespace cairn::bn254_test {
namespace {

using fast::G1;
using fast::G2;

constexpr G1 kGenerator = {fast::element(1), fast::element(2)};

/// The generator of G2 (EIP-197).
const G2 kTwistGenerator = {
    {fast::element(0x46debd5cd992f6ed, 0x674322d4f75edadd, 0x426a00665e5c4479, 0x1800deef121f1e76),
     fast::element(0x97e485b7aef312c2, 0xf1aa493335a9e712, 0x7260bfb731fb5d25, 0x198e9393920d483a)},
    {fast::element(0x4ce6cc0166fa7daa, 0xe3d1e7690c43d37b, 0x4aab71808dcb408f, 0x12c85ea5db8c6deb),
     fast::element(0x55acdadcd122975b, 0xbc4b313370b38ef3, 0xec9e99ad690c3395, 0x090689d0585ff075)}};

/// A point of the twist outside the subgroup: x = 2 + i.
const G2 kStranger = {
    {fast::element(2), fast::element(1)},
    {fast::element(0xf057167f064101ce, 0x381f4d26d1d62313, 0x5099eca02dcee0c5, 0x101f7278419308b9),
     fast::element(0x5918b6b5808f5fde, 0x777f7c13f6a7b75d, 0x963dac85546a005a, 0x2b76c179599bb92a)}};

/// Affine double-and-add.
G1 plain_multiple(const Uint256& k, const G1& p) {
    G1 r{};
    for (unsigned i = k.bit_width(); i-- > 0;) {
        r = fast::add_affine(r, r);
        if (k.bit(i)) r = fast::add_affine(r, p);
    }
    return r;
}

G1 multiple(const Uint256& k, const G1& p) {
    fast::Limb limbs[4] = {k.limb[0], k.limb[1], k.limb[2], k.limb[3]};
    return fast::mul_scalar(p, limbs);
}

template <class F>
fast::Jacobian<F> plain_multiple(const Uint256& k, const fast::Affine<F>& p) {
    auto r = fast::infinity<F>();
    for (unsigned i = k.bit_width(); i-- > 0;) {
        r = fast::dbl(r);
        if (k.bit(i)) r = fast::add(r, p);
    }
    return r;
}

bool is_same(const G1& p, const G1& q) { return is_equal(p.x, q.x) && is_equal(p.y, q.y); }

/// Scalars at the corners of the reduction and of the split, and some between.
std::vector<Uint256> scalars() {
    const Uint256 lambda{0x8b17ea66b99c90dd, 0x5bfc41088d8daaa7, 0xb3c4d79d41a91758, 0};
    std::vector<Uint256> all = {Uint256{0},
                                Uint256{1},
                                Uint256{2},
                                Uint256{15},
                                Uint256{16},
                                Uint256{17},
                                lambda,
                                lambda + Uint256{1},
                                lambda - Uint256{1},
                                kGroupOrder - lambda,
                                kGroupOrder - Uint256{1},
                                kGroupOrder,
                                kGroupOrder + Uint256{1},
                                kGroupOrder * Uint256{5},
                                kGroupOrder >> 1,
                                Uint256::max()};
    Generator random{9};
    while (all.size() < 60) all.emplace_back(random.next(), random.next(), random.next(), random.next());
    return all;
}

TEST(Bn254Curve, additions_agree_in_all_coordinates) {
    const G1 three = plain_multiple(Uint256{3}, kGenerator);
    const G1 five = plain_multiple(Uint256{5}, kGenerator);
    const G1 minus = fast::neg(five);
    const G1 points[] = {G1{}, three, five, minus};
    // z ≠ 1 on both sides.
    const auto scaled = [](const G1& p) {
        const auto z = fast::element(7);
        const auto zz = fast::sqr(z);
        if (fast::is_infinity(p)) return fast::infinity<fast::Fp>();
        return fast::Jacobian<fast::Fp>{fast::mul(p.x, zz), fast::mul(fast::mul(p.y, zz), z), z};
    };
    for (const auto& p : points)
        for (const auto& q : points) {
            const G1 sum = fast::add_affine(p, q);
            EXPECT_TRUE(is_infinity(sum) || is_on_curve(sum));
            EXPECT_TRUE(is_same(sum, fast::to_affine(fast::add(scaled(p), scaled(q)))));
            if (!is_infinity(q)) {
                EXPECT_TRUE(is_same(sum, fast::to_affine(fast::add(scaled(p), q))));
            }
        }
    EXPECT_TRUE(is_infinity(fast::add_affine(five, minus)));
}

TEST(Bn254Curve, split_halves_make_up_the_scalar) {
    const Uint256 lambda{0x8b17ea66b99c90dd, 0x5bfc41088d8daaa7, 0xb3c4d79d41a91758, 0};
    const auto signed_value = [](const fast::HalfScalar& half) {
        const Uint256 magnitude{half.v[0], half.v[1], 0, 0};
        return half.negative ? kGroupOrder - magnitude : magnitude;
    };
    for (auto k : scalars()) {
        while (k >= kGroupOrder) k = k - kGroupOrder;
        const fast::Limb limbs[4] = {k.limb[0], k.limb[1], k.limb[2], k.limb[3]};
        const auto halves = fast::split_scalar(limbs);
        EXPECT_EQ(addmod(signed_value(halves.k1), mulmod(signed_value(halves.k2), lambda, kGroupOrder), kGroupOrder), k);
        EXPECT_LT(halves.k1.v[1], 0xf000000000000000U);
        EXPECT_LT(halves.k2.v[1], 0xf000000000000000U);
    }
}

TEST(Bn254Curve, multiples_agree_with_double_and_add) {
    const G1 p = plain_multiple(Uint256{12345}, kGenerator);
    for (const auto& k : scalars())
        EXPECT_TRUE(is_same(multiple(k, p), plain_multiple(k, p))) << std::hex << k.limb[3] << " … " << k.limb[0];
    EXPECT_TRUE(is_infinity(multiple(Uint256{7}, G1{})));
}

TEST(Bn254Curve, subgroup_holds_the_generator_and_not_the_stranger) {
    EXPECT_TRUE(is_on_curve(kTwistGenerator));
    EXPECT_TRUE(is_on_curve(kStranger));
    EXPECT_TRUE(fast::is_infinity(plain_multiple(kGroupOrder, kTwistGenerator)));
    EXPECT_FALSE(fast::is_infinity(plain_multiple(kGroupOrder, kStranger)));
    EXPECT_TRUE(fast::is_in_subgroup(kTwistGenerator));
    EXPECT_TRUE(fast::is_in_subgroup(G2{}));
    EXPECT_FALSE(fast::is_in_subgroup(kStranger));
}

TEST(Bn254Curve, mul_u_agrees_with_double_and_add) {
    EXPECT_TRUE(is_equal(fast::mul_u(kTwistGenerator), plain_multiple(Uint256{fast::kU}, kTwistGenerator)));
}

TEST(Bn254Curve, miller_loop_tells_points_of_the_subgroup) {
    fast::Fp12 f;
    fast::MillerPair pairs[2] = {{kGenerator, kTwistGenerator, {}}, {kGenerator, kTwistGenerator, {}}};
    EXPECT_TRUE(fast::miller_loop(f, pairs, 2));
    pairs[1].q = kStranger;
    EXPECT_FALSE(fast::miller_loop(f, pairs, 2));
    pairs[0].q = kStranger;
    pairs[1].q = kTwistGenerator;
    EXPECT_FALSE(fast::miller_loop(f, pairs, 2));
}

TEST(Bn254Curve, a_miller_loop_that_met_an_exception_does_not_close) {
    // What stays where the loop added a point to itself; all of it would compare equal.
    EXPECT_FALSE(fast::closes(fast::Projective{}, kTwistGenerator));
}

TEST(Bn254Curve, miller_loop_refuses_points_of_small_order) {
    // The stranger times n and all of 2p − n but its least prime factor, 10069, has that factor as its order.
    const Uint256 cofactor = kModulus + kModulus - kGroupOrder;
    const auto [quotient, rest] = divmod(cofactor, Uint256{10069});
    ASSERT_TRUE(rest.is_zero());
    auto small = plain_multiple(kGroupOrder, kStranger);
    auto r = fast::infinity<fast::Fp2>();
    for (unsigned i = quotient.bit_width(); i-- > 0;) {
        r = fast::dbl(r);
        if (quotient.bit(i)) r = fast::add(r, small);
    }
    ASSERT_FALSE(fast::is_infinity(r));
    const auto z = fast::inverse(r.z);
    const auto zz = fast::sqr(z);
    const G2 point = {fast::mul(r.x, zz), fast::mul(fast::mul(r.y, zz), z)};
    ASSERT_TRUE(is_on_curve(point));
    fast::Fp12 f;
    fast::MillerPair pair = {kGenerator, point, {}};
    EXPECT_FALSE(fast::miller_loop(f, &pair, 1));
    EXPECT_FALSE(fast::is_in_subgroup(point));
}

}  // namespace
}  // namespace cairn::bn254_test
