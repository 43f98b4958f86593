// SPDX-License-Identifier: MIT
// The trace against the example that EIP-3155 prints, and its rules on form.
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/functional/program.hpp"

namespace {

using cairn::test::run_program;

std::vector<std::string> trace_lines(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"run", "--trace"});
    const auto result = run_program(CAIRN_EVM, arguments);
    EXPECT_EQ(result.err, "");
    std::vector<std::string> lines;
    std::istringstream in{result.out};
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

struct Step {
    int pc;
    int op;
    const char* gas;
    const char* gas_cost;
    int mem_size;  ///< before the instruction
    std::vector<std::string> stack;
    const char* op_name;
};

// EIP-3155, "Test Cases": `evm --code 604080536040604055604060006040600060025afa6040f3 --json run`, with the Istanbul
// prices of its time. One number differs: the EIP's text says that memSize is the size before the instruction, its
// example gives for MSTORE8 (pc 3) the size after it.
const std::vector<Step> kExample = {
    {0, 96, "0x2540be400", "0x3", 0, {}, "PUSH1"},
    {2, 128, "0x2540be3fd", "0x3", 0, {"0x40"}, "DUP1"},
    {3, 83, "0x2540be3fa", "0xc", 0, {"0x40", "0x40"}, "MSTORE8"},
    {4, 96, "0x2540be3ee", "0x3", 96, {}, "PUSH1"},
    {6, 96, "0x2540be3eb", "0x3", 96, {"0x40"}, "PUSH1"},
    {8, 85, "0x2540be3e8", "0x4e20", 96, {"0x40", "0x40"}, "SSTORE"},
    {9, 96, "0x2540b95c8", "0x3", 96, {}, "PUSH1"},
    {11, 96, "0x2540b95c5", "0x3", 96, {"0x40"}, "PUSH1"},
    {13, 96, "0x2540b95c2", "0x3", 96, {"0x40", "0x0"}, "PUSH1"},
    {15, 96, "0x2540b95bf", "0x3", 96, {"0x40", "0x0", "0x40"}, "PUSH1"},
    {17, 96, "0x2540b95bc", "0x3", 96, {"0x40", "0x0", "0x40", "0x0"}, "PUSH1"},
    {19, 90, "0x2540b95b9", "0x2", 96, {"0x40", "0x0", "0x40", "0x0", "0x2"}, "GAS"},
    {20, 250, "0x2540b95b7", "0x24abb676c", 96, {"0x40", "0x0", "0x40", "0x0", "0x2", "0x2540b95b7"}, "STATICCALL"},
    {21, 96, "0x2540b92a7", "0x3", 96, {"0x1"}, "PUSH1"},
    {23, 243, "0x2540b92a4", "0x0", 96, {"0x1", "0x40"}, "RETURN"},
};
constexpr const char* kExampleCode = "604080536040604055604060006040600060025afa6040f3";
// sha256 of 64 zero bytes, which the STATICCALL leaves as return data.
constexpr const char* kExampleReturnData = "0xf5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b";

TEST(Trace, example_of_the_eip) {
    const auto lines = trace_lines({kExampleCode, "--fork", "Istanbul", "--gas", "0x2540be400"});
    ASSERT_EQ(lines.size(), kExample.size() + 1);
    for (std::size_t i = 0; i < kExample.size(); ++i) {
        const auto line = nlohmann::json::parse(lines[i]);
        const Step& step = kExample[i];
        EXPECT_EQ(line["pc"], step.pc);
        EXPECT_EQ(line["op"], step.op) << step.pc;
        EXPECT_EQ(line["gas"], step.gas) << step.pc;
        EXPECT_EQ(line["gasCost"], step.gas_cost) << step.pc;
        EXPECT_EQ(line["memSize"], step.mem_size) << step.pc;
        EXPECT_EQ(line["stack"], nlohmann::json(step.stack)) << step.pc;
        EXPECT_EQ(line["depth"], 1) << step.pc;
        EXPECT_EQ(line["refund"], "0x0") << step.pc;
        EXPECT_EQ(line["opName"], step.op_name) << step.pc;
        EXPECT_EQ(line["returnData"], step.pc > 20 ? kExampleReturnData : "0x") << step.pc;
        EXPECT_FALSE(line.contains("error")) << step.pc;
        EXPECT_FALSE(line.contains("memory")) << step.pc;
    }
    const auto summary = nlohmann::json::parse(lines.back());
    EXPECT_EQ(summary["output"], "40");
    EXPECT_EQ(summary["gasUsed"], "0x515c");
    EXPECT_EQ(summary["pass"], true);
    EXPECT_EQ(summary["fork"], "Istanbul");
    EXPECT_TRUE(summary["time"].is_number_unsigned());
    EXPECT_EQ(summary["stateRoot"].get<std::string>().size(), 66U);
}

TEST(Trace, fields_stand_in_the_order_of_the_eip) {
    EXPECT_EQ(trace_lines({"6001", "--gas", "100"}).front(),
              R"({"pc":0,"op":96,"gas":"0x64","gasCost":"0x3","stack":[],"depth":1,"returnData":"0x","refund":"0x0",)"
              R"("memSize":0,"opName":"PUSH1"})");
}

TEST(Trace, memory_is_shown_when_asked_for) {
    const auto lines = trace_lines({"60ab5f5300", "--trace.memory"});
    EXPECT_EQ(nlohmann::json::parse(lines[0])["memory"], "0x");
    EXPECT_EQ(nlohmann::json::parse(lines[3])["memory"], "0xab" + std::string(62, '0'));
}

struct Failure {
    std::vector<std::string> arguments;
    const char* error;
};

TEST(Trace, error_stands_at_the_instruction_that_fails_and_nowhere_else) {
    const std::vector<Failure> cases = {
        {{"01"}, "stack underflow"},                    // ADD without operands
        {{"600456"}, "invalid jump destination"},       // JUMP to no JUMPDEST
        {{"600160010101", "--gas", "8"}, "out of gas"},  // the ADD is one short
        {{"5f5ffd"}, "execution reverted"},             // REVERT without data
        // REVERT with Error("no") from call data
        {{"365f5f37365ffd", "--input",
          "08c379a0" + std::string(62, '0') + "20" + std::string(63, '0') + "2" + "6e6f" + std::string(60, '0')},
         "execution reverted: no"},
    };
    for (const auto& failure : cases) {
        const auto lines = trace_lines(failure.arguments);
        ASSERT_GE(lines.size(), 2U) << failure.error;
        for (std::size_t i = 0; i + 2 < lines.size(); ++i)
            EXPECT_FALSE(nlohmann::json::parse(lines[i]).contains("error")) << lines[i];
        EXPECT_EQ(nlohmann::json::parse(lines[lines.size() - 2]).value("error", ""), failure.error);
        EXPECT_EQ(nlohmann::json::parse(lines.back())["pass"], false);
    }
}

TEST(Trace, failing_precompile_leaves_the_callers_line_without_error) {
    // CALL of BLAKE2F (0x09) without input, which it refuses (EIP-152); the caller goes on.
    const auto lines = trace_lines({"5f5f5f5f5f60096103e8f100"});
    ASSERT_EQ(lines.size(), 10U);
    for (const auto& line : lines) EXPECT_EQ(line.find("error"), std::string::npos) << line;
    EXPECT_EQ(nlohmann::json::parse(lines[8])["stack"], nlohmann::json::array({"0x0"}));
}

TEST(Trace, failing_instruction_names_its_error_and_the_summary_fails) {
    const auto lines = trace_lines({"6001600101fe", "--gas", "50"});
    ASSERT_EQ(lines.size(), 5U);
    EXPECT_FALSE(nlohmann::json::parse(lines[2]).contains("error"));
    const auto last = nlohmann::json::parse(lines[3]);
    EXPECT_EQ(last["op"], 0xfe);
    EXPECT_TRUE(last.contains("error"));
    const auto summary = nlohmann::json::parse(lines[4]);
    EXPECT_EQ(summary["pass"], false);
    EXPECT_EQ(summary["gasUsed"], "0x32");
}

TEST(Trace, undefined_opcode_has_a_name_that_says_so) {
    EXPECT_EQ(nlohmann::json::parse(trace_lines({"0c"}).front())["opName"], "opcode 0xc not defined");
}

TEST(Trace, nested_call_is_one_deeper) {
    // CALL(gas 1000, 0xaa, 0, 0, 0, 0, 0) to code that is one STOP.
    const cairn::test::TemporaryFolder folder;
    const auto state = folder.write("state.json", R"({"0x00000000000000000000000000000000000000aa": {"code": "0x5b00"}})");
    const auto lines = trace_lines({"5f5f5f5f5f60aa6103e8f100", "--prestate", state});
    std::vector<int> depths;
    for (std::size_t i = 0; i + 1 < lines.size(); ++i) depths.push_back(nlohmann::json::parse(lines[i])["depth"]);
    EXPECT_EQ(depths, (std::vector<int>{1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 1}));
}

}  // namespace
