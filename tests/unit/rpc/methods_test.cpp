// SPDX-License-Identifier: MIT
// Methods over a small chain: what blocks say of each other, logs and their limits, reorganisations
// as filters and subscriptions tell them.
#include "tests/unit/rpc/methods_fixture.hpp"

#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"

namespace cairn::rpc {
namespace {

using test::make_tx;
using test::TestKey;

/// Init code that logs one topic and leaves no contract: PUSH1 topic, PUSH1 0, PUSH1 0, LOG1, STOP.
Bytes logging_code(std::uint8_t topic) {
    return {0x60, topic, 0x60, 0x00, 0x60, 0x00, 0xa1, 0x00};
}

std::string topic_text(std::uint8_t topic) {
    Hash256 out;
    out.bytes.back() = topic;
    return to_hex0x(out);
}

test::BlockPlan logging_plan(const TestKey& key, std::uint64_t nonce, std::uint8_t topic) {
    test::BlockPlan plan;
    plan.transactions.push_back(
        make_tx(key, nonce, std::nullopt, Wei{}, logging_code(topic), 100'000));
    return plan;
}

TEST_F(MethodsTest, head_balance_and_nonce_follow_the_chain) {
    const TestKey key{1};
    const Address to = TestKey{9}.address;
    test::BlockPlan plan;
    plan.transactions.push_back(make_tx(key, 0, to, Wei{5}));
    extend(factory_.genesis_block(), plan);
    EXPECT_EQ(result("eth_blockNumber"), "0x1");
    EXPECT_EQ(result("eth_getBalance", {to_hex0x(to), "latest"}), "0x5");
    EXPECT_EQ(result("eth_getBalance", {to_hex0x(to), "0x0"}), "0x0");
    EXPECT_EQ(result("eth_getTransactionCount", {to_hex0x(key.address), "latest"}), "0x1");
    EXPECT_EQ(result("eth_getTransactionCount", {to_hex0x(key.address), "earliest"}), "0x0");
    EXPECT_EQ(error("eth_getBalance", {to_hex0x(to), "0x2"}),
              (std::pair{-32000, std::string{"header not found"}}));
    const auto block = result("eth_getBlockByNumber", {"0x1", true});
    const auto tx = block["transactions"][0];
    EXPECT_EQ(tx["from"], to_hex0x(key.address));
    EXPECT_EQ(result("eth_getTransactionByHash", {tx["hash"]}), tx);
    EXPECT_EQ(result("eth_getTransactionReceipt", {tx["hash"]}),
              result("eth_getBlockReceipts", {"0x1"})[0]);
    EXPECT_EQ(result("eth_getBlockByHash", {block["hash"], true}), block);
    EXPECT_EQ(result("eth_getBlockByNumber", {"0x2", true}), nullptr);
}

TEST_F(MethodsTest, proof_of_an_earlier_block_fits_its_root) {
    const Address to = TestKey{9}.address;
    auto parent = factory_.genesis_block();
    for (std::uint64_t nonce = 0; nonce < 3; ++nonce) {
        test::BlockPlan plan;
        plan.transactions.push_back(make_tx(TestKey{1}, nonce, to, Wei{5}));
        parent = extend(parent, plan);
    }
    for (int number = 0; number <= 3; ++number) {
        const auto at = "0x" + std::to_string(number);
        const auto proof = result("eth_getProof", {to_hex0x(to), Json::array(), at});
        EXPECT_EQ(proof["balance"], "0x" + std::string(1, "05af"[number]));
        // The first node hashes to the root of that block (EIP-1186).
        const auto root = keccak256(*from_hex(proof["accountProof"][0].get<std::string>()));
        EXPECT_EQ(to_hex0x(root),
                  result("eth_getBlockByNumber", {at, false})["stateRoot"].get<std::string>())
            << number;
    }
}

TEST_F(MethodsTest, call_and_estimate) {
    const auto from = to_hex0x(TestKey{1}.address);
    const auto to = to_hex0x(TestKey{9}.address);
    EXPECT_EQ(result("eth_estimateGas", {{{"from", from}, {"to", to}, {"value", "0x1"}}}),
              "0x5208");
    // PUSH1 42, PUSH1 0, MSTORE, PUSH1 32, PUSH1 0, RETURN put in place by an override.
    const Json code{{to, {{"code", "0x602a60005260206000f3"}}}};
    EXPECT_EQ(result("eth_call", {{{"to", to}}, "latest", code}),
              "0x" + std::string(62, '0') + "2a");
    // cast sends both names; they must agree.
    EXPECT_EQ(
        result("eth_call", {{{"to", to}, {"data", "0x01"}, {"input", "0x01"}}, "latest", code})
            .get<std::string>()
            .size(),
        66U);
    EXPECT_EQ(error("eth_call", {{{"to", to}, {"data", "0x01"}, {"input", "0x02"}}}).first, -32602);
    // PUSH1 0, PUSH1 0, REVERT.
    const Json reverting{{to, {{"code", "0x60006000fd"}}}};
    EXPECT_EQ(error("eth_call", {{{"to", to}}, "latest", reverting}),
              (std::pair{3, std::string{"execution reverted"}}));
    EXPECT_EQ(error("eth_estimateGas", {{{"to", to}}, "latest", reverting}).first, 3);
    // INVALID eats everything it is given.
    const Json invalid{{to, {{"code", "0xfe"}}}};
    EXPECT_NE(error("eth_call", {{{"to", to}}, "latest", invalid}).second.find("invalid opcode"),
              std::string::npos);
    const auto poor = to_hex0x(TestKey{8}.address);
    EXPECT_NE(error("eth_call", {{{"from", poor}, {"to", to}, {"value", "0x1"}}})
                  .second.find("insufficient funds for gas * price + value"),
              std::string::npos);
    EXPECT_EQ(
        error("eth_call", {{{"to", to}, {"gasPrice", "0x1"}, {"maxFeePerGas", "0x1"}}}).second,
        "both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified");
}

TEST_F(MethodsTest, logs_by_topic_and_range) {
    auto block = extend(factory_.genesis_block(), logging_plan(TestKey{1}, 0, 0xaa));
    block = extend(block, logging_plan(TestKey{1}, 1, 0xbb));
    const auto all = result("eth_getLogs", {{{"fromBlock", "0x0"}, {"toBlock", "latest"}}});
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0]["topics"][0], topic_text(0xaa));
    EXPECT_EQ(all[1]["blockHash"], to_hex0x(block.header.hash()));
    EXPECT_EQ(all[1]["removed"], false);
    const auto only = [&](const Json& topics) {
        return result("eth_getLogs", {{{"fromBlock", "0x0"}, {"topics", topics}}}).size();
    };
    EXPECT_EQ(only({topic_text(0xbb)}), 1U);
    EXPECT_EQ(only(Json::array({Json::array({topic_text(0xaa), topic_text(0xbb)})})), 2U);
    EXPECT_EQ(only({nullptr}), 2U);
    EXPECT_EQ(only({nullptr, topic_text(0xbb)}), 0U);
    EXPECT_EQ(result("eth_getLogs", {{{"blockHash", to_hex0x(block.header.hash())}}}).size(), 1U);
    EXPECT_EQ(error("eth_getLogs", {{{"fromBlock", "0x2"}, {"toBlock", "0x1"}}}),
              (std::pair{-32602, std::string{"invalid block range params"}}));
    EXPECT_EQ(error("eth_getLogs", {{{"toBlock", "0x9"}}}).second,
              "block range extends beyond current head block");
    EXPECT_EQ(error("eth_getLogs",
                    {{{"topics", Json::array({nullptr, nullptr, nullptr, nullptr, nullptr})}}})
                  .second,
              "exceed max topics");
    EXPECT_EQ(error("eth_getLogs", {{{"blockHash", topic_text(1)}}}).second, "unknown block");
}

Limits few_logs() {
    Limits limits;
    limits.logs_max = 2;
    return limits;
}

class FewLogsTest : public MethodsTest {
protected:
    FewLogsTest() : MethodsTest{few_logs()} {}
};

TEST_F(FewLogsTest, error_names_the_range_that_is_answered) {
    auto block = factory_.genesis_block();
    for (std::uint64_t nonce = 0; nonce < 3; ++nonce)
        block = extend(block, logging_plan(TestKey{1}, nonce, 0xaa));
    const auto [code, message] = error("eth_getLogs", {{{"fromBlock", "0x1"}, {"toBlock", "0x3"}}});
    EXPECT_EQ(code, -32005);
    EXPECT_NE(message.find("[0x1, 0x2]"), std::string::npos) << message;
    EXPECT_EQ(result("eth_getLogs", {{{"fromBlock", "0x1"}, {"toBlock", "0x2"}}}).size(), 2U);
}

TEST_F(MethodsTest, reorganisation_takes_logs_back_in_filters_and_subscriptions) {
    const auto log_filter = result("eth_newFilter", Json::array({Json::object()}));
    const auto block_filter = result("eth_newBlockFilter");
    const auto heads = result("eth_subscribe", {"newHeads"});
    const auto logs = result("eth_subscribe", Json::array({"logs", Json::object()}));
    EXPECT_NE(heads, logs);

    const auto& genesis = factory_.genesis_block();
    const auto lost = extend(genesis, logging_plan(TestKey{1}, 0, 0xaa));
    auto other = logging_plan(TestKey{1}, 0, 0xbb);
    other.seconds = 11;
    const auto first = extend(genesis, other);
    const auto second = extend(first);
    subscriptions_->flush();
    EXPECT_EQ(result("eth_getBlockByNumber", {"latest", false})["hash"],
              to_hex0x(second.header.hash()));

    const auto changes = result("eth_getFilterChanges", {log_filter});
    ASSERT_EQ(changes.size(), 3U);
    EXPECT_EQ(changes[0]["topics"][0], topic_text(0xaa));
    EXPECT_EQ(changes[0]["removed"], false);
    EXPECT_EQ(changes[1]["blockHash"], to_hex0x(lost.header.hash()));
    EXPECT_EQ(changes[1]["removed"], true);
    EXPECT_EQ(changes[2]["topics"][0], topic_text(0xbb));
    EXPECT_EQ(changes[2]["removed"], false);
    EXPECT_EQ(result("eth_getFilterChanges", {log_filter}), Json::array());
    EXPECT_EQ(result("eth_getFilterChanges", {block_filter}),
              Json::array({to_hex0x(lost.header.hash()), to_hex0x(first.header.hash()),
                           to_hex0x(second.header.hash())}));

    // One head and one log, then the reorganisation: removed log, both heads, the other log.
    std::vector<Json> told_logs;
    std::vector<Json> told_heads;
    for (const auto& message : notifier_->messages)
        (message.contains("topics") ? told_logs : told_heads).push_back(message);
    ASSERT_EQ(told_logs.size(), 3U);
    EXPECT_EQ(told_logs[1]["removed"], true);
    ASSERT_EQ(told_heads.size(), 3U);
    EXPECT_EQ(told_heads[2]["hash"], to_hex0x(second.header.hash()));
    EXPECT_EQ(told_heads[2]["number"], "0x2");
}

TEST_F(MethodsTest, subscriptions_end) {
    const auto id = result("eth_subscribe", {"newHeads"});
    EXPECT_EQ(subscriptions_->size(), 1U);
    EXPECT_EQ(result("eth_unsubscribe", {id}), true);
    EXPECT_EQ(error("eth_unsubscribe", {id}).second, "subscription not found");
    EXPECT_EQ(error("eth_subscribe", {"weather"}),
              (std::pair{-32601, std::string{"no \"weather\" subscription in eth namespace"}}));
    // A connection that is gone takes its own with it at the next event.
    (void)result("eth_subscribe", {"newHeads"});
    notifier_ = std::make_shared<RecordingNotifier>();
    extend(factory_.genesis_block());
    subscriptions_->flush();
    EXPECT_EQ(subscriptions_->size(), 0U);
}

TEST_F(MethodsTest, filters_end) {
    const auto id = result("eth_newBlockFilter");
    EXPECT_EQ(filters_->size(), 1U);
    EXPECT_EQ(error("eth_getFilterLogs", {id}).second, "filter not found");
    EXPECT_EQ(result("eth_uninstallFilter", {id}), true);
    EXPECT_EQ(result("eth_uninstallFilter", {id}), false);
    EXPECT_EQ(error("eth_getFilterChanges", {id}),
              (std::pair{-32000, std::string{"filter not found"}}));
}

TEST_F(MethodsTest, fee_history_has_one_base_fee_more) {
    test::BlockPlan plan;
    plan.transactions.push_back(make_tx(TestKey{1}, 0, TestKey{9}.address, Wei{1}));
    extend(factory_.genesis_block(), plan);
    const auto history = result("eth_feeHistory", {"0x2", "latest", {50.0}});
    EXPECT_EQ(history["oldestBlock"], "0x0");
    EXPECT_EQ(history["baseFeePerGas"].size(), 3U);
    EXPECT_EQ(history["gasUsedRatio"].size(), 2U);
    EXPECT_EQ(history["baseFeePerGas"][2], result("eth_baseFee"));
    ASSERT_EQ(history["reward"].size(), 2U);
    EXPECT_EQ(history["reward"][0], Json::array({"0x0"}));
    EXPECT_NE(error("eth_feeHistory", {"0x1", "latest", {50.0, 50.0}})
                  .second.find("invalid reward percentile"),
              std::string::npos);
    EXPECT_NE(error("eth_feeHistory", {"0x1", "latest", {100.5}})
                  .second.find("invalid reward percentile"),
              std::string::npos);
    EXPECT_EQ(error("eth_feeHistory", {"0x1", "0x9"}).second, "request beyond head block");
}

/// Whether a value is of a kind that the parameter's schema cannot mean.
bool is_foreign(const Json& schema, const Json& value) {
    if (schema.contains("oneOf"))
        return value.is_boolean() || value.is_array() || (value.is_string() && value == "zzz");
    if (!schema.contains("type")) return false;
    const auto type = schema["type"].get<std::string>();
    if (type == "string") return !value.is_string() && !value.is_number();
    if (type == "boolean") return !value.is_boolean();
    if (type == "object") return !value.is_object();
    if (type == "array") return !value.is_array();
    if (type == "number") return !value.is_number();
    return false;
}

TEST_F(MethodsTest, wrong_types_for_every_parameter_of_every_method_are_errors) {
    const auto document = result("rpc.discover");
    const std::vector<Json> strange{
        nullptr,
        true,
        7,
        -7,
        1.5,
        1e300,
        "",
        "0x",
        "zzz",
        "0xzz",
        "latest",
        std::string(5000, 'f'),
        Json::array(),
        Json::array({1, "a", nullptr}),
        Json::object(),
        Json{{"a", 1}},
        Json{{"address", 5}, {"from", Json::array()}, {"blockHash", 1}}};
    std::size_t asked = 0;
    for (const auto& row : document["methods"]) {
        const auto name = row["name"].get<std::string>();
        // It waits for a receipt for as long as it is told to.
        if (name == "eth_sendRawTransactionSync") continue;
        const auto& params = row["params"];
        for (std::size_t at = 0; at < params.size(); ++at) {
            for (const auto& value : strange) {
                auto given = Json::array();
                for (std::size_t i = 0; i < at; ++i) given.push_back(nullptr);
                given.push_back(value);
                const auto alone = ask(name, Json{{params[at]["name"].get<std::string>(), value}});
                const auto placed = ask(name, given);
                for (const auto& answer : {alone, placed}) {
                    ++asked;
                    ASSERT_NE(answer.contains("error"), answer.contains("result")) << name;
                    if (!answer.contains("error")) continue;
                    EXPECT_NE(answer["error"]["code"], -32603) << name << " " << answer.dump();
                }
                if (!value.is_null() && is_foreign(params[at]["schema"], value)) {
                    EXPECT_TRUE(alone.contains("error"))
                        << name << " took " << value.dump() << " for " << params[at]["name"];
                }
            }
        }
    }
    EXPECT_GT(asked, 1000U);
}

}  // namespace
}  // namespace cairn::rpc
