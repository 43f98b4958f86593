// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>

#include "chain/trie/nibbles.hpp"
#include "chain/trie/node_store.hpp"
#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"
#include "core/types/ids.hpp"

namespace cairn::chain {

/// What one key of a trie becomes.
struct TrieEdit {
    Nibbles key;
    /// The value; empty deletes the key (and does nothing where it is absent).
    ByteView value;
    /// Where the caller reads the value the key had, if he asks: when the key is present,
    /// `carry_over` of the update is called with that value and with `patch`, which is `value` as
    /// writable memory. Empty: not asked.
    std::span<std::uint8_t> patch{};
};

/// Called for edits with a `patch` whose key is present: may change bytes of `patch` (not its
/// length) after looking at the value before. The account trie keeps a storage root in this way. A
/// plain function: called from any thread.
using CarryOver = void (*)(ByteView before, std::span<std::uint8_t> patch);

/// How an update runs.
struct TrieUpdateOptions {
    CarryOver carry_over = nullptr;
    /// Spreads the 16 subtrees below the root over threads where there are at least
    /// kParallelEditsMin edits. Reading is spread only over a store that allows it; hashing always.
    ParallelFor parallel{};
};

/// Fewer edits than this are not worth waking another thread (measured by bench/trie.cpp).
inline constexpr std::size_t kParallelEditsMin = 128;

/// Root of a trie after `edits`, and the rows that change. Reads only nodes on the paths of the
/// edits, and the last sibling of what is deleted; encodes each changed node once and hashes them
/// level by level.
///
/// @param store    the trie before; not written
/// @param edits    sorted by key, each key once (asserted)
/// @param changes  set to the rows to write, in order of path. What is written and what is there
/// afterwards equals a
///                 trie built afresh from the same entries
/// @return         the root after; MissingNode or MalformedNode where the store does not hold a
/// trie on these paths
/// @throws SystemError from the store
[[nodiscard]] Result<Hash256, TrieError> update_trie(const NodeStore& store, const TrieOwner& owner,
                                                     std::span<const TrieEdit> edits,
                                                     NodeChanges& changes,
                                                     const TrieUpdateOptions& options = {});

/// Root of the trie in the store: the hash of the row at the empty path, kEmptyTrieRoot where there
/// is none.
[[nodiscard]] Hash256 stored_root(const NodeStore& store, const TrieOwner& owner);

}  // namespace cairn::chain
