// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

#include "core/base/bytes.hpp"
#include "wallet/secret_text.hpp"

namespace cairn::wallet {

/// Longest text that is decoded, in characters: an extended key has 111 or 112.
inline constexpr std::size_t kBase58CharsMax = 128;

/// Base58 of `payload` followed by the first four bytes of its double SHA-256 (Base58Check as
/// BIP-32 uses it). A SecretText, since what is written so may be a private key.
[[nodiscard]] SecretText encode_base58check(ByteView payload);

/// The payload of such a text; nothing for a foreign character, a wrong checksum, fewer than four
/// bytes or more than kBase58CharsMax characters.
[[nodiscard]] std::optional<SecretText> decode_base58check(std::string_view text);

}  // namespace cairn::wallet
