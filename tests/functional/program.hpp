// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cairn::test {

/// How a program ended and what it wrote.
struct ProgramResult {
    int exit_code = -1;  ///< 128 + the signal where one ended it
    std::string out;
    std::string err;
};

/// Runs a real program and waits for its end.
/// @param input         its standard input
/// @param interrupt_at  SIGINT is sent after that time, if it still runs
/// Throws std::runtime_error where it cannot be started.
[[nodiscard]] ProgramResult run_program(const std::string& program, const std::vector<std::string>& arguments,
                                        const std::string& input = {},
                                        std::optional<std::chrono::milliseconds> interrupt_at = {});

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
