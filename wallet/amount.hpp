// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/expected.hpp"
#include "core/types/units.hpp"

namespace cairn::wallet {

/// Why a text is no amount.
enum class AmountError : std::uint8_t {
    Syntax,       ///< not digits, an optional fraction and a unit
    MissingUnit,  ///< a number other than 0 without a unit
    UnknownUnit,  ///< not wei, kwei, mwei, gwei, coin, or ether and eth for coin
    TooFine,      ///< a fraction below one wei
    TooLarge,     ///< 2^256 wei or more
};

/// One sentence without a full stop.
[[nodiscard]] std::string_view to_string(AmountError error) noexcept;

/// Decimal places of a unit: "wei" 0, "kwei" 3, "mwei" 6, "gwei" 9, "coin" ("ether", "eth") 18; -1
/// for another name.
[[nodiscard]] int unit_decimals(std::string_view unit) noexcept;

/// A number with an optional fraction, times 10^decimals, exactly: "1.5" with 18 is 1.5·10^18.
/// Errors: Syntax, TooFine, TooLarge.
[[nodiscard]] Result<Uint256, AmountError> parse_decimal(std::string_view text, unsigned decimals);

/// An amount with its unit: "1.5coin", "20 gwei", "1wei"; "0" needs none. Exact; no floating point.
[[nodiscard]] Result<Wei, AmountError> parse_amount(std::string_view text);

/// value / 10^decimals with all its places and no trailing zeros: "1.5", "0.000000001".
[[nodiscard]] std::string format_decimal(const Uint256& value, unsigned decimals);

/// What a person reads: in coin from 10^-6 coin on, in gwei from 10^-3 gwei on, else in wei; exact.
/// "1.5 coin", "20 gwei", "7 wei".
[[nodiscard]] std::string format_amount(const Wei& amount);

}  // namespace cairn::wallet
