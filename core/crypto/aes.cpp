// SPDX-License-Identifier: MIT
#include "core/crypto/aes.hpp"

#include <openssl/evp.h>

#include <algorithm>

#include "core/base/assert.hpp"
#include "core/base/system_error.hpp"

namespace cairn {
namespace {

/// OpenSSL counts bytes in an int; longer texts go through in pieces of this many bytes.
constexpr std::size_t kPieceBytesMax = std::size_t{1} << 30;

evp_cipher_ctx_st* make_context(const EVP_CIPHER* cipher, ByteView key, const std::uint8_t* counter) {
    EVP_CIPHER_CTX* const context = EVP_CIPHER_CTX_new();
    if (context == nullptr || EVP_EncryptInit_ex(context, cipher, nullptr, key.data(), counter) != 1 ||
        EVP_CIPHER_CTX_set_padding(context, 0) != 1) {
        EVP_CIPHER_CTX_free(context);
        throw SystemError{"OpenSSL: cannot prepare AES"};
    }
    return context;
}

bool is_key_length(ByteView key) noexcept { return key.size() == 16 || key.size() == 32; }

void update(evp_cipher_ctx_st* context, const std::uint8_t* in, std::size_t size, std::uint8_t* out) {
    int written = 0;
    if (EVP_EncryptUpdate(context, out, &written, in, static_cast<int>(size)) != 1 ||
        static_cast<std::size_t>(written) != size)
        throw SystemError{"OpenSSL: AES failed"};
}

}  // namespace

void detail::CipherContextFree::operator()(evp_cipher_ctx_st* context) const noexcept {
    EVP_CIPHER_CTX_free(context);
}

AesCtr::AesCtr(ByteView key, const AesBlock& counter) {
    CAIRN_ASSERT(is_key_length(key));
    context_.reset(make_context(key.size() == 16 ? EVP_aes_128_ctr() : EVP_aes_256_ctr(), key, counter.data()));
}

void AesCtr::apply(ByteView in, std::span<std::uint8_t> out) {
    CAIRN_ASSERT(in.size() == out.size());
    while (!in.empty()) {
        const std::size_t piece = std::min(in.size(), kPieceBytesMax);
        update(context_.get(), in.data(), piece, out.data());
        in = in.subspan(piece);
        out = out.subspan(piece);
    }
}

AesEcb::AesEcb(ByteView key) {
    CAIRN_ASSERT(is_key_length(key));
    context_.reset(make_context(key.size() == 16 ? EVP_aes_128_ecb() : EVP_aes_256_ecb(), key, nullptr));
}

AesBlock AesEcb::encrypt(const AesBlock& block) {
    AesBlock out;
    update(context_.get(), block.data(), block.size(), out.data());
    return out;
}

}  // namespace cairn
