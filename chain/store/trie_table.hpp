// SPDX-License-Identifier: MIT
#pragma once

#include "chain/store/lmdb.hpp"
#include "chain/store/trie_row_buffer.hpp"
#include "chain/trie/node_store.hpp"
#include "chain/trie/state_root.hpp"

namespace cairn::chain {

/// The tries of the head state, as the transaction shows them, its own writes included. Gone before
/// a transaction that writes ends (asserted there: it holds cursors). @throws StoreError. Views
/// live until the transaction's next write, or its end. The transaction outlives it; its thread is
/// the transaction's.
class TrieTables final : public NodeStore {
public:
    /// @param pending  rows that hold before those of the tables; outlives this object
    explicit TrieTables(const Txn& txn, const TrieRowBuffer* pending = nullptr)
        : pending_{pending},
          accounts_{txn, Table::AccountTrie},
          storage_{txn, Table::StorageTrie} {}

    [[nodiscard]] ByteView load(const TrieOwner& owner, const Nibbles& path) const override;
    /// No: a transaction belongs to one thread at a time.
    [[nodiscard]] bool has_concurrent_loads() const noexcept override { return false; }

private:
    const TrieRowBuffer* pending_;
    // An update asks for neighbours one after the other, which a cursor finds on the page at hand.
    mutable Cursor accounts_;
    mutable Cursor storage_;
};

/// Writes one row at a cursor on the trie's table; deletes it where the encoding is empty.
void write_trie_row(Cursor& cursor, const TrieOwner& owner, const Nibbles& path,
                    ByteView encoding);

/// Writes the rows of one update.
void apply_trie_changes(Txn& txn, const StateTrieChanges& changes);

}  // namespace cairn::chain
