// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/expected.hpp"
#include "core/crypto/secp256k1.hpp"
#include "core/crypto/secret.hpp"
#include "wallet/secret_text.hpp"

namespace cairn::wallet {

/// Child indexes from here on are hardened: derivable from the private key only (BIP-32).
inline constexpr std::uint32_t kHardened = 0x80000000U;

/// Steps that a path may have: depth is one byte (BIP-32, "Serialization format").
inline constexpr std::size_t kHdDepthMax = 255;

/// Why a path or an extended key is refused.
enum class HdError : std::uint8_t {
    PathSyntax,      ///< not `m` followed by `/number` or `/number'` (also `h`, `H`) steps
    PathTooLong,     ///< more than kHdDepthMax steps
    IndexRange,      ///< an index of 2^31 or more
    SeedLength,      ///< a seed below 16 or above 64 bytes
    UnusableKey,     ///< the derived number is 0 or not below the group order (chance 2^-127)
    DepthExhausted,  ///< a child of a key at depth 255
    Base58,          ///< malformed text, or its checksum does not fit
    Version,         ///< version bytes other than the key's kind has (xprv or xpub)
    KeyData,         ///< the key itself: wrong prefix, out of range, off the curve
    RootFields,      ///< depth 0 with a parent's fingerprint or an index
};

/// One sentence without a full stop.
[[nodiscard]] std::string_view to_string(HdError error) noexcept;

/// A private key with what derives its children (BIP-32, "Extended keys").
struct ExtendedKey {
    secp256k1::SecretKey secret;  ///< valid: in 1 … n-1
    Secret<32> chain_code;
    std::uint8_t depth = 0;                ///< steps from the master key
    std::uint32_t parent_fingerprint = 0;  ///< first four bytes of the parent's identifier
    std::uint32_t child_number = 0;        ///< the last step's index
};

/// A public key with the same surroundings.
struct ExtendedPublicKey {
    secp256k1::PublicKey key;
    Secret<32> chain_code;
    std::uint8_t depth = 0;
    std::uint32_t parent_fingerprint = 0;
    std::uint32_t child_number = 0;
};

/// The indexes of a path: "m/44'/60'/0'/0/0". Errors: PathSyntax, PathTooLong, IndexRange.
[[nodiscard]] Result<std::vector<std::uint32_t>, HdError> parse_hd_path(std::string_view text);

/// The path of account `index` as Ethereum wallets use it: "m/44'/60'/0'/0/index" (BIP-44 with coin
/// type 60 of SLIP-44).
[[nodiscard]] std::string account_path(std::uint32_t index);

/// Master key of a seed of 16 to 64 bytes (BIP-32, "Master key generation"). Errors: SeedLength,
/// UnusableKey.
[[nodiscard]] Result<ExtendedKey, HdError> make_master_key(ByteView seed);

/// CKDpriv of BIP-32. Errors: UnusableKey, DepthExhausted.
[[nodiscard]] Result<ExtendedKey, HdError> derive_child(const ExtendedKey& parent,
                                                        std::uint32_t index);

/// The key at the end of the path below `master`. Errors as for parse_hd_path and derive_child.
[[nodiscard]] Result<ExtendedKey, HdError> derive_path(const ExtendedKey& master,
                                                       std::string_view path);

/// Key of a BIP-39 seed at a path, the usual way from phrase to account. Errors as above.
[[nodiscard]] Result<secp256k1::SecretKey, HdError> derive_account(const Secret<64>& seed,
                                                                   std::string_view path);

/// N of BIP-32: the public half.
[[nodiscard]] ExtendedPublicKey neuter(const ExtendedKey& key);

/// Text forms of BIP-32, "xprv…" and "xpub…".
[[nodiscard]] SecretText encode_xprv(const ExtendedKey& key);
[[nodiscard]] SecretText encode_xpub(const ExtendedPublicKey& key);

/// Their readers. Errors: Base58, Version, KeyData, RootFields.
[[nodiscard]] Result<ExtendedKey, HdError> decode_xprv(std::string_view text);
[[nodiscard]] Result<ExtendedPublicKey, HdError> decode_xpub(std::string_view text);

}  // namespace cairn::wallet
