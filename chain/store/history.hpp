// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>

#include "chain/state/state_diff.hpp"
#include "chain/store/lmdb.hpp"
#include "chain/store/row_buffer.hpp"
#include "chain/store/state_store.hpp"
#include "core/types/units.hpp"

namespace cairn::chain {

// Each canonical block leaves its diff in change_log and, for each key it changed, the value before
// it in the histories. The value of a key after block N is then the first history entry past N; if
// there is none, the key has not changed since and the head's value is it.

/// The diff as change_log holds it. Integers big-endian; a length is one byte:
///
///   count of accounts (4) { address (20), length, record before, length, record after } …
///   count of groups (4) { address (20), count of slots (4)
///                         { length, slot, length, word before, length, word after } … } …
///
/// Slots are words without leading zeros. Codes are not in it: the code table keeps them all.
[[nodiscard]] Bytes encode_change_log(const StateDiff& diff);
/// @throws StoreError Corrupt for anything encode_change_log does not give
[[nodiscard]] StateDiff decode_change_log(ByteView bytes);

/// What the canonical block changed; nothing where the log has been pruned or there is no block.
[[nodiscard]] std::optional<StateDiff> find_change_log(const Txn& txn, BlockNumber number);

/// Writes the log of a block.
void put_change_log(Txn& txn, BlockNumber number, const StateDiff& diff);
/// Adds the history entries of a block. Genesis has none: there is no state before it.
void put_history_entries(RowBuffer& rows, BlockNumber number, const StateDiff& diff);
/// Deletes the log and the history entries of a block whose diff is `diff`.
void erase_history(Txn& txn, BlockNumber number, const StateDiff& diff);

/// The state after a past block: one seek in the histories for each read and, where the key has not
/// changed since, one in the head state. Histories of all later blocks are there (the caller has
/// looked at the horizon). The transaction outlives it; its thread is the transaction's.
class PastState final : public StoredState {
public:
    PastState(const Txn& txn, BlockNumber number);

    [[nodiscard]] std::optional<AccountRecord> account(const Address& address) const override;
    [[nodiscard]] Uint256 storage(const Address& address, const Uint256& key) const override;
    void visit_storage(const Address& address, const StorageVisitor& visitor) const override;
    void visit_accounts(const AccountVisitor& visitor) const override;

private:
    BlockNumber number_;
    HeadState head_;
    // Moved by reads, which say nothing about where they stand.
    mutable Cursor accounts_;
    mutable Cursor storage_;
};

}  // namespace cairn::chain
