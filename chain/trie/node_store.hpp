// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "chain/trie/nibbles.hpp"
#include "core/base/bytes.hpp"
#include "core/types/ids.hpp"

namespace cairn::chain {

// Nodes are stored under the path that leads to them, not under their hash. A path has one node at
// the head, so a block overwrites in place exactly the rows on the paths it touched, nothing is
// left to collect, no reference counts are kept, and rows that are read together (a node, its
// children, its leaf) stand side by side on disk. History is the business of the change log:
// undoing a block applies the earlier values and computes the root again.
//
// A row holds the node's RLP as it is hashed (Yellow Paper, appendix D), so a row is also an
// element of a proof. Nodes of less than 32 bytes stand inside their parent and have no row; the
// root always has one, unless the trie is empty.

/// Which trie: nothing for the account trie, else Keccak-256 of the address whose storage it is.
using TrieOwner = std::optional<Hash256>;

/// Why nodes that were stored, or given as a proof, cannot be used.
enum class TrieError {
    MissingNode,    ///< a parent refers to a node that its path does not hold
    MalformedNode,  ///< not the RLP of a branch, an extension or a leaf; or a path longer than a
                    ///< key
};

/// Rows of one trie that an update writes: sorted by path in the order of a depth-first walk, each
/// path once. Encodings stand in one buffer.
class NodeChanges {
public:
    /// One row. An empty encoding deletes the path.
    struct Row {
        Nibbles path;
        ByteView encoding;
    };

    [[nodiscard]] std::size_t size() const noexcept { return rows_.size(); }
    [[nodiscard]] bool is_empty() const noexcept { return rows_.empty(); }
    /// Row `i`; its view lives until the next change of this object.
    [[nodiscard]] Row operator[](std::size_t i) const noexcept {
        const Entry& entry = rows_[i];
        return {entry.path, ByteView{data_}.subspan(entry.offset, entry.length)};
    }

    /// Forgets the rows, keeps the memory.
    void clear() noexcept {
        rows_.clear();
        data_.clear();
    }
    /// Appends a row; rows are appended in order of path (asserted).
    void append_row(const Nibbles& path, ByteView encoding);
    /// Appends all rows of `tail`, whose paths follow this object's (asserted).
    void append_rows(const NodeChanges& tail);

private:
    struct Entry {
        Nibbles path;
        std::size_t offset;
        std::size_t length;
    };
    std::vector<Entry> rows_;
    Bytes data_;
};

/// Where the nodes of the account trie and of every storage trie at the head are read from.
class NodeStore {
public:
    virtual ~NodeStore() = default;

    /// The node at `path` of the trie of `owner`; empty where there is none. The view lives until
    /// the store is written.
    /// @throws SystemError when the machine fails
    [[nodiscard]] virtual ByteView load(const TrieOwner& owner, const Nibbles& path) const = 0;

    /// Whether `load` may be called from several threads at once.
    [[nodiscard]] virtual bool has_concurrent_loads() const noexcept = 0;
};

/// Nodes in memory: for tests, state tests and tries of one block. Loads from any thread while
/// nobody writes.
class MemoryNodeStore final : public NodeStore {
public:
    [[nodiscard]] ByteView load(const TrieOwner& owner, const Nibbles& path) const override;
    [[nodiscard]] bool has_concurrent_loads() const noexcept override { return true; }

    /// Sets or, with an empty encoding, deletes one row.
    void put(const TrieOwner& owner, const Nibbles& path, ByteView encoding);
    /// Writes the rows of one update.
    void apply(const TrieOwner& owner, const NodeChanges& changes);
    /// Deletes every row of one trie.
    void wipe(const TrieOwner& owner);
    /// Count of rows of one trie.
    [[nodiscard]] std::size_t size(const TrieOwner& owner) const;
    /// A copy of all rows of one trie, in order of path.
    [[nodiscard]] std::map<Nibbles, Bytes> rows(const TrieOwner& owner) const;

private:
    using Rows = std::unordered_map<Nibbles, Bytes, NibblesHash>;
    /// The rows of one trie; null where it has none.
    [[nodiscard]] const Rows* find(const TrieOwner& owner) const;

    Rows accounts_;
    std::unordered_map<Hash256, Rows> storages_;
};

/// Runs job(0) to job(count - 1) in any order, perhaps at the same time, and returns after the
/// last; an exception of a job reaches the caller. A job may call it again. An empty function
/// means: one after another on the calling thread.
using ParallelFor =
    std::function<void(std::size_t count, const std::function<void(std::size_t)>& job)>;

/// Runs the jobs through `parallel`, or here where it is empty.
inline void run_parallel(const ParallelFor& parallel, std::size_t count,
                         const std::function<void(std::size_t)>& job) {
    if (parallel && count > 1) {
        parallel(count, job);
    } else {
        for (std::size_t i = 0; i < count; ++i) job(i);
    }
}

}  // namespace cairn::chain
