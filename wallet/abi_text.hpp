// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "core/base/expected.hpp"
#include "wallet/abi_type.hpp"
#include "wallet/abi_value.hpp"

namespace cairn::wallet {

/// Reads a value as a person types it.
///
/// Numbers: decimal, 0x hex, or with a unit ("1.5coin"); fixed-point ones with a fraction.
/// Booleans: true, false. Addresses: with their checksum checked. Bytes: 0x hex. Strings: as they
/// stand; inside arrays and tuples in double quotes where they hold commas, brackets or quotes (\"
/// \\ \n are escapes). Arrays: [1,2]; tuples: (1,"x"). Errors: all of AbiValueError.
[[nodiscard]] Result<AbiValue, AbiValueError> parse_abi_value(const AbiType& type,
                                                              std::string_view text);

/// The value as parse_abi_value reads it inside an array: strings in quotes, numbers in decimal,
/// addresses with their checksum. Bytes of a string that are no printable ASCII or UTF-8 lead or
/// follow bytes are written \xNN.
[[nodiscard]] std::string format_abi_value(const AbiType& type, const AbiValue& value);

}  // namespace cairn::wallet
