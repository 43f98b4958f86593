// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "core/base/bytes.hpp"
#include "core/types/ids.hpp"

namespace cairn {

struct Log;

/// The 2048-bit Bloom filter of a header or receipt, 256 bytes; bit 0 is the lowest bit of the last
/// byte.
using Bloom = FixedBytes<256, struct BloomTag>;

/// Sets the three bits of an item: each of the first three byte pairs of keccak256(item),
/// big-endian, modulo 2048 (M3:2048, Yellow Paper section 4.3.1).
void bloom_add(Bloom& bloom, ByteView item);

/// Adds each log's address and topics.
void bloom_add(Bloom& bloom, std::span<const Log> logs);

/// The union of two filters, left in `bloom`.
void bloom_merge(Bloom& bloom, const Bloom& other) noexcept;

/// Whether the item may have been added: false is certain, true is not.
[[nodiscard]] bool bloom_may_contain(const Bloom& bloom, ByteView item);

/// The filter of some logs alone.
[[nodiscard]] Bloom logs_bloom(std::span<const Log> logs);

}  // namespace cairn
