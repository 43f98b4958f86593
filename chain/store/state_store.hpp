// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "chain/state/state_diff.hpp"
#include "chain/state/state_reader.hpp"
#include "chain/store/lmdb.hpp"
#include "chain/store/pending_state.hpp"

namespace cairn::chain {

/// Told of one account; returns false to end the walk.
using AccountVisitor = std::function<bool(const Address& address, const AccountRecord& record)>;

/// A state in the store: every read of StateReader, and a walk over all accounts.
class StoredState : public StateReader {
public:
    /// Visits every account, each once, in any order.
    virtual void visit_accounts(const AccountVisitor& visitor) const = 0;
    /// The code of a hash. @throws StoreError Corrupt where the store has none
    [[nodiscard]] SharedCode code(const CodeHash& hash) const override;

protected:
    explicit StoredState(const Txn& txn) noexcept : txn_{txn} {}
    const Txn& txn_;
};

/// The state after the head block: the flat tables as the transaction shows them, its own writes
/// included. The transaction outlives it; its thread is the transaction's.
class HeadState final : public StoredState {
public:
    /// @param pending  changes that hold before what the tables have; outlives this object
    explicit HeadState(const Txn& txn, const PendingState* pending = nullptr) noexcept
        : StoredState{txn}, pending_{pending} {}

    [[nodiscard]] std::optional<AccountRecord> account(const Address& address) const override;
    [[nodiscard]] Uint256 storage(const Address& address, const Uint256& key) const override;
    void visit_storage(const Address& address, const StorageVisitor& visitor) const override;
    void visit_accounts(const AccountVisitor& visitor) const override;

private:
    const PendingState* pending_;
};

/// The flat tables of a transaction that writes, for changes in order of key, which cost least.
class FlatTables {
public:
    explicit FlatTables(Txn& txn) : accounts_{txn, Table::Accounts}, storage_{txn, Table::Storage} {}

    /// Writes the `after` of a key. @throws StoreError Corrupt where `before` is not what is there
    void put(const AccountChange& change);
    void put(const StorageChange& change);

private:
    Cursor accounts_;
    Cursor storage_;
};

/// Writes the codes that the code table does not have.
void put_codes(Txn& txn, const StateDiff& diff);
/// Writes the `after` of each key to the flat tables.
/// @throws StoreError Corrupt where a `before` is not what is there
void apply_flat(Txn& txn, const StateDiff& diff);

}  // namespace cairn::chain
