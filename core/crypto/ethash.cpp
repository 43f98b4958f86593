// SPDX-License-Identifier: MIT
#include "core/crypto/ethash.hpp"

#include <algorithm>
#include <cstring>

#include "core/base/assert.hpp"
#include "core/base/bytes.hpp"
#include "core/crypto/keccak.hpp"

namespace cairn {
namespace {

using Row = EthashCache::Row;

// Constants of appendix J, in bytes where they are sizes.
constexpr std::uint64_t kHashBytes = 64;
constexpr std::uint64_t kMixBytes = 128;
constexpr std::uint64_t kCacheBytesInit = 1ULL << 24;
constexpr std::uint64_t kCacheBytesGrowth = 1ULL << 17;
constexpr std::uint64_t kFullBytesInit = 1ULL << 30;
constexpr std::uint64_t kFullBytesGrowth = 1ULL << 23;
constexpr int kCacheRounds = 3;
constexpr std::uint32_t kParents = 256;
constexpr std::uint32_t kAccesses = 64;
constexpr std::uint32_t kFnvPrime = 0x01000193;
/// Items made side by side: enough that most waits for memory overlap, few enough for the nearest cache.
constexpr std::size_t kItemsAtATime = 16;

static_assert(sizeof(Row) == kHashBytes);

constexpr std::uint32_t fnv(std::uint32_t a, std::uint32_t b) noexcept {
    return a * kFnvPrime ^ b;
}

/// n mod d by two multiplications (Lemire, Kaser, Kurz, "Faster remainder by direct computation",
/// 2019); exact for all 32-bit n and d.
class Remainder {
public:
    explicit Remainder(std::uint32_t d) noexcept : d_{d}, inverse_{~0ULL / d + 1} {}
    std::uint32_t operator()(std::uint32_t n) const noexcept {
        __extension__ using U128 = unsigned __int128;
        return static_cast<std::uint32_t>(static_cast<U128>(inverse_ * n) * d_ >> 64);
    }

private:
    std::uint32_t d_;
    std::uint64_t inverse_;
};

bool is_prime(std::uint64_t n) noexcept {
    if (n < 4) return n >= 2;
    if (n % 2 == 0) return false;
    for (std::uint64_t d = 3; d * d <= n; d += 2)
        if (n % d == 0) return false;
    return true;
}

/// The greatest prime number of units at or below `count`, stepping down by twos; in bytes.
std::uint64_t prime_size(std::uint64_t count, std::uint64_t unit) noexcept {
    while (!is_prime(count)) count -= 2;
    return count * unit;
}

ByteView bytes_of(const Row& row) noexcept {
    return {reinterpret_cast<const std::uint8_t*>(row.data()), sizeof(Row)};
}

/// Words are little-endian, as the machine's are (asserted in core/base/bytes.hpp).
Row keccak_row(ByteView data) noexcept {
    const Hash512 hash = keccak512(data);
    Row row;
    std::memcpy(row.data(), hash.data(), sizeof row);
    return row;
}

/// Keccak-512 of the seal hash and the nonce's bytes from the last to the first.
Row seal_row(const Hash256& seal_hash, std::uint64_t nonce) noexcept {
    std::array<std::uint8_t, 40> data;
    std::ranges::copy(seal_hash.bytes, data.begin());
    store_le64(data.data() + 32, nonce);
    return keccak_row(data);
}

Hash256 value_of(const Row& seal, const Hash256& mix) noexcept {
    std::array<std::uint8_t, 96> data;
    std::memcpy(data.data(), seal.data(), sizeof seal);
    std::ranges::copy(mix.bytes, data.begin() + 64);
    return keccak256(data);
}

}  // namespace

std::uint64_t ethash_cache_size(std::uint64_t epoch) noexcept {
    return prime_size((kCacheBytesInit + kCacheBytesGrowth * epoch) / kHashBytes - 1, kHashBytes);
}

std::uint64_t ethash_full_size(std::uint64_t epoch) noexcept {
    return prime_size((kFullBytesInit + kFullBytesGrowth * epoch) / kMixBytes - 1, kMixBytes);
}

Hash256 ethash_seed(std::uint64_t epoch) noexcept {
    Hash256 seed;
    for (std::uint64_t i = 0; i < epoch; ++i) seed = keccak256(seed);
    return seed;
}

Hash256 ethash_value(const Hash256& seal_hash, std::uint64_t nonce, const Hash256& mix) noexcept {
    return value_of(seal_row(seal_hash, nonce), mix);
}

EthashCache::EthashCache(std::uint64_t epoch) : epoch_{epoch}, full_size_{ethash_full_size(epoch)} {
    CAIRN_ASSERT(epoch < kEthashEpochsMax);
    const std::size_t count = ethash_cache_size(epoch) / kHashBytes;
    rows_.resize(count);
    rows_[0] = keccak_row(ethash_seed(epoch));
    for (std::size_t i = 1; i < count; ++i) rows_[i] = keccak_row(bytes_of(rows_[i - 1]));
    // RandMemoHash (Lerner 2014): each row from its neighbour and one that its own content names.
    for (int round = 0; round < kCacheRounds; ++round)
        for (std::size_t i = 0; i < count; ++i) {
            Row mixed = rows_[i == 0 ? count - 1 : i - 1];
            const Row& other = rows_[rows_[i][0] % count];
            for (std::size_t w = 0; w < mixed.size(); ++w) mixed[w] ^= other[w];
            rows_[i] = keccak_row(bytes_of(mixed));
        }
}

/// Items side by side: each is a chain of look-ups that wait for memory, and the processor waits
/// for several chains at once.
template <std::size_t N>
void EthashCache::dataset_items(std::uint32_t first, std::array<Row, N>& out) const noexcept {
    const Remainder row_of{static_cast<std::uint32_t>(rows_.size())};
    for (std::uint32_t i = 0; i < N; ++i) {
        out[i] = rows_[row_of(first + i)];
        out[i][0] ^= first + i;
        out[i] = keccak_row(bytes_of(out[i]));
    }
    for (std::uint32_t parent = 0; parent < kParents; ++parent)
        for (std::uint32_t i = 0; i < N; ++i) {
            Row& mix = out[i];
            const Row& other = rows_[row_of(fnv((first + i) ^ parent, mix[parent % mix.size()]))];
            for (std::size_t w = 0; w < mix.size(); ++w) mix[w] = fnv(mix[w], other[w]);
        }
    for (Row& mix : out) mix = keccak_row(bytes_of(mix));
}

Row EthashCache::dataset_item(std::uint32_t index) const noexcept {
    std::array<Row, 1> out;
    dataset_items(index, out);
    return out[0];
}

void EthashCache::dataset_range(std::uint32_t first, std::span<Row> out) const noexcept {
    std::size_t done = 0;
    std::array<Row, kItemsAtATime> some;
    for (; out.size() - done >= some.size(); done += some.size()) {
        dataset_items(first + static_cast<std::uint32_t>(done), some);
        std::ranges::copy(some, out.begin() + static_cast<std::ptrdiff_t>(done));
    }
    for (; done < out.size(); ++done) out[done] = dataset_item(first + static_cast<std::uint32_t>(done));
}

EthashResult EthashCache::hash(const Hash256& seal_hash, std::uint64_t nonce) const noexcept {
    constexpr std::size_t kMixWords = kMixBytes / sizeof(std::uint32_t);
    constexpr std::size_t kRows = kMixBytes / kHashBytes;
    const Row seal = seal_row(seal_hash, nonce);
    std::array<std::uint32_t, kMixWords> mix;
    for (std::size_t w = 0; w < kMixWords; ++w) mix[w] = seal[w % seal.size()];
    const auto pages = static_cast<std::uint32_t>(full_size_ / kMixBytes);
    for (std::uint32_t access = 0; access < kAccesses; ++access) {
        const std::uint32_t page = fnv(access ^ seal[0], mix[access % kMixWords]) % pages;
        std::array<Row, kRows> items;
        dataset_items(page * static_cast<std::uint32_t>(kRows), items);
        for (std::size_t w = 0; w < kMixWords; ++w)
            mix[w] = fnv(mix[w], items[w / seal.size()][w % seal.size()]);
    }
    Hash256 compressed;
    for (std::size_t w = 0; w < kMixWords; w += 4)
        store_le32(compressed.data() + w,
                   fnv(fnv(fnv(mix[w], mix[w + 1]), mix[w + 2]), mix[w + 3]));
    return {.mix = compressed, .value = value_of(seal, compressed)};
}

}  // namespace cairn
