// SPDX-License-Identifier: MIT
#include "node/net/lookup.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "node/net/node_table.hpp"
#include "tests/unit/node/net/support.hpp"

namespace cairn::node {
namespace {

Enode node_of(std::uint64_t number) {
    Enode node;
    store_be64(node.id.data(), number);
    node.endpoint = {*IpAddress::parse("20.0.0.1"), 1, 1};
    return node;
}

std::vector<Enode> nearest_first(std::vector<Enode> nodes, const NodeId& target) {
    std::ranges::sort(nodes, [&](const Enode& a, const Enode& b) {
        return is_closer(node_address_of(target), node_address_of(a.id), node_address_of(b.id));
    });
    return nodes;
}

TEST(Lookup, asks_three_at_a_time_nearest_first) {
    const NodeId target = node_of(1000).id;
    std::vector<Enode> nodes;
    for (std::uint64_t i = 1; i <= 10; ++i) nodes.push_back(node_of(i));
    Lookup lookup{target, nodes};
    const auto sorted = nearest_first(nodes, target);
    for (std::size_t i = 0; i < kLookupConcurrency; ++i) EXPECT_EQ(lookup.next(), sorted[i]);
    EXPECT_FALSE(lookup.next());
    lookup.on_silent(sorted[1].id);
    EXPECT_EQ(lookup.next(), sorted[3]);
    EXPECT_FALSE(lookup.is_done());
}

TEST(Lookup, finds_the_nearest_of_a_network_in_which_each_knows_its_neighbours) {
    const NodeId target = node_of(100'000).id;
    std::vector<Enode> all;
    for (std::uint64_t i = 1; i <= 300; ++i) all.push_back(node_of(i));
    Lookup lookup{target, {all[0], all[1]}};
    std::size_t asked = 0;
    while (!lookup.is_done()) {
        const auto node = lookup.next();
        ASSERT_TRUE(node);
        ++asked;
        auto known = nearest_first(all, target);
        known.resize(kBucketSize);
        lookup.on_answer(node->id, known);
    }
    auto expected = nearest_first(all, target);
    expected.resize(kBucketSize);
    EXPECT_EQ(lookup.result(), expected);
    EXPECT_LE(asked, 2 * kBucketSize);
}

TEST(Lookup, ends_when_nobody_answers) {
    std::vector<Enode> nodes;
    for (std::uint64_t i = 1; i <= 50; ++i) nodes.push_back(node_of(i));
    Lookup lookup{node_of(9).id, nodes};
    while (const auto node = lookup.next()) lookup.on_silent(node->id);
    EXPECT_TRUE(lookup.is_done());
    EXPECT_TRUE(lookup.result().empty());
}

TEST(Lookup, a_liar_with_endless_nodes_cannot_make_it_endless) {
    Lookup lookup{node_of(1).id, {node_of(2)}};
    std::uint64_t number = 10;
    std::size_t asked = 0;
    while (!lookup.is_done()) {
        const auto node = lookup.next();
        ASSERT_TRUE(node);
        std::vector<Enode> made_up;
        for (int i = 0; i < 16; ++i) made_up.push_back(node_of(number++));
        lookup.on_answer(node->id, made_up);
        // Each step needs a nearer node, and hashes near enough grow rare.
        ASSERT_LT(++asked, 1000U);
    }
    EXPECT_LE(lookup.result().size(), kBucketSize);
}

TEST(Lookup, answers_of_nodes_that_were_not_asked_are_ignored) {
    Lookup lookup{node_of(1).id, {node_of(2)}};
    lookup.on_answer(node_of(2).id, {node_of(3)});
    lookup.on_answer(node_of(4).id, {node_of(3)});
    lookup.on_silent(node_of(4).id);
    EXPECT_EQ(lookup.next(), node_of(2));
    EXPECT_FALSE(lookup.next());
}

}  // namespace
}  // namespace cairn::node
