// SPDX-License-Identifier: MIT
#include "chain/trie/secure_key.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "core/crypto/keccak.hpp"

namespace cairn::chain {
namespace {

/// Keys hashed in one call; jobs of a spread loop are a multiple of it.
constexpr std::size_t kTogether = 64;
constexpr std::size_t kKeysPerJob = 16 * kTogether;

bool is_before(const HashedKey& a, const HashedKey& b) noexcept {
    const std::uint64_t first = load_be64(a.hash.data());
    const std::uint64_t second = load_be64(b.hash.data());
    return first != second ? first < second : a.hash < b.hash;
}

/// Deals keys to 2^bits buckets by the bits after the first `skip`, in order. Returns where each
/// bucket ends.
std::vector<std::size_t> deal(std::span<const HashedKey> from, std::span<HashedKey> to, int skip,
                              int bits) {
    const auto bucket = [=](const HashedKey& key) {
        return load_be64(key.hash.data()) << skip >> (64 - bits);
    };
    std::vector<std::size_t> ends((std::size_t{1} << bits) + 1);
    for (const auto& key : from) ++ends[bucket(key) + 1];
    for (std::size_t i = 1; i < ends.size(); ++i) ends[i] += ends[i - 1];
    // Filling moves each bucket's start to its end, which is the next one's start.
    for (const auto& key : from) to[ends[bucket(key)]++] = key;
    ends.pop_back();
    return ends;
}

/// Sorts `from` into `to`; all keys share their first `skip` bits.
void sort_into(std::span<const HashedKey> from, std::span<HashedKey> to, int skip) {
    constexpr int kBitsMax = 12;
    const int bits = std::clamp(static_cast<int>(std::bit_width(from.size())) - 1, 1, kBitsMax);
    std::size_t begin = 0;
    for (const std::size_t end : deal(from, to, skip, bits)) {
        std::sort(to.begin() + static_cast<std::ptrdiff_t>(begin),
                  to.begin() + static_cast<std::ptrdiff_t>(end), is_before);
        begin = end;
    }
}

/// Sorts by hash. Hashes are spread evenly, so dealing them to about as many buckets as there are
/// leaves buckets of about one, whoever chose the keys: to fill one bucket is to find so many
/// hashes with a common prefix. Many keys are dealt twice, so that each pass stays within the
/// caches.
void sort_hashed(std::vector<HashedKey>& keys, const ParallelFor& parallel) {
    constexpr std::size_t kOnePassMax = 8192;
    constexpr int kFirstBits = 8;
    if (keys.size() < 2) return;
    std::vector<HashedKey> sorted(keys.size());
    if (keys.size() <= kOnePassMax) {
        sort_into(keys, sorted, 0);
        keys.swap(sorted);
        return;
    }
    const auto ends = deal(keys, sorted, 0, kFirstBits);
    run_parallel(parallel, ends.size(), [&](std::size_t i) {
        const std::size_t begin = i == 0 ? 0 : ends[i - 1];
        const std::size_t count = ends[i] - begin;
        sort_into(std::span{sorted}.subspan(begin, count), std::span{keys}.subspan(begin, count),
                  kFirstBits);
    });
}

/// Hashes `count` keys; `view(i, buffer)` gives key i, perhaps written to the buffer.
template <class View>
std::vector<HashedKey> hash_keys(std::size_t count, const View& view, const ParallelFor& parallel) {
    std::vector<HashedKey> keys(count);
    run_parallel(parallel, (count + kKeysPerJob - 1) / kKeysPerJob, [&](std::size_t job) {
        const std::size_t end = std::min(count, (job + 1) * kKeysPerJob);
        std::array<std::array<std::uint8_t, 32>, kTogether> buffers;
        std::array<ByteView, kTogether> inputs;
        std::array<Hash256, kTogether> hashes;
        for (std::size_t lo = job * kKeysPerJob; lo < end; lo += kTogether) {
            const std::size_t n = std::min(kTogether, end - lo);
            for (std::size_t i = 0; i < n; ++i) inputs[i] = view(lo + i, buffers[i]);
            keccak256_batch(std::span{inputs}.first(n), std::span{hashes}.first(n));
            for (std::size_t i = 0; i < n; ++i) keys[lo + i] = {hashes[i], lo + i};
        }
    });
    sort_hashed(keys, parallel);
    return keys;
}

}  // namespace

std::vector<HashedKey> hash_addresses(std::size_t count,
                                      const std::function<const Address&(std::size_t)>& address,
                                      const ParallelFor& parallel) {
    return hash_keys(
        count, [&](std::size_t i, std::array<std::uint8_t, 32>&) { return address(i).view(); },
        parallel);
}

std::vector<HashedKey> hash_slots(std::span<const Uint256> slots, const ParallelFor& parallel) {
    return hash_keys(
        slots.size(),
        [&](std::size_t i, std::array<std::uint8_t, 32>& buffer) {
            store_be256(buffer.data(), slots[i]);
            return ByteView{buffer};
        },
        parallel);
}

Nibbles account_key(const Address& address) noexcept {
    return Nibbles::from_key(keccak256(address));
}

Nibbles storage_key(const Uint256& slot) noexcept {
    std::array<std::uint8_t, 32> be;
    store_be256(be.data(), slot);
    return Nibbles::from_key(keccak256(be));
}

}  // namespace cairn::chain
