// SPDX-License-Identifier: MIT
#include "rpc/client/http_url.hpp"

#include <algorithm>
#include <charconv>

namespace cairn::rpc {
namespace {

std::optional<std::string> percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        unsigned byte = 0;
        if (text.size() - i < 3) return std::nullopt;
        const auto* digits = text.data() + i + 1;
        const auto [end, error] = std::from_chars(digits, digits + 2, byte, 16);
        if (error != std::errc{} || end != digits + 2) return std::nullopt;
        out += static_cast<char>(byte);
        i += 2;
    }
    return out;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
    return port;
}

/// `host[:port]` into the URL; false where it is neither.
bool take_authority(HttpUrl& url, std::string_view text) {
    std::string_view rest;
    if (text.starts_with('[')) {
        const auto close = text.find(']');
        if (close == std::string_view::npos) return false;
        url.host = text.substr(1, close - 1);
        rest = text.substr(close + 1);
    } else {
        const auto colon = text.find(':');
        url.host = text.substr(0, colon);
        rest = colon == std::string_view::npos ? std::string_view{} : text.substr(colon);
    }
    if (url.host.empty()) return false;
    if (rest.empty()) return true;
    if (rest.front() != ':') return false;
    const auto port = parse_port(rest.substr(1));
    if (!port) return false;
    url.port = *port;
    return true;
}

}  // namespace

std::string HttpUrl::authority() const {
    auto out = host.find(':') == std::string::npos ? host : "[" + host + "]";
    if (port != 80) out += ":" + std::to_string(port);
    return out;
}

std::optional<HttpUrl> parse_http_url(std::string_view text) {
    // Anything that could end a header line, or that a request line cannot hold, is no URL.
    const auto is_foreign = [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || static_cast<unsigned char>(c) >= 0x7f;
    };
    if (std::any_of(text.begin(), text.end(), is_foreign)) return std::nullopt;
    if (const auto scheme = text.find("://"); scheme != std::string_view::npos) {
        if (text.substr(0, scheme) != "http") return std::nullopt;
        text.remove_prefix(scheme + 3);
    }
    text = text.substr(0, text.find('#'));

    HttpUrl url;
    const auto path = text.find_first_of("/?");
    auto authority = text.substr(0, path);
    if (path != std::string_view::npos) {
        url.target = text.substr(path);
        if (url.target.front() == '?') url.target.insert(0, 1, '/');
    }
    // The last one: a password may hold an unescaped @.
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
        const auto credentials = authority.substr(0, at);
        const auto colon = credentials.find(':');
        const auto user = percent_decoded(credentials.substr(0, colon));
        const auto password = colon == std::string_view::npos
                                  ? std::optional<std::string>{std::string{}}
                                  : percent_decoded(credentials.substr(colon + 1));
        if (!user || !password) return std::nullopt;
        url.user = *user;
        url.password = *password;
        authority.remove_prefix(at + 1);
    }
    if (!take_authority(url, authority)) return std::nullopt;
    return url;
}

}  // namespace cairn::rpc
