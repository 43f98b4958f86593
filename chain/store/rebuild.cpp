// SPDX-License-Identifier: MIT
#include "chain/store/rebuild.hpp"

#include <string>
#include <utility>

#include "chain/store/account_edits.hpp"
#include "chain/store/required.hpp"
#include "core/base/hex.hpp"

namespace cairn::chain {
namespace {

/// Rows of an index that wait to be written in order.
constexpr std::size_t kBytesHeldMax = std::size_t{64} << 20;

void fold(StoreWriter& writer, BlockNumber number, const ParallelFor& parallel) {
    const auto header = required(writer.header(number), "header", number);
    const auto diff = required(writer.change_log(number), "change log", number);
    const auto edits = account_edits(diff, writer.head_state());
    StateTrieChanges changes;
    const auto root = update_state_root(writer.tries(), edits.edits, changes, parallel);
    const auto expected = writer.state_root_after(*header);
    if (!root || *root != expected)
        throw StoreError{StoreFault::Corrupt,
                         "the change log of block " + std::to_string(number) +
                             " does not lead to the state root " + to_hex0x(expected)};
    apply_trie_changes(writer.write_txn(), changes);
    Txn& txn = writer.write_txn();
    apply_flat(txn, diff);
    RowBuffer entries;
    put_history_entries(entries, number, diff);
    entries.flush(txn);
}

}  // namespace

Result<void, RebuildError> rebuild_state(StoreWriter& writer, const ParallelFor& parallel,
                                         const RebuildProgress& progress) {
    if (writer.horizon() != 0) return Unexpected{RebuildError::Pruned};
    for (const auto table : {Table::Accounts, Table::Storage, Table::AccountHistory,
                             Table::StorageHistory, Table::AccountTrie, Table::StorageTrie})
        writer.write_txn().clear(table);
    const auto head = writer.head();
    if (!head) return {};
    for (BlockNumber number = 0; number <= head->number; ++number) {
        fold(writer, number, parallel);
        if (progress) progress(number + 1, head->number + 1);
    }
    return {};
}

void rebuild_indexes(StoreWriter& writer, const RebuildProgress& progress) {
    Txn& txn = writer.write_txn();
    for (const auto table : {Table::Canonical, Table::TxIndex, Table::LogIndex}) txn.clear(table);
    const auto head = writer.head();
    if (!head) return;
    for (BlockRef block = *head;; --block.number) {
        txn.put(Table::Canonical, number_key(block.number), block.hash);
        const auto header = required(writer.header(block), "header", block.number);
        if (block.number == 0) break;
        block.hash = header->parent_hash;
    }
    RowBuffer places;
    for (BlockNumber number = 0; number <= head->number; ++number) {
        const BlockRef block{number, required(writer.canonical_hash(number), "hash", number)};
        const auto body = required(writer.body(block), "body", number);
        put_tx_index(places, number, body.transactions);
        put_log_index(places, number, required(writer.receipts(block), "receipts", number));
        if (places.bytes() > kBytesHeldMax) places.flush(txn);
        if (progress) progress(number + 1, head->number + 1);
    }
    places.flush(txn);
}

}  // namespace cairn::chain
