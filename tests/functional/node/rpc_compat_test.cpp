// SPDX-License-Identifier: MIT
// The execution API's public request and answer cases, by their own runner, against the program.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/functional/node/running_node.hpp"
#include "tests/support/fixtures.hpp"

namespace cairn::test {
namespace {

TEST(RpcCompat, every_open_case_passes_by_the_runner_of_the_fixtures) {
    const auto root = fixtures_root();
    CAIRN_SKIP_WITHOUT(root);
    const auto cases = root.path / "rpc-compat";
    if (!std::filesystem::exists(cases / "run.py")) GTEST_SKIP() << cases << " is not there";
    const TemporaryFolder folder;
    const std::string data = folder.path() / "data";
    const auto node_does = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), {"--datadir", data});
        const auto result = run_program(CAIRN_NODE, arguments);
        EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
    };
    node_does({"init", cases / "genesis.json"});
    // The seals of this chain's first blocks are not real; its head is past the merge, and so safe and
    // final as soon as it is imported.
    node_does({"import", cases / "chain.rlp", "--fakepow"});

    RunningNode node{{"--datadir", data, "--fakepow", "--maxpeers", "0", "--http.api",
                      "eth,net,web3,debug,txpool,testing"}};
    const auto runner =
        run_program("/usr/bin/env", {"python3", cases / "run.py", "--url", node.url(), "--tests",
                                     cases, "--list", cases / "open.txt"});
    EXPECT_EQ(runner.exit_code, 0) << runner.out << runner.err;
    EXPECT_NE(runner.out.find(" 0 failed"), std::string::npos) << runner.out;
}

}  // namespace
}  // namespace cairn::test
