// SPDX-License-Identifier: MIT
#include "miner/ethash_search.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <span>
#include <thread>
#include <utility>

#include "core/base/assert.hpp"
#include "core/base/bytes.hpp"
#include "core/crypto/keccak.hpp"

namespace cairn::miner {
namespace {

// Yellow Paper, appendix J.2: the mix's width, the data set's row, and the number of rows that a hash looks at.
constexpr std::size_t kMixBytes = 128;
constexpr std::size_t kRowBytes = sizeof(EthashCache::Row);
constexpr std::size_t kMixWords = kMixBytes / sizeof(std::uint32_t);
constexpr std::uint32_t kRowsInMix = kMixBytes / kRowBytes;
constexpr std::uint32_t kAccesses = 64;

/// Items that a thread makes before it asks again what is left.
constexpr std::size_t kItemsAtATime = 4096;
/// How often the making of a data set looks at how far it is.
constexpr std::chrono::milliseconds kProgressPeriod{20};

/// FNV as Ethash has it: a multiplication and an exclusive or of words.
constexpr std::uint32_t fnv(std::uint32_t a, std::uint32_t b) noexcept { return a * 0x01000193U ^ b; }

/// Keccak-512 of the seal hash and the nonce's bytes from the last to the first, as sixteen words.
EthashCache::Row seal_row(const Hash256& seal_hash, std::uint64_t nonce) noexcept {
    std::array<std::uint8_t, 40> data;
    std::ranges::copy(seal_hash.bytes, data.begin());
    store_le64(data.data() + 32, nonce);
    const Hash512 hash = keccak512(data);
    EthashCache::Row row;
    std::memcpy(row.data(), hash.data(), sizeof row);
    return row;
}

std::vector<EthashCache::Row> make_data_set(const EthashCache& cache, const EthashMaking& making) {
    CAIRN_ASSERT(making.threads > 0);
    const auto tell = [&](unsigned percent) {
        if (making.progress) making.progress(percent);
    };
    tell(0);
    std::vector<EthashCache::Row> items(ethash_full_size(cache.epoch()) / kRowBytes);
    std::atomic<std::size_t> next{0};
    std::atomic<std::size_t> made{0};
    const auto work = [&](unsigned thread) {
        if (making.begin) making.begin(thread);
        while (!making.stop.load(std::memory_order_relaxed)) {
            const std::size_t begin = next.fetch_add(kItemsAtATime, std::memory_order_relaxed);
            if (begin >= items.size()) return;
            const std::size_t count = std::min(kItemsAtATime, items.size() - begin);
            cache.dataset_range(static_cast<std::uint32_t>(begin), std::span{items}.subspan(begin, count));
            made.fetch_add(count, std::memory_order_relaxed);
        }
    };
    {
        std::vector<std::jthread> threads;
        for (unsigned i = 0; i < making.threads; ++i) threads.emplace_back(work, i);
        unsigned told = 0;
        while (told < 100 && !making.stop.load(std::memory_order_relaxed)) {
            std::this_thread::sleep_for(kProgressPeriod);
            const auto percent = static_cast<unsigned>(made.load(std::memory_order_relaxed) * 100 / items.size());
            if (percent != std::exchange(told, percent)) tell(percent);
        }
    }
    if (made.load() < items.size()) items.clear();
    return items;
}

}  // namespace

EthashData::EthashData(std::uint64_t epoch) : cache_{epoch} {}

EthashData::EthashData(std::uint64_t epoch, const EthashMaking& making)
    : cache_{epoch}, items_{make_data_set(cache_, making)} {}

EthashResult EthashData::hash(const Hash256& seal_hash, std::uint64_t nonce) const noexcept {
    if (!is_full()) return cache_.hash(seal_hash, nonce);
    const EthashItems items{[](const void* context, std::uint32_t index) noexcept -> const EthashCache::Row& {
                                return static_cast<const EthashCache::Row*>(context)[index];
                            },
                            items_.data()};
    return ethash_hash_full(items, items_.size() * kRowBytes, seal_hash, nonce);
}

EthashResult ethash_hash_full(const EthashItems& items, std::uint64_t full_size, const Hash256& seal_hash,
                              std::uint64_t nonce) noexcept {
    const EthashCache::Row seal = seal_row(seal_hash, nonce);
    std::array<std::uint32_t, kMixWords> mix;
    for (std::size_t w = 0; w < kMixWords; ++w) mix[w] = seal[w % seal.size()];
    const auto pages = static_cast<std::uint32_t>(full_size / kMixBytes);
    for (std::uint32_t access = 0; access < kAccesses; ++access) {
        const std::uint32_t page = fnv(access ^ seal[0], mix[access % kMixWords]) % pages;
        for (std::uint32_t r = 0; r < kRowsInMix; ++r) {
            const EthashCache::Row& row = items.get(items.context, page * kRowsInMix + r);
            for (std::size_t w = 0; w < row.size(); ++w)
                mix[r * row.size() + w] = fnv(mix[r * row.size() + w], row[w]);
        }
    }
    EthashResult result;
    for (std::size_t w = 0; w < kMixWords; w += 4)
        store_le32(result.mix.data() + w, fnv(fnv(fnv(mix[w], mix[w + 1]), mix[w + 2]), mix[w + 3]));
    result.value = ethash_value(seal_hash, nonce, result.mix);
    return result;
}

std::uint64_t scan_ethash(const EthashData& data, const EthashJob& job, std::uint64_t first, std::uint64_t count,
                          const EthashSink& sink, const std::atomic<bool>& stop) noexcept {
    CAIRN_ASSERT(data.epoch() == ethash_epoch(job.number));
    CAIRN_ASSERT(sink.take != nullptr);
    for (std::uint64_t i = 0; i < count; ++i) {
        if (stop.load(std::memory_order_relaxed)) return i;
        const std::uint64_t nonce = first + i;
        const EthashResult result = data.hash(job.seal_hash, nonce);
        if (load_be256(result.value.data()) > job.target.value) continue;
        Seal seal{.mix_hash = result.mix, .nonce = {}};
        store_be64(seal.nonce.data(), nonce);
        if (!sink.take(sink.context, seal)) return i + 1;
    }
    return count;
}

}  // namespace cairn::miner
