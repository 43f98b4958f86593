// SPDX-License-Identifier: MIT
#pragma once

// An update works on the part of the trie that the edits touch, in memory. That part has two kinds
// of node only: leaves and branches, each knowing its full path from the root. Extensions are not
// nodes here: a branch whose path is longer than the place it hangs at is written with an extension
// above it. So no case of "extension meets extension" arises; a branch that loses all children but
// one is replaced by that child, which keeps its path and comes out with whatever extension or leaf
// path its new place needs.
//
// Three steps: `apply` changes the part top-down, loading what it meets; `place` walks what has
// changed and lists the nodes to write, in order of path and by level; `encode` goes through the
// levels from the bottom and hashes each level as a whole. Rows that were read and are neither kept
// nor written are deleted.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "chain/trie/nibbles.hpp"
#include "chain/trie/node.hpp"
#include "chain/trie/node_hasher.hpp"
#include "chain/trie/node_store.hpp"
#include "chain/trie/trie_update.hpp"
#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"

/// What only update_trie uses.
namespace cairn::chain::trie_internal {

using NodeIndex = std::uint32_t;
inline constexpr NodeIndex kNoNode = ~NodeIndex{0};
inline constexpr std::uint32_t kNoRow = ~std::uint32_t{0};
/// `start` of a node that was made here.
inline constexpr std::uint8_t kNoStart = 0xff;

struct Node {
    /// Leaf: its whole key. Branch: the path that leads to it.
    Nibbles key;
    bool is_leaf = false;
    /// Leaf: made here, or another value. Branch: made here, or another child or value.
    bool is_dirty = false;
    /// Depth at which the node, or the extension above it, hung when it was loaded.
    std::uint8_t start = kNoStart;
    /// Row of the leaf, or of the extension above the branch.
    std::uint32_t row = kNoRow;
    /// Row of the branch itself, if it was read.
    std::uint32_t branch_row = kNoRow;
    /// The reference its parent has to it, or to the extension above it. Null for the root.
    const std::uint8_t* ref = nullptr;
    /// Branch: the reference to the branch itself.
    const std::uint8_t* branch_ref = nullptr;
    ByteView value;
    /// Branch: index of its children, kNoNode while they are not read.
    std::uint32_t children = kNoNode;
};

/// A child is absent (both empty), known by its reference only, or a node (perhaps with the
/// reference it had).
struct Children {
    std::array<const std::uint8_t*, 16> refs{};
    std::array<NodeIndex, 16> nodes;
    Children() noexcept { nodes.fill(kNoNode); }

    [[nodiscard]] bool has(std::size_t i) const noexcept {
        return refs[i] != nullptr || nodes[i] != kNoNode;
    }
};

/// A row that was read.
struct LoadedRow {
    Nibbles path;
    bool is_kept = false;
};

/// A node to write.
struct Output {
    enum class Kind : std::uint8_t { Leaf, Extension, Branch };
    Kind kind = Kind::Leaf;
    std::uint8_t start = 0;
    NodeIndex node = kNoNode;
    /// Extension: the reference to its branch.
    const std::uint8_t* child = nullptr;
    NodeRef* ref = nullptr;
    ByteView encoding;
};

/// Leaves an update from any depth; caught in `Subtree::apply_all`, never seen outside.
struct Stop {
    TrieError error;
};

/// The changing part of a trie below one place: the whole trie, or one child of the root.
class Subtree {
public:
    Subtree(const NodeStore& store, const TrieOwner& owner, std::span<const TrieEdit> edits,
            CarryOver carry_over)
        : store_{store}, owner_{owner}, edits_{edits}, carry_over_{carry_over} {}

    /// Applies the edits to what hangs at `start`; `ref` is its reference, null for nothing. The
    /// root, which has no reference, is given by `root`.
    Result<void, TrieError> apply_all(const Nibbles& start, const std::uint8_t* ref,
                                      ByteView root = {});

    /// Whether anything differs from before.
    [[nodiscard]] bool has_changed() const noexcept {
        return top_ == kNoNode ? !was_empty_ : !is_clean_at(nodes_[top_], start_.size);
    }
    [[nodiscard]] bool is_empty() const noexcept { return top_ == kNoNode; }

    /// Encodes and hashes what has changed and appends the rows, in order. The reference to what
    /// hangs at `start` lives as long as this object; null for nothing.
    const std::uint8_t* finish(NodeChanges& changes);

private:
    Children& children_of(const Node& node) noexcept { return children_[node.children]; }

    /// A node made here.
    NodeIndex make_node(const Nibbles& key, bool is_leaf);
    NodeIndex make_branch(const Nibbles& path);

    /// Whether a node that hangs at depth `start` is what its row there says.
    static bool is_clean_at(const Node& node, std::size_t start) noexcept {
        return !node.is_dirty && node.start == start;
    }

    /// Remembers that a row was read; it goes unless it is kept or written.
    std::uint32_t note_row(const Nibbles& path);

    /// The encoding behind a reference: the row at `path`, or the reference itself.
    ByteView resolve(const std::uint8_t* ref, const Nibbles& path, bool& is_row) const;

    /// The node that hangs at `path` by that reference.
    NodeIndex load(const std::uint8_t* ref, const Nibbles& path);

    /// Makes a node of an encoding that hangs at `path`.
    NodeIndex adopt(ByteView encoding, const std::uint8_t* ref, const Nibbles& path, bool is_row);

    /// Takes over children and value of a branch.
    void read_children(Node& node, const DecodedNode& decoded);

    /// Reads the branch below an extension, if that was not done.
    void open_branch(NodeIndex index);

    /// What becomes of `index` (or nothing) under the edits [lo, hi), whose keys all lead to its
    /// place.
    NodeIndex apply(NodeIndex index, std::size_t lo, std::size_t hi);

    /// Least count of nibbles that `path` shares with the key of an edit that inserts; in sorted
    /// keys the first or the last has it. Deletions off the path delete nothing and do not count.
    std::size_t shared_with_insertions(const Nibbles& path, std::size_t lo,
                                       std::size_t hi) const noexcept;

    /// Hands the edits to the children of an open branch.
    NodeIndex distribute(NodeIndex index, std::size_t lo, std::size_t hi);

    /// Sets or clears the value of a branch.
    void edit_branch_value(Node& branch, const TrieEdit& edit);

    /// Applies the edits to one child and takes note if it changed.
    void apply_child(NodeIndex index, std::uint8_t nibble, std::size_t lo, std::size_t hi);

    /// The child as a node, loaded if need be.
    NodeIndex child(NodeIndex index, std::uint8_t nibble);

    /// A branch needs two of children and value; with fewer it becomes what is left.
    NodeIndex normalise(NodeIndex index);

    /// Shows an edit that asked for it the value before.
    void offer_before(ByteView before, const TrieEdit& edit) const;

    /// The entries of the edits, with the leaf that stood there, as a trie of their own.
    NodeIndex build(NodeIndex leaf, std::size_t lo, std::size_t hi);

    /// Returns whether the leaf stays.
    bool edit_leaf(Node& leaf, const TrieEdit& edit) const;

    /// The leaves scratch_[lo, hi), sorted, as a trie.
    NodeIndex assemble(std::size_t lo, std::size_t hi);

    /// How a node hangs in its parent, and the first level on which the parent can be encoded.
    struct Placed {
        const std::uint8_t* ref;
        std::size_t level;
    };

    void keep(std::uint32_t row) noexcept;

    /// Fills an output and puts it on its level; its reference is there after `encode`.
    NodeRef* list_output(std::size_t output, std::size_t level, Output::Kind kind, NodeIndex node,
                         std::size_t start, const std::uint8_t* child = nullptr);

    /// Takes the next place in the order of paths.
    std::size_t next_output();

    /// Lists what must be written of a node that hangs at depth `start`, and marks the rows that
    /// stay.
    Placed place(NodeIndex index, std::size_t start);

    /// The same for the branch without the extension above it.
    Placed place_branch(NodeIndex index);

    /// Encodes and hashes the outputs, from the lowest level up.
    void encode();

    /// The outputs as rows, and deletions of rows that are neither kept nor written, in order.
    void append_changes(NodeChanges& changes);

    const NodeStore& store_;
    const TrieOwner& owner_;
    std::span<const TrieEdit> edits_;
    CarryOver carry_over_;

    Nibbles start_;
    NodeIndex top_ = kNoNode;
    bool was_empty_ = true;
    std::vector<Node> nodes_;
    std::vector<Children> children_;
    std::vector<LoadedRow> rows_;
    std::vector<NodeIndex> scratch_;
    /// In order of path.
    std::vector<Output> outputs_;
    std::vector<std::vector<std::uint32_t>> levels_;
    ByteArena refs_;
    ByteArena encodings_;
    NodeHasher hasher_;
};

}  // namespace cairn::chain::trie_internal
