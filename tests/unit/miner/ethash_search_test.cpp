// SPDX-License-Identifier: MIT
#include "miner/ethash_search.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <random>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/hex.hpp"

namespace cairn::miner {
namespace {

const std::atomic<bool> kGoOn{false};

/// The data of epoch 0, made once for all tests here.
const EthashData& data() {
    static const EthashData epoch_0{0};
    return epoch_0;
}

/// Computes an item of the data set when it is asked for.
struct ItemsOnDemand {
    const EthashCache cache{0};
    std::map<std::uint32_t, EthashCache::Row> made;

    static const EthashCache::Row& get(const void* context, std::uint32_t index) noexcept {
        auto& self = *static_cast<ItemsOnDemand*>(const_cast<void*>(context));
        return self.made.try_emplace(index, self.cache.dataset_item(index)).first->second;
    }
};

/// Seals of the public PoWTests (ethash_tests.json): header hash, nonce, mix hash, value.
struct PublicSeal {
    const char* seal_hash;
    std::uint64_t nonce;
    const char* mix;
    const char* value;
};
constexpr PublicSeal kPublicSeal{"2a8de2adf89af77358250bf908bf04ba94a6e8c3ba87775564a41d269a05e4ce", 0x4242424242424242,
                                 "58f759ede17a706c93f13030328bcea40c1d1341fb26f2facd21ceb0dae57017",
                                 "dd47fd2d98db51078356852d7c4014e6a5d6c387c35f40e2875b74a256ed7906"};

TEST(EthashSearch, full_hash_from_items_gives_the_public_seal) {
    ItemsOnDemand items;
    const EthashResult result = ethash_hash_full({ItemsOnDemand::get, &items}, ethash_full_size(0),
                                                 *fixed_from_hex<Hash256>(kPublicSeal.seal_hash), kPublicSeal.nonce);
    EXPECT_EQ(to_hex(result.mix), kPublicSeal.mix);
    EXPECT_EQ(to_hex(result.value), kPublicSeal.value);
    EXPECT_EQ(data().hash(*fixed_from_hex<Hash256>(kPublicSeal.seal_hash), kPublicSeal.nonce), result);
}

TEST(EthashSearch, full_hash_agrees_with_the_light_one_on_other_nonces) {
    ItemsOnDemand items;
    Hash256 seal_hash;
    for (std::uint64_t nonce : {std::uint64_t{0}, std::uint64_t{1}, ~std::uint64_t{0}, std::uint64_t{1} << 32}) {
        seal_hash.bytes[5] = static_cast<std::uint8_t>(nonce + 3);
        EXPECT_EQ(ethash_hash_full({ItemsOnDemand::get, &items}, ethash_full_size(0), seal_hash, nonce),
                  items.cache.hash(seal_hash, nonce));
    }
}

struct Found {
    std::vector<Seal> seals;
    std::size_t enough = 1000;
    static bool take(void* context, const Seal& seal) noexcept {
        auto& found = *static_cast<Found*>(context);
        found.seals.push_back(seal);
        return found.seals.size() < found.enough;
    }
};

TEST(EthashSearch, every_nonce_of_the_range_is_tried_once_and_wraps_at_its_end) {
    EthashJob job;
    job.seal_hash.bytes.fill(1);
    job.target.value = Uint256::max();
    Found found;
    EXPECT_EQ(scan_ethash(data(), job, 0xfffffffffffffffe, 4, {Found::take, &found}, kGoOn), 4U);
    ASSERT_EQ(found.seals.size(), 4U);
    EXPECT_EQ(to_hex(found.seals[0].nonce), "fffffffffffffffe");
    EXPECT_EQ(to_hex(found.seals[1].nonce), "ffffffffffffffff");
    EXPECT_EQ(to_hex(found.seals[2].nonce), "0000000000000000");
    EXPECT_EQ(to_hex(found.seals[3].nonce), "0000000000000001");
}

TEST(EthashSearch, a_value_equal_to_the_target_wins_and_one_above_it_does_not) {
    EthashJob job;
    job.seal_hash = *fixed_from_hex<Hash256>(kPublicSeal.seal_hash);
    job.target.value = load_be256(fixed_from_hex<Hash256>(kPublicSeal.value)->data());
    Found found;
    EXPECT_EQ(scan_ethash(data(), job, kPublicSeal.nonce, 1, {Found::take, &found}, kGoOn), 1U);
    ASSERT_EQ(found.seals.size(), 1U);
    EXPECT_EQ(to_hex(found.seals[0].mix_hash), kPublicSeal.mix);
    job.target.value = job.target.value - Uint256{1};
    EXPECT_EQ(scan_ethash(data(), job, kPublicSeal.nonce, 1, {Found::take, &found}, kGoOn), 1U);
    EXPECT_EQ(found.seals.size(), 1U);
}

TEST(EthashSearch, a_sink_that_has_enough_and_a_stop_end_it) {
    EthashJob job;
    job.target.value = Uint256::max();
    Found found;
    found.enough = 2;
    EXPECT_EQ(scan_ethash(data(), job, 0, 100, {Found::take, &found}, kGoOn), 2U);
    const std::atomic<bool> stop{true};
    EXPECT_EQ(scan_ethash(data(), job, 0, 100, {Found::take, &found}, stop), 0U);
}

TEST(EthashSearch, full_data_whose_making_is_stopped_is_light) {
    const std::atomic<bool> stop{true};
    const EthashData stopped{0, {.threads = 2, .stop = stop}};
    EXPECT_FALSE(stopped.is_full());
    EXPECT_EQ(to_hex(stopped.hash(*fixed_from_hex<Hash256>(kPublicSeal.seal_hash), kPublicSeal.nonce).mix),
              kPublicSeal.mix);
}

/// Makes the full data set of epoch 0 (1 GiB, minutes) and holds it against the cache; by hand, with CAIRN_ETHASH_FULL=1.
TEST(EthashSearch, the_full_data_set_hashes_as_the_cache_does) {
    const char* const wanted = std::getenv("CAIRN_ETHASH_FULL");
    if (wanted == nullptr || *wanted != '1') GTEST_SKIP() << "takes minutes and 1 GiB: set CAIRN_ETHASH_FULL=1";
    const auto seconds_of = [](auto&& work) {
        const auto start = std::chrono::steady_clock::now();
        work();
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    std::optional<EthashData> full;
    unsigned last_percent = 0;
    const double making = seconds_of([&] {
        full.emplace(0, EthashMaking{.threads = 2, .stop = kGoOn, .begin = {}, .progress = [&](unsigned percent) {
                                         EXPECT_GE(percent, last_percent);
                                         last_percent = percent;
                                     }});
    });
    EXPECT_TRUE(full->is_full());
    EXPECT_EQ(last_percent, 100U);
    std::mt19937_64 random{7};
    Hash256 seal_hash;
    for (int i = 0; i < 2000; ++i) {
        for (auto& byte : seal_hash.bytes) byte = static_cast<std::uint8_t>(random());
        const std::uint64_t nonce = random();
        ASSERT_EQ(full->hash(seal_hash, nonce), data().hash(seal_hash, nonce)) << nonce;
    }
    EthashJob job;
    Found none;
    std::printf("data set made in %.1f s by 2 threads\n", making);
    for (const auto& [name, searched, count] :
         {std::tuple{"light", &data(), 2000U}, std::tuple{"full", static_cast<const EthashData*>(&*full), 200'000U}}) {
        const double taken = seconds_of([&, from = searched, hashes = count] {
            EXPECT_EQ(scan_ethash(*from, job, 0, hashes, {Found::take, &none}, kGoOn), hashes);
        });
        std::printf("%s: %.0f hashes a second, one thread\n", name, count / taken);
    }
}

}  // namespace
}  // namespace cairn::miner
