// SPDX-License-Identifier: MIT
#include <charconv>

#include "miner/remote_session.hpp"

namespace cairn::miner {
namespace {

constexpr std::string_view kStratumScheme = "stratum+tcp://";
constexpr std::string_view kHttpScheme = "http://";
constexpr std::uint16_t kHttpPort = 80;

/// `%41` becomes `A`; nothing for a percent sign without two hex digits.
std::optional<std::string> percent_decode(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        unsigned value = 0;
        const auto digits = text.substr(i + 1, 2);
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
        if (error != std::errc{} || digits.size() != 2 || end != digits.data() + 2) return std::nullopt;
        out += static_cast<char>(value);
        i += 2;
    }
    return out;
}

}  // namespace

Result<RemoteUrl, std::string> parse_remote_url(std::string_view url, std::string_view user,
                                                std::string_view password) {
    const auto wrong = [&](std::string_view why) {
        return Unexpected{"\"" + std::string{url} + "\" is no URL to mine at: " + std::string{why}};
    };
    RemoteUrl out{.kind = RemoteKind::Stratum, .host = {}, .port = 0, .path = "/", .user = std::string{user},
                  .password = std::string{password}};
    std::string_view rest = url;
    if (rest.starts_with(kStratumScheme)) {
        rest.remove_prefix(kStratumScheme.size());
    } else if (rest.starts_with(kHttpScheme)) {
        out.kind = RemoteKind::Http;
        rest.remove_prefix(kHttpScheme.size());
    } else {
        return wrong("it begins neither with stratum+tcp:// nor with http://");
    }
    if (const auto slash = rest.find('/'); slash != std::string_view::npos) {
        out.path = rest.substr(slash);
        rest = rest.substr(0, slash);
    }
    if (out.kind == RemoteKind::Stratum && out.path != "/") return wrong("Stratum has no paths");
    if (const auto at = rest.rfind('@'); at != std::string_view::npos) {
        const std::string_view credentials = rest.substr(0, at);
        const auto colon = credentials.find(':');
        const auto name = percent_decode(credentials.substr(0, colon));
        const auto secret =
            percent_decode(colon == std::string_view::npos ? std::string_view{} : credentials.substr(colon + 1));
        if (!name || !secret) return wrong("a percent sign stands without two hex digits");
        out.user = *name;
        out.password = *secret;
        rest.remove_prefix(at + 1);
    }
    std::string_view port;
    if (rest.starts_with('[')) {
        const auto end = rest.find(']');
        if (end == std::string_view::npos) return wrong("a bracket is missing");
        out.host = rest.substr(1, end - 1);
        rest.remove_prefix(end + 1);
        if (!rest.empty() && !rest.starts_with(':')) return wrong("something stands between host and port");
        if (!rest.empty()) port = rest.substr(1);
    } else {
        const auto colon = rest.find(':');
        out.host = rest.substr(0, colon);
        if (colon != std::string_view::npos) port = rest.substr(colon + 1);
        if (colon != std::string_view::npos && port.empty()) return wrong("the port is missing");
    }
    if (out.host.empty()) return wrong("the host is missing");
    if (port.empty()) {
        if (out.kind == RemoteKind::Stratum) return wrong("the port is missing");
        out.port = kHttpPort;
        return out;
    }
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), out.port);
    if (error != std::errc{} || end != port.data() + port.size() || out.port == 0)
        return wrong("the port is no number from 1 to 65535");
    return out;
}

std::string to_text(const RemoteUrl& url) {
    const bool is_v6 = url.host.find(':') != std::string::npos;
    return std::string{url.kind == RemoteKind::Stratum ? kStratumScheme : kHttpScheme} + (is_v6 ? "[" : "") + url.host +
           (is_v6 ? "]" : "") + ":" + std::to_string(url.port) + (url.kind == RemoteKind::Http ? url.path : "");
}

}  // namespace cairn::miner
