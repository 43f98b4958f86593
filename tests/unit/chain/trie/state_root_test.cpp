// SPDX-License-Identifier: MIT
#include "chain/trie/state_root.hpp"

#include <gtest/gtest.h>

#include "chain/trie/secure_key.hpp"
#include "core/base/hex.hpp"
#include "core/base/thread_pool.hpp"
#include "core/crypto/keccak.hpp"
#include "tests/support/trie_entries.hpp"

namespace cairn::chain::test {
namespace {

using cairn::test::PlainEntries;
using cairn::test::PlainTrie;

/// One account of the model.
struct ModelAccount {
    std::uint64_t nonce = 0;
    Wei balance;
    CodeHash code_hash = kEmptyCodeHash;
    std::map<Uint256, Uint256> storage;
};
using Model = std::map<Address, ModelAccount>;

Hash256 plain_storage_root(const std::map<Uint256, Uint256>& storage) {
    PlainEntries entries;
    for (const auto& [key, value] : storage) {
        if (value.is_zero()) continue;
        Bytes be(32);
        store_be256(be.data(), key);
        entries[to_bytes(keccak256(be))] = rlp_encode(value);
    }
    return PlainTrie::root(entries);
}

Hash256 plain_state_root(const Model& model) {
    PlainEntries entries;
    for (const auto& [address, a] : model)
        entries[to_bytes(keccak256(address))] =
            encode_account({a.nonce, a.balance, plain_storage_root(a.storage), a.code_hash});
    return PlainTrie::root(entries);
}

Hash256 built_state_root(const Model& model, const ParallelFor& parallel = {}) {
    StateRootBuilder builder;
    builder.reserve(model.size());
    for (const auto& [address, a] : model)
        builder.add(address, a.nonce, a.balance, a.code_hash, a.storage);
    return builder.root(parallel);
}

Address random_address(std::mt19937_64& random, std::size_t universe) {
    Address address;
    store_be64(address.data(), random() % universe);
    return address;
}

Uint256 random_word(std::mt19937_64& random) {
    const Uint256 wide{random(), random(), random(), random()};
    return wide >> (random() % 256);
}

ModelAccount random_account(std::mt19937_64& random) {
    ModelAccount a{random() % 3, random_word(random), kEmptyCodeHash, {}};
    if (random() % 2 == 0) a.code_hash.bytes[5] = static_cast<std::uint8_t>(random());
    if (random() % 2 == 0)
        for (std::size_t i = random() % 20; i-- > 0;)
            a.storage[random() % 40] = random() % 5 == 0 ? Uint256{} : random_word(random);
    return a;
}

TEST(StateRoot, no_accounts_have_the_empty_root) {
    EXPECT_EQ(StateRootBuilder{}.root(), kEmptyTrieRoot);
    EXPECT_EQ(storage_root({}), kEmptyTrieRoot);
    const std::vector<StorageSlot> zero{{1, 0}};
    EXPECT_EQ(storage_root(zero), kEmptyTrieRoot);
}

TEST(StateRoot, random_states_match_the_plain_trie) {
    std::mt19937_64 random{31};
    for (const std::size_t count : {1U, 2U, 3U, 20U, 33U, 300U}) {
        Model model;
        while (model.size() < count)
            model[random_address(random, 1U << 30)] = random_account(random);
        EXPECT_EQ(built_state_root(model), plain_state_root(model)) << count;
    }
}

TEST(StateRoot, threads_change_nothing) {
    ThreadPool pool{2};
    const ParallelFor spread = [&](std::size_t n, const std::function<void(std::size_t)>& job) {
        pool.parallel_for(n, job);
    };
    std::mt19937_64 random{32};
    for (const std::size_t count :
         {kParallelAccountsMin - 1, kParallelAccountsMin, std::size_t{5000}}) {
        Model model;
        while (model.size() < count)
            model[random_address(random, 1U << 30)].balance = random_word(random);
        const Hash256 want = built_state_root(model);
        EXPECT_EQ(built_state_root(model, spread), want);
        EXPECT_EQ(plain_state_root(model), want);
    }
}

TEST(StateRoot, sorted_hashes_are_those_of_the_keys) {
    std::mt19937_64 random{33};
    for (const std::size_t count : {0U, 1U, 31U, 32U, 33U, 64U, 65U, 1024U, 1025U, 70000U}) {
        std::vector<Uint256> slots(count);
        for (auto& slot : slots) slot = random_word(random);
        const auto keys = hash_slots(slots);
        ASSERT_EQ(keys.size(), count);
        for (std::size_t i = 0; i < count; ++i) {
            ASSERT_EQ(Nibbles::from_key(keys[i].hash), storage_key(slots[keys[i].index]));
            if (i > 0) {
                ASSERT_LE(keys[i - 1].hash, keys[i].hash);
            }
        }
    }
}

/// A block of changes to the model, and the same as edits.
struct Block {
    std::vector<AccountEdit> edits;
    std::vector<std::unique_ptr<std::vector<SlotEdit>>> slots;
};

Block random_block(std::mt19937_64& random, Model& model, std::size_t count, std::size_t universe) {
    Block block;
    std::map<Address, bool> done;
    for (std::size_t i = 0; i < count; ++i) {
        const Address address = random_address(random, universe);
        if (!done.emplace(address, true).second) continue;
        AccountEdit edit;
        edit.address = address;
        auto& slots = *block.slots.emplace_back(std::make_unique<std::vector<SlotEdit>>());
        if (random() % 5 == 0) {
            model.erase(address);
        } else {
            ModelAccount& a = model[address];
            a.nonce += random() % 2;
            a.balance = random_word(random);
            edit.is_storage_wiped = random() % 7 == 0;
            if (edit.is_storage_wiped) a.storage.clear();
            std::map<Uint256, Uint256> written;
            if (random() % 2 == 0)
                for (std::size_t n = random() % 12; n-- > 0;)
                    written[random() % 40] = random() % 3 == 0 ? Uint256{} : random_word(random);
            for (const auto& [key, value] : written) {
                slots.push_back({key, value});
                if (value.is_zero())
                    a.storage.erase(key);
                else
                    a.storage[key] = value;
            }
            edit.fields = AccountEdit::Fields{a.nonce, a.balance, a.code_hash};
        }
        edit.slots = slots;
        block.edits.push_back(edit);
    }
    return block;
}

void apply_changes(MemoryNodeStore& store, const StateTrieChanges& changes) {
    store.apply(std::nullopt, changes.accounts);
    for (const auto& storage : changes.storages) {
        if (storage.is_wiped) store.wipe(storage.owner);
        store.apply(storage.owner, storage.rows);
    }
}

void check_blocks(std::size_t blocks, std::size_t edits, std::size_t universe,
                  const ParallelFor& parallel) {
    std::mt19937_64 random{34};
    MemoryNodeStore store;
    Model model;
    for (std::size_t b = 0; b < blocks; ++b) {
        const Block block = random_block(random, model, edits, universe);
        StateTrieChanges changes;
        const auto root = update_state_root(store, block.edits, changes, parallel);
        ASSERT_TRUE(root.has_value());
        ASSERT_EQ(*root, built_state_root(model));
        apply_changes(store, changes);
        for (const auto& edit : block.edits) {
            const auto account = model.find(edit.address);
            ASSERT_EQ(stored_root(store, keccak256(edit.address)),
                      account == model.end() ? kEmptyTrieRoot
                                             : plain_storage_root(account->second.storage));
        }
    }
    EXPECT_EQ(built_state_root(model), plain_state_root(model));
}

TEST(UpdateStateRoot, blocks_of_changes_equal_a_fresh_build) {
    check_blocks(60, 12, 60, {});
}

TEST(UpdateStateRoot, large_blocks_on_threads_equal_a_fresh_build) {
    ThreadPool pool{2};
    check_blocks(8, 600, 2000, [&](std::size_t n, const std::function<void(std::size_t)>& job) {
        pool.parallel_for(n, job);
    });
}

TEST(UpdateStateRoot, an_account_keeps_its_storage_unless_it_is_wiped) {
    MemoryNodeStore store;
    Address address;
    const std::vector<SlotEdit> slots{{1, 7}, {2, 8}};
    StateTrieChanges changes;
    ASSERT_TRUE(update_state_root(
                    store, std::vector<AccountEdit>{{address, AccountEdit::Fields{}, false, slots}},
                    changes)
                    .has_value());
    apply_changes(store, changes);
    Model model{{address, {5, 9, kEmptyCodeHash, {{1, 7}, {2, 8}}}}};
    std::vector<AccountEdit> edit{{address, AccountEdit::Fields{5, 9, kEmptyCodeHash}, false, {}}};
    EXPECT_EQ(*update_state_root(store, edit, changes), plain_state_root(model));
    EXPECT_TRUE(changes.storages.empty());

    edit[0].is_storage_wiped = true;
    model[address].storage.clear();
    EXPECT_EQ(*update_state_root(store, edit, changes), plain_state_root(model));
    ASSERT_EQ(changes.storages.size(), 1U);
    EXPECT_TRUE(changes.storages[0].is_wiped);
    EXPECT_TRUE(changes.storages[0].rows.is_empty());
}

TEST(UpdateStateRoot, a_broken_storage_trie_is_a_typed_error) {
    MemoryNodeStore store;
    Address address;
    std::vector<SlotEdit> slots;
    for (std::uint64_t i = 0; i < 40; ++i) slots.push_back({i, i + 1000});
    const std::vector<AccountEdit> edit{{address, AccountEdit::Fields{}, false, slots}};
    StateTrieChanges changes;
    ASSERT_TRUE(update_state_root(store, edit, changes).has_value());
    apply_changes(store, changes);
    for (auto& slot : slots) slot.value = 5;
    const TrieOwner owner = keccak256(address);
    store.put(owner, {}, Bytes{0xc0});
    const auto malformed = update_state_root(store, edit, changes);
    ASSERT_FALSE(malformed.has_value());
    EXPECT_EQ(malformed.error(), TrieError::MalformedNode);
}

}  // namespace
}  // namespace cairn::chain::test
