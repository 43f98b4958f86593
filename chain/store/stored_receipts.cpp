// SPDX-License-Identifier: MIT
#include "chain/store/stored_receipts.hpp"

#include "chain/store/keys.hpp"
#include "core/codec/rlp_decode.hpp"
#include "core/codec/rlp_encode.hpp"

namespace cairn::chain {
namespace {

[[noreturn]] void refuse() {
    throw_malformed("a row of receipts is no list of receipts");
}

void read_log(RlpReader& logs, Log& log) {
    RlpReader reader = logs.list();
    reader.read(log.address);
    RlpReader topics = reader.list();
    while (!topics.at_end() && log.topics.size() < kLogTopicsMax)
        topics.read(log.topics.emplace_back());
    reader.read_bytes(log.data);
    if (!topics.finish() || !reader.finish()) refuse();
}

void read_receipt(RlpReader& receipts, Receipt& receipt) {
    RlpReader reader = receipts.list();
    std::uint8_t type = 0;
    ByteView outcome;
    reader.read(type);
    reader.read_view(outcome, 32);
    reader.read(receipt.cumulative_gas_used);
    RlpReader logs = reader.list();
    while (!logs.at_end()) read_log(logs, receipt.logs.emplace_back());
    if (!logs.finish() || !reader.finish() || type >= kTxTypeCount) refuse();
    receipt.type = static_cast<TxType>(type);
    if (outcome.size() == 32)
        receipt.state_root = Hash256::from(outcome);
    else if (outcome.empty() || (outcome.size() == 1 && outcome[0] == 1))
        receipt.success = !outcome.empty();
    else
        refuse();
    receipt.bloom = logs_bloom(receipt.logs);
}

}  // namespace

Bytes encode_stored_receipts(const std::vector<Receipt>& receipts) {
    Bytes out;
    RlpWriter writer{out};
    writer.begin_list();
    for (const auto& receipt : receipts) {
        writer.begin_list();
        writer.add(static_cast<std::uint8_t>(receipt.type));
        if (receipt.state_root)
            writer.add(*receipt.state_root);
        else
            writer.add(receipt.success);
        writer.add(receipt.cumulative_gas_used);
        writer.begin_list();
        for (const auto& log : receipt.logs) {
            writer.begin_list();
            writer.add(log.address);
            writer.begin_list();
            for (const auto& topic : log.topics) writer.add(topic);
            writer.end_list();
            writer.add(log.data);
            writer.end_list();
        }
        writer.end_list();
        writer.end_list();
    }
    writer.end_list();
    return out;
}

std::vector<Receipt> decode_stored_receipts(ByteView bytes) {
    RlpReader reader = RlpReader::of_list(bytes);
    std::vector<Receipt> receipts;
    while (!reader.at_end()) read_receipt(reader, receipts.emplace_back());
    if (!reader.finish()) refuse();
    return receipts;
}

}  // namespace cairn::chain
