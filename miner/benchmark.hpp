// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "miner/kernel.hpp"

namespace cairn::miner {

/// What to measure.
struct BenchmarkOptions {
    unsigned threads = 1;  ///< at least 1
    double seconds = 2;    ///< for each kernel and kind of job; split into windows, of which one of several threads
                           ///< has every second for itself
};

/// What a stretch of one thread's search showed.
struct BenchmarkWindow {
    std::uint64_t hashes = 0;
    double wall_seconds = 0;
    double cpu_seconds = 0;
    double cycle_seconds = 0;  ///< the processor's cycle, measured before and after the search
};

/// One kernel on one kind of job. Rates are sums over threads, per window; cycles are CPU time, all threads' windows.
struct BenchmarkResult {
    std::string kernel;
    bool version_rolls = false;
    unsigned threads = 0;
    std::size_t windows = 0;
    std::uint64_t hashes = 0;  ///< all threads, all windows
    double mhs_median = 0;     ///< million hashes a second of wall time
    double mhs_best = 0;
    double cycles_median = 0;  ///< cycles a hash on one core
    double cycles_best = 0;
    double clock_ghz = 0;  ///< median
    /// With several threads: what they reach together, over what as many reached if each did what one does alone; 1 is
    /// perfect. Medians over pairs of windows, alone and together in turn. 0 with one thread.
    double scaling_wall = 0;    ///< by hashes a second: sees every other program on the machine, and its clock's moods
    double scaling_cycles = 0;  ///< by cycles a hash: sees what the threads take from each other's caches and units
};

/// Measures a supported kernel. `stop` set to true ends it early, with what there is by then; nothing measured gives
/// `windows` = 0.
[[nodiscard]] BenchmarkResult benchmark_kernel(const Kernel& kernel, bool version_rolls, const BenchmarkOptions& options,
                                               const std::atomic<bool>& stop);

/// The figures of windows that every thread has, in each thread's order.
/// @param alone  with several threads: the first one's windows while the others rested, each just before those of the
///               same index; otherwise empty
[[nodiscard]] BenchmarkResult summarize(const std::vector<std::vector<BenchmarkWindow>>& threads,
                                        const std::vector<BenchmarkWindow>& alone = {});

/// A result as a JSON object on one line.
[[nodiscard]] std::string to_json(const BenchmarkResult& result);

}  // namespace cairn::miner
