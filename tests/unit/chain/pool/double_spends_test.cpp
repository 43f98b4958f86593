// SPDX-License-Identifier: MIT
#include "chain/pool/double_spends.hpp"

#include <gtest/gtest.h>

#include "tests/unit/chain/pool/pool_fixture.hpp"

namespace cairn::chain {
namespace {

RecoveredTx tx_with(std::uint64_t value, std::uint64_t nonce = 3) {
    return test::make_tx(0, nonce, {.value = value}).tx;
}

class DoubleSpendsTest : public testing::Test {
protected:
    DoubleSpends spends;
    RecoveredTx first = tx_with(1);
    RecoveredTx second = tx_with(2);
    BlockRef block{7, BlockHash{{7}}};
};

TEST_F(DoubleSpendsTest, keeps_both_contenders_in_order) {
    const DoubleSpend* record = spends.note(first, second, 100);
    ASSERT_NE(record, nullptr);
    EXPECT_EQ(record->sender, first.sender());
    EXPECT_EQ(record->nonce, 3u);
    ASSERT_EQ(record->contenders.size(), 2u);
    EXPECT_EQ(record->contenders[0].hash, first.hash());
    EXPECT_EQ(record->contenders[1].hash, second.hash());
    EXPECT_EQ(record->contenders[1].value, Wei{2});
    EXPECT_EQ(record->contenders[1].seen_at, 100u);
    EXPECT_FALSE(record->settled_by);
    EXPECT_EQ(spends.total(), 1u);
}

TEST_F(DoubleSpendsTest, the_same_again_is_no_news) {
    ASSERT_NE(spends.note(first, second, 100), nullptr);
    EXPECT_EQ(spends.note(first, second, 101), nullptr);
    EXPECT_EQ(spends.note(second, first, 101), nullptr);
    EXPECT_NE(spends.note(first, tx_with(4), 102), nullptr);
    EXPECT_EQ(spends.total(), 1u);
    EXPECT_EQ(spends.find(first.sender(), 3)->contenders.size(), 3u);
}

TEST_F(DoubleSpendsTest, a_block_settles_and_its_reversal_reopens) {
    spends.note(first, second, 100);
    const DoubleSpend* record = spends.settle(block, second);
    ASSERT_NE(record, nullptr);
    EXPECT_EQ(record->settled_by, block);
    EXPECT_EQ(record->winner, second.hash());
    EXPECT_EQ(spends.unsettle({8, BlockHash{{8}}}, second), nullptr);
    record = spends.unsettle(block, second);
    ASSERT_NE(record, nullptr);
    EXPECT_FALSE(record->settled_by);
    EXPECT_FALSE(record->winner);
}

TEST_F(DoubleSpendsTest, what_takes_part_in_none_settles_none) {
    EXPECT_EQ(spends.settle(block, first), nullptr);
    EXPECT_EQ(spends.unsettle(block, first), nullptr);
    EXPECT_EQ(spends.find(first.sender(), 3), nullptr);
}

TEST_F(DoubleSpendsTest, contenders_are_bounded_and_the_first_stays) {
    for (std::uint64_t value = 2; value < 30; ++value) spends.note(first, tx_with(value), 100);
    const DoubleSpend* record = spends.find(first.sender(), 3);
    ASSERT_EQ(record->contenders.size(), kContendersMax);
    EXPECT_EQ(record->contenders.front().hash, first.hash());
    EXPECT_EQ(record->contenders.back().hash, tx_with(29).hash());
}

TEST_F(DoubleSpendsTest, records_are_bounded_and_the_count_goes_on) {
    const std::uint64_t count = kDoubleSpendsMax + 10;
    for (std::uint64_t nonce = 0; nonce < count; ++nonce)
        spends.note(tx_with(1, nonce), tx_with(2, nonce), 100);
    EXPECT_EQ(spends.total(), count);
    EXPECT_EQ(spends.find(first.sender(), 9), nullptr);
    EXPECT_NE(spends.find(first.sender(), 10), nullptr);
    const auto latest = spends.latest(3);
    ASSERT_EQ(latest.size(), 3u);
    EXPECT_EQ(latest[0].nonce, count - 1);
    EXPECT_EQ(spends.latest(count).size(), kDoubleSpendsMax);
}

}  // namespace
}  // namespace cairn::chain
