// SPDX-License-Identifier: MIT
#include "chain/trie/list_root.hpp"

#include <gtest/gtest.h>

#include <set>

#include "core/base/hex.hpp"
#include "core/types/account.hpp"
#include "tests/support/trie_entries.hpp"

namespace cairn::chain::test {
namespace {

using cairn::test::PlainEntries;
using cairn::test::PlainTrie;
using cairn::test::random_value;

std::vector<Bytes> random_items(std::size_t count, std::size_t size_max) {
    std::mt19937_64 random{count};
    std::vector<Bytes> items;
    for (std::size_t i = 0; i < count; ++i) items.push_back(random_value(random, size_max));
    return items;
}

TEST(ListRoot, an_empty_list_has_the_empty_root) {
    EXPECT_EQ(list_root(std::span<const Bytes>{}), kEmptyTrieRoot);
    EXPECT_EQ(list_root(0, EncodeItem{}), kEmptyTrieRoot);
}

// 127 and 128, 255 and 256, 65535 and 65536 are where the key's RLP changes its form or length.
TEST(ListRoot, every_count_matches_the_plain_trie_in_each_form) {
    for (const std::size_t count :
         {1U, 2U, 3U, 16U, 17U, 126U, 127U, 128U, 129U, 200U, 255U, 256U, 257U, 700U, 65537U}) {
        const auto items = random_items(count, count > 1000 ? 4 : 200);
        PlainEntries entries;
        std::vector<ByteView> views;
        for (std::size_t i = 0; i < count; ++i) {
            entries[rlp_encode(std::uint64_t{i})] = items[i];
            views.emplace_back(items[i]);
        }
        const Hash256 want = PlainTrie::root(entries);
        EXPECT_EQ(list_root(items), want) << count;
        EXPECT_EQ(list_root(views), want) << count;
        std::set<std::size_t> seen;
        EXPECT_EQ(list_root(count,
                            [&](std::size_t i, Bytes& out) {
                                EXPECT_TRUE(out.empty());
                                EXPECT_TRUE(seen.insert(i).second);
                                out = items[i];
                            }),
                  want);
        EXPECT_EQ(seen.size(), count);
    }
}

TEST(ListRoot, an_empty_item_asserts) {
    const std::vector<Bytes> items(1);
    EXPECT_DEATH((void)list_root(items), "");
}

}  // namespace
}  // namespace cairn::chain::test
