// SPDX-License-Identifier: MIT
#include "chain/trie/proof.hpp"

#include <gtest/gtest.h>

#include "chain/trie/state_root.hpp"
#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "tests/support/trie_entries.hpp"

namespace cairn::chain::test {
namespace {

using cairn::test::build_trie;
using cairn::test::crowded_key;
using cairn::test::PlainEntries;
using cairn::test::random_value;
using cairn::test::store_of;
using cairn::test::TrieRows;

struct Built {
    PlainEntries entries;
    MemoryNodeStore store;
    Hash256 root;
};

Built random_trie(std::uint64_t seed, std::size_t count, std::size_t key_size,
                  std::size_t value_max) {
    std::mt19937_64 random{seed};
    Built out;
    for (std::size_t i = 0; i < count; ++i)
        out.entries[crowded_key(random, key_size == 0 ? random() % 6 : key_size)] =
            random_value(random, value_max);
    TrieRows rows;
    out.root = build_trie(out.entries, &rows);
    out.store = store_of(rows);
    return out;
}

TEST(Proof, shows_what_is_there_and_what_is_not) {
    std::mt19937_64 random{41};
    for (int round = 0; round < 40; ++round) {
        const auto trie =
            random_trie(random(), 50, round % 2 == 0 ? 0 : 5, round % 3 == 0 ? 3 : 60);
        std::vector<Bytes> keys;
        for (const auto& [key, value] : trie.entries) keys.push_back(key);
        for (int i = 0; i < 50; ++i) keys.push_back(crowded_key(random, random() % 7));
        for (const auto& key : keys) {
            const auto path = Nibbles::from_key(key);
            const auto proof = make_proof(trie.store, std::nullopt, path);
            ASSERT_TRUE(proof.has_value());
            ASSERT_LE(proof->size(), kProofNodesMax);
            const auto value = verify_proof(trie.root, path, *proof);
            ASSERT_TRUE(value.has_value());
            const auto entry = trie.entries.find(key);
            ASSERT_EQ(value->has_value(), entry != trie.entries.end());
            if (value->has_value()) {
                EXPECT_TRUE(equal(**value, entry->second));
            }
        }
    }
}

TEST(Proof, of_an_empty_trie_is_empty) {
    const MemoryNodeStore store;
    const auto proof = make_proof(store, std::nullopt, Nibbles::from_key(Bytes{1}));
    ASSERT_TRUE(proof.has_value());
    EXPECT_TRUE(proof->empty());
    EXPECT_FALSE(verify_proof(kEmptyTrieRoot, {}, *proof)->has_value());
    // The other way to show it: its one node.
    const Proof empty_string{Bytes{0x80}};
    EXPECT_FALSE(verify_proof(kEmptyTrieRoot, {}, empty_string)->has_value());
    const Proof and_more{Bytes{0x80}, Bytes{0x80}};
    const auto extra = verify_proof(kEmptyTrieRoot, {}, and_more);
    ASSERT_FALSE(extra.has_value());
    EXPECT_EQ(extra.error(), ProofError::ExtraNode);
}

/// A long proof to break: more than two nodes.
struct LongProof {
    Built trie = random_trie(42, 4000, 8, 60);
    Nibbles key;
    Proof proof;
    LongProof() {
        for (const auto& [bytes, value] : trie.entries) {
            key = Nibbles::from_key(bytes);
            proof = *make_proof(trie.store, std::nullopt, key);
            if (proof.size() > 3) return;
        }
    }
};

ProofError error_of(const LongProof& p, const Proof& proof) {
    const auto value = verify_proof(p.trie.root, p.key, proof);
    EXPECT_FALSE(value.has_value());
    return value ? ProofError::BadValue : value.error();
}

TEST(Proof, each_way_to_be_wrong_has_its_error) {
    const LongProof p;
    ASSERT_GT(p.proof.size(), 3U);
    EXPECT_EQ(error_of(p, {}), ProofError::RootMismatch);
    const Hash256 other_root = Hash256::from(Bytes(32, 1));
    EXPECT_EQ(verify_proof(other_root, p.key, p.proof).error(), ProofError::RootMismatch);
    EXPECT_EQ(verify_proof(kEmptyTrieRoot, p.key, p.proof).error(), ProofError::RootMismatch);

    Proof shortened = p.proof;
    while (shortened.size() > 1) {
        shortened.pop_back();
        EXPECT_EQ(error_of(p, shortened), ProofError::MissingNode) << shortened.size();
    }
    Proof lengthened = p.proof;
    lengthened.push_back(p.proof.back());
    // The value was found before it.
    EXPECT_EQ(error_of(p, lengthened), ProofError::ExtraNode);
    Proof swapped = p.proof;
    std::swap(swapped[1], swapped[2]);
    EXPECT_EQ(error_of(p, swapped), ProofError::NodeMismatch);
    Proof without_middle = p.proof;
    without_middle.erase(without_middle.begin() + 1);
    EXPECT_EQ(error_of(p, without_middle), ProofError::NodeMismatch);

    const Bytes no_node{0xc0};
    EXPECT_EQ(verify_proof(keccak256(no_node), p.key, Proof{no_node}).error(),
              ProofError::MalformedNode);
}

TEST(Proof, every_changed_byte_is_found) {
    const LongProof p;
    for (std::size_t node = 0; node < p.proof.size(); ++node) {
        for (std::size_t at = 0; at < p.proof[node].size(); ++at) {
            Proof changed = p.proof;
            changed[node][at] ^= 1;
            EXPECT_EQ(error_of(p, changed),
                      node == 0 ? ProofError::RootMismatch : ProofError::NodeMismatch);
        }
        for (std::size_t size = 0; size < p.proof[node].size(); ++size) {
            Proof cut = p.proof;
            cut[node].resize(size);
            EXPECT_EQ(error_of(p, cut),
                      node == 0 ? ProofError::RootMismatch : ProofError::NodeMismatch);
        }
    }
}

TEST(Proof, of_another_key_proves_nothing_for_this_one) {
    const LongProof p;
    std::size_t tried = 0;
    for (const auto& [bytes, value] : p.trie.entries) {
        const auto key = Nibbles::from_key(bytes);
        if (key == p.key) continue;
        const auto found = verify_proof(p.trie.root, key, p.proof);
        // Either the nodes do not lead to this key's place or, never, they show its value.
        ASSERT_FALSE(found.has_value());
        ++tried;
    }
    EXPECT_GT(tried, 1000U);
}

TEST(Proof, a_broken_store_is_a_typed_error) {
    const LongProof p;
    MemoryNodeStore store = p.trie.store;
    Nibbles second = p.key.prefix(1);
    while (store.load(std::nullopt, second).empty()) second = p.key.prefix(second.size + 1u);
    store.put(std::nullopt, second, {});
    const auto missing = make_proof(store, std::nullopt, p.key);
    ASSERT_FALSE(missing.has_value());
    EXPECT_EQ(missing.error(), TrieError::MissingNode);
    store.put(std::nullopt, second, Bytes{0xc0});
    const auto malformed = make_proof(store, std::nullopt, p.key);
    ASSERT_FALSE(malformed.has_value());
    EXPECT_EQ(malformed.error(), TrieError::MalformedNode);
}

TEST(AccountProof, account_and_storage_are_shown_or_shown_absent) {
    MemoryNodeStore store;
    std::vector<AccountEdit> edits;
    std::vector<SlotEdit> slots;
    for (std::uint64_t i = 1; i < 50; ++i) slots.push_back({i, i * i});
    for (std::uint64_t i = 0; i < 200; ++i) {
        Address address;
        store_be64(address.data(), i);
        edits.push_back({address, AccountEdit::Fields{i, i + 1, kEmptyCodeHash}, false, {}});
    }
    edits[7].slots = slots;
    StateTrieChanges changes;
    const Hash256 root = *update_state_root(store, edits, changes);
    store.apply(std::nullopt, changes.accounts);
    for (const auto& storage : changes.storages) store.apply(storage.owner, storage.rows);

    const Address address = edits[7].address;
    const auto proof = make_proof(store, std::nullopt, account_key(address));
    const auto account = verify_account_proof(root, address, *proof);
    ASSERT_TRUE(account.has_value() && account->has_value());
    EXPECT_EQ((*account)->nonce, 7U);
    EXPECT_EQ((*account)->balance, Uint256{8});
    const TrieOwner owner = keccak256(address);
    EXPECT_EQ((*account)->storage_root, stored_root(store, owner));
    for (std::uint64_t i = 0; i < 60; ++i) {
        const auto slot_proof = make_proof(store, owner, storage_key(i));
        const auto value = verify_storage_proof((*account)->storage_root, i, *slot_proof);
        ASSERT_TRUE(value.has_value());
        EXPECT_EQ(*value, Uint256{i < 50 ? i * i : 0});
    }
    Address nobody;
    store_be64(nobody.data(), 1000);
    const auto absence = make_proof(store, std::nullopt, account_key(nobody));
    const auto nothing = verify_account_proof(root, nobody, *absence);
    ASSERT_TRUE(nothing.has_value());
    EXPECT_FALSE(nothing->has_value());
}

TEST(AccountProof, a_proven_value_of_another_kind_is_refused) {
    const Address address;
    const auto prove = [](const Nibbles& key, const Bytes& value) {
        TrieBuilder builder;
        Proof proof;
        builder.set_sink(
            [&](const Nibbles&, ByteView encoding) { proof.push_back(to_bytes(encoding)); });
        builder.add(key, value);
        const Hash256 root = builder.finish();
        return std::pair{root, proof};
    };
    const auto [root, proof] = prove(account_key(address), Bytes(70, 1));
    EXPECT_EQ(verify_account_proof(root, address, proof).error(), ProofError::BadValue);
    for (const char* value : {"80", "00", "8100", "820001", "c0", "0102"}) {
        const auto [slot_root, slot_proof] = prove(storage_key(3), from_hex(value).value());
        EXPECT_EQ(verify_storage_proof(slot_root, 3, slot_proof).error(), ProofError::BadValue)
            << value;
    }
    const auto [slot_root, slot_proof] = prove(storage_key(3), Bytes{0x05});
    EXPECT_EQ(*verify_storage_proof(slot_root, 3, slot_proof), Uint256{5});
}

}  // namespace
}  // namespace cairn::chain::test
