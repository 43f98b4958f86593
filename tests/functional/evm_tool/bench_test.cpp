// SPDX-License-Identifier: MIT
// `cairn-evm bench`: what it prints, that wrong gas or output is found, and that Ctrl-C ends it cleanly.
#include <algorithm>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/functional/program.hpp"

namespace {

using cairn::test::ProgramResult;
using cairn::test::run_program;
using cairn::test::TemporaryFolder;

// 2 + 3 as a word: 24 gas (the test of `run` counts it).
constexpr const char* kAddCode = "600260030160005260206000f3";
const std::string kFive = std::string(63, '0') + "5";

std::string make_case(const std::string& name, const std::string& code, const std::string& output, int gas, int repeat) {
    return fmt::format(R"({{"name": "{}", "source": "test", "code_hex": "{}", "input_hex": "", "gas_limit": 100000,
        "revision": "Istanbul", "expected_output_hex": "{}", "gas_used": {}, "gas_used_repeat": {},
        "status": "success"}})",
                       name, code, output, gas, repeat);
}

ProgramResult bench(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"bench", "--seconds", "0.02"});
    return run_program(CAIRN_EVM, arguments);
}

TEST(Bench, json_line_has_the_fields_of_the_protocol) {
    const TemporaryFolder folder;
    const auto result = bench({"--json", folder.write("a.json", make_case("main/add", kAddCode, kFive, 24, 24))});
    ASSERT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 1);
    const auto json = nlohmann::json::parse(result.out);
    EXPECT_EQ(json["name"], "main/add");
    EXPECT_EQ(json["gas_used"], 24);
    EXPECT_EQ(json["output_hex"], kFive);
    EXPECT_EQ(json["status"], "success");
    EXPECT_GT(json["ns"].get<double>(), 0);
    EXPECT_GT(json["multiplication_ns"].get<double>(), 0);
    EXPECT_NEAR(json["mgas_s"].get<double>(), 24 / json["ns"].get<double>() * 1e3, 1);
}

TEST(Bench, table_has_a_line_for_each_case_and_the_mean_of_main) {
    const TemporaryFolder folder;
    folder.write("a.json", make_case("main/add", kAddCode, kFive, 24, 24));
    folder.write("b.json", make_case("micro/stop", "00", "", 0, 0));
    const auto result = bench({folder.path().string()});
    ASSERT_EQ(result.exit_code, 0) << result.err;
    EXPECT_NE(result.out.find("main/add"), std::string::npos);
    EXPECT_NE(result.out.find("micro/stop"), std::string::npos);
    EXPECT_NE(result.out.find("geometric mean of 1 main/ cases"), std::string::npos);
    EXPECT_NE(result.out.find("64-bit dependent multiply"), std::string::npos);
}

TEST(Bench, mode_total_and_run_filter_work) {
    const TemporaryFolder folder;
    folder.write("a.json", make_case("main/add", kAddCode, kFive, 24, 24));
    folder.write("b.json", make_case("micro/stop", "00", "", 0, 0));
    const auto result = bench({"--mode", "total", "--run", "^micro/", "--json", folder.path().string()});
    ASSERT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(nlohmann::json::parse(result.out)["name"], "micro/stop");
}

TEST(Bench, storage_stays_from_the_first_run_to_the_repeated_one) {
    // SSTORE(0, 1): 20000 on a fresh slot, then 800 for writing what is there (EIP-2200), and two PUSH1.
    const TemporaryFolder folder;
    const auto file = folder.write("a.json", make_case("store", "6001600055", "", 20006, 806));
    EXPECT_EQ(bench({"--check", file}).out, "1 passed, 0 failed, 0 skipped\n");
    EXPECT_EQ(bench({file}).exit_code, 0);
}

TEST(Bench, wrong_gas_output_or_status_is_an_error) {
    const TemporaryFolder folder;
    const auto check = [&](const std::string& text, const std::string& complaint) {
        const auto file = folder.write("case.json", text);
        const auto timed = bench({file});
        EXPECT_EQ(timed.exit_code, 1) << complaint;
        EXPECT_NE(timed.err.find(complaint), std::string::npos) << timed.err;
        const auto checked = bench({"--check", file});
        EXPECT_EQ(checked.exit_code, 1) << complaint;
        EXPECT_NE(checked.out.find(complaint), std::string::npos) << checked.out;
        EXPECT_NE(checked.out.find("0 passed, 1 failed, 0 skipped\n"), std::string::npos);
    };
    check(make_case("x", kAddCode, kFive, 25, 24), "first run: used 24 gas instead of 25");
    check(make_case("x", kAddCode, kFive, 24, 23), "repeated run: used 24 gas instead of 23");
    check(make_case("x", kAddCode, "", 24, 24), "instead of 0x");
    check(make_case("x", "fe", "", 24, 24), "instead of \"success\"");
}

TEST(Bench, bad_requests_are_one_line_and_exit_2) {
    const TemporaryFolder folder;
    const auto expect_bad = [](const std::vector<std::string>& arguments, const std::string& complaint) {
        const auto result = bench(arguments);
        EXPECT_EQ(result.exit_code, 2) << complaint;
        EXPECT_NE(result.err.find(complaint), std::string::npos) << result.err;
        EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    };
    const auto good = folder.write("good.json", make_case("x", "00", "", 0, 0));
    expect_bad({}, "path is required");
    expect_bad({(folder.path() / "missing").string()}, "no such file or folder");
    expect_bad({folder.write("bad.json", "{")}, "broken JSON at line 1, column 2");
    expect_bad({folder.write("list.json", "[]")}, "not a JSON object");
    expect_bad({folder.write("part.json", R"({"name": "x"})")}, "code_hex is missing or not hex");
    expect_bad({folder.write("hex.json", make_case("x", "0", "", 0, 0))}, "code_hex is missing or not hex");
    expect_bad({good, "--fork", "Atlantis"}, "unknown fork");
    expect_bad({good, "--run", "("}, "not a regular expression");
    expect_bad({good, "--run", "y"}, "no case of that name");
    expect_bad({good, "--mode", "fast"}, "--mode");
}

TEST(Bench, ctrl_c_ends_it_with_what_was_measured) {
    const TemporaryFolder folder;
    folder.write("a.json", make_case("main/add", kAddCode, kFive, 24, 24));
    folder.write("b.json", make_case("main/never", kAddCode, kFive, 24, 24));
    // Long enough that only Ctrl-C can end it within the test's time.
    // By the time that it has had two seconds of a processor it measures the first case.
    const auto result = run_program(
        CAIRN_EVM, {"bench", "--seconds", "3000", folder.path().string()}, {},
        [](const cairn::test::ProgramState& state) { return state.cpu_time >= std::chrono::seconds{2}; });
    EXPECT_EQ(result.exit_code, 130);
    EXPECT_NE(result.out.find("main/add"), std::string::npos);
    EXPECT_EQ(result.out.find("main/never"), std::string::npos);
}

}  // namespace
