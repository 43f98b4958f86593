// SPDX-License-Identifier: MIT
#include "chain/trie/nibbles.hpp"

#include <algorithm>
#include <bit>

namespace cairn::chain {

Nibbles Nibbles::prefix(std::size_t count) const noexcept {
    CAIRN_ASSERT(count <= size);
    Nibbles out;
    out.size = static_cast<std::uint8_t>(count);
    std::memcpy(out.packed.data(), packed.data(), (count + 1) / 2);
    if ((count & 1) != 0) out.packed[count / 2] &= 0xf0;
    return out;
}

std::size_t common_prefix(const Nibbles& a, const Nibbles& b) noexcept {
    const std::size_t shorter = std::min(a.size, b.size);
    for (std::size_t i = 0; i < a.packed.size(); i += 8) {
        const std::uint64_t diff = load_be64(a.packed.data() + i) ^ load_be64(b.packed.data() + i);
        if (diff != 0)
            return std::min(shorter, 2 * i + static_cast<std::size_t>(std::countl_zero(diff)) / 4);
    }
    return shorter;
}

bool starts_with(const Nibbles& path, const Nibbles& prefix) noexcept {
    return prefix.size <= path.size && common_prefix(path, prefix) == prefix.size;
}

std::size_t write_hex_prefix(const Nibbles& key, std::size_t begin, std::size_t end, bool is_leaf,
                             std::uint8_t* out) noexcept {
    CAIRN_ASSERT(begin <= end && end <= key.size);
    const std::size_t count = end - begin;
    const std::uint8_t flag = is_leaf ? 0x20 : 0x00;
    std::size_t i = begin;
    if ((count & 1) != 0)
        out[0] = static_cast<std::uint8_t>(flag | 0x10 | key[i++]);
    else
        out[0] = flag;
    const std::size_t pairs = count / 2;
    if ((i & 1) == 0) {
        std::memcpy(out + 1, key.packed.data() + i / 2, pairs);
    } else {
        const std::uint8_t* from = key.packed.data() + i / 2;
        for (std::size_t k = 0; k < pairs; ++k)
            out[1 + k] = static_cast<std::uint8_t>(from[k] << 4 | from[k + 1] >> 4);
    }
    return 1 + pairs;
}

bool append_hex_prefix(ByteView form, Nibbles& path, bool& is_leaf) noexcept {
    if (form.empty() || form[0] > 0x3f) return false;
    is_leaf = (form[0] & 0x20) != 0;
    const bool is_odd = (form[0] & 0x10) != 0;
    if (!is_odd && (form[0] & 0x0f) != 0) return false;
    const std::size_t count = 2 * (form.size() - 1) + (is_odd ? 1 : 0);
    if (count > kNibblesMax - path.size) return false;
    if (is_odd) path.push(form[0] & 0x0f);
    const ByteView pairs = form.subspan(1);
    if ((path.size & 1) == 0) {
        if (!pairs.empty())
            std::memcpy(path.packed.data() + path.size / 2, pairs.data(), pairs.size());
        path.size = static_cast<std::uint8_t>(path.size + 2 * pairs.size());
    } else {
        for (const std::uint8_t pair : pairs) {
            path.push(pair >> 4);
            path.push(pair & 0x0f);
        }
    }
    return true;
}

}  // namespace cairn::chain
