// SPDX-License-Identifier: MIT
#include "rpc/http/access.hpp"

#include <gtest/gtest.h>

#include "core/base/hex.hpp"
#include "rpc/client/base64.hpp"

namespace cairn::rpc {
namespace {

using List = std::vector<std::string>;

TEST(HostCheck, listed_names_and_addresses_are_for_us) {
    const List hosts{"localhost", "Node.Example"};
    for (const auto* host : {"localhost", "localhost:8545", "LOCALHOST", "node.example:1",
                             "127.0.0.1:8545", "192.168.1.2", "[::1]:8545", "::1", ""})
        EXPECT_TRUE(is_host_allowed(hosts, host)) << host;
    for (const auto* host : {"evil.example", "localhost.evil.example", "node.example.evil:8545"})
        EXPECT_FALSE(is_host_allowed(hosts, host)) << host;
    EXPECT_TRUE(is_host_allowed({"*"}, "evil.example"));
    EXPECT_FALSE(is_host_allowed({}, "localhost"));
}

TEST(Cors, origins) {
    EXPECT_EQ(allowed_origin({"https://a.example"}, "https://a.example"), "https://a.example");
    EXPECT_EQ(allowed_origin({"https://a.example"}, "https://b.example"), std::nullopt);
    EXPECT_EQ(allowed_origin({"*"}, "https://b.example"), "*");
    EXPECT_EQ(allowed_origin({"https://*.example"}, "https://b.example"), "https://b.example");
    EXPECT_EQ(allowed_origin({"https://*.example"}, "https://example"), std::nullopt);
    EXPECT_EQ(allowed_origin({}, "https://a.example"), std::nullopt);
    EXPECT_EQ(allowed_origin({"*"}, ""), std::nullopt);
}

TEST(WebSocketOrigin, pages_of_this_machine_and_programs_are_welcome) {
    for (const auto* origin :
         {"", "http://localhost:3000", "https://127.0.0.1", "http://[::1]:8080"})
        EXPECT_TRUE(is_websocket_origin_allowed({}, origin)) << origin;
    for (const auto* origin : {"https://evil.example", "null", "http://localhost.evil.example"})
        EXPECT_FALSE(is_websocket_origin_allowed({}, origin)) << origin;
    EXPECT_TRUE(is_websocket_origin_allowed({"https://dapp.example"}, "https://dapp.example"));
    EXPECT_FALSE(is_websocket_origin_allowed({"https://dapp.example"}, "http://localhost"));
}

TEST(Basic, credentials) {
    // RFC 7617, section 2.
    const auto found = parse_basic("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->user, "Aladdin");
    EXPECT_EQ(found->password, "open sesame");
    EXPECT_FALSE(parse_basic("Bearer abc"));
    EXPECT_FALSE(parse_basic("Basic !!!"));
    EXPECT_FALSE(parse_basic("Basic " + to_base64("no colon")));
}

std::string verdict(const AuthOptions& auth, const std::string& header,
                    std::int64_t now = 1'000'000) {
    const auto checked = check_authorization(auth, header, now);
    return checked ? "ok" : checked.error();
}

TEST(Authorization, nothing_asked_nothing_checked) {
    EXPECT_EQ(verdict({}, ""), "ok");
}

TEST(Authorization, token_as_bearer_or_password) {
    AuthOptions auth;
    auth.token = "sesame";
    EXPECT_EQ(verdict(auth, "Bearer sesame"), "ok");
    EXPECT_EQ(verdict(auth, "Basic " + to_base64("anybody:sesame")), "ok");
    EXPECT_EQ(verdict(auth, "Bearer sesam"), "wrong token");
    EXPECT_EQ(verdict(auth, "Basic " + to_base64("anybody:other")), "wrong password");
    EXPECT_EQ(verdict(auth, ""), "missing token");
}

AuthOptions with_secret() {
    AuthOptions auth;
    auth.jwt_secret = *from_hex("7365637265747365637265747365637265747365637265747365637265747365");
    return auth;
}

TEST(Authorization, web_token_is_good_for_a_minute_either_way) {
    const auto auth = with_secret();
    const auto token = "Bearer " + make_jwt(auth.jwt_secret, 1'000'000);
    EXPECT_EQ(verdict(auth, token, 1'000'000), "ok");
    EXPECT_EQ(verdict(auth, token, 1'000'060), "ok");
    EXPECT_EQ(verdict(auth, token, 1'000'061), "stale token");
    EXPECT_EQ(verdict(auth, token, 999'940), "ok");
    EXPECT_EQ(verdict(auth, token, 999'939), "future token");
}

TEST(Authorization, tampered_web_tokens_are_refused) {
    const auto auth = with_secret();
    const auto good = make_jwt(auth.jwt_secret, 1'000'000);
    auto other_secret = auth.jwt_secret;
    other_secret[0] ^= 1;
    EXPECT_EQ(verdict(auth, "Bearer " + make_jwt(other_secret, 1'000'000)), "signature is invalid");
    const auto unsigned_parts =
        to_base64url(R"({"alg":"none"})") + "." + to_base64url(R"({"iat":1000000})");
    EXPECT_EQ(verdict(auth, "Bearer " + unsigned_parts + "."), "signing method is not HS256");
    EXPECT_EQ(verdict(auth, "Bearer abc"), "token is malformed");
    EXPECT_EQ(verdict(auth, "Bearer a.b"), "token is malformed");
    EXPECT_EQ(verdict(auth, "Bearer"), "missing token");
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_NE(verdict(auth, "Bearer " + good.substr(0, size)), "ok") << size;
}

TEST(Loopback, addresses) {
    for (const auto* address : {"localhost", "127.0.0.1", "127.5.5.5", "::1"})
        EXPECT_TRUE(is_loopback(address));
    for (const auto* address : {"0.0.0.0", "192.168.0.1", "::", "example.org"})
        EXPECT_FALSE(is_loopback(address));
}

}  // namespace
}  // namespace cairn::rpc
