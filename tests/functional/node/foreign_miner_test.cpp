// SPDX-License-Identifier: MIT
// A running node and miners that are not ours: foreign_miner.mjs mines real blocks in the manners of minerd, cpuminer-opt
// and cgminer, from the public descriptions alone and with its own hashing, and ends with an error at whatever would stop
// or starve the miner it stands for.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <ctime>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/functional/node/running_node.hpp"

namespace cairn::test {
namespace {

using Json = nlohmann::json;

constexpr const char* kUser = "0x00112233445566778899aabbccddeeff00112233";
constexpr const char* kEtherbase = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";

/// A network whose blocks take so many hashes: few enough for a script.
std::string easy_genesis(const char* seal, int difficulty) {
    return Json{{"config",
                 {{"chainId", 99},
                  {"cairn",
                   {{"seal", seal},
                    {"rules", "cairn"},
                    {"difficulty", {{"rule", "constant"}, {"minimum", difficulty}}}}}}},
                {"timestamp", std::time(nullptr) - 3600},
                {"difficulty", difficulty},
                {"gasLimit", 30'000'000},
                {"baseFeePerGas", 1'000'000'000},
                {"alloc", Json::object()}}
        .dump();
}

class ForeignMiners : public testing::Test {
protected:
    void start(const char* seal, int difficulty, const std::vector<std::string>& more) {
        const std::string genesis = folder_.write("genesis.json", easy_genesis(seal, difficulty));
        const std::string data = (folder_.path() / "data").string();
        const auto made = run_program(CAIRN_NODE, {"init", genesis, "--datadir", data});
        ASSERT_EQ(made.exit_code, 0) << made.err;
        std::vector<std::string> arguments{"--datadir",         data,       "--maxpeers", "0",
                                           "--miner.etherbase", kEtherbase, "--http.api", "eth,miner"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        node_ = std::make_unique<RunningNode>(arguments);
    }
    void start_with_stratum() {
        start("sha256d", 4096, {"--stratum", "--stratum.port", "0"});
        ASSERT_TRUE(eventually([&] { return !stratum_port().empty(); })) << node_->output();
    }

    /// The port that the node says it serves Stratum on; empty before it has.
    [[nodiscard]] std::string stratum_port() const {
        constexpr std::string_view kLine = "stratum+tcp://127.0.0.1:";
        const std::string text = node_->output();
        const auto at = text.find(kLine);
        const auto end = at == std::string::npos ? at : text.find('\n', at);
        if (end == std::string::npos) return {};
        return text.substr(at + kLine.size(), end - at - kLine.size());
    }
    /// The node's URL for miners, with a worker's name.
    [[nodiscard]] std::string mine_url(const std::string& worker) const {
        return "http://" + std::string{kUser} + "." + worker + ":x@" +
               node_->url().substr(std::string{"http://"}.size()) + "/mine";
    }
    /// Runs the miner; what it says it has done.
    [[nodiscard]] Json mine(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), {"node", CAIRN_FOREIGN_MINER});
        const auto result = run_program("/usr/bin/env", arguments);
        EXPECT_EQ(result.exit_code, 0) << result.err;
        return Json::parse(result.out, nullptr, false);
    }
    /// Expects the chain to reach that height. A block may come to stand beside another of its height, where work was
    /// made anew while that one was on its way; then one more is mined.
    void expect_height(std::uint64_t wanted, const std::vector<std::string>& mine_one) {
        for (int attempt = 0; attempt < 10; ++attempt) {
            const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
            while (height() < wanted && std::chrono::steady_clock::now() < deadline)
                std::this_thread::sleep_for(std::chrono::milliseconds{20});
            if (height() >= wanted) return;
            (void)mine(mine_one);
        }
        ADD_FAILURE() << node_->output();
    }
    [[nodiscard]] std::uint64_t height() {
        return std::stoull(node_->call("eth_blockNumber").get<std::string>(), nullptr, 16);
    }
    /// Blocks on a worker's account; 0 where there is none.
    [[nodiscard]] std::uint64_t blocks_of(const std::string& worker) {
        for (const Json& account : node_->call("miner_workers"))
            if (account.at("worker") == std::string{kUser} + "." + worker)
                return std::stoull(account.at("blocks").get<std::string>(), nullptr, 16);
        return 0;
    }

    TemporaryFolder folder_;
    std::unique_ptr<RunningNode> node_;
};

TEST_F(ForeignMiners, minerd_cpuminer_opt_and_cgminer_mine_over_stratum) {
    start_with_stratum();
    for (const std::string manner : {"minerd", "cpuminer-opt", "cgminer"}) {
        const std::uint64_t before = height();
        const Json done = mine({"stratum", "127.0.0.1", stratum_port(),
                                std::string{kUser} + "." + manner, "3", manner});
        EXPECT_EQ(done.value("blocks", 0), 3) << manner << done;
        // A job may have ended on the share's way; nothing else is refused.
        for (const auto& reason : done.value("reasons", Json::array()))
            EXPECT_EQ(reason, "Stale share") << manner;
        expect_height(before + 3, {"stratum", "127.0.0.1", stratum_port(),
                                   std::string{kUser} + "." + manner, "1", manner});
        EXPECT_GE(blocks_of(manner), 3U) << manner;
    }
}

TEST_F(ForeignMiners, getwork_is_solved_and_its_long_poll_brings_the_next) {
    start_with_stratum();
    const Json done = mine({"getwork", mine_url("getwork"), "3"});
    EXPECT_EQ(done.value("accepted", 0), 3) << done;
    EXPECT_EQ(done.value("stratum", ""), "stratum+tcp://127.0.0.1:" + stratum_port());
    EXPECT_TRUE(eventually([&] { return blocks_of("getwork") == 3U; }));
    expect_height(3, {"getwork", mine_url("getwork"), "1"});
}

TEST_F(ForeignMiners, templates_are_solved_and_their_long_poll_brings_the_next) {
    start_with_stratum();
    const Json done = mine({"gbt", mine_url("gbt"), "3"});
    EXPECT_EQ(done.value("accepted", 0), 3) << done;
    EXPECT_TRUE(eventually([&] { return blocks_of("gbt") == 3U; }));
    expect_height(3, {"gbt", mine_url("gbt"), "1"});
}

TEST_F(ForeignMiners, what_is_not_served_is_refused_so_that_clients_go_on) {
    start_with_stratum();
    EXPECT_EQ(mine({"fallback", mine_url("x")}).value("status", 0), 404);
}

TEST_F(ForeignMiners, ethash_is_mined_over_eth_getwork) {
    start("ethash", 40, {});
    const Json done = mine({"ethash", node_->url(), "3"});
    EXPECT_EQ(done.value("accepted", 0), 3) << done;
    expect_height(3, {"ethash", node_->url(), "1"});
}

}  // namespace
}  // namespace cairn::test
