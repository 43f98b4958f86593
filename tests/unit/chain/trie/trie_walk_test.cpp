// SPDX-License-Identifier: MIT
#include "chain/trie/trie_walk.hpp"

#include <gtest/gtest.h>

#include "tests/support/trie_entries.hpp"

namespace cairn::chain::test {
namespace {

using cairn::test::crowded_key;
using cairn::test::PlainEntries;
using cairn::test::random_value;
using cairn::test::rows_of;
using cairn::test::store_of;
using cairn::test::TrieRows;

using Found = Result<std::optional<TrieEntry>, TrieError>;

void expect_entry(const Found& found, const PlainEntries& entries,
                  PlainEntries::const_iterator want) {
    ASSERT_TRUE(found.has_value());
    ASSERT_EQ(found->has_value(), want != entries.end());
    if (!found->has_value()) return;
    EXPECT_EQ((*found)->key, Nibbles::from_key(want->first));
    EXPECT_EQ((*found)->value, want->second);
}

TEST(TrieWalk, an_empty_trie_has_no_entries) {
    const MemoryNodeStore store;
    EXPECT_FALSE(find_first(store, std::nullopt)->has_value());
    EXPECT_FALSE(find_next(store, std::nullopt, {})->has_value());
    EXPECT_FALSE(
        find_previous(store, std::nullopt, Nibbles::from_key(Bytes(32, 0xff)))->has_value());
}

TEST(TrieWalk, neighbours_are_those_of_a_sorted_map) {
    std::mt19937_64 random{21};
    for (int round = 0; round < 40; ++round) {
        PlainEntries entries;
        const std::size_t key_size = round % 2 == 0 ? 0 : 4;
        for (int i = 0; i < 40; ++i)
            entries[crowded_key(random, key_size == 0 ? random() % 6 : key_size)] =
                random_value(random, 50);
        const TrieRows rows = rows_of(entries);
        const MemoryNodeStore store = store_of(rows);
        expect_entry(find_first(store, std::nullopt), entries, entries.begin());
        for (int probe = 0; probe < 100; ++probe) {
            const Bytes key = crowded_key(random, random() % 6);
            const Nibbles path = Nibbles::from_key(key);
            expect_entry(find_next(store, std::nullopt, path), entries, entries.upper_bound(key));
            const auto at = entries.lower_bound(key);
            expect_entry(find_previous(store, std::nullopt, path), entries,
                         at == entries.begin() ? entries.end() : std::prev(at));
        }
    }
}

TEST(TrieWalk, a_broken_store_is_a_typed_error) {
    std::mt19937_64 random{22};
    PlainEntries entries;
    while (entries.size() < 60) entries[crowded_key(random, 8)] = random_value(random, 60);
    const TrieRows rows = rows_of(entries);
    for (const auto& [path, encoding] : rows) {
        if (path.size == 0) continue;
        // Everything below `path` begins with it, so the first key of all at or above it lies
        // there.
        MemoryNodeStore store = store_of(rows);
        store.put(std::nullopt, path, {});
        Found found = find_first(store, std::nullopt);
        while (found && *found) found = find_next(store, std::nullopt, (*found)->key);
        ASSERT_FALSE(found.has_value());
        EXPECT_EQ(found.error(), TrieError::MissingNode);
        store.put(std::nullopt, path, Bytes{0xc0});
        found = find_first(store, std::nullopt);
        while (found && *found) found = find_next(store, std::nullopt, (*found)->key);
        ASSERT_FALSE(found.has_value());
        EXPECT_EQ(found.error(), TrieError::MalformedNode);
    }
}

}  // namespace
}  // namespace cairn::chain::test
