// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <cstring>

#include "chain/store/schema.hpp"
#include "core/base/bytes.hpp"

namespace cairn::chain {

/// Bytes of checksum behind each value.
inline constexpr std::size_t kRowChecksumBytes = 4;

/// Checksum of a row against accidents of disk, memory and cable: LMDB keeps none of its own. Folds
/// eight bytes at a time with a 64 by 64 bit multiplication; a damaged row passes with a chance of
/// 2^-32. Not a defence against somebody who writes the file on purpose. Pure; any thread.
[[nodiscard]] inline std::uint32_t row_checksum(Table table, ByteView key,
                                                ByteView value) noexcept {
    __extension__ using U128 = unsigned __int128;
    const auto fold = [](std::uint64_t h, std::uint64_t word) {
        // The odd constant keeps a word that equals h from making a zero, which would swallow h.
        const U128 p = static_cast<U128>(h ^ word) * 0xd6e8feb86659fd93ULL;
        return static_cast<std::uint64_t>(p) ^ static_cast<std::uint64_t>(p >> 64) ^
               0x9e3779b97f4a7c15ULL;
    };
    const auto fold_all = [&](std::uint64_t h, ByteView bytes) {
        std::size_t i = 0;
        for (; i + 8 <= bytes.size(); i += 8) h = fold(h, load_le64(bytes.data() + i));
        if (i < bytes.size()) {
            std::uint64_t tail = 0;
            std::memcpy(&tail, bytes.data() + i, bytes.size() - i);
            h = fold(h, tail);
        }
        return fold(h, bytes.size());
    };
    std::uint64_t h = fold_all(static_cast<std::uint64_t>(table) + 1, key);
    h = fold_all(h, value);
    return static_cast<std::uint32_t>(h ^ (h >> 32));
}

}  // namespace cairn::chain
