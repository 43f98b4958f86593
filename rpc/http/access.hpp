// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"

namespace cairn::rpc {

// Who may speak to the node. A browser on the same machine sends what any web page tells it to: the
// host check stops pages that rebind their own name to this address, CORS those that ask openly,
// and a token everybody who does not have it. All functions are pure; any thread.

/// Whether a request with this Host header is for us: the name without its port is listed, or the
/// list has
/// "*", or it is an IP address, which no page can rebind. An empty header is HTTP/1.0 and allowed.
[[nodiscard]] bool is_host_allowed(const std::vector<std::string>& vhosts, std::string_view host);

/// The Access-Control-Allow-Origin that answers this Origin: itself or "*"; nothing where pages
/// from there get no permission. Listed origins may hold one `*` ("https://*.example").
[[nodiscard]] std::optional<std::string> allowed_origin(const std::vector<std::string>& origins,
                                                        std::string_view origin);

/// Whether a WebSocket may be opened by a page of this origin. Programs send none and are welcome.
/// With an empty list only pages of this machine are.
[[nodiscard]] bool is_websocket_origin_allowed(const std::vector<std::string>& origins,
                                               std::string_view origin);

/// Proofs of identity that a door asks for; nothing set: none.
struct AuthOptions {
    Bytes jwt_secret;   ///< HS256 key, 32 bytes; empty: no JSON Web Tokens
    std::string token;  ///< taken as Bearer token, or as the password of Basic; empty: none

    [[nodiscard]] bool is_required() const noexcept {
        return !jwt_secret.empty() || !token.empty();
    }
};

/// Seconds that a token's `iat` may lie from our clock (Engine API, authentication).
inline constexpr std::int64_t kJwtSkewSeconds = 60;

/// Checks an Authorization header.
///
/// JSON Web Token: header {"alg":"HS256"}, a signature by the secret, `iat` within kJwtSkewSeconds,
/// `exp` not past where there is one (RFC 7515, RFC 7519).
/// @param now  seconds since 1970
/// @return     why it is refused, for the client: "missing token", "stale token", …
[[nodiscard]] Result<void, std::string> check_authorization(const AuthOptions& auth,
                                                            std::string_view header,
                                                            std::int64_t now);

/// A token that check_authorization takes.
[[nodiscard]] std::string make_jwt(ByteView secret, std::int64_t issued_at);

/// User and password of a Basic header (RFC 7617); nothing where it is none.
struct BasicCredentials {
    std::string user;
    std::string password;
};
[[nodiscard]] std::optional<BasicCredentials> parse_basic(std::string_view header);

/// Whether an address to listen on can be reached from this machine only.
[[nodiscard]] bool is_loopback(std::string_view address);

}  // namespace cairn::rpc
