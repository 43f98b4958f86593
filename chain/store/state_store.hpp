// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "chain/state/state_diff.hpp"
#include "chain/state/state_reader.hpp"
#include "chain/store/lmdb.hpp"

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
    explicit HeadState(const Txn& txn) noexcept : StoredState{txn} {}

    [[nodiscard]] std::optional<AccountRecord> account(const Address& address) const override;
    [[nodiscard]] Uint256 storage(const Address& address, const Uint256& key) const override;
    void visit_storage(const Address& address, const StorageVisitor& visitor) const override;
    void visit_accounts(const AccountVisitor& visitor) const override;
};

/// Writes the `after` of each key to the flat tables, and codes.
/// @throws StoreError Corrupt where a `before` is not what is there
void apply_flat(Txn& txn, const StateDiff& diff);

}  // namespace cairn::chain
