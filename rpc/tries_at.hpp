// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <unordered_map>

#include "chain/store/read_view.hpp"
#include "chain/trie/state_root.hpp"
#include "core/types/header.hpp"
#include "rpc/errors.hpp"

namespace cairn::rpc {

/// Tries of the store with the rows of another state over them, in memory.
class LayeredNodes final : public chain::NodeStore {
public:
    /// @param base  outlives the layer
    explicit LayeredNodes(const chain::NodeStore& base) noexcept : base_{base} {}

    void apply(const chain::StateTrieChanges& changes);

    [[nodiscard]] ByteView load(const chain::TrieOwner& owner,
                                const chain::Nibbles& path) const override;
    [[nodiscard]] bool has_concurrent_loads() const noexcept override { return false; }

private:
    struct Trie {
        bool is_wiped = false;
        std::unordered_map<chain::Nibbles, Bytes, chain::NibblesHash> rows{};
    };
    void put(const chain::TrieOwner& owner, const chain::NodeChanges& changes);

    const chain::NodeStore& base_;
    std::map<chain::TrieOwner, Trie> tries_;
};

/// The tries after a canonical block. The store keeps the head's; an earlier block's are led back
/// from there by what the blocks since have changed. The view outlives it.
class TriesAt {
public:
    /// Blocks below the head for which that is done: each costs what it changed.
    static constexpr BlockNumber kBlocksBackMax = 4096;

    /// @return code 4444 where what blocks changed is not kept, -32000 where the block is too far
    /// back
    [[nodiscard]] static Result<std::unique_ptr<TriesAt>, RpcError> open(
        const chain::ReadView& view, const Header& header);

    [[nodiscard]] const chain::NodeStore& nodes() const noexcept { return layered_; }

private:
    explicit TriesAt(const chain::ReadView& view) : head_{view.tries()}, layered_{head_} {}
    chain::TrieTables head_;
    LayeredNodes layered_;
};

}  // namespace cairn::rpc
