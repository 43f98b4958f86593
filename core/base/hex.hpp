// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/fixed_bytes.hpp"

namespace cairn {

/// Lower-case hex digits, two per byte, without prefix.
[[nodiscard]] std::string to_hex(ByteView bytes);

/// Lower-case hex digits with the prefix `0x`.
[[nodiscard]] std::string to_hex0x(ByteView bytes);

/// Bytes from hex digits of either case, with or without `0x`; nothing for an odd count or a foreign character.
[[nodiscard]] std::optional<Bytes> from_hex(std::string_view text);

/// Exactly N bytes from hex; nothing for any other length or malformed text.
template <class Fixed>
[[nodiscard]] std::optional<Fixed> fixed_from_hex(std::string_view text) {
    const auto bytes = from_hex(text);
    if (!bytes || bytes->size() != Fixed::kSize) return std::nullopt;
    return Fixed::from(*bytes);
}

}  // namespace cairn
