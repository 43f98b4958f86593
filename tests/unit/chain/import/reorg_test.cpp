// SPDX-License-Identifier: MIT
#include "chain/import/reorg.hpp"

#include <gtest/gtest.h>

#include "tests/unit/chain/import/chain_fixture.hpp"

namespace cairn::test {
namespace {

chain::BlockRef ref_of(const Block& block) {
    return {block.header->number, block.header.hash()};
}

/// Genesis – a1 – a2 – a3 canonical, b2 – b3 upon a1 beside it.
class ReorgPlanTest : public testing::Test {
protected:
    ReorgPlanTest() {
        const auto add = [&](const Block& parent, UnixSeconds seconds) {
            Block block = chain.factory.make(parent, {.seconds = seconds});
            EXPECT_TRUE(chain.submit(block).is_stored());
            return block;
        };
        a1 = add(chain.factory.genesis_block(), 5);
        a2 = add(*a1, 5);
        a3 = add(*a2, 5);
        b2 = add(*a1, 60);
        b3 = add(*b2, 60);
    }
    ChainFixture chain{test_genesis(Revision::London, 1)};
    std::optional<Block> a1, a2, a3, b2, b3;
};

TEST_F(ReorgPlanTest, goes_down_to_the_fork_and_up_again) {
    const auto view = chain.manager->view();
    const auto plan = chain::plan_reorg(view, *view.head(), ref_of(*b3));
    EXPECT_EQ(plan.ancestor, ref_of(*a1));
    EXPECT_EQ(plan.revert, (std::vector{ref_of(*a3), ref_of(*a2)}));
    EXPECT_EQ(plan.apply, (std::vector{ref_of(*b2), ref_of(*b3)}));
}

TEST_F(ReorgPlanTest, to_a_canonical_block_only_goes_down) {
    const auto view = chain.manager->view();
    const auto plan = chain::plan_reorg(view, *view.head(), ref_of(*a1));
    EXPECT_EQ(plan.ancestor, ref_of(*a1));
    EXPECT_EQ(plan.revert, (std::vector{ref_of(*a3), ref_of(*a2)}));
    EXPECT_TRUE(plan.apply.empty());
}

TEST_F(ReorgPlanTest, the_head_itself_needs_nothing) {
    const auto view = chain.manager->view();
    const auto plan = chain::plan_reorg(view, *view.head(), ref_of(*a3));
    EXPECT_TRUE(plan.revert.empty());
    EXPECT_TRUE(plan.apply.empty());
}

TEST_F(ReorgPlanTest, the_best_tip_is_the_heaviest_without_a_bad_block_below) {
    const auto view = chain.manager->view();
    const auto best_without = [&](const std::vector<BlockHash>& bad) {
        return chain::find_best_tip(view, [&](const BlockHash& hash) {
            return std::find(bad.begin(), bad.end(), hash) != bad.end();
        });
    };
    EXPECT_EQ(best_without({}), ref_of(*a3));
    EXPECT_EQ(best_without({a3->header.hash()}), ref_of(*b3));
    EXPECT_EQ(best_without({a2->header.hash(), b3->header.hash()}), ref_of(*b2));
    EXPECT_EQ(best_without({a1->header.hash()}), ref_of(chain.factory.genesis_block()));
}

}  // namespace
}  // namespace cairn::test
