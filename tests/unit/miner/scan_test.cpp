// SPDX-License-Identifier: MIT
// Every kernel of this processor against SHA-256d by OpenSSL (core/crypto/sha256.hpp), one hash at a time.
#include "miner/scan.hpp"

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/hex.hpp"
#include "core/crypto/sha256.hpp"
#include "miner/dispatch.hpp"

namespace cairn::miner {
namespace {

using Found = std::vector<std::pair<std::uint32_t, std::uint32_t>>;  // version, nonce

const std::atomic<bool> kGoOn{false};

struct Outcome {
    std::uint64_t hashes = 0;
    Found found;  ///< sorted
};

Outcome search(const Kernel& kernel, const Job& job, const ScanRange& range) {
    Outcome outcome;
    const HitSink sink{[](void* context, const Hit& hit) noexcept {
                           static_cast<Found*>(context)->emplace_back(hit.version, hit.nonce);
                           return true;
                       },
                       &outcome.found};
    outcome.hashes = scan(kernel, job, range, sink, kGoOn);
    std::ranges::sort(outcome.found);
    return outcome;
}

/// SHA-256d of the job's header with this version and nonce, as a number; written apart from the code under test.
Uint256 value_of(const Job& job, std::uint32_t version, std::uint32_t nonce) {
    Bytes header{job.header.begin(), job.header.end()};
    for (unsigned i = 0; i < 4; ++i) {
        header[i] = static_cast<std::uint8_t>(version >> 8 * i);
        header[76 + i] = static_cast<std::uint8_t>(nonce >> 8 * i);
    }
    const Hash256 hash = sha256d(header);
    Uint256 value;
    for (unsigned i = 32; i-- > 0;) value = (value << 8) | Uint256{hash.bytes[i]};
    return value;
}

Found plain_search(const Job& job, const ScanRange& range) {
    Found found;
    for (std::uint64_t v = 0; v < range.variant_count; ++v)
        for (std::uint64_t n = 0; n < range.nonce_count; ++n) {
            const auto version = version_of(job, static_cast<std::uint32_t>(range.first_variant + v));
            const auto nonce = static_cast<std::uint32_t>(range.first_nonce + n);
            if (value_of(job, version, nonce) <= job.target.value) found.emplace_back(version, nonce);
        }
    std::ranges::sort(found);
    return found;
}

Job random_job(std::mt19937_64& random, std::uint32_t version_mask, unsigned zero_bits) {
    Job job;
    for (auto& byte : job.header) byte = static_cast<std::uint8_t>(random());
    job.version_mask = version_mask;
    job.target.value = Uint256::max() >> zero_bits;
    return job;
}

/// A header of Bitcoin's chain, a public fact, and its nonce.
Job bitcoin_job(const char* header_hex) {
    Job job;
    const auto header = from_hex(header_hex);
    EXPECT_TRUE(header && header->size() == job.header.size());
    std::ranges::copy(*header, job.header.begin());
    job.target.value = target_of_compact(load_le32(job.header.data() + kWorkBitsOffset))->value;
    return job;
}
constexpr const char* kGenesisHeader =
    "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3"
    "888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c";
constexpr std::uint32_t kGenesisNonce = 2083236893;
constexpr const char* kHeader125552 =
    "0100000081cd02ab7e569e8bcd9317e2fe99f2de44d49ab2b8851ba4a308000000000000e320b6c2fffc8d750423db8b1eb942ae710e951e"
    "d797f7affc8892b0f1fc122bc7f5d74df2b9441a42a14695";
constexpr std::uint32_t kNonce125552 = 2504433986;

class EveryKernel : public testing::TestWithParam<const Kernel*> {
  protected:
    void SetUp() override {
        if (!kernel().is_supported()) GTEST_SKIP() << "this processor cannot run " << kernel().name;
    }
    const Kernel& kernel() const { return *GetParam(); }
};

TEST_P(EveryKernel, random_headers_agree_with_openssl_on_every_hash) {
    std::mt19937_64 random{1};
    for (int i = 0; i < 20; ++i) {
        // Of all targets with a set top bit half of the hashes win; zero target words are for the other tests.
        Job job = random_job(random, i % 2 == 0 ? kWorkVersionMask : 0, 1);
        ScanRange range;
        range.variant_count = i % 2 == 0 ? 64 : 1;
        range.nonce_count = i % 2 == 0 ? 16 : 192;
        range.first_nonce = static_cast<std::uint32_t>(random()) >> 1;
        const auto outcome = search(kernel(), job, range);
        EXPECT_EQ(outcome.hashes, range.variant_count * range.nonce_count);
        EXPECT_EQ(outcome.found, plain_search(job, range));
    }
}

TEST_P(EveryKernel, every_alignment_and_length_of_nonces_is_searched_whole) {
    std::mt19937_64 random{2};
    for (const std::uint32_t mask : {kWorkVersionMask, 0U}) {
        const Job job = random_job(random, mask, 3);
        const std::uint64_t chunk = mask != 0 ? 16 : 64;
        for (std::uint32_t offset = 0; offset < chunk; ++offset)
            for (const std::uint64_t count : {std::uint64_t{1}, chunk - 1, chunk, chunk + 1}) {
                const ScanRange range{0, mask != 0 ? std::uint64_t{kChunkVariants} / 4 : 1, 0x12345600U + offset, count};
                const auto outcome = search(kernel(), job, range);
                ASSERT_EQ(outcome.hashes, range.variant_count * count);
                ASSERT_EQ(outcome.found, plain_search(job, range)) << offset << " " << count;
            }
    }
}

TEST_P(EveryKernel, every_number_of_variants_is_searched_whole) {
    std::mt19937_64 random{3};
    const Job job = random_job(random, kWorkVersionMask, 2);
    for (std::uint64_t count = 1; count <= 130; ++count) {
        const ScanRange range{static_cast<std::uint32_t>(count * 401), count, 999, 2};
        const auto outcome = search(kernel(), job, range);
        ASSERT_EQ(outcome.hashes, count * 2);
        ASSERT_EQ(outcome.found, plain_search(job, range)) << count;
    }
}

TEST_P(EveryKernel, with_the_greatest_target_each_hash_is_a_hit_once) {
    std::mt19937_64 random{4};
    const Job job = random_job(random, kWorkVersionMask, 0);
    const ScanRange range{0, 129, 5, 33};
    const auto outcome = search(kernel(), job, range);
    EXPECT_EQ(outcome.found.size(), 129U * 33U);
    EXPECT_EQ((std::set<std::pair<std::uint32_t, std::uint32_t>>{outcome.found.begin(), outcome.found.end()}).size(),
              outcome.found.size());
}

TEST_P(EveryKernel, ranges_that_meet_split_the_hits_between_them) {
    std::mt19937_64 random{5};
    for (const std::uint32_t mask : {kWorkVersionMask, 0U}) {
        const Job job = random_job(random, mask, 4);
        const std::uint64_t variants = mask != 0 ? 80 : 1;
        const auto whole = search(kernel(), job, {0, variants, 1000, 300}).found;
        for (const std::uint32_t cut : {1U, 15U, 16U, 17U, 63U, 64U, 65U, 299U}) {
            auto parts = search(kernel(), job, {0, variants, 1000, cut}).found;
            const auto rest = search(kernel(), job, {0, variants, 1000 + cut, 300 - cut}).found;
            parts.insert(parts.end(), rest.begin(), rest.end());
            std::ranges::sort(parts);
            EXPECT_EQ(parts, whole) << cut;
        }
    }
}

TEST_P(EveryKernel, the_last_nonces_are_searched_and_none_wraps) {
    std::mt19937_64 random{6};
    for (const std::uint32_t mask : {kWorkVersionMask, 0U}) {
        const Job job = random_job(random, mask, 0);
        const std::uint64_t variants = mask != 0 ? 64 : 1;
        const auto found = search(kernel(), job, {0, variants, 0xfffffffb, 5}).found;
        EXPECT_EQ(found.size(), variants * 5);
        for (const auto& [version, nonce] : found) EXPECT_GE(nonce, 0xfffffffbU);
    }
}

TEST_P(EveryKernel, the_last_variants_are_searched) {
    std::mt19937_64 random{7};
    const Job job = random_job(random, kWorkVersionMask, 3);
    const ScanRange range{65536 - 70, 70, 0, 20};
    EXPECT_EQ(search(kernel(), job, range).found, plain_search(job, range));
}

TEST_P(EveryKernel, a_hash_equal_to_the_target_wins_and_one_above_it_does_not) {
    std::mt19937_64 random{8};
    for (int i = 0; i < 40; ++i) {
        Job job = random_job(random, kWorkVersionMask, 0);
        const auto variant = static_cast<std::uint32_t>(random() % 64);
        const auto nonce = static_cast<std::uint32_t>(random());
        const ScanRange range{0, 64, nonce & ~15U, 16};
        const Uint256 value = value_of(job, version_of(job, variant), nonce);
        const std::pair hit{version_of(job, variant), nonce};
        job.target.value = value;
        EXPECT_TRUE(std::ranges::binary_search(search(kernel(), job, range).found, hit));
        job.target.value = value - Uint256{1};
        EXPECT_FALSE(std::ranges::binary_search(search(kernel(), job, range).found, hit));
        EXPECT_TRUE(search(kernel(), job, {variant, 1, nonce, 1}).found.empty());
        job.target.value = value;
        EXPECT_EQ(search(kernel(), job, {variant, 1, nonce, 1}).found, Found{hit});
    }
}

TEST_P(EveryKernel, a_target_of_zero_is_never_reached) {
    std::mt19937_64 random{9};
    Job job = random_job(random, kWorkVersionMask, 0);
    job.target.value = Uint256{};
    EXPECT_TRUE(search(kernel(), job, {0, 64, 0, 256}).found.empty());
}

TEST_P(EveryKernel, bitcoins_genesis_block_is_found_from_nonces_just_before_its_own) {
    const Job job = bitcoin_job(kGenesisHeader);
    const Found wanted{{1, kGenesisNonce}};
    for (const std::uint32_t before : {0U, 1U, 15U, 16U, 63U, 64U, 65U, 1000U})
        EXPECT_EQ(search(kernel(), job, {0, 1, kGenesisNonce - before, before + 1}).found, wanted) << before;
    EXPECT_TRUE(search(kernel(), job, {0, 1, kGenesisNonce - 1000, 1000}).found.empty());
}

TEST_P(EveryKernel, bitcoins_block_125552_is_found_by_solo_and_by_rolled_versions) {
    Job job = bitcoin_job(kHeader125552);
    const Found wanted{{1, kNonce125552}};
    EXPECT_EQ(search(kernel(), job, {0, 1, kNonce125552 - 500, 1000}).found, wanted);
    // Its version, 1, is one of the 64 that these bits give: at each place among the lanes.
    for (const std::uint32_t mask : {0x0000003fU, 0x00003f00U, 0x1f80001fU, 0xfc000000U}) {
        job.version_mask = mask;
        for (const std::uint32_t before : {0U, 7U, 15U, 16U, 100U})
            EXPECT_EQ(search(kernel(), job, {0, 64, kNonce125552 - before, before + 1}).found, wanted) << before;
    }
}

TEST_P(EveryKernel, a_planted_hit_is_found_in_every_lane) {
    Job job = bitcoin_job(kGenesisHeader);
    job.version_mask = 0x000007ff;
    for (std::uint32_t place = 0; place < 64; ++place) {
        // Variant 1024 stands at `place` among the 64; its own hash is made the target.
        const std::uint32_t first = 1024 - place;
        const std::uint32_t nonce = 7000 + place % 16;
        job.target.value = value_of(job, version_of(job, 1024), nonce);
        const ScanRange range{first, 64, 7000, 16};
        const auto found = search(kernel(), job, range).found;
        EXPECT_EQ(found, plain_search(job, range)) << place;
        EXPECT_EQ(std::ranges::count(found, std::pair{1024U, nonce}), 1) << place;
    }
}

TEST_P(EveryKernel, a_sink_that_has_enough_gets_no_more) {
    std::mt19937_64 random{10};
    for (const std::uint32_t mask : {kWorkVersionMask, 0U}) {
        const Job job = random_job(random, mask, 0);
        struct Counter {
            int left = 5;
            int taken = 0;
        } counter;
        const HitSink sink{[](void* context, const Hit&) noexcept {
                               auto& c = *static_cast<Counter*>(context);
                               ++c.taken;
                               return --c.left > 0;
                           },
                           &counter};
        const auto hashes = scan(kernel(), job, {0, mask != 0 ? 640U : 1U, 0, 6400}, sink, kGoOn);
        EXPECT_EQ(counter.taken, 5);
        EXPECT_LE(hashes, 1024U);
    }
}

TEST_P(EveryKernel, a_stopped_search_does_nothing) {
    std::mt19937_64 random{11};
    const std::atomic<bool> stop{true};
    const HitSink sink{[](void*, const Hit&) noexcept {
                           ADD_FAILURE();
                           return true;
                       },
                       nullptr};
    EXPECT_EQ(scan(kernel(), random_job(random, kWorkVersionMask, 0), {0, 640, 0, 64}, sink, stop), 0U);
    EXPECT_EQ(scan(kernel(), random_job(random, 0, 0), {0, 1, 0, 64}, sink, stop), 0U);
}

TEST_P(EveryKernel, empty_ranges_are_nothing) {
    std::mt19937_64 random{12};
    const Job job = random_job(random, kWorkVersionMask, 0);
    EXPECT_EQ(search(kernel(), job, {0, 0, 0, 64}).hashes, 0U);
    EXPECT_EQ(search(kernel(), job, {0, 64, 0, 0}).hashes, 0U);
}

INSTANTIATE_TEST_SUITE_P(Kernels, EveryKernel, testing::ValuesIn(kernels().begin(), kernels().end()),
                         [](const auto& tested) { return std::string{tested.param->name}; });

TEST(Variants, fill_the_mask_from_its_lowest_bit_and_leave_the_rest) {
    Job job;
    store_le32(job.header.data(), 0x20000001);
    job.version_mask = kWorkVersionMask;
    EXPECT_EQ(variant_count_of(job), 65536U);
    EXPECT_EQ(version_of(job, 0), 0x20000001U);
    EXPECT_EQ(version_of(job, 1), 0x20002001U);
    // The worked vector of the own networks' rules: vbits 2a55 gives version 254aa000.
    EXPECT_EQ(version_of(job, 0x2a55), 0x254aa001U);
    EXPECT_EQ(version_of(job, 65535), 0x3fffe001U);
    job.version_mask = 0x80000101;
    EXPECT_EQ(variant_count_of(job), 8U);
    EXPECT_EQ(version_of(job, 2), 0x20000100U);
    EXPECT_EQ(version_of(job, 5), 0xa0000001U);
    job.version_mask = 0;
    EXPECT_EQ(variant_count_of(job), 1U);
    EXPECT_EQ(version_of(job, 0), 0x20000001U);
    job.version_mask = 0xffffffff;
    EXPECT_EQ(variant_count_of(job), std::uint64_t{1} << 32);
    EXPECT_EQ(version_of(job, 0xdeadbeef), 0xdeadbeefU);
}

}  // namespace
}  // namespace cairn::miner
