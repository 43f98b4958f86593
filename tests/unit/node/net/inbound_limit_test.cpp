// SPDX-License-Identifier: MIT
#include "node/net/inbound_limit.hpp"

#include <gtest/gtest.h>

namespace cairn::node {
namespace {

using Verdict = InboundLimit::Verdict;

IpAddress ip(std::string_view text) {
    return *IpAddress::parse(text);
}

TEST(InboundLimit, one_address_may_knock_once_in_a_while) {
    InboundLimit limit;
    EXPECT_EQ(limit.accept(ip("8.8.8.8"), 1000), Verdict::Accepted);
    EXPECT_EQ(limit.accept(ip("8.8.8.8"), 1000 + kInboundThrottleMs - 1), Verdict::TooSoon);
    EXPECT_EQ(limit.accept(ip("8.8.8.8"), 1000 + kInboundThrottleMs), Verdict::Accepted);
}

TEST(InboundLimit, one_subnet_has_its_share_until_some_leave) {
    InboundLimit limit;
    for (std::size_t i = 0; i < kInboundPerSubnetMax; ++i) {
        EXPECT_EQ(limit.accept(ip("8.8.8." + std::to_string(i + 1)), 0), Verdict::Accepted);
        limit.on_settled();
    }
    EXPECT_EQ(limit.accept(ip("8.8.8.200"), 0), Verdict::SubnetFull);
    EXPECT_EQ(limit.accept(ip("8.8.9.1"), 0), Verdict::Accepted);
    limit.on_closed(ip("8.8.8.1"));
    EXPECT_EQ(limit.accept(ip("8.8.8.200"), 0), Verdict::Accepted);
}

TEST(InboundLimit, those_who_shake_hands_are_bounded_wherever_they_come_from) {
    InboundLimit limit;
    for (std::size_t i = 0; i < kPendingInboundMax; ++i)
        EXPECT_EQ(limit.accept(ip("127.0.0.1"), 0), Verdict::Accepted);
    EXPECT_EQ(limit.accept(ip("127.0.0.1"), 0), Verdict::TooManyPending);
    limit.on_settled();
    EXPECT_EQ(limit.accept(ip("127.0.0.1"), 0), Verdict::Accepted);
    EXPECT_EQ(limit.pending(), kPendingInboundMax);
}

}  // namespace
}  // namespace cairn::node
