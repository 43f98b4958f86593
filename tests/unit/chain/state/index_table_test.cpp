// SPDX-License-Identifier: MIT
#include "chain/state/index_table.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace cairn::chain {
namespace {

TEST(Slab, addresses_stay_while_it_grows) {
    Slab<int> slab;
    const auto first = slab.add();
    int* const where = &slab[first];
    *where = 7;
    for (int i = 0; i < 5000; ++i) slab[slab.add()] = i;
    EXPECT_EQ(&slab[first], where);
    EXPECT_EQ(slab[first], 7);
    EXPECT_EQ(slab.size(), 5001u);
}

TEST(Slab, clear_counts_from_zero_and_keeps_objects) {
    Slab<std::vector<int>> slab;
    slab[slab.add()].assign(100, 1);
    slab.clear();
    EXPECT_EQ(slab.size(), 0u);
    const auto again = slab.add();
    EXPECT_EQ(again, 0u);
    EXPECT_GE(slab[again].capacity(), 100u);
}

// All keys share their hash, so every answer depends on the comparison and on probing.
TEST(IndexTable, colliding_hashes_are_told_apart) {
    IndexTable table;
    for (SlabIndex i = 0; i < 300; ++i) table.insert(42, i);
    for (SlabIndex i = 0; i < 300; ++i)
        EXPECT_EQ(table.find(42, [i](SlabIndex j) { return i == j; }), i);
    EXPECT_EQ(table.find(42, [](SlabIndex) { return false; }), kNoIndex);
    EXPECT_EQ(table.find(43, [](SlabIndex) { return true; }), kNoIndex);
}

TEST(IndexTable, finds_all_after_growth_and_none_after_clear) {
    IndexTable table;
    const KeyHasher hasher;
    const auto hash = [&](SlabIndex i) { return hasher(i % 7, Uint256{i}); };
    for (int round = 0; round < 3; ++round) {
        const SlabIndex count = round == 1 ? 20'000 : 100;
        for (SlabIndex i = 0; i < count; ++i) table.insert(hash(i), i);
        for (SlabIndex i = 0; i < count; ++i)
            ASSERT_EQ(table.find(hash(i), [i](SlabIndex j) { return i == j; }), i);
        table.clear();
        for (SlabIndex i = 0; i < count; ++i)
            ASSERT_EQ(table.find(hash(i), [i](SlabIndex j) { return i == j; }), kNoIndex);
    }
}

TEST(KeyHasher, every_part_of_a_key_counts) {
    const KeyHasher hasher;
    std::set<std::uint64_t> seen;
    for (unsigned limb = 0; limb < 4; ++limb) {
        for (unsigned bit = 0; bit < 64; ++bit) {
            Uint256 key;
            key.limb[limb] = 1ULL << bit;
            seen.insert(hasher(1, key));
        }
    }
    for (SlabIndex account = 2; account < 100; ++account) seen.insert(hasher(account, Uint256{1}));
    EXPECT_EQ(seen.size(), 256u + 98u);
    std::set<std::uint64_t> addresses;
    for (unsigned byte = 0; byte < 20; ++byte) {
        Address address;
        address.bytes[byte] = 1;
        addresses.insert(hasher(address));
    }
    EXPECT_EQ(addresses.size(), 20u);
}

}  // namespace
}  // namespace cairn::chain
