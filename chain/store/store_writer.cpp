// SPDX-License-Identifier: MIT
#include "chain/store/store_writer.hpp"

#include <algorithm>
#include <string>

#include "chain/store/account_edits.hpp"
#include "chain/store/required.hpp"
#include "core/base/assert.hpp"
#include "core/base/hex.hpp"

namespace cairn::chain {
namespace {

[[noreturn]] void throw_corrupt(const std::string& what) {
    throw StoreError{StoreFault::Corrupt, what};
}

}  // namespace

StoreWriter::StoreWriter(Store& store)
    : detail::TxnHolder{store.env(), Txn::Kind::Write}, ChainReader{own, &pending_}, pending_{own} {}

void StoreWriter::commit() {
    pending_.settle_all();
    own.commit();
}

Txn& StoreWriter::write_txn() {
    pending_.settle_all();
    return own;
}

void StoreWriter::put_header(const HashedHeader& header, const TotalDifficulty& total) {
    put_header_row(own, header, total);
}

void StoreWriter::put_block(const Block& block, const TotalDifficulty& total,
                            std::span<const Address> senders) {
    const BlockRef ref{block.header->number, block.header.hash()};
    put_header_row(own, block.header, total);
    put_body_row(own, ref, block.body);
    CAIRN_ASSERT(senders.empty() || senders.size() == block.body.transactions.size());
    if (!senders.empty()) put_senders_row(own, ref, senders);
}

void StoreWriter::put_bad_block(const BlockHash& hash, const BadBlock& bad) {
    put_bad_block_row(own, hash, bad);
}

bool StoreWriter::erase_bad_block(const BlockHash& hash) {
    return own.erase(Table::BadBlocks, hash);
}

void StoreWriter::set_head(const BlockRef& block) {
    put_meta_ref(own, MetaKey::kHead, block);
}
void StoreWriter::set_safe(const BlockRef& block) {
    put_meta_ref(own, MetaKey::kSafe, block);
}
void StoreWriter::set_finalized(const BlockRef& block) {
    put_meta_ref(own, MetaKey::kFinalized, block);
}

void StoreWriter::apply(const Block& block, const std::vector<Receipt>& receipts,
                        const StateDiff& diff, const StateTrieChanges& tries) {
    const BlockRef ref{block.header->number, block.header.hash()};
    const auto parent = head();
    CAIRN_ASSERT(parent
                     ? ref.number == parent->number + 1 && block.header->parent_hash == parent->hash
                     : ref.number == 0);
    CAIRN_ASSERT(find(ref.hash) == ref);
    put_receipts_row(own, ref, receipts);
    put_change_log(own, ref.number, diff);
    pending_.put_state(ref.number, diff);
    pending_.put_tries(tries);
    own.put(Table::Canonical, number_key(ref.number), ref.hash);
    pending_.put_transactions(ref.number, block.body.transactions);
    pending_.put_logs(ref.number, receipts);
    if (!parent) own.put(Table::Meta, as_bytes(MetaKey::kGenesis), ref.hash);
    set_head(ref);
}

Result<BlockRef, UndoError> StoreWriter::undo(const ParallelFor& parallel) {
    const auto at_head = head();
    if (!at_head || at_head->number == 0) return Unexpected{UndoError::AtGenesis};
    if (at_head->number <= horizon()) return Unexpected{UndoError::Pruned};
    const auto diff = required(change_log(at_head->number), "change log", *at_head);
    const auto its_body = required(body(*at_head), "body", *at_head);
    const auto its_receipts = required(receipts(*at_head), "receipts", *at_head);
    const auto its_header = required(header(*at_head), "header", *at_head);
    const BlockRef parent{at_head->number - 1, its_header->parent_hash};
    const auto parent_header = required(header(parent), "header", parent);

    pending_.settle();
    const StateDiff back = inverse(diff);
    const auto edits = account_edits(back, head_state());
    StateTrieChanges changes;
    const auto root = update_state_root(tries(), edits.edits, changes, parallel);
    if (!root) throw_corrupt("the tries cannot be walked when undoing " + name_of(*at_head));
    if (const auto expected = state_root_after(*parent_header); *root != expected)
        throw_corrupt("undoing " + name_of(*at_head) + " gives the state root " + to_hex0x(*root) +
                      ", after its parent it was " + to_hex0x(expected));
    pending_.put_tries(changes);
    apply_flat(own, back);
    erase_history(own, at_head->number, diff);
    erase_tx_index(own, at_head->number, its_body.transactions);
    erase_log_index(own, at_head->number, its_receipts);
    own.erase(Table::Canonical, number_key(at_head->number));
    own.erase(Table::Meta, amended_root_key(at_head->number));
    set_head(parent);
    return *at_head;
}

void StoreWriter::amend_head(const StateDiff& diff, const StateTrieChanges& tries,
                             const Hash256& root) {
    const auto at_head = head();
    CAIRN_ASSERT(at_head);
    const auto done = required(change_log(at_head->number), "change log", *at_head);
    pending_.settle();
    erase_history(own, at_head->number, done);
    const StateDiff merged = merge(done, diff);
    put_change_log(own, at_head->number, merged);
    RowBuffer entries;
    put_history_entries(entries, at_head->number, merged);
    entries.flush(own);
    put_codes(own, diff);
    apply_flat(own, diff);
    pending_.put_tries(tries);
    own.put(Table::Meta, amended_root_key(at_head->number), root);
}

BlockNumber StoreWriter::prune_below(BlockNumber number, std::uint64_t blocks_max) {
    const auto at_head = head();
    BlockNumber at = horizon();
    if (!at_head) return at;
    number = std::min(number, at_head->number);
    if (at >= number) return at;
    pending_.settle();
    // Genesis has a log, which no block above needs.
    if (at == 0)
        if (const auto diff = change_log(0)) erase_history(own, 0, *diff);
    for (; at < number && blocks_max > 0; --blocks_max) {
        ++at;
        const BlockRef block{at, canonical_hash(at).value_or(BlockHash{})};
        erase_history(own, at, required(change_log(at), "change log", block));
    }
    own.put(Table::Meta, as_bytes(MetaKey::kHorizon), number_key(at));
    return at;
}

}  // namespace cairn::chain
