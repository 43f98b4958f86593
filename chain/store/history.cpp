// SPDX-License-Identifier: MIT
#include "chain/store/history.hpp"

#include "chain/store/keys.hpp"
#include "chain/store/store_error.hpp"

namespace cairn::chain {
namespace {

void append_count(Bytes& out, std::size_t count) {
    std::array<std::uint8_t, 4> bytes;
    store_be32(bytes.data(), static_cast<std::uint32_t>(count));
    append(out, bytes);
}

void append_short(Bytes& out, ByteView bytes) {
    out.push_back(static_cast<std::uint8_t>(bytes.size()));
    append(out, bytes);
}

/// Takes pieces off a row; throws where it ends too early.
class Pieces {
public:
    explicit Pieces(ByteView bytes) noexcept : rest_{bytes} {}

    ByteView take(std::size_t size) {
        if (size > rest_.size()) throw_malformed("a row of change_log is cut short");
        const ByteView piece = rest_.first(size);
        rest_ = rest_.subspan(size);
        return piece;
    }
    std::uint32_t take_count() { return load_be32(take(4).data()); }
    ByteView take_short() { return take(take(1)[0]); }
    void finish() const {
        if (!rest_.empty()) throw_malformed("a row of change_log goes on past its end");
    }

private:
    ByteView rest_;
};

/// Deletes a key that must be there.
void erase_entry(Cursor& cursor, ByteView key) {
    if (!cursor.find(key))
        throw StoreError{StoreFault::Corrupt, "a history lacks an entry that change_log has"};
    cursor.erase();
}

/// Moves to the first entry of `prefix` past a block; the key is prefix ‖ number + 1.
template <class Key>
[[nodiscard]] bool seek_after(Cursor& cursor, const Key& key) {
    return cursor.seek(key) && has_prefix(cursor.key(), ByteView{key}.first(key.size() - 8));
}

/// The least key above all that begin with `prefix`; false where there is none.
[[nodiscard]] bool step_over(Bytes& prefix) noexcept {
    for (std::size_t i = prefix.size(); i-- > 0;)
        if (++prefix[i] != 0) return true;
    return false;
}

/// Visits each key of a history with entries past `number`, once: its key without the number, and
/// its value after block `number`. `scope` is what all keys begin with.
template <class Visit>
[[nodiscard]] bool visit_changed(const Txn& txn, Table table, ByteView scope,
                                 std::size_t prefix_bytes, BlockNumber number, Visit&& visit) {
    Cursor cursor{txn, table};
    Bytes at = to_bytes(scope);
    bool is_there = scope.empty() ? cursor.first() : cursor.seek(at);
    while (is_there && has_prefix(cursor.key(), scope)) {
        (void)cursor.value();  // verifies the key
        Bytes prefix = to_bytes(cursor.key().first(prefix_bytes));
        at = prefix;
        append(at, number_key(number + 1));
        if (cursor.seek(at) && has_prefix(cursor.key(), prefix) && !visit(prefix, cursor.value()))
            return false;
        if (!step_over(prefix)) return true;
        is_there = cursor.seek(prefix);
    }
    return true;
}

}  // namespace

Bytes encode_change_log(const StateDiff& diff) {
    Bytes out;
    out.reserve(16 + diff.accounts.size() * 60 + diff.storage.size() * 40);
    append_count(out, diff.accounts.size());
    for (const auto& change : diff.accounts) {
        append(out, change.address);
        append_short(out, encode_record(change.before));
        append_short(out, encode_record(change.after));
    }
    std::size_t groups = 0;
    for (std::size_t i = 0; i < diff.storage.size(); ++i)
        if (i == 0 || diff.storage[i].address != diff.storage[i - 1].address) ++groups;
    append_count(out, groups);
    for (std::size_t i = 0; i < diff.storage.size();) {
        std::size_t end = i;
        while (end < diff.storage.size() && diff.storage[end].address == diff.storage[i].address)
            ++end;
        append(out, diff.storage[i].address);
        append_count(out, end - i);
        for (; i < end; ++i) {
            append_short(out, encode_word(diff.storage[i].key));
            append_short(out, encode_word(diff.storage[i].before));
            append_short(out, encode_word(diff.storage[i].after));
        }
    }
    return out;
}

StateDiff decode_change_log(ByteView bytes) {
    StateDiff diff;
    Pieces pieces{bytes};
    for (auto count = pieces.take_count(); count > 0; --count) {
        AccountChange change;
        change.address = Address::from(pieces.take(Address::kSize));
        change.before = decode_record(pieces.take_short());
        change.after = decode_record(pieces.take_short());
        diff.accounts.push_back(change);
    }
    for (auto groups = pieces.take_count(); groups > 0; --groups) {
        StorageChange change;
        change.address = Address::from(pieces.take(Address::kSize));
        for (auto count = pieces.take_count(); count > 0; --count) {
            change.key = decode_word(pieces.take_short());
            change.before = decode_word(pieces.take_short());
            change.after = decode_word(pieces.take_short());
            diff.storage.push_back(change);
        }
    }
    pieces.finish();
    return diff;
}

std::optional<StateDiff> find_change_log(const Txn& txn, BlockNumber number) {
    const auto row = txn.find(Table::ChangeLog, number_key(number));
    if (!row) return std::nullopt;
    return decode_change_log(*row);
}

void put_change_log(Txn& txn, BlockNumber number, const StateDiff& diff) {
    txn.put(Table::ChangeLog, number_key(number), encode_change_log(diff));
}

void put_history_entries(RowBuffer& rows, BlockNumber number, const StateDiff& diff) {
    if (number == 0) return;
    for (const auto& change : diff.accounts)
        rows.put(Table::AccountHistory, account_history_key(change.address, number),
                 encode_record(change.before));
    for (const auto& change : diff.storage)
        rows.put(Table::StorageHistory, storage_history_key(change.address, change.key, number),
                 encode_word(change.before));
}

void erase_history(Txn& txn, BlockNumber number, const StateDiff& diff) {
    if (!txn.erase(Table::ChangeLog, number_key(number)))
        throw StoreError{StoreFault::Corrupt, "change_log lacks a block that was read from it"};
    if (number == 0) return;
    Cursor accounts{txn, Table::AccountHistory};
    for (const auto& change : diff.accounts)
        erase_entry(accounts, account_history_key(change.address, number));
    Cursor storage{txn, Table::StorageHistory};
    for (const auto& change : diff.storage)
        erase_entry(storage, storage_history_key(change.address, change.key, number));
}

PastState::PastState(const Txn& txn, BlockNumber number)
    : StoredState{txn},
      number_{number},
      head_{txn},
      accounts_{txn, Table::AccountHistory},
      storage_{txn, Table::StorageHistory} {}

std::optional<AccountRecord> PastState::account(const Address& address) const {
    if (seek_after(accounts_, account_history_key(address, number_ + 1)))
        return decode_record(accounts_.value());
    return head_.account(address);
}

Uint256 PastState::storage(const Address& address, const Uint256& key) const {
    if (seek_after(storage_, storage_history_key(address, key, number_ + 1)))
        return decode_word(storage_.value());
    return head_.storage(address, key);
}

void PastState::visit_storage(const Address& address, const StorageVisitor& visitor) const {
    const auto slot_of = [](ByteView prefix) { return load_be256(prefix.data() + Address::kSize); };
    if (!visit_changed(txn_, Table::StorageHistory, address, 52, number_,
                       [&](ByteView prefix, ByteView value) {
                           return value.empty() || visitor(slot_of(prefix), decode_word(value));
                       }))
        return;
    head_.visit_storage(address, [&](const Uint256& key, const Uint256& value) {
        if (seek_after(storage_, storage_history_key(address, key, number_ + 1))) return true;
        return visitor(key, value);
    });
}

void PastState::visit_accounts(const AccountVisitor& visitor) const {
    if (!visit_changed(txn_, Table::AccountHistory, {}, Address::kSize, number_,
                       [&](ByteView prefix, ByteView value) {
                           const auto record = decode_record(value);
                           return !record || visitor(Address::from(prefix), *record);
                       }))
        return;
    head_.visit_accounts([&](const Address& address, const AccountRecord& record) {
        if (seek_after(accounts_, account_history_key(address, number_ + 1))) return true;
        return visitor(address, record);
    });
}

}  // namespace cairn::chain
