// SPDX-License-Identifier: MIT
#include "node/net/ip_address.hpp"

#include <gtest/gtest.h>

#include "tests/unit/node/net/support.hpp"

namespace cairn::node {
namespace {

IpAddress ip(std::string_view text) {
    return *IpAddress::parse(text);
}

TEST(IpAddress, texts_of_both_families_round_trip) {
    for (const std::string_view text :
         {"0.0.0.0", "192.0.2.1", "255.255.255.255", "::", "::1", "2001:db8::1", "fe80::1:2:3:4"}) {
        ASSERT_TRUE(IpAddress::parse(text)) << text;
        EXPECT_EQ(ip(text).to_string(), text);
    }
}

TEST(IpAddress, malformed_texts_are_refused) {
    for (const std::string_view text :
         {"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4x", "::g", "[::1]", "fe80::1%eth0", "a"})
        EXPECT_FALSE(IpAddress::parse(text)) << text;
}

TEST(IpAddress, a_mapped_address_is_the_ipv4_address_it_is) {
    EXPECT_EQ(ip("::ffff:192.0.2.1"), ip("192.0.2.1"));
    EXPECT_TRUE(ip("::ffff:192.0.2.1").is_v4());
    EXPECT_NE(ip("::192.0.2.1"), ip("192.0.2.1"));
}

TEST(IpAddress, only_4_and_16_bytes_are_addresses) {
    for (std::size_t size = 0; size <= 20; ++size)
        EXPECT_EQ(IpAddress::from_bytes(Bytes(size, 1)).has_value(), size == 4 || size == 16);
}

TEST(IpAddress, kinds) {
    EXPECT_TRUE(ip("127.0.0.1").is_loopback());
    EXPECT_TRUE(ip("127.255.0.1").is_loopback());
    EXPECT_TRUE(ip("::1").is_loopback());
    EXPECT_FALSE(ip("::2").is_loopback());
    EXPECT_FALSE(ip("128.0.0.1").is_loopback());
    for (const std::string_view text : {"10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
                                        "169.254.0.1", "fd00::1", "fe80::1"})
        EXPECT_TRUE(ip(text).is_private()) << text;
    for (const std::string_view text :
         {"11.0.0.1", "172.15.0.1", "172.32.0.1", "8.8.8.8", "2a00::1"})
        EXPECT_FALSE(ip(text).is_private()) << text;
    for (const std::string_view text : {"0.0.0.0", "::", "224.0.0.1", "255.255.255.255",
                                        "192.0.2.7", "198.18.0.1", "ff02::1", "2001:db8::1"})
        EXPECT_TRUE(ip(text).is_special()) << text;
    for (const std::string_view text : {"8.8.8.8", "192.0.3.1", "223.255.255.255", "2a00::1"})
        EXPECT_FALSE(ip(text).is_special()) << text;
}

TEST(IpNetwork, contains_both_ends_and_nothing_beyond) {
    const auto net = IpNetwork::parse("10.1.2.0/23");
    ASSERT_TRUE(net);
    EXPECT_TRUE(net->contains(ip("10.1.2.0")));
    EXPECT_TRUE(net->contains(ip("10.1.3.255")));
    EXPECT_FALSE(net->contains(ip("10.1.4.0")));
    EXPECT_FALSE(net->contains(ip("10.1.1.255")));
    EXPECT_FALSE(net->contains(ip("::1")));
    EXPECT_TRUE(IpNetwork::parse("0.0.0.0/0")->contains(ip("8.8.8.8")));
    EXPECT_TRUE(IpNetwork::parse("2001:db8::/33")->contains(ip("2001:db8:7fff::1")));
    EXPECT_FALSE(IpNetwork::parse("2001:db8::/33")->contains(ip("2001:db8:8000::1")));
}

TEST(IpNetwork, bits_past_the_prefix_are_dropped) {
    EXPECT_EQ(IpNetwork::parse("10.1.3.77/23")->to_string(), "10.1.2.0/23");
    EXPECT_EQ(IpNetwork::parse("10.1.3.77/32")->to_string(), "10.1.3.77/32");
}

TEST(IpNetwork, malformed_ranges_are_refused) {
    for (const std::string_view text :
         {"", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/8x", "/8"})
        EXPECT_FALSE(IpNetwork::parse(text)) << text;
}

TEST(IpNetwork, lists_are_all_or_nothing) {
    EXPECT_EQ(parse_networks("10.0.0.0/8,::/0")->size(), 2U);
    EXPECT_FALSE(parse_networks("10.0.0.0/8,"));
    EXPECT_FALSE(parse_networks("10.0.0.0/8,x"));
    EXPECT_FALSE(parse_networks(""));
}

TEST(IpNetwork, subnets_are_24_and_48_bits_wide) {
    EXPECT_EQ(subnet_of(ip("192.0.2.77")).to_string(), "192.0.2.0/24");
    EXPECT_EQ(subnet_of(ip("2001:db8:1:2::3")).to_string(), "2001:db8:1::/48");
}

TEST(IpAddress, only_who_could_reach_a_node_may_tell_of_it) {
    EXPECT_TRUE(may_relay(ip("8.8.8.8"), ip("9.9.9.9")));
    EXPECT_FALSE(may_relay(ip("8.8.8.8"), ip("192.168.0.1")));
    EXPECT_TRUE(may_relay(ip("192.168.0.2"), ip("192.168.0.1")));
    EXPECT_FALSE(may_relay(ip("192.168.0.2"), ip("127.0.0.1")));
    EXPECT_TRUE(may_relay(ip("127.0.0.1"), ip("127.0.0.1")));
    EXPECT_TRUE(may_relay(ip("127.0.0.1"), ip("192.168.0.1")));
    EXPECT_FALSE(may_relay(ip("127.0.0.1"), ip("224.0.0.1")));
    EXPECT_FALSE(may_relay(ip("8.8.8.8"), ip("0.0.0.0")));
}

}  // namespace
}  // namespace cairn::node
