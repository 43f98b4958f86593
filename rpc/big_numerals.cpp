// SPDX-License-Identifier: MIT
#include "rpc/big_numerals.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <nlohmann/json.hpp>

namespace cairn::rpc {
namespace {

using Json = nlohmann::json;

/// Before a marked numeral, as the string's value has it; in JSON text it must be escaped.
constexpr char kMark = '\0';
constexpr std::string_view kEscapedMark = "\\u0000";

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Moves past digits; whether there was one.
bool take_digits(std::string_view& text) noexcept {
    const auto before = text.size();
    while (!text.empty() && is_digit(text.front())) text.remove_prefix(1);
    return text.size() != before;
}

bool take(std::string_view& text, std::string_view one_of) noexcept {
    if (text.empty() || one_of.find(text.front()) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
}

/// Whether it is a number as RFC 8259, section 6, spells them.
bool is_numeral(std::string_view text) noexcept {
    (void)take(text, "-");
    if (!take(text, "0") && !take_digits(text)) return false;
    if (take(text, ".") && !take_digits(text)) return false;
    if (take(text, "eE")) {
        (void)take(text, "+-");
        if (!take_digits(text)) return false;
    }
    return text.empty();
}

/// Whether it is a number that rounds to infinity.
bool is_big_numeral(std::string_view text) {
    // Shorter ones without an exponent are below 1e308.
    constexpr std::size_t kPlainDigitsMax = 308;
    if (text.size() <= kPlainDigitsMax && text.find_first_of("eE") == std::string_view::npos)
        return false;
    return is_numeral(text) && std::isinf(std::strtod(std::string{text}.c_str(), nullptr));
}

/// Where the string that begins at `at` ends: behind its closing quote, or at the text's end.
std::size_t end_of_string(std::string_view text, std::size_t at) noexcept {
    for (++at; at < text.size(); ++at) {
        if (text[at] == '\\') ++at;
        else if (text[at] == '"') return at + 1;
    }
    return text.size();
}

}  // namespace

std::optional<std::string> mark_big_numerals(std::string_view text) {
    std::string out;
    std::size_t copied = 0;
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == '"') {
            at = end_of_string(text, at);
            continue;
        }
        if (text[at] != '-' && !is_digit(text[at])) {
            ++at;
            continue;
        }
        const auto end = std::min(text.find_first_not_of("0123456789+-.eE", at), text.size());
        const auto numeral = text.substr(at, end - at);
        if (is_big_numeral(numeral)) {
            out += text.substr(copied, at - copied);
            out += '"';
            out += kEscapedMark;
            out += numeral;
            out += '"';
            copied = end;
        }
        at = end;
    }
    if (copied == 0) return std::nullopt;
    out += text.substr(copied);
    return out;
}

std::optional<std::string_view> marked_numeral(const Json& value) {
    if (!value.is_string()) return std::nullopt;
    const std::string_view text = value.get_ref<const std::string&>();
    if (!text.starts_with(kMark) || !is_big_numeral(text.substr(1))) return std::nullopt;
    return text.substr(1);
}

void settle_marks(Json& value) {
    if (value.is_structured()) {
        for (auto& each : value) settle_marks(each);
    } else if (const auto numeral = marked_numeral(value)) {
        constexpr auto kInfinity = std::numeric_limits<double>::infinity();
        value = numeral->starts_with('-') ? -kInfinity : kInfinity;
    }
}

}  // namespace cairn::rpc
