// SPDX-License-Identifier: MIT
#include <algorithm>
#include <string>
#include <vector>

#include "chain/store/check_stages.hpp"
#include "chain/trie/secure_key.hpp"
#include "chain/trie/state_root.hpp"
#include "chain/trie/trie_builder.hpp"
#include "core/base/hex.hpp"
#include "core/codec/rlp_encode.hpp"
#include "core/types/account.hpp"

namespace cairn::chain {
namespace {

/// An account as the trie has it.
struct Leaf {
    Hash256 key;
    Account account;
};

/// Builds tries afresh and holds each row against the stored one.
class TrieComparison {
public:
    explicit TrieComparison(CheckRun& run) : run_{run}, tries_{run.view.txn()} {
        builder_.set_sink([this](const Nibbles& path, ByteView encoding) {
            ++rows_;
            run_.count();
            if (is_same_ && !equal(tries_.load(owner_, path), encoding)) is_same_ = false;
        });
    }

    void begin(const TrieOwner& owner) {
        owner_ = owner;
        is_same_ = true;
    }
    void add(const Nibbles& key, ByteView value) { builder_.add(key, value); }
    Hash256 finish(const std::string& where) {
        const auto root = builder_.finish();
        run_.expect(is_same_, where, "the trie's rows are not those of the flat state",
                    kAdviceRebuild);
        return root;
    }
    /// Rows of all tries since the last call.
    std::uint64_t take_rows() { return std::exchange(rows_, 0); }

private:
    CheckRun& run_;
    TrieTables tries_;
    TrieBuilder builder_;
    TrieOwner owner_;
    bool is_same_ = true;
    std::uint64_t rows_ = 0;
};

/// The account's storage root, from its flat slots.
[[nodiscard]] Hash256 check_storage(CheckRun& run, TrieComparison& tries, const Address& address,
                                    std::uint64_t& slots_seen) {
    std::vector<StorageSlot> slots;
    run.view.head_state().visit_storage(address, [&](const Uint256& key, const Uint256& value) {
        slots.push_back({key, value});
        return true;
    });
    if (slots.empty()) return kEmptyTrieRoot;
    slots_seen += slots.size();
    const auto where = "storage of account " + to_hex0x(address);
    run.expect(std::none_of(slots.begin(), slots.end(),
                            [](const StorageSlot& slot) { return slot.value.is_zero(); }),
               where, "a slot holds zero", kAdviceRebuild);
    std::vector<Uint256> keys(slots.size());
    std::transform(slots.begin(), slots.end(), keys.begin(),
                   [](const StorageSlot& slot) { return slot.key; });
    tries.begin(Hash256::from(ByteView{account_key(address).packed}));
    for (const auto& [hash, index] : hash_slots(keys))
        tries.add(Nibbles::from_key(hash), rlp_encode(slots[index].value));
    return tries.finish(where);
}

void check_changes(CheckRun& run, BlockNumber number, const StateDiff& diff) {
    const auto where = "change log of block " + std::to_string(number);
    const auto& txn = run.view.txn();
    const auto after = run.view.state_at(number);
    if (!run.expect(after.has_value(), where, "the state after it is not kept", kAdviceReimport))
        return;
    const auto is_entry = [&](Table table, ByteView key, ByteView before) {
        const auto row = txn.find(table, key);
        return number == 0 || (row && equal(*row, before));
    };
    for (const auto& change : diff.accounts) {
        run.count();
        const auto& a = change.address;
        run.expect((*after)->account(a) == change.after, where,
                   "account " + to_hex0x(a) + " is another afterwards", kAdviceRebuild);
        run.expect(is_entry(Table::AccountHistory, account_history_key(a, number),
                            encode_record(change.before)),
                   where, "account " + to_hex0x(a) + " is another before", kAdviceRebuild);
    }
    for (const auto& change : diff.storage) {
        run.count();
        const auto& a = change.address;
        run.expect((*after)->storage(a, change.key) == change.after, where,
                   "a slot of account " + to_hex0x(a) + " is another afterwards", kAdviceRebuild);
        run.expect(is_entry(Table::StorageHistory, storage_history_key(a, change.key, number),
                            encode_word(change.before)),
                   where, "a slot of account " + to_hex0x(a) + " is another before",
                   kAdviceRebuild);
    }
}

/// The state after genesis is what its log brings.
void check_genesis(CheckRun& run, const StateDiff& diff) {
    StateRootBuilder builder;
    auto change = diff.storage.begin();
    for (const auto& account : diff.accounts) {
        std::vector<std::pair<Uint256, Uint256>> slots;
        for (; change != diff.storage.end() && change->address == account.address; ++change)
            slots.emplace_back(change->key, change->after);
        if (account.after)
            builder.add(account.address, account.after->nonce, account.after->balance,
                        account.after->code_hash, slots);
    }
    const auto header = run.view.header(BlockNumber{0});
    run.expect(header && builder.root() == run.view.state_root_after(**header), "change log of genesis",
               "it does not lead to its state root", kAdviceReimport);
}

}  // namespace

void check_state(CheckRun& run) {
    const auto& txn = run.view.txn();
    TrieComparison tries{run};
    std::vector<Leaf> leaves;
    std::uint64_t slots = 0;
    run.view.head_state().visit_accounts([&](const Address& address, const AccountRecord& record) {
        run.count();
        if (record.code_hash != kEmptyCodeHash)
            run.expect(txn.find(Table::Code, record.code_hash).has_value(),
                       "account " + to_hex0x(address), "its code is missing", kAdviceReimport);
        const auto storage_root = check_storage(run, tries, address, slots);
        leaves.push_back({Hash256::from(ByteView{account_key(address).packed}),
                          {record.nonce, record.balance, storage_root, record.code_hash}});
        return !run.is_over();
    });
    if (run.is_over()) return;
    run.expect(txn.stats(Table::Storage).rows == slots, "table storage",
               "it has slots of accounts that are not there", kAdviceRebuild);
    run.expect(txn.stats(Table::StorageTrie).rows == tries.take_rows(), "table storage_trie",
               "it has rows that belong to no trie", kAdviceRebuild);
    std::sort(leaves.begin(), leaves.end(),
              [](const Leaf& a, const Leaf& b) { return a.key < b.key; });
    tries.begin(std::nullopt);
    for (const auto& leaf : leaves)
        tries.add(Nibbles::from_key(leaf.key), encode_account(leaf.account));
    const auto root = tries.finish("account trie");
    run.expect(txn.stats(Table::AccountTrie).rows == tries.take_rows(), "table account_trie",
               "it has rows that belong to no trie", kAdviceRebuild);
    const auto head = run.view.head();
    if (!head) return;
    const auto header = run.view.header(*head);
    run.expect(header && run.view.state_root_after(**header) == root, "flat state",
               "its root " + to_hex0x(root) + " is not the head's", kAdviceRebuild);
}

void check_history(CheckRun& run) {
    const auto head = run.view.head();
    const auto horizon = run.view.horizon();
    const auto& txn = run.view.txn();
    std::uint64_t logs = 0, accounts = 0, storage = 0;
    for (BlockNumber number = horizon == 0 ? 0 : horizon + 1;
         head && number <= head->number && !run.is_over(); ++number) {
        const auto diff = run.view.change_log(number);
        if (!run.expect(diff.has_value(), "block " + std::to_string(number),
                        "its change log is missing", kAdviceReimport))
            return;
        check_changes(run, number, *diff);
        ++logs;
        if (number == 0) {
            check_genesis(run, *diff);
            continue;
        }
        accounts += diff->accounts.size();
        storage += diff->storage.size();
    }
    if (run.is_over()) return;
    run.expect(txn.stats(Table::ChangeLog).rows == logs, "table change_log",
               "it has blocks below the horizon or above the head", kAdviceReimport);
    run.expect(txn.stats(Table::AccountHistory).rows == accounts, "table account_history",
               "it has entries that no change log has", kAdviceRebuild);
    run.expect(txn.stats(Table::StorageHistory).rows == storage, "table storage_history",
               "it has entries that no change log has", kAdviceRebuild);
}

}  // namespace cairn::chain
