// SPDX-License-Identifier: MIT
#include "rpc/http/plain_post.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace cairn::rpc {
namespace {

/// Header fields at most; more are a case for the general parser.
constexpr std::size_t kHeadBytesMax = 2048;

/// Fields that ask for nothing that a server must do.
constexpr std::array<std::string_view, 11> kIdleFields{
    "accept",        "accept-encoding", "accept-language", "cache-control",
    "connection",    "keep-alive",      "pragma",          "sec-fetch-dest",
    "sec-fetch-mode", "sec-fetch-site", "user-agent"};

/// ASCII alone: field names are.
constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

/// @param name  in lower case
bool is_same(std::string_view text, std::string_view name) noexcept {
    return text.size() == name.size() &&
           std::equal(text.begin(), text.end(), name.begin(),
                      [](char a, char b) { return lower(a) == b; });
}

std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

bool is_printable(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= 0x20 && c < 0x7f) || c == '\t'; });
}

/// What the fields say, while they are read.
struct Fields {
    std::string_view host;
    std::optional<std::size_t> length;
    bool has_host = false;
    bool has_type = false;
};

/// One line of the header into its place; false where the general parser must look at it.
bool take_field(std::string_view line, Fields& fields) noexcept {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !is_printable(line)) return false;
    const auto name = line.substr(0, colon);
    const auto value = trimmed(line.substr(colon + 1));
    if (is_same(name, "host")) {
        if (fields.has_host) return false;
        fields.has_host = true;
        fields.host = value;
        return true;
    }
    if (is_same(name, "content-type")) {
        if (fields.has_type || value != "application/json") return false;
        fields.has_type = true;
        return true;
    }
    if (is_same(name, "content-length")) {
        std::size_t length = 0;
        const auto [end, error] =
            std::from_chars(value.data(), value.data() + value.size(), length);
        if (fields.length || error != std::errc{} || end != value.data() + value.size())
            return false;
        fields.length = length;
        return true;
    }
    if (is_same(name, "connection") && !is_same(value, "keep-alive")) return false;
    return std::any_of(kIdleFields.begin(), kIdleFields.end(),
                       [&](std::string_view idle) { return is_same(name, idle); });
}

}  // namespace

std::optional<PlainPost> scan_plain_post(std::string_view bytes, std::size_t body_max) noexcept {
    constexpr std::string_view kStart = "POST / HTTP/1.1\r\n";
    if (!bytes.starts_with(kStart)) return std::nullopt;
    const auto head = bytes.substr(0, kHeadBytesMax);
    Fields fields;
    auto at = kStart.size();
    for (;;) {
        const auto end = head.find("\r\n", at);
        if (end == std::string_view::npos) return std::nullopt;
        const auto line = head.substr(at, end - at);
        at = end + 2;
        if (line.empty()) break;
        if (!take_field(line, fields)) return std::nullopt;
    }
    if (!fields.has_host || !fields.has_type || !fields.length) return std::nullopt;
    if (*fields.length > body_max || *fields.length > bytes.size() - at) return std::nullopt;
    return PlainPost{fields.host, bytes.substr(at, *fields.length), at + *fields.length};
}

std::string plain_response_head(std::size_t body_bytes, bool varies) {
    std::string out = "HTTP/1.1 200 OK\r\nContent-Type: application/json";
    if (varies) out += "\r\nVary: Origin";
    out += "\r\nContent-Length: ";
    out += std::to_string(body_bytes);
    out += "\r\n\r\n";
    return out;
}

}  // namespace cairn::rpc
