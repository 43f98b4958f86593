// SPDX-License-Identifier: MIT
#include "core/crypto/hmac.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <memory>

#include "core/base/system_error.hpp"

namespace cairn {
namespace {

using MacContext = std::unique_ptr<EVP_MAC_CTX, decltype([](EVP_MAC_CTX* c) { EVP_MAC_CTX_free(c); })>;

/// The algorithm is looked up once; it lives as long as the process, for threads that outlive static destruction.
EVP_MAC* hmac_algorithm() {
    static EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    if (algorithm == nullptr) throw SystemError{"OpenSSL has no HMAC"};
    return algorithm;
}

void compute(const char* digest, ByteView key, std::span<const ByteView> parts, std::span<std::uint8_t> out) {
    const MacContext context{EVP_MAC_CTX_new(hmac_algorithm())};
    // OpenSSL writes to no parameter handed to EVP_MAC_init, although the type asks for a mutable name.
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, const_cast<char*>(digest), 0),
        OSSL_PARAM_construct_end()};
    // A null key would mean "keep the key of before", so an empty one needs an address too.
    static constexpr std::uint8_t kNothing = 0;
    const std::uint8_t* const key_bytes = key.empty() ? &kNothing : key.data();
    bool ok = context != nullptr && EVP_MAC_init(context.get(), key_bytes, key.size(), params) == 1;
    for (const auto part : parts) ok = ok && EVP_MAC_update(context.get(), part.data(), part.size()) == 1;
    std::size_t size = 0;
    ok = ok && EVP_MAC_final(context.get(), out.data(), &size, out.size()) == 1 && size == out.size();
    if (!ok) throw SystemError{"OpenSSL: HMAC failed"};
}

}  // namespace

Hash256 hmac_sha256(ByteView key, std::span<const ByteView> parts) {
    Hash256 out;
    compute("SHA256", key, parts, out.bytes);
    return out;
}

Hash256 hmac_sha256(ByteView key, ByteView data) { return hmac_sha256(key, std::span{&data, 1}); }

Secret<64> hmac_sha512(ByteView key, ByteView data) {
    Secret<64> out;
    compute("SHA512", key, std::span{&data, 1}, out.reveal_mutable());
    return out;
}

}  // namespace cairn
