// SPDX-License-Identifier: MIT
// Nodes that mine and nodes that follow.
#include <gtest/gtest.h>
#include <signal.h>

#include <ctime>
#include <fstream>

#include "tests/functional/node/running_node.hpp"

namespace cairn::test {
namespace {

const std::string kEtherbase = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";

/// The test network as if it began just now, for difficulty follows a schedule from genesis on.
std::string fresh_genesis(const TemporaryFolder& folder) {
    std::ifstream in{CAIRN_TESTNET_JSON};
    auto genesis = nlohmann::json::parse(in);
    genesis["timestamp"] = std::time(nullptr) - 60;
    return folder.write("genesis.json", genesis.dump(2));
}

/// A data folder of that network.
std::string make_data(const TemporaryFolder& folder, const std::string& name) {
    const std::string data = (folder.path() / name).string();
    const auto made =
        run_program(CAIRN_NODE, {"init", fresh_genesis(folder), "--datadir", data});
    EXPECT_EQ(made.exit_code, 0) << made.err;
    return data;
}

std::uint64_t height(RunningNode& node) {
    return std::stoull(node.call("eth_blockNumber").get<std::string>(), nullptr, 16);
}

TEST(MiningNode, without_an_etherbase_it_says_what_is_missing) {
    TemporaryFolder folder;
    const auto ended = run_program(CAIRN_NODE, {"--mine", "--maxpeers", "0", "--http.port", "0",
                                                "--datadir", (folder.path() / "data").string()});
    EXPECT_EQ(ended.exit_code, 1);
    EXPECT_NE(ended.err.find("etherbase must be explicitly specified"), std::string::npos)
        << ended.err;
    EXPECT_NE(ended.err.find("--miner.etherbase"), std::string::npos);
}

TEST(MiningNode, finds_blocks_by_real_work_and_is_paid_for_them) {
    TemporaryFolder folder;
    const std::vector<std::string> arguments{"--datadir", make_data(folder, "a"), "--maxpeers", "0",
                                             "--mine", "--miner.threads", "1", "--miner.nice", "0",
                                             "--miner.etherbase", kEtherbase};
    auto miner = std::make_unique<RunningNode>(arguments);
    RunningNode& node = *miner;
    EXPECT_EQ(node.call("eth_mining"), true);
    EXPECT_EQ(node.call("eth_coinbase"), kEtherbase);
    ASSERT_TRUE(eventually([&] { return height(node) >= 3; })) << node.output();
    const auto block = node.call("eth_getBlockByNumber", {"0x1", false});
    EXPECT_EQ(block.at("miner"), kEtherbase);
    EXPECT_NE(node.call("eth_getBalance", {kEtherbase, "latest"}),
              node.call("eth_getBalance", {kEtherbase, "earliest"}));
    EXPECT_TRUE(eventually([&] { return node.call("eth_hashrate") != "0x0"; }));
    // One line says with what it mines, for whom, and how long a block takes.
    ASSERT_TRUE(eventually([&] {
        return node.output().find("secondsPerBlock=") != std::string::npos;
    })) << node.output();
    EXPECT_NE(node.output().find("coinbase=" + kEtherbase), std::string::npos) << node.output();
    EXPECT_NE(node.error("eth_getWork").at("message").get<std::string>().find("Stratum"),
              std::string::npos);
    expect_to_end_soon([&] {
        if (!miner) miner = std::make_unique<RunningNode>(arguments);
        EXPECT_EQ(miner->end(SIGINT), 0);
        return std::move(miner);
    });
}

TEST(MiningNode, a_node_that_starts_later_catches_up_and_follows) {
    TemporaryFolder folder;
    const std::vector<std::string> common{"--addr", "127.0.0.1", "--port", "0", "--nodiscover",
                                          "--http.api", "eth,net,web3,admin,cairn"};
    const auto with = [&](std::vector<std::string> more) {
        more.insert(more.end(), common.begin(), common.end());
        return more;
    };
    const std::string data_a = make_data(folder, "a");
    const std::string data_b = (folder.path() / "b").string();
    std::filesystem::create_directories(data_b);
    std::filesystem::copy_file(folder.path() / "a" / "genesis.json",
                               std::filesystem::path{data_b} / "genesis.json");
    RunningNode miner{with({"--datadir", data_a, "--mine", "--miner.threads", "1",
                            "--miner.nice", "0", "--miner.etherbase", kEtherbase})};
    ASSERT_TRUE(eventually([&] { return height(miner) >= 2; })) << miner.output();
    const std::string enode = miner.call("admin_nodeInfo").at("enode");
    RunningNode follower{with({"--datadir", data_b})};
    ASSERT_TRUE(eventually([&] {
        return follower.answer("admin_addPeer", {enode}).value("result", false) &&
               follower.call("net_peerCount") == "0x1";
    }))
        << follower.output();
    ASSERT_TRUE(eventually([&] { return height(follower) >= 2; })) << follower.output();
    const auto seen = height(follower);
    ASSERT_TRUE(eventually([&] { return height(follower) > seen; })) << follower.output();
    const auto number = follower.call("eth_blockNumber");
    EXPECT_EQ(follower.call("eth_getBlockByNumber", {number, false}).at("hash"),
              miner.call("eth_getBlockByNumber", {number, false}).at("hash"));
}

}  // namespace
}  // namespace cairn::test
