// SPDX-License-Identifier: MIT
#include "core/types/receipt.hpp"

#include <utility>

#include "core/codec/rlp_encode.hpp"
#include "core/types/field_reader.hpp"

namespace cairn {
namespace {

/// An EIP-2718 envelope begins below this, a legacy receipt's list at or above 0xc0.
constexpr std::uint8_t kEnvelopeEnd = 0x80;
/// Least bytes of an item: a log without topics and data, a receipt without logs.
constexpr std::size_t kLogBytesMin = 1 + 21 + 1 + 1;
constexpr std::size_t kReceiptBytesMin = 3 + 1 + 1 + 259 + 1;

/// State root (before EIP-658) or status.
void read_outcome(FieldReader& r, DecodeSink& sink, Receipt& out) {
    ByteView outcome;
    if (!r.read_view(DecodeField::Outcome, outcome)) return;
    if (outcome.size() == Hash256::kSize)
        out.state_root = Hash256::from(outcome);
    else if (outcome.empty() || (outcome.size() == 1 && outcome[0] == 1))
        out.success = !outcome.empty();
    else
        sink.fail({DecodeCause::InvalidOutcome, DecodeField::Outcome, RlpError::None});
}

void read_logs(FieldReader& r, DecodeSink& sink, std::vector<Log>& out) {
    FieldReader list = r.list(DecodeField::Logs);
    out.reserve(list.items_max(kLogBytesMin));
    while (list.more()) {
        FieldReader item = list.list(DecodeField::Logs);
        Log& log = out.emplace_back();
        item.read(DecodeField::Logs, log.address);
        FieldReader topics = item.list(DecodeField::Logs);
        if (topics.count() > kLogTopicsMax)
            sink.fail({DecodeCause::Rlp, DecodeField::Logs, RlpError::TooManyItems});
        while (topics.more()) topics.read(DecodeField::Logs, log.topics.emplace_back());
        item.read(DecodeField::Logs, log.data);
        item.finish();
    }
}

}  // namespace

Bytes encode_receipt(const Receipt& receipt) {
    Bytes out;
    if (receipt.type != TxType::Legacy) out.push_back(static_cast<std::uint8_t>(receipt.type));
    RlpWriter w{out};
    w.begin_list();
    if (receipt.state_root)
        w.add(*receipt.state_root);
    else
        w.add(receipt.success);
    w.add(receipt.cumulative_gas_used);
    w.add(receipt.bloom);
    w.begin_list();
    for (const Log& log : receipt.logs) {
        w.begin_list();
        w.add(log.address);
        w.begin_list();
        for (const Hash256& topic : log.topics) w.add(topic);
        w.end_list();
        w.add(log.data);
        w.end_list();
    }
    w.end_list();
    w.end_list();
    return out;
}

Result<Receipt, DecodeError> decode_receipt(ByteView bytes) {
    Receipt receipt;
    if (!bytes.empty() && bytes[0] < kEnvelopeEnd) {
        if (bytes[0] == 0 || bytes[0] >= kTxTypeCount)
            return Unexpected{
                DecodeError{DecodeCause::UnknownTxType, DecodeField::Whole, RlpError::None}};
        receipt.type = static_cast<TxType>(bytes[0]);
        bytes = bytes.subspan(1);
    }
    DecodeSink sink;
    FieldReader r{bytes, DecodeField::Whole, sink};
    read_outcome(r, sink, receipt);
    r.read(DecodeField::CumulativeGasUsed, receipt.cumulative_gas_used);
    r.read(DecodeField::LogsBloom, receipt.bloom);
    read_logs(r, sink, receipt.logs);
    r.finish();
    if (sink.failed()) return sink.unexpected();
    return receipt;
}

void append_receipt_item(Bytes& out, const Receipt& receipt) {
    const Bytes bytes = encode_receipt(receipt);
    if (receipt.type == TxType::Legacy) return append(out, bytes);
    RlpWriter{out}.add(bytes);
}

Result<Receipt, DecodeError> decode_receipt_item(ByteView item) {
    const auto outer = rlp_decode_item(item);
    if (!outer) return Unexpected{DecodeError{DecodeCause::Rlp, DecodeField::Whole, outer.error()}};
    if (outer->is_list) return decode_receipt(item);
    if (!outer->payload.empty() && outer->payload[0] >= kEnvelopeEnd)
        return Unexpected{
            DecodeError{DecodeCause::UnknownTxType, DecodeField::Whole, RlpError::None}};
    return decode_receipt(outer->payload);
}

Bytes encode_receipts(const std::vector<Receipt>& receipts) {
    Bytes items;
    for (const Receipt& receipt : receipts) append_receipt_item(items, receipt);
    return rlp_encode_list(items);
}

Result<std::vector<Receipt>, DecodeError> decode_receipts(ByteView bytes) {
    DecodeSink sink;
    FieldReader r{bytes, DecodeField::Whole, sink};
    std::vector<Receipt> out;
    out.reserve(r.items_max(kReceiptBytesMin));
    while (r.more()) {
        RlpItem item;
        if (!r.read_item(DecodeField::Whole, item)) break;
        auto receipt = decode_receipt_item(item.encoded);
        if (!receipt) return Unexpected{receipt.error()};
        out.push_back(std::move(*receipt));
    }
    if (sink.failed()) return sink.unexpected();
    return out;
}

}  // namespace cairn
