// SPDX-License-Identifier: MIT
#include <map>
#include <string>

#include "chain/store/check_stages.hpp"
#include "chain/trie/list_root.hpp"
#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"

namespace cairn::chain {
namespace {

[[nodiscard]] std::string name_of(const BlockRef& block) {
    return "block " + std::to_string(block.number) + " (" + to_hex0x(block.hash) + ")";
}

void check_header(CheckRun& run, const BlockRef& block, const HashedHeader& header) {
    const auto where = name_of(block);
    if (!run.expect(header.hash() == block.hash && header->number == block.number, where,
                    "the header is another block's", kAdviceReimport))
        return;
    const auto entry = find_block_index(run.view.txn(), block.hash);
    if (!run.expect(entry && entry->number == block.number, where, "block_index lacks it",
                    kAdviceReimport))
        return;
    TotalDifficulty before{};
    if (block.number > 0) {
        const auto parent = find_block_index(run.view.txn(), header->parent_hash);
        if (!run.expect(parent && parent->number + 1 == block.number, where,
                        "its parent is not stored", kAdviceReimport))
            return;
        before = parent->total_difficulty;
    }
    run.expect(entry->total_difficulty == before + header->difficulty, where,
               "the total difficulty is not its parent's and its own", kAdviceReimport);
}

void check_body(CheckRun& run, const BlockRef& block, const BlockBody& body) {
    const auto where = name_of(block);
    const auto header = run.view.header(block);
    if (!run.expect(header.has_value(), where, "there is a body without a header", kAdviceReimport))
        return;
    const auto& txs = body.transactions;
    run.expect(
        list_root(txs.size(), [&](std::size_t i, Bytes& out) { append(out, txs[i].bytes()); }) ==
            (*header)->transactions_root,
        where, "the transactions are not the header's", kAdviceReimport);
    run.expect(ommers_hash_of(body.ommers) == (*header)->ommers_hash, where,
               "the ommers are not the header's", kAdviceReimport);
    std::optional<Hash256> withdrawals;
    if (body.withdrawals)
        withdrawals = list_root(body.withdrawals->size(), [&](std::size_t i, Bytes& out) {
            append(out, encode_withdrawal((*body.withdrawals)[i]));
        });
    run.expect(withdrawals == (*header)->withdrawals_root, where,
               "the withdrawals are not the header's", kAdviceReimport);
    const auto senders = run.view.senders(block);
    run.expect(!senders || senders->size() == txs.size(), where,
               "there are not as many senders as transactions", kAdviceReimport);
}

void check_receipts(CheckRun& run, const BlockRef& block, const std::vector<Receipt>& receipts) {
    const auto where = name_of(block);
    const auto header = run.view.header(block);
    if (!run.expect(header.has_value(), where, "there are receipts without a header",
                    kAdviceReimport))
        return;
    Bloom bloom;
    for (const auto& receipt : receipts) bloom_merge(bloom, receipt.bloom);
    const bool is_its = list_root(receipts.size(), [&](std::size_t i, Bytes& out) {
                            append(out, encode_receipt(receipts[i]));
                        }) == (*header)->receipts_root;
    run.expect(is_its && bloom == (*header)->logs_bloom, where, "the receipts are not the header's",
               kAdviceReimport);
}

/// Calls check(block, value) for the rows of a table whose keys are number ‖ hash.
template <class Find, class Check>
void for_each_block(CheckRun& run, Table table, Find&& find, Check&& check) {
    Cursor cursor{run.view.txn(), table};
    while (!run.is_over() && cursor.next()) {
        run.count();
        const auto block = decode_block_ref(cursor.key());
        try {
            check(run, block, *find(run.view.txn(), block));
        } catch (const StoreError& error) {
            if (error.fault() != StoreFault::Corrupt) throw;
            run.find(name_of(block), error.what(), kAdviceReimport);
        }
    }
}

/// Rows of log_index of one section: key to low bytes.
using LogSection = std::map<RowKey<17>, Bytes>;

void check_log_section(CheckRun& run, std::uint64_t section, const LogSection& expected) {
    LogSection stored;
    const auto prefix = number_key(section);
    Cursor cursor{run.view.txn(), Table::LogIndex};
    for (bool is_there = cursor.seek(prefix); is_there && has_prefix(cursor.key(), prefix);
         is_there = cursor.next()) {
        const auto value = cursor.value();
        RowKey<17> key{};
        if (cursor.key().size() != key.size())
            throw_malformed("a key of log_index has no 17 bytes");
        std::copy(cursor.key().begin(), cursor.key().end(), key.begin());
        stored.emplace(key, to_bytes(value));
        run.count();
    }
    run.expect(stored == expected, "log index of section " + std::to_string(section),
               "it is not what the receipts give", kAdviceRebuild);
}

/// Checks one canonical block's place; false where the chain cannot be followed.
bool check_canonical(CheckRun& run, BlockNumber number, BlockHash& previous,
                     std::uint64_t& tx_count, LogSection& logs) {
    const auto where = "canonical block " + std::to_string(number);
    const auto hash = run.view.canonical_hash(number);
    if (!run.expect(hash.has_value(), where, "its hash is missing", kAdviceRebuild)) return false;
    const BlockRef block{number, *hash};
    const auto header = run.view.header(block);
    if (!run.expect(header && (number == 0 || (*header)->parent_hash == previous), where,
                    "it does not follow the block before", kAdviceRebuild))
        return false;
    previous = *hash;
    const auto body = run.view.body(block);
    const auto receipts = run.view.receipts(block);
    if (!run.expect(body && receipts, where, "body or receipts are missing", kAdviceReimport))
        return true;
    run.expect(body->transactions.size() == receipts->size(), where,
               "there are not as many receipts as transactions", kAdviceReimport);
    for (std::uint32_t i = 0; i < body->transactions.size(); ++i) {
        run.expect(run.view.find_tx(body->transactions[i].hash()) == TxLocation{number, i}, where,
                   "tx_index lacks transaction " + std::to_string(i), kAdviceRebuild);
        ++tx_count;
    }
    for (const auto& key : log_index_keys(number, *receipts))
        logs[key].push_back(static_cast<std::uint8_t>(number % kLogSectionBlocks));
    return true;
}

}  // namespace

void check_blocks(CheckRun& run) {
    for_each_block(run, Table::Headers, find_header, check_header);
    for_each_block(run, Table::Bodies, find_body, check_body);
    for_each_block(run, Table::Receipts, find_receipts, check_receipts);
    const auto& txn = run.view.txn();
    run.expect(txn.stats(Table::BlockIndex).rows == txn.stats(Table::Headers).rows,
               "table block_index", "it has not as many rows as there are headers",
               kAdviceReimport);
}

void check_indexes(CheckRun& run) {
    const auto head = run.view.head();
    const auto& txn = run.view.txn();
    BlockHash previous;
    std::uint64_t tx_count = 0;
    LogSection logs;
    for (BlockNumber number = 0; head && number <= head->number && !run.is_over(); ++number) {
        run.count();
        if (!check_canonical(run, number, previous, tx_count, logs)) return;
        if (number % kLogSectionBlocks == kLogSectionBlocks - 1 || number == head->number) {
            check_log_section(run, number / kLogSectionBlocks, logs);
            logs.clear();
        }
    }
    const std::uint64_t blocks = head ? head->number + 1 : 0;
    run.expect(!head || previous == head->hash, "meta row head",
               "it is not the last canonical block", kAdviceRebuild);
    run.expect(txn.stats(Table::Canonical).rows == blocks, "table canonical",
               "it has numbers above the head", kAdviceRebuild);
    run.expect(txn.stats(Table::TxIndex).rows == tx_count, "table tx_index",
               "it has transactions that are not canonical", kAdviceRebuild);
    if (const auto genesis = run.view.genesis_hash(); head)
        run.expect(genesis && genesis == run.view.canonical_hash(0), "meta row genesis",
                   "it is not block 0", kAdviceReimport);
    Cursor cursor{txn, Table::LogIndex};
    const auto beyond = number_key(head ? head->number / kLogSectionBlocks + 1 : 0);
    run.expect(!cursor.seek(beyond), "table log_index", "it has blocks above the head",
               kAdviceRebuild);
}

void check_codes(CheckRun& run) {
    Cursor cursor{run.view.txn(), Table::Code};
    while (!run.is_over() && cursor.next()) {
        run.count();
        run.expect(equal(keccak256(cursor.value()), cursor.key()), "code " + to_hex0x(cursor.key()),
                   "it has another hash", kAdviceReimport);
    }
}

}  // namespace cairn::chain
