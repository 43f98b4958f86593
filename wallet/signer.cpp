// SPDX-License-Identifier: MIT
#include "wallet/signer.hpp"

#include "core/base/assert.hpp"
#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"

namespace cairn::wallet {

Hash256 message_digest(ByteView message) {
    const std::string head =
        "\x19"
        "Ethereum Signed Message:\n" +
        std::to_string(message.size());
    return Keccak256{}.update(as_bytes(head)).update(message).finish();
}

std::string format_signature(const secp256k1::Signature& signature) {
    Bytes bytes = to_bytes(signature.r);
    append(bytes, signature.s);
    bytes.push_back(static_cast<std::uint8_t>(27 + signature.y_parity));
    return to_hex0x(bytes);
}

std::string_view to_string(SignatureTextError error) noexcept {
    switch (error) {
        case SignatureTextError::Syntax:
            return "a signature is 0x and 130 (or 128) hex digits";
        case SignatureTextError::RecoveryId:
            return "its last byte is none of 0, 1, 27 and 28";
        case SignatureTextError::HighS:
            return "its s is above half the group order (EIP-2)";
    }
    return "unknown";
}

Result<secp256k1::Signature, SignatureTextError> parse_signature(std::string_view text) {
    auto bytes = from_hex(text);
    if (!bytes || (bytes->size() != 64 && bytes->size() != 65))
        return Unexpected{SignatureTextError::Syntax};
    secp256k1::Signature out;
    if (bytes->size() == 65) {
        const std::uint8_t v = bytes->back();
        if (v > 1 && v != 27 && v != 28) return Unexpected{SignatureTextError::RecoveryId};
        out.y_parity = v > 1 ? static_cast<std::uint8_t>(v - 27) : v;
    } else {
        out.y_parity = static_cast<std::uint8_t>((*bytes)[32] >> 7);
        (*bytes)[32] &= 0x7f;
    }
    out.r = Hash256::from(ByteView{*bytes}.first(32));
    out.s = Hash256::from(ByteView{*bytes}.subspan(32, 32));
    if (out.s > secp256k1::kHalfOrder) return Unexpected{SignatureTextError::HighS};
    return out;
}

std::optional<Signer> Signer::make(secp256k1::SecretKey secret) {
    const auto key = secp256k1::public_key(secret);
    if (!key) return std::nullopt;
    return Signer{std::move(secret), secp256k1::address_of(*key)};
}

secp256k1::Signature Signer::sign_digest(const Hash256& digest) const {
    const auto signature = secp256k1::sign(digest, secret_);
    CAIRN_ASSERT(signature.has_value());
    return *signature;
}

secp256k1::Signature Signer::sign_message(ByteView message) const {
    return sign_digest(message_digest(message));
}

SignedTx Signer::sign_transaction(Transaction tx) const {
    CAIRN_ASSERT(tx.chain_id.has_value());
    auto out = sign_tx(std::move(tx), secret_);
    CAIRN_ASSERT(out.has_value());
    return std::move(*out);
}

}  // namespace cairn::wallet
