// SPDX-License-Identifier: MIT
#include "node/sync/serve.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "tests/unit/node/sync/support.hpp"

namespace cairn::node::test {
namespace {

/// A chain of 20 blocks, and 3 of a lighter fork from block 10 on.
class Serve : public ::testing::Test {
protected:
    void SetUp() override {
        grow(fork_, 10);
        for (std::size_t i = 1; i <= 10; ++i) {
            const auto hash = *fork_.snapshot()->canonical_hash(i);
            const Block block{*fork_.snapshot()->header(hash), *fork_.snapshot()->body(hash)};
            ASSERT_TRUE(chain_.import(block, kNow.unix_seconds).outcome.is_stored());
        }
        grow(chain_, 10, 8);
        side_ = grow(fork_, 3, 30, 7);
        for (const Block& block : side_)
            ASSERT_EQ(chain_.import(block, kNow.unix_seconds).outcome.status,
                      chain::ImportStatus::SideChain);
    }

    std::vector<BlockNumber> numbers(const GetBlockHeaders& query) {
        std::vector<BlockNumber> found;
        for (const auto& header : serve_headers(*chain_.snapshot(), query).headers)
            found.push_back(header->number);
        return found;
    }
    BlockHash hash_at(BlockNumber number) { return *chain_.snapshot()->canonical_hash(number); }

    LightChain chain_;
    LightChain fork_;
    std::vector<Block> side_;
    using Numbers = std::vector<BlockNumber>;
};

TEST_F(Serve, headers_follow_number_skip_and_direction) {
    EXPECT_EQ(numbers({.origin = BlockNumber{3}, .amount = 3}), (Numbers{3, 4, 5}));
    EXPECT_EQ(numbers({.origin = BlockNumber{3}, .amount = 3, .skip = 4}), (Numbers{3, 8, 13}));
    EXPECT_EQ(numbers({.origin = BlockNumber{9}, .amount = 3, .skip = 3, .reverse = true}),
              (Numbers{9, 5, 1}));
    EXPECT_EQ(numbers({.origin = hash_at(4), .amount = 2}), (Numbers{4, 5}));
}

TEST_F(Serve, headers_end_at_either_end_of_the_chain) {
    EXPECT_EQ(numbers({.origin = BlockNumber{19}, .amount = 5}), (Numbers{19, 20}));
    EXPECT_EQ(numbers({.origin = BlockNumber{21}, .amount = 5}), Numbers{});
    EXPECT_EQ(numbers({.origin = BlockNumber{1}, .amount = 5, .reverse = true}), (Numbers{1, 0}));
    EXPECT_EQ(numbers({.origin = BlockNumber{20}, .amount = 0}), Numbers{});
    EXPECT_EQ(numbers({.origin = BlockHash{}, .amount = 5}), Numbers{});
}

TEST_F(Serve, a_skip_that_would_wrap_ends_the_reply) {
    const auto huge = std::numeric_limits<std::uint64_t>::max();
    EXPECT_EQ(numbers({.origin = BlockNumber{5}, .amount = 3, .skip = huge}), (Numbers{5}));
    EXPECT_EQ(numbers({.origin = BlockNumber{5}, .amount = 3, .skip = huge - 5}), (Numbers{5}));
    EXPECT_EQ(numbers({.origin = BlockNumber{5}, .amount = 3, .skip = huge, .reverse = true}),
              (Numbers{5}));
    EXPECT_EQ(numbers({.origin = BlockNumber{5}, .amount = huge, .skip = 14}), (Numbers{5, 20}));
}

TEST_F(Serve, a_side_block_leads_back_along_its_own_ancestors) {
    const auto reply = serve_headers(
        *chain_.snapshot(),
        {.origin = side_.back().header.hash(), .amount = 5, .skip = 0, .reverse = true});
    ASSERT_EQ(reply.headers.size(), 5U);
    EXPECT_EQ(reply.headers[2].hash(), side_.front().header.hash());
    EXPECT_EQ(reply.headers[3].hash(), hash_at(10));
    EXPECT_EQ(reply.headers[4].hash(), hash_at(9));
    EXPECT_EQ(numbers({.origin = side_.front().header.hash(), .amount = 5}), (Numbers{11}));
}

TEST_F(Serve, at_most_1024_headers_are_given) {
    LightChain chain;
    grow(chain, kHeadersMax + 10);
    const auto reply =
        serve_headers(*chain.snapshot(), {.origin = BlockNumber{0}, .amount = kHeadersMax + 1});
    EXPECT_EQ(reply.headers.size(), kHeadersMax);
}

TEST_F(Serve, bodies_and_receipts_leave_out_what_is_not_there) {
    const auto bodies = serve_bodies(
        *chain_.snapshot(), {.request_id = 5, .hashes = {hash_at(1), BlockHash{}, hash_at(2)}});
    EXPECT_EQ(bodies.request_id, 5U);
    EXPECT_EQ(bodies.bodies.size(), 2U);
    // A side block was never executed.
    const auto receipts = serve_receipts(
        *chain_.snapshot(), {.request_id = 6, .hashes = {side_.front().header.hash(), hash_at(2)}});
    EXPECT_EQ(receipts.request_id, 6U);
    EXPECT_EQ(receipts.blocks.size(), 1U);
}

TEST_F(Serve, bodies_end_at_the_soft_limit) {
    LightChain chain;
    Transaction tx;
    tx.data.resize(600'000);
    std::vector<BlockHash> hashes;
    for (std::uint64_t i = 0; i < 6; ++i) {
        tx.nonce = i;
        grow(chain, 1, 10, 0, {SignedTx{tx, TxSignature{Uint256{1}, Uint256{1}, false}}});
        hashes.push_back(chain.head().header.hash());
    }
    const auto reply = serve_bodies(*chain.snapshot(), {.request_id = 1, .hashes = hashes});
    // 3 · 600,000 is below 2 MiB, 4 · 600,000 is above: the fourth is the last to be begun.
    EXPECT_EQ(reply.bodies.size(), 4U);
}

TEST_F(Serve, pooled_transactions_come_in_order_and_bounded) {
    LightPool pool;
    std::vector<TxHash> hashes;
    for (std::uint64_t i = 0; i < kPooledTxsMax + 5; ++i) {
        const SignedTx tx = sim::make_light_tx(1, i, 0);
        ASSERT_EQ(pool.add(tx, chain_), TxVerdict::Added);
        hashes.push_back(tx.hash());
    }
    hashes.insert(hashes.begin(), TxHash{});
    const auto reply = serve_pooled_txs(pool, {.request_id = 9, .hashes = hashes});
    ASSERT_EQ(reply.txs.size(), kPooledTxsMax);
    EXPECT_EQ(reply.request_id, 9U);
    EXPECT_EQ(reply.txs.front().tx.hash(), hashes[1]);
}

}  // namespace
}  // namespace cairn::node::test
