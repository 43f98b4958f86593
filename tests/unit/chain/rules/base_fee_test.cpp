// SPDX-License-Identifier: MIT
#include "chain/rules/base_fee.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "chain/spec/rule_table.hpp"
#include "chain/spec/test_networks.hpp"

namespace cairn::chain {
namespace {

Header parent_with(std::uint64_t base_fee, Gas gas_limit, Gas gas_used) {
    Header h;
    h.base_fee = Wei{base_fee};
    h.gas_limit = gas_limit;
    h.gas_used = gas_used;
    return h;
}
Wei next(std::uint64_t base_fee, Gas gas_limit, Gas gas_used) {
    return next_base_fee(parent_with(base_fee, gas_limit, gas_used));
}

// go-ethereum's published vectors of EIP-1559: 1 gwei, limit 20,000,000; used at, below and above
// the target.
TEST(BaseFee, published_vectors) {
    EXPECT_EQ(next(1'000'000'000, 20'000'000, 10'000'000), Wei{1'000'000'000});
    EXPECT_EQ(next(1'000'000'000, 20'000'000, 9'000'000), Wei{987'500'000});
    EXPECT_EQ(next(1'000'000'000, 20'000'000, 11'000'000), Wei{1'012'500'000});
}

TEST(BaseFee, bounds_of_one_step) {
    EXPECT_EQ(next(1'000'000'000, 20'000'000, 0), Wei{875'000'000});
    EXPECT_EQ(next(1'000'000'000, 20'000'000, 20'000'000), Wei{1'125'000'000});
}

TEST(BaseFee, rises_by_at_least_one_and_falls_by_nothing_when_small) {
    EXPECT_EQ(next(7, 20'000'000, 10'000'001), Wei{8});
    EXPECT_EQ(next(0, 20'000'000, 10'000'001), Wei{1});
    EXPECT_EQ(next(7, 20'000'000, 0), Wei{7});
    EXPECT_EQ(next(8, 20'000'000, 0), Wei{7});
}

TEST(BaseFee, first_block_that_has_one) {
    EXPECT_EQ(next_base_fee(Header{}), Wei{1'000'000'000});
}

TEST(BaseFee, the_greatest_fee_neither_wraps_nor_loses_digits) {
    Header h = parent_with(0, 20'000'000, 20'000'000);
    h.base_fee = Uint256::max();
    EXPECT_EQ(next_base_fee(h), Uint256::max());
    h.gas_used = 0;
    EXPECT_EQ(next_base_fee(h), Uint256::max() - Uint256::max() / Uint256{8});
    h.gas_limit = 0;
    EXPECT_EQ(next_base_fee(h), Uint256::max());
}

TEST(BaseFee, agrees_with_plain_128_bit_arithmetic) {
    // EIP-1559's formula as written, on numbers small enough for it.
    for (const std::uint64_t base : {1ULL, 1'000'000'007ULL, 123'456'789'012'345ULL}) {
        for (const Gas limit : {5000ULL, 29'999'999ULL, 60'000'001ULL}) {
            for (const Gas used : {Gas{0}, limit / 3, limit / 2 - 1, limit / 2 + 1, limit}) {
                const Gas target = limit / 2;
                Uint128 expected = base;
                if (used > target)
                    expected += std::max<Uint128>(Uint128{base} * (used - target) / target / 8, 1);
                else
                    expected -= Uint128{base} * (target - used) / target / 8;
                EXPECT_EQ(next(base, limit, used), (Wei{static_cast<std::uint64_t>(expected)}))
                    << base << " " << limit << " " << used;
            }
        }
    }
}

const BlobSchedule& cancun() {
    return rules_of(Revision::Cancun).blobs;
}

// go-ethereum's published vectors of Cancun's blob base fee.
TEST(BlobBaseFee, published_vectors) {
    EXPECT_EQ(blob_base_fee(cancun(), 0), Wei{1});
    EXPECT_EQ(blob_base_fee(cancun(), 2314057), Wei{1});
    EXPECT_EQ(blob_base_fee(cancun(), 2314058), Wei{2});
    EXPECT_EQ(blob_base_fee(cancun(), 10 * 1024 * 1024), Wei{23});
}

TEST(BlobBaseFee, follows_the_exponential) {
    for (const double x : {1.0, 5.0, 20.0, 40.0}) {
        const auto excess =
            static_cast<Gas>(x * static_cast<double>(cancun().base_fee_update_fraction));
        const double got = static_cast<double>(blob_base_fee(cancun(), excess).low64());
        EXPECT_NEAR(got / std::exp(x), 1.0, 0.7) << x;
        if (x >= 20) {
            EXPECT_NEAR(got / std::exp(x), 1.0, 1e-6) << x;
        }
    }
}

TEST(BlobBaseFee, saturates_at_absurd_excess) {
    EXPECT_EQ(blob_base_fee(cancun(), ~0ULL), Uint256::max());
    EXPECT_LT(blob_base_fee(cancun(), 100 * cancun().base_fee_update_fraction), Uint256::max());
}

Header blob_parent(Gas excess, Gas used, std::uint64_t base_fee = 0) {
    Header h;
    h.base_fee = Wei{base_fee};
    h.excess_blob_gas = excess;
    h.blob_gas_used = used;
    return h;
}

// go-ethereum's published vectors of Cancun's excess: parent's excess, blobs used, child's excess.
// Target 3 blobs.
TEST(ExcessBlobGas, published_vectors) {
    constexpr Gas kTarget = 3 * kGasPerBlob;
    struct Case {
        Gas excess;
        Gas blobs;
        Gas want;
    };
    constexpr Case kCases[] = {
        {0, 0, 0},
        {0, 1, 0},
        {0, 3, 0},
        {0, 4, kGasPerBlob},
        {1, 4, kGasPerBlob + 1},
        {1, 5, 2 * kGasPerBlob + 1},
        {kTarget, 3, kTarget},
        {kTarget, 2, kTarget - kGasPerBlob},
        {kTarget, 1, kTarget - 2 * kGasPerBlob},
        {kGasPerBlob - 1, 2, 0},
    };
    for (const Case& c : kCases)
        EXPECT_EQ(next_excess_blob_gas(cancun(), blob_parent(c.excess, c.blobs * kGasPerBlob)),
                  c.want)
            << c.excess << " " << c.blobs;
}

TEST(ExcessBlobGas, parent_without_blobs_counts_as_nothing) {
    EXPECT_EQ(next_excess_blob_gas(cancun(), Header{}), 0U);
}

TEST(ExcessBlobGas, saturates) {
    EXPECT_EQ(next_excess_blob_gas(cancun(), blob_parent(~0ULL, ~0ULL)), ~0ULL);
}

// EIP-7918 with Osaka's schedule (target 6, max 9): while 8192 · base fee exceeds 131072 · blob
// fee, a third of what was used is added and nothing subtracted.
TEST(ExcessBlobGas, reserve_price) {
    const BlobSchedule& osaka = rules_of(Revision::Osaka).blobs;
    const Gas excess = 10 * kGasPerBlob;
    ASSERT_EQ(blob_base_fee(osaka, excess), Wei{1});
    const auto next_excess = [&](std::uint64_t base_fee, Gas blobs) {
        return next_excess_blob_gas(osaka, blob_parent(excess, blobs * kGasPerBlob, base_fee));
    };
    // Equal prices (16 · 1) are the last on the market's side.
    EXPECT_EQ(next_excess(16, 6), excess);
    EXPECT_EQ(next_excess(17, 6), excess + 2 * kGasPerBlob);
    EXPECT_EQ(next_excess(16, 0), excess - 6 * kGasPerBlob);
    EXPECT_EQ(next_excess(17, 0), excess);
    EXPECT_EQ(next_excess(17, 9), excess + 3 * kGasPerBlob);
    EXPECT_EQ(next_excess(16, 9), excess + 3 * kGasPerBlob);
    // Below the target in sum there is no excess whatever the prices.
    EXPECT_EQ(next_excess_blob_gas(osaka, blob_parent(0, 5 * kGasPerBlob, 1'000'000)), 0U);
    // A price beyond comparison is above any reserve.
    EXPECT_EQ(next_excess_blob_gas(osaka, blob_parent(~0ULL - kGasPerBlob, 0, ~0ULL)),
              ~0ULL - kGasPerBlob - 6 * kGasPerBlob);
}

TEST(ExcessBlobGas, target_of_blob_parameter_forks) {
    const BlobSchedule bpo1 = find_fork_rules("BPO1")->blobs;
    EXPECT_EQ(next_excess_blob_gas(bpo1, blob_parent(0, 10 * kGasPerBlob)), 0U);
    EXPECT_EQ(next_excess_blob_gas(bpo1, blob_parent(0, 11 * kGasPerBlob)), kGasPerBlob);
}

}  // namespace
}  // namespace cairn::chain
