// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::rpc {

/// Parts of `http://[user:password@]host[:port][/path]` (RFC 3986, RFC 9110 section 4.2.1).
struct HttpUrl {
    std::string user;      ///< percent-decoded; empty where there is none
    std::string password;  ///< likewise
    std::string host;      ///< name or address; an IPv6 address without its brackets
    std::uint16_t port = 80;
    std::string target = "/";  ///< path and query as they stand, at least "/"

    /// Whether requests carry `Authorization: Basic`.
    [[nodiscard]] bool has_credentials() const noexcept {
        return !user.empty() || !password.empty();
    }
    /// The value of the Host header: the port only where it is not 80, IPv6 in brackets.
    [[nodiscard]] std::string authority() const;
    friend bool operator==(const HttpUrl&, const HttpUrl&) = default;
};

/// The parts of a URL, or nothing: another scheme, no host, a port outside 1 … 65535, a bad percent
/// sign, a space or a control character. Without a scheme `http://` is assumed. A fragment is cut
/// off.
[[nodiscard]] std::optional<HttpUrl> parse_http_url(std::string_view text);

}  // namespace cairn::rpc
