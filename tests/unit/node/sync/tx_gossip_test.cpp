// SPDX-License-Identifier: MIT
#include "node/sync/tx_gossip.hpp"

#include <gtest/gtest.h>

#include "tests/unit/node/sync/support.hpp"

namespace cairn::node::test {
namespace {

class TxGossipRun : public ::testing::Test {
protected:
    void SetUp() override {
        for (PeerId id = 1; id <= 9; ++id) add_peer(shared_, id, chain_.head());
    }
    static GossipTx gossip_of(const SignedTx& tx) {
        return {tx, static_cast<std::uint32_t>(tx.bytes().size())};
    }
    void announce(PeerId peer, const SignedTx& tx, std::uint32_t size = 0) {
        if (size == 0) size = static_cast<std::uint32_t>(tx.bytes().size());
        gossip_.on_announced(peer, {{{tx.hash(), 0, size}}, true}, pool_, now_);
    }
    void tick_after(std::uint64_t ms) {
        now_.ms += ms;
        gossip_.tick(now_);
    }

    LightChain chain_;
    LightPool pool_;
    SyncShared shared_{SyncOptions{}};
    TxGossip gossip_{shared_};
    SyncTime now_ = kNow;
    SignedTx tx_ = sim::make_light_tx(1, 1, 0);
};

TEST_F(TxGossipRun, whole_to_the_root_announced_to_the_rest_never_back) {
    gossip_.on_transactions(1, {{tx_}}, pool_);
    ASSERT_EQ(take<JudgeTxs>(shared_.actions).size(), 1U);
    gossip_.on_pool_txs({gossip_of(tx_)});
    const auto whole = take_sent<Transactions>(shared_.actions);
    const auto announced = take_sent<NewPooledTransactionHashes>(shared_.actions);
    EXPECT_EQ(whole.size(), 3U);
    EXPECT_EQ(announced.size(), 5U);
    std::set<PeerId> told;
    for (const auto& [peer, message] : whole) told.insert(peer);
    for (const auto& [peer, message] : announced) {
        told.insert(peer);
        ASSERT_EQ(message.txs.size(), 1U);
        EXPECT_TRUE(message.has_metadata);
        EXPECT_EQ(message.txs[0].size, tx_.bytes().size());
    }
    EXPECT_EQ(told.size(), 8U);
    EXPECT_FALSE(told.contains(1));
}

TEST_F(TxGossipRun, large_transactions_are_only_announced) {
    GossipTx large = gossip_of(tx_);
    large.size = kTxPushBytesMax + 1;
    gossip_.on_pool_txs({large});
    EXPECT_TRUE(take_sent<Transactions>(shared_.actions).empty());
    EXPECT_EQ(take_sent<NewPooledTransactionHashes>(shared_.actions).size(), 9U);
    large.tx = sim::make_light_tx(1, 2, 0);
    large.size = kTxPushBytesMax;
    gossip_.on_pool_txs({large});
    EXPECT_EQ(take_sent<Transactions>(shared_.actions).size(), 3U);
}

TEST_F(TxGossipRun, blob_transactions_sent_unasked_are_dishonest) {
    Transaction blob;
    blob.type = TxType::Blob;
    blob.chain_id = 1;
    blob.to = Address{};
    blob.blob_hashes = {Hash256{}};
    gossip_.on_transactions(1, {{SignedTx{blob, TxSignature{Uint256{1}, Uint256{1}, false}}}},
                            pool_);
    EXPECT_TRUE(take<JudgeTxs>(shared_.actions).empty());
    EXPECT_EQ(take<PenalisePeer>(shared_.actions).size(), 1U);
}

TEST_F(TxGossipRun, each_transaction_is_judged_once_and_conflicts_too) {
    const SignedTx rival = sim::make_light_tx(1, 1, 1);
    gossip_.on_transactions(1, {{tx_, rival}}, pool_);
    gossip_.on_transactions(2, {{rival, tx_}}, pool_);
    const auto jobs = take<JudgeTxs>(shared_.actions);
    ASSERT_EQ(jobs.size(), 1U);
    EXPECT_EQ(jobs[0].txs.size(), 2U);
    EXPECT_EQ(gossip_.under_judgement(), 2U);
    gossip_.on_judged(1, {{tx_.hash(), TxVerdict::Added}, {rival.hash(), TxVerdict::Refused}});
    EXPECT_EQ(gossip_.under_judgement(), 0U);
    EXPECT_TRUE(take<PenalisePeer>(shared_.actions).empty());
    gossip_.on_transactions(3, {{rival}}, pool_);
    EXPECT_TRUE(take<JudgeTxs>(shared_.actions).empty()) << "refused: not judged again";
    gossip_.forget_refusals();
    gossip_.on_transactions(3, {{rival}}, pool_);
    EXPECT_EQ(take<JudgeTxs>(shared_.actions).size(), 1U);
}

TEST_F(TxGossipRun, an_invalid_transaction_is_its_givers_fault) {
    gossip_.on_transactions(1, {{tx_}}, pool_);
    gossip_.on_judged(1, {{tx_.hash(), TxVerdict::Invalid}});
    const auto penalties = take<PenalisePeer>(shared_.actions);
    ASSERT_EQ(penalties.size(), 1U);
    EXPECT_EQ(penalties[0].peer, 1U);
}

TEST_F(TxGossipRun, announced_ones_are_fetched_after_a_while_in_turn) {
    announce(1, tx_);
    announce(2, tx_);
    tick_after(kTxArriveMs - 1);
    EXPECT_TRUE(take_sent<GetPooledTransactions>(shared_.actions).empty());
    tick_after(1);
    ASSERT_EQ(take_sent<GetPooledTransactions>(shared_.actions).at(0).first, 1U);
    tick_after(kTxFetchTimeoutMs);
    const auto second = take_sent<GetPooledTransactions>(shared_.actions);
    ASSERT_EQ(second.at(0).first, 2U);
    EXPECT_TRUE(gossip_.on_pooled(2, {second[0].second.request_id, {{tx_, nullptr}}}, pool_, now_));
    EXPECT_EQ(take<JudgeTxs>(shared_.actions).size(), 1U);
    EXPECT_EQ(gossip_.size(), 0U);
    EXPECT_EQ(shared_.find(1)->announced_txs, 0U);
}

TEST_F(TxGossipRun, one_that_comes_whole_is_not_fetched) {
    announce(1, tx_);
    gossip_.on_transactions(2, {{tx_}}, pool_);
    tick_after(kTxArriveMs);
    EXPECT_TRUE(take_sent<GetPooledTransactions>(shared_.actions).empty());
}

TEST_F(TxGossipRun, what_nobody_has_is_given_up) {
    announce(1, tx_);
    tick_after(kTxArriveMs);
    const auto asked = take_sent<GetPooledTransactions>(shared_.actions);
    EXPECT_TRUE(gossip_.on_pooled(1, {asked.at(0).second.request_id, {}}, pool_, now_));
    EXPECT_EQ(gossip_.size(), 0U);
    EXPECT_TRUE(take<PenalisePeer>(shared_.actions).empty());
    announce(2, tx_);
    shared_.peers.erase(2);
    gossip_.on_peer_gone(2, now_);
    tick_after(kTxArriveMs);
    EXPECT_EQ(gossip_.size(), 0U);
}

TEST_F(TxGossipRun, replies_other_than_asked_or_announced_are_dishonest) {
    announce(1, tx_, static_cast<std::uint32_t>(tx_.bytes().size() + kTxSizeSlack + 1));
    tick_after(kTxArriveMs);
    auto asked = take_sent<GetPooledTransactions>(shared_.actions);
    EXPECT_TRUE(
        gossip_.on_pooled(1, {asked.at(0).second.request_id, {{tx_, nullptr}}}, pool_, now_));
    EXPECT_EQ(take<PenalisePeer>(shared_.actions).size(), 1U);
    announce(2, sim::make_light_tx(2, 1, 0));
    tick_after(kTxArriveMs);
    asked = take_sent<GetPooledTransactions>(shared_.actions);
    EXPECT_TRUE(
        gossip_.on_pooled(2, {asked.at(0).second.request_id, {{tx_, nullptr}}}, pool_, now_));
    EXPECT_EQ(take<PenalisePeer>(shared_.actions).size(), 1U);
}

TEST_F(TxGossipRun, what_one_peer_announces_is_bounded) {
    NewPooledTransactionHashes message{{}, true};
    for (std::uint64_t i = 0; i < kTxFetchPerPeer + 10; ++i) {
        TxHash hash;
        store_be64(hash.data(), i + 1);
        message.txs.push_back({hash, 0, 100});
    }
    gossip_.on_announced(1, message, pool_, now_);
    EXPECT_EQ(gossip_.size(), kTxFetchPerPeer);
    tick_after(kTxArriveMs);
    for (const auto& [peer, query] : take_sent<GetPooledTransactions>(shared_.actions))
        EXPECT_LE(query.hashes.size(), kPooledTxsMax);
}

TEST_F(TxGossipRun, a_peer_that_comes_is_told_what_the_pool_has) {
    ASSERT_EQ(pool_.add(tx_, chain_), TxVerdict::Added);
    gossip_.on_peer(4, pool_);
    const auto announced = take_sent<NewPooledTransactionHashes>(shared_.actions);
    ASSERT_EQ(announced.size(), 1U);
    EXPECT_EQ(announced[0].second.txs.at(0).hash, tx_.hash());
}

}  // namespace
}  // namespace cairn::node::test
