// SPDX-License-Identifier: MIT
#include "core/crypto/secp256k1.hpp"

#include <secp256k1.h>
#include <secp256k1_ecdh.h>
#include <secp256k1_recovery.h>

#include "core/base/system_error.hpp"
#include "core/crypto/keccak.hpp"
#include "core/crypto/random.hpp"

namespace cairn::secp256k1 {
namespace {

/// Verification, recovery and parsing take no secret, so the library's shared constant context is enough.
const secp256k1_context* plain_context() noexcept { return secp256k1_context_static; }

/// Context for work with secrets, blinded once against side channels. Lives as long as the process, so that threads
/// that outlive static destruction still find it.
const secp256k1_context* signing_context() {
    static const secp256k1_context* const context = [] {
        Secret<32> seed;
        random_bytes(seed.reveal_mutable());
        secp256k1_context* made = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
        if (made == nullptr || secp256k1_context_randomize(made, seed.reveal().data()) != 1)
            throw SystemError{"secp256k1: cannot prepare a signing context"};
        return made;
    }();
    return context;
}

std::array<std::uint8_t, 64> compact(const Signature& signature) noexcept {
    std::array<std::uint8_t, 64> out;
    std::memcpy(out.data(), signature.r.data(), 32);
    std::memcpy(out.data() + 32, signature.s.data(), 32);
    return out;
}

std::array<std::uint8_t, 65> serialize(const secp256k1_pubkey& point) noexcept {
    std::array<std::uint8_t, 65> out;
    std::size_t size = out.size();
    const int ok = secp256k1_ec_pubkey_serialize(plain_context(), out.data(), &size, &point, SECP256K1_EC_UNCOMPRESSED);
    CAIRN_ASSERT(ok == 1 && size == out.size());
    return out;
}

PublicKey to_key(const secp256k1_pubkey& point) noexcept {
    return PublicKey::from(ByteView{serialize(point)}.subspan(1));
}

std::optional<secp256k1_pubkey> to_point(const PublicKey& key) noexcept {
    const auto encoded = serialize_uncompressed(key);
    secp256k1_pubkey point;
    if (secp256k1_ec_pubkey_parse(plain_context(), &point, encoded.data(), encoded.size()) != 1) return std::nullopt;
    return point;
}

std::optional<secp256k1_pubkey> recover_point(const Hash256& digest, const Signature& signature) noexcept {
    if (signature.y_parity > 1) return std::nullopt;
    secp256k1_ecdsa_recoverable_signature parsed;
    secp256k1_pubkey point;
    if (secp256k1_ecdsa_recoverable_signature_parse_compact(plain_context(), &parsed, compact(signature).data(),
                                                            signature.y_parity) != 1)
        return std::nullopt;
    if (secp256k1_ecdsa_recover(plain_context(), &point, &parsed, digest.data()) != 1) return std::nullopt;
    return point;
}

/// The x coordinate as it is, in place of the library's default hash of it.
int copy_x(unsigned char* output, const unsigned char* x, const unsigned char* /*y*/, void* /*data*/) {
    std::memcpy(output, x, 32);
    return 1;
}

}  // namespace

std::optional<PublicKey> recover(const Hash256& digest, const Signature& signature) noexcept {
    const auto point = recover_point(digest, signature);
    if (!point) return std::nullopt;
    return to_key(*point);
}

std::optional<Address> recover_address(const Hash256& digest, const Signature& signature) noexcept {
    const auto key = recover(digest, signature);
    if (!key) return std::nullopt;
    return address_of(*key);
}

Address address_of(const PublicKey& key) noexcept { return Address::from(keccak256(key).view().subspan(12)); }

bool verify(const Hash256& digest, const Signature& signature, const PublicKey& key) noexcept {
    const auto point = to_point(key);
    if (!point) return false;
    secp256k1_ecdsa_signature parsed;
    if (secp256k1_ecdsa_signature_parse_compact(plain_context(), &parsed, compact(signature).data()) != 1) return false;
    // The library refuses a high s; the equation itself holds for s and n - s alike.
    secp256k1_ecdsa_signature_normalize(plain_context(), &parsed, &parsed);
    return secp256k1_ecdsa_verify(plain_context(), &parsed, digest.data(), &*point) == 1;
}

bool is_valid(const SecretKey& secret) noexcept {
    return secp256k1_ec_seckey_verify(plain_context(), secret.reveal().data()) == 1;
}

std::optional<Signature> sign(const Hash256& digest, const SecretKey& secret) {
    secp256k1_ecdsa_recoverable_signature made;
    if (secp256k1_ecdsa_sign_recoverable(signing_context(), &made, digest.data(), secret.reveal().data(),
                                         secp256k1_nonce_function_rfc6979, nullptr) != 1)
        return std::nullopt;
    std::array<std::uint8_t, 64> bytes;
    int recovery_id = 0;
    secp256k1_ecdsa_recoverable_signature_serialize_compact(plain_context(), bytes.data(), &recovery_id, &made);
    // 2 or 3 would need a nonce point whose x lies between n and p: one in 2^127, and nobody knows an example.
    CAIRN_ASSERT(recovery_id == 0 || recovery_id == 1);
    const ByteView view{bytes};
    return Signature{Hash256::from(view.first(32)), Hash256::from(view.subspan(32)),
                     static_cast<std::uint8_t>(recovery_id)};
}

std::optional<PublicKey> public_key(const SecretKey& secret) {
    secp256k1_pubkey point;
    if (secp256k1_ec_pubkey_create(signing_context(), &point, secret.reveal().data()) != 1) return std::nullopt;
    return to_key(point);
}

SecretKey make_secret_key() {
    SecretKey secret;
    do random_bytes(secret.reveal_mutable());
    while (!is_valid(secret));
    return secret;
}

std::optional<PublicKey> parse_public_key(ByteView encoded) noexcept {
    const bool is_compressed = encoded.size() == 33 && (encoded[0] == 0x02 || encoded[0] == 0x03);
    const bool is_uncompressed = encoded.size() == 65 && encoded[0] == 0x04;
    if (!is_compressed && !is_uncompressed) return std::nullopt;
    secp256k1_pubkey point;
    if (secp256k1_ec_pubkey_parse(plain_context(), &point, encoded.data(), encoded.size()) != 1) return std::nullopt;
    return to_key(point);
}

bool is_on_curve(const PublicKey& key) noexcept { return to_point(key).has_value(); }

std::optional<CompressedPublicKey> compress(const PublicKey& key) noexcept {
    const auto point = to_point(key);
    if (!point) return std::nullopt;
    CompressedPublicKey out;
    std::size_t size = out.size();
    const int ok =
        secp256k1_ec_pubkey_serialize(plain_context(), out.data(), &size, &*point, SECP256K1_EC_COMPRESSED);
    CAIRN_ASSERT(ok == 1 && size == out.size());
    return out;
}

std::array<std::uint8_t, 65> serialize_uncompressed(const PublicKey& key) noexcept {
    std::array<std::uint8_t, 65> out;
    out[0] = 0x04;
    std::memcpy(out.data() + 1, key.data(), key.size());
    return out;
}

std::optional<Secret<32>> ecdh_x(const SecretKey& secret, const PublicKey& key) noexcept {
    const auto point = to_point(key);
    if (!point) return std::nullopt;
    Secret<32> out;
    if (secp256k1_ecdh(plain_context(), out.reveal_mutable().data(), &*point, secret.reveal().data(), copy_x,
                       nullptr) != 1)
        return std::nullopt;
    return out;
}

}  // namespace cairn::secp256k1
