// SPDX-License-Identifier: MIT
// cairn-miner: mining for any server, and the nonce search on its own. This file knows the command line and nothing
// else.
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
#include "miner/mine_command.hpp"

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

void print_benchmark_heading(const BenchmarkOptions& options) {
    fmt::print("{} thread{}, {} s each; MH/s is the median of windows, cycles a hash take the clock measured in the same "
               "window\n",
               options.threads, options.threads == 1 ? "" : "s", options.seconds);
    if (options.threads > 1)
        fmt::print("scaling: what the threads reach together over {} times what one reaches alone, by MH/s and by cycles\n",
                   options.threads);
    fmt::print("{:<10} {:<8} {:>9} {:>9} {:>12} {:>9} {:>7}", "kernel", "version", "MH/s", "best", "cycles/hash", "best",
               "GHz");
    fmt::print("{}\n", options.threads > 1 ? fmt::format(" {:>9} {:>9}", "scaling", "by cycles") : "");
    std::fflush(stdout);
}

void print_benchmark_row(const BenchmarkResult& r) {
    fmt::print("{:<10} {:<8} {:>9.3f} {:>9.3f} {:>12.1f} {:>9.1f} {:>7.3f}", r.kernel, r.version_rolls ? "rolls" : "fixed",
               r.mhs_median, r.mhs_best, r.cycles_median, r.cycles_best, r.clock_ghz);
    if (r.threads > 1) fmt::print(" {:>8.1f}% {:>8.1f}%", 100 * r.scaling_wall, 100 * r.scaling_cycles);
    fmt::print("\n");
    std::fflush(stdout);
}

int run_benchmark(const BenchmarkOptions& options, const Kernel* only, bool json) {
    bool all_right = true;
    if (!json) print_benchmark_heading(options);
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
            print_benchmark_row(r);
        }
    }
    if (json) fmt::print("{{\"results\":[{}]}}\n", fmt::join(objects, ","));
    if (g_stop.load(std::memory_order_relaxed)) {
        fmt::print(stderr, "cairn-miner: interrupted\n");
        return kExitInterrupted;
    }
    return all_right ? 0 : kExitFailed;
}

/// What the command line says.
struct Arguments {
    bool wants_benchmark = false;
    bool wants_list = false;
    std::vector<std::string> urls;
    std::string user;
    std::string password = "x";
    unsigned threads = 1;
    double seconds = 0;
    std::string kernel;
    bool json = false;
    MineOptions mine;
};

constexpr const char* kFooter =
    "Servers are tried in the order given; when one ends, from the first again. stratum+tcp:// is Stratum v1 as Bitcoin's\n"
    "pools and Cairn's nodes speak it; http:// is getwork (a node's path /mine) or, on networks sealed by Ethash,\n"
    "eth_getWork. The user is ADDRESS or ADDRESS.worker at a node, and whatever a pool asks for elsewhere.\n\n"
    "Each kernel is benchmarked twice: on a job whose version bits may roll, where lanes share the first hash's message\n"
    "schedule, and on one whose version is fixed.\n\n"
    "Exit code: 0 success, 1 no server gave work or a kernel failed its self-test, 2 bad request, 130 benchmark\n"
    "interrupted. Mining ends cleanly, with 0, on Ctrl-C.\n\n"
    "Examples:\n"
    "  cairn-miner --url stratum+tcp://127.0.0.1:3333 --user 0x00112233445566778899aabbccddeeff00112233.rig\n"
    "  cairn-miner --url http://127.0.0.1:8545 --threads 2\n"
    "  cairn-miner --benchmark --threads 2 --seconds 5";

void add_options(CLI::App& app, Arguments& args) {
    app.footer(kFooter);
    auto* url = app.add_option("--url", args.urls, "Mine for a server: stratum+tcp://HOST:PORT or http://HOST:PORT[/PATH]; "
                                                   "further ones are tried when the first does not answer");
    auto* benchmark = app.add_flag("--benchmark", args.wants_benchmark, "Measure the kernels")->excludes(url);
    app.add_flag("--list-kernels", args.wants_list, "Show the kernels, which of them run here, and the choice")
        ->excludes(benchmark)
        ->excludes(url);
    app.add_option("--user", args.user, "User, where the URL names none")->needs(url);
    app.add_option("--password", args.password, "Password, where the URL names none; few servers look at it")
        ->needs(url)
        ->capture_default_str();
    app.add_option("--threads", args.threads, "Threads")->check(CLI::Range(1U, 1024U))->capture_default_str();
    app.add_option("--seconds", args.seconds, "Benchmark: seconds for each kernel and kind of job (2 if not given). "
                                              "Mining: end after that long")
        ->check(CLI::Range(0.01, 31'536'000.0));
    app.add_option("--kernel", args.kernel, "Only this kernel: " + known_kernels());
    app.add_option("--nice", args.mine.miner.nice, "Priority of the mining threads, as nice(1) has it")
        ->check(CLI::Range(-20, 19))
        ->needs(url)
        ->capture_default_str();
    app.add_flag("--pin", args.mine.miner.pin, "Bind each mining thread to a processor")->needs(url);
    app.add_flag("--ethash.dag", args.mine.miner.full_ethash,
                 "Ethash: make each epoch's full data set in memory first (1 GiB and up)")
        ->needs(url);
    app.add_option("--interval", args.mine.interval, "Seconds between status lines (1 on a terminal, else 10)")
        ->check(CLI::Range(0.1, 86400.0))
        ->needs(url);
    app.add_flag("--json", args.json, "Benchmark: the figures as one JSON object. Mining: one JSON object a line");
}

int run_mining(Arguments& args, const Kernel* only) {
    for (const std::string& url : args.urls) {
        auto parsed = parse_remote_url(url, args.user, args.password);
        if (!parsed) return bad_request(parsed.error());
        args.mine.urls.push_back(std::move(parsed).value());
    }
    args.mine.miner.threads = args.threads;
    args.mine.miner.kernel = only;
    args.mine.json = args.json;
    args.mine.seconds = args.seconds;
    catch_interrupts();
    return mine(args.mine, g_stop);
}

int dispatch(int argc, char** argv) {
    CLI::App app{"cairn-miner: mines by SHA-256d and Ethash on the processor", "cairn-miner"};
    app.set_version_flag("--version", "cairn-miner " CAIRN_VERSION);
    Arguments args;
    add_options(app, args);
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& asked_for_help) {
        return app.exit(asked_for_help);
    } catch (const CLI::ParseError& error) {
        return bad_request(fmt::format("{} (--help shows what there is)", error.what()));
    }
    if (args.wants_list) return list_kernels();
    if (!args.wants_benchmark && args.urls.empty())
        return bad_request("nothing to do: give --url, --benchmark or --list-kernels (--help shows what there is)");
    const Kernel* only = nullptr;
    if (!args.kernel.empty()) {
        only = find_kernel(args.kernel);
        if (only == nullptr)
            return bad_request(fmt::format("unknown kernel \"{}\"; known: {}", args.kernel, known_kernels()));
        if (!only->is_supported())
            return bad_request(fmt::format("this processor cannot run kernel \"{}\"", args.kernel));
    }
    if (!args.urls.empty()) return run_mining(args, only);
    BenchmarkOptions options;
    options.threads = args.threads;
    if (args.seconds > 0) options.seconds = args.seconds;
    catch_interrupts();
    return run_benchmark(options, only, args.json);
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
