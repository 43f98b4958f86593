// SPDX-License-Identifier: MIT
#include "chain/import/intermediate_root.hpp"

#include <gtest/gtest.h>

#include <random>

#include "tests/support/block_factory.hpp"

namespace cairn::test {
namespace {

/// Tries of a state, as rows in memory.
chain::MemoryNodeStore tries_of(const chain::MemoryState& state) {
    chain::MemoryNodeStore tries;
    std::vector<std::vector<chain::SlotEdit>> slots;
    std::vector<chain::AccountEdit> edits;
    slots.reserve(state.accounts().size());
    for (const auto& [address, account] : state.accounts()) {
        auto& own = slots.emplace_back();
        for (const auto& [key, value] : account.storage) own.push_back({key, value});
        chain::AccountEdit edit;
        edit.address = address;
        edit.fields = chain::AccountEdit::Fields{account.record.nonce, account.record.balance,
                                                 account.record.code_hash};
        edit.slots = own;
        edits.push_back(edit);
    }
    chain::StateTrieChanges changes;
    EXPECT_TRUE(chain::update_state_root(tries, edits, changes));
    tries.apply({}, changes.accounts);
    for (const auto& storage : changes.storages) tries.apply(storage.owner, storage.rows);
    return tries;
}

TEST(IntermediateRoots, each_is_the_root_of_the_whole_state_at_that_moment) {
    for (unsigned seed = 0; seed < 20; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937 random{seed};
        const auto address = [&] { return TestKey{1 + random() % 12}.address; };
        chain::MemoryState model;
        for (std::uint64_t i = 1; i <= 6; ++i) {
            model.set_account(TestKey{i}.address, 1, Wei{1000});
            for (std::uint64_t slot = 0; slot < 5; ++slot)
                model.set_storage(TestKey{i}.address, Uint256{slot}, Uint256{random()});
        }
        const auto tries = tries_of(model);
        const chain::MemoryState before = model;
        chain::State state{before};
        chain::IntermediateRoots roots{tries};
        for (int tx = 0; tx < 12; ++tx) {
            state.begin_transaction();
            for (int change = 0; change < 6; ++change) {
                const Address at = address();
                switch (random() % 4) {
                    case 0: state.add_balance(at, Wei{random() % 100}); break;
                    case 1: state.set_nonce(at, random() % 9); break;
                    case 2:
                        // Only accounts with a nonce, so that none of them vanishes as empty.
                        state.set_nonce(at, 5);
                        state.set_storage(at, Uint256{random() % 7}, Uint256{random() % 2});
                        break;
                    default: state.mark_destructed(at); break;
                }
            }
            state.finalise_transaction(chain::EmptyAccounts::Keep);
            const Hash256 root = roots.root_of(state);
            chain::MemoryState now = before;
            now.apply(roots.taken());
            EXPECT_EQ(root, root_of(now)) << "after transaction " << tx;
        }
        chain::MemoryState after = before;
        after.apply(roots.take_diff(state));
        for (std::uint64_t i = 1; i <= 12; ++i) {
            const Address at = TestKey{i}.address;
            EXPECT_EQ(after.account(at).has_value(), state.exists(at));
            if (after.account(at)) {
                EXPECT_EQ(after.account(at)->balance, state.balance(at));
            }
        }
    }
}

}  // namespace
}  // namespace cairn::test
