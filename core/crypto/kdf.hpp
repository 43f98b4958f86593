// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>

#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"

namespace cairn {

/// Why key-derivation parameters (which come from key files, so from outside) are refused.
enum class KdfError : std::uint8_t {
    /// scrypt: n is no power of two above 1, r or p is zero, or r * p is 2^30 or more (RFC 7914, section 6).
    /// PBKDF2: no iterations at all, or more than 2^31 - 1.
    BadCost,
    /// scrypt: the working memory would exceed the caller's limit.
    TooMuchMemory,
    /// No output bytes asked for, or more than 2^31 - 1; a password or salt of more than 2^31 - 1 bytes.
    BadLength,
};

/// Costs of scrypt, by the letters of RFC 7914.
struct ScryptCost {
    /// CPU and memory cost N; a power of two above 1. Keystore files mostly carry 2^18 (or 2^12, "light").
    std::uint64_t n = 0;
    /// Block size r; 8 in practice.
    std::uint32_t r = 0;
    /// Parallelisation p; 1 (or 6, "light") in practice.
    std::uint32_t p = 0;
};

/// Most working memory scrypt may take unless the caller says otherwise: four times what the common keystore setting (n = 2^18, r = 8) needs, so that a
/// hostile key file cannot exhaust the machine. In bytes.
inline constexpr std::uint64_t kScryptMemoryMax = std::uint64_t{1} << 30;

/// scrypt (RFC 7914) filling all of `out`. On an error `out` is left as it was. Throws SystemError when OpenSSL fails
/// for another reason (memory). Any thread; takes from milliseconds to seconds.
/// @param memory_max  most bytes of working memory: 128 r (n + p + 2)
[[nodiscard]] Result<void, KdfError> scrypt(ByteView password, ByteView salt, const ScryptCost& cost,
                                            std::span<std::uint8_t> out, std::uint64_t memory_max = kScryptMemoryMax);

/// PBKDF2 with HMAC-SHA256 (RFC 8018) filling all of `out`. Errors and exceptions as for scrypt. Any thread.
[[nodiscard]] Result<void, KdfError> pbkdf2_hmac_sha256(ByteView password, ByteView salt, std::uint64_t iterations,
                                                        std::span<std::uint8_t> out);

/// PBKDF2 with HMAC-SHA512, as BIP 39 derives a seed. Errors and exceptions as for scrypt. Any thread.
[[nodiscard]] Result<void, KdfError> pbkdf2_hmac_sha512(ByteView password, ByteView salt, std::uint64_t iterations,
                                                        std::span<std::uint8_t> out);

}  // namespace cairn
