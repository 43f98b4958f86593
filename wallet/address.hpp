// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/expected.hpp"
#include "core/types/ids.hpp"

namespace cairn::wallet {

/// Why a text is no address.
enum class AddressError : std::uint8_t {
    Length,    ///< not 40 hex digits after an optional 0x
    Digit,     ///< a character that is no hex digit
    Checksum,  ///< digits of both cases, and the cases are not those of EIP-55
};

/// One sentence without a full stop.
[[nodiscard]] std::string_view to_string(AddressError error) noexcept;

/// 0x and 40 hex digits whose cases are the checksum of EIP-55.
[[nodiscard]] std::string to_checksum(const Address& address);

/// Reads 40 hex digits with or without 0x. All lower or all upper case carries no checksum and is
/// taken; a mixed text must carry the right one (EIP-55).
[[nodiscard]] Result<Address, AddressError> parse_address(std::string_view text);

}  // namespace cairn::wallet
