// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/base/bytes.hpp"
#include "core/base/fixed_bytes.hpp"
#include "core/types/ids.hpp"

namespace cairn {

/// A 64-byte hash: Keccak-512.
using Hash512 = FixedBytes<64, struct Hash512Tag>;

/// Bytes that Keccak-256 absorbs per permutation: 1600 bits less twice the output.
inline constexpr std::size_t kKeccak256Rate = 136;

/// Keccak-256 of nothing: the code hash of an account without code (Yellow Paper, section 4.1).
inline constexpr Hash256 kEmptyKeccak{std::array<std::uint8_t, 32>{
    0xc5, 0xd2, 0x46, 0x01, 0x86, 0xf7, 0x23, 0x3c, 0x92, 0x7e, 0x7d, 0xb2, 0xdc, 0xc7, 0x03, 0xc0,
    0xe5, 0x00, 0xb6, 0x53, 0xca, 0x82, 0x27, 0x3b, 0x7b, 0xfa, 0xd8, 0x04, 0x5d, 0x85, 0xa4, 0x70}};

/// Keccak-256 with the padding of the Keccak submission (domain byte 0x01, not the 0x06 of FIPS 202), which is KEC of
/// the Yellow Paper. Pure; any thread; no heap.
[[nodiscard]] Hash256 keccak256(ByteView data) noexcept;

/// Keccak-512 with the same padding (Yellow Paper, appendix J: KEC512). Pure; any thread; no heap.
[[nodiscard]] Hash512 keccak512(ByteView data) noexcept;

/// Keccak-256 of each input: `out[i] = keccak256(inputs[i])`. The spans have the same length (asserted). Inputs with
/// equal counts of 136-byte blocks that stand side by side are hashed together where the processor has wide vectors;
/// sort by length to gain most. Pure; any thread; no heap.
void keccak256_batch(std::span<const ByteView> inputs, std::span<Hash256> out) noexcept;

/// Keccak-256 over data that arrives in pieces. One thread at a time.
class Keccak256 {
  public:
    /// Appends to the message.
    Keccak256& update(ByteView data) noexcept;

    /// The hash of everything appended since construction or the last `finish`; begins a fresh message.
    [[nodiscard]] Hash256 finish() noexcept;

    /// The hash so far, without ending the message (RLPx keeps running MACs in this way).
    [[nodiscard]] Hash256 peek() const noexcept {
        Keccak256 copy{*this};
        return copy.finish();
    }

  private:
    std::array<std::uint64_t, 25> state_{};
    /// Bytes absorbed into the current block, always below kKeccak256Rate.
    std::size_t filled_ = 0;
};

}  // namespace cairn
