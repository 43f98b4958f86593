// SPDX-License-Identifier: MIT
// The command line that statetest and txtest share.
#include <algorithm>

#include <gtest/gtest.h>

#include "tests/functional/program.hpp"

namespace {

using cairn::test::run_program;
using cairn::test::TemporaryFolder;

class Suite : public testing::TestWithParam<const char*> {
  protected:
    [[nodiscard]] cairn::test::ProgramResult run(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), GetParam());
        return run_program(CAIRN_EVM, arguments);
    }
    void expect_bad(const std::vector<std::string>& arguments, const std::string& complaint) const {
        const auto result = run(arguments);
        EXPECT_EQ(result.exit_code, 2) << complaint;
        EXPECT_NE(result.err.find(complaint), std::string::npos) << result.err;
        EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    }
};

TEST_P(Suite, bad_requests_are_one_line_and_exit_2) {
    const TemporaryFolder folder;
    const auto file = folder.write("a.json", "{}");
    expect_bad({}, "path is required");
    expect_bad({(folder.path() / "missing").string()}, "no such file or folder");
    expect_bad({(folder.path() / "missing").string(), file}, "no such file or folder");
    expect_bad({file, "-j", "0"}, "--threads: Value 0 not in range");
    expect_bad({file, "--fork", "Atlantis"}, "unknown fork");
    expect_bad({file, "--run", "("}, "not a regular expression");
}

TEST_P(Suite, folder_without_json_is_a_bad_request) {
    const TemporaryFolder folder;
    folder.write("readme.txt", "x");
    expect_bad({folder.path().string()}, "no .json file");
}

TEST_P(Suite, file_that_is_no_json_is_a_failed_case_and_the_rest_goes_on) {
    const TemporaryFolder folder;
    folder.write("a.json", "{");
    folder.write("b.json", "\"text\"");
    const auto result = run({"-j", "2", folder.path().string()});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_NE(result.out.find("0 passed, 2 failed, 0 skipped\n"), std::string::npos) << result.out;
    EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 3) << result.out;
}

TEST_P(Suite, file_without_a_case_is_no_success) {
    const TemporaryFolder folder;
    const auto result = run({folder.write("a.json", "{}")});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.out, "no case ran\n0 passed, 0 failed, 0 skipped\n");
}

INSTANTIATE_TEST_SUITE_P(Commands, Suite, testing::Values("statetest", "txtest"),
                         [](const auto& command) { return std::string{command.param}; });

}  // namespace
