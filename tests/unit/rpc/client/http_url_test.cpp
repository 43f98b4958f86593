// SPDX-License-Identifier: MIT
#include "rpc/client/http_url.hpp"

#include <gtest/gtest.h>

namespace cairn::rpc {
namespace {

TEST(HttpUrl, all_parts) {
    const auto url = parse_http_url("http://alice:s%20e%3Acret@node.example:8545/mine?x=1#part");
    ASSERT_TRUE(url);
    EXPECT_EQ(*url, (HttpUrl{"alice", "s e:cret", "node.example", 8545, "/mine?x=1"}));
    EXPECT_TRUE(url->has_credentials());
    EXPECT_EQ(url->authority(), "node.example:8545");
}

TEST(HttpUrl, what_is_left_out_has_a_default) {
    const auto url = parse_http_url("http://localhost");
    ASSERT_TRUE(url);
    EXPECT_EQ(*url, (HttpUrl{"", "", "localhost", 80, "/"}));
    EXPECT_FALSE(url->has_credentials());
    EXPECT_EQ(url->authority(), "localhost");
    EXPECT_EQ(parse_http_url("127.0.0.1:8545"), (HttpUrl{"", "", "127.0.0.1", 8545, "/"}));
    EXPECT_EQ(parse_http_url("http://h?q")->target, "/?q");
}

TEST(HttpUrl, user_without_password_and_at_in_password) {
    EXPECT_EQ(parse_http_url("http://wallet.rig@h:1")->user, "wallet.rig");
    EXPECT_EQ(parse_http_url("http://u:p@q@h:1")->password, "p@q");
}

TEST(HttpUrl, ipv6_address_stands_in_brackets) {
    const auto url = parse_http_url("http://[::1]:8545/");
    ASSERT_TRUE(url);
    EXPECT_EQ(url->host, "::1");
    EXPECT_EQ(url->port, 8545);
    EXPECT_EQ(url->authority(), "[::1]:8545");
    EXPECT_FALSE(parse_http_url("http://[::1"));
    EXPECT_FALSE(parse_http_url("http://[::1]8545"));
}

TEST(HttpUrl, port_bounds) {
    EXPECT_TRUE(parse_http_url("http://h:1"));
    EXPECT_TRUE(parse_http_url("http://h:65535"));
    EXPECT_FALSE(parse_http_url("http://h:0"));
    EXPECT_FALSE(parse_http_url("http://h:65536"));
    EXPECT_FALSE(parse_http_url("http://h:"));
    EXPECT_FALSE(parse_http_url("http://h:80x"));
}

TEST(HttpUrl, what_is_no_url_is_refused) {
    EXPECT_FALSE(parse_http_url(""));
    EXPECT_FALSE(parse_http_url("http://"));
    EXPECT_FALSE(parse_http_url("http://:80"));
    EXPECT_FALSE(parse_http_url("https://h"));
    EXPECT_FALSE(parse_http_url("stratum+tcp://h:3333"));
    EXPECT_FALSE(parse_http_url("http://h/\r\nX-Evil: 1"));
    EXPECT_FALSE(parse_http_url("http://h/a b"));
    EXPECT_FALSE(parse_http_url("http://u%2:p@h"));
    EXPECT_FALSE(parse_http_url("http://u:%zz@h"));
}

}  // namespace
}  // namespace cairn::rpc
