// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/base/assert.hpp"
#include "core/base/bytes.hpp"
#include "core/base/fixed_bytes.hpp"

namespace cairn::chain {

/// Longest key of a trie, in nibbles: a 32-byte hash.
inline constexpr std::size_t kNibblesMax = 64;

/// A trie key or a path from the root: up to 64 nibbles, two per byte, high nibble first. Nibbles
/// past `size` are zero, so comparing the bytes, then the sizes, is the order of the paths in a
/// depth-first walk (a prefix before what it is a prefix of).
struct Nibbles {
    std::array<std::uint8_t, kNibblesMax / 2> packed{};
    /// Count of nibbles, at most kNibblesMax.
    std::uint8_t size = 0;

    /// The nibbles of a key of at most 32 bytes (asserted).
    [[nodiscard]] static Nibbles from_key(ByteView key) noexcept {
        CAIRN_ASSERT(key.size() <= kNibblesMax / 2);
        Nibbles out;
        if (!key.empty()) std::memcpy(out.packed.data(), key.data(), key.size());
        out.size = static_cast<std::uint8_t>(2 * key.size());
        return out;
    }

    /// Nibble `i`, 0 the first; i < size.
    [[nodiscard]] std::uint8_t operator[](std::size_t i) const noexcept {
        return (i & 1) != 0 ? packed[i / 2] & 0x0f : packed[i / 2] >> 4;
    }

    /// Appends one nibble (its low four bits); size < kNibblesMax (asserted).
    void push(unsigned nibble) noexcept {
        CAIRN_ASSERT(size < kNibblesMax);
        packed[size / 2] |=
            static_cast<std::uint8_t>((size & 1) != 0 ? nibble & 15 : (nibble & 15) << 4);
        ++size;
    }

    /// The first `count` nibbles; count <= size.
    [[nodiscard]] Nibbles prefix(std::size_t count) const noexcept;

    friend bool operator==(const Nibbles& a, const Nibbles& b) noexcept {
        return a.size == b.size && a.packed == b.packed;
    }
    friend bool operator<(const Nibbles& a, const Nibbles& b) noexcept {
        // Word by word: most pairs differ in the first.
        for (std::size_t i = 0; i < kNibblesMax / 2; i += 8) {
            const std::uint64_t x = load_be64(a.packed.data() + i);
            const std::uint64_t y = load_be64(b.packed.data() + i);
            if (x != y) return x < y;
        }
        return a.size < b.size;
    }
};

/// For unordered containers of paths.
struct NibblesHash {
    [[nodiscard]] std::size_t operator()(const Nibbles& path) const noexcept {
        return FixedBytesHash{}(FixedBytes<kNibblesMax / 2, Nibbles>{path.packed}) ^ path.size;
    }
};

/// Count of leading nibbles that `a` and `b` share, at most the shorter one's size.
[[nodiscard]] std::size_t common_prefix(const Nibbles& a, const Nibbles& b) noexcept;

/// Whether `prefix` is a prefix of `path` (or equal to it).
[[nodiscard]] bool starts_with(const Nibbles& path, const Nibbles& prefix) noexcept;

/// Longest hex-prefix form: a flag byte and 64 nibbles.
inline constexpr std::size_t kHexPrefixMax = 1 + kNibblesMax / 2;

/// Writes the nibbles [begin, end) of `key` in hex-prefix form to `out` (room for kHexPrefixMax
/// bytes); begin <= end <= key.size. `is_leaf` sets the terminator flag. Source: Yellow Paper,
/// appendix C.
/// @return count of bytes written: 1 + (end - begin) / 2
std::size_t write_hex_prefix(const Nibbles& key, std::size_t begin, std::size_t end, bool is_leaf,
                             std::uint8_t* out) noexcept;

/// Appends the nibbles of a hex-prefix form to `path`. Pure.
/// @param[out] is_leaf  the terminator flag
/// @return false, with `path` unspecified, for an empty form, a flag above 3, padding that is not
/// zero, or a path that
///         would pass kNibblesMax
[[nodiscard]] bool append_hex_prefix(ByteView form, Nibbles& path, bool& is_leaf) noexcept;

}  // namespace cairn::chain
