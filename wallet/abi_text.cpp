// SPDX-License-Identifier: MIT
#include "wallet/abi_text.hpp"

#include <optional>

#include "core/base/hex.hpp"
#include "wallet/address.hpp"
#include "wallet/amount.hpp"

namespace cairn::wallet {
namespace {

using Parsed = Result<AbiValue, AbiValueError>;

Unexpected<AbiValueError> fail(AbiValueError error) {
    return Unexpected{error};
}

std::string_view trim(std::string_view text) noexcept {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

/// 0 … 2^256-1 without a sign: decimal, hex, with a unit, or with the type's fraction.
Result<Uint256, AbiValueError> parse_magnitude(const AbiType& type, std::string_view text) {
    if (type.kind == AbiKind::Fixed || type.kind == AbiKind::Ufixed) {
        const auto number = parse_decimal(text, type.decimals);
        if (number) return *number;
        return fail(number.error() == AmountError::TooFine    ? AbiValueError::Decimals
                    : number.error() == AmountError::TooLarge ? AbiValueError::Range
                                                              : AbiValueError::Syntax);
    }
    if (const auto number = parse_uint256(text)) return *number;
    const auto amount = parse_amount(text);
    if (amount) return *amount;
    switch (amount.error()) {
        case AmountError::TooLarge:
            return fail(AbiValueError::Range);
        case AmountError::TooFine:
            return fail(AbiValueError::Decimals);
        // Digits alone that are no number are too large a number.
        case AmountError::MissingUnit:
            return fail(text.find('.') == std::string_view::npos ? AbiValueError::Range
                                                                 : AbiValueError::Syntax);
        default:
            return fail(AbiValueError::Syntax);
    }
}

bool is_signed(AbiKind kind) noexcept {
    return kind == AbiKind::Int || kind == AbiKind::Fixed;
}

Parsed parse_number(const AbiType& type, std::string_view text) {
    const bool negative = is_signed(type.kind) && text.starts_with('-');
    if (negative) text.remove_prefix(1);
    const auto magnitude = parse_magnitude(type, text);
    if (!magnitude) return fail(magnitude.error());
    // Bounds: 2^M - 1 unsigned; 2^(M-1) - 1 and -2^(M-1) signed.
    const std::size_t bits = is_signed(type.kind) ? type.size - 1 : type.size;
    const bool is_least = negative && *magnitude == (Uint256{1} << bits);
    if (magnitude->bit_width() > bits && !is_least) return fail(AbiValueError::Range);
    return AbiValue{negative ? -*magnitude : *magnitude, {}, {}};
}

Parsed parse_bool(std::string_view text) {
    if (text == "true") return AbiValue{Uint256{1}, {}, {}};
    if (text == "false") return AbiValue{};
    return fail(AbiValueError::Syntax);
}

Parsed parse_address_value(std::string_view text) {
    const auto address = parse_address(text);
    if (!address) return fail(AbiValueError::Address);
    return AbiValue{{}, to_bytes(*address), {}};
}

Parsed parse_hex_value(const AbiType& type, std::string_view text) {
    if (!text.starts_with("0x")) return fail(AbiValueError::Syntax);
    auto bytes = from_hex(text);
    if (!bytes) return fail(AbiValueError::Syntax);
    const std::size_t size = type.kind == AbiKind::Function ? 24 : type.size;
    if (type.kind != AbiKind::Bytes && bytes->size() != size) return fail(AbiValueError::Length);
    return AbiValue{{}, std::move(*bytes), {}};
}

/// A value that is no array or tuple, already without quotes and spaces around.
Parsed parse_single(const AbiType& type, std::string_view text) {
    switch (type.kind) {
        case AbiKind::Bool:
            return parse_bool(text);
        case AbiKind::Address:
            return parse_address_value(text);
        case AbiKind::FixedBytes:
        case AbiKind::Function:
        case AbiKind::Bytes:
            return parse_hex_value(type, text);
        case AbiKind::String:
            return AbiValue{{}, to_bytes(as_bytes(text)), {}};
        default:
            return parse_number(type, text);
    }
}

std::optional<std::string> take_quoted(std::string_view& text) {
    std::string out;
    for (std::size_t i = 1; i < text.size(); ++i) {
        char c = text[i];
        if (c == '"') {
            text.remove_prefix(i + 1);
            return out;
        }
        if (c == '\\') {
            if (++i == text.size()) return std::nullopt;
            c = text[i];
            if (c == 'n')
                c = '\n';
            else if (c != '"' && c != '\\')
                return std::nullopt;
        }
        out += c;
    }
    return std::nullopt;
}

bool is_sequence(const AbiType& type) noexcept {
    return type.kind == AbiKind::Array || type.kind == AbiKind::FixedArray ||
           type.kind == AbiKind::Tuple;
}

Parsed take_value(const AbiType& type, std::string_view& text);

/// "[a,b]" or "(a,b)". Depth is bounded by the type's.
Parsed take_sequence(const AbiType& type, std::string_view& text) {
    const char open = text.empty() ? '\0' : text[0];
    if (open != '[' && (open != '(' || type.kind != AbiKind::Tuple))
        return fail(AbiValueError::Syntax);
    const char close = open == '[' ? ']' : ')';
    text = trim(text.substr(1));
    AbiValue out;
    const bool is_empty = text.starts_with(close);
    if (is_empty) text.remove_prefix(1);
    while (!is_empty) {
        if (type.kind == AbiKind::Tuple && out.parts.size() == type.parts.size())
            return fail(AbiValueError::Count);
        const auto& part =
            type.kind == AbiKind::Tuple ? type.parts[out.parts.size()] : type.parts[0];
        auto value = take_value(part, text);
        if (!value) return value;
        out.parts.push_back(std::move(*value));
        text = trim(text);
        const char next = text.empty() ? '\0' : text[0];
        if (next != ',' && next != close) return fail(AbiValueError::Syntax);
        text = text.substr(1);
        if (next == close) break;
        text = trim(text);
    }
    const bool has_count = type.kind != AbiKind::Array;
    const std::size_t count = type.kind == AbiKind::Tuple ? type.parts.size() : type.size;
    if (has_count && out.parts.size() != count) return fail(AbiValueError::Count);
    return out;
}

/// An element: a sequence, a quoted text, or everything up to the next comma or bracket.
Parsed take_value(const AbiType& type, std::string_view& text) {
    if (is_sequence(type)) return take_sequence(type, text);
    if (text.starts_with('"')) {
        const auto quoted = take_quoted(text);
        if (!quoted) return fail(AbiValueError::Syntax);
        return parse_single(type, *quoted);
    }
    const auto bare = text.substr(0, text.find_first_of(",])"));
    text.remove_prefix(bare.size());
    return parse_single(type, trim(bare));
}

std::string quote(ByteView bytes) {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string out{"\""};
    for (const auto b : bytes) {
        const char c = static_cast<char>(b);
        if (c == '"' || c == '\\')
            out.append({'\\', c});
        else if (c == '\n')
            out += "\\n";
        else if (b < 0x20 || b == 0x7f)
            out.append({'\\', 'x', kDigits[b >> 4], kDigits[b & 15]});
        else
            out += c;
    }
    return out + '"';
}

std::string format_number(const AbiType& type, const Uint256& number) {
    const bool negative = is_signed(type.kind) && number.sign_bit();
    return (negative ? "-" : "") + format_decimal(negative ? -number : number, type.decimals);
}

}  // namespace

Result<AbiValue, AbiValueError> parse_abi_value(const AbiType& type, std::string_view text) {
    if (type.kind == AbiKind::String) return parse_single(type, text);
    text = trim(text);
    if (!is_sequence(type)) return parse_single(type, text);
    auto value = take_sequence(type, text);
    if (value && !trim(text).empty()) return fail(AbiValueError::Syntax);
    return value;
}

std::string format_abi_value(const AbiType& type, const AbiValue& value) {
    switch (type.kind) {
        case AbiKind::Bool:
            return value.number.is_zero() ? "false" : "true";
        case AbiKind::Address:
            return to_checksum(Address::from(value.bytes));
        case AbiKind::FixedBytes:
        case AbiKind::Function:
        case AbiKind::Bytes:
            return to_hex0x(value.bytes);
        case AbiKind::String:
            return quote(value.bytes);
        case AbiKind::Array:
        case AbiKind::FixedArray:
        case AbiKind::Tuple:
            break;
        default:
            return format_number(type, value.number);
    }
    const bool is_tuple = type.kind == AbiKind::Tuple;
    std::string out{is_tuple ? "(" : "["};
    for (std::size_t i = 0; i < value.parts.size(); ++i) {
        if (i != 0) out += ',';
        out += format_abi_value(type.parts[is_tuple ? i : 0], value.parts[i]);
    }
    return out + (is_tuple ? ')' : ']');
}

}  // namespace cairn::wallet
