// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "chain/trie/nibbles.hpp"
#include "chain/trie/node.hpp"
#include "core/base/bytes.hpp"
#include "core/types/ids.hpp"

namespace cairn::chain {

/// Receives every node that has a row of its own (see node_store.hpp), once each, children before
/// parents; the view lives during the call.
using NodeSink = std::function<void(const Nibbles& path, ByteView encoding)>;

/// Root of a trie from its entries in order of key, in one pass. Nothing is kept but the branches
/// that are still open and a bounded number of finished nodes; these are hashed together, level by
/// level, so that wide Keccak has work. Memory is kept from one trie to the next. One thread at a
/// time.
class TrieBuilder {
public:
    TrieBuilder();
    ~TrieBuilder();
    TrieBuilder(TrieBuilder&&) noexcept;
    TrieBuilder& operator=(TrieBuilder&&) noexcept;

    /// Where the nodes go besides; none by default. Set between tries.
    void set_sink(NodeSink sink);

    /// The next entry: `key` above all before it, `value` not empty (both asserted). The value is
    /// copied.
    void add(const Nibbles& key, ByteView value);

    /// The root of everything added; begins another trie.
    [[nodiscard]] Hash256 finish();

    /// For a subtree: the reference to the node that holds everything added, as it stands in its
    /// parent's branch, whose path is the first `depth - 1` nibbles of the keys. All keys share
    /// their first `depth` nibbles and there is at least one (asserted). Begins another trie.
    [[nodiscard]] NodeRef finish_subtree(std::size_t depth);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace cairn::chain
