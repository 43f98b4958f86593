// SPDX-License-Identifier: MIT
#include "chain/trie/trie_builder.hpp"

#include <gtest/gtest.h>

#include <array>
#include <set>

#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "core/types/account.hpp"
#include "tests/support/trie_entries.hpp"

namespace cairn::chain::test {
namespace {

using cairn::test::build_trie;
using cairn::test::crowded_key;
using cairn::test::PlainEntries;
using cairn::test::PlainTrie;
using cairn::test::random_value;
using cairn::test::TrieRows;

/// The rows must be the nodes of the plain trie that are hashed, and nothing else.
void expect_same_as_plain(const PlainEntries& entries) {
    TrieRows rows;
    std::map<Hash256, Bytes> nodes;
    ASSERT_EQ(build_trie(entries, &rows), PlainTrie::root(entries, &nodes));
    std::set<Bytes> have;
    for (const auto& [path, encoding] : rows) have.insert(encoding);
    std::set<Bytes> want;
    for (const auto& [hash, encoding] : nodes) want.insert(encoding);
    EXPECT_EQ(have, want);
}

TEST(TrieBuilder, nothing_has_the_empty_root) {
    TrieBuilder builder;
    EXPECT_EQ(builder.finish(), kEmptyTrieRoot);
    EXPECT_EQ(builder.finish(), kEmptyTrieRoot);
}

// ethereum/tests, TrieTests/trieanyorder.json, "dogs" and "singleItem".
TEST(TrieBuilder, published_roots) {
    const auto bytes = [](const char* t) { return to_bytes(as_bytes(t)); };
    EXPECT_EQ(to_hex(build_trie({{bytes("doe"), bytes("reindeer")},
                                 {bytes("dog"), bytes("puppy")},
                                 {bytes("dogglesworth"), bytes("cat")}})),
              "8aad789dff2f538bca5d8ea56e8abe10f4c7ba3a5dea95fea4cd6e7c3a1168d3");
    EXPECT_EQ(to_hex(build_trie({{bytes("A"), Bytes(50, 'a')}})),
              "d23786fb4a010da3ce639d66d5e904a11dbc02746d1ce25029e53290cabf28ab");
}

TEST(TrieBuilder, one_small_entry_is_hashed_all_the_same) {
    expect_same_as_plain({{Bytes{}, Bytes{1}}});
    expect_same_as_plain({{Bytes{0x12}, Bytes{1}}});
    expect_same_as_plain({{Bytes{0x12}, Bytes{1}}, {Bytes{0x13}, Bytes{1}}});
}

TEST(TrieBuilder, crowded_keys_of_any_length_match_the_plain_trie) {
    std::mt19937_64 random{1};
    for (int round = 0; round < 300; ++round) {
        PlainEntries entries;
        const std::size_t count = random() % 60;
        const std::size_t key_max = 1 + random() % 32;
        for (std::size_t i = 0; i < count; ++i)
            entries[crowded_key(random, random() % (key_max + 1))] =
                random_value(random, round % 2 == 0 ? 4 : 120);
        expect_same_as_plain(entries);
    }
}

TEST(TrieBuilder, more_entries_than_are_hashed_at_once_match_the_plain_trie) {
    std::mt19937_64 random{2};
    for (const std::size_t count : {511U, 512U, 513U, 514U, 1025U, 5000U}) {
        PlainEntries entries;
        while (entries.size() < count) entries[crowded_key(random, 32)] = random_value(random, 80);
        expect_same_as_plain(entries);
    }
}

TEST(TrieBuilder, values_beyond_any_buffer_match_the_plain_trie) {
    std::mt19937_64 random{3};
    PlainEntries entries;
    for (int i = 0; i < 12; ++i) entries[crowded_key(random, 4)] = random_value(random, 300000);
    expect_same_as_plain(entries);
}

TEST(TrieBuilder, subtrees_make_the_whole) {
    std::mt19937_64 random{4};
    for (const std::size_t count : {2U, 3U, 17U, 40U, 3000U}) {
        PlainEntries entries;
        entries[Bytes(32, 0x00)] = Bytes{1};
        entries[Bytes(32, 0xff)] = Bytes{2};
        while (entries.size() < count) {
            Bytes key(32);
            for (auto& b : key) b = static_cast<std::uint8_t>(random());
            entries[key] = random_value(random, 80);
        }
        std::array<NodeRef, 16> refs;
        std::array<const std::uint8_t*, 16> children{};
        TrieBuilder builder;
        auto entry = entries.begin();
        for (std::size_t n = 0; n < 16; ++n) {
            bool any = false;
            for (; entry != entries.end() && entry->first[0] >> 4 == n; ++entry, any = true)
                builder.add(Nibbles::from_key(entry->first), entry->second);
            if (!any) continue;
            refs[n] = builder.finish_subtree(1);
            children[n] = refs[n].data();
        }
        Bytes root(kBranchOverheadMax);
        const auto* end = write_branch(children, {}, root.data());
        EXPECT_EQ(keccak256({root.data(), static_cast<std::size_t>(end - root.data())}),
                  PlainTrie::root(entries));
    }
}

TEST(TrieBuilder, misuse_asserts) {
    TrieBuilder builder;
    EXPECT_DEATH((void)builder.finish_subtree(0), "");
    EXPECT_DEATH(builder.add({}, {}), "");
    builder.add(Nibbles::from_key(Bytes{2}), Bytes{1});
    EXPECT_DEATH(builder.add(Nibbles::from_key(Bytes{2}), Bytes{1}), "");
    EXPECT_DEATH(builder.add(Nibbles::from_key(Bytes{1}), Bytes{1}), "");
    EXPECT_DEATH((void)builder.finish_subtree(3), "");
}

}  // namespace
}  // namespace cairn::chain::test
