// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "chain/pool/tx_pool.hpp"
#include "tests/unit/chain/pool/pool_fixture.hpp"

namespace cairn::chain {
namespace {

using test::address_of;
using test::make_tx;
using TxPoolHeadTest = test::PoolTest;

TEST_F(TxPoolHeadTest, mined_ones_leave_and_what_is_behind_them_stays) {
    start();
    const auto first = make_tx(0, 0);
    must_add(first);
    must_add(make_tx(0, 1));
    move(chain.mine({first.tx}));
    EXPECT_TRUE(was_dropped(first, DropReason::Mined));
    EXPECT_EQ(pool->status().pending, 1u);
    EXPECT_EQ(pool->pending_nonce(address_of(0)), 2u);
    EXPECT_EQ(pool->head().ref, chain.head()->ref());
}

TEST_F(TxPoolHeadTest, a_mined_nonce_of_another_promotes_what_waited_for_it) {
    start();
    must_add(make_tx(0, 1));
    move(chain.mine({make_tx(0, 0).tx}));
    EXPECT_EQ(pool->status().pending, 1u);
    ASSERT_EQ(told_of<TxPromoted>().size(), 1u);
    EXPECT_EQ(told_of<TxPromoted>()[0].tx->nonce(), 1u);
}

TEST_F(TxPoolHeadTest, another_mined_transaction_of_the_nonce_settles_a_double_spend) {
    start();
    const auto pooled = make_tx(0, 0);
    const auto mined = make_tx(0, 0, {.value = 99});
    must_add(pooled);
    move(chain.mine({mined.tx}));
    EXPECT_TRUE(was_dropped(pooled, DropReason::NonceUsed));
    const auto record = pool->find_double_spend(address_of(0), 0);
    ASSERT_TRUE(record);
    EXPECT_EQ(record->contenders[0].hash, pooled.tx.hash());
    EXPECT_EQ(record->winner, mined.tx.hash());
    EXPECT_EQ(record->settled_by, chain.head()->ref());
    EXPECT_EQ(told_of<DoubleSpendSeen>().size(), 1u);
}

TEST_F(TxPoolHeadTest, a_known_double_spend_is_settled_by_the_block_of_the_winner) {
    start();
    const auto winner = make_tx(0, 0);
    must_add(winner);
    (void)add(make_tx(0, 0, {.value = 2}));
    move(chain.mine({winner.tx}));
    const auto record = pool->find_double_spend(address_of(0), 0);
    ASSERT_TRUE(record && record->settled_by);
    EXPECT_EQ(record->winner, winner.tx.hash());
    EXPECT_EQ(record->contenders.size(), 2u);
}

TEST_F(TxPoolHeadTest, reverted_ones_come_back) {
    start();
    const auto first = make_tx(0, 0);
    const auto second = make_tx(0, 1);
    must_add(first);
    must_add(second);
    move(chain.mine({first.tx}));
    move(chain.mine({second.tx}));
    EXPECT_EQ(pool->status().pending, 0u);
    move(chain.reorganise(2, {{}, {}, {}}));
    EXPECT_EQ(pool->status().pending, 2u);
    EXPECT_TRUE(pool->contains(first.tx.hash()));
    EXPECT_TRUE(pool->contains(second.tx.hash()));
    EXPECT_EQ(pool->pending_nonce(address_of(0)), 2u);
}

TEST_F(TxPoolHeadTest, reverted_and_mined_again_ones_do_not) {
    start();
    const auto tx = make_tx(0, 0);
    must_add(tx);
    move(chain.mine({tx.tx}));
    move(chain.reorganise(1, {{tx.tx}, {}}));
    EXPECT_FALSE(pool->contains(tx.tx.hash()));
    EXPECT_EQ(pool->status().pending, 0u);
    EXPECT_EQ(pool->stats().double_spends, 0u);
}

TEST_F(TxPoolHeadTest, transactions_that_the_pool_never_saw_come_back_too) {
    start();
    const auto tx = make_tx(7, 0);
    move(chain.mine({tx.tx}));
    move(chain.reorganise(1, {{}, {}}));
    EXPECT_TRUE(pool->contains(tx.tx.hash()));
}

TEST_F(TxPoolHeadTest, a_local_one_is_still_local_when_it_comes_back) {
    start();
    const auto tx = make_tx(0, 0, {.tip = 0});
    must_add(tx, Origin::Local);
    move(chain.mine({tx.tx}));
    move(chain.reorganise(1, {{}}));
    ASSERT_TRUE(pool->contains(tx.tx.hash()));
    EXPECT_TRUE(pool->find(tx.tx.hash())->is_local());
}

TEST_F(TxPoolHeadTest, a_double_spend_by_reorganisation_is_seen) {
    start();
    const auto payment = make_tx(0, 0, {.value = 50});
    const auto theft = make_tx(0, 0, {.value = 51});
    move(chain.mine({payment.tx}));
    move(chain.reorganise(1, {{theft.tx}, {}}));
    const auto record = pool->find_double_spend(address_of(0), 0);
    ASSERT_TRUE(record);
    EXPECT_EQ(record->contenders[0].hash, payment.tx.hash());
    EXPECT_EQ(record->contenders[1].hash, theft.tx.hash());
    EXPECT_EQ(record->winner, theft.tx.hash());
    EXPECT_FALSE(pool->contains(payment.tx.hash()));
    // And back: the other block settles it.
    move(chain.reorganise(2, {{}, {payment.tx}, {}}));
    EXPECT_EQ(pool->find_double_spend(address_of(0), 0)->winner, payment.tx.hash());
    // Nobody's block holds either.
    move(chain.reorganise(3, {{}}));
    EXPECT_FALSE(pool->find_double_spend(address_of(0), 0)->settled_by);
}

TEST_F(TxPoolHeadTest, a_head_that_only_moves_back_gives_all_back) {
    start();
    const auto tx = make_tx(0, 0);
    move(chain.mine({tx.tx}));
    move(chain.reorganise(1, {}));
    EXPECT_TRUE(pool->contains(tx.tx.hash()));
    EXPECT_EQ(pool->head().ref.number, 0u);
}

TEST_F(TxPoolHeadTest, what_became_unpayable_leaves_and_the_rest_waits) {
    start();
    must_add(make_tx(0, 0));
    const auto dear = make_tx(0, 1, {.value = 1'000'000'000'000'000});
    must_add(dear);
    must_add(make_tx(0, 2));
    auto change = chain.mine({});
    chain.at(0).balance = Wei{500'000'000'000'000};
    move(change);
    EXPECT_TRUE(was_dropped(dear, DropReason::Unpayable));
    EXPECT_EQ(pool->status().pending, 1u);
    EXPECT_EQ(pool->status().queued, 1u);
}

TEST_F(TxPoolHeadTest, what_a_block_has_no_gas_for_leaves) {
    start();
    const auto large = make_tx(0, 0, {.gas = 29'999'999});
    must_add(large);
    must_add(make_tx(1, 0, {.gas = 29'000'000}));
    chain.gas_limit = 29'990'000;
    move(chain.mine({}));
    EXPECT_TRUE(was_dropped(large, DropReason::RulesChanged));
    EXPECT_EQ(pool->status().pending, 1u);
}

TEST_F(TxPoolHeadTest, a_fork_drops_what_its_rules_refuse) {
    ChainParameters parameters;
    parameters.chain_id = test::kChainId;
    parameters.steps = {{ForkTrigger::Number, 0, rules_of(Revision::Prague)},
                        {ForkTrigger::Number, 2, rules_of(Revision::Osaka)}};
    spec = ChainSpec{parameters};
    start();
    const auto large = make_tx(0, 0, {.gas = 16'777'217});
    must_add(large);
    must_add(make_tx(1, 0, {.gas = 16'777'216}));
    move(chain.mine({}));
    EXPECT_TRUE(was_dropped(large, DropReason::RulesChanged));
    EXPECT_EQ(pool->status().pending, 1u);
}

TEST_F(TxPoolHeadTest, base_fee_is_the_next_blocks) {
    start();
    EXPECT_EQ(pool->head().base_fee, Wei{test::kBaseFee});
    chain.gas_used = test::kGasLimit;
    move(chain.mine({}));
    // EIP-1559: a full block raises the fee by an eighth.
    EXPECT_EQ(pool->head().base_fee, Wei{test::kBaseFee / 8 * 9});
    EXPECT_EQ(pool->head().gas_limit, test::kGasLimit);
}

TEST_F(TxPoolHeadTest, the_cheapest_is_judged_by_the_base_fee_of_the_time) {
    start({.global_slots = 2, .global_queue = 0});
    const auto high_tip_low_cap = make_tx(0, 0, {.fee_cap = test::kBaseFee + 500, .tip = 500});
    const auto low_tip_high_cap = make_tx(1, 0, {.fee_cap = 9 * test::kBaseFee, .tip = 100});
    must_add(high_tip_low_cap);
    must_add(low_tip_high_cap);
    expect_refused(make_tx(2, 0, {.fee_cap = 3 * test::kBaseFee, .tip = 100}),
                   PoolError::Underpriced, "transaction underpriced");
    chain.gas_used = test::kGasLimit;
    move(chain.mine({}));
    must_add(make_tx(3, 0, {.fee_cap = 3 * test::kBaseFee, .tip = 50}));
    EXPECT_TRUE(was_dropped(high_tip_low_cap, DropReason::Evicted));
}

TEST_F(TxPoolHeadTest, a_move_that_is_behind_the_store_does_no_harm) {
    start();
    const auto first = make_tx(0, 0);
    const auto second = make_tx(0, 1);
    must_add(first);
    must_add(second);
    const auto one = chain.mine({first.tx});
    const auto two = chain.mine({second.tx});
    move(one);
    EXPECT_EQ(pool->head().ref, chain.head()->ref());
    move(two);
    EXPECT_EQ(pool->status().pending, 0u);
    EXPECT_TRUE(was_dropped(first, DropReason::Mined));
}

}  // namespace
}  // namespace cairn::chain
