// SPDX-License-Identifier: MIT
#include "node/net/enode.hpp"

#include <gtest/gtest.h>

#include "tests/unit/node/net/support.hpp"

namespace cairn::node {
namespace {

/// One of the first public boot nodes of Ethereum.
constexpr std::string_view kId =
    "d860a01f9722d78051619d1e2351aba3f43f943f6f00718d1b9baa4101932a1f"
    "5011f16bb2b1bb35db20d6fe28fa0bf09636d26a87d31de9ec6203eeedb1f666";

std::string url(std::string_view rest) {
    return "enode://" + std::string{kId} + std::string{rest};
}

TEST(Enode, both_ports_from_one) {
    const auto node = parse_enode(url("@18.138.108.67:30303"));
    ASSERT_TRUE(node);
    EXPECT_EQ(to_hex(node->id), kId);
    EXPECT_EQ(node->endpoint, (Endpoint{*IpAddress::parse("18.138.108.67"), 30303, 30303}));
    EXPECT_EQ(to_string(*node), url("@18.138.108.67:30303"));
}

TEST(Enode, discovery_port_apart_and_ipv6) {
    for (const std::string_view rest :
         {"@10.3.58.6:30303?discport=30301", "@[2001:db8::1]:1?discport=65535"}) {
        const auto node = parse_enode(url(rest));
        ASSERT_TRUE(node) << rest;
        EXPECT_EQ(to_string(*node), url(rest));
    }
    EXPECT_EQ(parse_enode(url("@1.2.3.4:5?discport=0"))->endpoint.udp_port, 0U);
}

TEST(Enode, malformed_urls_are_refused) {
    for (const std::string_view rest :
         {"", "@", "@1.2.3.4", "@1.2.3.4:", "@1.2.3.4:0", "@1.2.3.4:65536", "@1.2.3.4:1x", "@:1",
          "@host.example:1", "@[1.2.3.4]:1", "@2001:db8::1:30303", "@[::1:1",
          "@1.2.3.4:1?discport=", "@1.2.3.4:1?discport=x", "@1.2.3.4:1?other=1", "#1.2.3.4:1"})
        EXPECT_FALSE(parse_enode(url(rest))) << rest;
    EXPECT_FALSE(parse_enode("http://1.2.3.4:1"));
    EXPECT_FALSE(parse_enode("enode://00@1.2.3.4:1"));
    EXPECT_FALSE(parse_enode("enode://" + std::string(128, '0') + "@1.2.3.4:1"));  // off the curve
}

}  // namespace
}  // namespace cairn::node
