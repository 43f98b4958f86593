// SPDX-License-Identifier: MIT
// A development node as its users drive it.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <iomanip>
#include <sstream>
#include <thread>
#include <vector>

#include "tests/functional/node/running_node.hpp"

namespace cairn::test {
namespace {

using Json = nlohmann::json;

// Accounts 0 and 1 of the development mnemonic.
const std::string kAlice = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const std::string kBob = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
const std::string kNobody = "0x00000000000000000000000000000000000000aa";
const std::string kTenThousandCoins = "0x21e19e0c9bab2400000";

std::uint64_t to_number(const Json& quantity) {
    return std::stoull(quantity.get<std::string>(), nullptr, 16);
}

class DevNodeTest : public testing::Test {
protected:
    std::string send(const std::string& from, const std::string& to, const std::string& value) {
        return node.call("eth_sendTransaction", {{{"from", from}, {"to", to}, {"value", value}}});
    }
    std::string balance(const std::string& address, const std::string& block = "latest") {
        return node.call("eth_getBalance", {address, block});
    }
    std::string block_number() { return node.call("eth_blockNumber"); }
    std::uint64_t timestamp(const std::string& block = "latest") {
        const Json found = node.call("eth_getBlockByNumber", {block, false});
        return to_number(found.at("timestamp"));
    }
    RunningNode node{{"--dev"}};
};

TEST_F(DevNodeTest, has_ten_accounts_of_ten_thousand_coins_and_says_so) {
    const Json accounts = node.call("eth_accounts");
    ASSERT_EQ(accounts.size(), 10U);
    EXPECT_EQ(accounts[0], kAlice);
    for (const auto& account : accounts) EXPECT_EQ(balance(account), kTenThousandCoins);
    // Known from anvil and Hardhat, where the same phrase is printed.
    EXPECT_NE(node.output().find(
                  "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"),
              std::string::npos);
    EXPECT_EQ(node.call("eth_chainId"), "0x539");
    EXPECT_EQ(node.call("net_version"), "1337");
}

TEST_F(DevNodeTest, a_transaction_is_in_a_block_when_its_hash_comes_back) {
    const auto hash = send(kAlice, kNobody, "0x7");
    const Json receipt = node.call("eth_getTransactionReceipt", {hash});
    ASSERT_FALSE(receipt.is_null());
    EXPECT_EQ(receipt.at("status"), "0x1");
    EXPECT_EQ(receipt.at("blockNumber"), "0x1");
    EXPECT_EQ(balance(kNobody), "0x7");
    EXPECT_EQ(balance(kNobody, "earliest"), "0x0");
    EXPECT_EQ(node.call("eth_getTransactionCount", {kAlice, "latest"}), "0x1");
}

TEST_F(DevNodeTest, contracts_are_deployed_called_and_revert_with_their_data) {
    const auto deploy = [&](const std::string& runtime) -> std::string {
        // Copies what follows it into memory and returns it.
        std::stringstream init;
        init << "0x60" << std::hex << std::setw(2) << std::setfill('0') << runtime.size() / 2
             << "80600b6000396000f3" << runtime;
        const Json hash = node.call("eth_sendTransaction",
                                    {{{"from", kAlice}, {"data", init.str()}}});
        return node.call("eth_getTransactionReceipt", Json::array({hash})).at("contractAddress");
    };
    // Counts its slot 0 up and returns the count.
    const std::string counter = deploy("6000546001018060005560005260206000f3");
    EXPECT_EQ(node.call("eth_getCode", {counter, "latest"}),
              "0x6000546001018060005560005260206000f3");
    send(kAlice, counter, "0x0");
    EXPECT_EQ(node.call("eth_call", {{{"to", counter}}, "latest"}),
              "0x0000000000000000000000000000000000000000000000000000000000000002");
    // Reverts with its call data.
    const std::string refuser = deploy("365f5f37365ffd");
    const Json refused =
        node.error("eth_call", {{{"to", refuser}, {"data", "0x1234"}}, "latest"});
    EXPECT_EQ(refused.at("code"), 3);
    EXPECT_EQ(refused.at("message"), "execution reverted");
    EXPECT_EQ(refused.at("data"), "0x1234");
}

TEST_F(DevNodeTest, a_snapshot_brings_everything_back) {
    node.call("anvil_setBalance", {kNobody, "0x5"});
    const Json id = node.call("evm_snapshot");
    send(kAlice, kNobody, "0x1");
    node.call("hardhat_setBalance", {kBob, "0x1"});
    node.call("evm_increaseTime", {1000});
    EXPECT_EQ(balance(kNobody), "0x6");
    EXPECT_EQ(node.call("evm_revert", Json::array({id})), true);
    EXPECT_EQ(balance(kNobody), "0x5");
    EXPECT_EQ(balance(kBob), kTenThousandCoins);
    EXPECT_EQ(block_number(), "0x0");
    EXPECT_EQ(node.call("evm_revert", Json::array({id})), false) << "a snapshot serves once";
    send(kAlice, kNobody, "0x1");
    EXPECT_EQ(balance(kNobody), "0x6");
}

TEST_F(DevNodeTest, pretences_on_the_snapshots_own_block_are_taken_back_too) {
    const Json id = node.call("evm_snapshot");
    node.call("anvil_setBalance", {kNobody, "0x5"});
    node.call("anvil_setNonce", {kNobody, "0x3"});
    node.call("anvil_setCode", {kNobody, "0x6001"});
    node.call("anvil_setStorageAt",
              {kNobody, "0x0",
               "0x0000000000000000000000000000000000000000000000000000000000000009"});
    EXPECT_EQ(node.call("eth_getTransactionCount", {kNobody, "latest"}), "0x3");
    EXPECT_EQ(node.call("eth_getCode", {kNobody, "latest"}), "0x6001");
    EXPECT_EQ(node.call("eth_getStorageAt", {kNobody, "0x0", "latest"}),
              "0x0000000000000000000000000000000000000000000000000000000000000009");
    EXPECT_EQ(node.call("evm_revert", Json::array({id})), true);
    EXPECT_EQ(balance(kNobody), "0x0");
    EXPECT_EQ(node.call("eth_getTransactionCount", {kNobody, "latest"}), "0x0");
    EXPECT_EQ(node.call("eth_getCode", {kNobody, "latest"}), "0x");
}

TEST_F(DevNodeTest, an_impersonated_account_sends_without_a_key) {
    node.call("anvil_setBalance", {kNobody, kTenThousandCoins});
    EXPECT_EQ(node.error("eth_sendTransaction", {{{"from", kNobody}, {"to", kBob}}}).at("message"),
              "unknown account");
    node.call("hardhat_impersonateAccount", {kNobody});
    const auto hash = send(kNobody, kBob, "0x1");
    EXPECT_EQ(node.call("eth_getTransactionByHash", {hash}).at("from"), kNobody);
    node.call("hardhat_stopImpersonatingAccount", {kNobody});
    EXPECT_EQ(node.error("eth_sendTransaction", {{{"from", kNobody}, {"to", kBob}}}).at("message"),
              "unknown account");
}

TEST_F(DevNodeTest, blocks_come_when_they_are_told_to) {
    node.call("evm_setAutomine", {false});
    const auto hash = send(kAlice, kNobody, "0x1");
    EXPECT_TRUE(node.call("eth_getTransactionReceipt", {hash}).is_null());
    EXPECT_EQ(node.call("eth_getTransactionCount", {kAlice, "pending"}), "0x1");
    EXPECT_EQ(balance(kNobody, "pending"), "0x1");
    EXPECT_EQ(balance(kNobody, "latest"), "0x0");
    node.call("evm_mine");
    EXPECT_FALSE(node.call("eth_getTransactionReceipt", {hash}).is_null());
    node.call("hardhat_mine", {"0x5", "0x3c"});
    EXPECT_EQ(block_number(), "0x6");
    EXPECT_EQ(timestamp("0x6") - timestamp("0x3"), 180U);
    const auto wanted = timestamp() + 5000;
    node.call("evm_setNextBlockTimestamp", {wanted});
    node.call("evm_mine");
    EXPECT_EQ(timestamp(), wanted);
    node.call("evm_mine");
    EXPECT_GT(timestamp(), wanted);
    EXPECT_NE(node.error("evm_setNextBlockTimestamp", {wanted})
                  .at("message")
                  .get<std::string>()
                  .find("is lower than or equal to"),
              std::string::npos);
}

TEST_F(DevNodeTest, what_waited_is_mined_in_as_many_blocks_as_it_takes) {
    node.call("evm_setAutomine", {false});
    // Five of them fill a block of 30 million gas.
    for (int i = 0; i < 12; ++i)
        node.call("eth_sendTransaction",
                  {{{"from", kAlice}, {"to", kBob}, {"gas", "0x4c4b40"},
                    {"data", "0x" + std::string(120'000, '0')}}});
    node.call("evm_setAutomine", {true});
    EXPECT_TRUE(eventually(
        [&] { return node.call("txpool_status").at("pending") == "0x0"; }));
    EXPECT_EQ(node.call("eth_getTransactionCount", {kAlice, "latest"}), "0xc");
    const Json blocks = block_number();
    send(kAlice, kBob, "0x1");
    EXPECT_EQ(std::stoul(block_number(), nullptr, 16),
              std::stoul(blocks.get<std::string>(), nullptr, 16) + 1)
        << "no empty block follows";
}

TEST_F(DevNodeTest, what_was_set_is_forgotten_with_the_moment) {
    constexpr std::uint64_t kFar = 5'000'000'000;
    const Json id = node.call("evm_snapshot");
    node.call("evm_setNextBlockTimestamp", {kFar});
    EXPECT_EQ(node.call("evm_revert", Json::array({id})), true);
    node.call("evm_mine");
    EXPECT_LT(timestamp(), kFar);
    node.call("evm_increaseTime", {kFar});
    node.call("evm_setNextBlockTimestamp", {2 * kFar});
    node.call("anvil_setBalance", {kNobody, "0x5"});
    EXPECT_EQ(node.call("hardhat_reset"), true);
    EXPECT_EQ(block_number(), "0x0");
    EXPECT_EQ(balance(kNobody), "0x0");
    node.call("evm_mine");
    EXPECT_LT(timestamp(), kFar);
}

// The answers' members are those of anvil 1.7.1 and of Hardhat's reference.
TEST_F(DevNodeTest, next_blocks_base_fee_and_gas_limit_are_as_they_were_set) {
    const auto base_fee = [&] {
        return node.call("eth_getBlockByNumber", {"latest", false}).at("baseFeePerGas");
    };
    for (const char* method : {"hardhat_setNextBlockBaseFeePerGas", "anvil_setNextBlockBaseFeePerGas"}) {
        EXPECT_EQ(node.call(method, {"0x12a05f200"}), true);
        EXPECT_EQ(node.call("anvil_nodeInfo").at("environment").at("baseFee"), "0x12a05f200");
        EXPECT_EQ(node.call("eth_getBlockByNumber", {"pending", false}).at("baseFeePerGas"),
                  "0x12a05f200");
        node.call("evm_mine");
        EXPECT_EQ(base_fee(), "0x12a05f200");
        node.call("evm_mine");  // EIP-1559: an empty block takes an eighth away
        EXPECT_EQ(base_fee(), "0x104c533c0");
    }
    node.call("hardhat_setNextBlockBaseFeePerGas", {0});
    node.call("evm_mine");
    EXPECT_EQ(base_fee(), "0x0");
    // What is set is for this moment, and gone when that is.
    const Json id = node.call("evm_snapshot");
    node.call("anvil_setNextBlockBaseFeePerGas", {"5"});
    node.call("evm_revert", Json::array({id}));
    node.call("evm_mine");
    EXPECT_EQ(base_fee(), "0x0");
    EXPECT_EQ(node.error("anvil_setNextBlockBaseFeePerGas", {"five"}).at("code"), -32602);

    for (const char* limit : {"0x3938700", "0x1388"}) {
        EXPECT_EQ(node.call("evm_setBlockGasLimit", {limit}), true);
        node.call("evm_mine");
        EXPECT_EQ(node.call("eth_getBlockByNumber", {"latest", false}).at("gasLimit"), limit);
    }
    EXPECT_EQ(node.error("anvil_setBlockGasLimit", {"0x1387"}).at("code"), -32602);
}

TEST_F(DevNodeTest, a_transaction_pays_the_base_fee_that_was_set) {
    node.call("hardhat_setNextBlockBaseFeePerGas", {"0x77359400"});
    const Json hash = node.call("eth_sendTransaction",
                                {{{"from", kAlice},
                                  {"to", kBob},
                                  {"value", "0x1"},
                                  {"maxFeePerGas", "0xb2d05e00"},
                                  {"maxPriorityFeePerGas", "0x1"}}});
    EXPECT_EQ(node.call("eth_getTransactionReceipt", Json::array({hash})).at("effectiveGasPrice"),
              "0x77359401");
}

TEST_F(DevNodeTest, timestamps_come_by_the_interval_while_one_is_set) {
    node.call("evm_mine");
    const auto first = timestamp();
    EXPECT_TRUE(node.call("anvil_setBlockTimestampInterval", {5}).is_null());
    for (int i = 1; i <= 3; ++i) {
        node.call("evm_mine");
        EXPECT_EQ(timestamp(), first + 5U * static_cast<unsigned>(i));
    }
    node.call("evm_setNextBlockTimestamp", {first + 100});
    node.call("evm_mine");
    EXPECT_EQ(timestamp(), first + 100);
    EXPECT_EQ(node.call("anvil_removeBlockTimestampInterval"), true);
    EXPECT_EQ(node.call("anvil_removeBlockTimestampInterval"), false);
    EXPECT_EQ(node.error("anvil_setBlockTimestampInterval", {1'000'000'001}).at("code"), -32602);
}

TEST_F(DevNodeTest, it_tells_what_it_is_as_anvil_and_hardhat_do) {
    node.call("evm_mine");
    const Json head = node.call("eth_getBlockByNumber", {"latest", false});
    const Json info = node.call("anvil_nodeInfo");
    EXPECT_EQ(info.at("currentBlockNumber"), "0x1");
    EXPECT_EQ(info.at("currentBlockTimestamp"), timestamp());
    EXPECT_EQ(info.at("currentBlockHash"), head.at("hash"));
    EXPECT_EQ(info.at("hardFork"), "Osaka");
    EXPECT_EQ(info.at("transactionOrder"), "fees");
    EXPECT_EQ(info.at("environment").at("chainId"), 1337);
    EXPECT_EQ(info.at("environment").at("gasLimit"), head.at("gasLimit"));
    EXPECT_EQ(info.at("forkConfig"),
              (Json{{"forkUrl", nullptr}, {"forkBlockNumber", nullptr}, {"forkRetryBackoff", nullptr}}));

    node.call("evm_snapshot");
    const Json metadata = node.call("hardhat_metadata");
    EXPECT_EQ(metadata, node.call("anvil_metadata"));
    EXPECT_EQ(metadata.at("clientVersion"), node.call("web3_clientVersion"));
    EXPECT_EQ(metadata.at("chainId"), 1337);
    EXPECT_EQ(metadata.at("latestBlockNumber"), 1);
    EXPECT_EQ(metadata.at("latestBlockHash"), head.at("hash"));
    EXPECT_EQ(metadata.at("snapshots"), (Json{{"0x1", {1, head.at("hash")}}}));
    EXPECT_EQ(metadata.at("instanceId").get<std::string>().size(), 66U);
    node.call("hardhat_reset");
    EXPECT_NE(node.call("hardhat_metadata").at("instanceId"), metadata.at("instanceId"));
}

TEST_F(DevNodeTest, pool_is_emptied_at_once_or_by_account) {
    node.call("evm_setAutomine", {false});
    const auto pending = [&] { return node.call("txpool_status").at("pending"); };
    const auto first = send(kAlice, kNobody, "0x1");
    send(kBob, kNobody, "0x1");
    EXPECT_EQ(pending(), "0x2");
    EXPECT_TRUE(node.call("anvil_removePoolTransactions", {kBob}).is_null());
    EXPECT_EQ(pending(), "0x1");
    EXPECT_FALSE(node.call("eth_getTransactionByHash", {first}).is_null());
    for (const char* method : {"anvil_dropAllTransactions", "hardhat_dropAllTransactions"}) {
        EXPECT_TRUE(node.call(method).is_null());
        EXPECT_EQ(pending(), "0x0");
        send(kAlice, kNobody, "0x1");
    }
    EXPECT_EQ(pending(), "0x1");
}

TEST_F(DevNodeTest, times_beyond_the_clock_are_refused) {
    constexpr std::uint64_t kLast = (std::uint64_t{1} << 53) - 1;
    for (const char* method : {"evm_increaseTime", "evm_setNextBlockTimestamp", "evm_mine"}) {
        for (const Json& value : {Json(kLast + 1), Json("0xffffffffffffffff"), Json(-1)})
            EXPECT_EQ(node.error(method, Json::array({value})).at("code"), -32602) << method;
    }
    EXPECT_EQ(node.error("evm_increaseTime", {kLast}).at("message"),
              "the clock of blocks would run beyond its end");
    EXPECT_EQ(node.error("evm_setIntervalMining", {1'000'000'001'000}).at("code"), -32602);
    EXPECT_EQ(node.error("anvil_setIntervalMining", {1'000'000'001}).at("code"), -32602);
    EXPECT_EQ(node.call("evm_setIntervalMining", {1'000'000'000'000}), true);
    node.call("evm_setNextBlockTimestamp", {kLast});
    node.call("evm_mine");
    EXPECT_EQ(timestamp(), kLast);
}

TEST_F(DevNodeTest, boasting_miners_do_not_wrap_the_hashrate) {
    for (const char* miner : {"1", "2"})
        node.call("eth_submitHashrate",
                  {"0x" + std::string(64, 'f'), "0x" + std::string(63, '0') + miner});
    EXPECT_EQ(node.call("eth_hashrate"), "0x8ac7230489e80000");
}

TEST_F(DevNodeTest, blocks_come_by_the_clock_where_that_is_set) {
    EXPECT_EQ(node.call("hardhat_getAutomine"), true);
    node.call("hardhat_setCoinbase", {kNobody});
    node.call("evm_setAutomine", {false});
    const auto hash = send(kAlice, kBob, "0x1");
    node.call("evm_setIntervalMining", {100});
    EXPECT_TRUE(eventually(
        [&] { return !node.call("eth_getTransactionReceipt", {hash}).is_null(); }));
    node.call("evm_setIntervalMining", {0});
    EXPECT_EQ(node.call("eth_getBlockByNumber", {"latest", false}).at("miner"), kNobody);
    EXPECT_EQ(node.call("eth_coinbase"), kNobody);
    EXPECT_EQ(node.call("anvil_getAutomine"), false);
}

TEST_F(DevNodeTest, refusals_have_the_words_that_clients_look_for) {
    const auto message = [&](const Json& tx) {
        return node.error("eth_sendTransaction", Json::array({tx})).at("message").get<std::string>();
    };
    send(kAlice, kBob, "0x1");
    EXPECT_EQ(message({{"from", kAlice}, {"to", kBob}, {"nonce", "0x0"}, {"gas", "0x5208"}}),
              "nonce too low: next nonce 1, tx nonce 0");
    EXPECT_EQ(message({{"from", kAlice},
                       {"to", kBob},
                       {"gas", "0x5208"},
                       {"value", "0xffffffffffffffffffffffff"}})
                  .rfind("insufficient funds for gas * price + value", 0),
              0U);
    EXPECT_EQ(node.error("eth_no_such_method").at("code"), -32601);
}

TEST(DevNode, ctrl_c_stops_it_within_two_seconds) {
    expect_to_end_soon([] {
        auto node = std::make_unique<RunningNode>(std::vector<std::string>{"--dev"});
        node->call("eth_sendTransaction", {{{"from", kAlice}, {"to", kBob}, {"value", "0x1"}}});
        EXPECT_EQ(node->end(SIGINT), 0);
        return node;
    });
}

/// Parameters of a call to code that jumps to its beginning for as long as there is gas.
Json endless_call() {
    return {{{"to", kNobody}, {"gas", "0x7fffffffffff"}},
            "latest",
            {{kNobody, {{"code", "0x5b600056"}}}}};
}

TEST(DevNode, endless_call_is_ended_where_gas_does_not_end_it) {
    RunningNode node{{"--dev", "--rpc.gascap", "0", "--rpc.evmtimeout", "300"}};
    for (const char* method : {"eth_call", "eth_createAccessList"}) {
        const Json error = node.error(method, endless_call());
        EXPECT_EQ(error.at("code"), -32000) << method;
        EXPECT_EQ(error.at("message"), "execution aborted (timeout = 300ms)") << method;
    }
    RunningNode capped{{"--dev"}};
    EXPECT_EQ(capped.error("eth_call", endless_call()).at("message"), "out of gas");
}

TEST(DevNode, ctrl_c_waits_for_nobodys_endless_call) {
    expect_to_end_soon([] {
        auto node = std::make_unique<RunningNode>(std::vector<std::string>{
            "--dev", "--rpc.gascap", "0", "--rpc.evmtimeout", "600000"});
        const auto before = cpu_time_of(node->pid());
        std::vector<std::jthread> callers;
        for (int i = 0; i < 12; ++i)
            callers.emplace_back([url = node->url(), params = endless_call().dump()] {
                auto client = rpc::Client::make(url);
                if (client) {
                    EXPECT_FALSE(client->call("eth_call", params));
                }
            });
        // They are under way when they have cost something.
        EXPECT_TRUE(eventually([&] {
            return cpu_time_of(node->pid()) > before + std::chrono::milliseconds{300};
        }));
        EXPECT_EQ(node->call("eth_chainId"), "0x539");
        EXPECT_EQ(node->end(SIGINT), 0);
        return node;
    });
}

TEST(DevNode, transactions_that_come_faster_than_they_are_mined_are_late_not_refused) {
    RunningNode node{{"--dev", "--txpool.globalslots", "16", "--txpool.globalqueue", "16"}};
    std::vector<Json> signed_txs;
    for (std::uint64_t nonce = 0; nonce < 200; ++nonce) {
        const Json tx{{"from", kAlice}, {"to", kBob}, {"value", "0x1"},
                      {"nonce", fmt::format("{:#x}", nonce)}, {"gas", "0x5208"},
                      {"maxFeePerGas", "0xba43b7400"}, {"maxPriorityFeePerGas", "0x1"}};
        signed_txs.push_back(node.call("eth_signTransaction", Json::array({tx})).at("raw"));
    }
    // Nothing is asked meanwhile that would have them mined.
    for (const auto& raw : signed_txs) node.call("eth_sendRawTransaction", Json::array({raw}));
    EXPECT_EQ(node.call("eth_getTransactionCount", {kAlice, "latest"}), "0xc8");
    const auto head = to_number(node.call("eth_blockNumber"));
    for (std::uint64_t number = 1; number <= head; ++number) {
        EXPECT_NE(node.call("eth_getBlockTransactionCountByNumber", {fmt::format("{:#x}", number)}),
                  "0x0")
            << "block " << number << " of " << head << " was made for nothing";
    }
}

TEST(DevNode, period_makes_a_block_each_second_with_or_without_transactions) {
    RunningNode node{{"--dev", "--dev.period", "1"}};
    const Json hash =
        node.call("eth_sendTransaction", {{{"from", kAlice}, {"to", kBob}, {"value", "0x1"}}});
    Json receipt;
    ASSERT_TRUE(eventually([&] {
        receipt = node.call("eth_getTransactionReceipt", Json::array({hash}));
        return !receipt.is_null();
    }));
    EXPECT_EQ(receipt.at("status"), "0x1");
    const auto next = to_number(receipt.at("blockNumber")) + 1;
    ASSERT_TRUE(eventually([&] { return to_number(node.call("eth_blockNumber")) >= next; }));
    const Json empty = node.call("eth_getBlockByNumber", {fmt::format("{:#x}", next), false});
    EXPECT_EQ(empty.at("transactions"), Json::array());
}

TEST(DevNode, log_is_one_line_an_event_and_json_where_that_is_asked_for) {
    RunningNode node{{"--dev", "--log.json"}};
    node.call("eth_sendTransaction", {{{"from", kAlice}, {"to", kBob}, {"value", "0x1"}}});
    // Reading is no event.
    for (int i = 0; i < 20; ++i) node.call("eth_getBlockByNumber", {"latest", true});
    ASSERT_TRUE(eventually([&] { return node.output().find("Imported block") != std::string::npos; }));
    EXPECT_EQ(node.end(SIGINT), 0);
    std::istringstream lines{node.output()};
    std::vector<std::string> messages;
    for (std::string line; std::getline(lines, line);) {
        if (line.rfind("{", 0) != 0) continue;
        const Json event = Json::parse(line);
        messages.push_back(event.at("message"));
        EXPECT_EQ(event.at("level"), "info");
        EXPECT_EQ(event.at("time").get<std::string>().size(), std::string{"2026-01-01T00:00:00.000Z"}.size());
        if (messages.back() == "Imported block") {
            EXPECT_EQ(event.at("txs"), 1);
        }
    }
    EXPECT_EQ(messages, (std::vector<std::string>{"Imported block", "Stopping", "Stopped"}));
    EXPECT_EQ(node.output().find("\x1b["), std::string::npos) << "colours are for terminals";
}

TEST_F(DevNodeTest, it_can_be_stopped_by_word) {
    EXPECT_EQ(node.call("cairn_stop"), "stopping");
    EXPECT_EQ(node.wait(), 0);
}

TEST(DevNode, a_kept_folder_goes_on_where_it_was_even_after_a_kill) {
    TemporaryFolder folder;
    const std::string data = (folder.path() / "data").string();
    for (int round = 0; round < 3; ++round) {
        RunningNode node{{"--dev", "--datadir", data}};
        EXPECT_EQ(node.call("eth_blockNumber"), round == 0 ? "0x0" : "0x" + std::to_string(round));
        node.call("eth_sendTransaction",
                  {{{"from", kAlice}, {"to", kNobody}, {"value", "0x1"}}});
        EXPECT_EQ(node.end(round == 1 ? SIGKILL : SIGTERM), round == 1 ? 128 + SIGKILL : 0);
    }
    RunningNode node{{"--dev", "--datadir", data}};
    EXPECT_EQ(node.call("eth_getBalance", {kNobody, "latest"}), "0x3");
}

TEST(DevNode, its_conveniences_exist_nowhere_else) {
    TemporaryFolder folder;
    RunningNode node{{"--datadir", (folder.path() / "data").string(), "--maxpeers", "0",
                      "--http.api", "eth,net,web3,evm,anvil,hardhat,personal"}};
    for (const char* method : {"evm_mine", "anvil_setBalance", "hardhat_mine", "personal_sign",
                               "eth_sendTransaction", "eth_sign"})
        EXPECT_EQ(node.error(method).at("code"), -32601) << method;
    EXPECT_EQ(node.call("eth_accounts"), Json::array());
    EXPECT_EQ(node.call("eth_chainId"), "0x11da7");
}

}  // namespace
}  // namespace cairn::test
