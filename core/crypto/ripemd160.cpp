// SPDX-License-Identifier: MIT
// OpenSSL's low-level functions, deprecated in favour of EVP, are used for two reasons: they cost no allocation per
// message, and they do not depend on which provider is configured (3.0.0 to 3.0.6 hold RIPEMD-160 in the legacy
// provider only, which is not loaded by default). The mark is switched off for this file only.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "core/crypto/ripemd160.hpp"

#include <openssl/ripemd.h>

namespace cairn {

Ripemd160Digest ripemd160(ByteView data) noexcept {
    RIPEMD160_CTX context;
    Ripemd160Digest out;
    RIPEMD160_Init(&context);
    RIPEMD160_Update(&context, data.data(), data.size());
    RIPEMD160_Final(out.data(), &context);
    return out;
}

}  // namespace cairn
