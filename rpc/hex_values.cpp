// SPDX-License-Identifier: MIT
#include "rpc/hex_values.hpp"

#include <optional>

#include "core/base/hex.hpp"

namespace cairn::rpc {
namespace {

/// The digits behind the prefix.
Result<std::string_view, HexFault> digits_of(std::string_view text) {
    if (text.empty()) return Unexpected{HexFault::Empty};
    if (!text.starts_with("0x") && !text.starts_with("0X")) return Unexpected{HexFault::NoPrefix};
    return text.substr(2);
}

int digit_of(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// A number of at most `digits_max` digits.
Result<Uint256, HexFault> decode_number(std::string_view text, std::size_t digits_max,
                                        HexFault too_big) {
    const auto digits = digits_of(text);
    if (!digits) return Unexpected{digits.error()};
    if (digits->empty()) return Unexpected{HexFault::NoDigits};
    if (digits->size() > 1 && digits->front() == '0') return Unexpected{HexFault::LeadingZeros};
    if (digits->size() > digits_max) return Unexpected{too_big};
    Uint256 value;
    for (const char c : *digits) {
        const int digit = digit_of(c);
        if (digit < 0) return Unexpected{HexFault::Foreign};
        value = (value << 4) | Uint256{static_cast<std::uint64_t>(digit)};
    }
    return value;
}

}  // namespace

std::string_view to_string(HexFault fault) noexcept {
    switch (fault) {
        case HexFault::Empty:
            return "empty hex string";
        case HexFault::NoPrefix:
            return "hex string without 0x prefix";
        case HexFault::NoDigits:
            return "hex string \"0x\"";
        case HexFault::LeadingZeros:
            return "hex number with leading zero digits";
        case HexFault::Foreign:
            return "invalid hex string";
        case HexFault::OddLength:
            return "hex string of odd length";
        case HexFault::Above64Bits:
            return "hex number > 64 bits";
        case HexFault::Above256Bits:
            return "hex number > 256 bits";
    }
    return {};
}

Result<std::uint64_t, HexFault> decode_quantity64(std::string_view text) {
    const auto number = decode_number(text, 16, HexFault::Above64Bits);
    if (!number) return Unexpected{number.error()};
    return number->low64();
}

Result<Uint256, HexFault> decode_quantity256(std::string_view text) {
    return decode_number(text, 64, HexFault::Above256Bits);
}

Result<Bytes, HexFault> decode_data(std::string_view text) {
    const auto digits = digits_of(text);
    if (!digits) return Unexpected{digits.error()};
    if (digits->size() % 2 != 0) return Unexpected{HexFault::OddLength};
    Bytes out(digits->size() / 2);
    for (std::size_t i = 0; i < out.size(); ++i) {
        const int high = digit_of((*digits)[2 * i]);
        const int low = digit_of((*digits)[2 * i + 1]);
        if (high < 0 || low < 0) return Unexpected{HexFault::Foreign};
        out[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    return out;
}

Result<StorageKey, std::string> decode_storage_key(std::string_view text) {
    auto digits = text;
    if (digits.starts_with("0x") || digits.starts_with("0X")) digits.remove_prefix(2);
    const auto quoted = "\"" + std::string{text} + "\"";
    Uint256 value;
    // geth tells the length of what is too long before it looks at the digits.
    if (digits.size() > 64)
        return Unexpected{"storage key too long (want at most 32 bytes): " + quoted};
    for (const char c : digits) {
        const int digit = digit_of(c);
        if (digit < 0) return Unexpected{"invalid hex in storage key: " + quoted};
        value = (value << 4) | Uint256{static_cast<std::uint64_t>(digit)};
    }
    return StorageKey{value, digits.size() >= 63};
}

}  // namespace cairn::rpc
