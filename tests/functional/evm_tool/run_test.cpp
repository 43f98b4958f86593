// SPDX-License-Identifier: MIT
// `cairn-evm run` as a person uses it: what it prints, and one clear line for each kind of bad request.
#include <algorithm>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/functional/program.hpp"

namespace {

using cairn::test::ProgramResult;
using cairn::test::run_program;
using cairn::test::TemporaryFolder;

ProgramResult run(std::vector<std::string> arguments, const std::string& input = {}) {
    arguments.insert(arguments.begin(), "run");
    return run_program(CAIRN_EVM, arguments, input);
}

// PUSH1 2, PUSH1 3, ADD, PUSH1 0, MSTORE, PUSH1 32, PUSH1 0, RETURN
constexpr const char* kAdd = "600260030160005260206000f3";
// Reverts with its call data: CALLDATASIZE PUSH0 PUSH0 CALLDATACOPY CALLDATASIZE PUSH0 REVERT
constexpr const char* kRevertWithInput = "365f5f37365ffd";
// Returns the word that the opcode before it leaves: PUSH0 MSTORE PUSH1 32 PUSH0 RETURN
constexpr const char* kReturnTop = "5f5260205ff3";
const std::string kZeros(64, '0');

std::string word(const std::string& digits) { return kZeros.substr(digits.size()) + digits; }

nlohmann::json run_json(std::vector<std::string> arguments) {
    arguments.emplace_back("--json");
    const auto result = run(arguments);
    EXPECT_EQ(result.err, "");
    return nlohmann::json::parse(result.out);
}

TEST(Run, prints_status_gas_and_output) {
    const auto result = run({kAdd});
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_EQ(result.err, "");
    // 3+3+3+3+6+3+3+0 by the Yellow Paper's fee schedule.
    EXPECT_EQ(result.out, "status:   success\ngas used: 24\noutput:   0x" + word("5") + "\n");
}

TEST(Run, code_comes_from_argument_option_file_or_standard_input) {
    const TemporaryFolder folder;
    const auto file = folder.write("code.hex", "0x6002 6003\n01 6000 52\r\n6020 6000 f3\n");
    const auto expected = run({kAdd}).out;
    EXPECT_EQ(run({"--code", std::string{"0x"} + kAdd}).out, expected);
    EXPECT_EQ(run({"--codefile", file}).out, expected);
    EXPECT_EQ(run({"-"}, kAdd).out, expected);
    EXPECT_EQ(run({"--codefile", "-"}, kAdd).out, expected);
}

TEST(Run, json_has_every_field) {
    const auto json = run_json({kAdd, "--fork", "London"});
    EXPECT_EQ(json["success"], true);
    EXPECT_EQ(json["status"], "success");
    EXPECT_EQ(json["gas_used"], 24);
    EXPECT_EQ(json["gas_refund"], 0);
    EXPECT_EQ(json["output"], "0x" + word("5"));
    EXPECT_TRUE(json["logs"].is_array());
    EXPECT_EQ(json["fork"], "London");
    EXPECT_TRUE(json["time_ns"].is_number_unsigned());
}

TEST(Run, revert_reason_of_error_string_is_decoded) {
    // Error("Not enough Ether provided."), the example of the Solidity documentation on reverts.
    const auto result = run({kRevertWithInput, "--input",
                             "08c379a0" + word("20") + word("1a") +
                                 "4e6f7420656e6f7567682045746865722070726f76696465642e000000000000"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_NE(result.out.find("status:   execution reverted\n"), std::string::npos);
    EXPECT_NE(result.out.find("reason:   Not enough Ether provided.\n"), std::string::npos);
}

TEST(Run, panic_code_is_explained) {
    const auto json = run_json({kRevertWithInput, "--input", "4e487b71" + word("11")});
    EXPECT_EQ(json["success"], false);
    EXPECT_EQ(json["reason"], "panic 0x11: arithmetic overflow or underflow");
}

TEST(Run, control_characters_in_a_reason_are_not_printed_raw) {
    const auto result = run({kRevertWithInput, "--input", "08c379a0" + word("20") + word("4") + "1b5b324a" + kZeros.substr(8)});
    EXPECT_EQ(result.out.find('\x1b'), std::string::npos);
    EXPECT_NE(result.out.find("\\u001b[2J"), std::string::npos);
}

TEST(Run, failure_uses_all_gas_and_exits_1) {
    const auto result = run({"fe", "--gas", "1000"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_NE(result.out.find("gas used: 1000\n"), std::string::npos);
    EXPECT_NE(result.out.find("status:   invalid opcode"), std::string::npos);
}

TEST(Run, gas_limit_is_exact) {
    EXPECT_EQ(run({kAdd, "--gas", "24"}).exit_code, 0);
    const auto short_by_one = run({kAdd, "--gas", "23"});
    EXPECT_EQ(short_by_one.exit_code, 1);
    EXPECT_NE(short_by_one.out.find("status:   out of gas\n"), std::string::npos);
}

TEST(Run, logs_are_printed) {
    // LOG1 with topic 7 over memory's first byte, which holds 0xab.
    const auto json = run_json({"60ab5f53600760015fa1"});
    ASSERT_EQ(json["logs"].size(), 1U);
    EXPECT_EQ(json["logs"][0]["address"], "0x0000000000000000000000007265636569766572");
    EXPECT_EQ(json["logs"][0]["topics"], nlohmann::json::array({"0x" + word("7")}));
    EXPECT_EQ(json["logs"][0]["data"], "0xab");
}

TEST(Run, creation_gives_address_and_code) {
    // Init code that returns the ten bytes behind it.
    const std::string runtime = "602a60005260206000f3";
    const auto json = run_json({"--create", "600a600c600039600a6000f3" + runtime, "--sender",
                                "0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0"});
    EXPECT_EQ(json["success"], true);
    EXPECT_EQ(json["code"], "0x" + runtime);
    // The first contract of this account on the main network (address and nonce 0 are CREATE's published example).
    EXPECT_EQ(json["contract"], "0xcd234a471b72ba2f1ccf0a70fcaba648a5eecd8d");
}

TEST(Run, creation_finds_constructor_arguments_behind_the_code) {
    // CODESIZE as the contract's only byte: PUSH0 MSTORE8 of it, RETURN one byte.
    EXPECT_EQ(run_json({"--create", "385f5360015ff3", "--input", "aabb"})["code"], "0x09");
}

TEST(Run, fork_decides_which_opcodes_there_are) {
    EXPECT_EQ(run({"5f00", "--fork", "Shanghai"}).exit_code, 0);
    EXPECT_EQ(run({"5f00", "--fork", "merge"}).exit_code, 1);
}

struct Named {
    const char* opcode;
    std::vector<std::string> flags;
    const char* value;
};

TEST(Run, context_flags_reach_the_opcodes) {
    const std::string address = "0x00112233445566778899aabbccddeeff00112233";
    const char* address_word = "112233445566778899aabbccddeeff00112233";
    const std::vector<Named> cases = {
        {"33", {"--sender", address}, address_word},      // CALLER
        {"32", {"--sender", address}, address_word},      // ORIGIN
        {"30", {"--to", address}, address_word},          // ADDRESS
        {"34", {"--value", "0x10"}, "10"},                // CALLVALUE
        {"3a", {"--price", "17"}, "11"},                  // GASPRICE
        {"41", {"--coinbase", address}, address_word},    // COINBASE
        {"42", {"--timestamp", "255"}, "ff"},             // TIMESTAMP
        {"43", {"--number", "256"}, "100"},               // NUMBER
        {"44", {"--prevrandao", "0xbeef"}, "beef"},       // PREVRANDAO
        {"45", {"--gaslimit", "4096"}, "1000"},           // GASLIMIT
        {"46", {"--chainid", "1337"}, "539"},             // CHAINID
        {"48", {"--basefee", "7"}, "7"},                  // BASEFEE
        {"4a", {"--blobbasefee", "9"}, "9"},              // BLOBBASEFEE
    };
    for (const auto& c : cases) {
        std::vector<std::string> arguments{c.opcode + std::string{kReturnTop}};
        arguments.insert(arguments.end(), c.flags.begin(), c.flags.end());
        EXPECT_EQ(run_json(arguments)["output"], "0x" + word(c.value)) << c.flags.front();
    }
    // DIFFICULTY DUP1-free: PUSH1 0 MSTORE PUSH1 32 PUSH1 0 RETURN, since London has no PUSH0.
    EXPECT_EQ(run_json({"4460005260206000f3", "--fork", "London", "--difficulty", "131072"})["output"],
              "0x" + word("20000"));
}

TEST(Run, prestate_code_balance_and_storage_are_seen_and_changes_dumped) {
    const TemporaryFolder folder;
    // SLOAD(1) + 1 → SSTORE(1)
    const auto file = folder.write("state.json", R"({"alloc": {
        "0x00000000000000000000000000000000000000aa":
            {"balance": "5", "nonce": 3, "code": "0x600154600101600155", "storage": {"0x1": "0x29"}},
        "00000000000000000000000000000000000000bb": {"balance": "0x64"}}})");
    const auto result = run({"--prestate", file, "--to", "0x00000000000000000000000000000000000000aa", "--sender",
                             "0x00000000000000000000000000000000000000bb", "--value", "4", "--dump"});
    EXPECT_EQ(result.exit_code, 0);
    const auto state = nlohmann::json::parse(result.out.substr(result.out.find('{')));
    EXPECT_EQ(state, nlohmann::json::parse(R"({
        "0x00000000000000000000000000000000000000aa":
            {"balance": "0x9", "nonce": "0x3", "code": "0x600154600101600155", "storage": {"0x1": "0x2a"}},
        "0x00000000000000000000000000000000000000bb": {"balance": "0x60", "nonce": "0x0"}})"));
}

TEST(Run, revert_leaves_the_state_as_it_was) {
    const TemporaryFolder folder;
    const auto file = folder.write("state.json", R"({"0x00000000000000000000000000000000000000aa":
        {"balance": "0x5", "nonce": "0x0", "code": "0x60015f555f5ffd", "storage": {"0x0": "0x7"}}})");
    const auto result = run({"--prestate", file, "--to", "0x00000000000000000000000000000000000000aa", "--dump"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(nlohmann::json::parse(result.out.substr(result.out.find('{'))),
              nlohmann::json::parse(R"({"0x00000000000000000000000000000000000000aa":
        {"balance": "0x5", "nonce": "0x0", "code": "0x60015f555f5ffd", "storage": {"0x0": "0x7"}}})"));
}

TEST(Run, value_that_the_sender_lacks_is_a_failure_not_a_crash) {
    const TemporaryFolder folder;
    const auto file = folder.write("state.json", R"({"0x00000000000000000000000000000000000000bb": {"balance": "3"}})");
    const auto result = run({"00", "--prestate", file, "--sender", "0x00000000000000000000000000000000000000bb",
                             "--value", "4"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_NE(result.out.find("insufficient balance"), std::string::npos);
    EXPECT_NE(result.out.find("gas used: 0\n"), std::string::npos);
}

struct BadRequest {
    std::vector<std::string> arguments;
    std::string complaint;  ///< part of the one line on stderr
};

void expect_bad(const BadRequest& bad) {
    const auto result = run(bad.arguments);
    const std::string shown = bad.arguments.empty() ? "run" : bad.arguments.back();
    EXPECT_EQ(result.exit_code, 2) << shown;
    EXPECT_EQ(result.out, "") << shown;
    EXPECT_NE(result.err.find(bad.complaint), std::string::npos) << shown << ": " << result.err;
    EXPECT_EQ(result.err.substr(0, 11), "cairn-evm: ") << shown;
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
}

TEST(RunBadRequest, malformed_code_and_input) {
    expect_bad({{}, "no code"});
    expect_bad({{"600"}, "odd number of hex digits (3)"});
    expect_bad({{"60zz"}, "not hex: \"z\" at digit 2"});
    expect_bad({{"0x0x00"}, "not hex: \"x\" at digit 1"});
    expect_bad({{"00", "--input", "1"}, "--input: odd number"});
    expect_bad({{"00", "--codefile", "x"}, "exclude each other"});
    expect_bad({{"-", "--input", "-"}, "only one of code and input"});
    expect_bad({{"--create"}, "--create needs the init code"});
}

TEST(RunBadRequest, unknown_names) {
    expect_bad({{"00", "--fork", "Atlantis"}, "unknown fork \"Atlantis\"; known: Frontier, Homestead"});
    expect_bad({{"00", "--colour"}, "--colour"});
    expect_bad({{"00", "00"}, "not expected: 00"});
}

TEST(RunBadRequest, numbers_and_addresses_out_of_range) {
    expect_bad({{"00", "--gas", "many"}, "--gas: not a number"});
    expect_bad({{"00", "--gas=-1"}, "--gas: not a number"});
    expect_bad({{"00", "--gas", "9223372036854775808"}, "--gas: 9223372036854775808 is more than 9223372036854775807"});
    expect_bad({{"00", "--number", "18446744073709551616"}, "--number"});
    expect_bad({{"00", "--value", "0x1" + kZeros}, "--value: not a number of at most 256 bits"});
    expect_bad({{"00", "--sender", "0x12"}, "--sender: not an address"});
    expect_bad({{"00", "--difficulty", "1"}, "use --prevrandao"});
    expect_bad({{"00", "--fork", "London", "--prevrandao", "1"}, "use --difficulty"});
}

TEST(RunBadRequest, files) {
    const TemporaryFolder folder;
    const auto missing = (folder.path() / "missing").string();
    expect_bad({{"--codefile", missing}, "cannot open " + missing + ": No such file or directory"});
    expect_bad({{"--codefile", folder.path().string()}, "is a folder"});
    expect_bad({{"00", "--prestate", missing}, "cannot open"});
    const auto prestate = [&](const std::string& text) { return folder.write("state.json", text); };
    expect_bad({{"00", "--prestate", prestate("{\n  \"a\": ,\n}")}, "broken JSON at line 2, column 8"});
    expect_bad({{"00", "--prestate", prestate("")}, "broken JSON at line 1, column 1"});
    expect_bad({{"00", "--prestate", prestate("[]")}, "not an object of addresses and accounts"});
    expect_bad({{"00", "--prestate", prestate(R"({"0x12": {}})")}, "not an address: \"0x12\""});
    const std::string account = R"({"0x00000000000000000000000000000000000000aa": )";
    expect_bad({{"00", "--prestate", prestate(account + "1}")}, "is not an object"});
    expect_bad({{"00", "--prestate", prestate(account + R"({"balance": "x"}})")}, "balance is not a number"});
    expect_bad({{"00", "--prestate", prestate(account + R"({"balance": -1}})")}, "balance is not a number"});
    expect_bad({{"00", "--prestate", prestate(account + R"({"nonce": "0x10000000000000000"}})")}, "nonce is not a number"});
    expect_bad({{"00", "--prestate", prestate(account + R"({"code": "0x1"}})")}, "code is not hex"});
    expect_bad({{"00", "--prestate", prestate(account + R"({"storage": []}})")}, "storage is not an object"});
    expect_bad({{"00", "--prestate", prestate(account + R"({"storage": {"k": "1"}}})")}, "is not a number: \"k\""});
    expect_bad({{"00", "--prestate", prestate(account + R"({"blance": "1"}})")}, "unknown field \"blance\""});
}

TEST(RunBadRequest, deeply_nested_json_is_refused_without_a_crash) {
    const TemporaryFolder folder;
    const std::string open(200'000, '[');
    const std::string close(200'000, ']');
    const std::string account = R"({"0x00000000000000000000000000000000000000aa": {"balance": )";
    expect_bad({{"00", "--prestate", folder.write("open.json", open)}, "broken JSON at line 1"});
    expect_bad({{"00", "--prestate", folder.write("deep.json", account + open + close + "}}")}, "balance is not a number"});
}

TEST(Help, every_command_has_help_with_an_example) {
    for (const std::string command : {"run", "statetest", "txtest", "bench"}) {
        const auto result = run_program(CAIRN_EVM, {command, "--help"});
        EXPECT_EQ(result.exit_code, 0) << command;
        EXPECT_NE(result.out.find("Example"), std::string::npos) << command;
        EXPECT_NE(result.out.find("cairn-evm " + command), std::string::npos) << command;
    }
    EXPECT_EQ(run_program(CAIRN_EVM, {"--help"}).exit_code, 0);
    EXPECT_EQ(run_program(CAIRN_EVM, {"--version"}).out.substr(0, 10), "cairn-evm ");
}

TEST(Help, no_or_unknown_command_is_a_bad_request) {
    EXPECT_EQ(run_program(CAIRN_EVM, {}).exit_code, 2);
    EXPECT_EQ(run_program(CAIRN_EVM, {"frobnicate"}).exit_code, 2);
}

}  // namespace
