// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace cairn::test {

/// How a program ended and what it wrote.
struct ProgramResult {
    int exit_code = -1;  ///< 128 + the signal where one ended it
    std::string out;
    std::string err;
};

/// Time that all threads of a process have had of the processors, which does not depend on others' work.
[[nodiscard]] std::chrono::milliseconds cpu_time_of(pid_t pid);

/// A program at work.
struct ProgramState {
    std::string out;                     ///< what it has written so far
    std::chrono::milliseconds cpu_time;  ///< cpu_time_of it
};
using ProgramCondition = std::function<bool(const ProgramState& state)>;

/// Runs a real program and waits for its end.
/// @param input           its standard input
/// @param interrupt_when  SIGINT is sent once this holds, if the program still runs and catches the signal by then; it is
///                        looked at again and again. A program for which it never holds runs until it ends by itself.
/// Throws std::runtime_error where it cannot be started.
[[nodiscard]] ProgramResult run_program(const std::string& program, const std::vector<std::string>& arguments,
                                        const std::string& input = {},
                                        const ProgramCondition& interrupt_when = {});

/// A folder of its own that is removed with everything in it at the end.
class TemporaryFolder {
  public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    /// Writes a file in it and gives its path as text.
    std::string write(const std::string& name, const std::string& content) const;

  private:
    std::filesystem::path path_;
};

}  // namespace cairn::test
