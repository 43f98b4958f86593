// SPDX-License-Identifier: MIT
//
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
#include "chain/trie/trie_update.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <utility>
#include <vector>

#include "chain/trie/node.hpp"
#include "chain/trie/node_hasher.hpp"
#include "core/crypto/keccak.hpp"
#include "core/types/account.hpp"

namespace cairn::chain {
namespace {

using NodeIndex = std::uint32_t;
constexpr NodeIndex kNoNode = ~NodeIndex{0};
constexpr std::uint32_t kNoRow = ~std::uint32_t{0};
/// `start` of a node that was made here.
constexpr std::uint8_t kNoStart = 0xff;

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

/// Leaves an update from any depth; caught in `Subtree::run`, never seen outside.
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
                                      ByteView root = {}) {
        try {
            start_ = start;
            if (!root.empty())
                top_ = adopt(root, nullptr, start, true);
            else if (ref != nullptr)
                top_ = load(ref, start);
            was_empty_ = top_ == kNoNode;
            top_ = apply(top_, 0, edits_.size());
        } catch (const Stop& stop) {
            return Unexpected{stop.error};
        }
        return {};
    }

    /// Whether anything differs from before.
    [[nodiscard]] bool has_changed() const noexcept {
        return top_ == kNoNode ? !was_empty_ : !is_clean_at(nodes_[top_], start_.size);
    }
    [[nodiscard]] bool is_empty() const noexcept { return top_ == kNoNode; }

    /// Encodes and hashes what has changed and appends the rows, in order. The reference to what
    /// hangs at `start` lives as long as this object; null for nothing.
    const std::uint8_t* finish(NodeChanges& changes) {
        const std::uint8_t* ref = nullptr;
        if (top_ != kNoNode) ref = place(top_, start_.size).ref;
        encode();
        append_changes(changes);
        return ref;
    }

private:
    Children& children_of(const Node& node) noexcept { return children_[node.children]; }

    NodeIndex make_node(const Nibbles& key, bool is_leaf) {
        Node node;
        node.key = key;
        node.is_leaf = is_leaf;
        node.is_dirty = true;
        nodes_.push_back(node);
        return static_cast<NodeIndex>(nodes_.size() - 1);
    }
    NodeIndex make_branch(const Nibbles& path) {
        const NodeIndex index = make_node(path, false);
        nodes_[index].children = static_cast<std::uint32_t>(children_.size());
        children_.emplace_back();
        return index;
    }

    static bool is_clean_at(const Node& node, std::size_t start) noexcept {
        return !node.is_dirty && node.start == start;
    }

    std::uint32_t note_row(const Nibbles& path) {
        rows_.push_back({path, false});
        return static_cast<std::uint32_t>(rows_.size() - 1);
    }

    /// The encoding behind a reference: the row at `path`, or the reference itself.
    ByteView resolve(const std::uint8_t* ref, const Nibbles& path, bool& is_row) const {
        is_row = ref[0] == kHashItem;
        if (!is_row) return {ref, ref_length(ref)};
        const ByteView row = store_.load(owner_, path);
        if (row.empty()) throw Stop{TrieError::MissingNode};
        return row;
    }

    NodeIndex load(const std::uint8_t* ref, const Nibbles& path) {
        bool is_row = false;
        const ByteView encoding = resolve(ref, path, is_row);
        return adopt(encoding, ref, path, is_row);
    }

    /// Makes a node of an encoding that hangs at `path`.
    NodeIndex adopt(ByteView encoding, const std::uint8_t* ref, const Nibbles& path, bool is_row) {
        DecodedNode decoded;
        if (!decode_node(encoding, decoded)) throw Stop{TrieError::MalformedNode};
        const NodeIndex index = make_node(path, decoded.kind == DecodedNode::Kind::Leaf);
        Node& node = nodes_[index];
        node.is_dirty = false;
        node.start = path.size;
        node.ref = ref;
        const std::uint32_t row = is_row ? note_row(path) : kNoRow;
        if (decoded.kind == DecodedNode::Kind::Branch) {
            node.branch_ref = ref;
            node.branch_row = row;
            read_children(node, decoded);
            return index;
        }
        node.row = row;
        bool is_leaf = false;
        if (!append_hex_prefix(decoded.path_form, node.key, is_leaf))
            throw Stop{TrieError::MalformedNode};
        if (node.is_leaf)
            node.value = decoded.value;
        else
            node.branch_ref = decoded.children[0];
        return index;
    }

    void read_children(Node& node, const DecodedNode& decoded) {
        if (node.key.size == kNibblesMax) throw Stop{TrieError::MalformedNode};
        node.children = static_cast<std::uint32_t>(children_.size());
        children_.emplace_back();
        children_.back().refs = decoded.children;
        node.value = decoded.value;
    }

    /// Reads the branch below an extension, if that was not done.
    void open_branch(NodeIndex index) {
        Node& node = nodes_[index];
        if (node.children != kNoNode) return;
        bool is_row = false;
        const ByteView encoding = resolve(node.branch_ref, node.key, is_row);
        DecodedNode decoded;
        if (!decode_node(encoding, decoded) || decoded.kind != DecodedNode::Kind::Branch)
            throw Stop{TrieError::MalformedNode};
        if (is_row) node.branch_row = note_row(node.key);
        read_children(node, decoded);
    }

    /// What becomes of `index` (or nothing) under the edits [lo, hi), whose keys all lead to its
    /// place.
    NodeIndex apply(NodeIndex index, std::size_t lo, std::size_t hi) {
        if (lo == hi) return index;
        if (index == kNoNode || nodes_[index].is_leaf) return build(index, lo, hi);
        const Nibbles path = nodes_[index].key;
        const std::size_t shared = shared_with_insertions(path, lo, hi);
        if (shared < path.size) {
            // Some key leaves inside the extension: a branch is made there, and this one hangs
            // below it.
            const NodeIndex above = make_branch(path.prefix(shared));
            children_of(nodes_[above]).nodes[path[shared]] = index;
            return distribute(above, lo, hi);
        }
        open_branch(index);
        return distribute(index, lo, hi);
    }

    /// Least count of nibbles that `path` shares with the key of an edit that inserts; in sorted
    /// keys the first or the last has it. Deletions off the path delete nothing and do not count.
    std::size_t shared_with_insertions(const Nibbles& path, std::size_t lo,
                                       std::size_t hi) const noexcept {
        while (lo < hi && edits_[lo].value.empty()) ++lo;
        while (lo < hi && edits_[hi - 1].value.empty()) --hi;
        if (lo == hi) return path.size;
        return std::min(common_prefix(path, edits_[lo].key),
                        common_prefix(path, edits_[hi - 1].key));
    }

    /// Hands the edits to the children of an open branch.
    NodeIndex distribute(NodeIndex index, std::size_t lo, std::size_t hi) {
        const Nibbles path = nodes_[index].key;
        while (lo < hi && !starts_with(edits_[lo].key, path)) ++lo;
        while (lo < hi && !starts_with(edits_[hi - 1].key, path)) --hi;
        if (lo < hi && edits_[lo].key.size == path.size) {
            edit_branch_value(nodes_[index], edits_[lo]);
            ++lo;
        }
        while (lo < hi) {
            const std::uint8_t nibble = edits_[lo].key[path.size];
            std::size_t end = lo + 1;
            while (end < hi && edits_[end].key[path.size] == nibble) ++end;
            apply_child(index, nibble, lo, end);
            lo = end;
        }
        return nodes_[index].is_dirty ? normalise(index) : index;
    }

    void edit_branch_value(Node& branch, const TrieEdit& edit) {
        if (!branch.value.empty()) offer_before(branch.value, edit);
        if (equal(branch.value, edit.value)) return;
        branch.value = edit.value;
        branch.is_dirty = true;
    }

    void apply_child(NodeIndex index, std::uint8_t nibble, std::size_t lo, std::size_t hi) {
        const NodeIndex before = child(index, nibble);
        const NodeIndex after = apply(before, lo, hi);
        Node& branch = nodes_[index];
        Children& children = children_of(branch);
        children.nodes[nibble] = after;
        if (after == kNoNode) {
            branch.is_dirty = branch.is_dirty || before != kNoNode;
            children.refs[nibble] = nullptr;
        } else if (children.refs[nibble] == nullptr ||
                   !is_clean_at(nodes_[after], branch.key.size + 1u)) {
            branch.is_dirty = true;
        }
    }

    /// The child as a node, loaded if need be.
    NodeIndex child(NodeIndex index, std::uint8_t nibble) {
        const Node branch = nodes_[index];
        const Children& children = children_of(branch);
        if (children.nodes[nibble] != kNoNode || children.refs[nibble] == nullptr)
            return children.nodes[nibble];
        Nibbles path = branch.key;
        path.push(nibble);
        const NodeIndex loaded = load(children.refs[nibble], path);
        children_of(nodes_[index]).nodes[nibble] = loaded;
        return loaded;
    }

    /// A branch needs two of children and value; with fewer it becomes what is left.
    NodeIndex normalise(NodeIndex index) {
        const Node branch = nodes_[index];
        const Children& children = children_of(branch);
        std::size_t count = 0;
        std::uint8_t last = 0;
        for (std::uint8_t i = 0; i < 16; ++i) {
            if (!children.has(i)) continue;
            ++count;
            last = i;
        }
        if (count >= 2 || (count == 1 && !branch.value.empty())) return index;
        if (count == 1) return child(index, last);
        if (branch.value.empty()) return kNoNode;
        const NodeIndex leaf = make_node(branch.key, true);
        nodes_[leaf].value = branch.value;
        return leaf;
    }

    void offer_before(ByteView before, const TrieEdit& edit) const {
        if (carry_over_ != nullptr && !edit.patch.empty()) carry_over_(before, edit.patch);
    }

    /// The entries of the edits, with the leaf that stood there, as a trie of their own.
    NodeIndex build(NodeIndex leaf, std::size_t lo, std::size_t hi) {
        const std::size_t base = scratch_.size();
        for (std::size_t i = lo; i < hi; ++i) {
            const TrieEdit& edit = edits_[i];
            if (leaf != kNoNode && !(edit.key < nodes_[leaf].key)) {
                const NodeIndex old = std::exchange(leaf, kNoNode);
                if (nodes_[old].key == edit.key) {
                    if (edit_leaf(nodes_[old], edit)) scratch_.push_back(old);
                    continue;
                }
                scratch_.push_back(old);
            }
            if (edit.value.empty()) continue;
            const NodeIndex made = make_node(edit.key, true);
            nodes_[made].value = edit.value;
            scratch_.push_back(made);
        }
        if (leaf != kNoNode) scratch_.push_back(leaf);
        const NodeIndex top = assemble(base, scratch_.size());
        scratch_.resize(base);
        return top;
    }

    /// Returns whether the leaf stays.
    bool edit_leaf(Node& leaf, const TrieEdit& edit) const {
        offer_before(leaf.value, edit);
        if (!equal(leaf.value, edit.value)) {
            leaf.value = edit.value;
            leaf.is_dirty = true;
        }
        return !edit.value.empty();
    }

    /// The leaves scratch_[lo, hi), sorted, as a trie.
    NodeIndex assemble(std::size_t lo, std::size_t hi) {
        if (lo == hi) return kNoNode;
        const NodeIndex first = scratch_[lo];
        if (hi - lo == 1) return first;
        const std::size_t depth = common_prefix(nodes_[first].key, nodes_[scratch_[hi - 1]].key);
        const NodeIndex index = make_branch(nodes_[first].key.prefix(depth));
        if (nodes_[first].key.size == depth) {
            nodes_[index].value = nodes_[first].value;
            ++lo;
        }
        while (lo < hi) {
            const std::uint8_t nibble = nodes_[scratch_[lo]].key[depth];
            std::size_t end = lo + 1;
            while (end < hi && nodes_[scratch_[end]].key[depth] == nibble) ++end;
            const NodeIndex below = assemble(lo, end);
            children_of(nodes_[index]).nodes[nibble] = below;
            lo = end;
        }
        return index;
    }

    /// How a node hangs in its parent, and the first level on which the parent can be encoded.
    struct Placed {
        const std::uint8_t* ref;
        std::size_t level;
    };

    void keep(std::uint32_t row) noexcept {
        if (row != kNoRow) rows_[row].is_kept = true;
    }

    NodeRef* list_output(std::size_t output, std::size_t level, Output::Kind kind, NodeIndex node,
                         std::size_t start, const std::uint8_t* child = nullptr) {
        auto* ref = new (refs_.reserve(sizeof(NodeRef))) NodeRef;
        refs_.commit(ref->data() + sizeof(NodeRef));
        outputs_[output] = {kind, static_cast<std::uint8_t>(start), node, child, ref, {}};
        if (levels_.size() <= level) levels_.resize(level + 1);
        levels_[level].push_back(static_cast<std::uint32_t>(output));
        return ref;
    }

    /// Takes the next place in the order of paths.
    std::size_t next_output() {
        outputs_.emplace_back();
        return outputs_.size() - 1;
    }

    /// Lists what must be written of a node that hangs at depth `start`, and marks the rows that
    /// stay.
    Placed place(NodeIndex index, std::size_t start) {
        const Node& node = nodes_[index];
        const bool is_clean = is_clean_at(node, start);
        if (node.is_leaf) {
            if (!is_clean)
                return {list_output(next_output(), 0, Output::Kind::Leaf, index, start)->data(), 1};
            keep(node.row);
            return {node.ref, 0};
        }
        if (is_clean) {
            keep(node.row);
            place_branch(index);
            return {node.ref, 0};
        }
        if (node.key.size == start) return place_branch(index);
        const std::size_t output = next_output();
        const Placed below = place_branch(index);
        const NodeRef* ref =
            list_output(output, below.level, Output::Kind::Extension, index, start, below.ref);
        return {ref->data(), below.level + 1};
    }

    /// The same for the branch without the extension above it.
    Placed place_branch(NodeIndex index) {
        const Node& node = nodes_[index];
        const std::size_t output = node.is_dirty ? next_output() : 0;
        if (!node.is_dirty) keep(node.branch_row);
        std::size_t level = 0;
        if (node.children != kNoNode) {
            Children& children = children_of(node);
            for (std::size_t i = 0; i < 16; ++i) {
                if (children.nodes[i] == kNoNode) continue;
                const Placed below = place(children.nodes[i], node.key.size + 1u);
                children.refs[i] = below.ref;
                level = std::max(level, below.level);
            }
        }
        if (!node.is_dirty) return {node.branch_ref, 0};
        const NodeRef* ref = list_output(output, level, Output::Kind::Branch, index, node.key.size);
        return {ref->data(), level + 1};
    }

    void encode() {
        for (const auto& level : levels_) {
            for (const std::uint32_t i : level) {
                Output& output = outputs_[i];
                const Node& node = nodes_[output.node];
                std::uint8_t* begin = encodings_.reserve(
                    std::max(kNodeOverheadMax, kBranchOverheadMax) + node.value.size());
                std::uint8_t* end = nullptr;
                switch (output.kind) {
                    case Output::Kind::Leaf:
                        end = write_leaf(node.key, output.start, node.value, begin);
                        break;
                    case Output::Kind::Extension:
                        end = write_extension(node.key, output.start, node.key.size, output.child,
                                              begin);
                        break;
                    case Output::Kind::Branch:
                        end = write_branch(children_of(node).refs, node.value, begin);
                        break;
                }
                encodings_.commit(end);
                output.encoding = {begin, end};
                hasher_.add(output.encoding, *output.ref);
            }
            hasher_.flush();
        }
    }

    void append_changes(NodeChanges& changes) {
        std::sort(rows_.begin(), rows_.end(),
                  [](const LoadedRow& a, const LoadedRow& b) { return a.path < b.path; });
        std::size_t r = 0;
        const auto delete_rows = [&](const Nibbles* before) {
            for (; r < rows_.size() && (before == nullptr || rows_[r].path < *before); ++r)
                if (!rows_[r].is_kept) changes.append_row(rows_[r].path, {});
        };
        for (const Output& output : outputs_) {
            // Embedded nodes have no row, but the root always has.
            if (output.encoding.size() < kEmbeddedBelow && output.start != 0) continue;
            const Nibbles path = nodes_[output.node].key.prefix(output.start);
            delete_rows(&path);
            if (r < rows_.size() && rows_[r].path == path) ++r;
            changes.append_row(path, output.encoding);
        }
        delete_rows(nullptr);
    }

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

Hash256 hash_of_root(const std::uint8_t* ref) noexcept {
    if (ref == nullptr) return kEmptyTrieRoot;
    if (ref[0] == kHashItem) return Hash256::from({ref + 1, 32});
    return keccak256({ref, ref_length(ref)});
}

Hash256 hash_of_row(ByteView root) noexcept {
    return root.empty() ? kEmptyTrieRoot : keccak256(root);
}

struct UpdateInput {
    const NodeStore& store;
    const TrieOwner& owner;
    std::span<const TrieEdit> edits;
    const TrieUpdateOptions& options;
};

Result<Hash256, TrieError> update_whole(const UpdateInput& in, ByteView root,
                                        NodeChanges& changes) {
    Subtree tree{in.store, in.owner, in.edits, in.options.carry_over};
    if (const auto applied = tree.apply_all({}, nullptr, root); !applied)
        return Unexpected{applied.error()};
    if (!tree.has_changed()) return hash_of_row(root);
    return hash_of_root(tree.finish(changes));
}

/// One child of the root in an update by children.
struct ChildUpdate {
    std::uint8_t nibble = 0;
    std::unique_ptr<Subtree> subtree;
    std::optional<TrieError> error;
    NodeChanges changes;
    const std::uint8_t* ref = nullptr;
};

/// The children of the root, each by itself. Nothing if the root is no branch before or after.
std::optional<Result<Hash256, TrieError>> update_children(const UpdateInput& in, ByteView root,
                                                          NodeChanges& changes) {
    DecodedNode node;
    if (!root.empty()) {
        if (!decode_node(root, node)) return Unexpected{TrieError::MalformedNode};
        if (node.kind != DecodedNode::Kind::Branch) return std::nullopt;
    }
    std::vector<ChildUpdate> children;
    for (std::size_t lo = 0, hi = 0; lo < in.edits.size(); lo = hi) {
        const std::uint8_t nibble = in.edits[lo].key[0];
        while (hi < in.edits.size() && in.edits[hi].key[0] == nibble) ++hi;
        auto& child = children.emplace_back();
        child.nibble = nibble;
        child.subtree = std::make_unique<Subtree>(in.store, in.owner, in.edits.subspan(lo, hi - lo),
                                                  in.options.carry_over);
    }
    const ParallelFor alone;
    run_parallel(in.store.has_concurrent_loads() ? in.options.parallel : alone, children.size(),
                 [&](std::size_t i) {
                     Nibbles path;
                     path.push(children[i].nibble);
                     const auto applied =
                         children[i].subtree->apply_all(path, node.children[children[i].nibble]);
                     if (!applied) children[i].error = applied.error();
                 });
    std::array<bool, 16> is_present{};
    for (std::size_t i = 0; i < 16; ++i) is_present[i] = node.children[i] != nullptr;
    bool has_changed = false;
    for (const auto& child : children) {
        if (child.error) return Unexpected{*child.error};
        is_present[child.nibble] = !child.subtree->is_empty();
        has_changed = has_changed || child.subtree->has_changed();
    }
    if (std::count(is_present.begin(), is_present.end(), true) + (node.value.empty() ? 0 : 1) < 2)
        return std::nullopt;
    if (!has_changed) return hash_of_row(root);
    run_parallel(in.options.parallel, children.size(), [&](std::size_t i) {
        if (children[i].subtree->has_changed())
            children[i].ref = children[i].subtree->finish(children[i].changes);
    });
    for (const auto& child : children)
        if (child.subtree->has_changed()) node.children[child.nibble] = child.ref;
    Bytes encoding(kBranchOverheadMax + node.value.size());
    const auto* end = write_branch(node.children, node.value, encoding.data());
    const ByteView written{std::as_const(encoding).data(), end};
    changes.append_row({}, written);
    for (const auto& child : children) changes.append_rows(child.changes);
    return keccak256(written);
}

}  // namespace

Result<Hash256, TrieError> update_trie(const NodeStore& store, const TrieOwner& owner,
                                       std::span<const TrieEdit> edits, NodeChanges& changes,
                                       const TrieUpdateOptions& options) {
    for (std::size_t i = 1; i < edits.size(); ++i) CAIRN_ASSERT(edits[i - 1].key < edits[i].key);
    changes.clear();
    const ByteView root = store.load(owner, {});
    const UpdateInput input{store, owner, edits, options};
    if (options.parallel && edits.size() >= kParallelEditsMin && edits.front().key.size > 0) {
        if (auto done = update_children(input, root, changes)) return *std::move(done);
    }
    return update_whole(input, root, changes);
}

Hash256 stored_root(const NodeStore& store, const TrieOwner& owner) {
    return hash_of_row(store.load(owner, {}));
}

}  // namespace cairn::chain
