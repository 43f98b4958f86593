// SPDX-License-Identifier: MIT
#include "node/sync/header_sync.hpp"

#include <gtest/gtest.h>

#include "node/sync/header_verify.hpp"
#include "node/sync/serve.hpp"
#include "tests/unit/node/sync/support.hpp"

namespace cairn::node::test {
namespace {

using Kind = HeaderSync::EndKind;

/// One run against a peer that answers from a chain.
class HeaderSyncRun : public ::testing::Test {
protected:
    static constexpr PeerId kPeer = 3;

    void start() {
        add_peer(shared_, kPeer, theirs_.head());
        sync_.start(kPeer, std::nullopt, *ours_.snapshot(), kNow);
    }
    /// Answers questions and checks until nothing is left to do.
    void run(std::size_t ahead = 0) {
        for (bool goes_on = true; goes_on && !sync_.is_idle();) {
            goes_on = false;
            for (const auto& [peer, query] : take_sent<GetBlockHeaders>(shared_.actions)) {
                auto reply = serve_headers(*theirs_.snapshot(), query);
                if (falsify_) falsify_(reply);
                ++replies_;
                EXPECT_TRUE(sync_.on_headers(peer, reply, *ours_.snapshot(), now_));
                goes_on = true;
            }
            for (const auto& job : take<CheckHeaders>(shared_.actions)) {
                EXPECT_TRUE(
                    sync_.on_checked(check_headers(sim::light_spec(), sim::light_engine(), job),
                                     *ours_.snapshot(), now_));
                goes_on = true;
            }
            collect();
            held_max_ = std::max(held_max_, sync_.held_count());
            sync_.tick(ahead, now_);
            goes_on = goes_on || !shared_.actions.empty();
        }
        collect();
    }
    void collect() {
        for (auto& header : sync_.take_headers()) given_.push_back(std::move(header));
    }
    Kind end() { return sync_.take_end().value().kind; }
    void expect_whole_chain_from(BlockNumber first) {
        ASSERT_FALSE(given_.empty());
        EXPECT_EQ(given_.front().header->number, first);
        for (std::size_t i = 1; i < given_.size(); ++i)
            ASSERT_EQ(given_[i].header->parent_hash, given_[i - 1].header.hash());
        EXPECT_EQ(given_.back().header.hash(), theirs_.head().header.hash());
        EXPECT_EQ(given_.back().total, theirs_.head().total);
    }
    /// Both chains begin with the same blocks.
    void share(std::size_t count) {
        for (const Block& block : grow(theirs_, count))
            ASSERT_TRUE(ours_.import(block, kNow.unix_seconds).outcome.is_stored());
    }

    LightChain ours_;
    LightChain theirs_;
    SyncShared shared_{SyncOptions{}};
    HeaderSync sync_{shared_};
    SyncTime now_ = kNow;
    std::function<void(BlockHeaders&)> falsify_;
    std::vector<CheckedHeader> given_;
    std::size_t replies_ = 0;
    std::size_t held_max_ = 0;
};

TEST_F(HeaderSyncRun, a_longer_chain_comes_whole_from_the_last_shared_block) {
    share(100);
    grow(theirs_, 1200);
    start();
    run();
    EXPECT_EQ(end(), Kind::Complete);
    expect_whole_chain_from(101);
    // One probe, and batches of 512, the last of which is short.
    EXPECT_EQ(replies_, 4U);
}

TEST_F(HeaderSyncRun, a_fork_below_the_probe_is_found_by_halving) {
    share(30);
    grow(ours_, 300, 20, 1);
    grow(theirs_, 400, 8, 2);
    start();
    run();
    EXPECT_EQ(end(), Kind::Complete);
    expect_whole_chain_from(31);
}

TEST_F(HeaderSyncRun, a_chain_shorter_than_ours_but_heavier_is_followed) {
    grow(ours_, 300, 20, 1);
    grow(theirs_, 290, 1, 2);
    ASSERT_GT(theirs_.head().total, ours_.head().total);
    start();
    run();
    EXPECT_EQ(end(), Kind::Complete);
    expect_whole_chain_from(1);
}

TEST_F(HeaderSyncRun, a_lighter_chain_gives_no_header_out) {
    share(10);
    grow(ours_, 50, 8, 1);
    grow(theirs_, 49, 20, 2);
    start();
    run();
    EXPECT_EQ(end(), Kind::Lighter);
    EXPECT_TRUE(given_.empty());
    EXPECT_TRUE(take<PenalisePeer>(shared_.actions).empty());
}

TEST_F(HeaderSyncRun, below_the_minimum_work_nothing_is_given_out) {
    grow(theirs_, 100);
    shared_.options.minimum_total = theirs_.head().total;
    start();
    run();
    EXPECT_EQ(end(), Kind::Complete);
    given_.clear();
    shared_.options.minimum_total.value = theirs_.head().total.value + Uint256{1};
    start();
    run();
    EXPECT_EQ(end(), Kind::Lighter);
    EXPECT_TRUE(given_.empty());
}

TEST_F(HeaderSyncRun, a_chain_too_long_to_hold_is_measured_and_fetched_again) {
    // Ours is as heavy as 9000 of theirs, so that more headers come than may be held.
    grow(ours_, 9000, 8, 1);
    grow(theirs_, 11000, 8, 2);
    start();
    run();
    EXPECT_EQ(end(), Kind::Complete);
    expect_whole_chain_from(1);
    EXPECT_LE(held_max_, kHeadersAheadMax);
    EXPECT_GT(replies_, 11000 / kHeaderBatch + 9000 / kHeaderBatch);
}

TEST_F(HeaderSyncRun, a_peer_that_changes_its_measured_chain_is_begun_with_again) {
    grow(ours_, 9000, 8, 1);
    grow(theirs_, 9200, 8, 2);
    start();
    std::size_t changed = 0;
    falsify_ = [&](BlockHeaders& reply) {
        // While it is fetched again, one batch comes shorter than it was.
        if (sync_.phase() == HeaderSync::Phase::Refetch && changed++ == 0) reply.headers.pop_back();
    };
    run();
    EXPECT_EQ(end(), Kind::Complete);
    EXPECT_GT(changed, 1U);
    expect_whole_chain_from(1);
}

TEST_F(HeaderSyncRun, room_ahead_bounds_what_is_asked_for) {
    grow(theirs_, 3000);
    start();
    run(kHeadersAheadMax);
    EXPECT_FALSE(sync_.is_idle());
    EXPECT_LE(given_.size(), 2 * kHeaderBatch);
    run(0);
    EXPECT_EQ(end(), Kind::Complete);
    expect_whole_chain_from(1);
}

TEST_F(HeaderSyncRun, a_claim_that_the_head_does_not_bear_out_is_a_lie) {
    grow(theirs_, 20);
    add_peer(shared_, kPeer, theirs_.head()).total.value = theirs_.head().total.value + Uint256{1};
    sync_.start(kPeer, std::nullopt, *ours_.snapshot(), kNow);
    run();
    EXPECT_EQ(end(), Kind::Lied);
}

TEST_F(HeaderSyncRun, headers_that_were_not_asked_for_are_a_breach) {
    const std::vector<std::function<void(BlockHeaders&)>> breaches{
        [](BlockHeaders& reply) { std::reverse(reply.headers.begin(), reply.headers.end()); },
        [](BlockHeaders& reply) { reply.headers.erase(reply.headers.begin()); },
        [](BlockHeaders& reply) { reply.headers.erase(reply.headers.begin() + 1); },
        [](BlockHeaders& reply) {
            while (reply.headers.size() <= kHeaderBatch)
                reply.headers.push_back(reply.headers.back());
        }};
    share(5);
    grow(theirs_, 600);
    for (const auto& breach : breaches) {
        falsify_ = [&](BlockHeaders& reply) {
            if (sync_.phase() != HeaderSync::Phase::Probe) breach(reply);
        };
        start();
        run();
        EXPECT_EQ(end(), Kind::Breach);
        shared_.actions.clear();
    }
}

TEST_F(HeaderSyncRun, a_header_against_the_rules_is_invalid) {
    grow(theirs_, 20);
    falsify_ = [&](BlockHeaders& reply) {
        if (sync_.phase() == HeaderSync::Phase::Probe) return;
        Header header = *reply.headers.back();
        header.difficulty.value = header.difficulty.value + Uint256{1};
        reply.headers.back() = HashedHeader{header};
    };
    start();
    run();
    EXPECT_EQ(end(), Kind::Invalid);
}

TEST_F(HeaderSyncRun, headers_of_the_future_end_the_run_but_not_what_is_before_them) {
    grow(theirs_, 20);
    // The clock stands 15 seconds before the twelfth block, which is as far ahead as may be.
    now_.unix_seconds = sim::kSimStart + 120 - 15;
    start();
    run();
    EXPECT_EQ(end(), Kind::Early);
    ASSERT_FALSE(given_.empty());
    EXPECT_EQ(given_.back().header->number, 12U);
}

TEST_F(HeaderSyncRun, silence_and_a_lost_connection_end_the_run) {
    grow(theirs_, 5);
    start();
    sync_.tick(0, later(kHeaderTimeoutMs - 1));
    EXPECT_FALSE(sync_.is_idle());
    sync_.tick(0, later(kHeaderTimeoutMs));
    EXPECT_EQ(end(), Kind::Timeout);
    EXPECT_EQ(shared_.find(kPeer)->timeouts, 1U);
    start();
    sync_.on_peer_gone(kPeer + 1);
    EXPECT_FALSE(sync_.is_idle());
    sync_.on_peer_gone(kPeer);
    EXPECT_EQ(end(), Kind::Gone);
    start();
    sync_.abort();
    EXPECT_EQ(end(), Kind::Aborted);
}

TEST_F(HeaderSyncRun, a_run_from_a_base_does_not_search) {
    share(10);
    grow(ours_, 3, 10, 1);
    grow(theirs_, 30, 10, 2);
    add_peer(shared_, kPeer, theirs_.head());
    sync_.start(kPeer, ours_.head(), *ours_.snapshot(), kNow);
    run();
    EXPECT_EQ(end(), Kind::Diverged);
    EXPECT_TRUE(given_.empty());
}

TEST_F(HeaderSyncRun, what_was_found_invalid_before_is_not_followed) {
    share(3);
    const Block block = theirs_.make_block(theirs_.head().header->timestamp + 10, {}, 5);
    Header header = *block.header;
    header.state_root = Hash256{};
    const Block spoilt{HashedHeader{header}, {}};
    ASSERT_TRUE(theirs_.import(spoilt, kNow.unix_seconds, true).outcome.is_stored());
    ASSERT_EQ(ours_.import(spoilt, kNow.unix_seconds).outcome.status, chain::ImportStatus::Invalid);
    start();
    run();
    EXPECT_EQ(end(), Kind::KnownBad);
    EXPECT_TRUE(take<PenalisePeer>(shared_.actions).empty());
}

}  // namespace
}  // namespace cairn::node::test
