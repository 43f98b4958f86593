// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "core/base/bytes.hpp"

struct evp_cipher_ctx_st;

namespace cairn {

/// Bytes of an AES block, and of a counter-mode initial value.
inline constexpr std::size_t kAesBlockBytes = 16;
using AesBlock = std::array<std::uint8_t, kAesBlockBytes>;

namespace detail {
struct CipherContextFree {
    void operator()(evp_cipher_ctx_st* context) const noexcept;
};
}  // namespace detail

/// AES in counter mode (NIST SP 800-38A, section 6.5): a stream cipher, the same operation both ways. The counter is
/// the whole block, big-endian, and goes on across calls: AES-128 for keystore files, AES-256 for RLPx frames.
/// One thread at a time. OpenSSL wipes the key schedule on destruction.
class AesCtr {
  public:
    /// @param key      16 bytes (AES-128) or 32 (AES-256); any other length is our own mistake (asserted)
    /// @param counter  the first counter block
    /// Throws SystemError when OpenSSL fails.
    AesCtr(ByteView key, const AesBlock& counter);

    /// XORs the next key stream bytes over `in` into `out` of the same length (asserted). `in` and `out` may be the same
    /// bytes but must not overlap otherwise.
    void apply(ByteView in, std::span<std::uint8_t> out);

  private:
    std::unique_ptr<evp_cipher_ctx_st, detail::CipherContextFree> context_;
};

/// The bare block cipher (electronic codebook), encryption only: RLPx derives its MACs with AES-256 of one block.
/// One thread at a time.
class AesEcb {
  public:
    /// @param key  16 or 32 bytes (asserted). Throws SystemError when OpenSSL fails.
    explicit AesEcb(ByteView key);

    /// The block encrypted.
    [[nodiscard]] AesBlock encrypt(const AesBlock& block);

  private:
    std::unique_ptr<evp_cipher_ctx_st, detail::CipherContextFree> context_;
};

}  // namespace cairn
