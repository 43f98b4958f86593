// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"
#include "core/crypto/aes.hpp"
#include "node/net/node_key.hpp"

namespace cairn::node {

/// What encryption adds to a message: an uncompressed point, a counter block and a tag.
inline constexpr std::size_t kEciesOverhead = 65 + kAesBlockBytes + 32;

/// Why a packet cannot be opened.
enum class EciesError : std::uint8_t {
    TooShort,  ///< fewer than kEciesOverhead bytes
    BadPoint,  ///< not 0x04 and the coordinates of a point of the curve
    BadTag,    ///< for another key, or changed on its way
};

/// Encrypts for the holder of `to`'s secret: 0x04 ‖ R ‖ iv ‖ c ‖ d, where S = ECDH(r, to), kE ‖ kM
/// = KDF(S, 32) by the concatenation of NIST SP 800-56A over SHA-256, c = AES-128-CTR(kE, iv,
/// message), d = HMAC-SHA256(SHA-256(kM), iv ‖ c ‖ auth_data).
///
/// Source: devp2p, rlpx.md, "ECIES Encryption"; EIP-8 for `auth_data`.
/// @param to         a point of the curve (asserted; what comes from outside is checked before)
/// @param auth_data  authenticated but not sent along
/// @param ephemeral  used for this packet only
/// @param iv         the first counter block; random
/// Any thread. Throws SystemError when OpenSSL fails.
[[nodiscard]] Bytes ecies_encrypt(const NodeId& to, ByteView message, ByteView auth_data,
                                  const NodeKey& ephemeral, const AesBlock& iv);

/// The message of such a packet. Nothing is decrypted unless the tag is right. Any thread.
[[nodiscard]] Result<Bytes, EciesError> ecies_decrypt(const secp256k1::SecretKey& own,
                                                      ByteView packet, ByteView auth_data);

}  // namespace cairn::node
