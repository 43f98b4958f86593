// SPDX-License-Identifier: MIT
#pragma once

#include "chain/store/lmdb.hpp"
#include "chain/trie/node_store.hpp"
#include "chain/trie/state_root.hpp"

namespace cairn::chain {

/// The tries of the head state, as the transaction shows them, its own writes included. Gone before
/// a transaction that writes ends (asserted there: it holds cursors). @throws StoreError. Views
/// live until the transaction's next write, or its end. The transaction outlives it; its thread is
/// the transaction's.
class TrieTables final : public NodeStore {
public:
    explicit TrieTables(const Txn& txn)
        : accounts_{txn, Table::AccountTrie}, storage_{txn, Table::StorageTrie} {}

    [[nodiscard]] ByteView load(const TrieOwner& owner, const Nibbles& path) const override;
    /// No: a transaction belongs to one thread at a time.
    [[nodiscard]] bool has_concurrent_loads() const noexcept override { return false; }

private:
    // An update asks for neighbours one after the other, which a cursor finds on the page at hand.
    mutable Cursor accounts_;
    mutable Cursor storage_;
};

/// Writes the rows of one update.
void apply_trie_changes(Txn& txn, const StateTrieChanges& changes);

}  // namespace cairn::chain
