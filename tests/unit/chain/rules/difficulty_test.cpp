// SPDX-License-Identifier: MIT
#include "chain/rules/difficulty.hpp"

#include <gtest/gtest.h>

#include "chain/spec/rule_table.hpp"
#include "chain/spec/test_networks.hpp"

namespace cairn::chain {
namespace {

struct Case {
    std::string_view fork;
    BlockNumber number;  ///< the child's
    std::uint64_t elapsed;
    std::uint64_t parent;
    bool has_ommers = false;
};

Uint256 difficulty(const Case& c) {
    const ChainSpec spec = find_test_network(c.fork, 1).value();
    Header parent;
    parent.number = c.number - 1;
    parent.timestamp = 1000;
    parent.difficulty = {Uint256{c.parent}};
    if (c.has_ommers) parent.ommers_hash = {};
    return next_difficulty(spec, spec.rules_at(c.number, 0), parent, 1000 + c.elapsed).value;
}

// 2,048,000 has steps of 1000.
constexpr std::uint64_t kBase = 2'048'000;

TEST(Difficulty, frontier_turns_at_thirteen_seconds) {
    EXPECT_EQ(difficulty({"Frontier", 10, 12, kBase}), Uint256{kBase + 1000});
    EXPECT_EQ(difficulty({"Frontier", 10, 13, kBase}), Uint256{kBase - 1000});
    EXPECT_EQ(difficulty({"Frontier", 10, 100000, kBase}), Uint256{kBase - 1000});
}

TEST(Difficulty, homestead_falls_with_every_ten_seconds_down_to_99_steps) {
    EXPECT_EQ(difficulty({"Homestead", 10, 9, kBase}), Uint256{kBase + 1000});
    EXPECT_EQ(difficulty({"Homestead", 10, 10, kBase}), Uint256{kBase});
    EXPECT_EQ(difficulty({"Homestead", 10, 20, kBase}), Uint256{kBase - 1000});
    EXPECT_EQ(difficulty({"Homestead", 10, 999, kBase}), Uint256{kBase - 98000});
    EXPECT_EQ(difficulty({"Homestead", 10, 1000, kBase}), Uint256{kBase - 99000});
    EXPECT_EQ(difficulty({"Homestead", 10, 1010, kBase}), Uint256{kBase - 99000});
}

TEST(Difficulty, byzantium_parent_with_ommers_rises) {
    EXPECT_EQ(difficulty({"Byzantium", 10, 8, kBase}), Uint256{kBase + 1000});
    EXPECT_EQ(difficulty({"Byzantium", 10, 9, kBase}), Uint256{kBase});
    EXPECT_EQ(difficulty({"Byzantium", 10, 8, kBase, true}), Uint256{kBase + 2000});
    EXPECT_EQ(difficulty({"Byzantium", 10, 9, kBase, true}), Uint256{kBase + 1000});
    EXPECT_EQ(difficulty({"Byzantium", 10, 18, kBase, true}), Uint256{kBase});
    EXPECT_EQ(difficulty({"Byzantium", 10, 100000, kBase}), Uint256{kBase - 99000});
}

TEST(Difficulty, never_below_the_minimum) {
    EXPECT_EQ(difficulty({"Homestead", 10, 100000, 131072}), Uint256{131072});
    EXPECT_EQ(difficulty({"Frontier", 10, 13, 131072}), Uint256{131072});
}

TEST(Difficulty, bomb_begins_at_its_second_period_and_after_its_delay) {
    // At rest, so that what is added is the bomb.
    EXPECT_EQ(difficulty({"Homestead", 199999, 10, kBase}), Uint256{kBase});
    EXPECT_EQ(difficulty({"Homestead", 200000, 10, kBase}), Uint256{kBase + 1});
    EXPECT_EQ(difficulty({"Homestead", 300000, 10, kBase}), Uint256{kBase + 2});
    EXPECT_EQ(difficulty({"Byzantium", 3'199'999, 9, kBase}), Uint256{kBase});
    EXPECT_EQ(difficulty({"Byzantium", 3'200'000, 9, kBase}), Uint256{kBase + 1});
    EXPECT_EQ(difficulty({"Constantinople", 5'300'000, 9, kBase}), Uint256{kBase + 2});
    EXPECT_EQ(difficulty({"MuirGlacier", 9'300'000, 9, kBase}), Uint256{kBase + 2});
    EXPECT_EQ(difficulty({"London", 10'000'000, 9, kBase}), Uint256{kBase + 2});
    EXPECT_EQ(difficulty({"ArrowGlacier", 11'000'000, 9, kBase}), Uint256{kBase + 2});
    EXPECT_EQ(difficulty({"GrayGlacier", 11'700'000, 9, kBase}), Uint256{kBase + 2});
}

TEST(Difficulty, bomb_never_wraps) {
    EXPECT_EQ(difficulty({"Homestead", 25'700'000, 10, kBase}),
              Uint256{kBase} + (Uint256{1} << 255));
    EXPECT_EQ(difficulty({"Homestead", 25'800'000, 10, kBase}), Uint256::max());
    EXPECT_EQ(difficulty({"Homestead", ~0ULL, 10, kBase}), Uint256::max());
}

TEST(Difficulty, of_networks_without_ethereums_rule) {
    EXPECT_EQ(difficulty({"Paris", 10, 5, kBase}), Uint256{});
    const ChainSpec dev = ChainSpec::with_single_rules(cairn_dev_rules(), 1337, SealKind::Sha256d);
    EXPECT_EQ(next_difficulty(dev, cairn_dev_rules(), Header{}, 5).value, Uint256{1});
}

}  // namespace
}  // namespace cairn::chain
