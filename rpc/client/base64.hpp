// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cairn::rpc {

/// Base64 with padding (RFC 4648, section 4), as `Authorization: Basic` has it.
[[nodiscard]] std::string to_base64(std::string_view bytes);

/// The bytes of Base64 text; padding may be left out. Nothing for a foreign character, an
/// impossible length, or bits set beyond the last byte.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

/// Base64url without padding (RFC 4648, section 5), as JSON Web Tokens have it (RFC 7515).
[[nodiscard]] std::string to_base64url(std::string_view bytes);

/// The bytes of Base64url text; as from_base64.
[[nodiscard]] std::optional<std::string> from_base64url(std::string_view text);

}  // namespace cairn::rpc
