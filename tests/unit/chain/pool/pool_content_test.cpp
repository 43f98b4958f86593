// SPDX-License-Identifier: MIT
#include "chain/pool/pool_content.hpp"

#include <gtest/gtest.h>

#include <map>

#include "tests/unit/chain/pool/pool_fixture.hpp"

namespace cairn::chain {
namespace {

using test::address_of;

class PoolContentTest : public testing::Test {
protected:
    struct Shape {
        std::uint64_t tip = 1000;
        Origin origin = Origin::Peer;
        UnixSeconds added_at = 0;
        std::size_t size = 100;
    };
    PoolTxPtr put(std::uint32_t sender, std::uint64_t nonce, const Shape& shape) {
        auto tx = std::make_shared<PoolTx>(
            PoolTx{.tx = test::make_tx(sender, nonce, {.tip = shape.tip}).tx,
                   .sidecar = {},
                   .authorities = {},
                   .cost = Wei{1},
                   .size = shape.size,
                   .origin = shape.origin,
                   .added_at = shape.added_at,
                   .sequence = ++sequence});
        content.insert(tx, {});
        EXPECT_TRUE(content.is_consistent());
        return tx;
    }
    PoolTxPtr put(std::uint32_t sender, std::uint64_t nonce) { return put(sender, nonce, Shape{}); }
    [[nodiscard]] std::size_t pending_of(std::uint32_t sender) const {
        const SenderQueue* queue = content.find_queue(address_of(sender));
        return queue == nullptr ? 0 : queue->pending_size();
    }
    [[nodiscard]] std::size_t queued_of(std::uint32_t sender) const {
        const SenderQueue* queue = content.find_queue(address_of(sender));
        return queue == nullptr ? 0 : queue->queued_size();
    }

    std::uint64_t sequence = 0;
    /// Begins anew with these limits.
    void limit(const PoolOptions& options) { content = PoolContent{options}; }

    PoolContent content{PoolOptions{}};
};

TEST_F(PoolContentTest, counts_what_it_holds) {
    put(0, 0);
    put(0, 2);
    const auto large = put(1, 0, {.origin = Origin::Local, .size = kTxSlotBytes + 1});
    EXPECT_EQ(content.size(), 3u);
    EXPECT_EQ(content.pending_size(), 2u);
    EXPECT_EQ(content.queued_size(), 1u);
    EXPECT_EQ(content.slots(), 4u);
    EXPECT_EQ(content.local_size(), 1u);
    content.erase(*large);
    EXPECT_EQ(content.slots(), 2u);
    EXPECT_EQ(content.find_queue(address_of(1)), nullptr);
    EXPECT_TRUE(content.is_consistent());
}

TEST_F(PoolContentTest, tells_what_became_executable) {
    put(0, 1);
    put(0, 2);
    put(0, 4);
    auto tx = std::make_shared<PoolTx>(PoolTx{
        .tx = test::make_tx(0, 0).tx, .sidecar = {}, .authorities = {}, .cost = Wei{1}, .size = 1});
    const auto effects = content.insert(tx, {});
    ASSERT_EQ(effects.promoted.size(), 2u);
    EXPECT_EQ(effects.promoted[0]->nonce(), 1u);
    EXPECT_EQ(effects.promoted[1]->nonce(), 2u);
}

TEST_F(PoolContentTest, cheaper_ones_are_found_cheapest_first) {
    put(0, 0, {.tip = 30});
    put(1, 0, {.tip = 10});
    put(2, 0, {.tip = 20});
    const auto found = content.find_cheaper(2, {true, Wei{30}}, nullptr);
    ASSERT_TRUE(found);
    ASSERT_EQ(found->size(), 2u);
    EXPECT_EQ((*found)[0]->sender(), address_of(1));
    EXPECT_EQ((*found)[1]->sender(), address_of(2));
    EXPECT_FALSE(content.find_cheaper(3, {true, Wei{30}}, nullptr));
    EXPECT_TRUE(content.find_cheaper(3, {true, Wei{31}}, nullptr));
}

TEST_F(PoolContentTest, cheaper_ones_leave_out_locals_and_the_exception) {
    put(0, 0, {.tip = 1, .origin = Origin::Local});
    const auto exception = put(1, 0, {.tip = 2});
    put(2, 0, {.tip = 3});
    const auto found = content.find_cheaper(1, {true, Wei{100}}, exception.get());
    ASSERT_TRUE(found);
    EXPECT_EQ(found->front()->sender(), address_of(2));
    EXPECT_FALSE(content.find_cheaper(2, {true, Wei{100}}, exception.get()));
}

TEST_F(PoolContentTest, cheaper_ones_count_slots) {
    put(0, 0, {.tip = 1, .size = 3 * kTxSlotBytes});
    put(1, 0, {.tip = 2});
    const auto found = content.find_cheaper(3, {true, Wei{100}}, nullptr);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->size(), 1u);
}

TEST_F(PoolContentTest, pending_is_cut_from_the_largest_account_down) {
    limit({.account_slots = 2, .global_slots = 8});
    for (std::uint64_t nonce = 0; nonce < 8; ++nonce) put(0, nonce);
    for (std::uint64_t nonce = 0; nonce < 5; ++nonce) put(1, nonce);
    for (std::uint64_t nonce = 0; nonce < 2; ++nonce) put(2, nonce);
    const auto gone = content.truncate_pending();
    EXPECT_EQ(gone.size(), 7u);
    EXPECT_EQ(pending_of(0), 3u);
    EXPECT_EQ(pending_of(1), 3u);
    EXPECT_EQ(pending_of(2), 2u);
    EXPECT_TRUE(content.is_consistent());
}

TEST_F(PoolContentTest, nobody_is_cut_below_the_accounts_guarantee) {
    const std::pair<std::size_t, std::size_t> guarantees_and_cuts[] = {{2, 0}, {1, 5}, {0, 7}};
    for (const auto& [guarantee, cut] : guarantees_and_cuts) {
        limit({.account_slots = guarantee, .global_slots = 3});
        for (std::uint32_t sender = 0; sender < 5; ++sender)
            for (std::uint64_t nonce = 0; nonce < 2; ++nonce) put(sender, nonce);
        EXPECT_EQ(content.truncate_pending().size(), cut);
        EXPECT_TRUE(content.is_consistent());
    }
}

TEST_F(PoolContentTest, locals_are_not_cut) {
    limit({.account_slots = 1, .global_slots = 2});
    for (std::uint64_t nonce = 0; nonce < 8; ++nonce) put(0, nonce, {.origin = Origin::Local});
    put(1, 0);
    EXPECT_TRUE(content.truncate_pending().empty());
}

TEST_F(PoolContentTest, queued_is_cut_from_the_quietest_sender) {
    limit({.global_queue = 4});
    for (std::uint64_t nonce = 1; nonce < 4; ++nonce) put(0, nonce, {.added_at = 30});
    for (std::uint64_t nonce = 1; nonce < 4; ++nonce) put(1, nonce, {.added_at = 10});
    for (std::uint64_t nonce = 1; nonce < 4; ++nonce)
        put(2, nonce, {.origin = Origin::Local, .added_at = 5});
    const auto gone = content.truncate_queued();
    ASSERT_EQ(gone.size(), 5u);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(gone[i]->sender(), address_of(1));
        EXPECT_EQ(gone[i]->nonce(), 3 - i);
    }
    EXPECT_EQ(gone[3]->sender(), address_of(0));
    EXPECT_EQ(queued_of(2), 3u);
    EXPECT_EQ(queued_of(0), 1u);
    EXPECT_TRUE(content.truncate_queued().empty());
}

TEST_F(PoolContentTest, an_accounts_queue_is_capped_from_its_end) {
    limit({.account_queue = 3});
    for (std::uint64_t nonce = 1; nonce < 4; ++nonce) put(0, nonce);
    EXPECT_TRUE(content.cap_queue(address_of(0)).empty());
    for (std::uint64_t nonce = 4; nonce < 6; ++nonce) put(0, nonce);
    const auto gone = content.cap_queue(address_of(0));
    ASSERT_EQ(gone.size(), 2u);
    EXPECT_EQ(gone[0]->nonce(), 5u);
    EXPECT_EQ(gone[1]->nonce(), 4u);
    EXPECT_TRUE(content.cap_queue(address_of(9)).empty());
}

TEST_F(PoolContentTest, room_in_a_queue_is_for_the_nearest_nonces) {
    limit({.account_queue = 2});
    EXPECT_TRUE(content.has_queue_room(address_of(0), 9));
    put(0, 3);
    EXPECT_TRUE(content.has_queue_room(address_of(0), 9));
    put(0, 5);
    EXPECT_FALSE(content.has_queue_room(address_of(0), 6));
    EXPECT_TRUE(content.has_queue_room(address_of(0), 4));
    put(0, 7, {.origin = Origin::Local});
    EXPECT_FALSE(content.has_queue_room(address_of(0), 6));
    limit({.account_queue = 0});
    EXPECT_FALSE(content.has_queue_room(address_of(0), 1));
}

TEST_F(PoolContentTest, what_waits_expires_and_what_is_executable_does_not) {
    put(0, 0, {.added_at = 10});
    put(0, 2, {.added_at = 10});
    put(1, 1, {.added_at = 20});
    put(2, 1, {.origin = Origin::Local, .added_at = 10});
    EXPECT_TRUE(content.expire(10).empty());
    const auto gone = content.expire(11);
    ASSERT_EQ(gone.size(), 1u);
    EXPECT_EQ(gone[0]->sender(), address_of(0));
    EXPECT_EQ(gone[0]->nonce(), 2u);
    EXPECT_EQ(content.size(), 3u);
    EXPECT_TRUE(content.is_consistent());
}

TEST_F(PoolContentTest, a_new_one_of_the_sender_puts_expiry_off) {
    put(0, 2, {.added_at = 10});
    put(0, 3, {.added_at = 20});
    EXPECT_TRUE(content.expire(15).empty());
    EXPECT_EQ(content.expire(21).size(), 2u);
    EXPECT_EQ(content.size(), 0u);
}

}  // namespace
}  // namespace cairn::chain
