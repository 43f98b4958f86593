// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"
#include "core/crypto/secp256k1.hpp"
#include "core/types/ids.hpp"
#include "core/types/transaction.hpp"

namespace cairn::wallet {

/// Digest of a message for people: keccak256("\x19Ethereum Signed Message:\n" ‖ length in decimal ‖
/// message) (EIP-191, version 0x45; personal_sign). No transaction has such a digest.
[[nodiscard]] Hash256 message_digest(ByteView message);

/// 0x and r ‖ s ‖ v in hex, v being 27 or 28.
[[nodiscard]] std::string format_signature(const secp256k1::Signature& signature);

/// Why a text is no signature.
enum class SignatureTextError : std::uint8_t {
    Syntax,      ///< no hex, or of another length than 64 or 65 bytes
    RecoveryId,  ///< v is none of 0, 1, 27, 28
    HighS,  ///< s above half the group order: the same signature could be written twice (EIP-2)
};

/// One sentence without a full stop.
[[nodiscard]] std::string_view to_string(SignatureTextError error) noexcept;

/// Reads r ‖ s ‖ v with v in 0, 1, 27, 28 (65 bytes), or the compact form of EIP-2098, whose top
/// bit of s is the parity (64 bytes). That it is a signature of anything is not known yet.
[[nodiscard]] Result<secp256k1::Signature, SignatureTextError> parse_signature(
    std::string_view text);

/// An unlocked account: the only place that signs. The secret is wiped with it.
class Signer {
public:
    /// Nothing when the secret is not in 1 … n-1.
    [[nodiscard]] static std::optional<Signer> make(secp256k1::SecretKey secret);

    [[nodiscard]] const Address& address() const noexcept { return address_; }

    /// Signs a digest: RFC 6979 nonce, low s. The caller knows what the digest stands for.
    [[nodiscard]] secp256k1::Signature sign_digest(const Hash256& digest) const;

    /// Signs a message for people (EIP-191).
    [[nodiscard]] secp256k1::Signature sign_message(ByteView message) const;

    /// Signs a transaction, whose chain id must be set (asserted): EIP-155, 1559, 2930, 7702.
    [[nodiscard]] SignedTx sign_transaction(Transaction tx) const;

private:
    Signer(secp256k1::SecretKey secret, const Address& address)
        : secret_{std::move(secret)}, address_{address} {}

    secp256k1::SecretKey secret_;
    Address address_;
};

}  // namespace cairn::wallet
