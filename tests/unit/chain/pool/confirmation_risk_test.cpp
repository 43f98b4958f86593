// SPDX-License-Identifier: MIT
#include "chain/pool/confirmation_risk.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <utility>

namespace cairn::chain {
namespace {

// Rosenfeld 2012, table 1: percent, rounded to three digits.
TEST(ConfirmationRisk, rosenfelds_table) {
    struct Row {
        double share;
        double percent[6];
    };
    const Row rows[] = {
        {0.02, {4, 0.237, 0.016, 0.001, 0, 0}},
        {0.10, {20, 5.6, 1.712, 0.546, 0.178, 0.059}},
        {0.30, {60, 43.2, 32.616, 25.207, 19.762, 15.645}},
    };
    for (const Row& row : rows)
        for (std::uint64_t n = 1; n <= 6; ++n)
            EXPECT_NEAR(100 * confirmation_risk(row.share, n), row.percent[n - 1], 0.00051)
                << row.share << ' ' << n;
}

// C. Grunspan and R. Pérez-Marco, "Double spend races", 2017, which gives the exact values beside
// Nakamoto's.
TEST(ConfirmationRisk, exact_values_beside_nakamotos) {
    const std::pair<std::uint64_t, double> tenth[] = {
        {0, 1},         {1, 0.2},       {2, 0.056},     {3, 0.01712},   {4, 0.005456},
        {5, 0.0017818}, {6, 0.0005914}, {7, 0.0001986}, {8, 0.0000673}, {10, 0.0000079}};
    for (const auto& [n, risk] : tenth) EXPECT_NEAR(confirmation_risk(0.1, n), risk, 1.1e-7) << n;
    const std::pair<std::uint64_t, double> three_tenths[] = {
        {5, 0.1976173},  {10, 0.0651067}, {15, 0.0233077}, {20, 0.0086739}, {25, 0.0033027},
        {30, 0.0012769}, {35, 0.0004991}, {40, 0.0001967}, {45, 0.0000780}, {50, 0.0000311}};
    for (const auto& [n, risk] : three_tenths)
        EXPECT_NEAR(confirmation_risk(0.3, n), risk, 0.6e-7) << n;
}

// The same paper's table of confirmations for a risk below 0.1 %.
TEST(ConfirmationRisk, confirmations_for_a_thousandth) {
    EXPECT_EQ(confirmations_for(0.10, 0.001), 6u);
    EXPECT_EQ(confirmations_for(0.15, 0.001), 9u);
    EXPECT_EQ(confirmations_for(0.20, 0.001), 13u);
    EXPECT_EQ(confirmations_for(0.25, 0.001), 20u);
    EXPECT_EQ(confirmations_for(0.30, 0.001), 32u);
    EXPECT_EQ(confirmations_for(0.35, 0.001), 58u);
    EXPECT_EQ(confirmations_for(0.40, 0.001), 133u);
    EXPECT_EQ(confirmations_for(0.45, 0.001), 539u);
}

TEST(ConfirmationRisk, tags_stand_where_the_formula_puts_them) {
    EXPECT_EQ(confirmations_for(kSafeAttackerShare, kTagRisk), kSafeConfirmations);
    EXPECT_EQ(confirmations_for(kFinalizedAttackerShare, kTagRisk), kFinalizedConfirmations);
}

TEST(ConfirmationRisk, half_the_hash_rate_always_wins) {
    EXPECT_EQ(confirmation_risk(0.5, 1000), 1);
    EXPECT_EQ(confirmation_risk(0.51, 1), 1);
    EXPECT_EQ(confirmation_risk(7, 10), 1);
    EXPECT_EQ(confirmations_for(0.5, 0.001), kConfirmationsMax);
    EXPECT_LT(confirmation_risk(0.4999, 10), 1);
}

TEST(ConfirmationRisk, no_hash_rate_never_wins_but_before_the_first_confirmation) {
    EXPECT_EQ(confirmation_risk(0, 0), 1);
    EXPECT_EQ(confirmation_risk(0, 1), 0);
    EXPECT_EQ(confirmation_risk(-1, 1), 0);
    EXPECT_EQ(confirmation_risk(std::numeric_limits<double>::quiet_NaN(), 1), 0);
    EXPECT_EQ(confirmations_for(0, 0.001), 1u);
}

TEST(ConfirmationRisk, more_confirmations_never_hurt) {
    for (const double share : {0.01, 0.1, 0.25, 0.4, 0.45, 0.49, 0.499})
        for (std::uint64_t n = 1; n < 400; ++n)
            EXPECT_LE(confirmation_risk(share, n + 1), confirmation_risk(share, n))
                << share << ' ' << n;
}

TEST(ConfirmationRisk, long_chains_neither_overflow_nor_lose_their_digits) {
    // 0.45^1000 is no double; the risk is (Rosenfeld's formula in exact fractions).
    EXPECT_NEAR(confirmation_risk(0.45, 1000) / 7.366397738015122e-06, 1, 1e-9);
    EXPECT_EQ(confirmation_risk(0.1, 50'000'000), 0);
    EXPECT_TRUE(std::isfinite(confirmation_risk(0.49999, kConfirmationsMax + 1)));
}

}  // namespace
}  // namespace cairn::chain
