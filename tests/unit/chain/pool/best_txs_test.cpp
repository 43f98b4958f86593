// SPDX-License-Identifier: MIT
#include "chain/pool/best_txs.hpp"

#include <gtest/gtest.h>

#include <random>

#include "tests/unit/chain/pool/pool_fixture.hpp"

namespace cairn::chain {
namespace {

using test::address_of;
using test::make_tx;

class BestTxsTest : public test::PoolTest {
protected:
    [[nodiscard]] std::vector<PoolTxPtr> walk(BestTxs best) const {
        std::vector<PoolTxPtr> out;
        for (; !best.is_empty(); best.next()) out.push_back(best.best());
        return out;
    }
};

TEST_F(BestTxsTest, best_tip_first_but_each_sender_in_order) {
    start();
    must_add(make_tx(0, 0, {.tip = 5}));
    must_add(make_tx(0, 1, {.tip = 100}));
    must_add(make_tx(1, 0, {.tip = 50}));
    must_add(make_tx(1, 1, {.tip = 1}));
    const auto txs = walk(BestTxs{*pool, Wei{test::kBaseFee}});
    ASSERT_EQ(txs.size(), 4u);
    EXPECT_EQ(txs[0]->sender(), address_of(1));
    EXPECT_EQ(txs[1]->sender(), address_of(0));
    EXPECT_EQ(txs[2]->nonce(), 1u);
    EXPECT_EQ(txs[2]->sender(), address_of(0));
    EXPECT_EQ(txs[3]->sender(), address_of(1));
}

TEST_F(BestTxsTest, equal_tips_come_as_they_came) {
    start();
    for (std::uint32_t sender : {3, 1, 2}) must_add(make_tx(sender, 0));
    const auto txs = walk(BestTxs{*pool, Wei{}});
    ASSERT_EQ(txs.size(), 3u);
    EXPECT_EQ(txs[0]->sender(), address_of(3));
    EXPECT_EQ(txs[2]->sender(), address_of(2));
}

TEST_F(BestTxsTest, what_does_not_pay_ends_its_senders_turn) {
    start();
    must_add(make_tx(0, 0));
    must_add(make_tx(0, 1, {.fee_cap = test::kBaseFee - 1}));
    must_add(make_tx(0, 2));
    must_add(make_tx(1, 1));
    EXPECT_EQ(walk(BestTxs{*pool, Wei{test::kBaseFee}}).size(), 1u);
    EXPECT_EQ(walk(BestTxs{*pool, Wei{test::kBaseFee - 1}}).size(), 3u);
}

TEST_F(BestTxsTest, a_least_tip_is_for_peers) {
    start();
    must_add(make_tx(0, 0, {.tip = 99}));
    must_add(make_tx(1, 0, {.tip = 100}));
    must_add(make_tx(2, 0, {.tip = 0}), Origin::Local);
    const auto txs = walk(BestTxs{*pool, Wei{test::kBaseFee}, Wei{100}});
    ASSERT_EQ(txs.size(), 2u);
    EXPECT_EQ(txs[0]->sender(), address_of(1));
    EXPECT_EQ(txs[1]->sender(), address_of(2));
}

TEST_F(BestTxsTest, a_sender_can_be_left_out) {
    start();
    must_add(make_tx(0, 0, {.tip = 50}));
    must_add(make_tx(0, 1, {.tip = 50}));
    must_add(make_tx(1, 0, {.tip = 5}));
    BestTxs best{*pool, Wei{}};
    best.skip_sender();
    EXPECT_EQ(best.best()->sender(), address_of(1));
    best.skip_sender();
    EXPECT_TRUE(best.is_empty());
}

TEST_F(BestTxsTest, survives_a_pool_that_changes_meanwhile) {
    start();
    must_add(make_tx(0, 0));
    must_add(make_tx(0, 1));
    BestTxs best{*pool, Wei{}};
    pool->clear();
    EXPECT_EQ(best.best()->nonce(), 0u);
    best.next();
    EXPECT_TRUE(best.is_empty());
}

TEST_F(BestTxsTest, agrees_with_a_search_over_all) {
    start();
    std::mt19937_64 random{11};
    for (std::uint32_t sender = 0; sender < 40; ++sender) {
        const std::uint64_t count = random() % 8;
        for (std::uint64_t nonce = 0; nonce < count; ++nonce)
            must_add(
                make_tx(sender, nonce,
                        {.fee_cap = test::kBaseFee + random() % 400, .tip = 1 + random() % 200}));
    }
    const Wei base_fee{test::kBaseFee + 100};
    std::vector<std::vector<PoolTxPtr>> left;
    for (const auto& sender : pool->content()) {
        left.emplace_back();
        for (const PoolEntry& entry : sender.entries) left.back().push_back(entry.tx);
    }
    std::vector<PoolTxPtr> expected;
    for (;;) {
        std::vector<PoolTxPtr>* chosen = nullptr;
        const auto worth = [&](const PoolTxPtr& tx) { return worth_of(tx->tx.tx(), base_fee); };
        for (auto& txs : left) {
            if (txs.empty() || !worth(txs.front()).pays_base_fee) continue;
            if (chosen == nullptr || worth(txs.front()) > worth(chosen->front()) ||
                (worth(txs.front()) == worth(chosen->front()) &&
                 txs.front()->sequence < chosen->front()->sequence))
                chosen = &txs;
        }
        if (chosen == nullptr) break;
        expected.push_back(chosen->front());
        chosen->erase(chosen->begin());
    }
    EXPECT_GT(expected.size(), 20u);
    EXPECT_EQ(walk(BestTxs{*pool, base_fee}), expected);
}

}  // namespace
}  // namespace cairn::chain
