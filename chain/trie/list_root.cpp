// SPDX-License-Identifier: MIT
#include "chain/trie/list_root.hpp"

#include <algorithm>
#include <array>

#include "chain/trie/node.hpp"
#include "chain/trie/trie_builder.hpp"

namespace cairn::chain {
namespace {

/// rlp(index) as a key: the shortest big-endian form with its header, 0x80 for 0.
Nibbles list_key(std::size_t index) noexcept {
    std::array<std::uint8_t, 8> be;
    store_be64(be.data(), index);
    std::size_t skip = 0;
    while (skip < be.size() && be[skip] == 0) ++skip;
    std::array<std::uint8_t, 9> key;
    const auto* end = write_rlp_string(ByteView{be}.subspan(skip), key.data());
    return Nibbles::from_key({key.data(), end});
}

/// Calls add(i) for each index in the order of its key. rlp(0) is 0x80 and so stands after 1 to
/// 127, which are their own encoding, and before all others.
template <class Add>
void in_key_order(std::size_t count, const Add& add) {
    const std::size_t single = std::min<std::size_t>(count, 128);
    for (std::size_t i = 1; i < single; ++i) add(i);
    if (count > 0) add(std::size_t{0});
    for (std::size_t i = 128; i < count; ++i) add(i);
}

template <class Items>
Hash256 root_of(const Items& items) {
    TrieBuilder builder;
    in_key_order(items.size(), [&](std::size_t i) { builder.add(list_key(i), items[i]); });
    return builder.finish();
}

}  // namespace

Hash256 list_root(std::span<const Bytes> items) {
    return root_of(items);
}

Hash256 list_root(std::span<const ByteView> items) {
    return root_of(items);
}

Hash256 list_root(std::size_t count, const EncodeItem& encode) {
    TrieBuilder builder;
    Bytes scratch;
    in_key_order(count, [&](std::size_t i) {
        scratch.clear();
        encode(i, scratch);
        builder.add(list_key(i), scratch);
    });
    return builder.finish();
}

}  // namespace cairn::chain
