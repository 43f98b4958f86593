// SPDX-License-Identifier: MIT
#include "tests/functional/network/farm.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <fstream>
#include <thread>

#include "core/base/hex.hpp"
#include "tests/functional/ledger/ledger_fixture.hpp"

namespace cairn::test {
namespace {

constexpr const char* kEtherbase = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
constexpr const char* kNoMixHash =
    "0x0000000000000000000000000000000000000000000000000000000000000000";

/// How long a block takes on a machine with other work to do.
constexpr std::chrono::seconds kBlockPatience{240};

std::uint64_t number_of(const nlohmann::json& quantity) {
    return std::stoull(quantity.get<std::string>(), nullptr, 16);
}

}  // namespace

bool is_long_form() {
    return std::getenv("CAIRN_NETWORK_LONG") != nullptr;
}

bool wait_for(std::chrono::seconds patience, const std::function<bool()>& holds) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!holds()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
    return true;
}

std::string raw(const SignedTx& tx) {
    return to_hex0x(tx.bytes());
}

Farm::Farm(std::string genesis) : genesis_file_{folder_.write("genesis.json", genesis)} {}

std::size_t Farm::add_node(std::vector<std::string> arguments) {
    Member node;
    node.data = (folder_.path() / std::to_string(nodes_.size())).string();
    node.arguments = std::move(arguments);
    const auto made = run_program(CAIRN_NODE, {"init", genesis_file_, "--datadir", node.data});
    EXPECT_EQ(made.exit_code, 0) << made.err;
    nodes_.push_back(std::move(node));
    return nodes_.size() - 1;
}

void Farm::import(std::size_t node, const std::vector<Block>& blocks) {
    const std::string file = folder_.write("blocks.rlp", file_of(blocks));
    const auto done =
        run_program(CAIRN_NODE, {"import", file, "--datadir", nodes_[node].data});
    EXPECT_EQ(done.exit_code, 0) << done.err;
}

std::string Farm::url_over(const Link& link) const {
    return "enode://" + nodes_[link.to].id + "@127.0.0.1:" + std::to_string(link.wire->port());
}

/// A node forgets whom it was told to dial when it ends. Whether the other one answers at once is
/// seen later, by its being a peer.
void Farm::tell(const Link& link) {
    if (!is_running(link.from) || nodes_[link.to].id.empty()) return;
    auto client = rpc::Client::make(at(link.from).url());
    ASSERT_TRUE(client);
    (void)client->call("admin_addPeer", Json{url_over(link)}.dump());
}

void Farm::join(std::size_t a, std::size_t b) {
    links_.push_back({a, b, std::make_unique<Wire>()});
    links_.back().wire->lead_to(nodes_[b].port);
    tell(links_.back());
}

void Farm::start(std::size_t node) {
    Member& member = nodes_[node];
    std::vector<std::string> arguments{"--datadir",         member.data,
                                       "--addr",            "127.0.0.1",
                                       "--port",            std::to_string(member.port),
                                       "--ipcdisable",      "--http.api",
                                       "eth,net,admin,txpool,cairn,miner",
                                       "--miner.etherbase", kEtherbase,
                                       "--nodiscover"};
    arguments.insert(arguments.end(), member.arguments.begin(), member.arguments.end());
    member.running = std::make_unique<RunningNode>(std::move(arguments));
    const Json info = at(node).call("admin_nodeInfo");
    const std::string enode = info.at("enode");
    member.id = enode.substr(8, 128);
    member.port = info.at("ports").at("listener");
    for (const Link& link : links_)
        if (link.to == node) link.wire->lead_to(member.port);
    for (const Link& link : links_)
        if (link.from == node || link.to == node) tell(link);
}

void Farm::kill(std::size_t node) {
    EXPECT_EQ(at(node).end(SIGKILL), 128 + SIGKILL);
    nodes_[node].running.reset();
}

void Farm::part(const std::function<bool(std::size_t)>& is_on_first_side) {
    for (const Link& link : links_)
        if (is_on_first_side(link.from) != is_on_first_side(link.to)) link.wire->cut();
}

void Farm::mend() {
    for (const Link& link : links_) link.wire->mend();
}

void Farm::slow_down(std::size_t node, std::chrono::milliseconds delay,
                     std::uint64_t bytes_per_second) {
    for (const Link& link : links_)
        if (link.from == node || link.to == node) link.wire->slow_down(delay, bytes_per_second);
}

void Farm::mine(std::size_t node) {
    const std::uint64_t before = height(node);
    // Blocks come quicker here than their clock goes: where it is fifteen seconds behind, there is
    // no work until it has caught up.
    const bool is_made = wait_for(kBlockPatience, [&] {
        auto client = rpc::Client::make(at(node).url());
        if (!client) return false;
        const auto work = client->call("eth_getWork");
        if (!work) return false;
        const Json job = Json::parse(*work);
        if (number_of(job.at(3)) <= before) return false;
        const auto taken = client->call(
            "eth_submitWork", Json{"0x0000000000000000", job.at(0), kNoMixHash}.dump());
        return taken && *taken == "true";
    });
    EXPECT_TRUE(is_made && wait_for(kBlockPatience, [&] { return height(node) > before; }))
        << at(node).output();
}

void Farm::mine(std::size_t node, std::size_t count, const std::vector<std::size_t>& followers) {
    for (std::size_t i = 0; i < count; ++i) {
        mine(node);
        std::vector<std::size_t> all = followers;
        all.push_back(node);
        ASSERT_TRUE(meet(all, kBlockPatience)) << situation();
    }
}

std::string Farm::head(std::size_t node) {
    return at(node).call("eth_getBlockByNumber", {"latest", false}).at("hash");
}

std::uint64_t Farm::height(std::size_t node) {
    return number_of(at(node).call("eth_blockNumber"));
}

std::uint64_t Farm::peer_count(std::size_t node) {
    return number_of(at(node).call("net_peerCount"));
}

bool Farm::meet(const std::vector<std::size_t>& nodes, std::chrono::seconds patience) {
    return wait_for(patience, [&] {
        const std::string first = head(nodes.front());
        for (const std::size_t node : nodes)
            if (head(node) != first) return false;
        return true;
    });
}

std::string Farm::situation() {
    std::string out;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        out += "node " + std::to_string(i) + ": ";
        if (!is_running(i)) {
            out += "not running\n";
            continue;
        }
        const std::string log = at(i).output();
        out += "block " + std::to_string(height(i)) + " " + head(i) + ", " +
               std::to_string(peer_count(i)) + " peers\n" +
               log.substr(log.size() - std::min<std::size_t>(log.size(), 600)) + "\n";
    }
    return out;
}

}  // namespace cairn::test
