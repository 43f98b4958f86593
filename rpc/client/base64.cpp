// SPDX-License-Identifier: MIT
#include "rpc/client/base64.hpp"

#include <cstdint>

namespace cairn::rpc {
namespace {

constexpr std::string_view kPlain =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrl =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string encode(std::string_view bytes, std::string_view alphabet) {
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char c : bytes) {
        bits = bits << 8 | static_cast<unsigned char>(c);
        count += 8;
        while (count >= 6) {
            count -= 6;
            out += alphabet[bits >> count & 63];
        }
    }
    if (count > 0) out += alphabet[bits << (6 - count) & 63];
    return out;
}

std::optional<std::string> decode(std::string_view text, std::string_view alphabet) {
    for (unsigned padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
    if (text.size() % 4 == 1) return std::nullopt;
    std::string out;
    out.reserve(text.size() * 3 / 4);
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char c : text) {
        const auto value = alphabet.find(c);
        if (value == std::string_view::npos) return std::nullopt;
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        count += 6;
        if (count >= 8) {
            count -= 8;
            out += static_cast<char>(bits >> count & 0xff);
        }
    }
    if ((bits & ((1U << count) - 1)) != 0) return std::nullopt;
    return out;
}

}  // namespace

std::string to_base64(std::string_view bytes) {
    auto out = encode(bytes, kPlain);
    while (out.size() % 4 != 0) out += '=';
    return out;
}
std::optional<std::string> from_base64(std::string_view text) {
    return decode(text, kPlain);
}
std::string to_base64url(std::string_view bytes) {
    return encode(bytes, kUrl);
}
std::optional<std::string> from_base64url(std::string_view text) {
    return decode(text, kUrl);
}

}  // namespace cairn::rpc
