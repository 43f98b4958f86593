// SPDX-License-Identifier: MIT
#include "chain/pool/pool_views.hpp"

#include <gtest/gtest.h>

#include <set>

#include "tests/unit/chain/pool/pool_fixture.hpp"

namespace cairn::chain {
namespace {

using test::make_tx;
using PoolViewsTest = test::PoolTest;

TEST_F(PoolViewsTest, content_is_by_sender_and_nonce) {
    start();
    must_add(make_tx(1, 2));
    must_add(make_tx(0, 1));
    must_add(make_tx(0, 0));
    const auto content = pool->content();
    ASSERT_EQ(content.size(), 2u);
    EXPECT_EQ(content[0].sender, test::address_of(0));
    ASSERT_EQ(content[0].entries.size(), 2u);
    EXPECT_EQ(content[0].entries[1].tx->nonce(), 1u);
    EXPECT_TRUE(content[0].entries[1].is_pending);
    EXPECT_FALSE(content[1].entries[0].is_pending);
    EXPECT_TRUE(pool->content_of(test::address_of(9)).empty());
}

TEST_F(PoolViewsTest, executable_ones_are_ready) {
    start();
    must_add(make_tx(0, 0));
    const auto entries = pool->content_of(test::address_of(0));
    ASSERT_EQ(entries.size(), 1u);
    EXPECT_EQ(entries[0].reason, WaitReason::None);
    EXPECT_EQ(entries[0].text, "ready");
}

TEST_F(PoolViewsTest, a_gap_names_the_nonce_that_is_missing) {
    start();
    must_add(make_tx(0, 0));
    must_add(make_tx(0, 3));
    const auto entries = pool->content_of(test::address_of(0));
    EXPECT_EQ(entries[1].reason, WaitReason::NonceGap);
    EXPECT_EQ(entries[1].text, "nonce gap: next is 1");
}

TEST_F(PoolViewsTest, a_low_fee_cap_blocks_what_is_behind) {
    start();
    must_add(make_tx(0, 0, {.fee_cap = test::kBaseFee - 1}));
    must_add(make_tx(0, 1));
    const auto entries = pool->content_of(test::address_of(0));
    EXPECT_EQ(entries[0].reason, WaitReason::FeeCapBelowBaseFee);
    EXPECT_EQ(entries[0].text, "fee cap below base fee: fee cap 999999999, base fee 1000000000");
    EXPECT_EQ(entries[1].reason, WaitReason::BehindAnother);
    EXPECT_EQ(entries[1].text, "behind nonce 0, which waits");
}

TEST_F(PoolViewsTest, a_balance_that_fell_is_named) {
    start({.price_limit = Wei{0}});
    must_add(make_tx(0, 0, {.value = 400}));
    must_add(make_tx(0, 1, {.value = 700}));
    const auto change = chain.mine({});
    const std::uint64_t fees = 42'000 * test::kBaseFee;
    chain.at(0).balance = Wei{2 * fees + 1099};
    move(change);
    const auto entries = pool->content_of(test::address_of(0));
    ASSERT_EQ(entries.size(), 2u);
    EXPECT_EQ(entries[0].reason, WaitReason::None);
    EXPECT_EQ(entries[1].reason, WaitReason::BalanceShort);
    EXPECT_EQ(entries[1].text,
              "insufficient funds: balance 84000000001099, cost up to here 84000000001100");
}

TEST(PoolViews, blob_fees_are_looked_at) {
    PoolHead head;
    head.blob_base_fee = Wei{8};
    Transaction fields = test::make_fields(0, 0);
    fields.type = TxType::Blob;
    fields.max_fee_per_blob_gas = Wei{7};
    SenderQueue queue{PoolAccount{.balance = Wei{1000}}};
    queue.insert(std::make_shared<PoolTx>(PoolTx{
        .tx = test::with_sender(0, fields).tx, .sidecar = {}, .authorities = {}, .cost = {}}));
    const auto entries = explain(queue, head);
    EXPECT_EQ(entries[0].reason, WaitReason::BlobFeeCapBelowBlobFee);
    EXPECT_EQ(entries[0].text, "blob fee cap below blob base fee: blob fee cap 7, blob base fee 8");
    head.blob_base_fee = Wei{7};
    EXPECT_EQ(explain(queue, head)[0].reason, WaitReason::None);
}

TEST(PoolViews, drop_reasons_have_words_of_their_own) {
    std::set<std::string_view> words;
    for (std::size_t i = 0; i < kDropReasonCount; ++i)
        words.insert(to_string(static_cast<DropReason>(i)));
    EXPECT_EQ(words.size(), kDropReasonCount);
    EXPECT_FALSE(words.contains("unknown"));
}

}  // namespace
}  // namespace cairn::chain
