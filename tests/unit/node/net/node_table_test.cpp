// SPDX-License-Identifier: MIT
#include "node/net/node_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "core/math/uint256.hpp"
#include "tests/unit/node/net/support.hpp"

namespace cairn::node {
namespace {

/// A node id that need not be a key: the table looks at its hash only.
NodeId id_of(std::uint64_t number) {
    NodeId id;
    store_be64(id.data(), number);
    return id;
}

/// Nodes in different /24 networks.
Enode node_of(std::uint64_t number) {
    const std::array<std::uint8_t, 4> ip{20, static_cast<std::uint8_t>(number >> 8),
                                         static_cast<std::uint8_t>(number), 1};
    return {id_of(number), {*IpAddress::from_bytes(ip), 30303, 30303}};
}
Enode node_at(std::uint64_t number, std::string_view ip) {
    return {id_of(number), {*IpAddress::parse(ip), 30303, 30303}};
}

class Table : public testing::Test {
protected:
    NodeTable table_{id_of(0)};
    /// Numbers whose nodes fall into the bucket.
    std::vector<std::uint64_t> numbers_in(std::size_t bucket, std::size_t count) const {
        std::vector<std::uint64_t> out;
        for (std::uint64_t i = 1; out.size() < count; ++i)
            if (table_.bucket_of(id_of(i)) == bucket) out.push_back(i);
        return out;
    }
};

TEST(Distance, by_its_definition) {
    NodeAddress a;
    NodeAddress b;
    EXPECT_EQ(log_distance(a, b), 0U);
    b.bytes[31] = 1;
    EXPECT_EQ(log_distance(a, b), 1U);
    b.bytes[31] = 0x80;
    EXPECT_EQ(log_distance(a, b), 8U);
    b.bytes[30] = 1;
    EXPECT_EQ(log_distance(a, b), 9U);
    b.bytes[0] = 0x80;
    EXPECT_EQ(log_distance(a, b), 256U);
    EXPECT_TRUE(is_closer(a, a, b));
    EXPECT_FALSE(is_closer(a, b, a));
    EXPECT_FALSE(is_closer(a, b, b));
}

TEST_F(Table, ourselves_are_no_neighbour) {
    EXPECT_EQ(table_.add(node_of(0), true), NodeTable::Added::Refused);
    EXPECT_EQ(table_.size(), 0U);
}

TEST_F(Table, a_full_bucket_keeps_its_members_and_bounded_replacements) {
    const auto numbers = numbers_in(kBucketCount - 1, kBucketSize + kReplacementsMax + 5);
    for (std::size_t i = 0; i < numbers.size(); ++i)
        EXPECT_EQ(table_.add(node_of(numbers[i]), false),
                  i < kBucketSize ? NodeTable::Added::Member : NodeTable::Added::Replacement);
    EXPECT_EQ(table_.size(), kBucketSize);
    EXPECT_EQ(table_.add(node_of(numbers[0]), false), NodeTable::Added::Known);
    EXPECT_NE(table_.find(id_of(numbers[0])), nullptr);
    EXPECT_EQ(table_.find(id_of(numbers[kBucketSize])), nullptr);
}

TEST_F(Table, a_silent_member_gives_way_to_a_replacement_that_answered) {
    const auto numbers = numbers_in(kBucketCount - 1, kBucketSize + 3);
    for (std::size_t i = 0; i < kBucketSize; ++i) table_.add(node_of(numbers[i]), true);
    table_.add(node_of(numbers[kBucketSize]), true);
    table_.add(node_of(numbers[kBucketSize + 1]), false);
    for (std::uint32_t i = 1; i < kNodeFailuresMax; ++i) table_.on_silent(id_of(numbers[3]));
    EXPECT_NE(table_.find(id_of(numbers[3])), nullptr);
    table_.on_silent(id_of(numbers[3]));
    EXPECT_EQ(table_.find(id_of(numbers[3])), nullptr);
    EXPECT_NE(table_.find(id_of(numbers[kBucketSize])), nullptr);
    EXPECT_EQ(table_.size(), kBucketSize);
    // It joined where it is checked next.
    EXPECT_EQ(table_.bucket(kBucketCount - 1).back().id, id_of(numbers[kBucketSize]));
}

TEST_F(Table, an_answer_forgives_failures_and_moves_to_the_front) {
    const auto numbers = numbers_in(kBucketCount - 1, 3);
    for (const auto number : numbers) table_.add(node_of(number), true);
    for (std::uint32_t i = 1; i < kNodeFailuresMax; ++i) table_.on_silent(id_of(numbers[0]));
    table_.on_alive(node_of(numbers[0]));
    EXPECT_EQ(table_.bucket(kBucketCount - 1).front().id, id_of(numbers[0]));
    for (std::uint32_t i = 1; i < kNodeFailuresMax; ++i) table_.on_silent(id_of(numbers[0]));
    EXPECT_NE(table_.find(id_of(numbers[0])), nullptr);
}

TEST_F(Table, hearsay_leaves_at_the_first_silence) {
    table_.add(node_of(1), false);
    EXPECT_FALSE(table_.is_verified(id_of(1)));
    table_.on_silent(id_of(1));
    EXPECT_EQ(table_.size(), 0U);
}

TEST_F(Table, one_subnet_has_two_places_in_a_bucket) {
    const auto numbers = numbers_in(kBucketCount - 1, 4);
    EXPECT_EQ(table_.add(node_at(numbers[0], "20.1.1.1"), true), NodeTable::Added::Member);
    EXPECT_EQ(table_.add(node_at(numbers[1], "20.1.1.2"), true), NodeTable::Added::Member);
    EXPECT_EQ(table_.add(node_at(numbers[2], "20.1.1.3"), true), NodeTable::Added::Refused);
    EXPECT_EQ(table_.add(node_at(numbers[2], "20.1.2.3"), true), NodeTable::Added::Member);
    // The place is free again when a member leaves.
    for (std::uint32_t i = 0; i < kNodeFailuresMax; ++i) table_.on_silent(id_of(numbers[0]));
    EXPECT_EQ(table_.add(node_at(numbers[3], "20.1.1.4"), true), NodeTable::Added::Member);
}

TEST_F(Table, one_subnet_has_ten_places_in_the_table) {
    std::size_t members = 0;
    for (std::uint64_t i = 1; i < 100'000; ++i)
        if (table_.add(node_at(i, "20.1.1.1"), true) == NodeTable::Added::Member) ++members;
    EXPECT_EQ(members, kTableSubnetMax);
}

TEST_F(Table, local_networks_are_not_counted) {
    for (std::uint64_t i = 1; i <= 40; ++i) table_.add(node_at(i, "127.0.0.1"), true);
    EXPECT_GT(table_.size(), kTableSubnetMax);
}

TEST_F(Table, a_member_that_moves_is_counted_where_it_is) {
    const auto numbers = numbers_in(kBucketCount - 1, 4);
    table_.add(node_at(numbers[0], "20.1.1.1"), true);
    table_.add(node_at(numbers[1], "20.1.1.2"), true);
    table_.on_alive(node_at(numbers[0], "20.9.9.9"));
    EXPECT_EQ(table_.find(id_of(numbers[0]))->endpoint.ip.to_string(), "20.9.9.9");
    EXPECT_EQ(table_.add(node_at(numbers[2], "20.1.1.3"), true), NodeTable::Added::Member);
    // No room where it moves to: it leaves.
    table_.on_alive(node_at(numbers[0], "20.1.1.4"));
    EXPECT_EQ(table_.find(id_of(numbers[0])), nullptr);
}

TEST_F(Table, closest_agrees_with_sorting_all) {
    std::map<Hash256, NodeId> sorted;
    const NodeAddress target = node_address_of(id_of(12345));
    for (std::uint64_t i = 1; i <= 60; ++i) {
        table_.add(node_of(i), i % 2 == 0);
        if (table_.find(id_of(i)) == nullptr) continue;
        Hash256 distance;
        const NodeAddress address = node_address_of(id_of(i));
        for (std::size_t j = 0; j < 32; ++j)
            distance.bytes[j] = static_cast<std::uint8_t>(address.bytes[j] ^ target.bytes[j]);
        sorted.emplace(distance, id_of(i));
    }
    const auto closest = table_.closest(target, 16, false);
    ASSERT_EQ(closest.size(), 16U);
    auto expected = sorted.begin();
    for (const Enode& node : closest) EXPECT_EQ(node.id, (expected++)->second);
    for (const Enode& node : table_.closest(target, 16, true))
        EXPECT_TRUE(table_.is_verified(node.id));
    EXPECT_EQ(table_.closest(target, 1000, false).size(), table_.size());
}

TEST_F(Table, the_one_longest_unseen_is_checked) {
    EXPECT_FALSE(table_.pick_to_check(seeded(1)));
    const auto numbers = numbers_in(kBucketCount - 1, 3);
    for (const auto number : numbers) table_.add(node_of(number), true);
    EXPECT_EQ(table_.pick_to_check(seeded(1))->id, id_of(numbers[0]));
}

}  // namespace
}  // namespace cairn::node
