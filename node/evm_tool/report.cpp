// SPDX-License-Identifier: MIT
#include "node/evm_tool/report.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <exception>
#include <fstream>
#include <sstream>
#include <system_error>
#include <thread>

#include <fmt/format.h>
#include <unistd.h>

namespace cairn::node {
namespace {

// How often the progress line is drawn anew.
constexpr std::chrono::milliseconds kProgressPeriod{200};

std::atomic<bool> interrupt_seen{false};
static_assert(std::atomic<bool>::is_always_lock_free, "set from a signal handler");

extern "C" void on_interrupt(int) { interrupt_seen.store(true, std::memory_order_relaxed); }

}  // namespace

int bad_input(std::string_view message) {
    fmt::print(stderr, "cairn-evm: {}\n", message);
    return kExitBadInput;
}

void catch_interrupts() {
    struct sigaction action {};
    action.sa_handler = on_interrupt;
    action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() noexcept { return interrupt_seen.load(std::memory_order_relaxed); }

Result<std::string, std::string> read_text_file(const std::filesystem::path& path) {
    std::error_code code;
    if (std::filesystem::is_directory(path, code))
        return Unexpected{fmt::format("{} is a folder, not a file", path.string())};
    std::ifstream in{path, std::ios::binary};
    if (!in) return Unexpected{fmt::format("cannot open {}: {}", path.string(), std::strerror(errno))};
    std::ostringstream text;
    text << in.rdbuf();
    if (in.bad()) return Unexpected{fmt::format("cannot read {}", path.string())};
    return std::move(text).str();
}

Result<std::vector<std::filesystem::path>, std::string> find_json_files(
    const std::vector<std::string>& paths) {
    namespace fs = std::filesystem;
    std::vector<fs::path> files;
    for (const auto& name : paths) {
        std::error_code code;
        const fs::path path{name};
        if (fs::is_directory(path, code)) {
            fs::recursive_directory_iterator it{path, code};
            for (; !code && it != fs::recursive_directory_iterator{}; it.increment(code))
                if (it->is_regular_file(code) && it->path().extension() == ".json")
                    files.push_back(it->path());
            if (code) return Unexpected{fmt::format("cannot read {}: {}", name, code.message())};
        } else if (fs::exists(path, code)) {
            files.push_back(path);
        } else {
            return Unexpected{fmt::format("no such file or folder: {}", name)};
        }
    }
    std::sort(files.begin(), files.end());
    files.erase(std::unique(files.begin(), files.end()), files.end());
    if (files.empty()) return Unexpected{std::string{"no .json file in the given paths"}};
    return files;
}

double process_cpu_seconds() noexcept {
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

std::string json_escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
            out += c;
        }
    }
    return out;
}

SuiteReport::SuiteReport(const SuiteOptions& options, std::size_t files_total)
    : json_{options.json},
      benchmark_{options.benchmark},
      on_terminal_{isatty(STDERR_FILENO) != 0},
      files_total_{files_total},
      cpu_seconds_at_start_{process_cpu_seconds()},
      started_{std::chrono::steady_clock::now()},
      shown_{started_} {}

void SuiteReport::add(const CaseResult& result) {
    const std::lock_guard lock{mutex_};
    switch (result.outcome) {
        case Outcome::Passed: ++passed_; break;
        case Outcome::Failed: ++failed_; break;
        case Outcome::Skipped: ++skipped_; break;
    }
    if (json_) {
        constexpr std::string_view kWords[] = {"passed", "failed", "skipped"};
        fmt::print("{{\"name\":\"{}\",\"fork\":\"{}\",\"outcome\":\"{}\",\"reason\":\"{}\"}}\n",
                   json_escaped(result.name), json_escaped(result.fork),
                   kWords[static_cast<std::size_t>(result.outcome)], json_escaped(result.reason));
    } else if (result.outcome == Outcome::Failed) {
        clear_progress();
        fmt::print("FAIL {}{}: {}\n", result.name,
                   result.fork.empty() ? std::string{} : fmt::format(" [{}]", result.fork),
                   result.reason);
    }
}

void SuiteReport::file_done() {
    const std::lock_guard lock{mutex_};
    ++files_done_;
    show_progress();
}

void SuiteReport::show_progress() {
    const auto moment = std::chrono::steady_clock::now();
    if (!on_terminal_ || moment - shown_ < kProgressPeriod) return;
    shown_ = moment;
    fmt::print(stderr, "\r\x1b[K{}/{} files, {} passed, {} failed, {} skipped", files_done_, files_total_,
               passed_, failed_, skipped_);
    std::fflush(stderr);
}

void SuiteReport::clear_progress() {
    if (!on_terminal_) return;
    fmt::print(stderr, "\r\x1b[K");
    std::fflush(stderr);
}

int SuiteReport::finish() {
    const std::lock_guard lock{mutex_};
    clear_progress();
    FILE* const out = json_ ? stderr : stdout;
    if (benchmark_) {
        const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - started_;
        fmt::print(out, "{:.2f} s of CPU time, {:.2f} s by the clock\n",
                   process_cpu_seconds() - cpu_seconds_at_start_, wall.count());
    }
    if (interrupted())
        fmt::print(out, "interrupted after {} of {} files\n", files_done_, files_total_);
    else if (passed_ + failed_ == 0)
        fmt::print(out, "no case ran\n");
    fmt::print(out, "{} passed, {} failed, {} skipped\n", passed_, failed_, skipped_);
    std::fflush(out);
    if (interrupted()) return kExitInterrupted;
    return failed_ != 0 || passed_ == 0 ? kExitFailed : kExitOk;
}

void for_each_file(const std::vector<std::filesystem::path>& files, unsigned threads,
                   const std::function<void(const std::filesystem::path&, unsigned)>& body) {
    std::atomic<std::size_t> next{0};
    std::mutex failure_mutex;
    std::exception_ptr failure;
    const auto work = [&](unsigned worker) {
        // An exception must not leave a thread: it is carried to the caller's.
        try {
            while (!interrupted()) {
                const std::size_t i = next.fetch_add(1, std::memory_order_relaxed);
                if (i >= files.size()) return;
                body(files[i], worker);
            }
        } catch (...) {
            const std::lock_guard lock{failure_mutex};
            if (!failure) failure = std::current_exception();
            next.store(files.size(), std::memory_order_relaxed);
        }
    };
    std::vector<std::thread> others;
    for (unsigned worker = 1; worker < threads; ++worker) others.emplace_back(work, worker);
    work(0);
    for (auto& thread : others) thread.join();
    if (failure) std::rethrow_exception(failure);
}

}  // namespace cairn::node
