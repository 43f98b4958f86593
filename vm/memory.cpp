// SPDX-License-Identifier: MIT
#include "vm/memory.hpp"

#include <sys/mman.h>

#include <cstring>

#include "core/base/system_error.hpp"

namespace cairn::vm {
namespace {

// Twice the largest single memory, so that a caller at the bound can still call. Where the system grants less address
// space (a limit on it, strict overcommit), half is asked for again and again.
constexpr std::size_t kReserveBytes = std::size_t{2} << 32;
constexpr std::size_t kReserveBytesMin = std::size_t{64} << 20;

// From here on, unmapping the pages is cheaper than writing zeros over them.
constexpr std::size_t kReleaseBytes = std::size_t{4} << 20;
constexpr std::uintptr_t kPageBytes = 4096;

}  // namespace

MemoryArena::MemoryArena() {
    for (std::size_t size = kReserveBytes; size >= kReserveBytesMin; size /= 2) {
        void* p = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (p != MAP_FAILED) {
            data_ = static_cast<std::uint8_t*>(p);
            capacity_ = size;
            return;
        }
    }
    throw SystemError("cannot reserve address space for contract memory");
}

MemoryArena::~MemoryArena() { ::munmap(data_, capacity_); }

void MemoryArena::clear(std::uint8_t* begin, std::size_t size) noexcept {
    if (size >= kReleaseBytes) {
        const auto first = (reinterpret_cast<std::uintptr_t>(begin) + kPageBytes - 1) & ~(kPageBytes - 1);
        const auto last = reinterpret_cast<std::uintptr_t>(begin + size) & ~(kPageBytes - 1);
        auto* const aligned = reinterpret_cast<std::uint8_t*>(first);
        auto* const aligned_end = reinterpret_cast<std::uint8_t*>(last);
        if (::madvise(aligned, last - first, MADV_DONTNEED) == 0) {
            std::memset(begin, 0, static_cast<std::size_t>(aligned - begin));
            std::memset(aligned_end, 0, static_cast<std::size_t>(begin + size - aligned_end));
            return;
        }
    }
    std::memset(begin, 0, size);
}

}  // namespace cairn::vm
