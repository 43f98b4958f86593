// SPDX-License-Identifier: MIT
// The public state tests: every case of every fork, root and logs, and refusals for their own reason.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "node/evm_tool/report.hpp"
#include "node/evm_tool/statetest.hpp"
#include "tests/support/fixtures.hpp"

namespace cairn::node {
namespace {

constexpr std::size_t kFailuresShownMax = 20;

/// Runs the folder below the suites' root on all cores.
void run_folder(const std::string& folder) {
    const auto suites = test::ethereum_tests();
    CAIRN_SKIP_WITHOUT(suites);
    const auto files = test::files_below(suites.path / folder);
    ASSERT_FALSE(files.empty()) << "no tests below " << folder;

    const unsigned threads = std::max(1u, std::thread::hardware_concurrency());
    std::vector<StateTestRunner> runners(threads);
    std::mutex mutex;
    std::size_t passed = 0;
    std::size_t failed = 0;
    for_each_file(files, threads, [&](const std::filesystem::path& file, unsigned worker) {
        runners[worker].run_file(file, {}, [&](const CaseResult& result) {
            const std::lock_guard lock{mutex};
            if (result.outcome == Outcome::Passed) {
                ++passed;
                return;
            }
            if (++failed <= kFailuresShownMax)
                ADD_FAILURE() << result.name << " [" << result.fork << "]: " << result.reason;
        });
    });
    std::printf("%zu cases passed\n", passed);
    EXPECT_EQ(failed, 0u);
    EXPECT_GT(passed, 0u);
}

TEST(StateTests, current) { run_folder("GeneralStateTests"); }
TEST(StateTests, frontier_to_petersburg) { run_folder("LegacyTests/Constantinople/GeneralStateTests"); }
TEST(StateTests, istanbul_to_cancun) { run_folder("LegacyTests/Cancun/GeneralStateTests"); }
TEST(StateTests, bls12_381_precompiles) { run_folder("EIPTests/StateTests"); }

}  // namespace
}  // namespace cairn::node
