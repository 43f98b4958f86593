// SPDX-License-Identifier: MIT
#include "rpc/http/access.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/crypto/hmac.hpp"
#include "core/crypto/secret.hpp"
#include "rpc/client/base64.hpp"
#include "rpc/http/asio.hpp"

namespace cairn::rpc {
namespace {

using Json = nlohmann::json;

std::string lower(std::string_view text) {
    std::string out{text};
    std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) {
        return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    });
    return out;
}

bool is_ip_address(std::string_view text) {
    ErrorCode error;
    (void)asio::ip::make_address(std::string{text}, error);
    return !error;
}

/// The name of a Host header or origin authority, without port and brackets.
std::string_view host_name(std::string_view host) {
    if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
    const auto colon = host.rfind(':');
    // More than one colon and no brackets: a bare IPv6 address.
    if (colon == std::string_view::npos || host.find(':') != colon) return host;
    return host.substr(0, colon);
}

/// Whether `text` fits a pattern with at most one star.
bool fits(std::string_view pattern, std::string_view text) {
    const auto star = pattern.find('*');
    if (star == std::string_view::npos) return pattern == text;
    const auto head = pattern.substr(0, star);
    const auto tail = pattern.substr(star + 1);
    return text.size() >= head.size() + tail.size() && text.starts_with(head) &&
           text.ends_with(tail);
}

bool is_same_secret(std::string_view a, std::string_view b) noexcept {
    return equal_constant_time(as_bytes(a), as_bytes(b));
}

Result<void, std::string> check_jwt(ByteView secret, std::string_view token, std::int64_t now) {
    const auto first = token.find('.');
    const auto second = token.find('.', first == std::string_view::npos ? first : first + 1);
    if (second == std::string_view::npos) return Unexpected{std::string{"token is malformed"}};
    const auto header = from_base64url(token.substr(0, first));
    const auto claims = from_base64url(token.substr(first + 1, second - first - 1));
    const auto signature = from_base64url(token.substr(second + 1));
    if (!header || !claims || !signature) return Unexpected{std::string{"token is malformed"}};
    const auto head = Json::parse(*header, nullptr, false);
    if (!head.is_object() || head.value("alg", Json{}) != "HS256")
        return Unexpected{std::string{"signing method is not HS256"}};
    const auto expected = hmac_sha256(secret, as_bytes(token.substr(0, second)));
    if (!is_same_secret(*signature, as_text(expected)))
        return Unexpected{std::string{"signature is invalid"}};
    const auto body = Json::parse(*claims, nullptr, false);
    if (!body.is_object()) return Unexpected{std::string{"token is malformed"}};
    const auto issued = body.find("iat");
    if (issued == body.end() || !issued->is_number_integer())
        return Unexpected{std::string{"missing issued-at"}};
    const auto at = issued->get<std::int64_t>();
    if (at < now - kJwtSkewSeconds) return Unexpected{std::string{"stale token"}};
    if (at > now + kJwtSkewSeconds) return Unexpected{std::string{"future token"}};
    if (const auto expires = body.find("exp"); expires != body.end()) {
        if (!expires->is_number_integer() || expires->get<std::int64_t>() < now)
            return Unexpected{std::string{"token is expired"}};
    }
    return {};
}

}  // namespace

bool is_host_allowed(const std::vector<std::string>& vhosts, std::string_view host) {
    if (host.empty()) return true;
    const auto name = lower(host_name(host));
    if (is_ip_address(name)) return true;
    return std::any_of(vhosts.begin(), vhosts.end(),
                       [&](const std::string& each) { return each == "*" || lower(each) == name; });
}

std::optional<std::string> allowed_origin(const std::vector<std::string>& origins,
                                          std::string_view origin) {
    if (origin.empty()) return std::nullopt;
    const auto name = lower(origin);
    for (const auto& each : origins) {
        if (each == "*") return "*";
        if (fits(lower(each), name)) return std::string{origin};
    }
    return std::nullopt;
}

bool is_websocket_origin_allowed(const std::vector<std::string>& origins, std::string_view origin) {
    if (origin.empty()) return true;
    if (!origins.empty()) return allowed_origin(origins, origin).has_value();
    const auto name = lower(origin);
    const auto scheme = name.find("://");
    if (scheme == std::string::npos) return false;
    const auto host = host_name(std::string_view{name}.substr(scheme + 3));
    return host == "localhost" || host == "127.0.0.1" || host == "::1";
}

std::optional<BasicCredentials> parse_basic(std::string_view header) {
    if (lower(header.substr(0, 6)) != "basic ") return std::nullopt;
    const auto plain = from_base64(header.substr(6));
    if (!plain) return std::nullopt;
    const auto colon = plain->find(':');
    if (colon == std::string::npos) return std::nullopt;
    return BasicCredentials{plain->substr(0, colon), plain->substr(colon + 1)};
}

Result<void, std::string> check_authorization(const AuthOptions& auth, std::string_view header,
                                              std::int64_t now) {
    if (!auth.is_required()) return {};
    if (const auto basic = parse_basic(header)) {
        if (!auth.token.empty() && is_same_secret(basic->password, auth.token)) return {};
        return Unexpected{std::string{"wrong password"}};
    }
    if (lower(header.substr(0, 7)) != "bearer ") return Unexpected{std::string{"missing token"}};
    const auto token = header.substr(7);
    if (!auth.token.empty() && is_same_secret(token, auth.token)) return {};
    if (auth.jwt_secret.empty()) return Unexpected{std::string{"wrong token"}};
    return check_jwt(auth.jwt_secret, token, now);
}

std::string make_jwt(ByteView secret, std::int64_t issued_at) {
    auto out = to_base64url(R"({"alg":"HS256","typ":"JWT"})") + "." +
               to_base64url("{\"iat\":" + std::to_string(issued_at) + "}");
    const auto signature = hmac_sha256(secret, as_bytes(out));
    return out + "." + to_base64url(as_text(signature));
}

bool is_loopback(std::string_view address) {
    if (address == "localhost") return true;
    ErrorCode error;
    const auto parsed = asio::ip::make_address(std::string{address}, error);
    return !error && parsed.is_loopback();
}

}  // namespace cairn::rpc
