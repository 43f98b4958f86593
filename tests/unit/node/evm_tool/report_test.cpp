// SPDX-License-Identifier: MIT
#include "node/evm_tool/report.hpp"

#include <atomic>
#include <set>
#include <stdexcept>

#include <gtest/gtest.h>

namespace {

using namespace cairn::node;

std::vector<std::filesystem::path> names(std::size_t count) {
    std::vector<std::filesystem::path> files;
    for (std::size_t i = 0; i < count; ++i) files.emplace_back(std::to_string(i));
    return files;
}

TEST(ForEachFile, every_file_is_taken_once_by_a_worker_in_range) {
    for (const unsigned threads : {1U, 2U, 7U}) {
        std::mutex mutex;
        std::multiset<std::string> seen;
        for_each_file(names(100), threads, [&](const std::filesystem::path& file, unsigned worker) {
            const std::lock_guard lock{mutex};
            EXPECT_LT(worker, threads);
            seen.insert(file.string());
        });
        EXPECT_EQ(seen.size(), 100U);
        EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 100U);
    }
}

TEST(ForEachFile, no_file_is_no_call) {
    for_each_file({}, 3, [](const std::filesystem::path&, unsigned) { FAIL(); });
}

TEST(ForEachFile, exception_of_a_worker_comes_out_and_ends_the_run) {
    for (const unsigned threads : {1U, 3U}) {
        std::atomic<int> calls{0};
        const auto run = [&] {
            for_each_file(names(1000), threads, [&](const std::filesystem::path&, unsigned) {
                ++calls;
                throw std::runtime_error{"broken"};
            });
        };
        EXPECT_THROW(run(), std::runtime_error);
        EXPECT_LE(calls.load(), static_cast<int>(threads));
    }
}

std::string printed_by(const SuiteOptions& options, const std::vector<CaseResult>& cases, int& exit_code) {
    testing::internal::CaptureStdout();
    SuiteReport report{options, 1};
    for (const auto& result : cases) report.add(result);
    report.file_done();
    exit_code = report.finish();
    return testing::internal::GetCapturedStdout();
}

const CaseResult kPassed{"a/b/0", "London", Outcome::Passed, ""};
const CaseResult kFailed{"a/b/1", "London", Outcome::Failed, "wrong \"root\""};
const CaseResult kSkipped{"a/b/2", "", Outcome::Skipped, "unknown fork"};

TEST(SuiteReport, failures_and_counts_are_printed) {
    int exit_code = -1;
    EXPECT_EQ(printed_by({}, {kPassed, kFailed, kSkipped}, exit_code),
              "FAIL a/b/1 [London]: wrong \"root\"\n1 passed, 1 failed, 1 skipped\n");
    EXPECT_EQ(exit_code, kExitFailed);
}

TEST(SuiteReport, all_passed_is_success) {
    int exit_code = -1;
    EXPECT_EQ(printed_by({}, {kPassed, kSkipped}, exit_code), "1 passed, 0 failed, 1 skipped\n");
    EXPECT_EQ(exit_code, kExitOk);
}

TEST(SuiteReport, nothing_run_is_no_success) {
    int exit_code = -1;
    EXPECT_EQ(printed_by({}, {kSkipped}, exit_code), "no case ran\n0 passed, 0 failed, 1 skipped\n");
    EXPECT_EQ(exit_code, kExitFailed);
}

TEST(SuiteReport, json_keeps_stdout_to_the_cases) {
    SuiteOptions options;
    options.json = true;
    int exit_code = -1;
    testing::internal::CaptureStderr();
    const auto out = printed_by(options, {kPassed, kFailed}, exit_code);
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "1 passed, 1 failed, 0 skipped\n");
    EXPECT_EQ(out,
              "{\"name\":\"a/b/0\",\"fork\":\"London\",\"outcome\":\"passed\",\"reason\":\"\"}\n"
              "{\"name\":\"a/b/1\",\"fork\":\"London\",\"outcome\":\"failed\",\"reason\":\"wrong \\\"root\\\"\"}\n");
}

TEST(JsonEscaped, quotes_backslashes_and_controls) {
    EXPECT_EQ(json_escaped("a\"b\\c\n\x1b\x7f"), "a\\\"b\\\\c\\u000a\\u001b\x7f");
    EXPECT_EQ(json_escaped(""), "");
    EXPECT_EQ(json_escaped("grün"), "grün");
}

}  // namespace
