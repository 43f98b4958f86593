// SPDX-License-Identifier: MIT
#include "chain/trie/secure_key.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "core/crypto/keccak.hpp"

namespace cairn::chain {
namespace {

/// Keys hashed in one call; jobs of a spread loop are a multiple of it.
constexpr std::size_t kTogether = 64;
constexpr std::size_t kKeysPerJob = 16 * kTogether;

/// Sorts by hash. Hashes are spread evenly, so one pass over as many buckets as there are keys
/// leaves buckets of about one, whoever chose the keys: to fill one bucket is to find so many
/// hashes with a common prefix.
void sort_hashed(std::vector<HashedKey>& keys) {
    const auto before = [](const HashedKey& a, const HashedKey& b) { return a.hash < b.hash; };
    constexpr std::size_t kDirectMax = 32;
    if (keys.size() <= kDirectMax) {
        std::sort(keys.begin(), keys.end(), before);
        return;
    }
    const int bits = std::min(static_cast<int>(std::bit_width(keys.size())) - 1, 16);
    const auto bucket = [bits](const HashedKey& key) {
        return load_be64(key.hash.data()) >> (64 - bits);
    };
    std::vector<std::size_t> ends((std::size_t{1} << bits) + 1);
    for (const auto& key : keys) ++ends[bucket(key) + 1];
    for (std::size_t i = 1; i < ends.size(); ++i) ends[i] += ends[i - 1];
    std::vector<HashedKey> sorted(keys.size());
    // Filling moves each bucket's start to its end, which is the next one's start.
    for (const auto& key : keys) sorted[ends[bucket(key)]++] = key;
    std::size_t begin = 0;
    for (std::size_t i = 0; i + 1 < ends.size(); ++i) {
        const auto first = sorted.begin();
        std::sort(first + static_cast<std::ptrdiff_t>(begin),
                  first + static_cast<std::ptrdiff_t>(ends[i]), before);
        begin = ends[i];
    }
    keys.swap(sorted);
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
    sort_hashed(keys);
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
