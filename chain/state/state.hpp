// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "chain/state/index_table.hpp"
#include "chain/state/journal.hpp"
#include "chain/state/state_diff.hpp"
#include "chain/state/state_reader.hpp"
#include "core/base/bytes.hpp"
#include "core/types/ids.hpp"
#include "core/types/receipt.hpp"
#include "core/types/units.hpp"

namespace cairn::chain {

/// A slot's value before the transaction and as it stands (EIP-2200's "original" and "current").
struct SlotValues {
    Uint256 original;
    Uint256 current;
};

/// Whether accounts that a transaction touched and left empty vanish at its end (EIP-161: from Spurious Dragon on).
enum class EmptyAccounts : bool { Keep, Delete };

/// A changing state over a frozen one: values that were read or written are kept in memory, every change can be undone
/// back to a snapshot of the same transaction, and what remains comes out as a StateDiff.
///
/// Life: begin_transaction, reads and changes with snapshots and reverts, finalise_transaction; again for each
/// transaction; then take_diff. Changes outside a transaction's snapshots (rewards, system writes) go the same way.
/// A mutator writes value and journal entry together. reset() makes the object ready for another base and keeps its
/// memory; after a warm-up only logs and fresh code allocate. One thread at a time.
///
/// `address` arguments may name accounts that do not exist: reads then give 0, and a mutator makes the account.
class State {
  public:
    /// @param base  what lies below; outlives this object or its next reset, and does not change meanwhile
    explicit State(const StateReader& base) : base_{&base} {}
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    /// Forgets every value and lays itself over `base`.
    void reset(const StateReader& base);

    // Reads.
    [[nodiscard]] bool exists(const Address& address) { return find(address).exists; }
    /// Nonce, balance and code are all zero (EIP-161); true also where there is no account.
    [[nodiscard]] bool is_empty(const Address& address) { return find(address).record.is_empty(); }
    [[nodiscard]] const Wei& balance(const Address& address) { return find(address).record.balance; }
    [[nodiscard]] std::uint64_t nonce(const Address& address) { return find(address).record.nonce; }
    /// kEmptyCodeHash where there is no code or no account.
    [[nodiscard]] const CodeHash& code_hash(const Address& address) {
        return find(address).record.code_hash;
    }
    /// Valid until the code of this account changes.
    [[nodiscard]] ByteView code(const Address& address);
    /// Whether any slot of the account is non-zero (EIP-7610).
    [[nodiscard]] bool has_storage(const Address& address);
    [[nodiscard]] const Uint256& storage(const Address& address, const Uint256& key) {
        return find_slot(find_index(address), key).current;
    }
    [[nodiscard]] SlotValues storage_values(const Address& address, const Uint256& key) {
        const auto& slot = find_slot(find_index(address), key);
        return {slot.original, slot.current};
    }
    /// 0 until written in this transaction (EIP-1153).
    [[nodiscard]] Uint256 transient_storage(const Address& address, const Uint256& key);

    // Changes. Each touches its account in EIP-161's sense.
    /// Makes the account if there is none (with nothing in it) and marks it touched.
    void touch(const Address& address);
    /// Wraps at 2^256, as clients do: no supply comes near it but one that a genesis allocation invents.
    void add_balance(const Address& address, const Wei& amount);
    /// There must be that much (asserted).
    void subtract_balance(const Address& address, const Wei& amount);
    void set_nonce(const Address& address, std::uint64_t nonce);
    /// Gives the account code (empty: takes it away). Hashes the bytes.
    void set_code(const Address& address, ByteView code);
    /// Writes the slot and tells what was there.
    SlotValues set_storage(const Address& address, const Uint256& key, const Uint256& value);
    void set_transient_storage(const Address& address, const Uint256& key, const Uint256& value);

    // Marks of the transaction; undone by revert like values.
    /// Marks as accessed (EIP-2929); true when it was cold.
    bool access_account(const Address& address) { return mark(find(address), kWarm); }
    bool access_storage(const Address& address, const Uint256& key);
    /// Marks as created in this transaction (EIP-6780); the account exists from then on.
    void mark_created(const Address& address);
    [[nodiscard]] bool was_created(const Address& address) {
        return (find(address).marks & kCreated) != 0;
    }
    /// Marks for destruction at the transaction's end; true when it was not marked before.
    bool mark_destructed(const Address& address) {
        auto& account = find(address);
        return mark(account, kTouched | kDestructed);
    }
    /// Addresses marked for destruction, in the order of their first access in the transaction.
    [[nodiscard]] std::vector<Address> destructed() const;

    void add_log(const Address& address, std::span<const Hash256> topics, ByteView data);
    [[nodiscard]] std::span<const Log> logs() const noexcept { return logs_; }
    /// Hands the transaction's logs over.
    [[nodiscard]] std::vector<Log> take_logs();

    /// A point of the running transaction to which revert() can go back.
    struct Snapshot {
        std::size_t journal_size = 0;
        std::size_t log_count = 0;
    };
    [[nodiscard]] Snapshot snapshot() const noexcept { return {journal_.size(), logs_.size()}; }
    /// Undoes everything since the snapshot, later snapshots included. One thing stays: a touch of the account 0x03.
    /// Clients of 2016 did not undo it when a call ran out of gas, and mainnet's block 2,675,119 depends on that
    /// (Yellow Paper, appendix K.1).
    void revert(const Snapshot& snapshot);

    /// Starts a transaction: nothing is warm, created, destructed or touched, originals are what the slots hold,
    /// transient storage is empty. Whatever happened before can no longer be undone.
    void begin_transaction();
    /// Ends it: destroys the accounts marked for destruction, with their storage, and as `empty_accounts` says removes
    /// touched accounts that are empty. Logs stay until taken or until the next begin_transaction.
    void finalise_transaction(EmptyAccounts empty_accounts);

    /// Everything that changed since construction, reset or the last take_diff. What the values are then counts as the
    /// base from there on; the reader below may, but need not, have been brought up to it before the next read.
    /// Not within a transaction that may still be reverted.
    [[nodiscard]] StateDiff take_diff();

  private:
    // The transaction's marks of an account, valid when its epoch is the transaction's.
    static constexpr std::uint8_t kWarm = 1;
    static constexpr std::uint8_t kTouched = 2;
    static constexpr std::uint8_t kCreated = 4;
    static constexpr std::uint8_t kDestructed = 8;

    struct AccountEntry {
        SlabIndex index = kNoIndex;  ///< its own
        Address address;
        bool exists = false;
        bool base_exists = false;
        bool is_dirty = false;           ///< listed in dirty_accounts_
        bool storage_cleared = false;    ///< unseen slots are 0 whatever the base says
        bool clearing_is_listed = false; ///< listed in cleared_accounts_
        std::uint8_t marks = 0;
        std::uint32_t epoch = 0;
        SlabIndex first_slot = kNoIndex; ///< chain through SlotEntry::next
        AccountRecord record;
        AccountRecord base;
        SharedCode code; ///< null until loaded, or without code
    };

    struct SlotEntry {
        Uint256 key;
        Uint256 current;
        Uint256 original;
        Uint256 base;
        SlabIndex index = kNoIndex;  ///< its own
        SlabIndex account = kNoIndex;
        SlabIndex next = kNoIndex;
        std::uint32_t epoch = 0;
        bool is_warm = false;
        bool is_dirty = false; ///< listed in dirty_slots_
    };

    struct TransientEntry {
        Uint256 key;
        Uint256 value;
        SlabIndex account = kNoIndex;
    };

    [[nodiscard]] SlabIndex find_index(const Address& address) {
        if (last_account_ != kNoIndex && accounts_[last_account_].address == address) return last_account_;
        return find_index_slow(address);
    }
    [[nodiscard]] AccountEntry& find(const Address& address) { return accounts_[find_index(address)]; }
    [[nodiscard]] SlabIndex find_index_slow(const Address& address);
    void load_account(AccountEntry& account, const Address& address);

    [[nodiscard]] SlotEntry& find_slot(SlabIndex account, const Uint256& key) {
        if (last_slot_ != kNoIndex) {
            auto& slot = slots_[last_slot_];
            if (slot.account == account && slot.key == key) return slot;
        }
        return find_slot_slow(account, key);
    }
    [[nodiscard]] SlotEntry& find_slot_slow(SlabIndex account, const Uint256& key);
    /// What take_diff has to call the value before, of a slot that was not seen yet.
    [[nodiscard]] Uint256 base_value(const AccountEntry& account, const Uint256& key) const;
    SlabIndex add_slot(std::uint64_t hash, SlabIndex account, const Uint256& key, const Uint256& value);
    [[nodiscard]] SlabIndex find_transient(SlabIndex account, const Uint256& key) const noexcept;

    /// Sets marks and journals; true when one of them was not set.
    bool mark(AccountEntry& account, std::uint8_t marks);
    void set_flags(AccountEntry& account, bool exists, std::uint8_t marks);
    /// Before a change of the account's record.
    void prepare_change(AccountEntry& account);
    void list_dirty(AccountEntry& account);
    void list_dirty(SlotEntry& slot);
    void undo(const JournalEntry& entry);
    void destroy(AccountEntry& account);
    void collect_cleared_storage();
    void advance_epoch();

    const StateReader* base_;
    KeyHasher hasher_;
    Slab<AccountEntry> accounts_;
    Slab<SlotEntry> slots_;
    Slab<TransientEntry> transients_;
    IndexTable account_table_;
    IndexTable slot_table_;
    IndexTable transient_table_;
    SlabIndex last_account_ = kNoIndex;
    SlabIndex last_slot_ = kNoIndex;
    /// Counts transactions; marks and originals of another epoch are stale. 0 is no transaction.
    std::uint32_t epoch_ = 1;

    Journal journal_;
    std::vector<Log> logs_;
    /// Accounts seen in this transaction, for finalisation.
    std::vector<SlabIndex> tx_accounts_;
    std::vector<SlabIndex> dirty_accounts_;
    std::vector<SlabIndex> dirty_slots_;
    std::vector<SlabIndex> cleared_accounts_;
};

}  // namespace cairn::chain
