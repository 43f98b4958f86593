// SPDX-License-Identifier: MIT
#include "chain/trie/trie_walk.hpp"

#include <utility>

#include "chain/trie/node.hpp"

namespace cairn::chain {
namespace {

/// A search down one trie for the neighbour of a key on one side.
class Search {
public:
    enum class Side { Next, Previous };

    Search(const NodeStore& store, const TrieOwner& owner, Side side,
           const std::optional<Nibbles>& bound)
        : store_{store}, owner_{owner}, side_{side}, bound_{bound} {}

    Result<std::optional<TrieEntry>, TrieError> run() {
        const ByteView root = store_.load(owner_, {});
        if (!root.empty()) visit(root, {});
        if (error_) return Unexpected{*error_};
        return std::move(found_);
    }

private:
    /// Whether a key lies on the side asked for.
    [[nodiscard]] bool is_beyond(const Nibbles& key) const noexcept {
        if (!bound_) return true;
        return side_ == Side::Next ? *bound_ < key : key < *bound_;
    }

    /// Whether no key that begins with `path` can lie on the side asked for.
    [[nodiscard]] bool is_short_of(const Nibbles& path) const noexcept {
        if (!bound_ || starts_with(*bound_, path)) return false;
        return side_ == Side::Next ? path < *bound_ : *bound_ < path;
    }

    /// Looks through the node that hangs at `path`; returns whether the search is over.
    bool visit(ByteView encoding, Nibbles path) {
        DecodedNode node;
        if (!decode_node(encoding, node)) return stop(TrieError::MalformedNode);
        if (node.kind == DecodedNode::Kind::Branch) return visit_branch(node, path);
        bool is_leaf = false;
        if (!append_hex_prefix(node.path_form, path, is_leaf))
            return stop(TrieError::MalformedNode);
        if (!is_leaf) return !is_short_of(path) && visit_child(node.children[0], path);
        return is_beyond(path) && accept(path, node.value);
    }

    bool visit_branch(const DecodedNode& node, const Nibbles& path) {
        if (path.size == kNibblesMax) return stop(TrieError::MalformedNode);
        // The branch's own value comes before everything below it.
        const bool has_value = !node.value.empty() && is_beyond(path);
        if (side_ == Side::Next && has_value) return accept(path, node.value);
        for (unsigned i = 0; i < 16; ++i) {
            const unsigned nibble = side_ == Side::Next ? i : 15 - i;
            if (node.children[nibble] == nullptr) continue;
            Nibbles below = path;
            below.push(nibble);
            if (!is_short_of(below) && visit_child(node.children[nibble], below)) return true;
        }
        return has_value && accept(path, node.value);
    }

    bool visit_child(const std::uint8_t* ref, const Nibbles& path) {
        if (ref[0] != kHashItem) return visit({ref, ref_length(ref)}, path);
        const ByteView row = store_.load(owner_, path);
        return row.empty() ? stop(TrieError::MissingNode) : visit(row, path);
    }

    bool accept(const Nibbles& key, ByteView value) {
        found_ = TrieEntry{key, to_bytes(value)};
        return true;
    }
    bool stop(TrieError error) noexcept {
        error_ = error;
        return true;
    }

    const NodeStore& store_;
    const TrieOwner& owner_;
    Side side_;
    /// Nothing: every key lies beyond.
    const std::optional<Nibbles>& bound_;
    std::optional<TrieEntry> found_;
    std::optional<TrieError> error_;
};

}  // namespace

Result<std::optional<TrieEntry>, TrieError> find_next(const NodeStore& store,
                                                      const TrieOwner& owner, const Nibbles& key) {
    const std::optional<Nibbles> bound{key};
    return Search{store, owner, Search::Side::Next, bound}.run();
}

Result<std::optional<TrieEntry>, TrieError> find_previous(const NodeStore& store,
                                                          const TrieOwner& owner,
                                                          const Nibbles& key) {
    const std::optional<Nibbles> bound{key};
    return Search{store, owner, Search::Side::Previous, bound}.run();
}

Result<std::optional<TrieEntry>, TrieError> find_first(const NodeStore& store,
                                                       const TrieOwner& owner) {
    const std::optional<Nibbles> none;
    return Search{store, owner, Search::Side::Next, none}.run();
}

}  // namespace cairn::chain
