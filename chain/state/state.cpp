// SPDX-License-Identifier: MIT
#include "chain/state/state.hpp"

#include <algorithm>
#include <utility>

#include "core/base/assert.hpp"
#include "core/crypto/keccak.hpp"

namespace cairn::chain {
namespace {

/// RIPEMD-160's address, whose touch is never undone.
constexpr Address kRipemdAddress{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3}};

}  // namespace

void State::reset(const StateReader& base) {
    base_ = &base;
    // Shared code is let go here; buffers stay.
    for (SlabIndex i = 0; i < accounts_.size(); ++i) accounts_[i].code.reset();
    accounts_.clear();
    slots_.clear();
    account_table_.clear();
    slot_table_.clear();
    dirty_accounts_.clear();
    dirty_slots_.clear();
    cleared_accounts_.clear();
    begin_transaction();
}

void State::begin_transaction() {
    journal_.clear();
    logs_.clear();
    transients_.clear();
    transient_table_.clear();
    tx_accounts_.clear();
    last_account_ = kNoIndex;
    last_slot_ = kNoIndex;
    advance_epoch();
}

void State::advance_epoch() {
    if (++epoch_ != 0) return;
    // The counter went round: what is stale must not look current.
    for (SlabIndex i = 0; i < accounts_.size(); ++i) accounts_[i].epoch = 0;
    for (SlabIndex i = 0; i < slots_.size(); ++i) slots_[i].epoch = 0;
    epoch_ = 1;
}

SlabIndex State::find_index_slow(const Address& address) {
    const auto hash = hasher_(address);
    auto index = account_table_.find(hash, [&](SlabIndex i) { return accounts_[i].address == address; });
    if (index == kNoIndex) {
        index = accounts_.add();
        auto& account = accounts_[index];
        account.index = index;
        load_account(account, address);
        account_table_.insert(hash, index);
    }
    auto& account = accounts_[index];
    if (account.epoch != epoch_) {
        account.epoch = epoch_;
        account.marks = 0;
        tx_accounts_.push_back(index);
    }
    return last_account_ = index;
}

void State::load_account(AccountEntry& account, const Address& address) {
    const auto record = base_->account(address);
    account.address = address;
    account.exists = account.base_exists = record.has_value();
    account.record = account.base = record.value_or(AccountRecord{});
    account.is_dirty = account.storage_cleared = account.clearing_is_listed = false;
    account.epoch = 0;
    account.first_slot = kNoIndex;
    account.code.reset();
}

State::SlotEntry& State::find_slot_slow(SlabIndex account, const Uint256& key) {
    const auto hash = hasher_(account, key);
    auto index = slot_table_.find(hash, [&](SlabIndex i) {
        return slots_[i].account == account && slots_[i].key == key;
    });
    if (index == kNoIndex) {
        index = add_slot(hash, account, key, base_value(accounts_[account], key));
        if (accounts_[account].storage_cleared && !slots_[index].current.is_zero()) {
            slots_[index].current = {};
            list_dirty(slots_[index]);
        }
    }
    auto& slot = slots_[index];
    if (slot.epoch != epoch_) {
        slot.epoch = epoch_;
        slot.original = slot.current;
        slot.is_warm = false;
    }
    last_slot_ = index;
    return slot;
}

Uint256 State::base_value(const AccountEntry& account, const Uint256& key) const {
    if (!account.base_exists) return {};
    // Cleared before the last take_diff: what the base had is known since, and the base may lag behind.
    if (account.storage_cleared && !account.clearing_is_listed) return {};
    return base_->storage(account.address, key);
}

SlabIndex State::add_slot(std::uint64_t hash, SlabIndex account, const Uint256& key, const Uint256& value) {
    const auto index = slots_.add();
    auto& slot = slots_[index];
    slot.index = index;
    slot.key = key;
    slot.current = slot.base = value;
    slot.account = account;
    slot.next = std::exchange(accounts_[account].first_slot, index);
    slot.epoch = 0;
    slot.is_dirty = false;
    slot_table_.insert(hash, index);
    return index;
}

ByteView State::code(const Address& address) {
    auto& account = find(address);
    if (account.code) return *account.code;
    if (account.record.code_hash == kEmptyCodeHash) return {};
    account.code = base_->code(account.record.code_hash);
    CAIRN_ASSERT(account.code != nullptr);
    return *account.code;
}

bool State::has_storage(const Address& address) {
    const auto index = find_index(address);
    const auto& account = accounts_[index];
    for (auto i = account.first_slot; i != kNoIndex; i = slots_[i].next)
        if (!slots_[i].current.is_zero()) return true;
    if (account.storage_cleared || !account.base_exists) return false;
    bool found = false;
    base_->visit_storage(address, [&](const Uint256& key, const Uint256&) {
        // A slot that is known here was judged above: the base may hold what was deleted since.
        const auto known = slot_table_.find(hasher_(index, key), [&](SlabIndex i) {
            return slots_[i].account == index && slots_[i].key == key;
        });
        found = known == kNoIndex;
        return !found;
    });
    return found;
}

void State::list_dirty(AccountEntry& account) {
    if (std::exchange(account.is_dirty, true)) return;
    dirty_accounts_.push_back(account.index);
}

void State::list_dirty(SlotEntry& slot) {
    if (std::exchange(slot.is_dirty, true)) return;
    dirty_slots_.push_back(slot.index);
}

void State::set_flags(AccountEntry& account, bool exists, std::uint8_t marks) {
    journal_.add(JournalKind::Flags, account.index,
                 {account.marks | std::uint64_t{account.exists} << 8});
    account.exists = exists;
    account.marks = marks;
}

bool State::mark(AccountEntry& account, std::uint8_t marks) {
    if ((account.marks & marks) == marks) return false;
    set_flags(account, account.exists, account.marks | marks);
    return true;
}

void State::prepare_change(AccountEntry& account) {
    if (!account.exists || (account.marks & kTouched) == 0)
        set_flags(account, true, account.marks | kTouched);
    list_dirty(account);
}

void State::touch(const Address& address) { prepare_change(find(address)); }

void State::add_balance(const Address& address, const Wei& amount) {
    auto& account = find(address);
    prepare_change(account);
    if (amount.is_zero()) return;
    journal_.add(JournalKind::Balance, account.index, account.record.balance);
    account.record.balance += amount;
}

void State::subtract_balance(const Address& address, const Wei& amount) {
    auto& account = find(address);
    CAIRN_ASSERT(account.record.balance >= amount);
    prepare_change(account);
    if (amount.is_zero()) return;
    journal_.add(JournalKind::Balance, account.index, account.record.balance);
    account.record.balance -= amount;
}

void State::set_nonce(const Address& address, std::uint64_t nonce) {
    auto& account = find(address);
    prepare_change(account);
    journal_.add(JournalKind::Nonce, account.index, {account.record.nonce});
    account.record.nonce = nonce;
}

void State::set_code(const Address& address, ByteView code) {
    auto& account = find(address);
    prepare_change(account);
    journal_.add_code(account.index, {account.record.code_hash, std::move(account.code)});
    if (code.empty()) {
        account.record.code_hash = kEmptyCodeHash;
        account.code.reset();
    } else {
        account.record.code_hash = keccak256(code).as<CodeHash>();
        account.code = std::make_shared<const Bytes>(code.begin(), code.end());
    }
}

SlotValues State::set_storage(const Address& address, const Uint256& key, const Uint256& value) {
    const auto index = find_index(address);
    auto& slot = find_slot(index, key);
    const SlotValues before{slot.original, slot.current};
    if (before.current == value) return before;
    auto& account = accounts_[index];
    if (!account.exists || (account.marks & kTouched) == 0) prepare_change(account);
    journal_.add(JournalKind::Storage, slot.index, slot.current);
    slot.current = value;
    list_dirty(slot);
    return before;
}

SlabIndex State::find_transient(SlabIndex account, const Uint256& key) const noexcept {
    return transient_table_.find(hasher_(account, key), [&](SlabIndex i) {
        return transients_[i].account == account && transients_[i].key == key;
    });
}

Uint256 State::transient_storage(const Address& address, const Uint256& key) {
    const auto index = find_transient(find_index(address), key);
    return index == kNoIndex ? Uint256{} : transients_[index].value;
}

void State::set_transient_storage(const Address& address, const Uint256& key, const Uint256& value) {
    const auto account = find_index(address);
    auto index = find_transient(account, key);
    if (index == kNoIndex) {
        if (value.is_zero()) return;
        index = transients_.add();
        transients_[index] = {key, {}, account};
        transient_table_.insert(hasher_(account, key), index);
    }
    journal_.add(JournalKind::Transient, index, transients_[index].value);
    transients_[index].value = value;
}

bool State::access_storage(const Address& address, const Uint256& key) {
    auto& slot = find_slot(find_index(address), key);
    if (slot.is_warm) return false;
    slot.is_warm = true;
    journal_.add(JournalKind::SlotWarmed, slot.index, {});
    return true;
}

void State::mark_created(const Address& address) {
    auto& account = find(address);
    prepare_change(account);
    mark(account, kCreated);
}

std::vector<Address> State::destructed() const {
    std::vector<Address> out;
    for (const auto i : tx_accounts_)
        if ((accounts_[i].marks & kDestructed) != 0) out.push_back(accounts_[i].address);
    return out;
}

void State::add_log(const Address& address, std::span<const Hash256> topics, ByteView data) {
    logs_.push_back({address, {topics.begin(), topics.end()}, to_bytes(data)});
}

std::vector<Log> State::take_logs() { return std::exchange(logs_, {}); }

void State::revert(const Snapshot& snapshot) {
    CAIRN_ASSERT(snapshot.journal_size <= journal_.size() && snapshot.log_count <= logs_.size());
    while (journal_.size() > snapshot.journal_size) undo(journal_.pop());
    logs_.resize(snapshot.log_count);
}

void State::undo(const JournalEntry& entry) {
    switch (entry.kind) {
        case JournalKind::Balance: accounts_[entry.index].record.balance = entry.before; return;
        case JournalKind::Nonce: accounts_[entry.index].record.nonce = entry.before.low64(); return;
        case JournalKind::Code: {
            auto displaced = journal_.pop_code();
            accounts_[entry.index].record.code_hash = displaced.hash;
            accounts_[entry.index].code = std::move(displaced.code);
            return;
        }
        case JournalKind::Flags: {
            auto& account = accounts_[entry.index];
            const auto stays = account.address == kRipemdAddress ? account.marks & kTouched : 0;
            account.marks = static_cast<std::uint8_t>(entry.before.low64() | static_cast<unsigned>(stays));
            account.exists = (entry.before.low64() >> 8) != 0;
            return;
        }
        case JournalKind::Storage: slots_[entry.index].current = entry.before; return;
        case JournalKind::SlotWarmed: slots_[entry.index].is_warm = false; return;
        case JournalKind::Transient: transients_[entry.index].value = entry.before; return;
    }
}

void State::destroy(AccountEntry& account) {
    list_dirty(account);
    account.exists = false;
    account.record = {};
    account.code.reset();
    for (auto i = account.first_slot; i != kNoIndex; i = slots_[i].next) {
        auto& slot = slots_[i];
        if (slot.current.is_zero()) continue;
        slot.current = {};
        list_dirty(slot);
    }
    account.storage_cleared = true;
    if (account.base_exists && !std::exchange(account.clearing_is_listed, true))
        cleared_accounts_.push_back(account.index);
}

void State::finalise_transaction(EmptyAccounts empty_accounts) {
    for (const auto i : tx_accounts_) {
        auto& account = accounts_[i];
        if ((account.marks & kDestructed) != 0) {
            destroy(account);
        } else if (empty_accounts == EmptyAccounts::Delete && (account.marks & kTouched) != 0 &&
                   account.exists && account.record.is_empty()) {
            destroy(account);
        }
    }
    auto logs = std::move(logs_);
    begin_transaction();
    logs_ = std::move(logs);
}

void State::collect_cleared_storage() {
    for (const auto index : cleared_accounts_) {
        auto& account = accounts_[index];
        account.clearing_is_listed = false;
        base_->visit_storage(account.address, [&](const Uint256& key, const Uint256& value) {
            const auto hash = hasher_(index, key);
            const auto known = slot_table_.find(hash, [&](SlabIndex i) {
                return slots_[i].account == index && slots_[i].key == key;
            });
            if (known != kNoIndex) return true;
            // The slot becomes known, so that a base that lags behind is not believed a second time.
            auto& slot = slots_[add_slot(hash, index, key, value)];
            slot.current = {};
            list_dirty(slot);
            return true;
        });
    }
    cleared_accounts_.clear();
}

StateDiff State::take_diff() {
    collect_cleared_storage();
    StateDiff diff;
    diff.accounts.reserve(dirty_accounts_.size());
    diff.storage.reserve(dirty_slots_.size());
    for (const auto i : dirty_accounts_) {
        auto& account = accounts_[i];
        account.is_dirty = false;
        if (account.exists == account.base_exists && account.record == account.base) continue;
        AccountChange change{account.address, {}, {}};
        if (account.base_exists) change.before = account.base;
        if (account.exists) change.after = account.record;
        diff.accounts.push_back(std::move(change));
        if (account.record.code_hash != account.base.code_hash && account.code)
            diff.codes.push_back({account.record.code_hash, account.code});
        account.base = account.record;
        account.base_exists = account.exists;
    }
    for (const auto i : dirty_slots_) {
        auto& slot = slots_[i];
        slot.is_dirty = false;
        if (slot.current == slot.base) continue;
        diff.storage.push_back({accounts_[slot.account].address, slot.key, slot.base, slot.current});
        slot.base = slot.current;
    }
    dirty_accounts_.clear();
    dirty_slots_.clear();

    std::sort(diff.accounts.begin(), diff.accounts.end(),
              [](const auto& a, const auto& b) { return a.address < b.address; });
    std::sort(diff.storage.begin(), diff.storage.end(), [](const auto& a, const auto& b) {
        const auto order = a.address <=> b.address;
        return order != 0 ? order < 0 : a.key < b.key;
    });
    std::sort(diff.codes.begin(), diff.codes.end(),
              [](const auto& a, const auto& b) { return a.hash < b.hash; });
    diff.codes.erase(std::unique(diff.codes.begin(), diff.codes.end(),
                                 [](const auto& a, const auto& b) { return a.hash == b.hash; }),
                     diff.codes.end());
    return diff;
}

}  // namespace cairn::chain
