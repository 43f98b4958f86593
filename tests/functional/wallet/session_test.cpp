// SPDX-License-Identifier: MIT
// Whole sessions of a script against a real development node: a new wallet, coins for it, contracts
// deployed, a file notarised, a vote, a sign-in by a delegate.
#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

#include "tests/functional/node/running_node.hpp"

namespace cairn::test {
namespace {

using Json = nlohmann::json;

// Accounts 0 and 1 of the development mnemonic.
const std::string kAccount0 = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const std::string kAccount1 = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const std::string kSignin = "0x7369676e696e0000000000000000000000000000000000000000000000000000";

class WalletSession : public testing::Test {
protected:
    WalletSession() {
        ::setenv("CAIRN_KEYSTORE", (folder.path() / "keystore").c_str(), 1);
        ::setenv("CAIRN_RPC", node.url().c_str(), 1);
        ::setenv("CAIRN_PASSWORD", "correct horse", 1);
        ::unsetenv("CAIRN_CHAIN");
        ::unsetenv("CAIRN_GENESIS");
    }

    static Json run(std::vector<std::string> arguments) {
        arguments.emplace_back("--json");
        const auto result = run_program(CAIRN_WALLET, arguments);
        EXPECT_EQ(result.exit_code, 0) << arguments.front() << ": " << result.err;
        return Json::parse(result.out, nullptr, false);
    }
    /// Runs a command that sends, waits for its block and gives the answer.
    static Json send(std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), {"--yes", "--wait", "--timeout", "600"});
        return run(std::move(arguments));
    }
    static int exit_code(std::vector<std::string> arguments) {
        return run_program(CAIRN_WALLET, arguments).exit_code;
    }
    static std::string deploy(const std::string& name, std::vector<std::string> arguments = {}) {
        arguments.insert(arguments.begin(), {"deploy", CAIRN_CONTRACTS_JSON});
        arguments.insert(arguments.end(), {"--contract", name, "--dev", "0"});
        return send(std::move(arguments)).at("contract").get<std::string>();
    }

    TemporaryFolder folder;
    RunningNode node{{"--dev", "--ipcdisable"}};
};

TEST_F(WalletSession, a_new_wallet_gets_coins_and_sends_some_on) {
    const auto address = run({"new", "--light"}).at("address").get<std::string>();
    EXPECT_EQ(run({"balance"}).at("wei"), "0");
    EXPECT_EQ(exit_code({"send", kAccount1, "--value", "1coin", "--yes"}), 5);
    const auto sent = send({"send", address, "--value", "2coin", "--dev", "0"});
    EXPECT_EQ(sent.at("receipt").at("status"), "0x1");
    EXPECT_EQ(run({"balance"}).at("coin"), "2");
    (void)send({"send", kAccount1, "--value", "1coin"});
    EXPECT_EQ(run({"nonce"}).at("nonce"), 1);
    EXPECT_EQ(exit_code({"send", kAccount1, "--value", "1coin", "--yes"}), 5);
    EXPECT_EQ(exit_code({"balance", "--chain", "73127"}), 4);
    EXPECT_EQ(run({"watch", "--blocks", "1"}).at("own").at(0).at("from").get<std::string>().size(),
              42U);
}

TEST_F(WalletSession, a_file_is_notarised_and_verified) {
    const auto registry = deploy("ExistenceRegistry");
    const auto file = folder.write("thesis.txt", "Once upon a time");
    EXPECT_EQ(exit_code({"verify", file, "--registry", registry}), 11);
    (void)send({"notarize", file, "--registry", registry, "--dev", "0"});
    EXPECT_EQ(run({"verify", file, "--registry", registry}).at("by"), kAccount0);
    EXPECT_EQ(exit_code({"verify", folder.write("other.txt", "Once upon a tale"), "--registry",
                         registry}),
              11);
    // The same account again: the contract refuses before anything is sent.
    EXPECT_EQ(exit_code({"notarize", file, "--registry", registry, "--dev", "0", "--yes"}), 8);
    const auto logs = run({"logs", "--address", registry, "--abi", CAIRN_CONTRACTS_JSON,
                           "--contract", "ExistenceRegistry"})
                          .at("logs");
    ASSERT_EQ(logs.size(), 1U);
    EXPECT_EQ(logs.at(0).at("values").at("by"), kAccount0);
}

TEST_F(WalletSession, an_organisation_votes) {
    const auto dao = deploy("Dao", {"[" + kAccount0 + "," + kAccount1 + "]", "51", "3600", "60"});
    const std::vector<std::string> abi{"--abi", CAIRN_CONTRACTS_JSON, "--contract", "Dao"};
    const auto with_abi = [&abi](std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), abi.begin(), abi.end());
        return arguments;
    };
    (void)send({"send", dao, "--value", "2coin", "--dev", "0"});
    (void)send(
        with_abi({"transact", dao, "propose", kAccount1, "1coin", "0x", "hall", "--dev", "0"}));
    (void)send(with_abi({"transact", dao, "vote", "0", "true", "--dev", "0"}));
    (void)send(with_abi({"transact", dao, "vote", "0", "true", "--dev", "1"}));
    const auto votes = run(with_abi({"call", dao, "votesOf", "0"})).at("values");
    EXPECT_EQ(votes.at("yes"), "2");
    EXPECT_EQ(votes.at("electorate"), "2");
    // AlreadyVoted, NotMember, and NotReady while the vote lasts.
    EXPECT_EQ(exit_code(with_abi({"transact", dao, "vote", "0", "true", "--dev", "0", "--yes"})),
              8);
    EXPECT_EQ(exit_code(with_abi({"transact", dao, "vote", "0", "true", "--dev", "2", "--yes"})),
              8);
    EXPECT_EQ(exit_code(with_abi({"transact", dao, "execute", "0", kAccount1, "1coin", "0x",
                                  "--dev", "2", "--yes"})),
              8);
}

TEST_F(WalletSession, a_delegate_signs_in) {
    const auto registry = deploy("IdentityRegistry");
    const auto expires = std::to_string(std::time(nullptr) + 3600);
    const auto challenge =
        run({"signin", "request", "--domain", "example.com", "--address", kAccount0});
    const auto file = folder.write("challenge.txt", challenge.at("message").get<std::string>());
    const auto signature =
        run({"signin", "answer", file, "--dev", "1", "--yes"}).at("signature").get<std::string>();
    const std::vector<std::string> verify{"signin",      "verify",     file,
                                          "--signature", signature,    "--domain",
                                          "example.com", "--registry", registry};
    EXPECT_EQ(exit_code(verify), 11);
    (void)send({"transact", registry, "addDelegate", kAccount0, kSignin, kAccount1, expires,
                "--abi", CAIRN_CONTRACTS_JSON, "--contract", "IdentityRegistry", "--dev", "0"});
    EXPECT_EQ(run(verify).at("delegated"), true);
}

}  // namespace
}  // namespace cairn::test
