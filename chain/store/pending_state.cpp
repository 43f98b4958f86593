// SPDX-License-Identifier: MIT
#include "chain/store/pending_state.hpp"

#include <algorithm>

#include "chain/store/keys.hpp"
#include "chain/store/state_store.hpp"
#include "chain/store/store_error.hpp"

namespace cairn::chain {
namespace {

[[noreturn]] void throw_not_followed() {
    throw StoreError{StoreFault::Corrupt,
                     "the flat state does not hold what a diff found there before"};
}

/// Positions in `changes`, in the order in which `less` has the changes.
template <class Change, class Less>
[[nodiscard]] std::vector<SlabIndex> sorted(const std::vector<Change>& changes, const Less& less) {
    std::vector<SlabIndex> order(changes.size());
    for (SlabIndex i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(),
              [&](SlabIndex a, SlabIndex b) { return less(changes[a], changes[b]); });
    return order;
}

}  // namespace

const AccountChange* PendingState::account(const Address& address) const noexcept {
    if (accounts_.empty()) return nullptr;
    const auto at = account_index_.find(
        hash_(address), [&](SlabIndex i) { return accounts_[i].address == address; });
    return at == kNoIndex ? nullptr : &accounts_[at];
}

SlabIndex PendingState::find_owner(const Address& address) const noexcept {
    if (owners_.empty()) return kNoIndex;
    return owner_index_.find(hash_(address),
                             [&](SlabIndex i) { return owners_[i].address == address; });
}

SlabIndex PendingState::last_slot_of(const Address& address) const noexcept {
    const auto owner = find_owner(address);
    return owner == kNoIndex ? kNoIndex : owners_[owner].last_slot;
}

SlabIndex PendingState::find_slot(SlabIndex owner, const Uint256& key) const noexcept {
    return slot_index_.find(hash_(owner, key), [&](SlabIndex i) {
        return slots_[i].key == key && slots_[i].address == owners_[owner].address;
    });
}

const StorageChange* PendingState::storage(const Address& address,
                                           const Uint256& key) const noexcept {
    const auto owner = find_owner(address);
    if (owner == kNoIndex) return nullptr;
    const auto at = find_slot(owner, key);
    return at == kNoIndex ? nullptr : &slots_[at];
}

void PendingState::put_account(const AccountChange& change) {
    const auto hash = hash_(change.address);
    const auto at = account_index_.find(
        hash, [&](SlabIndex i) { return accounts_[i].address == change.address; });
    if (at == kNoIndex) {
        account_index_.insert(hash, static_cast<SlabIndex>(accounts_.size()));
        accounts_.push_back(change);
        return;
    }
    if (accounts_[at].after != change.before) throw_not_followed();
    accounts_[at].after = change.after;
}

SlabIndex PendingState::owner_of(const Address& address) {
    if (const auto at = find_owner(address); at != kNoIndex) return at;
    const auto at = static_cast<SlabIndex>(owners_.size());
    owner_index_.insert(hash_(address), at);
    owners_.push_back({address, kNoIndex});
    return at;
}

void PendingState::put_slot(SlabIndex owner, const StorageChange& change) {
    const auto at = find_slot(owner, change.key);
    if (at == kNoIndex) {
        const auto place = static_cast<SlabIndex>(slots_.size());
        slot_index_.insert(hash_(owner, change.key), place);
        slots_.push_back(change);
        previous_.push_back(owners_[owner].last_slot);
        owners_[owner].last_slot = place;
        return;
    }
    if (slots_[at].after != change.before) throw_not_followed();
    slots_[at].after = change.after;
}

void PendingState::put(const StateDiff& diff) {
    for (const auto& change : diff.accounts) put_account(change);
    SlabIndex owner = kNoIndex;
    for (const auto& change : diff.storage) {
        if (owner == kNoIndex || owners_[owner].address != change.address)
            owner = owner_of(change.address);
        put_slot(owner, change);
    }
}

void PendingState::flush(Txn& txn) {
    if (is_empty()) return;
    FlatTables tables{txn};
    for (const auto i : sorted(accounts_, [](const AccountChange& a, const AccountChange& b) {
             return a.address < b.address;
         }))
        tables.put(accounts_[i]);
    for (const auto i : sorted(slots_, [](const StorageChange& a, const StorageChange& b) {
             return a.address != b.address ? a.address < b.address : a.key < b.key;
         }))
        tables.put(slots_[i]);
    // The memory too: the next batch may be of one block.
    *this = PendingState{};
}

std::size_t PendingState::bytes() const noexcept {
    constexpr std::size_t kIndexBytes = IndexTable::kEntryBytesMax;
    return accounts_.capacity() * (sizeof(AccountChange) + kIndexBytes) +
           owners_.capacity() * (sizeof(Owner) + kIndexBytes) +
           slots_.capacity() * (sizeof(StorageChange) + sizeof(SlabIndex) + kIndexBytes);
}

}  // namespace cairn::chain
