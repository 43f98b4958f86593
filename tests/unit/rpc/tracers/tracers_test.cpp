// SPDX-License-Identifier: MIT
// What the public cases (tests/conformance/tracer_test.cpp) leave out: struct logs, selectors, several tracers at
// once, OpenEthereum's vmTrace, and the options of each.
#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "rpc/tracers/flat_call_tracer.hpp"
#include "rpc/tracers/vm_trace.hpp"
#include "tests/unit/rpc/tracers/tracer_fixture.hpp"

namespace cairn::rpc::test {
namespace {

using StructLogs = TracerTest;
using CallTrees = TracerTest;
using Prestates = TracerTest;
using Selectors = TracerTest;
using VmTraces = TracerTest;

const std::string kWordZero(64, '0');

std::string word_text(const std::string& tail) { return "0x" + kWordZero.substr(tail.size()) + tail; }

TEST_F(StructLogs, show_stack_and_storage) {
    put_code(kMain, sstore(Uint256{1}, Uint256{0xab}) + push(Uint256{1}) + vm::OP_SLOAD + vm::OP_STOP);
    const auto result = trace_with(json::object());
    EXPECT_EQ(result.at("failed"), false);
    EXPECT_EQ(result.at("gas"), outcome.gas_used);
    EXPECT_EQ(result.at("returnValue"), "0x");
    const auto& logs = result.at("structLogs");
    ASSERT_EQ(logs.size(), 6U);
    EXPECT_EQ(logs[0], json({{"pc", 0}, {"op", "PUSH1"}, {"gas", 79'000}, {"gasCost", 3}, {"depth", 1},
                             {"stack", json::array()}}));
    // A cold slot that becomes non-zero: 2100 + 20000 (EIP-2929, EIP-2200).
    EXPECT_EQ(logs[2].at("op"), "SSTORE");
    EXPECT_EQ(logs[2].at("gasCost"), 22'100);
    EXPECT_EQ(logs[2].at("stack"), json::array({"0xab", "0x1"}));
    EXPECT_EQ(logs[2].at("storage"), json({{word_text("01"), word_text("ab")}}));
    EXPECT_EQ(logs[4].at("op"), "SLOAD");
    EXPECT_EQ(logs[4].at("storage"), json({{word_text("01"), word_text("ab")}}));
    EXPECT_FALSE(logs[5].contains("storage"));
}

TEST_F(StructLogs, show_memory_and_return_data_when_asked) {
    put_code(kOther, return_memory(Uint256{}, Uint256{2}));
    put_code(kMain, call(vm::OP_CALL, {.to = word(kOther)}) + mstore(Uint256{}, Uint256{5}) + vm::OP_STOP);
    const auto plain = trace_with({{"disableStack", true}, {"disableStorage", true}}).at("structLogs");
    for (const auto& log : plain)
        for (const auto* name : {"memory", "returnData", "stack", "storage"}) EXPECT_FALSE(log.contains(name)) << name;
    const auto full = trace_with({{"enableMemory", true}, {"enableReturnData", true}}).at("structLogs");
    ASSERT_EQ(full.size(), plain.size());
    EXPECT_EQ(full.back().at("memory"), json::array({word_text("05")}));
    EXPECT_EQ(full.back().at("returnData"), "0x0000");
    EXPECT_EQ(full[8].at("depth"), 2);
}

TEST_F(StructLogs, tell_why_an_instruction_is_refused) {
    put_code(kMain, push(Uint256{1}) + vm::OP_ADD);
    auto result = trace_with(json::object());
    EXPECT_EQ(result.at("failed"), true);
    EXPECT_EQ(result.at("structLogs")[1].at("error"), "stack underflow (1 <=> 2)");
    // Its price is shown though the machine never came to it.
    EXPECT_EQ(result.at("structLogs")[1].at("gasCost"), 3);

    put_code(kMain, push(Uint256{1} << 40) + vm::OP_MLOAD);
    EXPECT_EQ(trace_with(json::object()).at("structLogs")[1].at("error"), "out of gas");

    // geth finds this out only while it runs the instruction.
    put_code(kMain, Bytes{0x0c});
    result = trace_with(json::object());
    EXPECT_EQ(result.at("structLogs")[0].at("op"), "opcode 0xc not defined");
    EXPECT_FALSE(result.at("structLogs")[0].contains("error"));
}

TEST_F(StructLogs, end_at_the_limit_with_the_result_whole) {
    put_code(kMain, 100 * (push(Uint256{1}) + vm::OP_POP) + vm::OP_STOP);
    EXPECT_EQ(trace_with(json::object()).at("structLogs").size(), 201U);
    const auto cut = trace_with({{"limit", 1}});
    EXPECT_EQ(cut.at("structLogs").size(), 1U);
    EXPECT_EQ(cut.at("gas"), outcome.gas_used);
}

TEST_F(StructLogs, give_revert_data_and_not_what_a_failure_left) {
    put_code(kMain, mstore(Uint256{}, Uint256{1}) + revert_memory(Uint256{31}, Uint256{1}));
    const auto reverted = trace_with(json::object());
    EXPECT_EQ(reverted.at("failed"), true);
    EXPECT_EQ(reverted.at("returnValue"), "0x01");
    put_code(kMain, Bytes{vm::OP_INVALID});
    EXPECT_EQ(trace_with(json::object()).at("returnValue"), "0x");
}

TEST_F(CallTrees, refused_calls_are_children) {
    put_code(kMain, call(vm::OP_CALL, {.to = word(kOther), .value = Uint256{1} << 100}) + vm::OP_STOP);
    const auto result = trace_with({{"tracer", "callTracer"}});
    ASSERT_EQ(result.at("calls").size(), 1U);
    EXPECT_EQ(result.at("calls")[0].at("error"), "insufficient balance for transfer");
    EXPECT_EQ(result.at("calls")[0].at("gasUsed"), "0x0");
}

TEST_F(CallTrees, static_calls_have_no_value_and_top_only_has_no_children) {
    put_code(kMain, call(vm::OP_STATICCALL, {.to = word(kOther)}) + vm::OP_STOP);
    const auto result = trace_with({{"tracer", "callTracer"}});
    EXPECT_EQ(result.at("calls")[0].at("type"), "STATICCALL");
    EXPECT_FALSE(result.at("calls")[0].contains("value"));
    const auto top = trace_with({{"tracer", "callTracer"}, {"tracerConfig", {{"onlyTopCall", true}}}});
    EXPECT_FALSE(top.contains("calls"));
}

TEST_F(CallTrees, logs_count_on_from_the_blocks_and_vanish_with_a_failure) {
    const auto log = push(Uint256{}) + push(Uint256{}) + vm::OP_LOG0;
    put_code(kOther, log + revert_memory(Uint256{}, Uint256{}));
    put_code(kMain, call(vm::OP_CALL, {.to = word(kOther)}) + log + vm::OP_STOP);
    const auto result = trace_with({{"tracer", "callTracer"}, {"tracerConfig", {{"withLog", true}}}});
    EXPECT_FALSE(result.at("calls")[0].contains("logs"));
    ASSERT_EQ(result.at("logs").size(), 1U);
    EXPECT_EQ(result.at("logs")[0].at("index"), "0x0");
    EXPECT_EQ(result.at("logs")[0].at("position"), "0x1");
    EXPECT_EQ(result.at("logs")[0].at("topics"), json::array());
}

// OpenEthereum's words (ethcore/types/src/trace_types/error.rs as its documentation shows them).
TEST(FlatTraces, speak_parity) {
    EXPECT_EQ(to_parity_error("out of gas: not enough gas for reentrancy sentry"), "Out of gas");
    EXPECT_EQ(to_parity_error("contract creation code storage out of gas"), "Out of gas");
    EXPECT_EQ(to_parity_error("execution reverted"), "Reverted");
    EXPECT_EQ(to_parity_error("invalid opcode: INVALID"), "Bad instruction");
    EXPECT_EQ(to_parity_error("invalid jump destination"), "Bad jump destination");
    EXPECT_EQ(to_parity_error("stack underflow (1 <=> 2)"), "Stack underflow");
    EXPECT_EQ(to_parity_error("stack limit reached 1024 (1023)"), "Out of stack");
    EXPECT_EQ(to_parity_error("return data out of bounds"), "Out of bounds");
    EXPECT_EQ(to_parity_error("invalid input length"), "Built-in failed");
    EXPECT_EQ(to_parity_error("precompile failed"), "Built-in failed");
    EXPECT_EQ(to_parity_error("max call depth exceeded"), "max call depth exceeded");
}

TEST_F(CallTrees, flat_traces_hide_precompiles_unless_asked) {
    put_code(kMain, call(vm::OP_CALL, {.to = Uint256{4}}) + call(vm::OP_CALL, {.to = word(kOther)}) + vm::OP_STOP);
    const auto hidden = trace_with({{"tracer", "flatCallTracer"}});
    ASSERT_EQ(hidden.size(), 2U);
    EXPECT_EQ(hidden[0].at("subtraces"), 1);
    EXPECT_EQ(hidden[1].at("traceAddress"), json::array({0}));
    EXPECT_TRUE(hidden[0].at("transactionHash").is_null());
    EXPECT_EQ(hidden[0].at("blockNumber"), 9);
    const auto all = trace_with({{"tracer", "flatCallTracer"}, {"tracerConfig", {{"includePrecompiles", true}}}});
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all[2].at("traceAddress"), json::array({1}));
}

TEST_F(Prestates, diff_leaves_out_what_is_as_it_was) {
    put_code(kMain, sstore(Uint256{1}, Uint256{5}) + sstore(Uint256{2}, Uint256{7}) + vm::OP_STOP);
    base.set_storage(kMain, Uint256{1}, Uint256{5});
    const auto result = trace_with({{"tracer", "prestateTracer"}, {"tracerConfig", {{"diffMode", true}}}});
    EXPECT_EQ(result.at("post").at(to_hex0x(kMain)), json({{"storage", {{word_text("02"), word_text("07")}}}}));
    EXPECT_FALSE(result.at("pre").at(to_hex0x(kMain)).contains("storage"));
    EXPECT_EQ(result.at("post").at(to_hex0x(kSender)), json({{"nonce", 8}}));
}

TEST_F(Prestates, empty_accounts_are_shown_when_asked) {
    put_code(kMain, push(kOther) + vm::OP_BALANCE + vm::OP_STOP);
    EXPECT_FALSE(trace_with({{"tracer", "prestateTracer"}}).contains(to_hex0x(kOther)));
    const auto result = trace_with({{"tracer", "prestateTracer"}, {"tracerConfig", {{"includeEmpty", true}}}});
    EXPECT_EQ(result.at(to_hex0x(kOther)), json({{"balance", "0x0"}}));
}

// geth's example: the selector and the bytes behind it.
TEST_F(Selectors, are_counted_with_their_sizes) {
    const Bytes input = *from_hex("27dc297e" + std::string(256, '0'));
    put_code(kOther, Bytes{vm::OP_STOP});
    put_code(kMain, call(vm::OP_CALL, {.to = word(kOther), .in_size = Uint256{4}}) +
                        call(vm::OP_DELEGATECALL, {.to = word(kOther), .in_size = Uint256{4}}) +
                        call(vm::OP_CALL, {.to = word(kOther), .in_size = Uint256{3}}) +
                        call(vm::OP_CALL, {.to = Uint256{4}, .in_size = Uint256{32}}) + vm::OP_STOP);
    const auto config = ParamCodec<TraceConfig>::decode(json{{"tracer", "4byteTracer"}});
    ASSERT_TRUE(config);
    EXPECT_EQ(trace(*config->make(), kMain, input), json({{"0x27dc297e-128", 1}, {"0x00000000-0", 2}}));
}

TEST_F(Selectors, mux_gives_each_its_part) {
    put_code(kMain, Bytes{vm::OP_STOP});
    const json parts{{"noopTracer", nullptr}, {"4byteTracer", nullptr}, {"callTracer", {{"onlyTopCall", true}}}};
    const auto result = trace_with({{"tracer", "muxTracer"}, {"tracerConfig", parts}});
    EXPECT_EQ(result.at("noopTracer"), json::object());
    EXPECT_EQ(result.at("4byteTracer"), json::object());
    EXPECT_EQ(result.at("callTracer").at("to"), to_hex0x(kMain));
}

TEST_F(VmTraces, show_effects_and_nested_frames) {
    put_code(kOther, mstore(Uint256{}, Uint256{9}) + return_memory(Uint256{}, Uint256{32}));
    put_code(kMain, sstore(Uint256{1}, Uint256{2}) +
                        call(vm::OP_CALL, {.to = word(kOther), .out_size = Uint256{32}}) + vm::OP_STOP);
    VmTracer tracer;
    const auto result = trace(tracer);
    const auto& ops = result.at("ops");
    ASSERT_EQ(ops.size(), 12U);
    EXPECT_EQ(ops[0].at("ex").at("push"), json::array({"0x2"}));
    EXPECT_EQ(ops[0].at("cost"), 3);
    EXPECT_EQ(ops[0].at("ex").at("used"), 78'997);
    EXPECT_TRUE(ops[0].at("sub").is_null());
    EXPECT_EQ(ops[2].at("ex").at("store"), json({{"key", "0x1"}, {"val", "0x2"}}));
    const auto& called = ops[10];
    EXPECT_EQ(called.at("ex").at("mem"), json({{"off", 0}, {"data", word_text("09")}}));
    EXPECT_EQ(called.at("ex").at("push"), json::array({"0x1"}));
    EXPECT_EQ(called.at("sub").at("ops").size(), 6U);
    EXPECT_EQ(called.at("sub").at("ops")[2].at("ex").at("mem").at("data"), word_text("09"));
}

TEST_F(VmTraces, failed_instruction_has_no_effects) {
    put_code(kMain, push(Uint256{1}) + vm::OP_ADD);
    VmTracer tracer;
    const auto result = trace(tracer);
    ASSERT_EQ(result.at("ops").size(), 2U);
    EXPECT_TRUE(result.at("ops")[1].at("ex").is_null());
}

}  // namespace
}  // namespace cairn::rpc::test
