// SPDX-License-Identifier: MIT
#include "node/app/console.hpp"

#include <unistd.h>

#include <array>
#include <cmath>
#include <cstdio>

#include <fmt/format.h>

namespace cairn::node {
namespace {

/// Time between two drawings on a terminal, and between two lines in a log.
constexpr std::chrono::milliseconds kTerminalPeriod{200};
constexpr std::chrono::seconds kLogPeriod{8};

}  // namespace

ExitCode bad_request(std::string_view message) {
    fmt::print(stderr, "cairn-node: {}\n", message);
    return ExitCode::BadRequest;
}

ExitCode failed(std::string_view message) {
    fmt::print(stderr, "cairn-node: {}\n", message);
    return ExitCode::Failed;
}

ExitCode no_chain(const std::filesystem::path& folder) {
    return bad_request(fmt::format("no chain in {}", folder.string()));
}

ProgressLine::ProgressLine()
    : on_terminal_{::isatty(STDERR_FILENO) != 0},
      next_{Clock::now() + (on_terminal_ ? Clock::duration{kTerminalPeriod} : kLogPeriod)} {}

ProgressLine::~ProgressLine() {
    clear();
}

bool ProgressLine::is_due() const {
    return Clock::now() >= next_;
}

void ProgressLine::show(std::string_view text) {
    if (on_terminal_)
        fmt::print(stderr, "\r\x1b[K{}", text);
    else
        fmt::print(stderr, "{}\n", text);
    std::fflush(stderr);
    is_shown_ = true;
    next_ = Clock::now() + (on_terminal_ ? Clock::duration{kTerminalPeriod} : kLogPeriod);
}

void ProgressLine::clear() {
    if (on_terminal_ && is_shown_) {
        fmt::print(stderr, "\r\x1b[K");
        std::fflush(stderr);
    }
    is_shown_ = false;
}

std::string duration_text(double seconds) {
    constexpr double kSecondsMax = 1e9;
    if (!std::isfinite(seconds) || seconds < 0 || seconds > kSecondsMax) return "?";
    if (seconds < 9.95) return fmt::format("{:.1f} s", seconds);
    const auto whole = static_cast<std::uint64_t>(std::lround(seconds));
    if (whole < 60) return fmt::format("{} s", whole);
    if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
    return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

std::string bytes_text(std::uint64_t bytes) {
    constexpr std::array<std::string_view, 5> kUnits{"KiB", "MiB", "GiB", "TiB", "PiB"};
    if (bytes < 1024) return fmt::format("{} B", bytes);
    double value = static_cast<double>(bytes) / 1024;
    std::size_t unit = 0;
    for (; value >= 1024 && unit + 1 < kUnits.size(); ++unit) value /= 1024;
    return fmt::format("{:.1f} {}", value, kUnits[unit]);
}

}  // namespace cairn::node
