// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "core/base/bytes.hpp"
#include "core/base/fixed_bytes.hpp"
#include "core/crypto/secret.hpp"
#include "core/types/ids.hpp"

/// ECDSA and ECDH over secp256k1 (SEC 2), as transactions, ECRECOVER and RLPx use them.
namespace cairn::secp256k1 {

/// A point of the curve other than infinity: x, then y, each 32 bytes big-endian, without the SEC 1 prefix byte.
/// A value that did not come out of this file's functions need not lie on the curve; those taking one check it.
using PublicKey = FixedBytes<64, struct Secp256k1PublicKeyTag>;

/// SEC 1 compressed form: 0x02 or 0x03 (parity of y), then x.
using CompressedPublicKey = FixedBytes<33, struct Secp256k1CompressedPublicKeyTag>;

/// A private key: 32 bytes big-endian, valid in 1 … n-1.
using SecretKey = Secret<32>;

/// An ECDSA signature with the parity that public-key recovery needs.
struct Signature {
    /// 32 bytes big-endian.
    Hash256 r;
    /// 32 bytes big-endian.
    Hash256 s;
    /// 0 or 1: parity of the y coordinate of the nonce point (Yellow Paper, appendix F). Recovery identifiers 2 and 3
    /// (an x coordinate past the group order) do not occur on this ledger.
    std::uint8_t y_parity = 0;

    friend bool operator==(const Signature&, const Signature&) = default;
};

/// Order of the group, n; big-endian.
inline constexpr Hash256 kOrder{std::array<std::uint8_t, 32>{
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe,
    0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41}};

/// Half the order, rounded down; big-endian. The greatest `s` a transaction may carry from Homestead on (EIP-2). The
/// order of Hash256 is big-endian order, so `signature.s <= kHalfOrder` is the check.
inline constexpr Hash256 kHalfOrder{std::array<std::uint8_t, 32>{
    0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0x5d, 0x57, 0x6e, 0x73, 0x57, 0xa4, 0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0}};

/// The key that made the signature over the 32-byte `digest`. Nothing when r or s is zero or not below the order, when
/// y_parity exceeds 1, or when r is no x coordinate of the curve. A high s is accepted (ECRECOVER does; the bound of
/// EIP-2 is the caller's). Pure; any thread.
[[nodiscard]] std::optional<PublicKey> recover(const Hash256& digest, const Signature& signature) noexcept;

/// The address of the key that made the signature; nothing as for `recover`. Pure; any thread.
[[nodiscard]] std::optional<Address> recover_address(const Hash256& digest, const Signature& signature) noexcept;

/// Rightmost 20 bytes of Keccak-256 of the 64 key bytes (Yellow Paper, appendix F). Pure; any thread.
[[nodiscard]] Address address_of(const PublicKey& key) noexcept;

/// Whether the key made this signature over `digest`. A high s is accepted; y_parity is not looked at. False for
/// anything malformed. Pure; any thread.
[[nodiscard]] bool verify(const Hash256& digest, const Signature& signature, const PublicKey& key) noexcept;

/// Whether the bytes are in 1 … n-1. Any thread.
[[nodiscard]] bool is_valid(const SecretKey& secret) noexcept;

/// Signs the 32-byte digest: nonce by RFC 6979 with SHA-256, s at most kHalfOrder. Nothing when the secret is not in
/// 1 … n-1. Throws SystemError when the context cannot be randomised (first use only). Any thread.
[[nodiscard]] std::optional<Signature> sign(const Hash256& digest, const SecretKey& secret);

/// The public key of a secret; nothing when the secret is not in 1 … n-1. Throws as `sign` does. Any thread.
[[nodiscard]] std::optional<PublicKey> public_key(const SecretKey& secret);

/// A fresh secret from the operating system's randomness. Throws SystemError when there is none. Any thread.
[[nodiscard]] SecretKey make_secret_key();

/// Reads a SEC 1 key: 33 bytes compressed, or 65 bytes with the prefix 0x04. Nothing for another length or prefix (the
/// hybrid forms 0x06 and 0x07 included) or a point off the curve. Pure; any thread.
[[nodiscard]] std::optional<PublicKey> parse_public_key(ByteView encoded) noexcept;

/// Whether the coordinates are below the field's prime and lie on the curve. Pure; any thread.
[[nodiscard]] bool is_on_curve(const PublicKey& key) noexcept;

/// SEC 1 compressed form. Nothing when the point is off the curve. Pure; any thread.
[[nodiscard]] std::optional<CompressedPublicKey> compress(const PublicKey& key) noexcept;

/// SEC 1 uncompressed form: 0x04, x, y. Pure; any thread.
[[nodiscard]] std::array<std::uint8_t, 65> serialize_uncompressed(const PublicKey& key) noexcept;

/// x coordinate of `secret` times `key`, 32 bytes big-endian, not hashed (SEC 1, 3.3.1; RLPx's ecdh.agree). Nothing
/// when the secret is not in 1 … n-1 or the point is off the curve. Any thread.
[[nodiscard]] std::optional<Secret<32>> ecdh_x(const SecretKey& secret, const PublicKey& key) noexcept;

}  // namespace cairn::secp256k1
