// SPDX-License-Identifier: MIT
// What goes wrong between a person, the wallet and real nodes: each fault has one clear line, one
// that says what to do next, its exit code, and costs nothing.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/functional/node/running_node.hpp"

namespace cairn::test {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

// Accounts 0 and 1 of the development mnemonic.
const std::string kAccount0 = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const std::string kAccount1 = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const std::string kKey0 = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

std::string content_of(const fs::path& path) {
    std::ifstream in{path, std::ios::binary};
    std::stringstream out;
    out << in.rdbuf();
    return out.str();
}

class WalletErrors : public testing::Test {
protected:
    WalletErrors() {
        ::setenv("CAIRN_KEYSTORE", keystore.c_str(), 1);
        ::setenv("CAIRN_RPC", node.url().c_str(), 1);
        ::setenv("CAIRN_PASSWORD", "correct horse", 1);
        ::unsetenv("CAIRN_CHAIN");
        ::unsetenv("CAIRN_GENESIS");
        const auto made = run_program(
            CAIRN_WALLET, {"import", "key", "--light", "--file", folder.write("key", kKey0)});
        EXPECT_EQ(made.exit_code, 0) << made.err;
        key_file = fs::directory_iterator{keystore}->path();
        key_text = content_of(key_file);
    }

    /// Runs what must fail: the code, `what` in its first line, `hint` in its second, and no third;
    /// the same as one object with --json. Nothing is sent, and the key file stays as it is.
    void expect_failure(int code, const std::string& what, const std::string& hint,
                        std::vector<std::string> arguments) {
        const std::string context = "`" + arguments.front() + "` of " + what;
        const auto nonce = node_is_up ? nonce_of_account0() : Json{};
        const auto plain = run_program(CAIRN_WALLET, arguments);
        EXPECT_EQ(plain.exit_code, code) << context << ": " << plain.err;
        EXPECT_EQ(plain.out, "") << context;
        const auto end = plain.err.find('\n');
        EXPECT_TRUE(plain.err.starts_with("cairn-wallet: ")) << plain.err;
        EXPECT_NE(plain.err.substr(0, end).find(what), std::string::npos) << plain.err;
        EXPECT_NE(plain.err.substr(end).find(hint), std::string::npos) << plain.err;
        EXPECT_EQ(std::count(plain.err.begin(), plain.err.end(), '\n'), 2) << plain.err;

        arguments.emplace_back("--json");
        const auto object = run_program(CAIRN_WALLET, arguments);
        EXPECT_EQ(object.exit_code, code) << context;
        const auto json = Json::parse(object.out, nullptr, false);
        ASSERT_TRUE(json.is_object()) << context << ": " << object.out;
        EXPECT_NE(json.value("error", "").find(what), std::string::npos) << json;
        EXPECT_EQ(json.value("exitCode", -1), code) << context;

        if (node_is_up) {
            EXPECT_EQ(nonce_of_account0(), nonce) << context;
        }
        EXPECT_EQ(content_of(key_file), key_text) << context;
    }

    Json nonce_of_account0() {
        return node.call("eth_getTransactionCount", {kAccount0, "pending"});
    }
    std::string genesis_hash() {
        return node.call("eth_getBlockByNumber", {"0x0", false}).at("hash");
    }

    const std::vector<std::string> send{"send", kAccount1, "--value", "1coin", "--yes"};
    std::vector<std::string> send_with(std::vector<std::string> more) const {
        more.insert(more.begin(), send.begin(), send.end());
        return more;
    }

    TemporaryFolder folder;
    fs::path keystore = folder.path() / "keystore";
    RunningNode node{{"--dev", "--ipcdisable"}};
    bool node_is_up = true;
    fs::path key_file;
    std::string key_text;
};

TEST_F(WalletErrors, wrong_password) {
    const auto wrong = folder.write("wrong", "battery staple\n");
    expect_failure(6, "wrong password", "nothing was done", send_with({"--password-file", wrong}));
    expect_failure(6, "wrong password", "nothing was done",
                   {"export", "--reveal", "--password-file", wrong});
    const auto copy = folder.path() / "copy.json";
    expect_failure(6, "wrong password", "nothing was done",
                   {"export", "--to", copy.string(), "--password-file", wrong});
    EXPECT_FALSE(fs::exists(copy));
    // The right one works afterwards: nothing was lost.
    EXPECT_EQ(run_program(CAIRN_WALLET, send_with({"--wait"})).exit_code, 0);
}

TEST_F(WalletErrors, damaged_key_file) {
    auto flipped = key_text;
    const auto at = flipped.find("\"ciphertext\"") + 18;
    flipped[at] = flipped[at] == '0' ? '1' : '0';
    const auto cut = folder.write("cut.json", key_text.substr(0, key_text.size() / 2));
    const auto empty = folder.write("empty.json", "");
    for (const auto& file : {cut, empty})
        expect_failure(7, "damaged", "backup", send_with({"--key-file", file}));
    // A changed ciphertext fails its checksum, as a wrong password does; the format has no other
    // check (Web3 Secret Storage).
    expect_failure(6, "wrong password", "",
                   send_with({"--key-file", folder.write("flipped.json", flipped)}));
    auto other = Json::parse(key_text);
    other["address"] = kAccount1.substr(2);
    expect_failure(7, "another address than its key", "backup",
                   send_with({"--key-file", folder.write("other.json", other.dump())}));
    auto kdf = Json::parse(key_text);
    (kdf.contains("crypto") ? kdf["crypto"] : kdf["Crypto"])["kdf"] = "md5";
    expect_failure(7, "key derivation", "backup",
                   send_with({"--key-file", folder.write("kdf.json", kdf.dump())}));
}

TEST_F(WalletErrors, wrong_network) {
    expect_failure(4, "is on chain 1337, not on 73127", "--chain", send_with({"--chain", "73127"}));
    expect_failure(4, "is on chain 1337, not on 73127", "--chain",
                   {"balance", kAccount0, "--chain", "73127"});
    ::setenv("CAIRN_CHAIN", "1", 1);
    expect_failure(4, "is on chain 1337, not on 1", "--chain", send);
    ::unsetenv("CAIRN_CHAIN");
    EXPECT_EQ(run_program(CAIRN_WALLET, {"balance", kAccount0, "--chain", "1337"}).exit_code, 0);
}

TEST_F(WalletErrors, a_node_of_another_genesis_with_the_same_chain_id) {
    const auto ours = genesis_hash();
    // A network of the same rules and id whose account 0 has one wei less.
    auto genesis = Json::parse(content_of(CAIRN_DEV_JSON));
    for (auto& [address, account] : genesis["alloc"].items())
        if (account.contains("balance") && account["balance"] != "0x0")
            account["balance"] = "0x21e19e0c9bab23fffff";
    const auto data = (folder.path() / "other").string();
    const auto made = run_program(
        CAIRN_NODE, {"init", folder.write("genesis.json", genesis.dump()), "--datadir", data});
    ASSERT_EQ(made.exit_code, 0) << made.err;
    RunningNode other{{"--datadir", data, "--maxpeers", "0", "--ipcdisable"}};
    const auto theirs =
        other.call("eth_getBlockByNumber", {"0x0", false}).at("hash").get<std::string>();
    ASSERT_NE(ours, theirs);
    ASSERT_EQ(other.call("eth_chainId"), "0x539");
    const std::string what = "begins with block " + theirs + ", not with " + ours;
    expect_failure(4, what, "another chain", send_with({"--genesis", ours, "--rpc", other.url()}));
    EXPECT_EQ(other.call("eth_getTransactionCount", {kAccount0, "pending"}), "0x0");
    EXPECT_EQ(run_program(CAIRN_WALLET, send_with({"--genesis", ours})).exit_code, 0);
    expect_failure(2, "no block hash", "64 hex digits", send_with({"--genesis", "0x12"}));
}

TEST_F(WalletErrors, insufficient_funds) {
    expect_failure(5, "has 10000 coin, and this may take 10001.0000", "fund it with 1.0000",
                   {"send", kAccount1, "--value", "10001coin", "--yes"});
    // The whole balance leaves nothing for the fee.
    expect_failure(5, "has 10000 coin, and this may take 10000.0000", "fund it with 0.0000",
                   {"send", kAccount1, "--value", "10000coin", "--yes"});
}

TEST_F(WalletErrors, no_node) {
    EXPECT_EQ(node.end(SIGTERM), 0);
    node_is_up = false;
    expect_failure(3, "no node answers at " + node.url(), "scripts/run", send);
    expect_failure(3, "no node answers at " + node.url(), "scripts/run", {"balance", kAccount0});
    expect_failure(3, "no node answers at " + node.url(), "scripts/run", {"watch"});
}

}  // namespace
}  // namespace cairn::test
