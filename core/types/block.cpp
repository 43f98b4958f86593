// SPDX-License-Identifier: MIT
#include "core/types/block.hpp"

#include <utility>

#include "core/codec/rlp_encode.hpp"
#include "core/crypto/keccak.hpp"
#include "core/types/field_reader.hpp"
#include "core/types/transaction_rlp.hpp"

namespace cairn {
namespace {

/// Least bytes of an item: a legacy transaction of nine empty fields, a withdrawal of zeros.
constexpr std::size_t kTxItemBytesMin = 1 + 9;
constexpr std::size_t kWithdrawalBytesMin = 1 + 1 + 1 + 21 + 1;

void append_withdrawal(RlpWriter& w, const Withdrawal& withdrawal) {
    w.begin_list();
    w.add(withdrawal.index);
    w.add(withdrawal.validator_index);
    w.add(withdrawal.address);
    w.add(withdrawal.amount_gwei);
    w.end_list();
}

Bytes encode_ommers(const std::vector<HashedHeader>& ommers) {
    Bytes out;
    RlpWriter w{out};
    w.begin_list();
    for (const HashedHeader& ommer : ommers) w.add_raw(encode_header(*ommer));
    w.end_list();
    return out;
}

/// The body's lists one after another, without the list around them.
void append_body_items(Bytes& out, const BlockBody& body) {
    RlpWriter w{out};
    std::size_t transactions_size = 0;
    for (const SignedTx& tx : body.transactions) transactions_size += tx_item_size(tx);
    w.list_header(transactions_size);
    for (const SignedTx& tx : body.transactions) append_tx_item(out, tx);
    w.add_raw(encode_ommers(body.ommers));
    if (!body.withdrawals) return;
    w.begin_list();
    for (const Withdrawal& withdrawal : *body.withdrawals) append_withdrawal(w, withdrawal);
    w.end_list();
}

void read_withdrawals(FieldReader& r, std::vector<Withdrawal>& out) {
    FieldReader list = r.list(DecodeField::Withdrawals);
    out.reserve(list.items_max(kWithdrawalBytesMin));
    while (list.more()) {
        FieldReader item = list.list(DecodeField::Withdrawals);
        Withdrawal& withdrawal = out.emplace_back();
        item.read(DecodeField::Withdrawals, withdrawal.index);
        item.read(DecodeField::Withdrawals, withdrawal.validator_index);
        item.read(DecodeField::Withdrawals, withdrawal.address);
        item.read(DecodeField::Withdrawals, withdrawal.amount_gwei);
        item.finish();
    }
}

/// Transactions, ommers and, where the list goes on, withdrawals: up to the list's end.
void read_body(FieldReader& r, DecodeSink& sink, BlockBody& out) {
    FieldReader transactions = r.list(DecodeField::Transactions);
    out.transactions.reserve(transactions.items_max(kTxItemBytesMin));
    while (transactions.more()) {
        RlpItem item;
        if (!transactions.read_item(DecodeField::Transactions, item)) return;
        auto tx = decode_tx_item(item.encoded);
        if (!tx) {
            sink.fail(tx.error());
            return;
        }
        out.transactions.push_back(std::move(*tx));
    }
    FieldReader ommers = r.list(DecodeField::Ommers);
    while (ommers.more()) {
        RlpItem item;
        if (!ommers.read_item(DecodeField::Ommers, item)) return;
        auto header = decode_header(item.encoded);
        if (!header) {
            sink.fail(header.error());
            return;
        }
        out.ommers.emplace_back(std::move(*header));
    }
    if (r.more()) read_withdrawals(r, out.withdrawals.emplace());
    r.finish();
}

}  // namespace

Result<Block, DecodeError> decode_block(ByteView bytes) {
    DecodeSink sink;
    FieldReader r{bytes, DecodeField::Whole, sink};
    RlpItem item;
    if (!r.read_item(DecodeField::Header, item)) return sink.unexpected();
    auto header = decode_header(item.encoded);
    if (!header) return Unexpected{header.error()};
    BlockBody body;
    read_body(r, sink, body);
    if (sink.failed()) return sink.unexpected();
    return Block{HashedHeader{std::move(*header)}, std::move(body)};
}

Bytes encode_block(const Block& block) {
    Bytes items = encode_header(*block.header);
    append_body_items(items, block.body);
    return rlp_encode_list(items);
}

Result<BlockBody, DecodeError> decode_body(ByteView bytes) {
    DecodeSink sink;
    FieldReader r{bytes, DecodeField::Whole, sink};
    BlockBody body;
    read_body(r, sink, body);
    if (sink.failed()) return sink.unexpected();
    return body;
}

Bytes encode_body(const BlockBody& body) {
    Bytes items;
    append_body_items(items, body);
    return rlp_encode_list(items);
}

std::size_t encoded_size(const Block& block) {
    std::size_t transactions = 0;
    for (const SignedTx& tx : block.body.transactions) transactions += tx_item_size(tx);
    // Everything but the transactions is small; it is encoded to be measured.
    Bytes rest = encode_header(*block.header);
    append_body_items(rest, {{}, block.body.ommers, block.body.withdrawals});
    // `rest` holds the one byte of an empty transaction list.
    return rlp_list_size(rest.size() - 1 + rlp_list_size(transactions));
}

Hash256 ommers_hash_of(const std::vector<HashedHeader>& ommers) {
    if (ommers.empty()) return kEmptyOmmersHash;
    return keccak256(encode_ommers(ommers));
}

Bytes encode_withdrawal(const Withdrawal& withdrawal) {
    Bytes out;
    RlpWriter w{out};
    append_withdrawal(w, withdrawal);
    return out;
}

}  // namespace cairn
