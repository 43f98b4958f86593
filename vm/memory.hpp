// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

namespace cairn::vm {

/// Largest offset + size that an instruction may touch, in bytes. Gas makes more impossible in any block (2^32 bytes cost
/// about 3.5·10^13 gas); with absurd gas it is an out-of-gas, so that one call cannot take the host's memory.
inline constexpr std::uint64_t kMemoryBytesMax = std::uint64_t{1} << 32;

/// One zeroed stretch of address space for the memories of all frames of an execution, each frame's behind its caller's.
///
/// Address space is reserved once and backed by pages on first touch, so memory never moves and growing needs no copy.
/// What a frame touched is cleared when it ends; large stretches are given back to the system.
class MemoryArena {
  public:
    /// Throws SystemError when the address space is refused.
    MemoryArena();
    ~MemoryArena();
    MemoryArena(const MemoryArena&) = delete;
    MemoryArena& operator=(const MemoryArena&) = delete;

    [[nodiscard]] std::uint8_t* data() const noexcept { return data_; }
    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

    /// Makes [begin, begin + size) read as zero again.
    static void clear(std::uint8_t* begin, std::size_t size) noexcept;

  private:
    std::uint8_t* data_ = nullptr;
    std::size_t capacity_ = 0;
};

}  // namespace cairn::vm
