// SPDX-License-Identifier: MIT
#include "chain/pool/pricing.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>

#include "tests/unit/chain/pool/pool_fixture.hpp"

namespace cairn::chain {
namespace {

using test::make_fields;
using test::TxShape;

Transaction priced(std::uint64_t fee_cap, std::uint64_t tip) {
    return make_fields(0, 0, {.fee_cap = fee_cap, .tip = tip});
}

TEST(Worth, is_the_tip_where_the_cap_leaves_room) {
    EXPECT_EQ(worth_of(priced(100, 10), Wei{50}), (Worth{true, Wei{10}}));
}

TEST(Worth, is_what_the_cap_leaves_of_the_tip) {
    EXPECT_EQ(worth_of(priced(55, 10), Wei{50}), (Worth{true, Wei{5}}));
    EXPECT_EQ(worth_of(priced(50, 10), Wei{50}), (Worth{true, Wei{0}}));
}

TEST(Worth, below_the_base_fee_counts_less_than_nothing) {
    const Worth below = worth_of(priced(49, 10), Wei{50});
    EXPECT_EQ(below, (Worth{false, Wei{49}}));
    EXPECT_LT(below, worth_of(priced(50, 0), Wei{50}));
    EXPECT_LT(worth_of(priced(48, 10), Wei{50}), below);
}

TEST(Worth, without_a_base_fee_is_the_gas_price) {
    EXPECT_EQ(worth_of(priced(7, 7), Wei{}), (Worth{true, Wei{7}}));
}

TEST(Replacement, needs_the_bump_in_both_prices) {
    const Transaction pooled = priced(1000, 100);
    EXPECT_TRUE(can_replace(pooled, priced(1100, 110), 10));
    EXPECT_FALSE(can_replace(pooled, priced(1099, 110), 10));
    EXPECT_FALSE(can_replace(pooled, priced(1100, 109), 10));
}

TEST(Replacement, threshold_is_rounded_down_but_the_price_must_rise) {
    EXPECT_TRUE(can_replace(priced(15, 15), priced(16, 16), 10));
    EXPECT_FALSE(can_replace(priced(1, 1), priced(1, 1), 10));
    EXPECT_TRUE(can_replace(priced(1, 1), priced(2, 2), 10));
    EXPECT_FALSE(can_replace(priced(100, 0), priced(200, 0), 10));
    EXPECT_TRUE(can_replace(priced(100, 0), priced(200, 1), 10));
}

TEST(Replacement, of_a_price_whose_bump_does_not_fit_is_impossible) {
    Transaction pooled = priced(0, 0);
    pooled.max_fee_per_gas = pooled.max_priority_fee_per_gas = Wei::max() - Wei{1};
    Transaction candidate = pooled;
    candidate.max_fee_per_gas = candidate.max_priority_fee_per_gas = Wei::max();
    EXPECT_FALSE(can_replace(pooled, candidate, 10));
}

TEST(Replacement, of_blobs_must_raise_the_blob_fee_too) {
    Transaction pooled = priced(1000, 100);
    pooled.type = TxType::Blob;
    pooled.max_fee_per_blob_gas = Wei{10};
    Transaction candidate = priced(2000, 200);
    candidate.type = TxType::Blob;
    candidate.max_fee_per_blob_gas = Wei{20};
    EXPECT_TRUE(can_replace(pooled, candidate, 100));
    candidate.max_fee_per_blob_gas = Wei{19};
    EXPECT_FALSE(can_replace(pooled, candidate, 100));
}

PoolTxPtr pooled(std::uint64_t fee_cap, std::uint64_t tip, std::uint64_t sequence,
                 Origin origin = Origin::Peer) {
    auto in = test::make_tx(0, sequence, {.fee_cap = fee_cap, .tip = tip});
    return std::make_shared<PoolTx>(PoolTx{.tx = in.tx,
                                           .sidecar = {},
                                           .authorities = {},
                                           .cost = {},
                                           .size = 100,
                                           .origin = origin,
                                           .sequence = sequence});
}

class PriceIndexTest : public testing::Test {
protected:
    void sort() {
        index.sort([this](const std::function<void(const PoolTxPtr&)>& visit) {
            ++walks;
            for (const PoolTxPtr& tx : txs) visit(tx);
        });
    }
    [[nodiscard]] std::vector<std::uint64_t> order() {
        sort();
        std::vector<std::uint64_t> out;
        for (const auto& entry : index.cheapest_first()) out.push_back(entry.sequence);
        return out;
    }
    void put(PoolTxPtr tx) {
        txs.push_back(tx);
        index.insert(*tx);
    }

    std::vector<PoolTxPtr> txs;
    PriceIndex index;
    int walks = 0;
};

TEST_F(PriceIndexTest, cheapest_first_and_the_latest_of_equals) {
    put(pooled(100, 5, 1));
    put(pooled(100, 3, 2));
    put(pooled(100, 5, 3));
    EXPECT_EQ(order(), (std::vector<std::uint64_t>{2, 3, 1}));
}

TEST_F(PriceIndexTest, another_base_fee_is_another_order) {
    put(pooled(100, 1, 1));
    put(pooled(60, 50, 2));
    EXPECT_EQ(order(), (std::vector<std::uint64_t>{1, 2}));
    index.set_base_fee(Wei{60});
    EXPECT_EQ(order(), (std::vector<std::uint64_t>{2, 1}));
    index.set_base_fee(Wei{60});
    sort();
    EXPECT_EQ(walks, 2);
}

TEST_F(PriceIndexTest, locals_are_not_in_it) {
    put(pooled(100, 1, 1, Origin::Local));
    put(pooled(100, 2, 2));
    EXPECT_EQ(order(), (std::vector<std::uint64_t>{2}));
    put(pooled(100, 1, 3, Origin::Local));
    EXPECT_EQ(order(), (std::vector<std::uint64_t>{2}));
}

TEST_F(PriceIndexTest, kept_up_to_date_equals_sorted_anew) {
    std::mt19937_64 random{4};
    index.set_base_fee(Wei{50});
    sort();
    for (std::uint64_t i = 1; i <= 500; ++i) {
        if (!txs.empty() && random() % 3 == 0) {
            const auto it = txs.begin() + static_cast<std::ptrdiff_t>(random() % txs.size());
            index.erase(**it);
            txs.erase(it);
        } else {
            put(pooled(random() % 100, random() % 20, i));
        }
    }
    const auto kept = order();
    PriceIndex anew;
    anew.set_base_fee(Wei{50});
    anew.sort([this](const std::function<void(const PoolTxPtr&)>& visit) {
        for (const PoolTxPtr& tx : txs) visit(tx);
    });
    std::vector<std::uint64_t> sorted;
    for (const auto& entry : anew.cheapest_first()) sorted.push_back(entry.sequence);
    EXPECT_EQ(kept, sorted);
    EXPECT_EQ(walks, 1);
}

}  // namespace
}  // namespace cairn::chain
