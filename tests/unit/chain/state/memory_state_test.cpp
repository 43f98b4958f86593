// SPDX-License-Identifier: MIT
#include "chain/state/memory_state.hpp"

#include <gtest/gtest.h>

#include "core/crypto/keccak.hpp"

namespace cairn::chain {
namespace {

constexpr Address kA{{1}};
constexpr Address kB{{2}};

TEST(MemoryState, absent_is_nothing_and_zero) {
    const MemoryState state;
    EXPECT_FALSE(state.account(kA).has_value());
    EXPECT_EQ(state.storage(kA, Uint256{1}), Uint256{});
    state.visit_storage(kA, [](const Uint256&, const Uint256&) {
        ADD_FAILURE() << "nothing to visit";
        return true;
    });
}

TEST(MemoryState, account_with_code_reads_back) {
    MemoryState state;
    state.set_account(kA, 3, Wei{5}, Bytes{0x60, 0x01});
    const auto record = state.account(kA);
    ASSERT_TRUE(record.has_value());
    EXPECT_EQ(record->nonce, 3u);
    EXPECT_EQ(record->balance, Wei{5});
    EXPECT_EQ(record->code_hash, keccak256(Bytes{0x60, 0x01}).as<CodeHash>());
    EXPECT_EQ(*state.code(record->code_hash), (Bytes{0x60, 0x01}));
}

TEST(MemoryState, writing_zero_removes_the_slot) {
    MemoryState state;
    state.set_account(kA, 0, Wei{});
    state.set_storage(kA, Uint256{1}, Uint256{2});
    state.set_storage(kA, Uint256{3}, Uint256{4});
    state.set_storage(kA, Uint256{1}, Uint256{});
    EXPECT_EQ(state.accounts().at(kA).storage.size(), 1u);
    EXPECT_EQ(state.storage(kA, Uint256{3}), Uint256{4});
}

TEST(MemoryState, visitor_can_stop) {
    MemoryState state;
    state.set_account(kA, 0, Wei{});
    for (std::uint64_t i = 1; i < 5; ++i) state.set_storage(kA, Uint256{i}, Uint256{i});
    int seen = 0;
    state.visit_storage(kA, [&](const Uint256& key, const Uint256& value) {
        EXPECT_EQ(key, value);
        return ++seen < 2;
    });
    EXPECT_EQ(seen, 2);
}

TEST(MemoryState, applies_and_undoes_a_diff) {
    MemoryState state;
    state.set_account(kA, 1, Wei{1});
    state.set_storage(kA, Uint256{1}, Uint256{10});
    StateDiff diff;
    diff.accounts.push_back({kA, AccountRecord{1, Wei{1}}, std::nullopt});
    diff.accounts.push_back({kB, std::nullopt, AccountRecord{7, Wei{8}}});
    diff.storage.push_back({kA, Uint256{1}, Uint256{10}, Uint256{}});
    diff.storage.push_back({kB, Uint256{2}, Uint256{}, Uint256{20}});
    state.apply(diff);
    EXPECT_FALSE(state.account(kA).has_value());
    EXPECT_EQ(state.account(kB)->nonce, 7u);
    EXPECT_EQ(state.storage(kB, Uint256{2}), Uint256{20});
    state.apply(inverse(diff));
    EXPECT_FALSE(state.account(kB).has_value());
    EXPECT_EQ(state.account(kA)->balance, Wei{1});
    EXPECT_EQ(state.storage(kA, Uint256{1}), Uint256{10});
}

TEST(MemoryStateDeathTest, diff_of_another_state_is_found_out) {
    MemoryState state;
    state.set_account(kA, 1, Wei{1});
    StateDiff diff;
    diff.accounts.push_back({kA, AccountRecord{2, Wei{1}}, AccountRecord{3, Wei{1}}});
    EXPECT_DEATH(state.apply(diff), "before");
}

}  // namespace
}  // namespace cairn::chain
