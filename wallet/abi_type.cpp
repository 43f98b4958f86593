// SPDX-License-Identifier: MIT
#include "wallet/abi_type.hpp"

#include <algorithm>

namespace cairn::wallet {
namespace {

using Params = std::vector<AbiParam>;

bool is_word(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$';
}

void skip_spaces(std::string_view& text) noexcept {
    while (!text.empty() && (text[0] == ' ' || text[0] == '\t' || text[0] == '\n'))
        text.remove_prefix(1);
}

std::string_view take_word(std::string_view& text) noexcept {
    std::size_t end = 0;
    while (end < text.size() && is_word(text[end])) ++end;
    const auto word = text.substr(0, end);
    text.remove_prefix(end);
    return word;
}

bool take_char(std::string_view& text, char c) noexcept {
    if (text.empty() || text[0] != c) return false;
    text.remove_prefix(1);
    return true;
}

/// A decimal number without leading zeros below 10^6; nothing for anything else.
std::optional<std::size_t> parse_count(std::string_view digits) noexcept {
    if (digits.empty() || digits.size() > 6 || (digits[0] == '0' && digits.size() > 1))
        return std::nullopt;
    std::size_t out = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9') return std::nullopt;
        out = out * 10 + static_cast<std::size_t>(c - '0');
    }
    return out;
}

AbiType simple(AbiKind kind, std::size_t size = 0, unsigned decimals = 0) {
    return {kind, size, decimals, {}, {}};
}

Result<AbiType, AbiTypeError> integer(AbiKind kind, std::string_view width) {
    if (width.empty()) return simple(kind, 256);
    const auto bits = parse_count(width);
    if (!bits || *bits == 0 || *bits > 256 || *bits % 8 != 0)
        return Unexpected{AbiTypeError::Width};
    return simple(kind, *bits);
}

/// "fixed" is fixed128x18.
Result<AbiType, AbiTypeError> fixed_point(AbiKind kind, std::string_view width) {
    if (width.empty()) return simple(kind, 128, 18);
    const auto cross = width.find('x');
    if (cross == std::string_view::npos) return Unexpected{AbiTypeError::Width};
    const auto bits = parse_count(width.substr(0, cross));
    const auto decimals = parse_count(width.substr(cross + 1));
    if (!bits || *bits == 0 || *bits > 256 || *bits % 8 != 0 || !decimals || *decimals == 0 ||
        *decimals > 80)
        return Unexpected{AbiTypeError::Width};
    return simple(kind, *bits, static_cast<unsigned>(*decimals));
}

Result<AbiType, AbiTypeError> named_type(std::string_view name) {
    if (name == "address") return simple(AbiKind::Address);
    if (name == "bool") return simple(AbiKind::Bool);
    if (name == "string") return simple(AbiKind::String);
    if (name == "bytes") return simple(AbiKind::Bytes);
    if (name == "function") return simple(AbiKind::Function);
    if (name == "byte") return simple(AbiKind::FixedBytes, 1);
    if (name.starts_with("bytes")) {
        const auto size = parse_count(name.substr(5));
        if (!size || *size == 0 || *size > 32) return Unexpected{AbiTypeError::Width};
        return simple(AbiKind::FixedBytes, *size);
    }
    if (name.starts_with("uint")) return integer(AbiKind::Uint, name.substr(4));
    if (name.starts_with("int")) return integer(AbiKind::Int, name.substr(3));
    if (name.starts_with("ufixed")) return fixed_point(AbiKind::Ufixed, name.substr(6));
    if (name.starts_with("fixed")) return fixed_point(AbiKind::Fixed, name.substr(5));
    return Unexpected{AbiTypeError::Unknown};
}

Result<Params, AbiTypeError> take_params(std::string_view& text, std::size_t depth);

/// "[]" and "[k]" after a type.
Result<AbiType, AbiTypeError> take_dimensions(AbiType type, std::string_view& text,
                                              std::size_t depth) {
    while (take_char(text, '[')) {
        if (++depth > kAbiDepthMax) return Unexpected{AbiTypeError::TooDeep};
        const auto count_text = take_word(text);
        if (!take_char(text, ']')) return Unexpected{AbiTypeError::Syntax};
        AbiType array = simple(AbiKind::Array);
        if (!count_text.empty()) {
            const auto count = parse_count(count_text);
            if (!count) return Unexpected{AbiTypeError::Syntax};
            if (*count == 0) return Unexpected{AbiTypeError::Empty};
            if (*count > kAbiStaticWordsMax / head_words(type))
                return Unexpected{AbiTypeError::TooLarge};
            array = simple(AbiKind::FixedArray, *count);
        }
        array.parts.push_back(std::move(type));
        type = std::move(array);
    }
    return type;
}

/// Levels of arrays and tuples in a type.
std::size_t depth_of(const AbiType& type) noexcept {
    std::size_t deepest = 0;
    for (const auto& part : type.parts) deepest = std::max(deepest, depth_of(part));
    return type.parts.empty() ? 0 : deepest + 1;
}

Result<AbiType, AbiTypeError> take_type(std::string_view& text, std::size_t depth) {
    const auto name = take_word(text);
    if ((name.empty() || name == "tuple") && text.starts_with('(')) {
        if (depth == kAbiDepthMax) return Unexpected{AbiTypeError::TooDeep};
        const auto params = take_params(text, depth + 1);
        if (!params) return Unexpected{params.error()};
        if (params->empty()) return Unexpected{AbiTypeError::Empty};
        auto tuple = tuple_of(*params);
        const std::size_t inner = depth_of(tuple);
        return take_dimensions(std::move(tuple), text, depth + inner);
    }
    if (name.empty()) return Unexpected{AbiTypeError::Syntax};
    auto type = named_type(name);
    if (!type) return type;
    return take_dimensions(std::move(*type), text, depth);
}

Result<AbiParam, AbiTypeError> take_param(std::string_view& text, std::size_t depth) {
    skip_spaces(text);
    auto type = take_type(text, depth);
    if (!type) return Unexpected{type.error()};
    AbiParam out{std::move(*type), {}, false};
    for (;;) {
        skip_spaces(text);
        const auto word = take_word(text);
        if (word.empty()) return out;
        if (!out.name.empty()) return Unexpected{AbiTypeError::Syntax};
        if (word == "indexed")
            out.is_indexed = true;
        else if (word != "memory" && word != "calldata" && word != "storage" && word != "payable")
            out.name = word;
    }
}

Result<Params, AbiTypeError> take_params(std::string_view& text, std::size_t depth) {
    skip_spaces(text);
    if (!take_char(text, '(')) return Unexpected{AbiTypeError::Syntax};
    Params out;
    skip_spaces(text);
    if (take_char(text, ')')) return out;
    std::size_t words = 0;
    for (;;) {
        auto param = take_param(text, depth);
        if (!param) return Unexpected{param.error()};
        words += head_words(param->type);
        if (out.size() == kAbiPartsMax || words > kAbiStaticWordsMax)
            return Unexpected{AbiTypeError::TooLarge};
        out.push_back(std::move(*param));
        if (take_char(text, ')')) return out;
        if (!take_char(text, ',')) return Unexpected{AbiTypeError::Syntax};
    }
}

}  // namespace

std::string_view to_string(AbiTypeError error) noexcept {
    switch (error) {
        case AbiTypeError::Syntax:
            return "malformed; types read like (address to,uint256[])";
        case AbiTypeError::Unknown:
            return "no type of that name";
        case AbiTypeError::Width:
            return "no type of that width";
        case AbiTypeError::Empty:
            return "arrays of length 0 and empty tuples are no types";
        case AbiTypeError::TooDeep:
            return "types are nested at most 16 levels deep";
        case AbiTypeError::TooLarge:
            return "too many parameters, or too large a type";
    }
    return "unknown";
}

Result<AbiType, AbiTypeError> parse_abi_type(std::string_view text) {
    skip_spaces(text);
    auto type = take_type(text, 0);
    skip_spaces(text);
    if (type && !text.empty()) return Unexpected{AbiTypeError::Syntax};
    return type;
}

Result<AbiParam, AbiTypeError> parse_abi_param(std::string_view text) {
    auto param = take_param(text, 0);
    skip_spaces(text);
    if (param && !text.empty()) return Unexpected{AbiTypeError::Syntax};
    return param;
}

Result<Params, AbiTypeError> take_abi_params(std::string_view& text) {
    auto params = take_params(text, 0);
    skip_spaces(text);
    return params;
}

std::string canonical_name(const AbiType& type) {
    const auto bits = [&type] { return std::to_string(type.size); };
    switch (type.kind) {
        case AbiKind::Uint:
            return "uint" + bits();
        case AbiKind::Int:
            return "int" + bits();
        case AbiKind::Ufixed:
            return "ufixed" + bits() + 'x' + std::to_string(type.decimals);
        case AbiKind::Fixed:
            return "fixed" + bits() + 'x' + std::to_string(type.decimals);
        case AbiKind::Address:
            return "address";
        case AbiKind::Bool:
            return "bool";
        case AbiKind::FixedBytes:
            return "bytes" + bits();
        case AbiKind::Function:
            return "function";
        case AbiKind::Bytes:
            return "bytes";
        case AbiKind::String:
            return "string";
        case AbiKind::Array:
            return canonical_name(type.parts[0]) + "[]";
        case AbiKind::FixedArray:
            return canonical_name(type.parts[0]) + '[' + bits() + ']';
        case AbiKind::Tuple:
            break;
    }
    std::string out{"("};
    for (const auto& part : type.parts) {
        if (out.size() > 1) out += ',';
        out += canonical_name(part);
    }
    return out + ')';
}

std::string canonical_signature(std::string_view name, const Params& params) {
    return std::string{name} + canonical_name(tuple_of(params));
}

bool is_dynamic(const AbiType& type) noexcept {
    switch (type.kind) {
        case AbiKind::Bytes:
        case AbiKind::String:
        case AbiKind::Array:
            return true;
        case AbiKind::FixedArray:
        case AbiKind::Tuple:
            return std::any_of(type.parts.begin(), type.parts.end(), is_dynamic);
        default:
            return false;
    }
}

std::size_t head_words(const AbiType& type) noexcept {
    if (is_dynamic(type)) return 1;
    if (type.kind == AbiKind::FixedArray) return type.size * head_words(type.parts[0]);
    if (type.kind != AbiKind::Tuple) return 1;
    std::size_t words = 0;
    for (const auto& part : type.parts) words += head_words(part);
    return words;
}

AbiType tuple_of(const Params& params) {
    AbiType out = simple(AbiKind::Tuple);
    for (const auto& param : params) {
        out.parts.push_back(param.type);
        out.names.push_back(param.name);
    }
    return out;
}

}  // namespace cairn::wallet
