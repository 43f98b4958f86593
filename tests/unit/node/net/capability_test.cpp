// SPDX-License-Identifier: MIT
#include "node/net/capability.hpp"

#include <gtest/gtest.h>

#include "node/net/eth_capability.hpp"

namespace cairn::node {
namespace {

TEST(Capability, highest_common_version_of_each_name_wins) {
    const auto shared = negotiate(eth_capabilities(),
                                  std::vector<Capability>{{"eth", 65}, {"eth", 66}, {"eth", 67}});
    ASSERT_EQ(shared.size(), 1U);
    EXPECT_EQ(shared[0], (SharedCapability{{"eth", 67}, 0x10, kEthCodeCount}));
}

TEST(Capability, codes_follow_the_order_of_names_not_of_announcement) {
    const std::vector<LocalCapability> local{{{"snap", 1}, 8}, {{"eth", 68}, 17}, {{"aaa", 1}, 3}};
    const std::vector<Capability> remote{{"eth", 68}, {"snap", 1}, {"aaa", 1}, {"zzz", 9}};
    const auto shared = negotiate(local, remote);
    ASSERT_EQ(shared.size(), 3U);
    EXPECT_EQ(shared[0].code_offset, 0x10U);
    EXPECT_EQ(shared[1].capability.name, "eth");
    EXPECT_EQ(shared[1].code_offset, 0x13U);
    EXPECT_EQ(shared[2].code_offset, 0x24U);
    EXPECT_EQ(find_by_code(shared, 0x0f), nullptr);
    EXPECT_EQ(find_by_code(shared, 0x10)->capability.name, "aaa");
    EXPECT_EQ(find_by_code(shared, 0x12)->capability.name, "aaa");
    EXPECT_EQ(find_by_code(shared, 0x13)->capability.name, "eth");
    EXPECT_EQ(find_by_code(shared, 0x2b)->capability.name, "snap");
    EXPECT_EQ(find_by_code(shared, 0x2c), nullptr);
}

TEST(Capability, nothing_in_common_is_empty) {
    EXPECT_TRUE(
        negotiate(eth_capabilities(), std::vector<Capability>{{"eth", 65}, {"les", 68}}).empty());
    EXPECT_TRUE(negotiate(eth_capabilities(), {}).empty());
}

}  // namespace
}  // namespace cairn::node
