// SPDX-License-Identifier: MIT
#include "wallet/hd_path.hpp"

#include "core/base/assert.hpp"
#include "core/crypto/hmac.hpp"
#include "core/crypto/ripemd160.hpp"
#include "core/crypto/sha256.hpp"
#include "core/math/uint256.hpp"
#include "wallet/base58.hpp"

namespace cairn::wallet {
namespace {

constexpr std::uint32_t kVersionPrivate = 0x0488ade4;  // "xprv" in Base58
constexpr std::uint32_t kVersionPublic = 0x0488b21e;   // "xpub"
/// version 4, depth 1, fingerprint 4, child number 4, chain code 32, key 33
constexpr std::size_t kSerializedBytes = 78;
constexpr std::size_t kChainCodeAt = 13;
constexpr std::size_t kKeyAt = 45;

/// Leading half of an HMAC-SHA512 is a key, the trailing half a chain code.
Secret<32> half(const Secret<64>& both, std::size_t at) {
    return Secret<32>::from(both.reveal().subspan(at, 32));
}

secp256k1::CompressedPublicKey compressed_key(const secp256k1::SecretKey& secret) {
    const auto key = secp256k1::public_key(secret);
    CAIRN_ASSERT(key.has_value());
    return *secp256k1::compress(*key);
}

/// First four bytes of RIPEMD-160 of SHA-256 of the compressed public key.
std::uint32_t fingerprint(const secp256k1::SecretKey& secret) {
    return load_be32(ripemd160(sha256(compressed_key(secret))).data());
}

SecretText serialize(std::uint32_t version, std::uint8_t depth, std::uint32_t parent,
                     std::uint32_t child, const Secret<32>& chain_code, ByteView key33) {
    Secret<kSerializedBytes> bytes;
    const auto out = bytes.reveal_mutable();
    store_be32(out.data(), version);
    out[4] = depth;
    store_be32(out.data() + 5, parent);
    store_be32(out.data() + 9, child);
    std::memcpy(out.data() + kChainCodeAt, chain_code.reveal().data(), 32);
    std::memcpy(out.data() + kKeyAt, key33.data(), 33);
    return encode_base58check(bytes.reveal());
}

/// Payload of an extended key's text whose version and root fields are right.
Result<SecretText, HdError> read_serialized(std::string_view text, std::uint32_t version) {
    auto payload = decode_base58check(text);
    if (!payload || payload->size() != kSerializedBytes) return Unexpected{HdError::Base58};
    const auto bytes = payload->reveal_bytes();
    if (load_be32(bytes.data()) != version) return Unexpected{HdError::Version};
    if (bytes[4] == 0 && (load_be32(bytes.data() + 5) != 0 || load_be32(bytes.data() + 9) != 0))
        return Unexpected{HdError::RootFields};
    return std::move(*payload);
}

/// Fills what private and public extended keys share.
template <class Key>
void read_surroundings(Key& out, ByteView bytes) {
    out.depth = bytes[4];
    out.parent_fingerprint = load_be32(bytes.data() + 5);
    out.child_number = load_be32(bytes.data() + 9);
    out.chain_code = Secret<32>::from(bytes.subspan(kChainCodeAt, 32));
}

/// One step of a path without its slash.
Result<std::uint32_t, HdError> parse_step(std::string_view step) {
    bool hardened = false;
    if (!step.empty() && (step.back() == '\'' || step.back() == 'h' || step.back() == 'H')) {
        hardened = true;
        step.remove_suffix(1);
    }
    if (step.empty()) return Unexpected{HdError::PathSyntax};
    std::uint64_t index = 0;
    for (const char c : step) {
        if (c < '0' || c > '9') return Unexpected{HdError::PathSyntax};
        index = index * 10 + static_cast<std::uint64_t>(c - '0');
        if (index >= kHardened) return Unexpected{HdError::IndexRange};
    }
    return static_cast<std::uint32_t>(index) | (hardened ? kHardened : 0);
}

}  // namespace

std::string_view to_string(HdError error) noexcept {
    switch (error) {
        case HdError::PathSyntax:
            return "a derivation path reads like m/44'/60'/0'/0/0";
        case HdError::PathTooLong:
            return "a derivation path has at most 255 steps";
        case HdError::IndexRange:
            return "an index of a derivation path is below 2147483648";
        case HdError::SeedLength:
            return "a seed has 16 to 64 bytes";
        case HdError::UnusableKey:
            return "this index has no usable key; take the next one";
        case HdError::DepthExhausted:
            return "a key at depth 255 has no children";
        case HdError::Base58:
            return "not an extended key: malformed, or its checksum does not fit";
        case HdError::Version:
            return "not an extended key of the expected kind and network";
        case HdError::KeyData:
            return "the extended key holds no valid key";
        case HdError::RootFields:
            return "a master key has neither parent nor index";
    }
    return "unknown";
}

Result<std::vector<std::uint32_t>, HdError> parse_hd_path(std::string_view text) {
    if (text.empty() || (text[0] != 'm' && text[0] != 'M')) return Unexpected{HdError::PathSyntax};
    text.remove_prefix(1);
    std::vector<std::uint32_t> out;
    while (!text.empty()) {
        if (text[0] != '/') return Unexpected{HdError::PathSyntax};
        text.remove_prefix(1);
        const auto step = text.substr(0, text.find('/'));
        const auto index = parse_step(step);
        if (!index) return Unexpected{index.error()};
        if (out.size() == kHdDepthMax) return Unexpected{HdError::PathTooLong};
        out.push_back(*index);
        text.remove_prefix(step.size());
    }
    return out;
}

std::string account_path(std::uint32_t index) {
    return "m/44'/60'/0'/0/" + std::to_string(index);
}

Result<ExtendedKey, HdError> make_master_key(ByteView seed) {
    if (seed.size() < 16 || seed.size() > 64) return Unexpected{HdError::SeedLength};
    const auto both = hmac_sha512(as_bytes("Bitcoin seed"), seed);
    ExtendedKey out;
    out.secret = half(both, 0);
    out.chain_code = half(both, 32);
    if (!secp256k1::is_valid(out.secret)) return Unexpected{HdError::UnusableKey};
    return out;
}

Result<ExtendedKey, HdError> derive_child(const ExtendedKey& parent, std::uint32_t index) {
    if (parent.depth == kHdDepthMax) return Unexpected{HdError::DepthExhausted};
    // Hardened: 0x00 ‖ ser256(k_par) ‖ ser32(i); else serP(point(k_par)) ‖ ser32(i).
    Secret<37> data;
    const auto bytes = data.reveal_mutable();
    if (index >= kHardened)
        std::memcpy(bytes.data() + 1, parent.secret.reveal().data(), 32);
    else
        std::memcpy(bytes.data(), compressed_key(parent.secret).data(), 33);
    store_be32(bytes.data() + 33, index);
    const auto both = hmac_sha512(parent.chain_code.reveal(), data.reveal());

    const auto tweak = load_be256(both.reveal().data());
    const auto order = load_be256(secp256k1::kOrder.data());
    if (tweak >= order) return Unexpected{HdError::UnusableKey};
    ExtendedKey out;
    store_be256(out.secret.reveal_mutable().data(),
                addmod(tweak, load_be256(parent.secret.reveal().data()), order));
    if (!secp256k1::is_valid(out.secret)) return Unexpected{HdError::UnusableKey};
    out.chain_code = half(both, 32);
    out.depth = static_cast<std::uint8_t>(parent.depth + 1);
    out.parent_fingerprint = fingerprint(parent.secret);
    out.child_number = index;
    return out;
}

Result<ExtendedKey, HdError> derive_path(const ExtendedKey& master, std::string_view path) {
    const auto indexes = parse_hd_path(path);
    if (!indexes) return Unexpected{indexes.error()};
    ExtendedKey key{master.secret.clone(), master.chain_code.clone(), master.depth,
                    master.parent_fingerprint, master.child_number};
    for (const auto index : *indexes) {
        auto child = derive_child(key, index);
        if (!child) return child;
        key = std::move(*child);
    }
    return key;
}

Result<secp256k1::SecretKey, HdError> derive_account(const Secret<64>& seed,
                                                     std::string_view path) {
    const auto master = make_master_key(seed.reveal());
    if (!master) return Unexpected{master.error()};
    auto key = derive_path(*master, path);
    if (!key) return Unexpected{key.error()};
    return std::move(key->secret);
}

ExtendedPublicKey neuter(const ExtendedKey& key) {
    const auto point = secp256k1::public_key(key.secret);
    CAIRN_ASSERT(point.has_value());
    return {*point, key.chain_code.clone(), key.depth, key.parent_fingerprint, key.child_number};
}

SecretText encode_xprv(const ExtendedKey& key) {
    Secret<33> padded;
    std::memcpy(padded.reveal_mutable().data() + 1, key.secret.reveal().data(), 32);
    return serialize(kVersionPrivate, key.depth, key.parent_fingerprint, key.child_number,
                     key.chain_code, padded.reveal());
}

SecretText encode_xpub(const ExtendedPublicKey& key) {
    const auto compressed = secp256k1::compress(key.key);
    CAIRN_ASSERT(compressed.has_value());
    return serialize(kVersionPublic, key.depth, key.parent_fingerprint, key.child_number,
                     key.chain_code, *compressed);
}

Result<ExtendedKey, HdError> decode_xprv(std::string_view text) {
    const auto payload = read_serialized(text, kVersionPrivate);
    if (!payload) return Unexpected{payload.error()};
    const auto bytes = payload->reveal_bytes();
    ExtendedKey out;
    read_surroundings(out, bytes);
    out.secret = secp256k1::SecretKey::from(bytes.subspan(kKeyAt + 1, 32));
    if (bytes[kKeyAt] != 0 || !secp256k1::is_valid(out.secret)) return Unexpected{HdError::KeyData};
    return out;
}

Result<ExtendedPublicKey, HdError> decode_xpub(std::string_view text) {
    const auto payload = read_serialized(text, kVersionPublic);
    if (!payload) return Unexpected{payload.error()};
    const auto bytes = payload->reveal_bytes();
    const auto key = secp256k1::parse_public_key(bytes.subspan(kKeyAt, 33));
    if (!key) return Unexpected{HdError::KeyData};
    ExtendedPublicKey out;
    read_surroundings(out, bytes);
    out.key = *key;
    return out;
}

}  // namespace cairn::wallet
