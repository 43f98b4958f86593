// SPDX-License-Identifier: MIT
#include "tests/sim/real_network.hpp"

#include <gtest/gtest.h>

#include "tests/support/block_factory.hpp"

// The same state machines on the real ledger: stores on disk, execution, signatures, threads.

namespace cairn::sim {
namespace {

using test::BlockFactory;
using test::TestKey;
using namespace std::chrono_literals;

/// How long anything here may take on a machine with other work to do.
constexpr auto kPatience = 300s;

constexpr UnixSeconds kFarFuture = UnixSeconds{1} << 40;

class RealNetworkRun : public ::testing::Test {
protected:
    /// Blocks on a parent, each with one payment.
    std::vector<Block> make(const Block& from, std::size_t count, std::uint64_t payer,
                            UnixSeconds seconds) {
        std::vector<Block> blocks;
        Block parent = from;
        const TestKey key{payer};
        for (std::size_t i = 0; i < count; ++i) {
            BlockFactory::Plan plan;
            plan.transactions = {test::make_tx(key, i, Address{}, Wei{1})};
            plan.seconds = seconds;
            parent = factory_.make(parent, plan);
            blocks.push_back(parent);
        }
        return blocks;
    }
    void import(std::size_t node, const std::vector<Block>& blocks) {
        for (const Block& block : blocks)
            ASSERT_TRUE(network_.chain(node).submit(block).get().is_stored());
        const BlockNumber number = blocks.back().header->number;
        ASSERT_TRUE(network_.run_until(
            [&] { return network_.sync(node).progress().current_block == number; }, kPatience));
    }
    bool meet(const Block& block) {
        return network_.run_until(
            [&] {
                return network_.head(0).hash == block.header.hash() &&
                       network_.head(1).hash == block.header.hash();
            },
            kPatience);
    }

    BlockFactory factory_{test::test_genesis(Revision::Berlin, 3)};
    RealNetwork network_{test::test_genesis(Revision::Berlin, 3), kFarFuture};
};

TEST_F(RealNetworkRun, a_newcomer_downloads_executes_and_meets) {
    const auto blocks = make(factory_.genesis_block(), 120, 1, 10);
    network_.add_node();
    network_.add_node();
    import(0, blocks);
    network_.connect(0, 1);
    EXPECT_TRUE(meet(blocks.back()));
    EXPECT_TRUE(network_.penalties().empty());
    // A block that comes to one is gossiped to the other.
    BlockFactory::Plan plan;
    const Block next = factory_.make(blocks.back(), plan);
    import(0, {next});
    EXPECT_TRUE(meet(next));
    EXPECT_TRUE(network_.penalties().empty());
}

TEST_F(RealNetworkRun, a_partition_of_a_hundred_blocks_heals) {
    const auto light = make(factory_.genesis_block(), 100, 1, 20);
    const auto heavy = make(factory_.genesis_block(), 100, 2, 8);
    network_.add_node();
    network_.add_node();
    import(0, light);
    import(1, heavy);
    network_.connect(0, 1);
    EXPECT_TRUE(meet(heavy.back()));
    EXPECT_TRUE(network_.penalties().empty());
}

TEST_F(RealNetworkRun, a_payment_travels_from_pool_to_pool) {
    network_.add_node();
    network_.add_node();
    network_.connect(0, 1);
    const TestKey key{1};
    const SignedTx tx = test::make_tx(key, 0, Address{}, Wei{1});
    ASSERT_TRUE(
        network_.pool(0).add({*recover_sender(tx), nullptr}, chain::Origin::Local, kFarFuture));
    EXPECT_TRUE(network_.run_until([&] { return network_.pool(1).contains(tx.hash()); },
                                   kPatience));
}

}  // namespace
}  // namespace cairn::sim
