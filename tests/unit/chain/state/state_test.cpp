// SPDX-License-Identifier: MIT
#include "chain/state/state.hpp"

#include <gtest/gtest.h>

#include <random>

#include "chain/state/memory_state.hpp"
#include "tests/support/state_model.hpp"

namespace cairn::chain {
namespace {

constexpr Address kA{{0xaa}};
constexpr Address kB{{0xbb}};
constexpr Address kRipemd{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3}};
constexpr Uint256 kKey{1};

class StateTest : public testing::Test {
  protected:
    StateTest() {
        base.set_account(kA, 1, Wei{100}, Bytes{0x00});
        base.set_storage(kA, kKey, Uint256{7});
    }
    MemoryState base;
    State state{base};
};

TEST_F(StateTest, reads_through_to_the_base) {
    EXPECT_TRUE(state.exists(kA));
    EXPECT_EQ(state.nonce(kA), 1u);
    EXPECT_EQ(state.balance(kA), Wei{100});
    EXPECT_EQ(state.storage(kA, kKey), Uint256{7});
    EXPECT_TRUE(equal(state.code(kA), Bytes{0x00}));
    EXPECT_FALSE(state.exists(kB));
    EXPECT_TRUE(state.is_empty(kB));
    EXPECT_EQ(state.code_hash(kB), kEmptyCodeHash);
    EXPECT_TRUE(state.take_diff().is_empty());
}

TEST_F(StateTest, revert_undoes_to_the_snapshot_and_no_further) {
    state.add_balance(kA, Wei{1});
    const auto outer = state.snapshot();
    state.set_nonce(kA, 9);
    const auto inner = state.snapshot();
    state.set_storage(kA, kKey, Uint256{8});
    state.set_code(kB, Bytes{1, 2});
    state.add_log(kA, {}, Bytes{1});
    state.revert(inner);
    EXPECT_EQ(state.storage(kA, kKey), Uint256{7});
    EXPECT_FALSE(state.exists(kB));
    EXPECT_TRUE(state.logs().empty());
    EXPECT_EQ(state.nonce(kA), 9u);
    state.revert(outer);
    EXPECT_EQ(state.nonce(kA), 1u);
    EXPECT_EQ(state.balance(kA), Wei{101});
}

// EIP-2200: the original value is the one before the transaction, not before the last write.
TEST_F(StateTest, original_value_moves_with_the_transaction) {
    state.set_storage(kA, kKey, Uint256{8});
    auto before = state.set_storage(kA, kKey, Uint256{9});
    EXPECT_EQ(before.original, Uint256{7});
    EXPECT_EQ(before.current, Uint256{8});
    state.finalise_transaction(EmptyAccounts::Delete);
    before = state.set_storage(kA, kKey, Uint256{10});
    EXPECT_EQ(before.original, Uint256{9});
    EXPECT_EQ(before.current, Uint256{9});
}

// EIP-1153: gone with the transaction, undone with the frame.
TEST_F(StateTest, transient_storage_ends_with_the_transaction) {
    const auto snapshot = state.snapshot();
    state.set_transient_storage(kA, kKey, Uint256{5});
    EXPECT_EQ(state.transient_storage(kA, kKey), Uint256{5});
    EXPECT_EQ(state.transient_storage(kB, kKey), Uint256{});
    state.revert(snapshot);
    EXPECT_EQ(state.transient_storage(kA, kKey), Uint256{});
    state.set_transient_storage(kA, kKey, Uint256{6});
    state.finalise_transaction(EmptyAccounts::Delete);
    EXPECT_EQ(state.transient_storage(kA, kKey), Uint256{});
    EXPECT_TRUE(state.take_diff().is_empty());
}

// EIP-2929: warm once accessed, cold again when the frame is undone and in the next transaction.
TEST_F(StateTest, warmth_is_undone_and_ends) {
    EXPECT_TRUE(state.access_account(kB));
    EXPECT_FALSE(state.access_account(kB));
    const auto snapshot = state.snapshot();
    EXPECT_TRUE(state.access_account(kA));
    EXPECT_TRUE(state.access_storage(kA, kKey));
    EXPECT_FALSE(state.access_storage(kA, kKey));
    state.revert(snapshot);
    EXPECT_TRUE(state.access_storage(kA, kKey));
    EXPECT_TRUE(state.access_account(kA));
    EXPECT_FALSE(state.access_account(kB));
    state.finalise_transaction(EmptyAccounts::Delete);
    EXPECT_TRUE(state.access_account(kB));
    EXPECT_TRUE(state.access_storage(kA, kKey));
}

TEST_F(StateTest, touched_empty_account_vanishes_only_where_the_rules_say) {
    state.touch(kB);
    EXPECT_TRUE(state.exists(kB));
    state.finalise_transaction(EmptyAccounts::Keep);
    EXPECT_TRUE(state.exists(kB));
    // Not touched in this transaction: it stays (EIP-161 clears what is touched).
    state.finalise_transaction(EmptyAccounts::Delete);
    EXPECT_TRUE(state.exists(kB));
    state.touch(kB);
    state.finalise_transaction(EmptyAccounts::Delete);
    EXPECT_FALSE(state.exists(kB));
}

TEST_F(StateTest, undone_touch_does_not_clear) {
    base.set_account(kB, 0, Wei{});
    base.set_account(kRipemd, 0, Wei{});
    state.reset(base);
    const auto snapshot = state.snapshot();
    state.touch(kB);
    state.touch(kRipemd);
    state.revert(snapshot);
    state.finalise_transaction(EmptyAccounts::Delete);
    EXPECT_TRUE(state.exists(kB));
    // The one touch that outlives its frame (Yellow Paper, appendix K.1).
    EXPECT_FALSE(state.exists(kRipemd));
}

TEST_F(StateTest, destroyed_account_loses_slots_never_read) {
    base.set_storage(kA, Uint256{2}, Uint256{22});
    (void)state.storage(kA, kKey);
    EXPECT_TRUE(state.mark_destructed(kA));
    EXPECT_FALSE(state.mark_destructed(kA));
    // Until the end of the transaction it is all there.
    EXPECT_EQ(state.storage(kA, kKey), Uint256{7});
    state.finalise_transaction(EmptyAccounts::Delete);
    EXPECT_FALSE(state.exists(kA));
    EXPECT_EQ(state.storage(kA, kKey), Uint256{});
    EXPECT_EQ(state.storage(kA, Uint256{2}), Uint256{});
    EXPECT_FALSE(state.has_storage(kA));

    const auto diff = state.take_diff();
    ASSERT_EQ(diff.accounts.size(), 1u);
    EXPECT_FALSE(diff.accounts[0].after.has_value());
    ASSERT_EQ(diff.storage.size(), 2u);
    EXPECT_EQ(diff.storage[0], (StorageChange{kA, Uint256{1}, Uint256{7}, Uint256{}}));
    EXPECT_EQ(diff.storage[1], (StorageChange{kA, Uint256{2}, Uint256{22}, Uint256{}}));
}

TEST_F(StateTest, destroyed_and_made_again_starts_with_empty_storage) {
    state.mark_destructed(kA);
    state.finalise_transaction(EmptyAccounts::Delete);
    state.mark_created(kA);
    EXPECT_EQ(state.storage(kA, kKey), Uint256{});
    state.set_storage(kA, kKey, Uint256{7});
    state.set_nonce(kA, 1);
    state.finalise_transaction(EmptyAccounts::Delete);
    const auto diff = state.take_diff();
    // The slot ends as it began and is no change; the account lost balance and code.
    EXPECT_TRUE(diff.storage.empty());
    ASSERT_EQ(diff.accounts.size(), 1u);
    EXPECT_EQ(diff.accounts[0].after, (AccountRecord{1, Wei{}}));
}

TEST_F(StateTest, has_storage_sees_base_and_changes) {
    EXPECT_TRUE(state.has_storage(kA));
    EXPECT_FALSE(state.has_storage(kB));
    state.set_storage(kA, kKey, Uint256{});
    EXPECT_FALSE(state.has_storage(kA));
    state.set_storage(kA, Uint256{5}, Uint256{1});
    EXPECT_TRUE(state.has_storage(kA));
}

TEST_F(StateTest, diff_names_code_and_sorts) {
    state.set_code(kB, Bytes{1, 2, 3});
    state.set_storage(kB, Uint256{2}, Uint256{1});
    state.set_storage(kB, Uint256{0, 0, 0, 1}, Uint256{1});
    state.set_storage(kB, Uint256{1}, Uint256{1});
    state.add_balance(kA, Wei{1});
    state.finalise_transaction(EmptyAccounts::Delete);
    const auto diff = state.take_diff();
    ASSERT_EQ(diff.accounts.size(), 2u);
    EXPECT_EQ(diff.accounts[0].address, kA);
    EXPECT_EQ(diff.accounts[1].address, kB);
    ASSERT_EQ(diff.storage.size(), 3u);
    EXPECT_EQ(diff.storage[0].key, Uint256{1});
    EXPECT_EQ(diff.storage[1].key, Uint256{2});
    EXPECT_EQ(diff.storage[2].key, (Uint256{0, 0, 0, 1}));
    ASSERT_EQ(diff.codes.size(), 1u);
    EXPECT_EQ(*diff.codes[0].code, (Bytes{1, 2, 3}));
    // Told once.
    EXPECT_TRUE(state.take_diff().is_empty());
}

TEST_F(StateTest, written_and_undone_is_no_change) {
    const auto snapshot = state.snapshot();
    state.set_storage(kA, kKey, Uint256{8});
    state.add_balance(kB, Wei{5});
    state.revert(snapshot);
    state.finalise_transaction(EmptyAccounts::Delete);
    EXPECT_TRUE(state.take_diff().is_empty());
}

TEST_F(StateTest, logs_outlive_finalisation_until_taken) {
    const Hash256 topic{{1}};
    state.add_log(kA, {&topic, 1}, Bytes{9});
    state.finalise_transaction(EmptyAccounts::Delete);
    const auto logs = state.take_logs();
    ASSERT_EQ(logs.size(), 1u);
    EXPECT_EQ(logs[0], (Log{kA, {topic}, Bytes{9}}));
    EXPECT_TRUE(state.logs().empty());
}

TEST_F(StateTest, reset_forgets_everything) {
    state.set_storage(kA, kKey, Uint256{8});
    state.set_code(kB, Bytes{1});
    MemoryState other;
    other.set_account(kB, 4, Wei{4});
    state.reset(other);
    EXPECT_FALSE(state.exists(kA));
    EXPECT_EQ(state.storage(kA, kKey), Uint256{});
    EXPECT_EQ(state.nonce(kB), 4u);
    EXPECT_TRUE(state.code(kB).empty());
    EXPECT_TRUE(state.take_diff().is_empty());
}

TEST_F(StateTest, balance_wraps) {
    state.add_balance(kB, Uint256::max());
    state.add_balance(kB, Wei{2});
    EXPECT_EQ(state.balance(kB), Wei{1});
}

TEST(StateDeathTest, overdraft_is_our_mistake) {
    MemoryState base;
    base.set_account(kA, 0, Wei{1});
    State state{base};
    EXPECT_DEATH(state.subtract_balance(kA, Wei{2}), "balance >= amount");
}

TEST(StateAgainstModel, random_operations_agree) {
    for (std::uint32_t seed = 0; seed < 3000; ++seed) {
        std::mt19937 random{seed};
        Bytes input(20 + seed % 600);
        for (auto& byte : input) byte = static_cast<std::uint8_t>(random());
        test::StateDrive drive{input};
        ASSERT_EQ(drive.run(), "") << "seed " << seed;
    }
}

}  // namespace
}  // namespace cairn::chain
