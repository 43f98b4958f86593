// SPDX-License-Identifier: MIT
#include "node/net/node_db.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <fstream>

#include "node/net/limits.hpp"
#include "tests/unit/node/net/support.hpp"

namespace cairn::node {
namespace {

constexpr UnixSeconds kNow = 1'700'000'000;

Enode node_of(std::uint64_t seed) {
    return {key_of(seed).id, {*IpAddress::parse("192.0.2.7"), 30301, 30303}};
}

TEST(NodeDb, text_round_trips_former_peers_first) {
    NodeDb db;
    db.on_seen(node_of(1), kNow);
    db.on_connected(node_of(2), kNow - 100);
    db.on_connected(node_of(3), kNow - 50);
    const auto nodes = db.nodes();
    ASSERT_EQ(nodes.size(), 3U);
    EXPECT_EQ(nodes[0], (KnownNode{node_of(3), kNow - 50, kNow - 50}));
    EXPECT_EQ(nodes[1].node, node_of(2));
    EXPECT_EQ(nodes[2], (KnownNode{node_of(1), kNow, 0}));
    EXPECT_EQ(NodeDb::from_text(db.to_text(), kNow).nodes(), nodes);
}

TEST(NodeDb, damaged_lines_cost_themselves_only) {
    NodeDb db;
    db.on_seen(node_of(1), kNow);
    const std::string good = db.to_text();
    std::string line = good;
    line.pop_back();
    const std::string text = "\nnonsense\n" + line + "x\n" + line.substr(5) + "\n" +
                             line.substr(0, line.size() - 2) + "\n" + good + line.substr(0, 60);
    EXPECT_EQ(NodeDb::from_text(text, kNow).nodes(), db.nodes());
    for (std::size_t size = 0; size < line.size(); ++size)
        EXPECT_EQ(NodeDb::from_text(line.substr(0, size), kNow).size(), 0U) << size;
}

TEST(NodeDb, nodes_unseen_for_long_are_forgotten) {
    NodeDb db;
    db.on_seen(node_of(1), kNow);
    const UnixSeconds last = kNow + kNodeDbDays * 24 * 3600;
    EXPECT_EQ(NodeDb::from_text(db.to_text(), last).size(), 1U);
    EXPECT_EQ(NodeDb::from_text(db.to_text(), last + 1).size(), 0U);
}

TEST(NodeDb, full_it_keeps_former_peers) {
    NodeDb db;
    const auto numbered = [](std::uint64_t i) {
        Enode node = node_of(1);
        store_be64(node.id.data(), i);
        return node;
    };
    db.on_connected(numbered(0), kNow - 1000);
    for (std::uint64_t i = 1; i <= kNodeDbMax; ++i) db.on_seen(numbered(i), kNow + i);
    EXPECT_EQ(db.size(), kNodeDbMax);
    EXPECT_EQ(db.nodes().front().node, numbered(0));
    EXPECT_EQ(db.nodes().back().node, numbered(2));
}

TEST(NodeDb, files_are_replaced_whole) {
    const auto folder =
        std::filesystem::temp_directory_path() / ("cairn-node-db-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    const auto file = folder / "nodes";
    EXPECT_EQ(NodeDb::load(file, kNow).size(), 0U);
    NodeDb db;
    db.on_seen(node_of(1), kNow);
    EXPECT_TRUE(db.save(file));
    db.on_connected(node_of(2), kNow);
    EXPECT_TRUE(db.save(file));
    EXPECT_EQ(NodeDb::load(file, kNow).nodes(), db.nodes());
    EXPECT_FALSE(std::filesystem::exists(folder / "nodes.tmp"));
    EXPECT_FALSE(db.save(folder / "absent" / "nodes"));
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace cairn::node
