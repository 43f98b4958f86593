// SPDX-License-Identifier: MIT
#include "miner/benchmark.hpp"

#include <algorithm>
#include <barrier>
#include <cstddef>
#include <thread>

#include <fmt/format.h>

#include "miner/clock.hpp"
#include "miner/scan.hpp"

namespace cairn::miner {
namespace {

/// Long against the clock's measurement, short against the host's moods.
constexpr double kWindowSeconds = 0.1;
constexpr unsigned kWindowsMin = 3;
/// A call of scan is made at least so long, so that its preparation does not count.
constexpr double kCallSecondsMin = 0.01;
constexpr std::uint64_t kNoncesFirst = 1024;
constexpr std::uint64_t kNoncesMax = std::uint64_t{1} << 32;

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

double rate_of(const BenchmarkWindow& window) noexcept {
    return static_cast<double>(window.hashes) / window.wall_seconds;
}
double cycles_of(const BenchmarkWindow& window) noexcept {
    return window.cpu_seconds / window.cycle_seconds / static_cast<double>(window.hashes);
}

/// One thread's search: a job that no hash wins, always the same range.
class Searcher {
  public:
    Searcher(const Kernel& kernel, bool version_rolls, unsigned thread, const std::atomic<bool>& stop)
        : kernel_{kernel}, stop_{stop} {
        job_.header.fill(static_cast<std::uint8_t>(thread));
        job_.version_mask = version_rolls ? kWorkVersionMask : 0;
        range_.variant_count = version_rolls ? kChunkVariants : 1;
        range_.nonce_count = kNoncesFirst;
    }

    /// Lengthens the range until a call takes long enough.
    void calibrate() {
        while (range_.nonce_count < kNoncesMax && !stop_.load(std::memory_order_relaxed)) {
            const double start = thread_cpu_seconds();
            search();
            if (thread_cpu_seconds() - start >= kCallSecondsMin) return;
            range_.nonce_count *= 2;
        }
    }

    BenchmarkWindow run_window(double seconds) {
        BenchmarkWindow window;
        const double cycle_before = cycle_seconds();
        const double wall = steady_seconds();
        const double cpu = thread_cpu_seconds();
        do {
            window.hashes += search();
        } while (steady_seconds() - wall < seconds && !stop_.load(std::memory_order_relaxed));
        window.wall_seconds = steady_seconds() - wall;
        window.cpu_seconds = thread_cpu_seconds() - cpu;
        window.cycle_seconds = (cycle_before + cycle_seconds()) / 2;
        return window;
    }

  private:
    std::uint64_t search() {
        const HitSink sink{[](void*, const Hit&) noexcept { return true; }, nullptr};
        return scan(kernel_, job_, range_, sink, stop_);
    }

    const Kernel& kernel_;
    const std::atomic<bool>& stop_;
    Job job_;
    ScanRange range_;
};

}  // namespace

BenchmarkResult summarize(const std::vector<std::vector<BenchmarkWindow>>& threads,
                          const std::vector<BenchmarkWindow>& alone) {
    BenchmarkResult result;
    result.threads = static_cast<unsigned>(threads.size());
    if (threads.empty()) return result;
    const auto shortest = std::ranges::min_element(threads, {}, [](const auto& t) { return t.size(); });
    result.windows = shortest->size();
    if (result.windows == 0) return result;

    std::vector<double> rates;
    std::vector<double> cycles;
    std::vector<double> clocks;
    std::vector<double> scaling_wall;
    std::vector<double> scaling_cycles;
    for (std::size_t i = 0; i < result.windows; ++i) {
        double rate = 0;
        double cycles_sum = 0;
        for (const auto& thread : threads) {
            const BenchmarkWindow& window = thread[i];
            result.hashes += window.hashes;
            rate += rate_of(window);
            cycles.push_back(cycles_of(window));
            cycles_sum += cycles.back();
            clocks.push_back(1 / window.cycle_seconds);
        }
        rates.push_back(rate);
        if (i >= alone.size()) continue;
        const double count = result.threads;
        scaling_wall.push_back(rate / (count * rate_of(alone[i])));
        scaling_cycles.push_back(cycles_of(alone[i]) * count / cycles_sum);
    }
    result.mhs_median = median(rates) * 1e-6;
    result.mhs_best = *std::ranges::max_element(rates) * 1e-6;
    result.cycles_median = median(cycles);
    result.cycles_best = *std::ranges::min_element(cycles);
    result.clock_ghz = median(clocks) * 1e-9;
    if (scaling_wall.empty()) return result;
    result.scaling_wall = median(scaling_wall);
    result.scaling_cycles = median(scaling_cycles);
    return result;
}

BenchmarkResult benchmark_kernel(const Kernel& kernel, bool version_rolls, const BenchmarkOptions& options,
                                 const std::atomic<bool>& stop) {
    const bool has_turns = options.threads > 1;
    const double window_seconds = has_turns ? 2 * kWindowSeconds : kWindowSeconds;
    const auto windows = std::max(kWindowsMin, static_cast<unsigned>(options.seconds / window_seconds));
    const double seconds = options.seconds / windows / (has_turns ? 2 : 1);
    std::vector<std::vector<BenchmarkWindow>> measured(options.threads);
    std::vector<BenchmarkWindow> alone;
    std::barrier turn{static_cast<std::ptrdiff_t>(options.threads)};
    const auto measure = [&](unsigned thread) {
        Searcher searcher{kernel, version_rolls, thread, stop};
        searcher.calibrate();
        for (unsigned i = 0; i < windows; ++i) {
            if (has_turns) {
                turn.arrive_and_wait();
                if (thread == 0) alone.push_back(searcher.run_window(seconds));
                turn.arrive_and_wait();
            }
            const auto window = searcher.run_window(seconds);
            // A window that was broken off shows nothing.
            if (stop.load(std::memory_order_relaxed)) break;
            measured[thread].push_back(window);
        }
        // Nobody waits for a thread that has ended early.
        turn.arrive_and_drop();
    };
    {
        std::vector<std::jthread> threads;
        for (unsigned t = 0; t < options.threads; ++t) threads.emplace_back(measure, t);
    }
    BenchmarkResult result = summarize(measured, alone);
    result.kernel = kernel.name;
    result.version_rolls = version_rolls;
    return result;
}

std::string to_json(const BenchmarkResult& r) {
    return fmt::format(
        R"({{"kernel":"{}","version_rolls":{},"threads":{},"windows":{},"hashes":{},"mhs_median":{:.4f},)"
        R"("mhs_best":{:.4f},"cycles_per_hash_median":{:.2f},"cycles_per_hash_best":{:.2f},"clock_ghz":{:.4f},)"
        R"("scaling_wall":{:.4f},"scaling_cycles":{:.4f}}})",
        r.kernel, r.version_rolls, r.threads, r.windows, r.hashes, r.mhs_median, r.mhs_best, r.cycles_median,
        r.cycles_best, r.clock_ghz, r.scaling_wall, r.scaling_cycles);
}

}  // namespace cairn::miner
