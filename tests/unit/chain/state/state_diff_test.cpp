// SPDX-License-Identifier: MIT
#include "chain/state/state_diff.hpp"

#include <gtest/gtest.h>

namespace cairn::chain {
namespace {

constexpr Address kA{{1}};
constexpr Address kB{{2}};
constexpr Address kC{{3}};

StorageChange slot(const Address& a, std::uint64_t key, std::uint64_t before, std::uint64_t after) {
    return {a, Uint256{key}, Uint256{before}, Uint256{after}};
}

TEST(StateDiffMerge, keys_of_both_sides_come_sorted) {
    StateDiff first;
    first.storage = {slot(kA, 5, 0, 1), slot(kC, 1, 0, 1)};
    StateDiff second;
    second.storage = {slot(kA, 4, 0, 1), slot(kB, 9, 0, 1)};
    const auto both = merge(first, second);
    EXPECT_EQ(both.storage, (std::vector{slot(kA, 4, 0, 1), slot(kA, 5, 0, 1), slot(kB, 9, 0, 1), slot(kC, 1, 0, 1)}));
}

TEST(StateDiffMerge, same_key_keeps_first_before_and_last_after) {
    StateDiff first;
    first.accounts = {{kA, std::nullopt, AccountRecord{1, Wei{1}}}};
    first.storage = {slot(kA, 1, 0, 1)};
    StateDiff second;
    second.accounts = {{kA, AccountRecord{1, Wei{1}}, AccountRecord{2, Wei{1}}}};
    second.storage = {slot(kA, 1, 1, 2)};
    const auto both = merge(first, second);
    ASSERT_EQ(both.accounts.size(), 1u);
    EXPECT_FALSE(both.accounts[0].before.has_value());
    EXPECT_EQ(both.accounts[0].after, (AccountRecord{2, Wei{1}}));
    EXPECT_EQ(both.storage, (std::vector{slot(kA, 1, 0, 2)}));
}

TEST(StateDiffMerge, what_cancels_is_left_out) {
    StateDiff first;
    first.storage = {slot(kA, 1, 3, 1)};
    first.accounts = {{kA, AccountRecord{1, Wei{1}}, std::nullopt}};
    const auto both = merge(first, inverse(first));
    EXPECT_TRUE(both.is_empty());
}

TEST(StateDiffMerge, codes_are_kept_once) {
    const auto code = std::make_shared<const Bytes>(Bytes{1});
    StateDiff first;
    first.codes = {{CodeHash{{1}}, code}, {CodeHash{{3}}, code}};
    StateDiff second;
    second.codes = {{CodeHash{{1}}, code}, {CodeHash{{2}}, code}};
    const auto both = merge(first, second);
    ASSERT_EQ(both.codes.size(), 3u);
    EXPECT_EQ(both.codes[0].hash, CodeHash{{1}});
    EXPECT_EQ(both.codes[1].hash, CodeHash{{2}});
    EXPECT_EQ(both.codes[2].hash, CodeHash{{3}});
}

TEST(StateDiffMergeDeathTest, diffs_that_do_not_meet_are_found_out) {
    StateDiff first;
    first.storage = {slot(kA, 1, 0, 1)};
    StateDiff second;
    second.storage = {slot(kA, 1, 2, 3)};
    EXPECT_DEATH((void)merge(first, second), "after == b->before");
}

}  // namespace
}  // namespace cairn::chain
