// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "chain/state/state_diff.hpp"
#include "chain/store/lmdb.hpp"
#include "chain/store/pending_state.hpp"
#include "chain/store/row_buffer.hpp"
#include "chain/store/trie_row_buffer.hpp"
#include "core/types/receipt.hpp"
#include "core/types/transaction.hpp"
#include "core/types/units.hpp"

namespace cairn::chain {

/// What the blocks of one write transaction wrote and its tables do not hold yet: state, tries,
/// histories and the indexes of transactions and logs. It goes there before the commit, when it has
/// grown to its bounds, and when somebody wants to read or delete in a table that it keeps from
/// being whole.
///
/// One thread, the transaction's. Its functions throw StoreError.
class PendingRows {
public:
    /// Held for state, histories and indexes at most, but for one block.
    static constexpr std::size_t kBytesMax = std::size_t{96} << 20;

    /// @param txn  writes; outlives this object
    explicit PendingRows(Txn& txn) noexcept : txn_{txn} {}
    PendingRows(const PendingRows&) = delete;
    PendingRows& operator=(const PendingRows&) = delete;

    [[nodiscard]] const PendingState& state() const noexcept { return state_; }
    [[nodiscard]] const TrieRowBuffer& tries() const noexcept { return tries_; }

    /// Takes the state's changes and, for every block but genesis, their entries in the histories.
    void put_state(BlockNumber number, const StateDiff& diff);
    /// Takes the places of a block's transactions.
    void put_transactions(BlockNumber number, const std::vector<SignedTx>& transactions);
    /// Takes the index entries of a block's logs.
    void put_logs(BlockNumber number, const std::vector<Receipt>& receipts);
    /// Takes the rows of the tries.
    void put_tries(const StateTrieChanges& changes) { tries_.put(txn_, changes); }

    /// Writes out all but the rows of tries.
    void settle();
    /// Writes out everything.
    void settle_all();

private:
    Txn& txn_;
    PendingState state_;
    RowBuffer rows_;
    TrieRowBuffer tries_;
};

}  // namespace cairn::chain
