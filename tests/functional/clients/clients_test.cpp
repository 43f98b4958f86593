// SPDX-License-Identifier: MIT
// The clients that users bring, from npm, and such as mean harm, against a real node: one program
// each, which counts its own checks (harness.mjs).
#include <gtest/gtest.h>
#include <signal.h>

#include <iostream>

#include "tests/functional/clients/script.hpp"
#include "tests/functional/node/running_node.hpp"

namespace cairn::test {
namespace {

/// Runs a client's program against a development node, which must end well afterwards.
void run_against_dev_node(const std::string& script) {
    if (!has_clients()) GTEST_SKIP() << kNoClients;
    RunningNode node{{"--dev"}};
    const auto result = run_script(script, {node.url(), std::to_string(node.pid())});
    std::cout << result.out << result.err;
    EXPECT_EQ(result.exit_code, 0) << node.output().substr(0, 20'000);
    EXPECT_EQ(node.end(SIGINT), 0) << node.output();
}

TEST(Clients, ethers) {
    run_against_dev_node("ethers.mjs");
}
TEST(Clients, viem) {
    run_against_dev_node("viem.mjs");
}
TEST(Clients, web3) {
    run_against_dev_node("web3.mjs");
}
TEST(Clients, reorganisation) {
    run_against_dev_node("reorganisation.mjs");
}
TEST(Clients, strange_requests_are_answered_by_errors) {
    run_against_dev_node("strangers.mjs");
}
TEST(Clients, crowds_and_clients_that_do_not_read) {
    run_against_dev_node("crowd.mjs");
}

}  // namespace
}  // namespace cairn::test
