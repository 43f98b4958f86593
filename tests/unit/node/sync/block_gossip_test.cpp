// SPDX-License-Identifier: MIT
#include "node/sync/block_gossip.hpp"

#include <gtest/gtest.h>

#include "node/sync/header_verify.hpp"
#include "tests/unit/node/sync/support.hpp"

namespace cairn::node::test {
namespace {

/// Nine peers, and a block on our head that they may have.
class BlockGossipRun : public ::testing::Test {
protected:
    void SetUp() override {
        grow(chain_, 20);
        for (PeerId id = 1; id <= 9; ++id) add_peer(shared_, id, chain_.head());
        block_ = chain_.make_block(chain_.head().header->timestamp + 10,
                                   {sim::make_light_tx(1, 1, 0)}, 5);
    }
    [[nodiscard]] NewBlock pushed(const Block& block) const {
        return {block, total_of(chain_, block.header->parent_hash) + block.header->difficulty};
    }
    void push(PeerId peer, const Block& block) {
        gossip_.on_new_block(peer, pushed(block), *chain_.snapshot(), now_);
    }
    void announce(PeerId peer, const Block& block) {
        gossip_.on_announced(peer, NewBlockHashes{{{block.header.hash(), block.header->number}}},
                             *chain_.snapshot(), now_);
    }
    void check() {
        for (const auto& job : take<CheckHeaders>(shared_.actions))
            EXPECT_TRUE(
                gossip_.on_checked(check_headers(sim::light_spec(), sim::light_engine(), job),
                                   *chain_.snapshot(), now_));
    }
    std::size_t import() {
        const auto jobs = take<ImportBlock>(shared_.actions);
        for (const auto& job : jobs) {
            const auto imported = chain_.import(job.block, now_.unix_seconds);
            EXPECT_TRUE(gossip_.on_imported(job.job, imported.outcome, *chain_.snapshot(), now_));
        }
        return jobs.size();
    }
    std::size_t penalties() { return take<PenalisePeer>(shared_.actions).size(); }
    void tick_after(std::uint64_t ms) {
        now_.ms += ms;
        now_.unix_seconds += ms / 1000;
        gossip_.tick(*chain_.snapshot(), now_);
    }

    LightChain chain_;
    SyncShared shared_{SyncOptions{}};
    BlockGossip gossip_{shared_};
    SyncTime now_ = kNow;
    Block block_{sim::light_genesis()};
};

TEST_F(BlockGossipRun,
       a_pushed_block_goes_whole_to_the_root_before_import_and_as_hash_to_the_rest) {
    push(1, block_);
    EXPECT_TRUE(take_sent<NewBlock>(shared_.actions).empty()) << "not before its header is checked";
    check();
    const auto whole = take_sent<NewBlock>(shared_.actions);
    EXPECT_EQ(whole.size(), 3U);
    EXPECT_TRUE(take_sent<NewBlockHashes>(shared_.actions).empty());
    EXPECT_EQ(import(), 1U);
    const auto hashes = take_sent<NewBlockHashes>(shared_.actions);
    EXPECT_EQ(hashes.size(), 5U);
    std::set<PeerId> told{1};
    for (const auto& [peer, message] : whole) told.insert(peer);
    for (const auto& [peer, message] : hashes) told.insert(peer);
    EXPECT_EQ(told.size(), 9U) << "everybody once, the giver not at all";
    EXPECT_EQ(gossip_.size(), 0U);
    EXPECT_EQ(gossip_.held_bytes(), 0U);
}

TEST_F(BlockGossipRun, our_own_block_goes_to_everybody) {
    const auto imported = chain_.import(block_, now_.unix_seconds);
    gossip_.on_applied(imported.applied.front(), *chain_.snapshot(), now_);
    EXPECT_EQ(take_sent<NewBlock>(shared_.actions).size(), 3U);
    EXPECT_EQ(take_sent<NewBlockHashes>(shared_.actions).size(), 6U);
}

TEST_F(BlockGossipRun, faults_that_the_giver_could_see_are_blamed) {
    Block other_body = block_;
    other_body.body.transactions.clear();
    push(1, other_body);
    EXPECT_EQ(penalties(), 1U);

    Header header = *block_.header;
    header.gas_limit = 4999;
    push(2, Block{HashedHeader{header}, block_.body});
    check();
    EXPECT_EQ(penalties(), 1U);

    NewBlock lie = pushed(block_);
    lie.total_difficulty.value = lie.total_difficulty.value + Uint256{1};
    gossip_.on_new_block(3, lie, *chain_.snapshot(), now_);
    EXPECT_EQ(penalties(), 1U);
    EXPECT_TRUE(take_sent<NewBlock>(shared_.actions).empty());
}

TEST_F(BlockGossipRun, a_fault_that_only_execution_shows_is_nobodys) {
    Header header = *block_.header;
    header.state_root = Hash256{};
    push(1, Block{HashedHeader{header}, block_.body});
    check();
    EXPECT_EQ(import(), 1U);
    EXPECT_EQ(penalties(), 0U);
    EXPECT_TRUE(take_sent<NewBlockHashes>(shared_.actions).empty());
    EXPECT_EQ(gossip_.size(), 0U);
}

TEST_F(BlockGossipRun, an_announced_block_is_fetched_after_a_while_header_first) {
    announce(1, block_);
    tick_after(kBlockArriveMs - 1);
    EXPECT_TRUE(take_sent<GetBlockHeaders>(shared_.actions).empty());
    tick_after(1);
    const auto headers = take_sent<GetBlockHeaders>(shared_.actions);
    ASSERT_EQ(headers.size(), 1U);
    EXPECT_TRUE(gossip_.on_headers(1, {headers[0].second.request_id, {block_.header}},
                                   *chain_.snapshot(), now_));
    EXPECT_TRUE(take_sent<GetBlockBodies>(shared_.actions).empty());
    check();
    const auto bodies = take_sent<GetBlockBodies>(shared_.actions);
    ASSERT_EQ(bodies.size(), 1U);
    EXPECT_TRUE(gossip_.on_bodies(1, {bodies[0].second.request_id, {block_.body}},
                                  *chain_.snapshot(), now_));
    EXPECT_EQ(import(), 1U);
    EXPECT_EQ(chain_.head().header.hash(), block_.header.hash());
}

TEST_F(BlockGossipRun, one_that_comes_whole_meanwhile_is_not_asked_for) {
    announce(1, block_);
    push(2, block_);
    check();
    EXPECT_EQ(import(), 1U);
    tick_after(kBlockArriveMs);
    EXPECT_TRUE(take_sent<GetBlockHeaders>(shared_.actions).empty());
}

TEST_F(BlockGossipRun, those_who_announced_it_are_asked_in_turn) {
    announce(1, block_);
    announce(2, block_);
    announce(3, block_);
    tick_after(kBlockArriveMs);
    EXPECT_EQ(take_sent<GetBlockHeaders>(shared_.actions).at(0).first, 1U);
    tick_after(kBlockFetchTimeoutMs);
    const auto second = take_sent<GetBlockHeaders>(shared_.actions);
    ASSERT_EQ(second.at(0).first, 2U);
    EXPECT_TRUE(gossip_.on_headers(2, {second[0].second.request_id, {}}, *chain_.snapshot(), now_));
    EXPECT_EQ(take_sent<GetBlockHeaders>(shared_.actions).at(0).first, 3U);
    shared_.peers.erase(3);
    gossip_.on_peer_gone(3);
    tick_after(1);
    EXPECT_EQ(gossip_.size(), 0U);
    EXPECT_EQ(penalties(), 0U);
}

TEST_F(BlockGossipRun, a_wrong_answer_is_dishonest) {
    announce(1, block_);
    tick_after(kBlockArriveMs);
    const auto asked = take_sent<GetBlockHeaders>(shared_.actions);
    EXPECT_TRUE(gossip_.on_headers(1, {asked.at(0).second.request_id, {chain_.head().header}},
                                   *chain_.snapshot(), now_));
    EXPECT_EQ(penalties(), 1U);
}

TEST_F(BlockGossipRun, an_orphan_waits_for_its_parent) {
    LightChain ahead;
    for (BlockNumber n = 1; n <= 20; ++n) {
        const auto hash = *chain_.snapshot()->canonical_hash(n);
        (void)ahead.import({*chain_.snapshot()->header(hash), *chain_.snapshot()->body(hash)},
                           now_.unix_seconds);
    }
    const auto blocks = grow_full(ahead, 2, 4);
    gossip_.on_new_block(1, {blocks[1], ahead.head().total}, *chain_.snapshot(), now_);
    EXPECT_TRUE(take<CheckHeaders>(shared_.actions).empty());
    EXPECT_TRUE(shared_.find(1)->is_suspected_ahead);
    push(2, blocks[0]);
    check();
    EXPECT_EQ(import(), 1U);
    check();
    EXPECT_EQ(import(), 1U);
    EXPECT_EQ(chain_.head().header.hash(), blocks[1].header.hash());
}

TEST_F(BlockGossipRun, an_orphan_goes_on_when_its_parent_came_another_way) {
    LightChain ahead;
    for (BlockNumber n = 1; n <= 20; ++n) {
        const auto hash = *chain_.snapshot()->canonical_hash(n);
        (void)ahead.import({*chain_.snapshot()->header(hash), *chain_.snapshot()->body(hash)},
                           now_.unix_seconds);
    }
    const auto blocks = grow_full(ahead, 10, 4);
    gossip_.on_new_block(1, {blocks[9], ahead.head().total}, *chain_.snapshot(), now_);
    gossip_.on_head(*chain_.snapshot(), now_);
    EXPECT_TRUE(take<CheckHeaders>(shared_.actions).empty());
    // As sync does it, many at once.
    for (std::size_t i = 0; i < 9; ++i) (void)chain_.import(blocks[i], now_.unix_seconds);
    gossip_.on_head(*chain_.snapshot(), now_);
    check();
    EXPECT_EQ(import(), 1U);
    EXPECT_EQ(chain_.head().header.hash(), blocks[9].header.hash());
}

TEST_F(BlockGossipRun, an_early_block_waits_for_its_time) {
    const UnixSeconds timestamp = now_.unix_seconds + 40;
    const Block early = chain_.make_block(timestamp, {}, 5);
    push(1, early);
    check();
    EXPECT_EQ(import(), 0U);
    EXPECT_EQ(penalties(), 0U);
    tick_after(24'000);
    EXPECT_TRUE(take<CheckHeaders>(shared_.actions).empty());
    tick_after(1'000);
    check();
    EXPECT_EQ(import(), 1U);
    // Further ahead than that nothing is kept.
    push(1, chain_.make_block(now_.unix_seconds + kEarlyKeptSeconds + 1, {}, 6));
    check();
    EXPECT_EQ(gossip_.size(), 0U);
}

TEST_F(BlockGossipRun, blocks_far_from_the_head_are_not_looked_at) {
    NewBlock far = pushed(block_);
    Header header = *block_.header;
    header.number = 20 + kGossipAheadMax + 1;
    header.parent_hash = BlockHash{};
    far.block.header = HashedHeader{header};
    gossip_.on_new_block(1, far, *chain_.snapshot(), now_);
    EXPECT_EQ(gossip_.size(), 0U);
    EXPECT_TRUE(shared_.find(1)->is_suspected_ahead);
    NewBlockHashes hashes{{{BlockHash{}, 20 + kGossipAheadMax}, {BlockHash{}, 0}}};
    hashes.blocks[1].hash.bytes[0] = 1;
    gossip_.on_announced(2, hashes, *chain_.snapshot(), now_);
    EXPECT_EQ(gossip_.size(), 1U);
}

TEST_F(BlockGossipRun, what_one_peer_makes_us_hold_is_bounded) {
    NewBlockHashes hashes;
    for (std::size_t i = 0; i < kGossipBlocksPerPeer + 10; ++i) {
        BlockHash hash;
        store_be64(hash.data(), i + 1);
        hashes.blocks.push_back({hash, 21});
    }
    gossip_.on_announced(1, hashes, *chain_.snapshot(), now_);
    EXPECT_EQ(gossip_.size(), kGossipBlocksPerPeer);
    // Orphans: whole blocks whose parents nobody has.
    for (std::uint64_t i = 0; i < kWaitingBlocksPerPeer + 5; ++i) {
        Header header = *block_.header;
        store_be64(header.parent_hash.data(), i + 1);
        gossip_.on_new_block(2, {{HashedHeader{header}, block_.body}, {}}, *chain_.snapshot(),
                             now_);
    }
    EXPECT_EQ(gossip_.size(), kGossipBlocksPerPeer + kWaitingBlocksPerPeer);
    for (std::uint64_t t = 0; t <= kGossipLifetimeMs; t += 5'000) tick_after(5'000);
    EXPECT_EQ(gossip_.size(), 0U);
    EXPECT_EQ(gossip_.held_bytes(), 0U);
}

TEST(PushCount, is_the_square_root_rounded_down) {
    EXPECT_EQ(push_count(0), 0U);
    EXPECT_EQ(push_count(1), 1U);
    EXPECT_EQ(push_count(3), 1U);
    EXPECT_EQ(push_count(4), 2U);
    EXPECT_EQ(push_count(8), 2U);
    EXPECT_EQ(push_count(9), 3U);
    EXPECT_EQ(push_count(50), 7U);
}

}  // namespace
}  // namespace cairn::node::test
