// SPDX-License-Identifier: MIT
#include "core/types/header.hpp"

#include <utility>

#include "core/codec/rlp_encode.hpp"
#include "core/crypto/keccak.hpp"
#include "core/types/field_reader.hpp"

namespace cairn {
namespace {

/// Bytes that a header with all fields takes at most, extra data apart: room for one allocation.
constexpr std::size_t kHeaderBytesTypical = 768;

enum class Seal : bool { Without, With };

Bytes encode(const Header& h, Seal seal) {
    Bytes out;
    out.reserve(kHeaderBytesTypical);
    RlpWriter w{out};
    w.begin_list();
    w.add(h.parent_hash);
    w.add(h.ommers_hash);
    w.add(h.beneficiary);
    w.add(h.state_root);
    w.add(h.transactions_root);
    w.add(h.receipts_root);
    w.add(h.logs_bloom);
    w.add(h.difficulty.value);
    w.add(h.number);
    w.add(h.gas_limit);
    w.add(h.gas_used);
    w.add(h.timestamp);
    w.add(h.extra_data);
    if (seal == Seal::With) {
        w.add(h.mix_hash);
        w.add(h.nonce);
    }
    bool gap = false;
    const auto add_optional = [&w, &gap](const auto& field) {
        CAIRN_ASSERT(!(gap && field.has_value()));
        gap = !field.has_value();
        if (field) w.add(*field);
    };
    add_optional(h.base_fee);
    add_optional(h.withdrawals_root);
    add_optional(h.blob_gas_used);
    add_optional(h.excess_blob_gas);
    add_optional(h.parent_beacon_root);
    add_optional(h.requests_hash);
    w.end_list();
    return out;
}

}  // namespace

Bytes encode_header(const Header& header) {
    return encode(header, Seal::With);
}

Result<Header, DecodeError> decode_header(ByteView bytes) {
    DecodeSink sink;
    FieldReader r{bytes, DecodeField::Header, sink};
    Header h;
    r.read(DecodeField::ParentHash, h.parent_hash);
    r.read(DecodeField::OmmersHash, h.ommers_hash);
    r.read(DecodeField::Beneficiary, h.beneficiary);
    r.read(DecodeField::StateRoot, h.state_root);
    r.read(DecodeField::TransactionsRoot, h.transactions_root);
    r.read(DecodeField::ReceiptsRoot, h.receipts_root);
    r.read(DecodeField::LogsBloom, h.logs_bloom);
    r.read(DecodeField::Difficulty, h.difficulty.value);
    r.read(DecodeField::Number, h.number);
    r.read(DecodeField::GasLimit, h.gas_limit);
    r.read(DecodeField::GasUsed, h.gas_used);
    r.read(DecodeField::Timestamp, h.timestamp);
    r.read(DecodeField::ExtraData, h.extra_data);
    r.read(DecodeField::MixHash, h.mix_hash);
    r.read(DecodeField::SealNonce, h.nonce);
    if (r.more()) r.read(DecodeField::BaseFee, h.base_fee.emplace());
    if (r.more()) r.read(DecodeField::WithdrawalsRoot, h.withdrawals_root.emplace());
    if (r.more()) r.read(DecodeField::BlobGasUsed, h.blob_gas_used.emplace());
    if (r.more()) r.read(DecodeField::ExcessBlobGas, h.excess_blob_gas.emplace());
    if (r.more()) r.read(DecodeField::ParentBeaconRoot, h.parent_beacon_root.emplace());
    if (r.more()) r.read(DecodeField::RequestsHash, h.requests_hash.emplace());
    r.finish();
    if (sink.failed()) return sink.unexpected();
    return h;
}

BlockHash hash_of(const Header& header) {
    return keccak256(encode(header, Seal::With)).as<BlockHash>();
}

Hash256 seal_hash(const Header& header) {
    return keccak256(encode(header, Seal::Without));
}

HashedHeader::HashedHeader(Header header) {
    const BlockHash hash = hash_of(header);
    body_ = std::make_shared<const Body>(Body{std::move(header), hash});
}

}  // namespace cairn
