// SPDX-License-Identifier: MIT
#include "miner/mine_command.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "miner/clock.hpp"
#include "miner/kernel.hpp"
#include "miner/remote_source.hpp"

namespace cairn::miner {
namespace {

constexpr double kTerminalInterval = 1;
constexpr double kFileInterval = 10;
constexpr std::chrono::milliseconds kStopPeriod{50};

/// Standard output, shared by the status line and what is said meanwhile. A terminal's status line is written over.
class Screen {
  public:
    explicit Screen(bool json) : json_{json}, is_terminal_{!json && ::isatty(STDOUT_FILENO) == 1} {}

    [[nodiscard]] bool is_terminal() const noexcept { return is_terminal_; }

    void say(const std::string& text) {
        const std::scoped_lock lock{mutex_};
        if (json_) {
            // What is no UTF-8 in a server's words must not end the program.
            fmt::print("{}\n", nlohmann::json{{"event", "message"}, {"text", text}}.dump(
                                   -1, ' ', true, nlohmann::json::error_handler_t::replace));
        } else {
            fmt::print("{}{}\n", is_terminal_ ? "\r\033[K" : "", printable(text));
        }
        std::fflush(stdout);
    }
    void status(const std::string& line) {
        const std::scoped_lock lock{mutex_};
        fmt::print("{}{}{}", is_terminal_ ? "\r\033[K" : "", line, is_terminal_ ? "" : "\n");
        std::fflush(stdout);
    }
    void end() {
        if (is_terminal_) fmt::print("\n");
    }

  private:
    /// A server's words must not steer a terminal.
    static std::string printable(std::string text) {
        for (char& c : text)
            if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = '?';
        return text;
    }

    std::mutex mutex_;
    const bool json_;
    const bool is_terminal_;
};

std::string status_text(const MinerStats& mined, const RemoteStats& sent, double seconds) {
    const auto whole = static_cast<std::uint64_t>(seconds);
    return fmt::format("{}:{:02}:{:02}  {}  shares {} accepted, {} refused, {} stale  blocks {}{}", whole / 3600,
                       whole / 60 % 60, whole % 60, rate_text(mined.hashes_per_second), sent.accepted, sent.rejected,
                       sent.stale, sent.blocks, sent.is_connected ? "" : "  not connected");
}

std::string status_json(const char* event, const MinerStats& mined, const RemoteStats& sent, double seconds) {
    return nlohmann::json{{"event", event},
                          {"seconds", seconds},
                          {"hashes", mined.hashes},
                          {"hashes_per_second", mined.hashes_per_second},
                          {"accepted", sent.accepted},
                          {"rejected", sent.rejected},
                          {"stale", sent.stale},
                          {"dropped", mined.dropped},
                          {"blocks", sent.blocks},
                          {"connected", sent.is_connected}}
        .dump();
}

}  // namespace

std::string rate_text(double hashes_per_second) {
    constexpr std::array<const char*, 5> kUnits{"H/s", "kH/s", "MH/s", "GH/s", "TH/s"};
    std::size_t unit = 0;
    while (hashes_per_second >= 1000 && unit + 1 < kUnits.size()) {
        hashes_per_second /= 1000;
        ++unit;
    }
    return fmt::format("{:.2f} {}", hashes_per_second, kUnits[unit]);
}

int mine(const MineOptions& options, const std::atomic<bool>& stop) {
    Screen screen{options.json};
    const double start = steady_seconds();
    const double interval = options.interval > 0    ? options.interval
                            : screen.is_terminal() ? kTerminalInterval
                                                   : kFileInterval;
    RemoteSource source{options.urls, [&](const std::string& text) { screen.say(text); }};
    MinerOptions how = options.miner;
    how.on_data_set = [&](std::uint64_t epoch, unsigned percent) {
        // A terminal shows each step, a file a few.
        const std::string text = fmt::format("Ethash data set of epoch {}: {} %", epoch, percent);
        if (screen.is_terminal()) {
            screen.status(text);
        } else if (percent % 10 == 0) {
            screen.say(text);
        }
    };
    Miner miner{source, how};
    screen.say(fmt::format("{} thread{}, kernel {} ({} where versions may not roll)", miner.threads(),
                           miner.threads() == 1 ? "" : "s", miner.kernel(true).name, miner.kernel(false).name));
    const auto report = [&](const char* event) {
        const double seconds = steady_seconds() - start;
        screen.status(options.json ? status_json(event, miner.stats(), source.stats(), seconds)
                                   : status_text(miner.stats(), source.stats(), seconds));
    };
    double next = start + interval;
    while (!stop.load(std::memory_order_relaxed)) {
        std::this_thread::sleep_for(kStopPeriod);
        const double now = steady_seconds();
        if (options.seconds > 0 && now - start >= options.seconds) break;
        if (now < next) continue;
        next = now + interval;
        report("status");
    }
    report("end");
    screen.end();
    return miner.stats().works > 0 ? 0 : 1;
}

}  // namespace cairn::miner
