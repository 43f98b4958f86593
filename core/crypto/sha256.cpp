// SPDX-License-Identifier: MIT
// The low-level functions of OpenSSL are marked deprecated in favour of the EVP interface, which allocates and looks up
// a provider for every message: several times the cost of hashing the 64 bytes that the EVM and the chain mostly hash.
// They pick SHA-NI or AVX2 at run time just as EVP does. The mark is switched off for this file only.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "core/crypto/sha256.hpp"

#include <openssl/sha.h>

namespace cairn {

Hash256 sha256(ByteView data) noexcept {
    SHA256_CTX context;
    Hash256 out;
    SHA256_Init(&context);
    SHA256_Update(&context, data.data(), data.size());
    SHA256_Final(out.data(), &context);
    return out;
}

Hash256 sha256d(ByteView data) noexcept { return sha256(sha256(data)); }

}  // namespace cairn
