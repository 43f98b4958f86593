// SPDX-License-Identifier: MIT
#include "chain/pool/tx_pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "core/crypto/secp256k1.hpp"
#include "tests/unit/chain/pool/pool_fixture.hpp"

namespace cairn::chain {
namespace {

using test::address_of;
using test::make_tx;
using test::PoolTest;
using TxPoolTest = PoolTest;

TEST_F(TxPoolTest, the_next_nonce_is_executable_and_a_later_one_waits) {
    start();
    EXPECT_TRUE(must_add(make_tx(0, 0)).is_pending);
    EXPECT_FALSE(must_add(make_tx(0, 2)).is_pending);
    EXPECT_EQ(pool->status().pending, 1u);
    EXPECT_EQ(pool->status().queued, 1u);
    EXPECT_TRUE(must_add(make_tx(0, 1)).is_pending);
    EXPECT_EQ(pool->status().pending, 3u);
}

TEST_F(TxPoolTest, tells_of_additions_and_promotions_in_order) {
    start();
    must_add(make_tx(0, 1));
    must_add(make_tx(0, 0));
    ASSERT_EQ(told.size(), 3u);
    EXPECT_FALSE(std::get<TxAdded>(told[0]).is_pending);
    EXPECT_TRUE(std::get<TxAdded>(told[1]).is_pending);
    EXPECT_EQ(std::get<TxPromoted>(told[2]).tx->nonce(), 1u);
    EXPECT_EQ(pool->stats().added, 2u);
    EXPECT_EQ(pool->stats().promoted, 1u);
}

TEST_F(TxPoolTest, the_same_again_is_known_also_while_it_waits) {
    start();
    must_add(make_tx(0, 0));
    must_add(make_tx(0, 5));
    expect_refused(make_tx(0, 0), PoolError::AlreadyKnown, "already known");
    expect_refused(make_tx(0, 5), PoolError::AlreadyKnown, "already known");
    EXPECT_EQ(pool->stats().rejected[static_cast<std::size_t>(PoolError::AlreadyKnown)], 2u);
}

TEST_F(TxPoolTest, nonce_below_the_accounts) {
    chain.at(0).nonce = 5;
    start();
    expect_refused(make_tx(0, 4), PoolError::NonceTooLow,
                   "nonce too low: next nonce 5, tx nonce 4");
    must_add(make_tx(0, 5));
}

TEST_F(TxPoolTest, funds_for_one) {
    chain.at(0).balance = Wei{42'000 * test::kBaseFee + 1};
    start();
    expect_refused(make_tx(0, 0, {.value = 2}), PoolError::InsufficientFunds,
                   "insufficient funds for gas * price + value: balance 42000000000001, tx cost "
                   "42000000000002, overshot 1");
    must_add(make_tx(0, 0, {.value = 1}));
}

TEST_F(TxPoolTest, funds_for_all_of_the_sender) {
    chain.at(0).balance = Wei{100};
    start({.price_limit = Wei{0}});
    const auto cheap = [](std::uint64_t nonce, std::uint64_t value) {
        return make_tx(0, nonce, {.fee_cap = 0, .tip = 0, .value = value});
    };
    must_add(cheap(0, 60));
    expect_refused(cheap(1, 41), PoolError::InsufficientFunds,
                   "insufficient funds for gas * price + value: balance 100, queued cost 60, tx "
                   "cost 41, overshot 1");
    must_add(cheap(1, 40));
}

TEST_F(TxPoolTest, funds_for_a_replacement_count_what_it_replaces) {
    chain.at(0).balance = Wei{21000 * 31};
    start({.price_limit = Wei{0}});
    const auto priced = [](std::uint64_t nonce, std::uint64_t price) {
        return make_tx(0, nonce, {.fee_cap = price, .tip = price, .value = 0});
    };
    must_add(priced(0, 10));
    must_add(priced(1, 10));
    expect_refused(priced(0, 22), PoolError::InsufficientFunds,
                   "insufficient funds for gas * price + value: balance 651000, queued cost "
                   "420000, tx bumped 252000, overshot 21000");
    EXPECT_TRUE(must_add(priced(0, 21)).replaced);
}

TEST_F(TxPoolTest, senders_with_code_are_refused) {
    chain.at(0).has_code = true;
    start();
    expect_refused(make_tx(0, 0), PoolError::SenderNotEoa, "sender not an eoa");
}

TEST_F(TxPoolTest, replacement_needs_the_bump) {
    start();
    const auto first = make_tx(0, 0, {.fee_cap = 2'000'000'000, .tip = 1000});
    must_add(first);
    expect_refused(make_tx(0, 0, {.fee_cap = 2'199'999'999, .tip = 1100}),
                   PoolError::ReplacementUnderpriced, "replacement transaction underpriced");
    const auto added = must_add(make_tx(0, 0, {.fee_cap = 2'200'000'000, .tip = 1100}));
    EXPECT_EQ(added.replaced, first.tx.hash());
    EXPECT_FALSE(pool->contains(first.tx.hash()));
    EXPECT_EQ(pool->status().pending, 1u);
    ASSERT_EQ(told_of<TxReplaced>().size(), 1u);
    EXPECT_EQ(told_of<TxReplaced>()[0].old_tx->hash(), first.tx.hash());
    EXPECT_EQ(pool->stats().replaced, 1u);
}

TEST_F(TxPoolTest, a_second_one_of_the_same_nonce_is_a_visible_event_taken_or_not) {
    start();
    const auto first = make_tx(0, 0);
    const auto refused = make_tx(0, 0, {.value = 2});
    const auto taken = make_tx(0, 0, {.fee_cap = 9'000'000'000, .tip = 2000, .value = 3});
    must_add(first);
    (void)add(refused);
    must_add(taken);
    const auto seen = told_of<DoubleSpendSeen>();
    ASSERT_EQ(seen.size(), 2u);
    EXPECT_EQ(seen[0].record.contenders.size(), 2u);
    EXPECT_EQ(seen[1].record.contenders.size(), 3u);
    EXPECT_EQ(pool->stats().double_spends, 1u);
    const auto record = pool->find_double_spend(address_of(0), 0);
    ASSERT_TRUE(record);
    EXPECT_EQ(record->contenders[1].hash, refused.tx.hash());
    EXPECT_EQ(record->contenders[2].hash, taken.tx.hash());
    EXPECT_EQ(pool->double_spends(10).size(), 1u);
}

TEST_F(TxPoolTest, pending_nonce_ignores_what_is_past_a_gap) {
    chain.at(0).nonce = 3;
    start();
    EXPECT_EQ(pool->pending_nonce(address_of(0)), 3u);
    must_add(make_tx(0, 3));
    must_add(make_tx(0, 5));
    EXPECT_EQ(pool->pending_nonce(address_of(0)), 4u);
    must_add(make_tx(0, 4));
    EXPECT_EQ(pool->pending_nonce(address_of(0)), 6u);
}

TEST_F(TxPoolTest, a_senders_account_is_read_once_while_it_has_transactions) {
    start();
    must_add(make_tx(0, 0));
    const std::size_t reads = chain.reads;
    must_add(make_tx(0, 1));
    must_add(make_tx(0, 2));
    EXPECT_EQ(pool->pending_nonce(address_of(0)), 3u);
    EXPECT_EQ(chain.reads, reads);
}

TEST_F(TxPoolTest, a_dry_run_answers_alike_and_changes_nothing) {
    chain.at(1).nonce = 7;
    start();
    EXPECT_TRUE(pool->check(make_tx(0, 0), Origin::Local, now));
    const auto low = pool->check(make_tx(1, 6), Origin::Local, now);
    ASSERT_FALSE(low);
    EXPECT_EQ(low.error().message, "nonce too low: next nonce 7, tx nonce 6");
    EXPECT_EQ(pool->status().pending, 0u);
    EXPECT_TRUE(told.empty());
    must_add(make_tx(0, 0));
    EXPECT_EQ(pool->check(make_tx(0, 0), Origin::Peer, now).error().error, PoolError::AlreadyKnown);
}

TEST_F(TxPoolTest, a_full_pool_takes_what_is_worth_more_than_its_cheapest) {
    start({.account_slots = 1, .global_slots = 2, .global_queue = 1});
    must_add(make_tx(0, 0, {.tip = 10}));
    must_add(make_tx(1, 0, {.tip = 20}));
    must_add(make_tx(2, 0, {.tip = 30}));
    expect_refused(make_tx(3, 0, {.tip = 10}), PoolError::Underpriced, "transaction underpriced");
    must_add(make_tx(3, 0, {.tip = 11}));
    EXPECT_TRUE(was_dropped(make_tx(0, 0, {.tip = 10}), DropReason::Evicted));
    EXPECT_EQ(pool->status().slots, 3u);
}

TEST_F(TxPoolTest, a_full_pool_counts_large_transactions_as_several) {
    start({.global_slots = 4, .global_queue = 0});
    for (std::uint32_t sender = 0; sender < 4; ++sender)
        must_add(make_tx(sender, 0, {.tip = 10 + sender}));
    must_add(make_tx(9, 0, {.tip = 100, .gas = 4'000'000, .data_bytes = 2 * kTxSlotBytes}));
    EXPECT_EQ(pool->status().slots, 4u);
    EXPECT_EQ(pool->status().pending, 2u);
    EXPECT_TRUE(pool->contains(make_tx(3, 0, {.tip = 13}).tx.hash()));
}

TEST_F(TxPoolTest, a_full_pool_of_locals_is_full_for_everybody) {
    start({.global_slots = 2, .global_queue = 0});
    must_add(make_tx(0, 0), Origin::Local);
    must_add(make_tx(1, 0), Origin::Local);
    expect_refused(make_tx(2, 0, {.tip = 9999}), PoolError::PoolFull, "txpool is full");
    expect_refused(make_tx(3, 0), PoolError::PoolFull, "txpool is full", Origin::Local);
    EXPECT_EQ(pool->status().slots, 2u);
}

TEST_F(TxPoolTest, locals_push_out_dearer_ones_and_are_not_pushed_out) {
    start({.account_slots = 1, .global_slots = 2, .global_queue = 0});
    must_add(make_tx(0, 0, {.tip = 900}));
    must_add(make_tx(1, 0, {.tip = 1000}));
    must_add(make_tx(2, 0, {.tip = 0}), Origin::Local);
    EXPECT_TRUE(was_dropped(make_tx(0, 0, {.tip = 900}), DropReason::Evicted));
    must_add(make_tx(3, 0, {.tip = 1001}));
    EXPECT_TRUE(pool->contains(make_tx(2, 0, {.tip = 0}).tx.hash()));
}

TEST_F(TxPoolTest, without_locals_they_are_like_any_other) {
    start({.global_slots = 1, .global_queue = 0, .no_locals = true});
    EXPECT_FALSE(must_add(make_tx(0, 0), Origin::Local).tx->is_local());
    must_add(make_tx(1, 0, {.tip = 2000}));
    EXPECT_FALSE(pool->contains(make_tx(0, 0).tx.hash()));
}

TEST_F(TxPoolTest, what_waits_does_not_push_out_what_is_executable) {
    start({.global_slots = 1, .global_queue = 1});
    must_add(make_tx(0, 0, {.tip = 10}));
    must_add(make_tx(1, 0, {.tip = 10}));
    expect_refused(make_tx(2, 1, {.tip = 500}), PoolError::FutureReplacesPending,
                   "future transaction tries to replace pending transaction");
    EXPECT_EQ(pool->status().pending, 2u);
}

TEST_F(TxPoolTest, an_account_waits_with_so_many_and_no_more) {
    start({.account_queue = 3});
    for (std::uint64_t nonce : {2, 3, 5}) must_add(make_tx(0, nonce));
    expect_refused(make_tx(0, 6), PoolError::AccountLimitExceeded,
                   "account limit exceeded: pooled 3 txs");
    // A nearer nonce is worth more to its sender than the farthest.
    must_add(make_tx(0, 4));
    EXPECT_TRUE(was_dropped(make_tx(0, 5), DropReason::Truncated));
    must_add(make_tx(0, 9), Origin::Local);
    EXPECT_EQ(pool->status().queued, 4u);
}

TEST_F(TxPoolTest, all_wait_with_so_many_and_no_more) {
    start({.global_queue = 2});
    must_add(make_tx(0, 1));
    now += 10;
    must_add(make_tx(1, 1));
    must_add(make_tx(2, 1));
    EXPECT_TRUE(was_dropped(make_tx(0, 1), DropReason::Truncated));
    EXPECT_EQ(pool->status().queued, 2u);
}

TEST_F(TxPoolTest, the_largest_account_gives_room_to_the_others) {
    start({.account_slots = 1, .global_slots = 3, .global_queue = 10});
    for (std::uint64_t nonce = 0; nonce < 3; ++nonce) must_add(make_tx(0, nonce));
    expect_refused(make_tx(0, 3), PoolError::PoolFull, "txpool is full");
    must_add(make_tx(1, 0));
    EXPECT_TRUE(was_dropped(make_tx(0, 2), DropReason::Truncated));
    EXPECT_EQ(pool->status().pending, 3u);
}

TEST_F(TxPoolTest, waiting_ones_expire_after_their_lifetime) {
    start({.lifetime = 100});
    must_add(make_tx(0, 1));
    must_add(make_tx(1, 0));
    now += 100;
    pool->maintain(now);
    EXPECT_EQ(pool->status().queued, 1u);
    pool->maintain(now + 1);
    EXPECT_EQ(pool->status().queued, 0u);
    EXPECT_TRUE(was_dropped(make_tx(0, 1), DropReason::Expired));
    EXPECT_EQ(pool->status().pending, 1u);
}

TEST_F(TxPoolTest, a_raised_floor_drops_what_is_below) {
    start();
    must_add(make_tx(0, 0, {.tip = 10}));
    must_add(make_tx(1, 0, {.tip = 20}));
    must_add(make_tx(2, 0, {.tip = 1}), Origin::Local);
    pool->set_price_limit(Wei{20});
    EXPECT_TRUE(was_dropped(make_tx(0, 0, {.tip = 10}), DropReason::Underpriced));
    EXPECT_EQ(pool->status().pending, 2u);
    expect_refused(make_tx(3, 0, {.tip = 19}), PoolError::Underpriced,
                   "transaction underpriced: gas tip cap 19, minimum needed 20");
}

TEST_F(TxPoolTest, one_can_be_removed_and_all_can) {
    start();
    const auto tx = make_tx(0, 0);
    must_add(tx);
    must_add(make_tx(0, 1));
    EXPECT_TRUE(pool->remove(tx.tx.hash()));
    EXPECT_FALSE(pool->remove(tx.tx.hash()));
    EXPECT_EQ(pool->status().queued, 1u);
    pool->clear();
    EXPECT_EQ(pool->status().queued, 0u);
    EXPECT_EQ(told_of<TxDropped>().size(), 2u);
    EXPECT_TRUE(pool->is_consistent());
}

TEST_F(TxPoolTest, announcements_are_of_executable_ones) {
    start();
    must_add(make_tx(0, 0));
    must_add(make_tx(0, 1, {.type = TxType::Legacy}));
    must_add(make_tx(1, 5));
    const auto told_to_peer = pool->announcements(10);
    ASSERT_EQ(told_to_peer.size(), 2u);
    EXPECT_EQ(told_to_peer[0].hash, make_tx(0, 0).tx.hash());
    EXPECT_EQ(told_to_peer[0].type, TxType::DynamicFee);
    EXPECT_EQ(told_to_peer[0].size, make_tx(0, 0).tx.signed_tx().bytes().size());
    EXPECT_EQ(pool->announcements(1).size(), 1u);
}

// EIP-7702 as geth's legacypool limits it.
class DelegationTest : public PoolTest {
protected:
    /// A set-code transaction whose one authority is the account of the key.
    static NewTx set_code(std::uint32_t sender, std::uint64_t nonce, std::uint8_t key) {
        Transaction tx = test::make_fields(sender, nonce, {.gas = 100'000});
        tx.type = TxType::SetCode;
        const auto secret = secret_of(key);
        Authorization tuple;
        tuple.chain_id = Uint256{1};
        const auto signature = secp256k1::sign(signing_hash(tuple), secret);
        tuple.y_parity = signature->y_parity;
        tuple.r = load_be256(signature->r.data());
        tuple.s = load_be256(signature->s.data());
        tx.authorization_list = {tuple};
        return test::with_sender(sender, std::move(tx));
    }
    static secp256k1::SecretKey secret_of(std::uint8_t key) {
        std::array<std::uint8_t, 32> bytes{};
        bytes[31] = key;
        return secp256k1::SecretKey::from(bytes);
    }
    /// A transfer from the account of the key.
    static NewTx from_key(std::uint8_t key, std::uint64_t nonce, std::uint64_t tip = 1000,
                          std::uint64_t fee_cap = 2 * test::kBaseFee) {
        const Address sender = secp256k1::address_of(*secp256k1::public_key(secret_of(key)));
        Transaction tx = test::make_fields(1000 + key, nonce, {.fee_cap = fee_cap, .tip = tip});
        return {RecoveredTx::from_known_sender(
            SignedTx{std::move(tx), {.r = Uint256{7}, .s = Uint256{9}, .y_parity = false}},
            sender)};
    }
};

TEST_F(DelegationTest, a_delegated_account_has_one_in_flight) {
    chain.at(0).is_delegated = true;
    start();
    expect_refused(make_tx(0, 1), PoolError::DelegatedNonceGap,
                   "gapped-nonce tx from delegated accounts");
    must_add(make_tx(0, 0));
    expect_refused(make_tx(0, 1), PoolError::DelegatedInFlight,
                   "in-flight transaction limit reached for delegated accounts");
    must_add(make_tx(0, 0, {.fee_cap = 4 * test::kBaseFee, .tip = 2000}));
}

TEST_F(DelegationTest, an_account_about_to_be_delegated_likewise) {
    start();
    must_add(set_code(0, 0, 5));
    expect_refused(from_key(5, 1), PoolError::DelegatedNonceGap,
                   "gapped-nonce tx from delegated accounts");
    must_add(from_key(5, 0));
    expect_refused(from_key(5, 1), PoolError::DelegatedInFlight,
                   "in-flight transaction limit reached for delegated accounts");
    // Nobody is named any more once the set-code transaction is gone.
    EXPECT_TRUE(pool->remove(set_code(0, 0, 5).tx.hash()));
    must_add(from_key(5, 1));
}

TEST_F(DelegationTest, an_account_with_several_cannot_be_delegated) {
    start();
    must_add(from_key(5, 0));
    must_add(set_code(0, 0, 5));
    EXPECT_TRUE(pool->remove(set_code(0, 0, 5).tx.hash()));
    must_add(from_key(5, 1));
    expect_refused(set_code(0, 0, 5), PoolError::AuthorityReserved, "authority already reserved");
}

TEST_F(TxPoolTest, many_threads_leave_a_consistent_pool) {
    start({.global_slots = 200, .global_queue = 100});
    std::vector<std::thread> threads;
    std::atomic<int> taken{0};
    for (std::uint32_t t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (std::uint64_t nonce = 0; nonce < 100; ++nonce)
                if (pool->add(make_tx(t, nonce, {.tip = 10 + nonce}), Origin::Peer, now)) ++taken;
        });
    for (int i = 0; i < 20; ++i) pool->on_head_changed(chain.mine({}), now);
    for (auto& thread : threads) thread.join();
    EXPECT_TRUE(pool->is_consistent());
    EXPECT_EQ(pool->stats().added, static_cast<std::uint64_t>(taken.load()));
    EXPECT_LE(pool->status().slots, 300u);
}

}  // namespace
}  // namespace cairn::chain
