// SPDX-License-Identifier: MIT
#include "core/crypto/kdf.hpp"

#include <openssl/evp.h>

#include <bit>
#include <limits>

#include "core/base/system_error.hpp"

namespace cairn {
namespace {

constexpr std::size_t kIntMax = std::numeric_limits<int>::max();

/// OpenSSL takes an empty text only with an address.
const std::uint8_t* address(ByteView view) noexcept {
    static constexpr std::uint8_t kNothing = 0;
    return view.empty() ? &kNothing : view.data();
}

bool lengths_fit(ByteView password, ByteView salt, std::span<std::uint8_t> out) noexcept {
    return !out.empty() && out.size() <= kIntMax && password.size() <= kIntMax && salt.size() <= kIntMax;
}

Result<void, KdfError> pbkdf2(const EVP_MD* digest, ByteView password, ByteView salt, std::uint64_t iterations,
                              std::span<std::uint8_t> out) {
    if (!lengths_fit(password, salt, out)) return Unexpected{KdfError::BadLength};
    if (iterations == 0 || iterations > kIntMax) return Unexpected{KdfError::BadCost};
    const int ok = PKCS5_PBKDF2_HMAC(reinterpret_cast<const char*>(address(password)), static_cast<int>(password.size()),
                                     address(salt), static_cast<int>(salt.size()), static_cast<int>(iterations), digest,
                                     static_cast<int>(out.size()), out.data());
    if (ok != 1) throw SystemError{"OpenSSL: PBKDF2 failed"};
    return {};
}

}  // namespace

Result<void, KdfError> scrypt(ByteView password, ByteView salt, const ScryptCost& cost, std::span<std::uint8_t> out,
                              std::uint64_t memory_max) {
    if (!lengths_fit(password, salt, out)) return Unexpected{KdfError::BadLength};
    if (cost.n < 2 || !std::has_single_bit(cost.n) || cost.r == 0 || cost.p == 0 ||
        std::uint64_t{cost.r} * cost.p >= (std::uint64_t{1} << 30))
        return Unexpected{KdfError::BadCost};
    // B takes 128 r p bytes; V, X and T take 128 r (n + 2). The first comparison keeps the sum from wrapping.
    const std::uint64_t per_block = std::uint64_t{128} * cost.r;
    if (cost.n > memory_max || cost.n + 2 + cost.p > memory_max / per_block)
        return Unexpected{KdfError::TooMuchMemory};
    const int ok = EVP_PBE_scrypt(reinterpret_cast<const char*>(address(password)), password.size(), address(salt),
                                  salt.size(), cost.n, cost.r, cost.p, memory_max, out.data(), out.size());
    if (ok != 1) throw SystemError{"OpenSSL: scrypt failed"};
    return {};
}

Result<void, KdfError> pbkdf2_hmac_sha256(ByteView password, ByteView salt, std::uint64_t iterations,
                                          std::span<std::uint8_t> out) {
    return pbkdf2(EVP_sha256(), password, salt, iterations, out);
}

Result<void, KdfError> pbkdf2_hmac_sha512(ByteView password, ByteView salt, std::uint64_t iterations,
                                          std::span<std::uint8_t> out) {
    return pbkdf2(EVP_sha512(), password, salt, iterations, out);
}

}  // namespace cairn
