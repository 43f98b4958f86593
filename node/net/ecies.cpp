// SPDX-License-Identifier: MIT
#include "node/net/ecies.hpp"

#include <array>

#include "core/crypto/hmac.hpp"
#include "core/crypto/secret.hpp"
#include "core/crypto/sha256.hpp"

namespace cairn::node {
namespace {

constexpr std::size_t kPointBytes = 65;
constexpr std::size_t kTagBytes = 32;
constexpr std::size_t kEncryptionKeyBytes = 16;

/// The two keys of one packet: for the cipher, and for the tag.
struct PacketKeys {
    Secret<kEncryptionKeyBytes> encryption;
    Secret<32> authentication;
};

/// KDF(S, 32) = SHA-256(00000001 ‖ S): one round of the concatenation function gives 32 bytes.
PacketKeys derive_keys(const Secret<32>& shared) {
    Secret<36> input;
    const auto buffer = input.reveal_mutable();
    store_be32(buffer.data(), 1);
    std::copy(shared.reveal().begin(), shared.reveal().end(), buffer.begin() + 4);
    const auto derived = Secret<32>::from(sha256(input.reveal()));
    return {Secret<kEncryptionKeyBytes>::from(derived.reveal().first(kEncryptionKeyBytes)),
            Secret<32>::from(sha256(derived.reveal().subspan(kEncryptionKeyBytes)))};
}

Hash256 tag_of(const PacketKeys& keys, ByteView iv_and_ciphertext, ByteView auth_data) {
    const std::array<ByteView, 2> parts{iv_and_ciphertext, auth_data};
    return hmac_sha256(keys.authentication.reveal(), parts);
}

}  // namespace

Bytes ecies_encrypt(const NodeId& to, ByteView message, ByteView auth_data,
                    const NodeKey& ephemeral, const AesBlock& iv) {
    const auto shared = secp256k1::ecdh_x(ephemeral.secret, to);
    CAIRN_ASSERT(shared.has_value());
    const PacketKeys keys = derive_keys(*shared);

    Bytes packet;
    packet.reserve(message.size() + kEciesOverhead);
    append(packet, secp256k1::serialize_uncompressed(ephemeral.id));
    append(packet, iv);
    packet.resize(packet.size() + message.size());
    AesCtr{keys.encryption.reveal(), iv}.apply(
        message, std::span{packet}.subspan(kPointBytes + kAesBlockBytes));
    append(packet, tag_of(keys, ByteView{packet}.subspan(kPointBytes), auth_data));
    return packet;
}

Result<Bytes, EciesError> ecies_decrypt(const secp256k1::SecretKey& own, ByteView packet,
                                        ByteView auth_data) {
    if (packet.size() < kEciesOverhead) return Unexpected{EciesError::TooShort};
    const auto sender = secp256k1::parse_public_key(packet.first(kPointBytes));
    if (!sender) return Unexpected{EciesError::BadPoint};
    const auto shared = secp256k1::ecdh_x(own, *sender);
    if (!shared) return Unexpected{EciesError::BadPoint};
    const PacketKeys keys = derive_keys(*shared);

    const ByteView sealed = packet.subspan(kPointBytes, packet.size() - kPointBytes - kTagBytes);
    if (!equal_constant_time(tag_of(keys, sealed, auth_data), packet.last(kTagBytes)))
        return Unexpected{EciesError::BadTag};

    AesBlock iv;
    std::copy_n(sealed.begin(), iv.size(), iv.begin());
    Bytes message(sealed.size() - iv.size());
    AesCtr{keys.encryption.reveal(), iv}.apply(sealed.subspan(iv.size()), message);
    return message;
}

}  // namespace cairn::node
