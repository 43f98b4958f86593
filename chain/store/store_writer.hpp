// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "chain/state/state_diff.hpp"
#include "chain/store/pending_rows.hpp"
#include "chain/store/read_view.hpp"
#include "chain/store/store.hpp"
#include "chain/trie/state_root.hpp"
#include "core/base/expected.hpp"
#include "core/types/block.hpp"
#include "core/types/receipt.hpp"

namespace cairn::chain {

/// Why the head cannot be taken back.
enum class UndoError : std::uint8_t {
    AtGenesis,  ///< the head is genesis, or there is none
    Pruned,     ///< the head is the oldest block whose state is kept
};

/// One write transaction: an import batch, a reorganisation, a pruning. Its look-ups see what it
/// has written; nobody else does before it commits, and then sees all of it. Without a commit
/// nothing happened.
///
/// One at a time; the thread that makes it uses and ends it. States and tries that it gave out are
/// gone before it ends. Everything throws StoreError where the machine or the file fails; the
/// transaction can then only be dropped.
class StoreWriter final : private detail::TxnHolder, public ChainReader {
public:
    /// Waits for no one: a second writer is our own mistake (asserted).
    explicit StoreWriter(Store& store);

    /// Stores a header without a body.
    void put_header(const HashedHeader& header, const TotalDifficulty& total);
    /// Stores a block; it need not be canonical, nor ever become it.
    /// @param senders  of its transactions, in order; empty where they are not known
    void put_block(const Block& block, const TotalDifficulty& total,
                   std::span<const Address> senders = {});
    /// Remembers that a block breaks the rules.
    void put_bad_block(const BlockHash& hash, const BadBlock& bad);
    /// Forgets that; whether it was remembered.
    bool erase_bad_block(const BlockHash& hash);

    /// Makes a stored block the head, on top of the head it has as parent (asserted; genesis on
    /// an empty store): receipts, flat state, history, tries, canonical number, indexes.
    /// @param diff   what executing it changed
    /// @param tries  rows that update_state_root gave for account_edits(diff, head_state())
    void apply(const Block& block, const std::vector<Receipt>& receipts, const StateDiff& diff,
               const StateTrieChanges& tries);

    /// Takes the head back to its parent: everything `apply` did but the receipts, which stay.
    /// Computes the parent's state root again and compares it with the parent's header.
    /// @return the block that was the head
    /// @throws StoreError Corrupt also where that root differs
    [[nodiscard]] Result<BlockRef, UndoError> undo(const ParallelFor& parallel = {});

    /// Changes the state after the head by hand, as if the head block had left it so: what a
    /// developer's node is told to pretend. The header keeps its root; state_root_after knows the
    /// one that holds.
    /// @param diff   over the head state
    /// @param tries  rows that update_state_root gave for it, with `root`
    void amend_head(const StateDiff& diff, const StateTrieChanges& tries, const Hash256& root);

    /// Deletes histories and logs of blocks up to `number`, which becomes the oldest block whose
    /// state is kept; not above the head, and never back. Takes `blocks_max` blocks at once.
    /// @return the horizon reached
    BlockNumber prune_below(BlockNumber number, std::uint64_t blocks_max = UINT64_MAX);

    /// What the tags Safe and Finalized name.
    void set_safe(const BlockRef& block);
    void set_finalized(const BlockRef& block);

    /// Writes everything, as durable as the store is set to. The object is then used up.
    void commit();
    /// Forgets everything. The object is then used up.
    void abort() noexcept { own.abort(); }

    /// The transaction, for what makes tables again as a whole. Rows that wait are written to it
    /// first. @throws StoreError
    [[nodiscard]] Txn& write_txn();

private:
    void set_head(const BlockRef& block);

    PendingRows pending_;
};

}  // namespace cairn::chain
