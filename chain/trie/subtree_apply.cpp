// SPDX-License-Identifier: MIT
// How edits change a subtree; see subtree.hpp.
#include <algorithm>
#include <utility>

#include "chain/trie/subtree.hpp"

namespace cairn::chain::trie_internal {

Result<void, TrieError> Subtree::apply_all(const Nibbles& start, const std::uint8_t* ref,
                                           ByteView root) {
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

NodeIndex Subtree::make_node(const Nibbles& key, bool is_leaf) {
    Node node;
    node.key = key;
    node.is_leaf = is_leaf;
    node.is_dirty = true;
    nodes_.push_back(node);
    return static_cast<NodeIndex>(nodes_.size() - 1);
}

NodeIndex Subtree::make_branch(const Nibbles& path) {
    const NodeIndex index = make_node(path, false);
    nodes_[index].children = static_cast<std::uint32_t>(children_.size());
    children_.emplace_back();
    return index;
}

std::uint32_t Subtree::note_row(const Nibbles& path) {
    rows_.push_back({path, false});
    return static_cast<std::uint32_t>(rows_.size() - 1);
}

ByteView Subtree::resolve(const std::uint8_t* ref, const Nibbles& path, bool& is_row) const {
    is_row = ref[0] == kHashItem;
    if (!is_row) return {ref, ref_length(ref)};
    const ByteView row = store_.load(owner_, path);
    if (row.empty()) throw Stop{TrieError::MissingNode};
    return row;
}

NodeIndex Subtree::load(const std::uint8_t* ref, const Nibbles& path) {
    bool is_row = false;
    const ByteView encoding = resolve(ref, path, is_row);
    return adopt(encoding, ref, path, is_row);
}

NodeIndex Subtree::adopt(ByteView encoding, const std::uint8_t* ref, const Nibbles& path,
                         bool is_row) {
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

void Subtree::read_children(Node& node, const DecodedNode& decoded) {
    if (node.key.size == kNibblesMax) throw Stop{TrieError::MalformedNode};
    node.children = static_cast<std::uint32_t>(children_.size());
    children_.emplace_back();
    children_.back().refs = decoded.children;
    node.value = decoded.value;
}

void Subtree::open_branch(NodeIndex index) {
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

NodeIndex Subtree::apply(NodeIndex index, std::size_t lo, std::size_t hi) {
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

std::size_t Subtree::shared_with_insertions(const Nibbles& path, std::size_t lo,
                                            std::size_t hi) const noexcept {
    while (lo < hi && edits_[lo].value.empty()) ++lo;
    while (lo < hi && edits_[hi - 1].value.empty()) --hi;
    if (lo == hi) return path.size;
    return std::min(common_prefix(path, edits_[lo].key), common_prefix(path, edits_[hi - 1].key));
}

NodeIndex Subtree::distribute(NodeIndex index, std::size_t lo, std::size_t hi) {
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

void Subtree::edit_branch_value(Node& branch, const TrieEdit& edit) {
    if (!branch.value.empty()) offer_before(branch.value, edit);
    if (equal(branch.value, edit.value)) return;
    branch.value = edit.value;
    branch.is_dirty = true;
}

void Subtree::apply_child(NodeIndex index, std::uint8_t nibble, std::size_t lo, std::size_t hi) {
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

NodeIndex Subtree::child(NodeIndex index, std::uint8_t nibble) {
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

NodeIndex Subtree::normalise(NodeIndex index) {
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

void Subtree::offer_before(ByteView before, const TrieEdit& edit) const {
    if (carry_over_ != nullptr && !edit.patch.empty()) carry_over_(before, edit.patch);
}

NodeIndex Subtree::build(NodeIndex leaf, std::size_t lo, std::size_t hi) {
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

bool Subtree::edit_leaf(Node& leaf, const TrieEdit& edit) const {
    offer_before(leaf.value, edit);
    if (!equal(leaf.value, edit.value)) {
        leaf.value = edit.value;
        leaf.is_dirty = true;
    }
    return !edit.value.empty();
}

NodeIndex Subtree::assemble(std::size_t lo, std::size_t hi) {
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

}  // namespace cairn::chain::trie_internal
