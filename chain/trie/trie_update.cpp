// SPDX-License-Identifier: MIT
#include "chain/trie/trie_update.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "chain/trie/node.hpp"
#include "chain/trie/subtree.hpp"
#include "core/crypto/keccak.hpp"
#include "core/types/account.hpp"

namespace cairn::chain {
namespace {

using trie_internal::Subtree;

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
