// SPDX-License-Identifier: MIT
#include "node/net/peer_server.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <mutex>
#include <thread>

#include "core/base/system_error.hpp"
#include "node/net/session.hpp"
#include "tests/unit/node/net/support.hpp"

// Real sockets on 127.0.0.1: what cannot be seen without them.

namespace cairn::node {
namespace {

using namespace std::chrono_literals;

/// How long anything here may take on a machine with other work to do.
constexpr auto kPatience = 5min;

/// Notes what happens, and lets a test wait for it.
class Recorder : public EthHandler {
public:
    explicit Recorder(LocalChain chain) : chain_{std::move(chain)} {}

    LocalChain local_chain() override { return chain_; }
    void on_peer_ready(const PeerInfo& peer, const Status& status) override {
        note([&] {
            ready_.push_back(peer);
            statuses_.push_back(status);
        });
    }
    void on_message(PeerId peer, EthMessage message) override {
        note([&] { messages_.emplace_back(peer, std::move(message)); });
    }
    void on_peer_gone(PeerId peer) override {
        note([&] { gone_.push_back(peer); });
    }

    /// Whether the condition came true in time.
    template <class Condition>
    bool wait(Condition condition) {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, kPatience, [&] { return condition(*this); });
    }
    bool wait_ready(std::size_t count) {
        return wait([count](const Recorder& r) { return r.ready_.size() >= count; });
    }
    bool wait_gone(std::size_t count) {
        return wait([count](const Recorder& r) { return r.gone_.size() >= count; });
    }

    std::vector<PeerInfo> ready_;
    std::vector<Status> statuses_;
    std::vector<std::pair<PeerId, EthMessage>> messages_;
    std::vector<PeerId> gone_;

private:
    template <class Change>
    void note(Change change) {
        {
            const std::lock_guard lock{mutex_};
            change();
        }
        changed_.notify_all();
    }
    LocalChain chain_;
    std::mutex mutex_;
    std::condition_variable changed_;
};

/// Whether `condition` comes true in time.
template <class Condition>
bool eventually(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(20ms);
    }
    return true;
}

/// A node for which no time passes: on a machine with other work to do, nobody gives up an answer.
PeerServerConfig config_of(std::uint64_t seed) {
    PeerServerConfig config;
    config.key = key_of(seed);
    config.client = "node" + std::to_string(seed);
    config.listen_ip = IpAddress::parse("127.0.0.1");
    config.port = 0;
    config.is_discovering = false;
    config.clock = [] { return MonotonicMs{0}; };
    return config;
}

TEST(PeerServer, two_greet_and_exchange_messages) {
    Recorder a{test_chain()};
    Recorder b{test_chain()};
    PeerServer server_a{config_of(1)};
    server_a.start(a);
    auto config = config_of(2);
    config.static_nodes = {server_a.self()};
    PeerServer server_b{std::move(config)};
    server_b.start(b);
    ASSERT_TRUE(a.wait_ready(1));
    ASSERT_TRUE(b.wait_ready(1));
    EXPECT_EQ(a.ready_[0].client, "node2");
    EXPECT_TRUE(a.ready_[0].is_inbound);
    EXPECT_EQ(b.ready_[0].node, key_of(1).id);
    EXPECT_TRUE(b.ready_[0].is_static);
    EXPECT_EQ(b.ready_[0].version, EthVersion::Eth68);
    EXPECT_EQ(a.statuses_[0].head, test_chain().head);

    server_b.post([&] {
        EXPECT_EQ(server_b.door().send(b.ready_[0].id, GetBlockBodies{7, {}}, false),
                  SendOutcome::Queued);
        EXPECT_EQ(server_b.door().send(b.ready_[0].id, GetNodeData{}, false), SendOutcome::NoPeer);
        EXPECT_EQ(server_b.door().send(12345, GetBlockBodies{7, {}}, false), SendOutcome::NoPeer);
    });
    ASSERT_TRUE(a.wait([](const Recorder& r) { return !r.messages_.empty(); }));
    EXPECT_EQ(std::get<GetBlockBodies>(a.messages_[0].second).request_id, 7U);

    const auto peers = server_a.peers();
    ASSERT_EQ(peers.size(), 1U);
    EXPECT_EQ(peers[0].info.client, "node2");
    const auto code = static_cast<std::size_t>(EthCode::GetBlockBodies);
    EXPECT_EQ(server_a.metrics().received[code].messages.value(), 1U);
    EXPECT_EQ(server_a.metrics().received[code].bytes.value(),
              server_b.metrics().sent[code].bytes.value());
    EXPECT_GT(server_b.metrics().bytes_received.value(), 0U);

    server_b.stop();
    ASSERT_TRUE(a.wait_gone(1));
    EXPECT_EQ(a.gone_[0], a.ready_[0].id);
    const auto quitting = static_cast<std::size_t>(DisconnectReason::ClientQuitting);
    EXPECT_EQ(server_a.metrics().disconnects_received[quitting].value(), 1U);
}

/// Half a megabyte that does not compress.
GetPooledTransactions large_request() {
    GetPooledTransactions request;
    request.hashes.resize(kAnnouncedTxsMax);
    const RandomFill random = seeded(9);
    for (TxHash& hash : request.hashes) random(hash.bytes);
    return request;
}

TEST(PeerServer, large_messages_pass_both_ways_at_once) {
    Recorder a{test_chain()};
    Recorder b{test_chain()};
    PeerServer server_a{config_of(1)};
    server_a.start(a);
    auto config = config_of(2);
    config.static_nodes = {server_a.self()};
    PeerServer server_b{std::move(config)};
    server_b.start(b);
    ASSERT_TRUE(a.wait_ready(1) && b.wait_ready(1));
    const GetPooledTransactions request = large_request();
    server_a.post([&] { server_a.door().send(a.ready_[0].id, request, false); });
    server_b.post([&] { server_b.door().send(b.ready_[0].id, request, false); });
    for (Recorder* r : {&a, &b}) {
        ASSERT_TRUE(r->wait([](const Recorder& x) { return !x.messages_.empty(); }));
        EXPECT_EQ(std::get<GetPooledTransactions>(r->messages_[0].second).hashes, request.hashes);
    }
}

TEST(PeerServer, what_waits_for_a_slow_peer_is_bounded_and_gossip_gives_way_first) {
    Recorder a{test_chain()};
    Recorder b{test_chain()};
    PeerServer server_a{config_of(1)};
    server_a.start(a);
    auto config = config_of(2);
    config.static_nodes = {server_a.self()};
    PeerServer server_b{std::move(config)};
    server_b.start(b);
    ASSERT_TRUE(a.wait_ready(1) && b.wait_ready(1));
    const GetPooledTransactions message = large_request();
    constexpr std::size_t kBytes = kAnnouncedTxsMax * 33;
    // What the system's own buffers may have taken meanwhile.
    constexpr std::size_t kInSystemMax = std::size_t{8} << 20;
    std::size_t until_dropped = 0;
    std::size_t until_closed = 0;
    std::promise<void> done;
    // All in one turn of the network's thread, in which nothing is written but by the first send.
    server_b.post([&] {
        PeerDoor& door = server_b.door();
        const PeerId peer = b.ready_[0].id;
        while (until_dropped < 100 && door.send(peer, message, true) == SendOutcome::Queued)
            ++until_dropped;
        EXPECT_EQ(door.send(peer, message, true), SendOutcome::Dropped);
        until_closed = until_dropped;
        SendOutcome last = SendOutcome::Queued;
        while (until_closed < 100 &&
               (last = door.send(peer, message, false)) == SendOutcome::Queued)
            ++until_closed;
        EXPECT_EQ(last, SendOutcome::TooSlow) << "what is no gossip is taken up to the bound";
        done.set_value();
    });
    done.get_future().wait();
    EXPECT_GT(until_dropped * kBytes, kSendQueueGossipMax);
    EXPECT_LT(until_dropped * kBytes, kSendQueueGossipMax + kInSystemMax);
    EXPECT_GT((until_closed + 1) * kBytes, kSendQueueBytesMax);
    EXPECT_LT(until_closed * kBytes, kSendQueueBytesMax + kInSystemMax);
    EXPECT_EQ(server_b.metrics().gossip_dropped.value(), 2U);
    EXPECT_TRUE(b.wait_gone(1));
    EXPECT_TRUE(a.wait_gone(1));
}

TEST(PeerServer, an_operator_learns_why_a_named_node_does_not_stick) {
    Recorder a{test_chain(1)};
    Recorder b{test_chain(2)};
    PeerServer server_a{config_of(1)};
    server_a.start(a);
    std::mutex mutex;
    std::vector<std::string> warnings;
    auto config = config_of(2);
    config.log = [&](NetLogLevel level, const std::string& text) {
        const std::lock_guard lock{mutex};
        if (level == NetLogLevel::Warn) warnings.push_back(text);
    };
    PeerServer server_b{std::move(config)};
    server_b.start(b);
    const Enode other_chain = server_a.self();
    // Nobody listens at port 1.
    const Enode nobody{key_of(3).id, {*IpAddress::parse("127.0.0.1"), 1, 1}};
    // Somebody else lives there.
    const Enode other_key{key_of(4).id, other_chain.endpoint};
    for (const Enode& node : {other_chain, nobody, other_key})
        EXPECT_TRUE(server_b.add_static(node));
    ASSERT_TRUE(eventually([&] {
        const auto nodes = server_b.static_nodes();
        return std::ranges::none_of(nodes, [](const auto& n) { return n.last_failure.empty(); });
    }));
    for (const StaticNodeReport& report : server_b.static_nodes()) {
        EXPECT_FALSE(report.is_connected);
        if (report.node == other_chain) {
            EXPECT_NE(report.last_failure.find("other genesis block"), std::string::npos)
                << report.last_failure;
        } else if (report.node == nobody) {
            EXPECT_NE(report.last_failure.find("cannot connect"), std::string::npos)
                << report.last_failure;
        }
    }
    const std::lock_guard lock{mutex};
    EXPECT_EQ(warnings.size(), 3U);
    EXPECT_TRUE(b.ready_.empty());
}

TEST(PeerServer, beyond_the_limit_only_trusted_nodes_are_let_in) {
    Recorder a{test_chain()};
    auto config = config_of(1);
    config.peers_max = 1;
    config.trusted_nodes = {key_of(4).id};
    PeerServer server_a{std::move(config)};
    server_a.start(a);
    std::vector<std::unique_ptr<Recorder>> recorders;
    std::vector<std::unique_ptr<PeerServer>> servers;
    for (std::uint64_t seed = 2; seed <= 4; ++seed) {
        recorders.push_back(std::make_unique<Recorder>(test_chain()));
        auto dialling = config_of(seed);
        dialling.static_nodes = {server_a.self()};
        servers.push_back(std::make_unique<PeerServer>(std::move(dialling)));
        servers.back()->start(*recorders.back());
        if (seed == 3) {
            ASSERT_TRUE(eventually(
                [&] { return !servers.back()->static_nodes().at(0).last_failure.empty(); }));
            EXPECT_NE(servers.back()->static_nodes()[0].last_failure.find("too many peers"),
                      std::string::npos);
        } else {
            ASSERT_TRUE(recorders.back()->wait_ready(1)) << seed;
        }
    }
    EXPECT_EQ(server_a.peer_count(), 2U);
}

TEST(PeerServer, a_penalised_peer_is_banned_until_forgiven) {
    Recorder a{test_chain()};
    Recorder b{test_chain()};
    PeerServer server_a{config_of(1)};
    server_a.start(a);
    auto config = config_of(2);
    config.static_nodes = {server_a.self()};
    PeerServer server_b{std::move(config)};
    server_b.start(b);
    ASSERT_TRUE(a.wait_ready(1));
    server_a.post([&] { server_a.door().penalise(a.ready_[0].id, kBanScore - 1, "first"); });
    EXPECT_TRUE(eventually([&] { return server_a.peers().at(0).score > 0; }));
    server_a.post([&] { server_a.door().penalise(a.ready_[0].id, 1, "second"); });
    ASSERT_TRUE(a.wait_gone(1));
    EXPECT_EQ(server_a.metrics().bans.value(), 1U);
    // The operator's word weighs more: naming the node lets it come back, dialled from our side.
    Enode self_b = server_b.self();
    ASSERT_TRUE(server_a.add_static(self_b));
    EXPECT_TRUE(a.wait_ready(2));
}

TEST(PeerServer, a_hello_with_a_goodbye_behind_it_in_one_piece_ends_the_connection_alone) {
    Recorder a{test_chain()};
    PeerServer server{config_of(1)};
    server.start(a);
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(server.self().endpoint.tcp_port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(::connect(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
    const NodeKey key = key_of(2);
    Session session{{&key, "b", 1, eth_capabilities()}, key_of(1).id, seeded(5), 0};
    const auto send_all = [&] {
        const Bytes out = session.take_output();
        ASSERT_EQ(::send(fd, out.data(), out.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(out.size()));
    };
    send_all();
    // Until the handshake is answered; our Hello waits then.
    Bytes chunk(4096);
    Bytes hello;
    while (hello.empty()) {
        const ssize_t n = ::recv(fd, chunk.data(), chunk.size(), 0);
        ASSERT_GT(n, 0);
        session.receive(ByteView{chunk}.first(static_cast<std::size_t>(n)), 0);
        hello = session.take_output();
    }
    session.close(DisconnectReason::TooManyPeers, "no place");
    append(hello, session.take_output());
    ASSERT_EQ(::send(fd, hello.data(), hello.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(hello.size()));
    const auto reason = static_cast<std::size_t>(DisconnectReason::TooManyPeers);
    EXPECT_TRUE(
        eventually([&] { return server.metrics().disconnects_received[reason].value() == 1; }));
    ::close(fd);
    EXPECT_EQ(server.peer_count(), 0U);
    EXPECT_TRUE(a.ready_.empty());
}

TEST(PeerServer, outside_the_allowed_networks_no_byte_is_read) {
    Recorder a{test_chain()};
    Recorder b{test_chain()};
    auto restricted = config_of(1);
    restricted.allowed = *parse_networks("10.0.0.0/8");
    PeerServer server_a{std::move(restricted)};
    server_a.start(a);
    auto config = config_of(2);
    config.static_nodes = {server_a.self()};
    PeerServer server_b{std::move(config)};
    server_b.start(b);
    ASSERT_TRUE(eventually([&] { return server_a.metrics().inbound_refused.value() > 0; }));
    EXPECT_EQ(server_a.metrics().bytes_received.value(), 0U);
}

TEST(PeerServer, nodes_with_one_boot_node_find_each_other) {
    constexpr std::size_t kNodes = 5;
    std::vector<std::unique_ptr<Recorder>> recorders;
    std::vector<std::unique_ptr<PeerServer>> servers;
    for (std::size_t i = 0; i < kNodes; ++i) {
        recorders.push_back(std::make_unique<Recorder>(test_chain()));
        auto config = config_of(10 + i);
        config.is_discovering = true;
        config.clock = {};  // who does not answer in time is asked again
        if (i > 0) config.bootnodes = {servers[0]->self()};
        servers.push_back(std::make_unique<PeerServer>(std::move(config)));
        servers.back()->start(*recorders.back());
    }
    EXPECT_TRUE(servers[1]->record().starts_with("enr:"));
    EXPECT_TRUE(eventually([&] {
        return std::ranges::all_of(servers, [](const auto& s) { return s->peer_count() >= 2; });
    }));
}

TEST(PeerServer, a_taken_port_is_said) {
    PeerServer server_a{config_of(1)};
    auto config = config_of(2);
    config.port = server_a.self().endpoint.tcp_port;
    EXPECT_THROW((PeerServer{std::move(config)}), SystemError);
}

TEST(PeerServer, the_node_database_brings_a_former_peer_back) {
    std::string folder = (std::filesystem::temp_directory_path() / "cairn-peers-XXXXXX").string();
    ASSERT_NE(::mkdtemp(folder.data()), nullptr);
    const auto file = std::filesystem::path{folder} / "nodes";
    Recorder a{test_chain()};
    PeerServer server_a{config_of(1)};
    server_a.start(a);
    {
        Recorder b{test_chain()};
        auto config = config_of(2);
        config.node_db_file = file;
        config.static_nodes = {server_a.self()};
        PeerServer server_b{std::move(config)};
        server_b.start(b);
        ASSERT_TRUE(b.wait_ready(1));
        ASSERT_TRUE(a.wait_ready(1));
    }
    // Before that it would be refused as connected already.
    ASSERT_TRUE(a.wait_gone(1));
    Recorder b{test_chain()};
    auto config = config_of(2);
    config.node_db_file = file;
    PeerServer server_b{std::move(config)};
    server_b.start(b);
    EXPECT_TRUE(b.wait_ready(1));
    EXPECT_FALSE(b.ready_.empty() || b.ready_[0].is_static);
    server_b.stop();
    std::filesystem::remove_all(folder);
}

TEST(PeerServer, tasks_run_on_its_thread_at_once_and_later) {
    Recorder a{test_chain()};
    PeerServer server{config_of(1)};
    server.start(a);
    std::atomic<int> ran{0};
    server.post([&] { ++ran; });
    server.post_after(30, [&] { ran += 10; });
    EXPECT_TRUE(eventually([&] { return ran == 11; }));
    server.stop();
    server.stop();
    server.post([&] { ++ran; });
    EXPECT_EQ(server.peer_count(), 0U);
    EXPECT_EQ(ran, 11);
}

}  // namespace
}  // namespace cairn::node
