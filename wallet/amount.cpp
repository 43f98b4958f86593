// SPDX-License-Identifier: MIT
#include "wallet/amount.hpp"

#include <optional>

#include "core/math/checked.hpp"

namespace cairn::wallet {
namespace {

constexpr unsigned kCoinDecimals = 18;
constexpr unsigned kGweiDecimals = 9;

Uint256 power_of_ten(unsigned n) {
    Uint256 out{1};
    for (unsigned i = 0; i < n; ++i) out *= Uint256{10};
    return out;
}

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// number := number * 10 + digit; nothing past 2^256-1.
std::optional<Uint256> append_digit(const Uint256& number, unsigned digit) {
    const auto shifted = checked_mul(number, Uint256{10});
    return shifted ? checked_add(*shifted, Uint256{digit}) : std::nullopt;
}

}  // namespace

std::string_view to_string(AmountError error) noexcept {
    switch (error) {
        case AmountError::Syntax:
            return "an amount is a number with its unit, like 1.5coin";
        case AmountError::MissingUnit:
            return "the unit is missing: write 1.5coin, 20gwei or 7wei";
        case AmountError::UnknownUnit:
            return "units are wei, kwei, mwei, gwei and coin";
        case AmountError::TooFine:
            return "the fraction is finer than one wei";
        case AmountError::TooLarge:
            return "the amount exceeds 2^256 - 1 wei";
    }
    return "unknown";
}

int unit_decimals(std::string_view unit) noexcept {
    if (unit == "wei") return 0;
    if (unit == "kwei") return 3;
    if (unit == "mwei") return 6;
    if (unit == "gwei") return static_cast<int>(kGweiDecimals);
    if (unit == "coin" || unit == "ether" || unit == "eth") return static_cast<int>(kCoinDecimals);
    return -1;
}

Result<Uint256, AmountError> parse_decimal(std::string_view text, unsigned decimals) {
    const auto point = text.find('.');
    const auto whole = text.substr(0, point);
    auto fraction = point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
    if (whole.empty() || (point != std::string_view::npos && fraction.empty()))
        return Unexpected{AmountError::Syntax};
    for (const auto part : {whole, fraction})
        for (const char c : part)
            if (!is_digit(c)) return Unexpected{AmountError::Syntax};
    while (!fraction.empty() && fraction.back() == '0') fraction.remove_suffix(1);
    if (fraction.size() > decimals) return Unexpected{AmountError::TooFine};

    Uint256 number;
    const auto take = [&number](unsigned digit) {
        const auto next = append_digit(number, digit);
        if (next) number = *next;
        return next.has_value();
    };
    for (const auto part : {whole, fraction})
        for (const char c : part)
            if (!take(static_cast<unsigned>(c - '0'))) return Unexpected{AmountError::TooLarge};
    for (std::size_t i = fraction.size(); i < decimals; ++i)
        if (!take(0)) return Unexpected{AmountError::TooLarge};
    return number;
}

Result<Wei, AmountError> parse_amount(std::string_view text) {
    std::size_t end = 0;
    while (end < text.size() && (is_digit(text[end]) || text[end] == '.')) ++end;
    const auto number = text.substr(0, end);
    auto unit = text.substr(end);
    while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
    if (number.empty()) return Unexpected{AmountError::Syntax};
    if (unit.empty()) {
        const auto value = parse_decimal(number, kCoinDecimals);
        if (value && value->is_zero()) return Wei{};
        return Unexpected{value ? AmountError::MissingUnit : value.error()};
    }
    const int decimals = unit_decimals(unit);
    if (decimals < 0) return Unexpected{AmountError::UnknownUnit};
    return parse_decimal(number, static_cast<unsigned>(decimals));
}

std::string format_decimal(const Uint256& value, unsigned decimals) {
    std::string digits = to_decimal(value);
    if (decimals == 0) return digits;
    if (digits.size() <= decimals) digits.insert(0, decimals + 1 - digits.size(), '0');
    std::string fraction = digits.substr(digits.size() - decimals);
    digits.resize(digits.size() - decimals);
    while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
    return fraction.empty() ? digits : digits + '.' + fraction;
}

std::string format_amount(const Wei& amount) {
    if (amount.is_zero()) return "0 coin";
    if (amount >= power_of_ten(12)) return format_decimal(amount, kCoinDecimals) + " coin";
    if (amount >= power_of_ten(6)) return format_decimal(amount, kGweiDecimals) + " gwei";
    return to_decimal(amount) + " wei";
}

}  // namespace cairn::wallet
