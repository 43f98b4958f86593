// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <regex>
#include <string>

#include "core/base/expected.hpp"
#include "core/types/revision.hpp"
#include "node/evm_tool/report.hpp"
#include "node/evm_tool/statetest_file.hpp"

namespace cairn::node {

/// Which cases of a state-test file are run.
struct StateTestFilter {
    /// Only this fork; others are not counted.
    std::optional<Revision> fork;
    /// Only cases in whose name this is found; the rest are not counted.
    std::optional<std::regex> run;
};

/// The filter that `fork` and `run` ask for; one line where the fork is not known or the text is no regular expression.
[[nodiscard]] Result<StateTestFilter, std::string> make_state_test_filter(const SuiteOptions& options);

/// Told of each case as it ends.
using CaseSink = std::function<void(const CaseResult&)>;

/// Runs cases of the public GeneralStateTests format. Holds a machine, a state and their buffers for reuse: one per
/// thread.
class StateTestRunner {
  public:
    StateTestRunner();
    ~StateTestRunner();
    StateTestRunner(StateTestRunner&&) noexcept;
    StateTestRunner& operator=(StateTestRunner&&) noexcept;

    /// Every case of the file: each fork it names, each post. A case passes when the state root and the hash of the
    /// logs are those expected and, where an exception is expected, the transaction is refused for that reason. Forks
    /// that are not known here are skipped, with the reason. A file that cannot be read is one failed case.
    void run_file(const std::filesystem::path& path, const StateTestFilter& filter, const CaseSink& sink);

    /// Every case of one test.
    /// @param prefix  put before the test's name in the cases' names
    void run_test(const StateTest& test, const std::string& prefix, const StateTestFilter& filter,
                  const CaseSink& sink);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// The command `cairn-evm statetest`: the files behind the options' paths, on as many threads as they ask for, each
/// case told to a SuiteReport.
/// @return the exit code
[[nodiscard]] int run_state_tests(const SuiteOptions& options);

}  // namespace cairn::node
