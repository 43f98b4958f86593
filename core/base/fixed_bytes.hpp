// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

#include "core/base/assert.hpp"
#include "core/base/bytes.hpp"

namespace cairn {

/// Exactly N bytes whose meaning is `Tag`. Two tags over the same length are two types: crossing between them is
/// spelled out with `as<Other>()`, so that a block hash is never taken for a transaction hash by accident.
///
/// Value-initialised to zero bytes; ordered lexicographically (big-endian order).
template <std::size_t N, class Tag>
struct FixedBytes {
    static constexpr std::size_t kSize = N;

    std::array<std::uint8_t, N> bytes{};

    constexpr FixedBytes() noexcept = default;
    constexpr explicit FixedBytes(const std::array<std::uint8_t, N>& b) noexcept : bytes{b} {}

    /// Copies a view of exactly N bytes; any other length is our own mistake (asserted). Input from outside is
    /// checked for its length before.
    [[nodiscard]] static FixedBytes from(ByteView view) noexcept {
        CAIRN_ASSERT(view.size() == N);
        FixedBytes out;
        std::memcpy(out.bytes.data(), view.data(), N);
        return out;
    }

    /// The same bytes under another meaning of the same length.
    template <class Other>
    [[nodiscard]] constexpr Other as() const noexcept {
        static_assert(Other::kSize == N);
        return Other{bytes};
    }

    [[nodiscard]] constexpr std::uint8_t* data() noexcept { return bytes.data(); }
    [[nodiscard]] constexpr const std::uint8_t* data() const noexcept { return bytes.data(); }
    [[nodiscard]] static constexpr std::size_t size() noexcept { return N; }
    [[nodiscard]] constexpr auto begin() const noexcept { return bytes.begin(); }
    [[nodiscard]] constexpr auto end() const noexcept { return bytes.end(); }
    [[nodiscard]] ByteView view() const noexcept { return {bytes.data(), N}; }
    operator ByteView() const noexcept { return view(); }  // NOLINT: reading as bytes loses nothing

    [[nodiscard]] bool is_zero() const noexcept {
        for (const auto b : bytes)
            if (b != 0) return false;
        return true;
    }

    friend bool operator==(const FixedBytes& a, const FixedBytes& b) noexcept {
        return std::memcmp(a.bytes.data(), b.bytes.data(), N) == 0;
    }
    friend std::strong_ordering operator<=>(const FixedBytes& a, const FixedBytes& b) noexcept {
        return std::memcmp(a.bytes.data(), b.bytes.data(), N) <=> 0;
    }
};

/// Hash for unordered containers: folds the words with multiplications, so that keys chosen by an outsider with a
/// common prefix or suffix (addresses, storage keys) still spread. Not a defence against chosen collisions of its own;
/// containers over outsiders' keys bound their size.
struct FixedBytesHash {
    template <std::size_t N, class Tag>
    [[nodiscard]] std::size_t operator()(const FixedBytes<N, Tag>& key) const noexcept {
        std::uint64_t h = 0x9e3779b97f4a7c15ULL;
        std::size_t i = 0;
        for (; i + 8 <= N; i += 8) h = mix(h ^ load_le64(key.bytes.data() + i));
        std::uint64_t tail = 0;
        if constexpr (N % 8 != 0) {
            std::memcpy(&tail, key.bytes.data() + i, N % 8);
            h = mix(h ^ tail);
        }
        return h;
    }

  private:
    static std::uint64_t mix(std::uint64_t x) noexcept {
        __extension__ using U128 = unsigned __int128;
        const U128 p = static_cast<U128>(x) * 0xd6e8feb86659fd93ULL;
        return static_cast<std::uint64_t>(p) ^ static_cast<std::uint64_t>(p >> 64);
    }
};

}  // namespace cairn

template <std::size_t N, class Tag>
struct std::hash<cairn::FixedBytes<N, Tag>> : cairn::FixedBytesHash {};
