// SPDX-License-Identifier: MIT
#include "node/net/dialer.hpp"

#include <gtest/gtest.h>

#include "tests/unit/node/net/support.hpp"

namespace cairn::node {
namespace {

NodeId id_of(std::uint64_t number) {
    NodeId id;
    store_be64(id.data(), number);
    return id;
}
/// Each in a subnet of its own.
Enode node_of(std::uint64_t number) {
    const std::array<std::uint8_t, 4> ip{20, static_cast<std::uint8_t>(number >> 8),
                                         static_cast<std::uint8_t>(number), 1};
    return {id_of(number), {*IpAddress::from_bytes(ip), 30303, 30303}};
}

DialScheduler make_scheduler(std::size_t dialled_max) {
    DialScheduler::Config config;
    config.self = id_of(0);
    config.dialled_max = dialled_max;
    return DialScheduler{config};
}

constexpr UnixSeconds kNow = 1'000'000;

TEST(DialScheduler, former_peers_come_before_hearsay) {
    DialScheduler s = make_scheduler(2);
    s.add_candidate(node_of(1), false);
    s.add_candidate(node_of(2), true);
    s.add_candidate(node_of(3), false);
    const auto tasks = s.next(kNow);
    ASSERT_EQ(tasks.size(), 2U);
    EXPECT_EQ(tasks[0].node, node_of(2));
    EXPECT_EQ(tasks[1].node, node_of(1));
    EXPECT_EQ(tasks[0].kind, DialKind::Dynamic);
}

TEST(DialScheduler, the_share_of_dialled_peers_is_kept) {
    DialScheduler s = make_scheduler(2);
    for (std::uint64_t i = 1; i <= 5; ++i) s.add_candidate(node_of(i), false);
    for (const DialTask& task : s.next(kNow)) s.on_connected(task.node, task.kind);
    // Inbound peers do not count.
    s.on_connected(node_of(100), std::nullopt);
    for (const DialTask& task : s.next(kNow)) EXPECT_EQ(task.kind, DialKind::Feeler);
    s.on_gone(id_of(1), kNow);
    const auto tasks = s.next(kNow);
    ASSERT_EQ(tasks.size(), 1U);
    EXPECT_EQ(tasks[0].kind, DialKind::Dynamic);
}

TEST(DialScheduler, static_nodes_are_dialled_whatever_the_limits) {
    DialScheduler s = make_scheduler(0);
    for (std::uint64_t i = 1; i <= 3; ++i) EXPECT_TRUE(s.add_static(node_of(i)));
    const auto tasks = s.next(kNow);
    ASSERT_EQ(tasks.size(), 3U);
    EXPECT_EQ(tasks[0].kind, DialKind::Static);
    EXPECT_TRUE(s.next(kNow).empty());
    s.remove_static(id_of(1));
    s.on_failed(id_of(1), kNow, false);
    EXPECT_TRUE(s.next(kNow + kRedialSecondsMax).empty());
}

TEST(DialScheduler, attempts_are_spaced_and_doubled_for_strangers) {
    DialScheduler s = make_scheduler(1);
    UnixSeconds now = kNow;
    UnixSeconds wait = kRedialSecondsMin;
    for (int i = 0; i < 10; ++i) {
        s.add_candidate(node_of(1), false);
        ASSERT_EQ(s.next(now).size(), 1U) << i;
        s.on_failed(id_of(1), now, false);
        s.add_candidate(node_of(1), false);
        EXPECT_TRUE(s.next(now + wait - 1).empty()) << i;
        now += wait;
        wait = std::min(2 * wait, kRedialSecondsMax);
    }
}

TEST(DialScheduler, a_static_node_is_retried_soon_even_if_it_was_useless) {
    DialScheduler s = make_scheduler(0);
    s.add_static(node_of(1));
    UnixSeconds now = kNow;
    for (int i = 0; i < 6; ++i) {
        ASSERT_EQ(s.next(now).size(), 1U);
        s.on_failed(id_of(1), now, true);
        ASSERT_TRUE(s.next_static_at());
        EXPECT_LE(*s.next_static_at(), now + 70);
        now = *s.next_static_at();
    }
}

TEST(DialScheduler, useless_strangers_are_left_alone) {
    DialScheduler s = make_scheduler(1);
    s.add_candidate(node_of(1), false);
    ASSERT_EQ(s.next(kNow).size(), 1U);
    s.on_failed(id_of(1), kNow, true);
    s.add_candidate(node_of(1), false);
    EXPECT_TRUE(s.next(kNow + kUselessSeconds - 1).empty());
    s.add_candidate(node_of(1), false);
    EXPECT_EQ(s.next(kNow + kUselessSeconds).size(), 1U);
}

TEST(DialScheduler, no_two_dialled_peers_share_a_subnet) {
    DialScheduler s = make_scheduler(5);
    Enode twin = node_of(1);
    twin.id = id_of(77);
    s.add_candidate(node_of(1), false);
    s.add_candidate(twin, false);
    EXPECT_EQ(s.next(kNow).size(), 1U);
    s.on_connected(node_of(1), DialKind::Dynamic);
    s.add_candidate(twin, false);
    EXPECT_TRUE(s.next(kNow).empty());
    // On one machine or in one house it is no sign of anything.
    for (std::uint64_t i = 200; i < 203; ++i)
        s.add_candidate({id_of(i), {*IpAddress::parse("127.0.0.1"), 1, 1}}, false);
    EXPECT_EQ(s.next(kNow).size(), 3U);
}

TEST(DialScheduler, ourselves_and_who_is_there_are_not_dialled) {
    DialScheduler s = make_scheduler(5);
    s.add_candidate(node_of(0), false);
    s.on_connected(node_of(1), std::nullopt);
    s.add_candidate(node_of(1), false);
    s.add_static(node_of(1));
    Enode no_port = node_of(2);
    no_port.endpoint.tcp_port = 0;
    s.add_candidate(no_port, false);
    EXPECT_TRUE(s.next(kNow).empty());
}

TEST(DialScheduler, outside_the_allowed_networks_nobody_is_dialled) {
    DialScheduler::Config config;
    config.allowed = *parse_networks("20.0.1.0/24");
    DialScheduler s{config};
    s.add_candidate(node_of(1), false);
    s.add_candidate(node_of(2), false);
    s.add_static(node_of(3));
    const auto tasks = s.next(kNow);
    ASSERT_EQ(tasks.size(), 1U);
    EXPECT_EQ(tasks[0].node, node_of(1));
}

TEST(DialScheduler, dials_under_way_and_candidates_are_bounded) {
    DialScheduler s = make_scheduler(1000);
    for (std::uint64_t i = 1; i <= 2 * kDialCandidatesMax; ++i) s.add_candidate(node_of(i), false);
    EXPECT_EQ(s.candidates(), kDialCandidatesMax);
    EXPECT_EQ(s.next(kNow).size(), kPendingDialsMax);
    EXPECT_TRUE(s.next(kNow).empty());
    for (std::uint64_t i = 0; i < kStaticNodesMax; ++i)
        EXPECT_TRUE(s.add_static(node_of(9000 + i)));
    EXPECT_FALSE(s.add_static(node_of(1)));
}

TEST(DialScheduler, a_full_node_sends_a_feeler_now_and_then) {
    DialScheduler s = make_scheduler(1);
    s.add_candidate(node_of(1), false);
    s.on_connected(s.next(kNow).at(0).node, DialKind::Dynamic);
    s.add_candidate(node_of(2), false);
    s.add_candidate(node_of(3), false);
    const auto tasks = s.next(kNow);
    ASSERT_EQ(tasks.size(), 1U);
    EXPECT_EQ(tasks[0].kind, DialKind::Feeler);
    s.on_failed(tasks[0].node.id, kNow, false);
    EXPECT_TRUE(s.next(kNow + kFeelerSeconds - 1).empty());
    EXPECT_EQ(s.next(kNow + kFeelerSeconds).size(), 1U);
}

}  // namespace
}  // namespace cairn::node
