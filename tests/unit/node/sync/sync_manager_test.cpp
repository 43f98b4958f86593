// SPDX-License-Identifier: MIT
#include "node/sync/sync_manager.hpp"

#include <gtest/gtest.h>

#include "node/sync/header_verify.hpp"
#include "node/sync/serve.hpp"
#include "tests/unit/node/sync/support.hpp"

namespace cairn::node::test {
namespace {

/// A node, and peers that answer from one chain.
class SyncManagerRun : public ::testing::Test {
protected:
    SyncManagerRun() {
        network_.network_id = 5;
        network_.genesis = sim::light_genesis().header.hash();
        network_.forks = std::make_shared<const chain::ForkSchedule>(
            sim::light_spec(), network_.genesis, sim::kSimStart);
        sync_ = std::make_unique<SyncManager>(ours_, pool_, network_, SyncOptions{});
    }
    Status status_of(const LightChain& chain) {
        const auto head = chain.head();
        LocalChain local = sync_->local_chain();
        local.head = head.header.hash();
        local.total_difficulty = head.total;
        return make_status(local, EthVersion::Eth68);
    }
    void join(PeerId id) { sync_->on_peer(id, EthVersion::Eth68, status_of(theirs_), now_); }
    /// Carries actions out until there are none. Peers in `silent` answer nothing.
    void run() {
        for (auto actions = sync_->take_actions(); !actions.empty();
             actions = sync_->take_actions()) {
            for (const auto& job : take<CheckHeaders>(actions))
                sync_->on_headers_checked(
                    check_headers(sim::light_spec(), sim::light_engine(), job), now_);
            for (const auto& job : take<ImportBlock>(actions)) {
                const auto imported = ours_.import(job.block, now_.unix_seconds);
                if (imported.is_head_moved) sync_->on_head(imported.applied, now_);
                sync_->on_imported(job.job, imported.outcome, now_);
            }
            for (const auto& [peer, query] : take_sent<GetBlockHeaders>(actions))
                if (!silent_.contains(peer))
                    sync_->on_message(peer, serve_headers(*theirs_.snapshot(), query), now_);
            for (const auto& [peer, query] : take_sent<GetBlockBodies>(actions))
                if (!silent_.contains(peer) && !withholding_.contains(peer))
                    sync_->on_message(peer, serve_bodies(*theirs_.snapshot(), query), now_);
                else if (!silent_.contains(peer))
                    sync_->on_message(peer, BlockBodies{query.request_id, {}}, now_);
            for (auto& penalty : take<PenalisePeer>(actions)) penalties_.push_back(penalty);
            for (auto& gone : take<DisconnectPeer>(actions)) {
                disconnects_.push_back(gone);
                sync_->on_peer_gone(gone.peer, now_);
            }
        }
    }
    void pass(std::uint64_t ms) {
        for (std::uint64_t t = 0; t < ms; t += kTickMs) {
            now_.ms += kTickMs;
            sync_->tick(now_);
            run();
        }
    }
    bool has_met() const { return ours_.head().header.hash() == theirs_.head().header.hash(); }

    LightChain ours_;
    LightChain theirs_;
    LightPool pool_;
    SyncNetwork network_;
    std::unique_ptr<SyncManager> sync_;
    SyncTime now_ = kNow;
    std::set<PeerId> silent_;
    std::set<PeerId> withholding_;
    std::vector<PenalisePeer> penalties_;
    std::vector<DisconnectPeer> disconnects_;
};

TEST_F(SyncManagerRun, a_newcomer_reaches_the_head) {
    grow_full(theirs_, 1500, 1);
    join(1);
    join(2);
    run();
    EXPECT_TRUE(has_met());
    EXPECT_TRUE(penalties_.empty());
    EXPECT_FALSE(sync_->progress().is_syncing);
    EXPECT_EQ(sync_->progress().current_block, 1500U);
}

TEST_F(SyncManagerRun, a_long_reorganisation_works) {
    grow(ours_, 700, 20, 1);
    grow_full(theirs_, 900, 2);
    sync_ = std::make_unique<SyncManager>(ours_, pool_, network_, SyncOptions{});
    join(1);
    run();
    EXPECT_TRUE(has_met());
    EXPECT_EQ(ours_.deepest_reorg(), 700U);
}

TEST_F(SyncManagerRun, a_restart_goes_on_where_it_was) {
    grow_full(theirs_, 400, 1);
    join(1);
    withholding_ = {};
    run();
    sync_ = std::make_unique<SyncManager>(ours_, pool_, network_, SyncOptions{});
    EXPECT_EQ(sync_->progress().current_block, 400U);
    grow_full(theirs_, 100, 2);
    join(2);
    run();
    EXPECT_TRUE(has_met());
}

TEST_F(SyncManagerRun, a_silent_peer_is_given_up_for_another_within_30_seconds) {
    grow_full(theirs_, 300, 1);
    silent_ = {1};
    join(1);
    join(2);
    pass(30'000);
    EXPECT_TRUE(has_met());
    EXPECT_TRUE(penalties_.empty()) << "slowness is no lie";
}

TEST_F(SyncManagerRun, a_peer_that_gives_headers_only_does_not_hold_us_up) {
    grow_full(theirs_, 50, 1);
    withholding_ = {1};
    join(1);
    run();
    ASSERT_FALSE(penalties_.empty());
    EXPECT_EQ(penalties_[0].peer, 1U);
    EXPECT_EQ(penalties_[0].points, kPointsUnkept);
    join(2);
    pass(30'000);
    EXPECT_TRUE(has_met());
}

TEST_F(SyncManagerRun, a_chain_with_an_invalid_block_costs_its_giver_a_ban_and_us_nothing) {
    grow_full(theirs_, 20, 1);
    Header header = *theirs_.make_block(theirs_.head().header->timestamp + 10, {}, 1).header;
    header.state_root = Hash256{};
    ASSERT_TRUE(
        theirs_.import({HashedHeader{header}, {}}, kNow.unix_seconds, true).outcome.is_stored());
    join(1);
    run();
    ASSERT_FALSE(penalties_.empty());
    EXPECT_EQ(penalties_[0].points, kPointsDishonest);
    EXPECT_EQ(ours_.head().header->number, 20U) << "what is good before it is kept";
}

TEST_F(SyncManagerRun, below_the_minimum_work_no_block_is_stored_and_above_it_all_are) {
    const std::vector<Block> blocks = grow_full(theirs_, 6, 1);
    const auto begin = [&](const TotalDifficulty& minimum) {
        sync_ = std::make_unique<SyncManager>(ours_, pool_, network_,
                                              SyncOptions{.minimum_total = minimum, .seed = 1});
        join(1);
        run();
    };
    TotalDifficulty one_more = theirs_.head().total;
    one_more.value = one_more.value + Uint256{1};
    begin(one_more);
    // Nor do they come one by one, pushed or announced.
    for (const Block& block : blocks) {
        sync_->on_message(1, NewBlock{block, total_of(theirs_, block.header.hash())}, now_);
        sync_->on_message(1, NewBlockHashes{{{block.header.hash(), block.header->number}}}, now_);
        run();
    }
    pass(10'000);
    EXPECT_EQ(ours_.head().header->number, 0U);
    EXPECT_EQ(sync_->load().gossip_blocks, 0U);
    EXPECT_TRUE(penalties_.empty()) << "it need not know our minimum";
    begin(theirs_.head().total);
    EXPECT_TRUE(has_met());
}

TEST_F(SyncManagerRun, other_networks_and_false_totals_are_let_go) {
    Status other = status_of(theirs_);
    other.network_id = 6;
    sync_->on_peer(1, EthVersion::Eth68, other, now_);
    run();
    ASSERT_EQ(disconnects_.size(), 1U);
    EXPECT_EQ(disconnects_[0].reason, DisconnectReason::UselessPeer);
    Status lie = status_of(theirs_);
    lie.total_difficulty.value = lie.total_difficulty.value + Uint256{1};
    sync_->on_peer(2, EthVersion::Eth68, lie, now_);
    run();
    ASSERT_EQ(penalties_.size(), 1U);
    EXPECT_EQ(penalties_[0].points, kPointsDishonest);
}

TEST_F(SyncManagerRun, replies_to_no_question_cost_a_little_and_late_ones_nothing) {
    join(1);
    sync_->on_message(1, BlockHeaders{999, {}}, now_);
    run();
    ASSERT_EQ(penalties_.size(), 1U);
    EXPECT_EQ(penalties_[0].points, kPointsUnasked);
    penalties_.clear();
    grow_full(theirs_, 5, 1);
    silent_ = {2};
    join(2);
    std::optional<RequestId> asked;
    for (auto& action : sync_->take_actions())
        if (const auto* send = std::get_if<SendMessage>(&action))
            if (const auto* query = std::get_if<GetBlockHeaders>(&send->message))
                asked = query->request_id;
    ASSERT_TRUE(asked);
    pass(kHeaderTimeoutMs + kTickMs);
    sync_->on_message(2, BlockHeaders{*asked, {}}, now_);
    run();
    EXPECT_TRUE(penalties_.empty());
}

TEST_F(SyncManagerRun, a_head_that_nobody_announced_is_found_by_asking) {
    join(1);
    run();
    grow_full(theirs_, 3, 1);
    pass(kProbeMs + 2'000);
    EXPECT_TRUE(has_met());
}

TEST_F(SyncManagerRun, questions_are_answered) {
    grow_full(ours_, 5, 1);
    sync_ = std::make_unique<SyncManager>(ours_, pool_, network_, SyncOptions{});
    join(1);
    (void)sync_->take_actions();
    sync_->on_message(1, GetBlockHeaders{.request_id = 1, .origin = BlockNumber{0}, .amount = 9},
                      now_);
    sync_->on_message(1, GetBlockBodies{2, {ours_.head().header.hash()}}, now_);
    sync_->on_message(1, GetReceipts{3, {ours_.head().header.hash()}}, now_);
    sync_->on_message(1, GetPooledTransactions{4, {TxHash{}}}, now_);
    sync_->on_message(1, GetNodeData{5, {Hash256{}}}, now_);
    auto actions = sync_->take_actions();
    EXPECT_EQ(take_sent<BlockHeaders>(actions).at(0).second.headers.size(), 6U);
    EXPECT_EQ(take_sent<BlockBodies>(actions).at(0).second.bodies.size(), 1U);
    EXPECT_EQ(take_sent<Receipts>(actions).at(0).second.blocks.size(), 1U);
    EXPECT_EQ(take_sent<PooledTransactions>(actions).at(0).second.request_id, 4U);
    EXPECT_EQ(take_sent<NodeData>(actions).at(0).second.request_id, 5U);
}

TEST_F(SyncManagerRun, the_line_for_the_log_says_where_we_are) {
    EXPECT_EQ(sync_->progress_line(now_), "following: block 0, 0 peers");
    grow_full(theirs_, 100, 1);
    silent_ = {};
    join(1);
    // Up to the point where bodies are asked for.
    for (int i = 0; i < 4; ++i) {
        auto actions = sync_->take_actions();
        for (const auto& job : take<CheckHeaders>(actions))
            sync_->on_headers_checked(check_headers(sim::light_spec(), sim::light_engine(), job),
                                      now_);
        for (const auto& [peer, query] : take_sent<GetBlockHeaders>(actions))
            sync_->on_message(peer, serve_headers(*theirs_.snapshot(), query), now_);
    }
    now_.ms += 1000;
    EXPECT_TRUE(sync_->progress().is_syncing);
    EXPECT_EQ(sync_->progress_line(now_),
              "syncing: block 0 of 100 (0.0 %), 100 headers ahead, 0 blocks/s, 1 peers");
}

}  // namespace
}  // namespace cairn::node::test
