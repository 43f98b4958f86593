// SPDX-License-Identifier: MIT
#include "wallet/keystore.hpp"

#include <fmt/format.h>

#include <ctime>
#include <nlohmann/json.hpp>

#include "core/base/hex.hpp"
#include "core/crypto/aes.hpp"
#include "core/crypto/keccak.hpp"
#include "core/crypto/random.hpp"
#include "wallet/json_text.hpp"
#include "wallet/plain_scrypt.hpp"

namespace cairn::wallet {
namespace {

using Json = nlohmann::json;

/// Derived bytes: the first half of them is the cipher's key, the second authenticates.
constexpr std::size_t kDerivedBytes = 32;
constexpr std::size_t kSaltBytesMax = 1024;
/// Nesting that is read; a key file has three levels.
constexpr int kKeystoreDepthMax = 16;

/// Null where the text is no JSON object.
Json parse_object(std::string_view text) {
    if (text.size() > kKeystoreBytesMax) return {};
    auto out = parse_json(text, kKeystoreDepthMax);
    return out && out->is_object() ? std::move(*out) : Json{};
}

const Json* find_object(const Json& object, const char* name) {
    const auto at = object.find(name);
    return at != object.end() && at->is_object() ? &*at : nullptr;
}

const std::string* find_text(const Json& object, const char* name) {
    const auto at = object.find(name);
    return at != object.end() ? at->get_ptr<const std::string*>() : nullptr;
}

std::optional<std::uint64_t> find_number(const Json& object, const char* name) {
    const auto at = object.find(name);
    if (at == object.end() || !at->is_number_unsigned()) return std::nullopt;
    return at->get<std::uint64_t>();
}

std::optional<Bytes> find_bytes(const Json& object, const char* name) {
    const auto* text = find_text(object, name);
    return text != nullptr ? from_hex(*text) : std::nullopt;
}

/// The fields of a version 3 file in their types.
struct Fields {
    Bytes ciphertext;
    AesBlock initial_value{};
    Bytes mac;
    bool is_scrypt = false;
    ScryptCost scrypt;
    std::uint64_t rounds = 0;
    Bytes salt;
};

Result<void, KeystoreError> read_scrypt(Fields& out, const Json& params) {
    const auto n = find_number(params, "n");
    const auto r = find_number(params, "r");
    const auto p = find_number(params, "p");
    if (!n || !r || !p) return Unexpected{KeystoreError::Json};
    // Each factor below 2^32 first, so that the product of three cannot wrap.
    const std::uint64_t limit = kScryptStepsMax;
    if (*n > limit || *r > limit || *p > limit || *r == 0 || *p == 0 || *n > limit / *r ||
        *n * *r > limit / *p)
        return Unexpected{KeystoreError::KdfCost};
    out.is_scrypt = true;
    out.scrypt = {*n, static_cast<std::uint32_t>(*r), static_cast<std::uint32_t>(*p)};
    return {};
}

Result<void, KeystoreError> read_kdf(Fields& out, const Json& crypto) {
    const auto* kdf = find_text(crypto, "kdf");
    const auto* params = find_object(crypto, "kdfparams");
    if (kdf == nullptr || params == nullptr) return Unexpected{KeystoreError::Json};
    if (*kdf != "scrypt" && *kdf != "pbkdf2") return Unexpected{KeystoreError::Kdf};
    const auto length = find_number(*params, "dklen");
    auto salt = find_bytes(*params, "salt");
    if (!length || !salt) return Unexpected{KeystoreError::Json};
    if (*length != kDerivedBytes || salt->size() > kSaltBytesMax)
        return Unexpected{KeystoreError::KdfCost};
    out.salt = std::move(*salt);
    if (*kdf == "scrypt") return read_scrypt(out, *params);

    const auto* prf = find_text(*params, "prf");
    const auto rounds = find_number(*params, "c");
    if (prf == nullptr || !rounds) return Unexpected{KeystoreError::Json};
    if (*prf != "hmac-sha256") return Unexpected{KeystoreError::Kdf};
    if (*rounds == 0 || *rounds > kPbkdf2RoundsMax) return Unexpected{KeystoreError::KdfCost};
    out.rounds = *rounds;
    return {};
}

Result<Fields, KeystoreError> read_fields(const Json& file) {
    if (!file.is_object()) return Unexpected{KeystoreError::Json};
    const auto* crypto = find_object(file, "crypto");
    if (crypto == nullptr) crypto = find_object(file, "Crypto");
    const auto version = find_number(file, "version");
    if (crypto == nullptr || !version) return Unexpected{KeystoreError::Json};
    if (*version != 3) return Unexpected{KeystoreError::Version};

    const auto* cipher = find_text(*crypto, "cipher");
    const auto* cipher_params = find_object(*crypto, "cipherparams");
    auto ciphertext = find_bytes(*crypto, "ciphertext");
    auto mac = find_bytes(*crypto, "mac");
    if (cipher == nullptr || cipher_params == nullptr || !ciphertext || !mac)
        return Unexpected{KeystoreError::Json};
    const auto initial_value = find_bytes(*cipher_params, "iv");
    if (!initial_value) return Unexpected{KeystoreError::Json};
    if (*cipher != "aes-128-ctr" || initial_value->size() != kAesBlockBytes)
        return Unexpected{KeystoreError::Cipher};
    Fields out;
    out.ciphertext = std::move(*ciphertext);
    out.mac = std::move(*mac);
    std::copy(initial_value->begin(), initial_value->end(), out.initial_value.begin());
    if (auto kdf = read_kdf(out, *crypto); !kdf) return Unexpected{kdf.error()};
    if (out.ciphertext.size() != secp256k1::SecretKey::kSize)
        return Unexpected{KeystoreError::Ciphertext};
    return out;
}

/// Whether OpenSSL takes the parameters: N < 2^(16 r) (RFC 7914, section 2).
bool is_in_rfc_range(const ScryptCost& cost) noexcept {
    return cost.r >= 4 || cost.n >> (16 * cost.r) == 0;
}

Result<void, KdfError> derive(const Fields& fields, ByteView password,
                              Secret<kDerivedBytes>& derived) {
    const auto out = derived.reveal_mutable();
    if (!fields.is_scrypt) return pbkdf2_hmac_sha256(password, fields.salt, fields.rounds, out);
    if (is_in_rfc_range(fields.scrypt)) return scrypt(password, fields.salt, fields.scrypt, out);
    return plain_scrypt(password, fields.salt, fields.scrypt, out);
}

/// Keccak-256 of the second half of the derived key and the ciphertext.
Hash256 mac_of(const Secret<kDerivedBytes>& derived, ByteView ciphertext) {
    return Keccak256{}.update(derived.reveal().subspan(16, 16)).update(ciphertext).finish();
}

/// "3198bc9c-6672-4ab3-9995-4942343ae5b6" (RFC 9562, version 4).
std::string uuid_of(std::array<std::uint8_t, 16> id) {
    id[6] = static_cast<std::uint8_t>((id[6] & 0x0f) | 0x40);
    id[8] = static_cast<std::uint8_t>((id[8] & 0x3f) | 0x80);
    const auto hex = to_hex(id);
    return fmt::format("{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4),
                       hex.substr(16, 4), hex.substr(20));
}

}  // namespace

std::string_view to_string(KeystoreError error) noexcept {
    switch (error) {
        case KeystoreError::Json:
            return "it is damaged or no key file: a field is missing";
        case KeystoreError::Version:
            return "only key files of version 3 can be opened";
        case KeystoreError::Cipher:
            return "its cipher is not aes-128-ctr";
        case KeystoreError::Kdf:
            return "its key derivation is neither scrypt nor pbkdf2";
        case KeystoreError::KdfCost:
            return "its key derivation parameters are out of bounds";
        case KeystoreError::Ciphertext:
            return "it holds no 32-byte private key";
        case KeystoreError::WrongPassword:
            return "wrong password (or the file was damaged after it was written)";
        case KeystoreError::InvalidKey:
            return "what it holds is no valid private key";
        case KeystoreError::OtherAddress:
            return "it names another address than its key has";
    }
    return "unknown";
}

Result<OpenedKey, KeystoreError> open_keystore(std::string_view json, ByteView password) {
    const Json file = parse_object(json);
    const auto fields = read_fields(file);
    if (!fields) return Unexpected{fields.error()};

    Secret<kDerivedBytes> derived;
    const auto done = derive(*fields, password, derived);
    if (!done) return Unexpected{KeystoreError::KdfCost};
    if (!equal_constant_time(mac_of(derived, fields->ciphertext), fields->mac))
        return Unexpected{KeystoreError::WrongPassword};

    OpenedKey out;
    AesCtr{derived.reveal().first(16), fields->initial_value}.apply(fields->ciphertext,
                                                                    out.secret.reveal_mutable());
    const auto key = secp256k1::public_key(out.secret);
    if (!key) return Unexpected{KeystoreError::InvalidKey};
    out.address = secp256k1::address_of(*key);
    if (const auto stated = stated_address(json); stated && *stated != out.address)
        return Unexpected{KeystoreError::OtherAddress};
    return out;
}

KeystoreRandomness make_keystore_randomness() {
    KeystoreRandomness out;
    random_bytes(out.salt);
    random_bytes(out.initial_value);
    random_bytes(out.id);
    return out;
}

std::string seal_keystore(const secp256k1::SecretKey& secret, ByteView password,
                          const ScryptCost& cost, const KeystoreRandomness& randomness) {
    const auto key = secp256k1::public_key(secret);
    CAIRN_ASSERT(key.has_value());
    Secret<kDerivedBytes> derived;
    const auto done = scrypt(password, randomness.salt, cost, derived.reveal_mutable());
    CAIRN_ASSERT(done.has_value());
    std::array<std::uint8_t, secp256k1::SecretKey::kSize> ciphertext{};
    AesCtr{derived.reveal().first(16), randomness.initial_value}.apply(secret.reveal(), ciphertext);
    const Json file{
        {"address", to_hex(secp256k1::address_of(*key))},
        {"crypto",
         {{"cipher", "aes-128-ctr"},
          {"ciphertext", to_hex(ciphertext)},
          {"cipherparams", {{"iv", to_hex(randomness.initial_value)}}},
          {"kdf", "scrypt"},
          {"kdfparams",
           {{"dklen", kDerivedBytes},
            {"n", cost.n},
            {"p", cost.p},
            {"r", cost.r},
            {"salt", to_hex(randomness.salt)}}},
          {"mac", to_hex(mac_of(derived, ciphertext))}}},
        {"id", uuid_of(randomness.id)},
        {"version", 3},
    };
    return file.dump() + "\n";
}

std::optional<Address> stated_address(std::string_view json) {
    const Json file = parse_object(json);
    if (!file.is_object()) return std::nullopt;
    const auto* text = find_text(file, "address");
    return text != nullptr ? fixed_from_hex<Address>(*text) : std::nullopt;
}

std::string keystore_file_name(const Address& address, std::chrono::system_clock::time_point now) {
    using namespace std::chrono;
    const auto seconds_part = floor<seconds>(now);
    const auto nanos = duration_cast<nanoseconds>(now - seconds_part).count();
    const std::time_t time = system_clock::to_time_t(seconds_part);
    std::tm utc{};
    ::gmtime_r(&time, &utc);
    return fmt::format("UTC--{:04}-{:02}-{:02}T{:02}-{:02}-{:02}.{:09}Z--{}", utc.tm_year + 1900,
                       utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, nanos,
                       to_hex(address));
}

}  // namespace cairn::wallet
