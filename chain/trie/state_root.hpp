// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "chain/trie/node_store.hpp"
#include "chain/trie/trie_update.hpp"
#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"
#include "core/math/uint256.hpp"
#include "core/types/account.hpp"
#include "core/types/ids.hpp"

namespace cairn::chain {

/// One slot of an account's storage.
struct StorageSlot {
    Uint256 key;
    Uint256 value;
};

/// Root of a storage trie: keys are Keccak-256 of the 32-byte slot number, values the RLP of the
/// integer, zero values are left out (Yellow Paper, section 4.1, equation 7). Slots in any order,
/// each key once. Pure; any thread.
[[nodiscard]] Hash256 storage_root(std::span<const StorageSlot> slots);

/// State root from a whole set of accounts in memory (Yellow Paper, section 4.1): for state tests,
/// genesis files and checks of the incremental root.
///
/// Example: for each account `builder.add(address, nonce, balance, code_hash, storage)`, then
/// `builder.root()`. One thread at a time.
class StateRootBuilder {
public:
    /// Makes room for that many accounts.
    void reserve(std::size_t accounts) { entries_.reserve(accounts); }

    /// An account whose storage root is known. Each address once; any order. Accounts are taken as
    /// they are: whether an empty one exists is for the caller to say (EIP-161).
    void add(const Address& address, const Account& account);

    /// An account with its storage: any range of pairs of key and value, each a Uint256, any order,
    /// each key once.
    template <class Pairs>
    void add(const Address& address, std::uint64_t nonce, const Wei& balance,
             const CodeHash& code_hash, const Pairs& storage) {
        slots_.clear();
        for (const auto& [key, value] : storage) slots_.push_back({key, value});
        add(address, Account{nonce, balance, storage_root(slots_), code_hash});
    }

    /// The root of what was added; begins another set. From kParallelAccountsMin accounts on, the
    /// work is spread.
    [[nodiscard]] Hash256 root(const ParallelFor& parallel = {});

private:
    struct Entry {
        Address address;
        Account account;
    };
    std::vector<Entry> entries_;
    std::vector<StorageSlot> slots_;
};

/// Fewer accounts than this are not worth waking another thread (measured by bench/trie.cpp).
inline constexpr std::size_t kParallelAccountsMin = 1024;

/// What becomes of one slot; zero deletes it.
struct SlotEdit {
    Uint256 key;
    Uint256 value;
};

/// What becomes of one account in a block.
struct AccountEdit {
    /// Fields of an account as a block leaves it; its storage root follows from the trie and
    /// `slots`.
    struct Fields {
        std::uint64_t nonce = 0;
        Wei balance;
        CodeHash code_hash = kEmptyCodeHash;
    };

    Address address;
    /// The account afterwards; nothing if it is gone, and all its storage with it.
    std::optional<Fields> fields;
    /// Whether the storage it had is gone (self-destruction, then perhaps creation at the same
    /// address) before `slots` is written.
    bool is_storage_wiped = false;
    /// Slots written, any order, each key once.
    std::span<const SlotEdit> slots;
};

/// Rows to write for one block, so that the tries of the store become those of the state after it.
struct StateTrieChanges {
    /// Rows of one storage trie.
    struct Storage {
        Hash256 owner;
        /// Whether every row of this trie is deleted before `rows` are written.
        bool is_wiped = false;
        NodeChanges rows;
    };
    NodeChanges accounts;
    /// Sorted by owner; tries that do not change are left out.
    std::vector<Storage> storages;
};

/// State root after the edits of a block, and the rows to write.
///
/// @param store     the tries before; not written
/// @param edits     any order, each address once
/// @param changes   set to the rows
/// @param parallel  spreads storage tries, and the account trie, over threads
/// @return          the root after; TrieError where the store does not hold the tries
/// @throws SystemError from the store
[[nodiscard]] Result<Hash256, TrieError> update_state_root(const NodeStore& store,
                                                           std::span<const AccountEdit> edits,
                                                           StateTrieChanges& changes,
                                                           const ParallelFor& parallel = {});

}  // namespace cairn::chain
