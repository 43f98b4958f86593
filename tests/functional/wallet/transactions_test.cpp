// SPDX-License-Identifier: MIT
// Sending, deploying, calling and reading, against a node of canned answers.
#include <algorithm>

#include "tests/functional/wallet/wallet_fixture.hpp"

namespace cairn::test {
namespace {

using Json = nlohmann::json;

std::string word(const std::string& digits) {
    return std::string(64 - digits.size(), '0') + digits;
}

TEST_F(WalletProgram, balance_and_nonce_are_exact) {
    node.answer("eth_getBalance", "0x14d1120d7b160001");
    EXPECT_EQ(run({"balance", kAccount0}).out, "1.500000000000000001 coin\n");
    EXPECT_EQ(run_json({"balance", kAccount0, "--block", "7"})["wei"], "1500000000000000001");
    EXPECT_EQ(node.calls("eth_getBalance").back(),
              Json::array({"0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266", "0x7"}));
    EXPECT_EQ(run({"nonce", kAccount0}).out, "5\n");
}

TEST_F(WalletProgram, send_estimates_signs_and_waits) {
    node.answer("eth_estimateGas", "0x5208");
    const auto sent =
        run_json({"send", kAccount1, "--value", "1.5coin", "--dev", "0", "--yes", "--wait"});
    const auto tx = sent_tx();
    EXPECT_EQ(tx.sender(), *fixed_from_hex<Address>(kAccount0));
    EXPECT_EQ(tx->type, TxType::DynamicFee);
    EXPECT_EQ(tx->chain_id, 1337U);
    EXPECT_EQ(tx->nonce, 5U);
    EXPECT_EQ(tx->to, fixed_from_hex<Address>(kAccount1));
    EXPECT_EQ(tx->value, Wei{1'500'000'000'000'000'000});
    EXPECT_EQ(tx->gas_limit, 21000U);
    // Twice the base fee of 1 gwei, and the tip of 1 gwei.
    EXPECT_EQ(tx->max_fee_per_gas, Wei{3'000'000'000});
    EXPECT_EQ(tx->max_priority_fee_per_gas, Wei{1'000'000'000});
    EXPECT_EQ(sent["hash"], to_hex0x(tx.hash()));
    EXPECT_EQ(sent["receipt"]["blockNumber"], "0x10");
}

TEST_F(WalletProgram, send_takes_what_is_given) {
    (void)run_json({"send", kAccount1, "--value", "7wei", "--dev", "0", "--yes", "--gas-limit",
                    "30000", "--max-fee", "20gwei", "--tip", "2gwei", "--nonce", "9"});
    const auto tx = sent_tx();
    EXPECT_EQ(tx->value, Wei{7});
    EXPECT_EQ(tx->gas_limit, 30000U);
    EXPECT_EQ(tx->max_fee_per_gas, Wei{20'000'000'000});
    EXPECT_EQ(tx->max_priority_fee_per_gas, Wei{2'000'000'000});
    EXPECT_EQ(tx->nonce, 9U);
    EXPECT_TRUE(node.calls("eth_getTransactionReceipt").empty());
    EXPECT_TRUE(node.calls("eth_estimateGas").empty());
}

TEST_F(WalletProgram, before_london_a_protected_legacy_transaction_is_sent) {
    node.answer("eth_getBlockByNumber", Json{{"number", "0x10"}});
    node.answer("eth_gasPrice", "0x77359400");
    (void)run_json({"send", kAccount1, "--value", "1wei", "--dev", "0", "--yes"});
    const auto tx = sent_tx();
    EXPECT_EQ(tx->type, TxType::Legacy);
    EXPECT_EQ(tx->chain_id, 1337U);
    EXPECT_EQ(tx->max_fee_per_gas, Wei{2'000'000'000});
}

TEST_F(WalletProgram, nothing_is_sent_when_something_is_wrong) {
    const std::vector<std::string> send{"send", kAccount1, "--value", "1coin", "--dev", "0"};
    const auto with = [&send](std::vector<std::string> more) {
        auto out = send;
        out.insert(out.end(), more.begin(), more.end());
        return out;
    };
    expect_failure(2, "terminal", send);  // nobody to ask, and no --yes
    expect_failure(4, "chain 1337, not on 73127", with({"--yes", "--chain", "73127"}));
    expect_failure(3, "no node answers", with({"--yes", "--rpc", "http://127.0.0.1:1"}));
    expect_failure(2, "no URL", with({"--yes", "--rpc", "ftp://x"}));
    expect_failure(2, "checksum",
                   {"send", "0x70997970C51812dc3A010C7d01b50e0d17dc79c8", "--value", "1coin",
                    "--dev", "0", "--yes"});
    expect_failure(2, "unit is missing",
                   {"send", kAccount1, "--value", "1", "--dev", "0", "--yes"});
    expect_failure(2, "--tip is above", with({"--yes", "--max-fee", "1gwei", "--tip", "2gwei"}));
    expect_failure(2, "0 to 9", {"send", kAccount1, "--value", "1coin", "--dev", "10", "--yes"});
    node.answer("eth_chainId", "0x11da7");
    expect_failure(4, "everybody knows the key", with({"--yes"}));
    node.answer("eth_chainId", "0x539");
    node.answer("eth_getBalance", "0xde0b6b3a7640000");
    // The least that a transaction takes, 21,000 gas, is known before gas is estimated.
    const auto estimates = node.calls("eth_estimateGas").size();
    expect_failure(5, "has 1 coin, and this may take 1.000063 coin", with({"--yes"}));
    EXPECT_EQ(node.calls("eth_estimateGas").size(), estimates);
    node.answer("eth_getBalance", "0xde111a6b7de4000");
    expect_failure(5, "has 1.0001 coin, and this may take 1.0003 coin", with({"--yes"}));
    EXPECT_TRUE(node.calls("eth_sendRawTransaction").empty());
}

TEST_F(WalletProgram, the_nodes_refusals_have_their_codes) {
    const std::vector<std::string> send{"send",  kAccount1, "--value", "1coin",
                                        "--dev", "0",       "--yes",   "--wait"};
    node.fail("eth_sendRawTransaction",
              {-32000, "insufficient funds for gas * price + value: balance 0", nullptr});
    expect_failure(5, "insufficient funds", send);
    node.fail("eth_sendRawTransaction",
              {-32000, "nonce too low: next nonce 6, tx nonce 5", nullptr});
    expect_failure(12, "nonce too low", send);
    node.fail("eth_sendRawTransaction", {-32000, "replacement transaction underpriced", nullptr});
    expect_failure(12, "raise --max-fee", send);
    node.fail("eth_sendRawTransaction", {-32000, "txpool is full", nullptr});
    expect_failure(12, "txpool is full", send);
    node.answer("eth_chainId", "nonsense");
    expect_failure(1, "makes no sense", send);
}

TEST_F(WalletProgram, a_failed_or_missing_receipt_has_its_code) {
    node.answer("eth_getTransactionReceipt",
                Json{{"blockNumber", "0x10"}, {"status", "0x0"}, {"gasUsed", "0x5208"}});
    expect_failure(8, "failed there",
                   {"send", kAccount1, "--value", "1coin", "--dev", "0", "--yes", "--wait"});
    node.answer("eth_getTransactionReceipt", Json{});
    expect_failure(
        10, "not 1 deep",
        {"send", kAccount1, "--value", "1coin", "--dev", "0", "--yes", "--wait", "--timeout", "0"});
    // Block 16 is the newest, so a transaction in it has one confirmation.
    node.answer("eth_getTransactionReceipt",
                Json{{"blockNumber", "0x10"}, {"status", "0x1"}, {"gasUsed", "0x5208"}});
    expect_failure(10, "not 2 deep",
                   {"send", kAccount1, "--value", "1coin", "--dev", "0", "--yes", "--confirmations",
                    "2", "--timeout", "0"});
    node.answer("eth_blockNumber", "0x11");
    (void)run_json({"send", kAccount1, "--value", "1coin", "--dev", "0", "--yes", "--confirmations",
                    "2", "--timeout", "0"});
}

TEST_F(WalletProgram, deploy_reads_every_kind_of_artifact) {
    const std::string abi =
        R"([{"type":"constructor","inputs":[{"name":"supply","type":"uint256"}],"stateMutability":"nonpayable"}])";
    const std::vector<std::string> artifacts{
        R"({"abi":)" + abi + R"(,"bytecode":"0x6001"})",
        R"({"abi":)" + abi + R"(,"bytecode":{"object":"0x6001"}})",
        R"({"contracts":{"a.sol":{"Token":{"abi":)" + abi +
            R"(,"evm":{"bytecode":{"object":"6001"}}},"Other":{"abi":[]}}}})"};
    std::size_t sent = 0;
    for (const auto& artifact : artifacts) {
        const auto answer = run_json({"deploy", folder.write("artifact.json", artifact), "258",
                                      "--contract", "Token", "--dev", "0", "--yes"});
        const auto calls = node.calls("eth_sendRawTransaction");
        ASSERT_EQ(calls.size(), ++sent);
        const auto tx = decode_tx(*from_hex(calls.back().at(0).get<std::string>()));
        EXPECT_TRUE(tx->tx().is_creation());
        EXPECT_EQ(to_hex(tx->tx().data), "6001" + word("102"));
        EXPECT_EQ(tx->tx().gas_limit, 120000U);  // the estimate of 100,000 and a fifth
        // keccak256(rlp([account 0, 5])), by ethers' getCreateAddress.
        EXPECT_EQ(answer["contract"], "0x5FC8d32690cc91D4c39d9d3abcBD16989F875707");
    }
    EXPECT_EQ(run({"deploy", "0x6000", "--dev", "0", "--yes"}).exit_code, 0);
    const auto file = folder.write("artifact.json", artifacts[0]);
    expect_failure(2, "0 arguments", {"deploy", file, "--dev", "0", "--yes"});
    expect_failure(2, "argument 1, uint256: `x`", {"deploy", file, "x", "--dev", "0", "--yes"});
    expect_failure(2, "takes no coins",
                   {"deploy", file, "1", "--value", "1wei", "--dev", "0", "--yes"});
    expect_failure(2, "not linked", {"deploy", "0x60__$abc$__", "--dev", "0", "--yes"});
    expect_failure(2, "no bytecode", {"deploy", folder.write("abi.json", abi), "--dev", "0"});
    expect_failure(
        2, "several contracts",
        {"deploy",
         folder.write("two.json", R"({"contracts":{"a":{"A":{"abi":[]},"B":{"abi":[]}}}})"),
         "--dev", "0"});
}

TEST_F(WalletProgram, call_encodes_and_decodes) {
    node.answer("eth_call",
                "0x" + word("2a") + word("40") + word("2") + "6869" + std::string(60, '0'));
    const auto answer = run_json(
        {"call", kAccount1, "f(uint8[2] x)(uint256 n, string text)", "[1,2]", "--from", kAccount0});
    EXPECT_EQ(answer.value("values", Json{}), (Json{{"n", "42"}, {"text", "hi"}}));
    const auto call = node.calls("eth_call").back();
    // keccak256("f(uint8[2])"), by ethers' id.
    EXPECT_EQ(call.at(0)["input"], "0x" + std::string{"8c0a183f"} + word("1") + word("2"));
    EXPECT_EQ(call.at(0)["from"], "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266");
    EXPECT_EQ(call.at(1), "latest");
    EXPECT_EQ(run({"call", kAccount1, "f(uint8[2])(uint256 n, string text)", "[1,2]"}).out,
              "n     42\ntext  \"hi\"\n");
    // What looks like an option is an argument all the same.
    (void)run({"call", kAccount1, "g(int256,int8[],string)", "-5", "[-1]", "[a, b]"});
    EXPECT_EQ(node.calls("eth_call").back().at(0)["input"].get<std::string>().substr(10, 64),
              std::string(63, 'f') + "b");
    node.answer("eth_call", "0x");
    expect_failure(1, "is there a contract", {"call", kAccount1, "f()(uint256)"});
}

TEST_F(WalletProgram, refusals_of_contracts_are_put_into_words) {
    const auto abi = folder.write(
        "abi.json",
        R"json(["error Short(uint256 available, uint256 required)","function f()"])json");
    const auto refuse = [this](const std::string& data) {
        node.fail("eth_call", {3, "execution reverted", Json("0x" + data)});
    };
    refuse("08c379a0" + word("20") + word("3") + "626164" + std::string(58, '0'));
    expect_failure(8, "the contract refused: bad", {"call", kAccount1, "f()"});
    refuse("4e487b71" + word("11"));
    expect_failure(8, "arithmetic overflow", {"call", kAccount1, "f()"});
    // keccak256("Short(uint256,uint256)"), by ethers' id.
    refuse("994fecf5" + word("1") + word("2"));
    expect_failure(8, "Short(1,2)", {"call", kAccount1, "f", "--abi", abi});
    refuse("deadbeef");
    expect_failure(8, "0xdeadbeef", {"call", kAccount1, "f()"});
    node.fail("eth_estimateGas", {3, "execution reverted: no", nullptr});
    expect_failure(8, "no", {"transact", kAccount1, "f()", "--dev", "0", "--yes"});
    EXPECT_TRUE(node.calls("eth_sendRawTransaction").empty());
}

TEST_F(WalletProgram, transact_checks_the_function_and_the_contract) {
    (void)run_json({"transact", kAccount1, "pay((address,uint256)[])",
                    "[(" + std::string{kAccount0} + ",1gwei)]", "--value", "2wei", "--dev", "0",
                    "--yes"});
    const auto tx = sent_tx();
    EXPECT_EQ(tx->value, Wei{2});
    EXPECT_EQ(tx->data.size(), 4U + 4 * 32);
    const auto abi = folder.write(
        "abi.json",
        R"json(["function f()","function g() view","function h(uint256)","function h(bool)"])json");
    expect_failure(2, "takes no coins",
                   {"transact", kAccount1, "f", "--abi", abi, "--value", "1wei", "--dev", "0"});
    expect_failure(2, "only reads", {"transact", kAccount1, "g", "--abi", abi, "--dev", "0"});
    expect_failure(2, "2 functions", {"transact", kAccount1, "h", "1", "--abi", abi, "--dev", "0"});
    expect_failure(2, "no function x", {"transact", kAccount1, "x", "--abi", abi, "--dev", "0"});
    expect_failure(2, "name alone", {"transact", kAccount1, "f", "--dev", "0"});
    node.answer("eth_getCode", "0x");
    expect_failure(2, "no contract at", {"transact", kAccount1, "f()", "--dev", "0", "--yes"});
}

TEST_F(WalletProgram, logs_are_asked_for_and_decoded) {
    const std::string topic = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
    const auto padded = [](const char* address) {
        return "0x" + std::string(24, '0') + std::string{address}.substr(2);
    };
    node.answer("eth_getLogs",
                Json::array({{{"address", kAccount1},
                              {"blockNumber", "0x7"},
                              {"topics", {topic, padded(kAccount0), padded(kAccount1)}},
                              {"data", "0x" + word("2a")}},
                             {{"address", kAccount1},
                              {"blockNumber", "0x8"},
                              {"topics", {topic}},
                              {"data", "0x"}}}));
    const std::string event = "Transfer(address indexed from, address indexed to, uint256 value)";
    const auto logs =
        run_json({"logs", "--address", kAccount1, "--event", event, "--from-block", "5"})["logs"];
    ASSERT_EQ(logs.size(), 2U);
    EXPECT_EQ(logs[0]["values"], (Json{{"from", kAccount0}, {"to", kAccount1}, {"value", "42"}}));
    EXPECT_FALSE(logs[1].contains("values"));
    const auto filter = node.calls("eth_getLogs").back().at(0);
    EXPECT_EQ(filter["topics"], Json::array({Json::array({topic})}));
    EXPECT_EQ(filter["fromBlock"], "0x5");
    EXPECT_EQ(filter["toBlock"], "latest");
    expect_failure(2, "Transfer(address indexed", {"logs", "--event", "nonsense"});
    expect_failure(2, "no block", {"logs", "--from-block", "x"});
}

TEST_F(WalletProgram, decode_reads_calls_outputs_reverts_and_transactions) {
    // The ABI specification's first example.
    EXPECT_EQ(run_json({"decode", "0xcdcd77c0" + word("45") + word("1"), "--signature",
                        "baz(uint32 x, bool y)"})["values"],
              (Json{{"x", "69"}, {"y", true}}));
    EXPECT_EQ(run_json({"decode", "0x" + word("2a"), "--output", "--signature",
                        "f()(uint8 n)"})["values"]["n"],
              "42");
    EXPECT_EQ(run({"decode", "4e487b71" + word("12")}).out, "division by zero (panic 0x12)\n");
    // EIP-155's example.
    const auto tx =
        run_json({"decode", "--tx",
                  "0xf86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a7"
                  "6400008025"
                  "a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276"
                  "a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83"});
    EXPECT_EQ(tx["from"], "0x9d8A62f656a8d1615C1294fd71e9CFb3E4855A4F");
    EXPECT_EQ(tx["chainId"], 1);
    expect_failure(1, "no signature fits", {"decode", "0x12345678"});
    expect_failure(1, "no signed transaction", {"decode", "--tx", "0x01"});
    expect_failure(2, "no hex", {"decode", "0xzz"});
}

TEST_F(WalletProgram, watch_shows_blocks_and_own_transactions) {
    node.answer("eth_getBlockByNumber", FakeNode::Method{[](const Json& params) {
                    const auto number = params.at(0).get<std::string>();
                    return Json{{"number", number},
                                {"hash", "0xaa" + number.substr(2)},
                                {"parentHash", number == "0x11" ? "0xaa10" : "0xaa0f"},
                                {"gasUsed", "0x5"},
                                {"gasLimit", "0xa"},
                                {"miner", kAccount1},
                                {"transactions", Json::array({{{"hash", "0x01"},
                                                               {"from", kAccount0},
                                                               {"to", kAccount1},
                                                               {"value", "0xde0b6b3a7640000"}}})}};
                }});
    const auto result =
        run({"watch", "--address", kAccount0, "--blocks", "2", "--interval", "0.05"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_NE(result.out.find("      16      1 txs   50 % gas"), std::string::npos) << result.out;
    EXPECT_NE(result.out.find("out                1 coin"), std::string::npos) << result.out;
    EXPECT_NE(result.out.find("      17 "), std::string::npos) << result.out;
}

}  // namespace
}  // namespace cairn::test
