// SPDX-License-Identifier: MIT
// cairn-miner: the nonce search on its own. This file knows the command line and nothing else.
#include <atomic>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include <signal.h>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "miner/benchmark.hpp"
#include "miner/dispatch.hpp"

namespace {

using namespace cairn::miner;

constexpr int kExitFailed = 1;
constexpr int kExitBadRequest = 2;
constexpr int kExitInterrupted = 130;  // 128 + SIGINT, as shells have it

/// Set by a signal; a lock-free atomic is what a handler may touch.
std::atomic<bool> g_stop{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void catch_interrupts() {
    struct sigaction action {};
    action.sa_handler = [](int) { g_stop.store(true, std::memory_order_relaxed); };
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
}

std::string known_kernels() {
    std::string names;
    for (const Kernel* kernel : kernels()) names += (names.empty() ? "" : ", ") + std::string{kernel->name};
    return names;
}

int bad_request(const std::string& why) {
    fmt::print(stderr, "cairn-miner: {}\n", why);
    return kExitBadRequest;
}

int list_kernels() {
    bool all_right = true;
    fmt::print("{:<10} {:>5}  {}\n", "kernel", "lanes", "on this machine");
    for (const Kernel* kernel : kernels()) {
        const char* state = "not supported";
        if (kernel->is_supported()) {
            const bool passes = passes_self_test(*kernel);
            state = passes ? "passes its self-test" : "FAILS ITS SELF-TEST";
            all_right = all_right && passes;
        }
        fmt::print("{:<10} {:>5}  {}\n", kernel->name, kernel->lanes, state);
    }
    fmt::print("chosen: {} where the version may roll, {} where not\n", choose_kernel(true).name,
               choose_kernel(false).name);
    return all_right ? 0 : kExitFailed;
}

int run_benchmark(const BenchmarkOptions& options, const Kernel* only, bool json) {
    bool all_right = true;
    if (!json) {
        fmt::print("{} thread{}, {} s each; MH/s is the median of windows, cycles a hash take the clock measured in the "
                   "same window\n{:<10} {:<8} {:>9} {:>9} {:>12} {:>9} {:>7}\n",
                   options.threads, options.threads == 1 ? "" : "s", options.seconds, "kernel", "version", "MH/s", "best",
                   "cycles/hash", "best", "GHz");
        std::fflush(stdout);
    }
    std::vector<std::string> objects;
    for (const Kernel* kernel : kernels()) {
        if ((only != nullptr && kernel != only) || !kernel->is_supported()) continue;
        if (!passes_self_test(*kernel)) {
            fmt::print(stderr, "cairn-miner: {} fails its self-test and is not measured\n", kernel->name);
            all_right = false;
            continue;
        }
        for (const bool version_rolls : {true, false}) {
            const auto r = benchmark_kernel(*kernel, version_rolls, options, g_stop);
            if (r.windows == 0) continue;
            objects.push_back(to_json(r));
            if (json) continue;
            fmt::print("{:<10} {:<8} {:>9.3f} {:>9.3f} {:>12.1f} {:>9.1f} {:>7.3f}\n", r.kernel,
                       version_rolls ? "rolls" : "fixed", r.mhs_median, r.mhs_best, r.cycles_median, r.cycles_best,
                       r.clock_ghz);
            std::fflush(stdout);
        }
    }
    if (json) fmt::print("{{\"results\":[{}]}}\n", fmt::join(objects, ","));
    if (g_stop.load(std::memory_order_relaxed)) {
        fmt::print(stderr, "cairn-miner: interrupted\n");
        return kExitInterrupted;
    }
    return all_right ? 0 : kExitFailed;
}

int dispatch(int argc, char** argv) {
    CLI::App app{"cairn-miner: SHA-256d nonce search on the processor", "cairn-miner"};
    app.set_version_flag("--version", "cairn-miner " CAIRN_VERSION);
    app.footer("Each kernel is measured twice: on a job whose version bits may roll, where lanes share the first hash's\n"
               "message schedule, and on one whose version is fixed. Mining for a node or a pool is not offered.\n"
               "Exit code: 0 success, 1 a kernel failed its self-test, 2 bad request, 130 interrupted.\n\n"
               "Example:\n"
               "  cairn-miner --benchmark --threads 2 --seconds 5");
    BenchmarkOptions options;
    std::string kernel_name;
    bool wants_benchmark = false;
    bool wants_list = false;
    bool json = false;
    auto* benchmark = app.add_flag("--benchmark", wants_benchmark, "Measure the kernels");
    app.add_flag("--list-kernels", wants_list, "Show the kernels, which of them run here, and the choice")
        ->excludes(benchmark);
    app.add_option("--threads", options.threads, "Threads")
        ->check(CLI::Range(1U, 1024U))
        ->needs(benchmark)
        ->capture_default_str();
    app.add_option("--seconds", options.seconds, "Seconds for each kernel and kind of job")
        ->check(CLI::Range(0.01, 86400.0))
        ->needs(benchmark)
        ->capture_default_str();
    app.add_option("--kernel", kernel_name, "Only this kernel: " + known_kernels())->needs(benchmark);
    app.add_flag("--json", json, "Print the figures as one JSON object")->needs(benchmark);

    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& asked_for_help) {
        return app.exit(asked_for_help);
    } catch (const CLI::ParseError& error) {
        return bad_request(fmt::format("{} (--help shows what there is)", error.what()));
    }
    if (wants_list) return list_kernels();
    if (!wants_benchmark)
        return bad_request("nothing to do: give --benchmark or --list-kernels; mining for a node or a pool is not "
                           "offered (--help shows what there is)");
    const Kernel* only = nullptr;
    if (!kernel_name.empty()) {
        only = find_kernel(kernel_name);
        if (only == nullptr)
            return bad_request(fmt::format("unknown kernel \"{}\"; known: {}", kernel_name, known_kernels()));
        if (!only->is_supported())
            return bad_request(fmt::format("this processor cannot run kernel \"{}\"", kernel_name));
    }
    catch_interrupts();
    return run_benchmark(options, only, json);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return dispatch(argc, argv);
    } catch (const std::exception& error) {
        fmt::print(stderr, "cairn-miner: {}\n", error.what());
        return kExitFailed;
    }
}
