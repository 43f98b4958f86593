// SPDX-License-Identifier: MIT
// admin_addPeer tells the truth about a peer that does not stick, in its answer and in the log as it
// is by default; metrics add up.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <sstream>

#include "tests/functional/ledger/ledger_fixture.hpp"
#include "tests/functional/network/farm.hpp"
#include "tests/functional/network/loopback.hpp"
#include "tests/functional/node/running_node.hpp"
#include "tests/support/reserved_port.hpp"

namespace cairn::test {
namespace {

using Json = nlohmann::json;

/// A node of a network of its own; its data goes with it.
class Loner {
public:
    explicit Loner(const std::string& genesis, const std::vector<std::string>& more = {}) {
        const std::string data = (folder_.path() / "data").string();
        const auto made = run_program(
            CAIRN_NODE, {"init", folder_.write("genesis.json", genesis), "--datadir", data});
        EXPECT_EQ(made.exit_code, 0) << made.err;
        std::vector<std::string> arguments{
            "--datadir",   data,           "--addr",       "127.0.0.1",
            "--port",      "0",            "--nodiscover", "--ipcdisable",
            "--http.api",  "eth,net,admin,cairn,miner",    "--miner.etherbase",
            "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        node_ = std::make_unique<RunningNode>(std::move(arguments));
    }
    [[nodiscard]] RunningNode& node() { return *node_; }
    [[nodiscard]] std::string enode() { return node_->call("admin_nodeInfo").at("enode"); }

private:
    TemporaryFolder folder_;
    std::unique_ptr<RunningNode> node_;
};

/// How long admin_addPeer waits for what comes of a dial.
constexpr std::chrono::seconds kDialPatience{3};

/// Expects that adding `enode` gives a peer, the only one. A machine with other work to do may keep
/// the nodes from greeting each other in time; then it is tried again.
void expect_to_stick(RunningNode& from, const std::string& enode) {
    EXPECT_TRUE(eventually([&] {
        const auto began = std::chrono::steady_clock::now();
        const bool is_added = from.answer("admin_addPeer", {enode}).value("result", false);
        const bool is_in_time = std::chrono::steady_clock::now() - began < kDialPatience;
        const bool is_peer = from.call("net_peerCount") == "0x1";
        if (is_added && is_in_time) {
            EXPECT_TRUE(is_peer) << "true means that it is a peer";
        }
        return is_added && is_peer;
    })) << from.output();
}

/// Makes a block out of what the node's pool has.
void mine_one(RunningNode& node) {
    EXPECT_TRUE(eventually([&] {
        const Json work = node.answer("eth_getWork");
        if (!work.contains("result")) return false;
        const Json params{"0x0000000000000000", work.at("result").at(0), "0x" + std::string(64, '0')};
        return node.answer("eth_submitWork", params).value("result", false);
    })) << node.output();
}

/// Expects that adding `enode` fails for `reason`, and that the log and cairn_staticNodes say so. It
/// is tried again like one that is to stick.
void expect_refusal(Loner& from, const std::string& enode, const std::string& reason) {
    Json error;
    EXPECT_TRUE(eventually([&] {
        error = from.node().answer("admin_addPeer", {enode});
        return error.contains("error") &&
               error.at("error").at("message").get<std::string>().find(reason) != std::string::npos;
    })) << error;
    const std::string log = from.node().output();
    const auto at = log.find("did not stick: ");
    ASSERT_NE(at, std::string::npos) << log;
    EXPECT_NE(log.find(reason, at), std::string::npos) << log;
    const Json nodes = from.node().call("cairn_staticNodes");
    ASSERT_EQ(nodes.size(), 1U);
    EXPECT_EQ(nodes[0].at("connected"), false);
    EXPECT_NE(nodes[0].at("lastFailure").get<std::string>().find(reason), std::string::npos);
    EXPECT_EQ(from.node().call("net_peerCount"), "0x0");
}

std::string with_replaced(std::string text, const std::string& what, const std::string& by) {
    return text.replace(text.find(what), what.size(), by);
}

TEST(AddPeer, a_peer_that_sticks_is_told_of_at_once_and_once_more) {
    Loner a{ledger_genesis_text()};
    Loner b{ledger_genesis_text()};
    expect_to_stick(a.node(), b.enode());
    EXPECT_EQ(a.node().call("admin_addPeer", {b.enode()}), true);
    EXPECT_EQ(b.node().call("admin_addPeer", {a.enode()}), true) << "connected the other way round";
    EXPECT_EQ(a.node().call("net_peerCount"), "0x1");
}

TEST(AddPeer, says_that_the_genesis_block_is_another) {
    Loner a{ledger_genesis_text()};
    Loner b{with_replaced(ledger_genesis_text(), "0xf4240", "0xf4241")};
    expect_refusal(a, b.enode(), "other genesis block");
}

TEST(AddPeer, says_that_the_network_id_is_another) {
    Loner a{ledger_genesis_text()};
    Loner b{ledger_genesis_text(), {"--networkid", "77"}};
    expect_refusal(a, b.enode(), "other network id");
}

TEST(AddPeer, says_that_the_fork_id_does_not_fit) {
    // The same block 0; but one's chain has passed a fork of which the other knows nothing.
    Loner a{ledger_genesis_text()};
    Loner b{with_replaced(ledger_genesis_text(), "\"londonBlock\": 0,",
                          "\"londonBlock\": 0, \"arrowGlacierBlock\": 1,")};
    mine_one(b.node());
    ASSERT_TRUE(eventually([&] { return b.node().call("eth_blockNumber") == "0x1"; }));
    expect_refusal(a, b.enode(), "fork id");
    expect_refusal(b, a.enode(), "fork id");
}

TEST(AddPeer, says_that_the_port_is_closed) {
    Loner a{ledger_genesis_text()};
    Loner b{ledger_genesis_text()};
    const ReservedPort closed;
    const std::string enode = b.enode();
    expect_refusal(a, enode.substr(0, enode.find('@')) + "@127.0.0.1:" + std::to_string(closed.port()),
                   "cannot connect");
}

TEST(AddPeer, says_that_there_are_too_many_peers) {
    Loner full{ledger_genesis_text(), {"--maxpeers", "1"}};
    Loner first{ledger_genesis_text()};
    Loner second{ledger_genesis_text()};
    expect_to_stick(first.node(), full.enode());
    expect_refusal(second, full.enode(), "too many peers");
}

TEST(AddPeer, says_that_another_key_lives_there) {
    Loner a{ledger_genesis_text()};
    Loner b{ledger_genesis_text()};
    Loner c{ledger_genesis_text()};
    const std::string b_url = b.enode();
    const std::string c_url = c.enode();
    expect_refusal(a, b_url.substr(0, b_url.find('@')) + c_url.substr(c_url.find('@')),
                   "another key lives there");
}

TEST(AddPeer, says_that_a_node_is_itself_or_may_not_be_dialled) {
    Loner a{ledger_genesis_text()};
    expect_refusal(a, a.enode(), "this node itself");
    Loner b{ledger_genesis_text(), {"--netrestrict", "10.0.0.0/8"}};
    expect_refusal(b, a.enode(), "--netrestrict");
}

/// Sum of the values of a metric over its labels.
std::uint64_t sum_of(const std::string& text, const std::string& name) {
    std::istringstream lines{text};
    std::uint64_t sum = 0;
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with(name + "{") || line.starts_with(name + " "))
            sum += std::stoull(line.substr(line.rfind(' ') + 1));
    return sum;
}

/// The page of metrics at a port; empty where nobody answers.
std::string metrics_at(std::uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    const sockaddr_in at = loopback(port);
    std::string page;
    const std::string question = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0 &&
        ::send(fd, question.data(), question.size(), MSG_NOSIGNAL) > 0) {
        std::array<char, 4096> buffer;
        for (ssize_t n = 0; (n = ::recv(fd, buffer.data(), buffer.size(), 0)) > 0;)
            page.append(buffer.data(), static_cast<std::size_t>(n));
    }
    ::close(fd);
    return page;
}

TEST(NetworkMetrics, count_every_message_and_byte) {
    const ReservedPort ports[2];
    const std::uint16_t a_port = ports[0].port();
    const std::uint16_t b_port = ports[1].port();
    Loner a{ledger_genesis_text(), {"--metrics", "--metrics.port", std::to_string(a_port)}};
    Loner b{ledger_genesis_text(), {"--metrics", "--metrics.port", std::to_string(b_port)}};
    expect_to_stick(a.node(), b.enode());
    mine_one(a.node());
    ASSERT_TRUE(eventually([&] { return b.node().call("eth_blockNumber") == "0x1"; }));
    // What one sends the other receives, message for message, and messages make up the bytes. They
    // are read one after the other, so that a ping between two readings is waited out.
    ASSERT_TRUE(eventually([&] {
        const std::string ours = metrics_at(a_port);
        const std::string theirs = metrics_at(b_port);
        const auto is_whole = [](const std::string& text, const std::string& way) {
            const auto bytes = sum_of(text, "cairn_net_bytes_" + way + "_total");
            return bytes > 0 && bytes == sum_of(text, "cairn_net_message_bytes_" + way + "_total");
        };
        return is_whole(ours, "sent") && is_whole(theirs, "received") &&
               is_whole(ours, "received") &&
               sum_of(ours, "cairn_net_messages_sent_total") ==
                   sum_of(theirs, "cairn_net_messages_received_total") &&
               sum_of(ours, "cairn_net_bytes_sent_total") ==
                   sum_of(theirs, "cairn_net_bytes_received_total") &&
               sum_of(ours, "cairn_net_messages_sent_total") > 3;
    })) << metrics_at(a_port)
        << metrics_at(b_port);
}

}  // namespace
}  // namespace cairn::test
