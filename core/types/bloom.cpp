// SPDX-License-Identifier: MIT
#include "core/types/bloom.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/crypto/keccak.hpp"
#include "core/types/receipt.hpp"

namespace cairn {
namespace {

struct BloomBit {
    std::size_t byte;
    std::uint8_t mask;
};

/// The three bits of an item by its hash. Bit i counts from the end: byte 255 - i/8, bit i mod 8.
std::array<BloomBit, 3> bits_of(const Hash256& hash) noexcept {
    std::array<BloomBit, 3> out{};
    for (std::size_t i = 0; i < 3; ++i) {
        const unsigned bit =
            (static_cast<unsigned>(hash.bytes[2 * i]) << 8 | hash.bytes[2 * i + 1]) % 2048;
        out[i] = {Bloom::kSize - 1 - bit / 8, static_cast<std::uint8_t>(1U << bit % 8)};
    }
    return out;
}

void add_hash(Bloom& bloom, const Hash256& hash) noexcept {
    for (const BloomBit& bit : bits_of(hash)) bloom.bytes[bit.byte] |= bit.mask;
}

/// Collects items and hashes them together: addresses and topics are all one Keccak block long.
class BatchAdder {
public:
    explicit BatchAdder(Bloom& bloom) noexcept : bloom_{bloom} {}
    BatchAdder(const BatchAdder&) = delete;
    BatchAdder& operator=(const BatchAdder&) = delete;
    ~BatchAdder() { flush(); }

    /// The item outlives the adder.
    void add(ByteView item) noexcept {
        items_[size_++] = item;
        if (size_ == items_.size()) flush();
    }

private:
    void flush() noexcept {
        std::array<Hash256, kItemsMax> hashes;
        keccak256_batch(std::span{items_}.first(size_), std::span{hashes}.first(size_));
        for (std::size_t i = 0; i < size_; ++i) add_hash(bloom_, hashes[i]);
        size_ = 0;
    }

    /// Enough to fill the widest vectors several times over.
    static constexpr std::size_t kItemsMax = 32;

    Bloom& bloom_;
    std::size_t size_ = 0;
    std::array<ByteView, kItemsMax> items_;
};

}  // namespace

void bloom_add(Bloom& bloom, ByteView item) {
    add_hash(bloom, keccak256(item));
}

void bloom_add(Bloom& bloom, std::span<const Log> logs) {
    BatchAdder adder{bloom};
    for (const Log& log : logs) {
        adder.add(log.address.view());
        for (const Hash256& topic : log.topics) adder.add(topic.view());
    }
}

void bloom_merge(Bloom& bloom, const Bloom& other) noexcept {
    for (std::size_t i = 0; i < Bloom::kSize; ++i) bloom.bytes[i] |= other.bytes[i];
}

bool bloom_may_contain(const Bloom& bloom, ByteView item) {
    for (const BloomBit& bit : bits_of(keccak256(item)))
        if ((bloom.bytes[bit.byte] & bit.mask) == 0) return false;
    return true;
}

Bloom logs_bloom(std::span<const Log> logs) {
    Bloom bloom;
    bloom_add(bloom, logs);
    return bloom;
}

}  // namespace cairn
