// SPDX-License-Identifier: MIT
// How long a change of work takes to reach every mining thread: from the job board's post to a solution of that job.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>

#include <benchmark/benchmark.h>

#include "core/base/bytes.hpp"
#include "miner/miner.hpp"

namespace {

using namespace cairn::miner;

/// Alternates between work that is never solved and work that every hash solves.
class SwitchSource final : public WorkSource {
  public:
    void post(std::uint64_t id, bool easy) {
        Job job;
        job.target.value = easy ? cairn::Uint256::max() : cairn::Uint256{};
        job.version_mask = cairn::kWorkVersionMask;
        const std::scoped_lock lock{mutex_};
        work_ = {.id = id, .task = job, .rolls = nullptr};
        is_news_ = true;
        changed_.notify_all();
    }
    void wait_found(std::uint64_t id) const {
        while (last_found_.load(std::memory_order_acquire) < id) last_found_.wait(last_found_.load());
    }

    std::optional<Work> wait_work(std::stop_token stop) override {
        std::unique_lock lock{mutex_};
        if (!changed_.wait(lock, stop, [&] { return is_news_; })) return std::nullopt;
        is_news_ = false;
        return work_;
    }
    void submit(const Solution& solution) override {
        last_found_.store(solution.work_id, std::memory_order_release);
        last_found_.notify_all();
    }
    void exhausted(std::uint64_t) override {}

  private:
    std::mutex mutex_;
    std::condition_variable_any changed_;
    Work work_;
    bool is_news_ = false;
    std::atomic<std::uint64_t> last_found_{0};
};

void switch_work(benchmark::State& state) {
    SwitchSource source;
    Miner miner{source, {.threads = static_cast<unsigned>(state.range(0)), .nice = 19}};
    std::uint64_t id = 0;
    double worst = 0;
    for (auto _ : state) {
        source.post(++id, false);
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
        const auto start = std::chrono::steady_clock::now();
        source.post(++id, true);
        source.wait_found(id);
        const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
        worst = std::max(worst, taken.count());
        state.SetIterationTime(taken.count());
    }
    state.counters["worst_us"] = worst * 1e6;
}
BENCHMARK(switch_work)->Arg(1)->Arg(2)->UseManualTime()->Iterations(300)->Unit(benchmark::kMicrosecond);

}  // namespace
