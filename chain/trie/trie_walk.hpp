// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "chain/trie/nibbles.hpp"
#include "chain/trie/node_store.hpp"
#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"

namespace cairn::chain {

/// An entry of a trie.
struct TrieEntry {
    Nibbles key;
    Bytes value;
};

/// The entry with the least key above `key`; nothing if there is none. Reads the rows on the way
/// only.
/// @return MissingNode or MalformedNode where the store does not hold a trie on the way
/// @throws SystemError from the store
[[nodiscard]] Result<std::optional<TrieEntry>, TrieError> find_next(const NodeStore& store,
                                                                    const TrieOwner& owner,
                                                                    const Nibbles& key);

/// The entry with the greatest key below `key`, in the same way.
[[nodiscard]] Result<std::optional<TrieEntry>, TrieError> find_previous(const NodeStore& store,
                                                                        const TrieOwner& owner,
                                                                        const Nibbles& key);

/// The entry at or after the empty key, in the same way: with find_next, a walk over all entries in
/// order.
[[nodiscard]] Result<std::optional<TrieEntry>, TrieError> find_first(const NodeStore& store,
                                                                     const TrieOwner& owner);

}  // namespace cairn::chain
