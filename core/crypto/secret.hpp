// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/base/assert.hpp"
#include "core/base/bytes.hpp"

namespace cairn {

/// Overwrites memory with zeros in a way that the compiler may not drop, although nothing reads it afterwards.
inline void wipe(std::span<std::uint8_t> bytes) noexcept {
    if (!bytes.empty()) std::memset(bytes.data(), 0, bytes.size());
    // The barrier makes the zeros observable, so that the store is not dead.
    __asm__ __volatile__("" : : "r"(bytes.data()) : "memory");
}

/// Same length and same bytes; the time taken depends on the lengths only.
[[nodiscard]] inline bool equal_constant_time(ByteView a, ByteView b) noexcept {
    if (a.size() != b.size()) return false;
    std::uint8_t difference = 0;
    for (std::size_t i = 0; i < a.size(); ++i) difference = static_cast<std::uint8_t>(difference | (a[i] ^ b[i]));
    __asm__ __volatile__("" : "+r"(difference));
    return difference == 0;
}

/// N secret bytes: a private key, a derived key, a shared secret.
///
/// Wiped on destruction and when moved from; not printable; copied only by the spelled-out `clone()`; compared in
/// constant time. The bytes are reached only through `reveal()`, so that every use can be searched for.
template <std::size_t N>
class Secret {
  public:
    static constexpr std::size_t kSize = N;

    /// N zero bytes.
    Secret() noexcept = default;

    /// Copies exactly N bytes; any other length is our own mistake (asserted). The source is left as it is.
    [[nodiscard]] static Secret from(ByteView view) noexcept {
        CAIRN_ASSERT(view.size() == N);
        Secret out;
        std::memcpy(out.bytes_.data(), view.data(), N);
        return out;
    }

    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    Secret(Secret&& other) noexcept : bytes_{other.bytes_} { wipe(other.bytes_); }
    Secret& operator=(Secret&& other) noexcept {
        if (this != &other) {
            bytes_ = other.bytes_;
            wipe(other.bytes_);
        }
        return *this;
    }
    ~Secret() { wipe(bytes_); }

    /// A second holder of the same bytes.
    [[nodiscard]] Secret clone() const noexcept { return from(bytes_); }

    /// The bytes, for a computation that needs them. The view must not outlive this object.
    [[nodiscard]] ByteView reveal() const noexcept { return bytes_; }
    /// The bytes, to be filled in place by what produces them.
    [[nodiscard]] std::span<std::uint8_t, N> reveal_mutable() noexcept { return bytes_; }

    friend bool operator==(const Secret& a, const Secret& b) noexcept {
        return equal_constant_time(a.bytes_, b.bytes_);
    }

  private:
    std::array<std::uint8_t, N> bytes_{};
};

}  // namespace cairn
