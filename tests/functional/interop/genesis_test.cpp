// SPDX-License-Identifier: MIT
// A real node on a network that a geth genesis file describes, Ethash's by its rules, with another
// client's devp2p as its peer: the chain goes from the node to the peer, and from the peer to a
// node. Making Ethash's seals takes minutes for each block, so that here they are taken on trust.
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <optional>

#include "chain/spec/genesis_json.hpp"
#include "core/base/hex.hpp"
#include "core/codec/rlp_encode.hpp"
#include "tests/functional/node/running_node.hpp"
#include "tests/support/block_factory.hpp"

namespace cairn::test {
namespace {

using Json = nlohmann::json;

constexpr const char* kGenesis = R"({
 "config": {"chainId": 1, "homesteadBlock": 0, "eip150Block": 0, "eip155Block": 0, "eip158Block": 0,
  "byzantiumBlock": 0, "constantinopleBlock": 0, "petersburgBlock": 0, "istanbulBlock": 0,
  "berlinBlock": 0, "londonBlock": 0, "ethash": {}},
 "nonce": "0x42", "timestamp": "0x0", "extraData": "0x", "gasLimit": "0x1c9c380",
 "difficulty": "0x20000", "baseFeePerGas": "0x3b9aca00",
 "mixHash": "0x0000000000000000000000000000000000000000000000000000000000000000",
 "coinbase": "0x0000000000000000000000000000000000000000",
 "alloc": {"PAYER": {"balance": "0xd3c21bcecceda1000000"}}
})";

std::string genesis_text() {
    std::string text = kGenesis;
    return text.replace(text.find("PAYER"), 5, to_hex0x(TestKey{1}.address).substr(2));
}

/// A network, twelve blocks of it with transactions, and the folder that holds them in files.
class Network {
public:
    Network() : factory_{parse()} {
        Json rows = Json::array();
        for (std::uint64_t i = 0; i < 12; ++i) {
            BlockPlan plan;
            plan.transactions = {make_tx(TestKey{1}, i, Address{{0xee}}, Wei{1})};
            blocks_.push_back(
                factory_.make(i == 0 ? factory_.genesis_block() : blocks_.back(), plan));
            const Block& block = blocks_.back();
            rows.push_back({{"hash", to_hex0x(block.header.hash())},
                            {"header", header_of(block)},
                            {"body", body_of(block)},
                            {"total", even(factory_.total_of(block.header.hash()))}});
        }
        file_ = folder_.write("network.json",
                              Json{{"genesis", Json::parse(genesis_text())},
                                   {"hash", to_hex0x(factory_.genesis_block().header.hash())},
                                   {"blocks", rows}}
                                  .dump());
    }
    [[nodiscard]] const std::string& file() const noexcept { return file_; }
    [[nodiscard]] const std::vector<Block>& blocks() const noexcept { return blocks_; }
    [[nodiscard]] std::filesystem::path folder() const { return folder_.path(); }

    /// The node of that genesis; with the blocks in it where asked for.
    [[nodiscard]] std::unique_ptr<RunningNode> start_node(bool has_blocks) {
        const std::string data = (folder_.path() / "data").string();
        const std::string genesis = folder_.write("genesis.json", genesis_text());
        EXPECT_EQ(run_program(CAIRN_NODE, {"init", genesis, "--datadir", data}).exit_code, 0);
        if (has_blocks) {
            std::string bytes;
            for (const Block& block : blocks_) {
                const Bytes encoded = encode_block(block);
                bytes.append(encoded.begin(), encoded.end());
            }
            const auto done =
                run_program(CAIRN_NODE, {"import", folder_.write("chain.rlp", bytes), "--fakepow",
                                         "--datadir", data});
            EXPECT_EQ(done.exit_code, 0) << done.err;
        }
        return std::make_unique<RunningNode>(std::vector<std::string>{
            "--datadir", data, "--fakepow", "--addr", "127.0.0.1", "--port", "0", "--nodiscover",
            "--ipcdisable", "--http.api", "eth,net,admin"});
    }

    [[nodiscard]] static std::string header_of(const Block& block) {
        return to_hex0x(encode_header(*block.header));
    }
    [[nodiscard]] static std::string body_of(const Block& block) {
        return to_hex0x(encode_body(block.body));
    }

private:
    [[nodiscard]] static chain::Genesis parse() {
        auto genesis = chain::parse_genesis(genesis_text());
        if (!genesis) throw std::runtime_error{genesis.error().text()};
        return std::move(*genesis);
    }
    /// As bytes: an even number of digits.
    [[nodiscard]] static std::string even(const TotalDifficulty& total) {
        std::string digits = to_quantity(total.value).substr(2);
        return "0x" + std::string(digits.size() % 2, '0') + digits;
    }

    TemporaryFolder folder_;
    BlockFactory factory_;
    std::vector<Block> blocks_;
    std::string file_;
};

/// Where scripts/setup puts the other client; nothing where it is not installed.
std::optional<std::string> find_modules() {
    const std::filesystem::path modules{CAIRN_INTEROP_MODULES};
    const bool has_it = std::filesystem::exists(modules / "node_modules/@ethereumjs/devp2p") &&
                        std::system("node --version >/dev/null 2>&1") == 0;
    return has_it ? std::optional{modules.string()} : std::nullopt;
}

std::string script() {
    return (std::filesystem::path{CAIRN_INTEROP_SCRIPT}.parent_path() / "genesis_peer.mjs").string();
}

std::string hash_at(RunningNode& node, const std::string& number) {
    return node.call("eth_getBlockByNumber", {number, false}).at("hash");
}

TEST(GethGenesisInterop, ethereumjs_fetches_the_chain_of_a_node) {
    const auto modules = find_modules();
    if (!modules) GTEST_SKIP() << "Node.js or @ethereumjs/devp2p is not installed: scripts/setup";
    Network network;
    const auto node = network.start_node(true);
    const std::string enode = node->call("admin_nodeInfo").at("enode");
    const auto done = run_program(
        "/usr/bin/env", {"node", script(), *modules, "fetch", network.file(), enode.substr(8, 128),
                         enode.substr(enode.rfind(':') + 1)});
    ASSERT_EQ(done.exit_code, 0) << done.out << done.err << node->output();
    const Json seen = Json::parse(done.out);
    ASSERT_EQ(seen.at("headers").size(), network.blocks().size());
    ASSERT_EQ(seen.at("bodies").size(), network.blocks().size());
    for (std::size_t i = 0; i < network.blocks().size(); ++i) {
        EXPECT_EQ(seen.at("headers")[i], Network::header_of(network.blocks()[i]));
        EXPECT_EQ(seen.at("bodies")[i], Network::body_of(network.blocks()[i]));
    }
}

TEST(GethGenesisInterop, a_node_syncs_from_ethereumjs_and_takes_the_block_that_it_pushes) {
    const auto modules = find_modules();
    if (!modules) GTEST_SKIP() << "Node.js or @ethereumjs/devp2p is not installed: scripts/setup";
    Network network;
    const auto node = network.start_node(false);
    const std::string port_file = (network.folder() / "port").string();
    auto peer = std::async(std::launch::async, [&] {
        return run_program("/usr/bin/env", {"node", script(), *modules, "serve", network.file(),
                                            port_file});
    });
    ASSERT_TRUE(eventually([&] { return std::filesystem::exists(port_file); }));
    std::ifstream in{port_file};
    const Json where = Json::parse(in);
    const std::string enode = "enode://" + where.at("id").get<std::string>().substr(2) +
                              "@127.0.0.1:" + std::to_string(where.at("port").get<int>());
    // True once it is a peer; where the greeting took too long, an error, and it is dialled again.
    (void)node->answer("admin_addPeer", {enode});
    const bool has_met = eventually([&] {
        return hash_at(*node, "latest") == to_hex0x(network.blocks().back().header.hash());
    });
    const std::string log = node->output();
    node->end(SIGINT);
    const ProgramResult done = peer.get();
    EXPECT_TRUE(has_met) << log << done.out << done.err;
    EXPECT_EQ(done.exit_code, 0) << done.out << done.err;
}

}  // namespace
}  // namespace cairn::test
