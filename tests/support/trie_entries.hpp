// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <vector>

#include "chain/trie/nibbles.hpp"
#include "chain/trie/node_store.hpp"
#include "chain/trie/trie_builder.hpp"
#include "core/base/bytes.hpp"
#include "core/types/ids.hpp"
#include "tests/support/plain_trie.hpp"

namespace cairn::test {

/// Rows of a trie, by path.
using TrieRows = std::map<chain::Nibbles, Bytes>;

/// Root and rows of a fresh build of the entries, whose keys are at most 32 bytes.
[[nodiscard]] inline Hash256 build_trie(const PlainEntries& entries, TrieRows* rows = nullptr) {
    chain::TrieBuilder builder;
    if (rows != nullptr)
        builder.set_sink([rows](const chain::Nibbles& path, ByteView encoding) {
            (*rows)[path] = to_bytes(encoding);
        });
    for (const auto& [key, value] : entries) builder.add(chain::Nibbles::from_key(key), value);
    return builder.finish();
}

/// The rows of a fresh build.
[[nodiscard]] inline TrieRows rows_of(const PlainEntries& entries) {
    TrieRows rows;
    (void)build_trie(entries, &rows);
    return rows;
}

/// A store that holds those rows as the account trie.
[[nodiscard]] inline chain::MemoryNodeStore store_of(const TrieRows& rows) {
    chain::MemoryNodeStore store;
    for (const auto& [path, encoding] : rows) store.put(std::nullopt, path, encoding);
    return store;
}

/// A key of `size` bytes that shares long prefixes with others: most bytes are one of two.
[[nodiscard]] inline Bytes crowded_key(std::mt19937_64& random, std::size_t size) {
    Bytes key(size);
    for (auto& b : key) {
        const std::uint64_t r = random();
        b = r % 4 == 0 ? static_cast<std::uint8_t>(r >> 8)
                       : static_cast<std::uint8_t>(0x10 + 0x11 * (r >> 8 & 1));
    }
    return key;
}

/// 1 to `size_max` bytes.
[[nodiscard]] inline Bytes random_value(std::mt19937_64& random, std::size_t size_max) {
    Bytes value(1 + random() % size_max);
    for (auto& b : value) b = static_cast<std::uint8_t>(random());
    return value;
}

}  // namespace cairn::test
