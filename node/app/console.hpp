// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "node/app/exit_code.hpp"

/// How cairn-node speaks to a person: results on stdout, everything else on stderr.
namespace cairn::node {

/// Prints `cairn-node: MESSAGE` on stderr and gives ExitCode::BadRequest.
ExitCode bad_request(std::string_view message);
/// The same with ExitCode::Failed.
ExitCode failed(std::string_view message);

/// BadRequest for a data folder without a chain.
ExitCode no_chain(const std::filesystem::path& folder);

/// Shows how far long work has come, on stderr: on a terminal one line drawn over and over,
/// elsewhere a line now and then. One thread.
class ProgressLine {
public:
    ProgressLine();
    /// Takes the line away where it is still there.
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    /// Whether it is time to show something; `show` is then called with it. Cheap.
    [[nodiscard]] bool is_due() const;
    /// Shows the text.
    void show(std::string_view text);
    /// Takes the line off the terminal, so that something else can be printed.
    void clear();

private:
    using Clock = std::chrono::steady_clock;

    bool on_terminal_;
    bool is_shown_ = false;
    Clock::time_point next_;
};

/// "1.4 s", "42 s", "3 min 05 s", "2 h 07 min"; "?" for what is no finite number of seconds or
/// below 0.
[[nodiscard]] std::string duration_text(double seconds);

/// "512 B", "1.5 KiB", "3.2 GiB".
[[nodiscard]] std::string bytes_text(std::uint64_t bytes);

}  // namespace cairn::node
