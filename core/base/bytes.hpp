// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace cairn {

/// Owned bytes of any length.
using Bytes = std::vector<std::uint8_t>;

/// Read-only view of bytes; does not own, must not outlive what it looks at. Passed by value.
using ByteView = std::span<const std::uint8_t>;

/// The bytes of a text, without its terminator.
[[nodiscard]] inline ByteView as_bytes(std::string_view text) noexcept {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// The text whose characters are these bytes (no encoding is checked).
[[nodiscard]] inline std::string_view as_text(ByteView bytes) noexcept {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// A copy of the bytes behind a view.
[[nodiscard]] inline Bytes to_bytes(ByteView view) { return {view.begin(), view.end()}; }

/// Same length and same bytes. Not constant time: secrets use core/crypto/secret.hpp.
[[nodiscard]] inline bool equal(ByteView a, ByteView b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

/// Appends `tail` to `out`.
inline void append(Bytes& out, ByteView tail) { out.insert(out.end(), tail.begin(), tail.end()); }

/// Big- and little-endian loads and stores of fixed width; `p` need not be aligned.
[[nodiscard]] inline std::uint64_t load_be64(const std::uint8_t* p) noexcept {
    std::uint64_t x;
    std::memcpy(&x, p, sizeof x);
    return __builtin_bswap64(x);
}
[[nodiscard]] inline std::uint32_t load_be32(const std::uint8_t* p) noexcept {
    std::uint32_t x;
    std::memcpy(&x, p, sizeof x);
    return __builtin_bswap32(x);
}
[[nodiscard]] inline std::uint64_t load_le64(const std::uint8_t* p) noexcept {
    std::uint64_t x;
    std::memcpy(&x, p, sizeof x);
    return x;
}
[[nodiscard]] inline std::uint32_t load_le32(const std::uint8_t* p) noexcept {
    std::uint32_t x;
    std::memcpy(&x, p, sizeof x);
    return x;
}
inline void store_be64(std::uint8_t* p, std::uint64_t x) noexcept {
    x = __builtin_bswap64(x);
    std::memcpy(p, &x, sizeof x);
}
inline void store_be32(std::uint8_t* p, std::uint32_t x) noexcept {
    x = __builtin_bswap32(x);
    std::memcpy(p, &x, sizeof x);
}
inline void store_le64(std::uint8_t* p, std::uint64_t x) noexcept { std::memcpy(p, &x, sizeof x); }
inline void store_le32(std::uint8_t* p, std::uint32_t x) noexcept { std::memcpy(p, &x, sizeof x); }

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
              "loads and stores above assume a little-endian machine");

}  // namespace cairn
