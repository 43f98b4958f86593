// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"
#include "core/crypto/secp256k1.hpp"
#include "core/types/decode_error.hpp"
#include "core/types/ids.hpp"
#include "core/types/units.hpp"

namespace cairn {

/// EIP-2718 transaction types; the value is the envelope's first byte (Legacy has no envelope).
enum class TxType : std::uint8_t {
    Legacy = 0,
    AccessList = 1,  ///< EIP-2930
    DynamicFee = 2,  ///< EIP-1559
    Blob = 3,        ///< EIP-4844
    SetCode = 4,     ///< EIP-7702
};
inline constexpr std::size_t kTxTypeCount = 5;

/// One account and the storage slots of it that a transaction declares (EIP-2930). Duplicates are
/// allowed and paid for.
struct AccessListEntry {
    Address address;
    std::vector<Hash256> storage_keys;
    friend bool operator==(const AccessListEntry&, const AccessListEntry&) noexcept = default;
};
using AccessList = std::vector<AccessListEntry>;

/// A signed wish that the signer's account delegate to `address`'s code (EIP-7702). A tuple that
/// turns out invalid is skipped and does not make its transaction invalid; hence the wide fields.
struct Authorization {
    Uint256 chain_id;  ///< 0 means any chain
    Address address;   ///< zero clears the delegation
    std::uint64_t nonce = 0;
    std::uint8_t y_parity = 0;
    Uint256 r;
    Uint256 s;
    friend bool operator==(const Authorization&, const Authorization&) noexcept = default;
};

/// The fields of a transaction without its signature: plain data, one struct for every type. Fields
/// that a type does not have keep their zero values and are not encoded.
struct Transaction {
    TxType type = TxType::Legacy;
    /// Always there in typed transactions; in legacy ones only when protected against replay
    /// (EIP-155).
    std::optional<std::uint64_t> chain_id;
    std::uint64_t nonce = 0;
    /// Wei per gas to the beneficiary. In types 0 and 1 the gas price, equal to max_fee_per_gas.
    Wei max_priority_fee_per_gas;
    /// Wei per gas in all (EIP-1559). In types 0 and 1 the gas price.
    Wei max_fee_per_gas;
    Gas gas_limit = 0;
    /// Absent: a contract creation.
    std::optional<Address> to;
    Wei value;
    /// Call data, or init code of a creation.
    Bytes data;
    AccessList access_list;                         ///< types 1 to 4
    Wei max_fee_per_blob_gas;                       ///< type 3, wei per unit of blob gas
    std::vector<Hash256> blob_hashes;               ///< type 3, versioned hashes
    std::vector<Authorization> authorization_list;  ///< type 4

    [[nodiscard]] bool is_creation() const noexcept { return !to.has_value(); }
    friend bool operator==(const Transaction&, const Transaction&) noexcept = default;
};

/// ECDSA signature over secp256k1. Legacy's v is made of the parity and the transaction's chain id.
struct TxSignature {
    Uint256 r;
    Uint256 s;
    bool y_parity = false;
    friend bool operator==(const TxSignature&, const TxSignature&) noexcept = default;
};

/// A transaction with its signature, its canonical bytes and its hash; immutable and cheap to copy
/// (shared). That the signature is one is not yet known: that is what recover_sender finds out. Any
/// thread.
class SignedTx {
public:
    /// Encodes and hashes. Typed transactions must have a chain id (asserted).
    SignedTx(Transaction tx, const TxSignature& signature);

    [[nodiscard]] const Transaction& tx() const noexcept { return body_->tx; }
    [[nodiscard]] const Transaction* operator->() const noexcept { return &body_->tx; }
    [[nodiscard]] const TxSignature& signature() const noexcept { return body_->signature; }
    /// keccak256(bytes()).
    [[nodiscard]] const TxHash& hash() const noexcept { return body_->hash; }
    /// Canonical EIP-2718 form: an RLP list for legacy, type ‖ RLP list otherwise. What the
    /// transaction trie holds. Blob transactions are without their sidecar.
    [[nodiscard]] ByteView bytes() const noexcept { return body_->bytes; }

    friend bool operator==(const SignedTx& a, const SignedTx& b) noexcept {
        return a.hash() == b.hash();
    }

private:
    friend Result<SignedTx, DecodeError> decode_tx(ByteView bytes);
    /// From what decode_tx read out of `bytes`.
    SignedTx(Transaction tx, const TxSignature& signature, Bytes bytes);

    struct Body {
        Transaction tx;
        TxSignature signature;
        Bytes bytes;
        TxHash hash;
    };
    std::shared_ptr<const Body> body_;
};

/// A transaction whose signature names its sender. Made by recover_sender, or from a store that
/// keeps the senders recovered before.
class RecoveredTx {
public:
    /// The sender was recovered from this very transaction earlier; nothing is checked.
    [[nodiscard]] static RecoveredTx from_known_sender(SignedTx tx, const Address& sender) {
        return RecoveredTx{std::move(tx), sender};
    }

    [[nodiscard]] const SignedTx& signed_tx() const noexcept { return signed_; }
    [[nodiscard]] const Transaction& tx() const noexcept { return signed_.tx(); }
    [[nodiscard]] const Transaction* operator->() const noexcept { return &signed_.tx(); }
    [[nodiscard]] const TxHash& hash() const noexcept { return signed_.hash(); }
    [[nodiscard]] const Address& sender() const noexcept { return sender_; }

private:
    RecoveredTx(SignedTx tx, const Address& sender) : signed_{std::move(tx)}, sender_{sender} {}

    SignedTx signed_;
    Address sender_;
};

/// Why a signature names nobody.
enum class SignatureError : std::uint8_t {
    OutOfRange,     ///< r or s is 0, or not below the group order (Yellow Paper, appendix F)
    Unrecoverable,  ///< r is no x-coordinate of the curve, or the key would be the point at
                    ///< infinity
};

/// What the sender signs: keccak256 over the type's fields without the signature, legacy with
/// (chain_id, 0, 0) appended when it is protected (EIP-155, EIP-2930, EIP-1559, EIP-4844,
/// EIP-7702).
[[nodiscard]] Hash256 signing_hash(const Transaction& tx);

/// The account that signed. Takes high and low s alike: Homestead's bound on s (EIP-2) is a rule,
/// see chain/rules/tx_check.hpp. Any thread.
[[nodiscard]] Result<RecoveredTx, SignatureError> recover_sender(const SignedTx& tx);

/// The transaction signed by the secret, low s (RFC 6979 nonce); nothing when the secret is not in
/// 1 … n-1. Typed transactions must have a chain id (asserted). Throws as secp256k1::sign does. Any
/// thread.
[[nodiscard]] std::optional<SignedTx> sign_tx(Transaction tx, const secp256k1::SecretKey& secret);

/// keccak256(0x05 ‖ rlp([chain_id, address, nonce])) (EIP-7702).
[[nodiscard]] Hash256 signing_hash(const Authorization& authorization);

/// The account that gave the authorization; nothing when y_parity is above 1, s is above half the
/// group order (EIP-7702 asks for low s), or the signature names nobody.
[[nodiscard]] std::optional<Address> recover_authority(const Authorization& authorization);

/// Wei per gas that the sender pays under this base fee: min(max_fee, base_fee + max_priority_fee)
/// (EIP-1559). The caller has checked max_fee ≥ base_fee and max_fee ≥ max_priority_fee.
[[nodiscard]] Wei effective_gas_price(const Transaction& tx, const Wei& base_fee) noexcept;

/// Whether r and s are in 1 … n-1 (Yellow Paper, appendix F).
[[nodiscard]] bool is_in_range(const TxSignature& signature) noexcept;

/// Whether s is at most half the group's order (EIP-2).
[[nodiscard]] bool has_low_s(const TxSignature& signature) noexcept;

/// "legacy", "access list", "dynamic fee", "blob", "set code".
[[nodiscard]] std::string_view to_string(TxType type) noexcept;

}  // namespace cairn
