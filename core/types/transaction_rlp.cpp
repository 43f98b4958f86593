// SPDX-License-Identifier: MIT
#include "core/types/transaction_rlp.hpp"

#include <utility>

#include "core/codec/rlp_decode.hpp"
#include "core/codec/rlp_encode.hpp"
#include "core/types/field_reader.hpp"
#include "core/types/transaction_payload.hpp"

namespace cairn {
namespace {

/// Legacy v without replay protection is this plus the parity, with it kProtectedV + 2 · chain id +
/// parity (EIP-155).
constexpr std::uint64_t kUnprotectedV = 27;
constexpr std::uint64_t kProtectedV = 35;
/// An EIP-2718 envelope begins below this, a legacy transaction's list at or above 0xc0.
constexpr std::uint8_t kEnvelopeEnd = 0x80;
/// Least bytes of an item: [address, []], a tuple of zeros, a 32-byte string.
constexpr std::size_t kAccessListEntryBytesMin = 1 + 21 + 1;
constexpr std::size_t kAuthorizationBytesMin = 1 + 1 + 21 + 1 + 1 + 1 + 1;
constexpr std::size_t kHashItemBytes = 33;

void append_access_list(RlpWriter& w, const AccessList& list) {
    w.begin_list();
    for (const AccessListEntry& entry : list) {
        w.begin_list();
        w.add(entry.address);
        w.begin_list();
        for (const Hash256& key : entry.storage_keys) w.add(key);
        w.end_list();
        w.end_list();
    }
    w.end_list();
}

void append_authorizations(RlpWriter& w, const std::vector<Authorization>& list) {
    w.begin_list();
    for (const Authorization& a : list) {
        w.begin_list();
        w.add(a.chain_id);
        w.add(a.address);
        w.add(a.nonce);
        w.add(a.y_parity);
        w.add(a.r);
        w.add(a.s);
        w.end_list();
    }
    w.end_list();
}

void append_legacy_signature(RlpWriter& w, const Transaction& tx, const TxSignature* signature) {
    if (signature == nullptr) {
        if (!tx.chain_id) return;
        w.add(*tx.chain_id);
        w.add_empty();
        w.add_empty();
        return;
    }
    const Uint256 parity{signature->y_parity ? 1U : 0U};
    w.add(tx.chain_id ? Uint256{*tx.chain_id} * Uint256{2} + Uint256{kProtectedV} + parity
                      : Uint256{kUnprotectedV} + parity);
    w.add(signature->r);
    w.add(signature->s);
}

void read_access_list(FieldReader& r, AccessList& out) {
    FieldReader list = r.list(DecodeField::TxAccessList);
    out.reserve(list.items_max(kAccessListEntryBytesMin));
    while (list.more()) {
        FieldReader item = list.list(DecodeField::AccessListEntry);
        AccessListEntry& entry = out.emplace_back();
        item.read(DecodeField::AccessListAddress, entry.address);
        FieldReader keys = item.list(DecodeField::AccessListStorageKeys);
        entry.storage_keys.reserve(keys.items_max(kHashItemBytes));
        while (keys.more())
            keys.read(DecodeField::AccessListStorageKey, entry.storage_keys.emplace_back());
        item.finish();
    }
}

void read_authorizations(FieldReader& r, std::vector<Authorization>& out) {
    FieldReader list = r.list(DecodeField::AuthorizationList);
    out.reserve(list.items_max(kAuthorizationBytesMin));
    while (list.more()) {
        FieldReader item = list.list(DecodeField::Authorization);
        Authorization& a = out.emplace_back();
        item.read(DecodeField::Authorization, a.chain_id);
        item.read(DecodeField::Authorization, a.address);
        item.read(DecodeField::Authorization, a.nonce);
        item.read(DecodeField::Authorization, a.y_parity);
        item.read(DecodeField::Authorization, a.r);
        item.read(DecodeField::Authorization, a.s);
        item.finish();
    }
}

/// v, r and s, v being split into chain id and parity.
void read_legacy_signature(FieldReader& r, DecodeSink& sink, Transaction& tx,
                           TxSignature& signature) {
    Uint256 v;
    r.read(DecodeField::SignatureV, v);
    r.read(DecodeField::SignatureR, signature.r);
    r.read(DecodeField::SignatureS, signature.s);
    r.finish();
    if (v == Uint256{kUnprotectedV} || v == Uint256{kUnprotectedV + 1}) {
        signature.y_parity = v != Uint256{kUnprotectedV};
        return;
    }
    if (v < Uint256{kProtectedV}) {
        sink.fail({DecodeCause::InvalidV, DecodeField::SignatureV, RlpError::None});
        return;
    }
    const Uint256 rest = v - Uint256{kProtectedV};
    const Uint256 chain_id = rest >> 1;
    if (!chain_id.fits_u64())
        sink.fail({DecodeCause::ChainIdOverflow, DecodeField::SignatureV, RlpError::None});
    tx.chain_id = chain_id.low64();
    signature.y_parity = rest.bit(0);
}

void read_typed_signature(FieldReader& r, DecodeSink& sink, TxSignature& signature) {
    Uint256 parity;
    r.read(DecodeField::SignatureV, parity);
    r.read(DecodeField::SignatureR, signature.r);
    r.read(DecodeField::SignatureS, signature.s);
    r.finish();
    if (parity > Uint256{1})
        sink.fail({DecodeCause::InvalidYParity, DecodeField::SignatureV, RlpError::None});
    signature.y_parity = !parity.is_zero();
}

void read_price(FieldReader& r, Transaction& tx) {
    if (tx.type == TxType::Legacy || tx.type == TxType::AccessList) {
        r.read(DecodeField::GasPrice, tx.max_fee_per_gas);
        tx.max_priority_fee_per_gas = tx.max_fee_per_gas;
        return;
    }
    r.read(DecodeField::MaxPriorityFee, tx.max_priority_fee_per_gas);
    r.read(DecodeField::MaxFee, tx.max_fee_per_gas);
}

/// `tx.type` is set; reads the list that follows the type byte, or the legacy list.
void read_payload(ByteView payload, DecodeSink& sink, Transaction& tx, TxSignature& signature) {
    FieldReader r{payload, DecodeField::Whole, sink};
    if (tx.type != TxType::Legacy) r.read(DecodeField::ChainId, tx.chain_id.emplace());
    r.read(DecodeField::Nonce, tx.nonce);
    read_price(r, tx);
    r.read(DecodeField::GasLimit, tx.gas_limit);
    r.read(DecodeField::To, tx.to);
    r.read(DecodeField::Value, tx.value);
    r.read(DecodeField::Data, tx.data);
    if (tx.type == TxType::Legacy) return read_legacy_signature(r, sink, tx, signature);
    read_access_list(r, tx.access_list);
    if (tx.type == TxType::Blob) {
        r.read(DecodeField::MaxFeePerBlobGas, tx.max_fee_per_blob_gas);
        FieldReader hashes = r.list(DecodeField::BlobHashes);
        tx.blob_hashes.reserve(hashes.items_max(kHashItemBytes));
        while (hashes.more()) hashes.read(DecodeField::BlobHashes, tx.blob_hashes.emplace_back());
    }
    if (tx.type == TxType::SetCode) read_authorizations(r, tx.authorization_list);
    read_typed_signature(r, sink, signature);
}

/// Strings of fixed length out of one list.
void read_kzg_list(FieldReader& r, DecodeSink& sink, std::size_t expected,
                   std::vector<KzgBytes>& out) {
    FieldReader list = r.list(DecodeField::Sidecar);
    if (list.count() != expected)
        sink.fail({DecodeCause::SidecarMismatch, DecodeField::Sidecar, RlpError::None});
    if (sink.failed()) return;
    out.reserve(expected);
    while (list.more()) list.read(DecodeField::Sidecar, out.emplace_back());
}

void read_sidecar(FieldReader& r, DecodeSink& sink, std::size_t blob_count, BlobSidecar& out) {
    const auto fail = [&sink](DecodeCause cause, RlpError rlp) {
        sink.fail({cause, DecodeField::Sidecar, rlp});
    };
    if (!r.at_list()) {
        Uint256 version;
        if (r.read(DecodeField::Sidecar, version) && version != Uint256{1})
            fail(DecodeCause::UnknownWrapper, RlpError::None);
        out.version = 1;
    }
    if (blob_count > kSidecarBlobsMax) fail(DecodeCause::Rlp, RlpError::TooManyItems);
    FieldReader blobs = r.list(DecodeField::Sidecar);
    if (blobs.count() != blob_count) fail(DecodeCause::SidecarMismatch, RlpError::None);
    while (blobs.more()) {
        ByteView blob;
        if (!blobs.read_view(DecodeField::Sidecar, blob)) return;
        if (blob.size() < kBlobBytes) return fail(DecodeCause::TooShort, RlpError::None);
        if (blob.size() > kBlobBytes) return fail(DecodeCause::TooLong, RlpError::None);
        out.blobs.push_back(to_bytes(blob));
    }
    read_kzg_list(r, sink, blob_count, out.commitments);
    read_kzg_list(r, sink, out.version == 0 ? blob_count : blob_count * kCellProofsPerBlob,
                  out.proofs);
    r.finish();
}

void append_kzg_list(RlpWriter& w, const std::vector<KzgBytes>& list) {
    w.begin_list();
    for (const KzgBytes& element : list) w.add(element);
    w.end_list();
}

}  // namespace

void append_tx_payload(Bytes& out, const Transaction& tx, const TxSignature* signature) {
    RlpWriter w{out};
    w.begin_list();
    if (tx.type != TxType::Legacy) {
        CAIRN_ASSERT(tx.chain_id.has_value());
        w.add(*tx.chain_id);
    }
    w.add(tx.nonce);
    if (tx.type != TxType::Legacy && tx.type != TxType::AccessList)
        w.add(tx.max_priority_fee_per_gas);
    w.add(tx.max_fee_per_gas);
    w.add(tx.gas_limit);
    if (tx.to)
        w.add(*tx.to);
    else
        w.add_empty();
    w.add(tx.value);
    w.add(tx.data);
    if (tx.type == TxType::Legacy) {
        append_legacy_signature(w, tx, signature);
        w.end_list();
        return;
    }
    append_access_list(w, tx.access_list);
    if (tx.type == TxType::Blob) {
        w.add(tx.max_fee_per_blob_gas);
        w.begin_list();
        for (const Hash256& hash : tx.blob_hashes) w.add(hash);
        w.end_list();
    }
    if (tx.type == TxType::SetCode) append_authorizations(w, tx.authorization_list);
    if (signature != nullptr) {
        w.add(signature->y_parity);
        w.add(signature->r);
        w.add(signature->s);
    }
    w.end_list();
}

Bytes encode_tx(const Transaction& tx, const TxSignature& signature) {
    Bytes out;
    if (tx.type != TxType::Legacy) out.push_back(static_cast<std::uint8_t>(tx.type));
    append_tx_payload(out, tx, &signature);
    return out;
}

Result<SignedTx, DecodeError> decode_tx(ByteView bytes) {
    DecodeSink sink;
    Transaction tx;
    TxSignature signature;
    ByteView payload = bytes;
    if (!bytes.empty() && bytes[0] < kEnvelopeEnd) {
        if (bytes[0] == 0 || bytes[0] >= kTxTypeCount)
            return Unexpected{
                DecodeError{DecodeCause::UnknownTxType, DecodeField::Whole, RlpError::None}};
        tx.type = static_cast<TxType>(bytes[0]);
        payload = bytes.subspan(1);
    }
    read_payload(payload, sink, tx, signature);
    if (sink.failed()) return sink.unexpected();
    return SignedTx{std::move(tx), signature, to_bytes(bytes)};
}

Result<SignedTx, DecodeError> decode_tx_item(ByteView item) {
    const auto outer = rlp_decode_item(item);
    if (!outer) return Unexpected{DecodeError{DecodeCause::Rlp, DecodeField::Whole, outer.error()}};
    if (outer->is_list) return decode_tx(item);
    // A legacy list wrapped in a string would be a second encoding of the same transaction.
    if (!outer->payload.empty() && outer->payload[0] >= kEnvelopeEnd)
        return Unexpected{
            DecodeError{DecodeCause::UnknownTxType, DecodeField::Whole, RlpError::None}};
    return decode_tx(outer->payload);
}

void append_tx_item(Bytes& out, const SignedTx& tx) {
    if (tx->type == TxType::Legacy) return append(out, tx.bytes());
    RlpWriter{out}.add(tx.bytes());
}

std::size_t tx_item_size(const SignedTx& tx) noexcept {
    return tx->type == TxType::Legacy ? tx.bytes().size() : rlp_size(tx.bytes());
}

Result<PooledTx, DecodeError> decode_pooled_tx(ByteView bytes) {
    if (bytes.empty() || bytes[0] != static_cast<std::uint8_t>(TxType::Blob)) {
        auto tx = decode_tx(bytes);
        if (!tx) return Unexpected{tx.error()};
        return PooledTx{std::move(*tx), nullptr};
    }
    DecodeSink sink;
    FieldReader r{bytes.subspan(1), DecodeField::Whole, sink};
    RlpItem inner;
    if (!r.read_item(DecodeField::Sidecar, inner)) return sink.unexpected();
    if (!inner.is_list)
        return Unexpected{
            DecodeError{DecodeCause::Rlp, DecodeField::Sidecar, RlpError::ExpectedList}};
    Bytes canonical{bytes[0]};
    append(canonical, inner.encoded);
    auto tx = decode_tx(canonical);
    if (!tx) return Unexpected{tx.error()};
    BlobSidecar sidecar;
    read_sidecar(r, sink, (*tx)->blob_hashes.size(), sidecar);
    if (sink.failed()) return sink.unexpected();
    return PooledTx{std::move(*tx), std::make_shared<const BlobSidecar>(std::move(sidecar))};
}

Bytes encode_pooled_tx(const PooledTx& tx) {
    CAIRN_ASSERT((tx.tx->type == TxType::Blob) == (tx.sidecar != nullptr));
    const ByteView canonical = tx.tx.bytes();
    if (!tx.sidecar) return to_bytes(canonical);
    Bytes out{canonical[0]};
    RlpWriter w{out};
    w.begin_list();
    w.add_raw(canonical.subspan(1));
    if (tx.sidecar->version != 0) w.add(tx.sidecar->version);
    w.begin_list();
    for (const Bytes& blob : tx.sidecar->blobs) w.add(blob);
    w.end_list();
    append_kzg_list(w, tx.sidecar->commitments);
    append_kzg_list(w, tx.sidecar->proofs);
    w.end_list();
    return out;
}

}  // namespace cairn
