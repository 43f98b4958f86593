// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "core/base/bytes.hpp"
#include "core/crypto/secret.hpp"
#include "core/types/ids.hpp"

namespace cairn {

/// HMAC-SHA256 (RFC 2104, FIPS 198-1) with a key of any length. Throws SystemError when OpenSSL fails. Any thread.
[[nodiscard]] Hash256 hmac_sha256(ByteView key, ByteView data);

/// HMAC-SHA256 of the parts one after another, without joining them first. Throws as above. Any thread.
[[nodiscard]] Hash256 hmac_sha256(ByteView key, std::span<const ByteView> parts);

/// HMAC-SHA512 with a key of any length. A Secret, because its 64 bytes are keys wherever it is used (BIP 32). Throws
/// SystemError when OpenSSL fails. Any thread.
[[nodiscard]] Secret<64> hmac_sha512(ByteView key, ByteView data);

}  // namespace cairn
