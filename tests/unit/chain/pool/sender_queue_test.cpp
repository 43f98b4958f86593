// SPDX-License-Identifier: MIT
#include "chain/pool/sender_queue.hpp"

#include <gtest/gtest.h>

#include "tests/unit/chain/pool/pool_fixture.hpp"

namespace cairn::chain {
namespace {

PoolTxPtr pooled(std::uint64_t nonce, std::uint64_t cost = 1) {
    return std::make_shared<PoolTx>(PoolTx{
        .tx = test::make_tx(0, nonce).tx, .sidecar = {}, .authorities = {}, .cost = Wei{cost}});
}

class SenderQueueTest : public testing::Test {
protected:
    SenderQueue queue{PoolAccount{.nonce = 5, .balance = {}}};
};

TEST_F(SenderQueueTest, follows_the_accounts_nonce) {
    queue.insert(pooled(5));
    queue.insert(pooled(6));
    EXPECT_EQ(queue.pending_size(), 2u);
    EXPECT_EQ(queue.next_nonce(), 7u);
    EXPECT_EQ(queue.queued_size(), 0u);
}

TEST_F(SenderQueueTest, a_gap_makes_the_rest_wait_until_it_is_filled) {
    queue.insert(pooled(8));
    queue.insert(pooled(6));
    queue.insert(pooled(7));
    EXPECT_EQ(queue.pending_size(), 0u);
    EXPECT_EQ(queue.next_nonce(), 5u);
    queue.insert(pooled(5));
    EXPECT_EQ(queue.pending_size(), 4u);
    EXPECT_EQ(queue.next_nonce(), 9u);
}

TEST_F(SenderQueueTest, a_removal_makes_the_rest_wait) {
    for (std::uint64_t nonce = 5; nonce < 9; ++nonce) queue.insert(pooled(nonce));
    EXPECT_EQ(queue.erase(6)->nonce(), 6u);
    EXPECT_EQ(queue.pending_size(), 1u);
    EXPECT_EQ(queue.queued_size(), 2u);
    EXPECT_EQ(queue.find(6), nullptr);
    queue.erase(8);
    EXPECT_EQ(queue.pending_size(), 1u);
}

TEST_F(SenderQueueTest, the_same_nonce_is_replaced_in_place) {
    const auto first = pooled(5, 10);
    const auto second = pooled(5, 30);
    EXPECT_EQ(queue.insert(first), nullptr);
    queue.insert(pooled(6, 1));
    EXPECT_EQ(queue.insert(second), first);
    EXPECT_EQ(queue.pending_size(), 2u);
    EXPECT_EQ(queue.find(5), second);
    EXPECT_EQ(queue.total_cost(), Wei{31});
}

TEST_F(SenderQueueTest, costs_add_up_and_go) {
    queue.insert(pooled(5, 10));
    queue.insert(pooled(7, 20));
    EXPECT_EQ(queue.total_cost(), Wei{30});
    queue.erase(5);
    EXPECT_EQ(queue.total_cost(), Wei{20});
    (void)queue.set_account({.nonce = 8, .balance = {}});
    EXPECT_TRUE(queue.total_cost().is_zero());
}

TEST_F(SenderQueueTest, a_raised_nonce_passes_what_is_below) {
    for (std::uint64_t nonce : {5, 6, 7, 9}) queue.insert(pooled(nonce));
    const auto passed = queue.set_account({.nonce = 7, .balance = {}});
    ASSERT_EQ(passed.size(), 2u);
    EXPECT_EQ(passed[0]->nonce(), 5u);
    EXPECT_EQ(passed[1]->nonce(), 6u);
    EXPECT_EQ(queue.pending_size(), 1u);
    EXPECT_EQ(queue.next_nonce(), 8u);
}

TEST_F(SenderQueueTest, a_raised_nonce_can_close_a_gap) {
    queue.insert(pooled(9));
    queue.insert(pooled(10));
    EXPECT_TRUE(queue.set_account({.nonce = 9, .balance = {}}).empty());
    EXPECT_EQ(queue.pending_size(), 2u);
}

TEST_F(SenderQueueTest, a_lowered_nonce_opens_a_gap) {
    queue.insert(pooled(5));
    EXPECT_TRUE(queue.set_account({.nonce = 4, .balance = {}}).empty());
    EXPECT_EQ(queue.pending_size(), 0u);
    EXPECT_EQ(queue.next_nonce(), 4u);
}

}  // namespace
}  // namespace cairn::chain
