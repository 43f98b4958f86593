// SPDX-License-Identifier: MIT
#pragma once

#include <unordered_map>
#include <unordered_set>

#include "chain/state/state.hpp"
#include "chain/state/state_diff.hpp"
#include "chain/trie/node_store.hpp"
#include "chain/trie/state_root.hpp"

namespace cairn::chain {

/// State roots between the transactions of one block, which receipts carry before Byzantium
/// (EIP-658). Works on rows of its own over the tries of the parent; one block, one thread.
class IntermediateRoots {
public:
    /// @param tries  of the parent's state; outlives this object
    explicit IntermediateRoots(const NodeStore& tries) : tries_{tries} {}

    /// The root of the state as it stands. Takes the state's diff; take_diff has it.
    [[nodiscard]] Hash256 root_of(State& state);
    /// All that was taken from the state so far, and what has changed since.
    [[nodiscard]] StateDiff take_diff(State& state);
    /// What was taken from the state so far.
    [[nodiscard]] const StateDiff& taken() const noexcept { return taken_; }

private:
    class Rows final : public NodeStore {
    public:
        explicit Rows(const NodeStore& base) : base_{base} {}
        [[nodiscard]] ByteView load(const TrieOwner& owner, const Nibbles& path) const override;
        [[nodiscard]] bool has_concurrent_loads() const noexcept override { return false; }
        void apply(const StateTrieChanges& changes);

    private:
        using Paths = std::unordered_map<Nibbles, Bytes, NibblesHash>;
        static void apply(Paths& paths, const NodeChanges& changes);
        const NodeStore& base_;
        Paths accounts_;
        std::unordered_map<Hash256, Paths> storages_;  // an empty row is a deleted one
        std::unordered_set<Hash256> wiped_;            // nothing of the base counts
    };

    Rows tries_;
    StateDiff taken_;
};

}  // namespace cairn::chain
