// SPDX-License-Identifier: MIT
#include "chain/store/state_store.hpp"

#include "chain/store/keys.hpp"
#include "chain/store/store_error.hpp"
#include "core/base/hex.hpp"

namespace cairn::chain {
namespace {

/// Sets or, without bytes, deletes a key, after looking at what is there.
void replace(Cursor& cursor, ByteView key, ByteView before, ByteView after) {
    const bool is_there = cursor.find(key);
    // Either a page is damaged in a way that hides rows, or the diff belongs to another state.
    if (is_there ? !equal(cursor.value(), before) : !before.empty())
        throw StoreError{StoreFault::Corrupt,
                         "the flat state does not hold what a diff found there before"};
    if (equal(before, after)) return;
    if (after.empty())
        cursor.erase();
    else if (is_there)
        cursor.replace(key, after);
    else
        cursor.put(key, after);
}

}  // namespace

SharedCode StoredState::code(const CodeHash& hash) const {
    const auto row = txn_.find(Table::Code, hash);
    if (!row) throw StoreError{StoreFault::Corrupt, "there is no code of hash " + to_hex0x(hash)};
    return std::make_shared<const Bytes>(to_bytes(*row));
}

std::optional<AccountRecord> HeadState::account(const Address& address) const {
    if (pending_ != nullptr)
        if (const auto* change = pending_->account(address)) return change->after;
    const auto row = txn_.find(Table::Accounts, address);
    if (!row) return std::nullopt;
    return decode_record(*row);
}

Uint256 HeadState::storage(const Address& address, const Uint256& key) const {
    if (pending_ != nullptr)
        if (const auto* change = pending_->storage(address, key)) return change->after;
    const auto row = txn_.find(Table::Storage, slot_key(address, key));
    return row ? decode_word(*row) : Uint256{};
}

void HeadState::visit_storage(const Address& address, const StorageVisitor& visitor) const {
    if (pending_ != nullptr &&
        !pending_->visit_storage(address, [&](const StorageChange& change) {
            return change.after == Uint256{} || visitor(change.key, change.after);
        }))
        return;
    Cursor cursor{txn_, Table::Storage};
    for (bool is_there = cursor.seek(address); is_there && has_prefix(cursor.key(), address);
         is_there = cursor.next()) {
        const Uint256 value = decode_word(cursor.value());
        const Uint256 key = load_be256(cursor.key().data() + Address::kSize);
        if (pending_ != nullptr && pending_->storage(address, key) != nullptr) continue;
        if (!visitor(key, value)) return;
    }
}

void HeadState::visit_accounts(const AccountVisitor& visitor) const {
    if (pending_ != nullptr)
        for (const auto& change : pending_->accounts())
            if (change.after && !visitor(change.address, *change.after)) return;
    Cursor cursor{txn_, Table::Accounts};
    while (cursor.next()) {
        const auto record = decode_record(cursor.value());
        if (!record) throw_malformed("a row of accounts has no record");
        const Address address = Address::from(cursor.key());
        if (pending_ != nullptr && pending_->account(address) != nullptr) continue;
        if (!visitor(address, *record)) return;
    }
}

void FlatTables::put(const AccountChange& change) {
    replace(accounts_, change.address, encode_record(change.before), encode_record(change.after));
}

void FlatTables::put(const StorageChange& change) {
    replace(storage_, slot_key(change.address, change.key), encode_word(change.before),
            encode_word(change.after));
}

void put_codes(Txn& txn, const StateDiff& diff) {
    for (const auto& [hash, code] : diff.codes)
        if (!txn.find(Table::Code, hash)) txn.put(Table::Code, hash, *code);
}

void apply_flat(Txn& txn, const StateDiff& diff) {
    FlatTables tables{txn};
    for (const auto& change : diff.accounts) tables.put(change);
    for (const auto& change : diff.storage) tables.put(change);
}

}  // namespace cairn::chain
