// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/assert.hpp"
#include "core/math/uint256.hpp"
#include "core/types/ids.hpp"

namespace cairn::chain {

/// Where the value behind a key of an IndexTable lies: a position in a Slab.
using SlabIndex = std::uint32_t;
inline constexpr SlabIndex kNoIndex = ~SlabIndex{0};

/// Objects at stable addresses, counted from 0. Clearing keeps the memory and the objects (with their own buffers) for
/// reuse, so that after a warm-up nothing is allocated.
template <class T>
class Slab {
  public:
    /// The next object, as its last user left it; the caller sets every field.
    [[nodiscard]] SlabIndex add() {
        CAIRN_ASSERT(size_ < kNoIndex);
        if (size_ == chunks_.size() * kChunkSize) chunks_.push_back(std::make_unique<T[]>(kChunkSize));
        return size_++;
    }
    [[nodiscard]] T& operator[](SlabIndex i) noexcept {
        return chunks_[i / kChunkSize][i % kChunkSize];
    }
    [[nodiscard]] const T& operator[](SlabIndex i) const noexcept {
        return chunks_[i / kChunkSize][i % kChunkSize];
    }
    [[nodiscard]] SlabIndex size() const noexcept { return size_; }
    void clear() noexcept { size_ = 0; }

  private:
    static constexpr SlabIndex kChunkSize = 128;
    std::vector<std::unique_ptr<T[]>> chunks_;
    SlabIndex size_ = 0;
};

/// Open-addressing map from a key's hash to a slab position; the keys themselves lie in the slab, so a bucket takes
/// eight bytes. Linear probing, at most half full, no removal.
class IndexTable {
  public:
    /// Memory for an entry at most, but for a first few: a quarter of the buckets is used at least.
    static constexpr std::size_t kEntryBytesMax = 4 * 8 + 2 * 4;

    /// The position of the entry whose hash is `hash` and for which `same(position)` holds, or kNoIndex.
    template <class Same>
    [[nodiscard]] SlabIndex find(std::uint64_t hash, Same&& same) const noexcept {
        const auto tag = static_cast<std::uint32_t>(hash);
        for (std::size_t i = tag & mask_;; i = (i + 1) & mask_) {
            const Bucket& bucket = buckets_[i];
            if (bucket.index == kNoIndex) return kNoIndex;
            if (bucket.tag == tag && same(bucket.index)) return bucket.index;
        }
    }

    /// Adds an entry that find() does not know.
    void insert(std::uint64_t hash, SlabIndex index) {
        if ((used_.size() + 1) * 2 > buckets_.size()) grow();
        place({static_cast<std::uint32_t>(hash), index});
    }

    /// Forgets all entries, in time proportional to their number; keeps the memory.
    void clear() noexcept {
        for (const auto i : used_) buckets_[i] = {};
        used_.clear();
    }

  private:
    struct Bucket {
        std::uint32_t tag = 0;
        SlabIndex index = kNoIndex;
    };

    void place(Bucket bucket) {
        std::size_t i = bucket.tag & mask_;
        while (buckets_[i].index != kNoIndex) i = (i + 1) & mask_;
        buckets_[i] = bucket;
        used_.push_back(static_cast<std::uint32_t>(i));
    }

    void grow() {
        std::vector<Bucket> old(buckets_.size() * 2);
        old.swap(buckets_);
        mask_ = buckets_.size() - 1;
        std::vector<std::uint32_t> used;
        used.reserve(buckets_.size() / 2);
        used.swap(used_);
        for (const auto i : used) place(old[i]);
    }

    static constexpr std::size_t kFirstSize = 256;
    std::vector<Bucket> buckets_ = std::vector<Bucket>(kFirstSize);
    std::vector<std::uint32_t> used_;
    std::size_t mask_ = kFirstSize - 1;
};

/// Hash of addresses and slots for IndexTable. Keyed with a random number of this process, since whoever sends
/// transactions chooses the keys and could otherwise prepare some that fall together. No result depends on it.
class KeyHasher {
  public:
    KeyHasher() noexcept;

    [[nodiscard]] std::uint64_t operator()(const Address& address) const noexcept {
        const auto* p = address.data();
        return fold(fold(load_le64(p) ^ seed_[0], load_le64(p + 8) ^ seed_[1]) ^ load_le32(p + 16), seed_[2]);
    }
    /// @param account  slab position of the account that has the slot
    [[nodiscard]] std::uint64_t operator()(SlabIndex account, const Uint256& key) const noexcept {
        const auto low = fold(key.limb[0] ^ seed_[0], key.limb[1] ^ seed_[1]);
        const auto high = fold(key.limb[2] ^ seed_[2], key.limb[3] ^ seed_[3]);
        return fold(low ^ account, high ^ seed_[3]);
    }

  private:
    static std::uint64_t fold(std::uint64_t a, std::uint64_t b) noexcept {
        const Uint128 p = static_cast<Uint128>(a) * b;
        return static_cast<std::uint64_t>(p) ^ static_cast<std::uint64_t>(p >> 64);
    }

    std::uint64_t seed_[4];
};

}  // namespace cairn::chain
