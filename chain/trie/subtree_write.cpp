// SPDX-License-Identifier: MIT
// How a changed subtree becomes rows; see subtree.hpp.
#include <algorithm>
#include <new>

#include "chain/trie/subtree.hpp"

namespace cairn::chain::trie_internal {

const std::uint8_t* Subtree::finish(NodeChanges& changes) {
    const std::uint8_t* ref = nullptr;
    if (top_ != kNoNode) ref = place(top_, start_.size).ref;
    encode();
    append_changes(changes);
    return ref;
}

void Subtree::keep(std::uint32_t row) noexcept {
    if (row != kNoRow) rows_[row].is_kept = true;
}

NodeRef* Subtree::list_output(std::size_t output, std::size_t level, Output::Kind kind,
                              NodeIndex node, std::size_t start, const std::uint8_t* child) {
    auto* ref = new (refs_.reserve(sizeof(NodeRef))) NodeRef;
    refs_.commit(ref->data() + sizeof(NodeRef));
    outputs_[output] = {kind, static_cast<std::uint8_t>(start), node, child, ref, {}};
    if (levels_.size() <= level) levels_.resize(level + 1);
    levels_[level].push_back(static_cast<std::uint32_t>(output));
    return ref;
}

std::size_t Subtree::next_output() {
    outputs_.emplace_back();
    return outputs_.size() - 1;
}

Subtree::Placed Subtree::place(NodeIndex index, std::size_t start) {
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

Subtree::Placed Subtree::place_branch(NodeIndex index) {
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

void Subtree::encode() {
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
                    end =
                        write_extension(node.key, output.start, node.key.size, output.child, begin);
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

void Subtree::append_changes(NodeChanges& changes) {
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

}  // namespace cairn::chain::trie_internal
