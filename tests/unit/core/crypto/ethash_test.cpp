// SPDX-License-Identifier: MIT
#include "core/crypto/ethash.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"

namespace cairn {
namespace {

Hash256 hash(const char* hex) {
    return fixed_from_hex<Hash256>(hex).value();
}

// Sizes of the tables that the Ethash specification publishes (appendix "data sizes").
TEST(Ethash, sizes_of_the_published_tables) {
    EXPECT_EQ(ethash_cache_size(0), 16776896U);
    EXPECT_EQ(ethash_cache_size(1), 16907456U);
    EXPECT_EQ(ethash_cache_size(2), 17039296U);
    EXPECT_EQ(ethash_cache_size(2047), 285081536U);
    EXPECT_EQ(ethash_full_size(0), 1073739904U);
    EXPECT_EQ(ethash_full_size(1), 1082130304U);
    EXPECT_EQ(ethash_full_size(2), 1090514816U);
    EXPECT_EQ(ethash_full_size(2047), 18245220736U);
}

TEST(Ethash, epochs_are_30000_blocks) {
    EXPECT_EQ(ethash_epoch(0), 0U);
    EXPECT_EQ(ethash_epoch(29999), 0U);
    EXPECT_EQ(ethash_epoch(30000), 1U);
}

TEST(Ethash, seeds_are_hashes_of_hashes) {
    EXPECT_TRUE(ethash_seed(0).is_zero());
    EXPECT_EQ(to_hex(ethash_seed(1)),
              "290decd9548b62a8d60345a988386fc84ba6bc95484008f6362f93160ef3e563");
    EXPECT_EQ(to_hex(ethash_seed(2)),
              "510e4e770828ddbf7f7b00ab00a9f6adaf81c0dc9cc85f1f8249c256942d61d9");
}

// The first case of the public PoWTests.
TEST(Ethash, public_vector_and_what_is_near_it) {
    const EthashCache cache{0};
    EXPECT_EQ(cache.epoch(), 0U);
    Bytes rows;
    rows.reserve(cache.rows().size() * sizeof(EthashCache::Row));
    for (const auto& row : cache.rows())
        append(rows, {reinterpret_cast<const std::uint8_t*>(row.data()), sizeof row});
    EXPECT_EQ(rows.size(), ethash_cache_size(0));
    EXPECT_EQ(to_hex(keccak256(rows)),
              "35ded12eecf2ce2e8da2e15c06d463aae9b84cb2530a00b932e4bbc484cde353");

    const Hash256 seal = hash("2a8de2adf89af77358250bf908bf04ba94a6e8c3ba87775564a41d269a05e4ce");
    const EthashResult expected{
        .mix = hash("58f759ede17a706c93f13030328bcea40c1d1341fb26f2facd21ceb0dae57017"),
        .value = hash("dd47fd2d98db51078356852d7c4014e6a5d6c387c35f40e2875b74a256ed7906")};
    EXPECT_EQ(cache.hash(seal, 0x4242424242424242), expected);
    EXPECT_EQ(ethash_value(seal, 0x4242424242424242, expected.mix), expected.value);
    EXPECT_NE(cache.hash(seal, 0x4242424242424243).mix, expected.mix);

    // Items made side by side are those made alone, whatever their number.
    const auto items_max = static_cast<std::uint32_t>(ethash_full_size(0) / sizeof(EthashCache::Row));
    for (const std::size_t count : {0U, 1U, 15U, 16U, 17U, 50U}) {
        std::vector<EthashCache::Row> items(count);
        const auto first = items_max - 50;
        cache.dataset_range(first, items);
        for (std::size_t i = 0; i < count; ++i)
            EXPECT_EQ(items[i], cache.dataset_item(first + static_cast<std::uint32_t>(i))) << i;
    }
    EXPECT_NE(ethash_value(seal, 0x4242424242424242, seal), expected.value);
}

}  // namespace
}  // namespace cairn
