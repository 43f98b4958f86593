// SPDX-License-Identifier: MIT
#include "core/types/transaction.hpp"

#include <algorithm>
#include <utility>

#include "core/codec/rlp_encode.hpp"
#include "core/crypto/keccak.hpp"
#include "core/types/transaction_payload.hpp"
#include "core/types/transaction_rlp.hpp"

namespace cairn {
namespace {

/// First byte of what an authorization signs (EIP-7702, MAGIC).
constexpr std::uint8_t kAuthorizationMagic = 0x05;

secp256k1::Signature to_curve_form(const Uint256& r, const Uint256& s,
                                   std::uint8_t y_parity) noexcept {
    secp256k1::Signature out;
    store_be256(out.r.data(), r);
    store_be256(out.s.data(), s);
    out.y_parity = y_parity;
    return out;
}

}  // namespace

SignedTx::SignedTx(Transaction tx, const TxSignature& signature) {
    Bytes bytes = encode_tx(tx, signature);
    *this = SignedTx{std::move(tx), signature, std::move(bytes)};
}

SignedTx::SignedTx(Transaction tx, const TxSignature& signature, Bytes bytes) {
    const TxHash hash = keccak256(bytes).as<TxHash>();
    body_ = std::make_shared<const Body>(Body{std::move(tx), signature, std::move(bytes), hash});
}

Hash256 signing_hash(const Transaction& tx) {
    Bytes preimage;
    if (tx.type != TxType::Legacy) preimage.push_back(static_cast<std::uint8_t>(tx.type));
    append_tx_payload(preimage, tx, nullptr);
    return keccak256(preimage);
}

Result<RecoveredTx, SignatureError> recover_sender(const SignedTx& tx) {
    const TxSignature& signature = tx.signature();
    if (!is_in_range(signature)) return Unexpected{SignatureError::OutOfRange};
    const auto sender = secp256k1::recover_address(
        signing_hash(tx.tx()), to_curve_form(signature.r, signature.s, signature.y_parity ? 1 : 0));
    if (!sender) return Unexpected{SignatureError::Unrecoverable};
    return RecoveredTx::from_known_sender(tx, *sender);
}

std::optional<SignedTx> sign_tx(Transaction tx, const secp256k1::SecretKey& secret) {
    const auto signature = secp256k1::sign(signing_hash(tx), secret);
    if (!signature) return std::nullopt;
    return SignedTx{std::move(tx),
                    {.r = load_be256(signature->r.data()),
                     .s = load_be256(signature->s.data()),
                     .y_parity = signature->y_parity != 0}};
}

Hash256 signing_hash(const Authorization& authorization) {
    Bytes preimage{kAuthorizationMagic};
    RlpWriter w{preimage};
    w.begin_list();
    w.add(authorization.chain_id);
    w.add(authorization.address);
    w.add(authorization.nonce);
    w.end_list();
    return keccak256(preimage);
}

std::optional<Address> recover_authority(const Authorization& authorization) {
    if (authorization.y_parity > 1) return std::nullopt;
    const auto signature = to_curve_form(authorization.r, authorization.s, authorization.y_parity);
    if (signature.s > secp256k1::kHalfOrder) return std::nullopt;
    return secp256k1::recover_address(signing_hash(authorization), signature);
}

Wei effective_gas_price(const Transaction& tx, const Wei& base_fee) noexcept {
    // Taken from the cap downwards, so that no sum can wrap.
    const Wei room = tx.max_fee_per_gas - base_fee;
    return base_fee + std::min(room, tx.max_priority_fee_per_gas);
}

bool is_in_range(const TxSignature& signature) noexcept {
    const Uint256 order = load_be256(secp256k1::kOrder.data());
    return !signature.r.is_zero() && signature.r < order && !signature.s.is_zero() &&
           signature.s < order;
}

bool has_low_s(const TxSignature& signature) noexcept {
    return signature.s <= load_be256(secp256k1::kHalfOrder.data());
}

std::string_view to_string(TxType type) noexcept {
    switch (type) {
        case TxType::Legacy:
            return "legacy";
        case TxType::AccessList:
            return "access list";
        case TxType::DynamicFee:
            return "dynamic fee";
        case TxType::Blob:
            return "blob";
        case TxType::SetCode:
            return "set code";
    }
    return "unknown";
}

}  // namespace cairn
