// SPDX-License-Identifier: MIT
#include "chain/trie/trie_builder.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "chain/trie/node_hasher.hpp"
#include "core/crypto/keccak.hpp"
#include "core/types/account.hpp"

namespace cairn::chain {
namespace {

/// Entries between two rounds of hashing: wide enough that Keccak's lanes are full on the levels
/// that matter, small enough that what is pending stays in the second-level cache.
constexpr std::size_t kPendingEntriesMax = 512;
/// Bytes of encodings between two rounds, for tries of long values.
constexpr std::size_t kPendingBytesMax = 256 * 1024;

/// A branch that is open (a key below it may still come), or finished and not yet hashed.
struct Branch {
    std::array<NodeRef, 16> children;
    std::uint16_t present = 0;
    /// Depth of the branch: the nibbles of its path.
    std::uint8_t depth = 0;
    /// Rounds of hashing that must come before its own: one more than the latest of its children's.
    std::uint8_t level = 0;
    Bytes value;
};

/// An extension above a finished branch, and where its own reference goes.
struct Extension {
    NodeRef child;
    std::uint8_t begin = 0;
    std::uint8_t end = 0;
    Nibbles path;
};

/// A finished node. Leaves are encoded when they are finished, the others when their children are
/// known.
struct Pending {
    enum class Kind : std::uint8_t { Leaf, Extension, Branch };
    Kind kind;
    /// Nibbles of the path that leads to the node.
    std::uint8_t path_size;
    std::uint32_t index;
    ByteView encoding;
    NodeRef* ref;
};

/// Finished nodes of one level.
struct Level {
    std::vector<Pending> nodes;
    /// For each node some key below it; only where there is a sink.
    std::vector<Nibbles> keys;
};

}  // namespace

class TrieBuilder::Impl {
public:
    NodeSink sink;

    void add(const Nibbles& key, ByteView value) {
        CAIRN_ASSERT(!value.empty());
        if (has_last_) {
            CAIRN_ASSERT(last_key_ < key);
            const std::size_t shared = common_prefix(last_key_, key);
            place_last(shared);
            close_down_to(shared);
            if (++pending_entries_ >= kPendingEntriesMax || arena_.size() >= kPendingBytesMax)
                flush();
        }
        has_last_ = true;
        last_key_ = key;
        last_value_.assign(value.begin(), value.end());
    }

    /// Closes everything; the node's reference as it stands at depth `base`. False if nothing was
    /// added.
    bool close(std::size_t base) {
        if (!has_last_) return false;
        if (open_.empty()) {
            CAIRN_ASSERT(base <= last_key_.size);
            attach_leaf(base, root_);
        } else {
            place_last(branch(open_.back()).depth);
            while (open_.size() > 1) close_top_into(open_[open_.size() - 2]);
            CAIRN_ASSERT(base <= branch(open_.back()).depth);
            attach_branch(open_.back(), base, root_);
            open_.clear();
        }
        flush();
        has_last_ = false;
        return true;
    }

    [[nodiscard]] const NodeRef& root_ref() const noexcept { return root_; }

private:
    static constexpr std::size_t kChunk = 16;

    Branch& branch(std::uint32_t index) noexcept {
        return branches_[index / kChunk][index % kChunk];
    }

    std::uint32_t take_branch(std::size_t depth) {
        if (free_.empty()) {
            const auto base = static_cast<std::uint32_t>(branches_.size() * kChunk);
            branches_.push_back(std::make_unique_for_overwrite<Branch[]>(kChunk));
            for (std::uint32_t i = kChunk; i-- > 0;) free_.push_back(base + i);
        }
        const std::uint32_t index = free_.back();
        free_.pop_back();
        Branch& b = branch(index);
        b.present = 0;
        b.level = 0;
        b.depth = static_cast<std::uint8_t>(depth);
        return index;
    }

    /// Puts the last entry under the deepest branch that holds it: the open one, or one at
    /// `shared`, the depth where the next key leaves it.
    void place_last(std::size_t shared) {
        if (open_.empty() || branch(open_.back()).depth < shared)
            open_.push_back(take_branch(shared));
        Branch& parent = branch(open_.back());
        if (last_key_.size == parent.depth) {
            parent.value = last_value_;
            return;
        }
        const std::uint8_t nibble = last_key_[parent.depth];
        const std::size_t level = attach_leaf(parent.depth + 1u, parent.children[nibble]);
        parent.present |= static_cast<std::uint16_t>(1u << nibble);
        parent.level = std::max(parent.level, static_cast<std::uint8_t>(level));
    }

    /// Finishes the open branches deeper than `shared`, so that the deepest open one stands there.
    void close_down_to(std::size_t shared) {
        while (branch(open_.back()).depth > shared) {
            if (open_.size() > 1 && branch(open_[open_.size() - 2]).depth >= shared) {
                close_top_into(open_[open_.size() - 2]);
            } else {
                // The two keys part between this branch and the one above: a branch comes between.
                const std::uint32_t between = take_branch(shared);
                open_.insert(open_.end() - 1, between);
                close_top_into(between);
            }
        }
    }

    void close_top_into(std::uint32_t parent_index) {
        const std::uint32_t child = open_.back();
        open_.pop_back();
        Branch& parent = branch(parent_index);
        const std::uint8_t nibble = last_key_[parent.depth];
        const std::size_t level = attach_branch(child, parent.depth + 1u, parent.children[nibble]);
        parent.present |= static_cast<std::uint16_t>(1u << nibble);
        parent.level = std::max(parent.level, static_cast<std::uint8_t>(level));
    }

    /// Encodes the last entry as a leaf at depth `start`. Returns the level its parent must wait
    /// for.
    std::size_t attach_leaf(std::size_t start, NodeRef& ref) {
        std::uint8_t* begin = arena_.reserve(kNodeOverheadMax + last_value_.size());
        std::uint8_t* end = write_leaf(last_key_, start, last_value_, begin);
        arena_.commit(end);
        const ByteView encoding{begin, end};
        if (encoding.size() < kEmbeddedBelow && &ref != &root_) {
            std::memcpy(ref.data(), encoding.data(), encoding.size());
            return 0;
        }
        push(0, {Pending::Kind::Leaf, static_cast<std::uint8_t>(start), 0, encoding, &ref});
        return 1;
    }

    /// Finishes a branch that hangs at depth `start`, with an extension where it stands deeper.
    /// Returns the level its parent must wait for.
    std::size_t attach_branch(std::uint32_t index, std::size_t start, NodeRef& ref) {
        const Branch& b = branch(index);
        const std::size_t level = b.level;
        NodeRef* own = &ref;
        if (b.depth > start) {
            if (extension_count_ == extensions_.size() * kChunk)
                extensions_.push_back(std::make_unique_for_overwrite<Extension[]>(kChunk));
            Extension& e = extensions_[extension_count_ / kChunk][extension_count_ % kChunk];
            e.begin = static_cast<std::uint8_t>(start);
            e.end = b.depth;
            e.path = last_key_;
            own = &e.child;
            push(level + 1, {Pending::Kind::Extension, e.begin, extension_count_, {}, &ref});
            ++extension_count_;
        }
        push(level, {Pending::Kind::Branch, b.depth, index, {}, own});
        return b.depth > start ? level + 2 : level + 1;
    }

    void push(std::size_t level, const Pending& node) {
        if (levels_.size() <= level) levels_.resize(level + 1);
        levels_[level].nodes.push_back(node);
        if (sink) levels_[level].keys.push_back(last_key_);
    }

    void encode(Pending& node) {
        if (node.kind == Pending::Kind::Leaf) return;
        if (node.kind == Pending::Kind::Extension) {
            const Extension& e = extensions_[node.index / kChunk][node.index % kChunk];
            std::uint8_t* begin = arena_.reserve(kNodeOverheadMax);
            std::uint8_t* end = write_extension(e.path, e.begin, e.end, e.child.data(), begin);
            arena_.commit(end);
            node.encoding = {begin, end};
            return;
        }
        Branch& b = branch(node.index);
        std::array<const std::uint8_t*, 16> children{};
        for (std::size_t i = 0; i < children.size(); ++i)
            if ((b.present >> i & 1) != 0) children[i] = b.children[i].data();
        std::uint8_t* begin = arena_.reserve(kBranchOverheadMax + b.value.size());
        std::uint8_t* end = write_branch(children, b.value, begin);
        arena_.commit(end);
        node.encoding = {begin, end};
        b.value.clear();
        free_.push_back(node.index);
    }

    /// Gives the nodes of a level that have a row to the sink.
    void pour(const Level& level) const {
        for (std::size_t i = 0; i < level.nodes.size(); ++i) {
            const Pending& node = level.nodes[i];
            if (node.encoding.size() >= kEmbeddedBelow || node.ref == &root_)
                sink(level.keys[i].prefix(node.path_size), node.encoding);
        }
    }

    /// Hashes everything finished, level by level, into the branches that are still open.
    void flush() {
        for (auto& level : levels_) {
            for (auto& node : level.nodes) {
                encode(node);
                hasher_.add(node.encoding, *node.ref);
            }
            hasher_.flush();
            if (sink) pour(level);
            level.nodes.clear();
            level.keys.clear();
        }
        arena_.clear();
        extension_count_ = 0;
        pending_entries_ = 0;
        for (const std::uint32_t index : open_) branch(index).level = 0;
    }

    bool has_last_ = false;
    Nibbles last_key_;
    Bytes last_value_;
    std::size_t pending_entries_ = 0;

    /// Branches on the path of the last key, from the root down.
    std::vector<std::uint32_t> open_;
    std::vector<std::uint32_t> free_;
    // In chunks that never move: references point into them.
    std::vector<std::unique_ptr<Branch[]>> branches_;
    std::vector<std::unique_ptr<Extension[]>> extensions_;
    std::uint32_t extension_count_ = 0;
    std::vector<Level> levels_;
    ByteArena arena_;
    NodeHasher hasher_;
    NodeRef root_{};
};

TrieBuilder::TrieBuilder() : impl_{std::make_unique<Impl>()} {}
TrieBuilder::~TrieBuilder() = default;
TrieBuilder::TrieBuilder(TrieBuilder&&) noexcept = default;
TrieBuilder& TrieBuilder::operator=(TrieBuilder&&) noexcept = default;

void TrieBuilder::set_sink(NodeSink sink) {
    impl_->sink = std::move(sink);
}

void TrieBuilder::add(const Nibbles& key, ByteView value) {
    impl_->add(key, value);
}

Hash256 TrieBuilder::finish() {
    if (!impl_->close(0)) return kEmptyTrieRoot;
    const NodeRef& ref = impl_->root_ref();
    if (ref[0] == kHashItem) return Hash256::from(ByteView{ref}.subspan(1));
    // A root shorter than 32 bytes is hashed all the same.
    return keccak256({ref.data(), ref_length(ref.data())});
}

NodeRef TrieBuilder::finish_subtree(std::size_t depth) {
    const bool any = impl_->close(depth);
    CAIRN_ASSERT(any);
    return impl_->root_ref();
}

}  // namespace cairn::chain
