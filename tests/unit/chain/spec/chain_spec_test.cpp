// SPDX-License-Identifier: MIT
#include "chain/spec/chain_spec.hpp"

#include <gtest/gtest.h>

#include "chain/spec/rule_table.hpp"

namespace cairn::chain {
namespace {

ForkStep step(ForkTrigger trigger, std::uint64_t at, Revision revision) {
    return {trigger, at, rules_of(revision)};
}

/// Berlin, London at block 10, the merge at total difficulty 1000, Shanghai at 500 s, Cancun at 600
/// s.
ChainSpec example() {
    ChainParameters p;
    p.steps = {step(ForkTrigger::Number, 0, Revision::Berlin),
               step(ForkTrigger::Number, 10, Revision::London),
               step(ForkTrigger::TotalDifficulty, 0, Revision::Paris),
               step(ForkTrigger::Time, 500, Revision::Shanghai),
               step(ForkTrigger::Time, 600, Revision::Cancun)};
    p.terminal_total_difficulty = TotalDifficulty{Uint256{1000}};
    return ChainSpec{p};
}

TEST(ChainSpec, steps_by_number) {
    const ChainSpec spec = example();
    EXPECT_EQ(spec.rules_at(0, 0).revision, Revision::Berlin);
    EXPECT_EQ(spec.rules_at(9, 0).revision, Revision::Berlin);
    EXPECT_EQ(spec.rules_at(10, 0).revision, Revision::London);
    EXPECT_EQ(spec.rules_at(~0ULL, 499).revision, Revision::London);
}

TEST(ChainSpec, step_by_total_difficulty) {
    const ChainSpec spec = example();
    const auto at = [&spec](std::uint64_t total) {
        return spec.rules_at(20, 499, TotalDifficulty{Uint256{total}}).revision;
    };
    EXPECT_EQ(at(0), Revision::London);
    EXPECT_EQ(at(999), Revision::London);
    EXPECT_EQ(at(1000), Revision::Paris);
    EXPECT_EQ(at(1001), Revision::Paris);
}

TEST(ChainSpec, steps_by_time) {
    const ChainSpec spec = example();
    EXPECT_EQ(spec.rules_at(20, 500).revision, Revision::Shanghai);
    EXPECT_EQ(spec.rules_at(20, 599).revision, Revision::Shanghai);
    EXPECT_EQ(spec.rules_at(20, 600).revision, Revision::Cancun);
    EXPECT_EQ(spec.rules_at(20, 600, TotalDifficulty{Uint256{1000}}).revision, Revision::Cancun);
}

TEST(ChainSpec, merged_from_genesis_when_the_terminal_difficulty_is_zero) {
    ChainParameters p;
    p.steps = {step(ForkTrigger::Number, 0, Revision::London),
               step(ForkTrigger::TotalDifficulty, 0, Revision::Paris)};
    p.terminal_total_difficulty = TotalDifficulty{};
    EXPECT_EQ(ChainSpec{p}.rules_at(0, 0).revision, Revision::Paris);
}

TEST(ChainSpec, of_several_steps_at_one_place_the_last_wins) {
    ChainParameters p;
    p.steps = {step(ForkTrigger::Number, 0, Revision::Frontier),
               step(ForkTrigger::Number, 0, Revision::Homestead),
               step(ForkTrigger::Number, 0, Revision::Spurious)};
    EXPECT_EQ(ChainSpec{p}.rules_at(0, 0).revision, Revision::Spurious);
}

TEST(ChainSpec, single_rules_hold_everywhere) {
    const auto spec = ChainSpec::with_single_rules(cairn_dev_rules(), 77, SealKind::Sha256d);
    EXPECT_EQ(spec.chain_id(), 77U);
    EXPECT_EQ(spec.seal(), SealKind::Sha256d);
    EXPECT_EQ(spec.rules_at(0, 0), cairn_dev_rules());
    EXPECT_EQ(spec.rules_at(~0ULL, ~0ULL), cairn_dev_rules());
    EXPECT_FALSE(spec.parameters().dao_fork_block);
}

TEST(ChainSpecDeathTest, a_schedule_out_of_order_is_our_mistake) {
    ChainParameters p;
    EXPECT_DEATH(ChainSpec{p}, "is_ordered");
    p.steps = {step(ForkTrigger::Number, 1, Revision::Frontier)};
    EXPECT_DEATH(ChainSpec{p}, "is_ordered");
    p.steps = {step(ForkTrigger::Number, 0, Revision::Frontier),
               step(ForkTrigger::Number, 5, Revision::Homestead),
               step(ForkTrigger::Number, 4, Revision::Spurious)};
    EXPECT_DEATH(ChainSpec{p}, "is_ordered");
    p.steps = {step(ForkTrigger::Number, 0, Revision::London),
               step(ForkTrigger::TotalDifficulty, 0, Revision::Paris)};
    EXPECT_DEATH(ChainSpec{p}, "is_ordered");  // no terminal total difficulty
    p.steps = {step(ForkTrigger::Number, 0, Revision::London),
               step(ForkTrigger::Time, 5, Revision::Cancun),
               step(ForkTrigger::Number, 6, Revision::Prague)};
    EXPECT_DEATH(ChainSpec{p}, "is_ordered");
}

}  // namespace
}  // namespace cairn::chain
