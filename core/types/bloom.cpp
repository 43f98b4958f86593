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

/// The three bits of an item. Bit i counts from the end: byte 255 - i/8, bit i mod 8.
std::array<BloomBit, 3> bits_of(ByteView item) noexcept {
    const Hash256 hash = keccak256(item);
    std::array<BloomBit, 3> out{};
    for (std::size_t i = 0; i < 3; ++i) {
        const unsigned bit =
            (static_cast<unsigned>(hash.bytes[2 * i]) << 8 | hash.bytes[2 * i + 1]) % 2048;
        out[i] = {Bloom::kSize - 1 - bit / 8, static_cast<std::uint8_t>(1U << bit % 8)};
    }
    return out;
}

}  // namespace

void bloom_add(Bloom& bloom, ByteView item) {
    for (const BloomBit& bit : bits_of(item)) bloom.bytes[bit.byte] |= bit.mask;
}

void bloom_add(Bloom& bloom, std::span<const Log> logs) {
    for (const Log& log : logs) {
        bloom_add(bloom, log.address.view());
        for (const Hash256& topic : log.topics) bloom_add(bloom, topic.view());
    }
}

void bloom_merge(Bloom& bloom, const Bloom& other) noexcept {
    for (std::size_t i = 0; i < Bloom::kSize; ++i) bloom.bytes[i] |= other.bytes[i];
}

bool bloom_may_contain(const Bloom& bloom, ByteView item) {
    for (const BloomBit& bit : bits_of(item))
        if ((bloom.bytes[bit.byte] & bit.mask) == 0) return false;
    return true;
}

Bloom logs_bloom(std::span<const Log> logs) {
    Bloom bloom;
    bloom_add(bloom, logs);
    return bloom;
}

}  // namespace cairn
