// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "chain/state/index_table.hpp"
#include "chain/state/state_diff.hpp"
#include "chain/store/lmdb.hpp"

namespace cairn::chain {

/// Changes of the flat state that a write transaction has not yet put into its tables: one entry
/// for each account and each slot, whichever number of blocks changed it. The tables then get each
/// key once and in order, so that no page is looked for twice.
///
/// One thread. What it holds is part of the transaction: whoever commits writes it out first.
class PendingState {
public:
    /// What became of an account since the tables; null where they have the last word.
    [[nodiscard]] const AccountChange* account(const Address& address) const noexcept;
    /// What became of a slot since the tables; null where they have the last word.
    [[nodiscard]] const StorageChange* storage(const Address& address,
                                               const Uint256& key) const noexcept;
    /// Every account that changed, in any order.
    [[nodiscard]] std::span<const AccountChange> accounts() const noexcept { return accounts_; }
    /// Visits every slot of the address that changed, in any order, until `visitor` gives false;
    /// whether it never did.
    template <class Visitor>
    bool visit_storage(const Address& address, const Visitor& visitor) const {
        for (auto at = last_slot_of(address); at != kNoIndex; at = previous_[at])
            if (!visitor(slots_[at])) return false;
        return true;
    }

    /// Takes the changes of one diff; codes are not kept here.
    /// @throws StoreError Corrupt where a `before` is not what an earlier diff left
    void put(const StateDiff& diff);

    /// Writes the last value of each key to the flat tables and forgets it.
    /// @throws StoreError Corrupt where a key does not have there what its first diff found
    void flush(Txn& txn);

    [[nodiscard]] bool is_empty() const noexcept { return accounts_.empty() && slots_.empty(); }
    /// Memory held.
    [[nodiscard]] std::size_t bytes() const noexcept;

private:
    /// An address with slots.
    struct Owner {
        Address address;
        SlabIndex last_slot;
    };

    [[nodiscard]] SlabIndex find_owner(const Address& address) const noexcept;
    [[nodiscard]] SlabIndex last_slot_of(const Address& address) const noexcept;
    [[nodiscard]] SlabIndex find_slot(SlabIndex owner, const Uint256& key) const noexcept;
    void put_account(const AccountChange& change);
    void put_slot(SlabIndex owner, const StorageChange& change);
    [[nodiscard]] SlabIndex owner_of(const Address& address);

    KeyHasher hash_;
    std::vector<AccountChange> accounts_;
    IndexTable account_index_;
    std::vector<Owner> owners_;
    IndexTable owner_index_;
    std::vector<StorageChange> slots_;
    std::vector<SlabIndex> previous_;  // slot of the same address, for each slot
    IndexTable slot_index_;
};

}  // namespace cairn::chain
