// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"
#include "core/crypto/kdf.hpp"

namespace cairn::wallet {

/// scrypt for every N that is a power of two, also where RFC 7914, section 2, wants N < 2^(16 r)
/// and OpenSSL refuses: key files with r = 1 and N = 2^18 exist (the public KeyStoreTests hold
/// one). About half as fast as OpenSSL's. Errors as for cairn::scrypt; throws SystemError as it
/// does.
/// @param memory_max  most bytes of working memory: 128 r (n + p + 2)
[[nodiscard]] Result<void, KdfError> plain_scrypt(ByteView password, ByteView salt,
                                                  const ScryptCost& cost,
                                                  std::span<std::uint8_t> out,
                                                  std::uint64_t memory_max = kScryptMemoryMax);

}  // namespace cairn::wallet
