// SPDX-License-Identifier: MIT
#include "node/net/discovery.hpp"

#include <gtest/gtest.h>

#include <map>
#include <memory>

#include "tests/unit/node/net/support.hpp"

namespace cairn::node {
namespace {

/// Some nodes, a virtual clock, and datagrams that arrive after ten milliseconds.
class Internet : public testing::Test {
protected:
    struct Host {
        std::unique_ptr<NodeKey> key;
        UdpAddress address;
        std::unique_ptr<Discovery> discovery;
        std::vector<DiscoveryEvent> events;
        bool is_silent = false;
    };
    struct Flying {
        MonotonicMs at = 0;
        UdpAddress from;
        Datagram datagram;
    };
    static constexpr UnixSeconds kStart = 1'700'000'000;

    std::vector<std::unique_ptr<Host>> hosts_;
    std::vector<Flying> flying_;
    Moment now_{1, kStart};
    std::size_t delivered_ = 0;

    static UdpAddress address_of(std::size_t i) {
        const std::array<std::uint8_t, 4> ip{20, static_cast<std::uint8_t>(i), 0, 1};
        return {*IpAddress::from_bytes(ip), 30303};
    }
    Enode enode(std::size_t i) const {
        const UdpAddress& a = hosts_[i]->address;
        return {hosts_[i]->key->id, {a.ip, a.port, 30303}};
    }
    Host& add_host(std::vector<Enode> bootnodes, Discovery::Config config = {}) {
        auto host = std::make_unique<Host>();
        const std::size_t i = hosts_.size();
        host->key = std::make_unique<NodeKey>(key_of(100 + i));
        host->address = address_of(i);
        config.key = host->key.get();
        if (config.endpoint == Endpoint{}) config.endpoint = {host->address.ip, 30303, 30303};
        config.bootnodes = std::move(bootnodes);
        host->discovery = std::make_unique<Discovery>(config, seeded(i), now_);
        hosts_.push_back(std::move(host));
        return *hosts_.back();
    }
    void collect(Host& host) {
        for (Datagram& datagram : host.discovery->take_output())
            if (!host.is_silent)
                flying_.push_back({now_.ms + 10, host.address, std::move(datagram)});
        for (auto& event : host.discovery->take_events()) host.events.push_back(std::move(event));
    }
    void deliver() {
        std::vector<Flying> due;
        std::erase_if(flying_, [&](Flying& f) {
            if (f.at > now_.ms) return false;
            due.push_back(std::move(f));
            return true;
        });
        for (const Flying& f : due)
            for (auto& host : hosts_)
                if (host->address == f.datagram.to && !host->is_silent) {
                    ++delivered_;
                    host->discovery->receive(f.datagram.bytes, f.from, now_);
                }
    }
    void run(MonotonicMs ms) {
        const MonotonicMs end = now_.ms + ms;
        for (; now_.ms < end; now_.ms += 10, now_.seconds = kStart + now_.ms / 1000) {
            for (auto& host : hosts_) {
                if (host->discovery->deadline() <= now_.ms) host->discovery->tick(now_);
                collect(*host);
            }
            deliver();
            for (auto& host : hosts_) collect(*host);
        }
    }
    /// Hands one packet of `key` to a host, and gives back what the host sends.
    std::vector<Datagram> answer(Host& host, const NodeKey& key, const discv4::Message& message,
                                 const UdpAddress& from) {
        (void)host.discovery->take_output();
        host.discovery->receive(discv4::encode_packet(key, message).bytes, from, now_);
        return host.discovery->take_output();
    }
};

template <class T>
std::size_t count_of(const std::vector<DiscoveryEvent>& events) {
    return static_cast<std::size_t>(std::ranges::count_if(
        events, [](const auto& event) { return std::holds_alternative<T>(event); }));
}

TEST_F(Internet, two_nodes_bond_and_find_each_other) {
    add_host({});
    Discovery::Config config;
    config.fork_id = chain::ForkId{0x01020304, 5};
    add_host({enode(0)}, config);
    run(3000);
    EXPECT_TRUE(hosts_[0]->discovery->table().is_verified(hosts_[1]->key->id));
    EXPECT_TRUE(hosts_[1]->discovery->table().is_verified(hosts_[0]->key->id));
    ASSERT_GE(count_of<NodeFound>(hosts_[0]->events), 1U);
    for (const auto& event : hosts_[0]->events)
        if (const auto* found = std::get_if<NodeFound>(&event)) {
            EXPECT_EQ(found->node, enode(1));
            EXPECT_EQ(found->fork_id, config.fork_id);
        }
}

TEST_F(Internet, thirty_nodes_with_one_boot_node_all_meet) {
    add_host({});
    for (int i = 1; i < 30; ++i) add_host({enode(0)});
    run(60'000);
    for (const auto& host : hosts_)
        EXPECT_GE(host->discovery->table().verified_count(), 15U) << host->address.ip.to_string();
    EXPECT_EQ(hosts_[3]->discovery->lookups_running(), 0U);
}

TEST_F(Internet, a_lookup_reaches_nodes_that_only_others_know) {
    add_host({});
    for (int i = 1; i < 20; ++i) add_host({enode(0)});
    run(40'000);
    Host& late = add_host({enode(0)});
    run(20'000);
    late.events.clear();
    ASSERT_TRUE(late.discovery->start_lookup(hosts_[7]->key->id, now_));
    run(5000);
    ASSERT_EQ(count_of<LookupDone>(late.events), 1U);
    for (const auto& event : late.events)
        if (const auto* done = std::get_if<LookupDone>(&event)) {
            EXPECT_EQ(done->nodes.front().id, hosts_[7]->key->id);
        }
}

TEST_F(Internet, lookups_are_bounded_in_number) {
    add_host({});
    for (std::uint8_t i = 0; i < 12; ++i) {
        const std::array<std::uint8_t, 4> ip{21, i, 0, 1};
        hosts_[0]->discovery->add_nodes({{key_of(900 + i).id, {*IpAddress::from_bytes(ip), 1, 1}}},
                                        now_);
    }
    std::size_t started = 0;
    for (int i = 0; i < 10; ++i)
        if (hosts_[0]->discovery->start_random_lookup(now_)) ++started;
    EXPECT_EQ(started, kLookupsMax);
}

TEST_F(Internet, silent_nodes_leave_the_table) {
    add_host({});
    for (int i = 1; i < 4; ++i) add_host({enode(0)});
    run(20'000);
    ASSERT_NE(hosts_[0]->discovery->table().find(hosts_[1]->key->id), nullptr);
    hosts_[1]->is_silent = true;
    run(600'000);
    EXPECT_EQ(hosts_[0]->discovery->table().find(hosts_[1]->key->id), nullptr);
    EXPECT_NE(hosts_[0]->discovery->table().find(hosts_[2]->key->id), nullptr);
}

TEST_F(Internet, findnode_without_endpoint_proof_is_not_answered) {
    Host& host = add_host({});
    const NodeKey stranger = key_of(999);
    const UdpAddress victim{*IpAddress::parse("20.77.0.1"), 1000};
    EXPECT_TRUE(
        answer(host, stranger, discv4::FindNode{stranger.id, now_.seconds + 20}, victim).empty());
    EXPECT_TRUE(answer(host, stranger, discv4::EnrRequest{now_.seconds + 20}, victim).empty());
}

TEST_F(Internet, a_ping_is_answered_and_asked_back_once) {
    Host& host = add_host({});
    const NodeKey stranger = key_of(999);
    const UdpAddress from{*IpAddress::parse("20.77.0.1"), 1000};
    discv4::Ping ping;
    ping.from = {IpAddress{}, 0, 4000};
    ping.expiration = now_.seconds + 20;
    const auto packet = discv4::encode_packet(stranger, ping);
    (void)host.discovery->take_output();
    host.discovery->receive(packet.bytes, from, now_);
    const auto output = host.discovery->take_output();
    ASSERT_EQ(output.size(), 2U);
    const auto pong = discv4::decode_packet(output[0].bytes);
    EXPECT_EQ(std::get<discv4::Pong>(pong->message).ping_hash, packet.hash);
    EXPECT_EQ(std::get<discv4::Pong>(pong->message).to.ip, from.ip);
    const auto back = discv4::decode_packet(output[1].bytes);
    EXPECT_TRUE(std::holds_alternative<discv4::Ping>(back->message));
    // While that is under way, the next gets a pong only.
    EXPECT_EQ(answer(host, stranger, ping, from).size(), 1U);
}

TEST_F(Internet, expired_packets_are_ignored) {
    Host& host = add_host({});
    const UdpAddress from{*IpAddress::parse("20.77.0.1"), 1000};
    discv4::Ping ping;
    ping.expiration = now_.seconds - 2;
    EXPECT_TRUE(answer(host, key_of(999), ping, from).empty());
    ping.expiration = now_.seconds - 1;
    EXPECT_FALSE(answer(host, key_of(999), ping, from).empty());
}

TEST_F(Internet, pongs_must_answer_our_ping_and_come_from_where_it_went) {
    Host& host = add_host({});
    const NodeKey other = key_of(999);
    const UdpAddress there{*IpAddress::parse("20.77.0.1"), 1000};
    const UdpAddress elsewhere{*IpAddress::parse("20.78.0.1"), 1000};
    host.discovery->add_nodes({{other.id, {there.ip, there.port, 1}}}, now_);
    const auto ping = discv4::decode_packet(host.discovery->take_output().front().bytes);
    discv4::Pong pong;
    pong.expiration = now_.seconds + 20;
    (void)answer(host, other, pong, there);  // another hash
    EXPECT_FALSE(host.discovery->table().is_verified(other.id));
    pong.ping_hash = ping->hash;
    (void)answer(host, other, pong, elsewhere);
    EXPECT_FALSE(host.discovery->table().is_verified(other.id));
    (void)answer(host, key_of(998), pong, there);
    EXPECT_FALSE(host.discovery->table().is_verified(other.id));
    (void)answer(host, other, pong, there);
    EXPECT_TRUE(host.discovery->table().is_verified(other.id));
}

TEST_F(Internet, one_address_has_its_share_of_answers_in_a_second) {
    Host& host = add_host({});
    const UdpAddress from{*IpAddress::parse("20.77.0.1"), 1000};
    discv4::Ping ping;
    ping.expiration = now_.seconds + 20;
    std::size_t answered = 0;
    for (std::uint64_t i = 0; i < 3 * kPacketsPerSecondPerIp; ++i) {
        ping.version = i;
        if (!answer(host, key_of(500), ping, from).empty()) ++answered;
    }
    EXPECT_EQ(answered, kPacketsPerSecondPerIp);
    now_.ms += 1000;
    EXPECT_FALSE(answer(host, key_of(500), ping, from).empty());
}

TEST_F(Internet, all_addresses_together_have_their_share_of_answers_in_a_second) {
    Host& host = add_host({});
    discv4::Ping ping;
    ping.expiration = now_.seconds + 20;
    const NodeKey stranger = key_of(500);
    std::size_t answered = 0;
    const auto ask = [&](std::size_t i) {
        const std::array<std::uint8_t, 4> ip{22, static_cast<std::uint8_t>(i >> 8),
                                             static_cast<std::uint8_t>(i), 1};
        if (!answer(host, stranger, ping, {*IpAddress::from_bytes(ip), 1}).empty()) ++answered;
    };
    for (std::size_t i = 0; i < kPacketsPerSecond + 50; ++i) ask(i);
    EXPECT_EQ(answered, kPacketsPerSecond);
    now_.ms += 1000;
    ask(1);
    EXPECT_EQ(answered, kPacketsPerSecond + 1);
}

TEST_F(Internet, strangers_cannot_make_us_hold_more_than_the_bound_of_requests) {
    Host& host = add_host({});
    discv4::Ping ping;
    ping.expiration = now_.seconds + 20;
    for (std::size_t i = 0; i < kDiscoveryRequestsMax + 50; ++i) {
        const std::array<std::uint8_t, 4> ip{21, static_cast<std::uint8_t>(i >> 8),
                                             static_cast<std::uint8_t>(i), 1};
        (void)answer(host, key_of(5000 + i), ping, {*IpAddress::from_bytes(ip), 1});
    }
    EXPECT_EQ(host.discovery->requests_pending(), kDiscoveryRequestsMax);
}

TEST_F(Internet, outside_the_allowed_networks_nobody_exists) {
    Discovery::Config config;
    config.allowed = *parse_networks("20.0.0.0/16");
    add_host({}, config);
    add_host({enode(0)});  // at 20.1.0.1
    run(2000);
    EXPECT_EQ(hosts_[0]->discovery->table().size(), 0U);
    EXPECT_EQ(hosts_[0]->discovery->requests_pending(), 0U);
}

TEST_F(Internet, our_address_is_learnt_from_many_and_the_record_renewed) {
    Discovery::Config config;
    config.endpoint = {IpAddress{}, 30303, 30303};
    add_host({}, config);
    const std::uint64_t seq = hosts_[0]->discovery->record().seq();
    EXPECT_FALSE(hosts_[0]->discovery->record().endpoint4());
    for (std::size_t i = 1; i < 15; ++i) add_host({enode(0)});
    run(60'000);
    EXPECT_EQ(count_of<EndpointChanged>(hosts_[0]->events), 1U);
    EXPECT_GT(hosts_[0]->discovery->record().seq(), seq);
    EXPECT_EQ(hosts_[0]->discovery->record().endpoint4()->ip, hosts_[0]->address.ip);
}

TEST_F(Internet, a_fixed_address_is_kept) {
    Discovery::Config config;
    config.endpoint = {*IpAddress::parse("50.1.1.1"), 30303, 30303};
    config.is_endpoint_fixed = true;
    add_host({}, config);
    for (std::size_t i = 1; i < 15; ++i) add_host({enode(0)});
    run(30'000);
    EXPECT_EQ(count_of<EndpointChanged>(hosts_[0]->events), 0U);
}

TEST_F(Internet, an_address_that_a_gateway_told_stays) {
    Host& host = add_host({});
    const std::uint64_t seq = host.discovery->record().seq();
    const IpAddress told = *IpAddress::parse("50.1.1.1");
    host.discovery->set_external_ip(told);
    host.discovery->set_external_ip(told);
    EXPECT_EQ(host.discovery->record().seq(), seq + 1);
    for (std::size_t i = 1; i < 15; ++i) add_host({enode(0)});
    run(30'000);
    EXPECT_EQ(host.discovery->record().endpoint4()->ip, told);
}

TEST_F(Internet, a_passed_fork_renews_the_record_once) {
    Host& host = add_host({});
    const std::uint64_t seq = host.discovery->record().seq();
    host.discovery->set_fork_id({1, 2});
    host.discovery->set_fork_id({1, 2});
    EXPECT_EQ(host.discovery->record().seq(), seq + 1);
    EXPECT_EQ(host.discovery->record().fork_id(), (chain::ForkId{1, 2}));
}

}  // namespace
}  // namespace cairn::node
