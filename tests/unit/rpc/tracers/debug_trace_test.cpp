// SPDX-License-Identifier: MIT
#include "tests/unit/rpc/tracers/tracing_fixture.hpp"

namespace cairn::rpc::test {
namespace {

using DebugTrace = TracingTest;

const json kCallTracer{{"tracer", "callTracer"}};

TEST_F(DebugTrace, transaction_runs_on_what_came_before_it) {
    const auto trace = result("debug_traceTransaction", {tx_hash(3, 1), kCallTracer});
    EXPECT_EQ(trace.at("from"), to_hex0x(key2.address));
    EXPECT_EQ(trace.at("to"), to_hex0x(box));
    EXPECT_EQ(trace.at("value"), "0x6");
    ASSERT_EQ(trace.at("calls").size(), 1U);
    EXPECT_EQ(trace.at("calls")[0].at("to"), to_hex0x(key3.address));
    // What the receipt says the transaction used.
    const auto& receipts = chain.factory.receipts_of(blocks[2].header.hash());
    const auto used = receipts[1].cumulative_gas_used - receipts[0].cumulative_gas_used;
    EXPECT_EQ(trace.at("gasUsed"), to_quantity(used));
}

TEST_F(DebugTrace, prestate_is_that_of_the_transaction_and_not_of_the_block) {
    const json config{{"tracer", "prestateTracer"}, {"tracerConfig", {{"diffMode", true}}}};
    // The box holds 5 after block 2; block 3 sets 6.
    const auto trace = result("debug_traceTransaction", {tx_hash(3, 1), config});
    const std::string slot = "0x" + std::string(64, '0');
    const auto word = [](char digit) { return "0x" + std::string(63, '0') + digit; };
    EXPECT_EQ(trace.at("pre").at(to_hex0x(box)).at("storage").at(slot), word('5'));
    EXPECT_EQ(trace.at("post").at(to_hex0x(box)).at("storage").at(slot), word('6'));
    // The second transaction of block 2 begins with what the first left: key 1 has paid for two.
    const auto second = result("debug_traceTransaction", {tx_hash(2, 1), json{{"tracer", "prestateTracer"}}});
    EXPECT_EQ(second.at(to_hex0x(key1.address)).at("nonce"), 2);
}

TEST_F(DebugTrace, logs_count_through_the_block) {
    const json config{{"tracer", "callTracer"}, {"tracerConfig", {{"withLog", true}}}};
    EXPECT_EQ(result("debug_traceTransaction", {tx_hash(2, 0), config}).at("logs")[0].at("index"), "0x0");
}

TEST_F(DebugTrace, block_gives_every_transaction_by_number_hash_and_bytes) {
    const auto by_number = result("debug_traceBlockByNumber", {"0x3", kCallTracer});
    ASSERT_EQ(by_number.size(), 2U);
    EXPECT_EQ(by_number[0].at("txHash"), tx_hash(3, 0));
    EXPECT_EQ(by_number[0].at("result").at("type"), "CREATE");
    EXPECT_EQ(by_number[1].at("result").at("value"), "0x6");
    EXPECT_EQ(result("debug_traceBlockByHash", {block_hash(3), kCallTracer}), by_number);
    EXPECT_EQ(result("debug_traceBlock", {to_hex0x(encode_block(blocks[2])), kCallTracer}), by_number);
}

TEST_F(DebugTrace, revert_is_told_with_its_data) {
    const auto trace = result("debug_traceTransaction", {tx_hash(4, 0), kCallTracer});
    EXPECT_EQ(trace.at("error"), "execution reverted");
    EXPECT_EQ(trace.at("output"), "0x0bad");
    const auto logs = result("debug_traceTransaction", json::array({tx_hash(4, 0)}));
    EXPECT_EQ(logs.at("failed"), true);
    EXPECT_EQ(logs.at("returnValue"), "0x0bad");
    EXPECT_EQ(logs.at("structLogs").back().at("op"), "REVERT");
}

TEST_F(DebugTrace, call_takes_overrides_and_a_place_in_the_block) {
    const json call{{"from", to_hex0x(key2.address)}, {"to", to_hex0x(box)}, {"value", "0x9"}};
    const json diff{{"tracer", "prestateTracer"}, {"tracerConfig", {{"diffMode", true}}}};
    const std::string slot = "0x" + std::string(64, '0');
    const auto word = [](char digit) { return "0x" + std::string(63, '0') + digit; };
    const auto before_of = [&](const json& config) {
        return result("debug_traceCall", {call, "0x3", config}).at("pre").at(to_hex0x(box)).at("storage").at(slot);
    };
    EXPECT_EQ(before_of(diff), word('6'));
    auto placed = diff;
    placed["txIndex"] = "0x1";
    EXPECT_EQ(before_of(placed), word('5'));
    auto overridden = diff;
    overridden["stateOverrides"] = {{to_hex0x(box), {{"stateDiff", {{slot, word('8')}}}}}};
    EXPECT_EQ(before_of(overridden), word('8'));
    auto beyond = diff;
    beyond["txIndex"] = "0x3";
    EXPECT_EQ(error("debug_traceCall", {call, "0x3", beyond}).at("code"), -32000);
}

TEST_F(DebugTrace, what_is_not_there_is_told_in_geths_words) {
    EXPECT_EQ(error("debug_traceTransaction", json::array({kNowhere})),
              json({{"code", -32000}, {"message", "transaction not found"}}));
    EXPECT_EQ(error("debug_traceBlockByHash", json::array({kNowhere})),
              json({{"code", -32000}, {"message", "block " + kNowhere + " not found"}}));
    EXPECT_EQ(error("debug_traceBlockByNumber", json::array({"0x63"})),
              json({{"code", -32000}, {"message", "block #99 not found"}}));
    EXPECT_EQ(error("debug_traceBlockByNumber", json::array({"0x0"})),
              json({{"code", -32000}, {"message", "genesis is not traceable"}}));
    EXPECT_EQ(error("debug_traceBlockByNumber", json::array({"3"})),
              json({{"code", -32602}, {"message", "invalid argument 0: hex string without 0x prefix"}}));
    EXPECT_EQ(error("debug_traceBlock", json::array({"0xc0"})).at("code"), -32000);
    EXPECT_EQ(error("debug_traceTransaction", {tx_hash(2, 0), json{{"tracer", "none"}}}).at("code"), -32602);
}

TEST_F(DebugTrace, deadlines_and_limits_end_it) {
    EXPECT_EQ(error("debug_traceTransaction", {tx_hash(2, 0), json{{"timeout", "0"}}}),
              json({{"code", -32000}, {"message", "execution timeout"}}));
    Call late;
    late.deadline = Call::Clock::now();
    EXPECT_TRUE(ask("debug_traceBlockByNumber", json::array({"0x2"}), late).contains("error"));
    context.limits.reply_bytes_max = 100;
    EXPECT_EQ(error("debug_traceTransaction", json::array({tx_hash(2, 0)})),
              json({{"code", -32003}, {"message", "response too large"}}));
}

}  // namespace
}  // namespace cairn::rpc::test
