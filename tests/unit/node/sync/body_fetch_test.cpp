// SPDX-License-Identifier: MIT
#include "node/sync/body_fetch.hpp"

#include <gtest/gtest.h>

#include "node/sync/serve.hpp"
#include "tests/unit/node/sync/support.hpp"

namespace cairn::node::test {
namespace {

class BodyFetchRun : public ::testing::Test {
protected:
    static constexpr PeerId kSource = 1;

    void add_peers(std::size_t count) {
        for (PeerId id = 1; id <= count; ++id) add_peer(shared_, id, chain_.head());
    }
    std::vector<CheckedHeader> headers_of(const std::vector<Block>& blocks) {
        std::vector<CheckedHeader> headers;
        for (const Block& block : blocks)
            headers.push_back({block.header, total_of(chain_, block.header.hash())});
        return headers;
    }
    /// Answers every question of these peers in full.
    void answer(const std::vector<PeerId>& silent = {}) {
        for (auto& [peer, query] : take_sent<GetBlockBodies>(shared_.actions)) {
            ++asked_[peer];
            if (std::find(silent.begin(), silent.end(), peer) != silent.end()) continue;
            EXPECT_TRUE(fetch_.on_bodies(peer, serve_bodies(*chain_.snapshot(), query), now_));
        }
    }
    void collect() {
        for (auto& import : take<ImportBlock>(shared_.actions)) {
            blocks_.push_back(import.block);
            jobs_.push_back(import.job);
        }
    }
    void run(const std::vector<PeerId>& silent = {}) {
        for (int i = 0; i < 200; ++i) {
            fetch_.tick(now_);
            answer(silent);
            collect();
        }
    }

    LightChain chain_;
    SyncShared shared_{SyncOptions{}};
    BodyFetch fetch_{shared_};
    SyncTime now_ = kNow;
    std::vector<Block> blocks_;
    std::vector<JobId> jobs_;
    std::map<PeerId, std::size_t> asked_;
};

TEST_F(BodyFetchRun, blocks_come_out_in_order_from_many_peers) {
    const auto blocks = grow_full(chain_, 300, 1);
    add_peers(4);
    fetch_.add(kSource, headers_of(blocks));
    run();
    EXPECT_EQ(blocks_, blocks);
    EXPECT_EQ(asked_.size(), 4U);
}

TEST_F(BodyFetchRun, empty_bodies_are_not_asked_for) {
    const auto blocks = grow(chain_, 50);
    add_peers(1);
    fetch_.add(kSource, headers_of(blocks));
    fetch_.tick(now_);
    EXPECT_TRUE(take_sent<GetBlockBodies>(shared_.actions).empty());
    collect();
    EXPECT_EQ(blocks_, blocks);
}

TEST_F(BodyFetchRun, windows_grow_with_quick_full_replies_and_shrink_with_silence) {
    const auto blocks = grow_full(chain_, 200, 1);
    add_peers(1);
    fetch_.add(kSource, headers_of(blocks));
    fetch_.tick(now_);
    answer();
    EXPECT_GT(shared_.find(1)->body_window, kBodyWindowStart);
    const std::size_t window = shared_.find(1)->body_window;
    fetch_.tick(now_);
    ASSERT_FALSE(take_sent<GetBlockBodies>(shared_.actions).empty());
    fetch_.tick(later(kBodyTimeoutMs));
    EXPECT_LT(shared_.find(1)->body_window, window);
    EXPECT_TRUE(shared_.find(1)->is_aside(later(kBodyTimeoutMs).ms));
}

TEST_F(BodyFetchRun, what_one_peer_does_not_send_another_is_asked_for) {
    const auto blocks = grow_full(chain_, 60, 1);
    add_peers(3);
    fetch_.add(kSource, headers_of(blocks));
    run({2});
    EXPECT_LT(blocks_.size(), blocks.size());
    now_ = later(kBodyTimeoutMs);
    run({2});
    EXPECT_EQ(blocks_, blocks);
}

TEST_F(BodyFetchRun, a_lost_connection_gives_its_questions_back) {
    const auto blocks = grow_full(chain_, 30, 1);
    add_peers(2);
    fetch_.add(kSource, headers_of(blocks));
    fetch_.tick(now_);
    const auto queries = take_sent<GetBlockBodies>(shared_.actions);
    ASSERT_EQ(queries.size(), 2U);
    shared_.peers.erase(2);
    fetch_.on_peer_gone(2);
    for (const auto& [peer, query] : queries)
        EXPECT_EQ(fetch_.on_bodies(peer, serve_bodies(*chain_.snapshot(), query), now_), peer == 1);
    run();
    EXPECT_EQ(blocks_, blocks);
}

TEST_F(BodyFetchRun, bodies_of_other_blocks_are_dishonest) {
    const auto blocks = grow_full(chain_, 3, 1);
    add_peers(1);
    fetch_.add(kSource, headers_of(blocks));
    fetch_.tick(now_);
    const auto queries = take_sent<GetBlockBodies>(shared_.actions);
    ASSERT_EQ(queries.size(), 1U);
    BlockBodies reply{queries[0].second.request_id,
                      {BlockBody{{sim::make_light_tx(9, 9, 9)}, {}, {}}}};
    EXPECT_TRUE(fetch_.on_bodies(1, reply, now_));
    const auto penalties = take<PenalisePeer>(shared_.actions);
    ASSERT_EQ(penalties.size(), 1U);
    EXPECT_EQ(penalties[0].points, kPointsDishonest);
}

TEST_F(BodyFetchRun, a_reply_that_leaves_blocks_out_is_honest_and_asked_on) {
    const auto blocks = grow_full(chain_, 6, 1);
    add_peers(2);
    fetch_.add(kSource, headers_of(blocks));
    fetch_.tick(now_);
    for (auto& [peer, query] : take_sent<GetBlockBodies>(shared_.actions)) {
        BlockBodies reply = serve_bodies(*chain_.snapshot(), query);
        reply.bodies.erase(reply.bodies.begin() + 1);
        EXPECT_TRUE(fetch_.on_bodies(peer, reply, now_));
    }
    EXPECT_TRUE(take<PenalisePeer>(shared_.actions).empty());
    run();
    EXPECT_EQ(blocks_, blocks);
}

TEST_F(BodyFetchRun, a_source_without_its_own_bodies_withholds) {
    const auto blocks = grow_full(chain_, 6, 1);
    add_peers(2);
    fetch_.add(kSource, headers_of(blocks));
    fetch_.tick(now_);
    EXPECT_FALSE(fetch_.find_withholder());
    EXPECT_EQ(fetch_.find_awaited(), kSource);
    for (auto& [peer, query] : take_sent<GetBlockBodies>(shared_.actions))
        EXPECT_TRUE(fetch_.on_bodies(peer, BlockBodies{query.request_id, {}}, now_));
    EXPECT_EQ(fetch_.find_withholder(), kSource);
}

TEST_F(BodyFetchRun, import_holds_so_many_blocks_and_no_more) {
    const auto blocks = grow(chain_, kImportsMax + 10);
    add_peers(1);
    fetch_.add(kSource, headers_of(blocks));
    run();
    EXPECT_EQ(blocks_.size(), kImportsMax);
    EXPECT_EQ(fetch_.on_imported(jobs_[0]), kSource);
    EXPECT_EQ(fetch_.on_imported(jobs_[0]), std::nullopt);
    run();
    EXPECT_EQ(blocks_.size(), kImportsMax + 1);
}

TEST_F(BodyFetchRun, clear_keeps_what_was_handed_to_import) {
    const auto blocks = grow(chain_, 5);
    add_peers(1);
    fetch_.add(kSource, headers_of(blocks));
    run();
    fetch_.clear();
    EXPECT_EQ(fetch_.size(), 5U);
    EXPECT_FALSE(fetch_.tip());
    for (const JobId job : jobs_) EXPECT_EQ(fetch_.on_imported(job), kSource);
    EXPECT_TRUE(fetch_.is_empty());
    EXPECT_EQ(fetch_.import_bytes(), 0U);
}

TEST_F(BodyFetchRun, replies_to_nothing_are_not_ours) {
    EXPECT_FALSE(fetch_.on_bodies(1, BlockBodies{77, {}}, now_));
}

}  // namespace
}  // namespace cairn::node::test
