// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "miner/hash_rate.hpp"
#include "miner/work_source.hpp"

namespace cairn::miner {

/// How a Miner works.
struct MinerOptions {
    unsigned threads = 1;            ///< that search, at least 1 (asserted)
    int nice = 19;                   ///< their priority as nice(1) has it, -20..19; what the system refuses stays as it was
    bool pin = false;                ///< bind each to one of the processors that this process may use, in turn
    const Kernel* kernel = nullptr;  ///< for headers; null: the fastest, by measurement
    bool full_ethash = false;        ///< make the full data set of each epoch (1 GiB and up) before searching in it
    /// Hears how far a full data set is, from the feeding thread, at each whole percent once; may be empty.
    std::function<void(std::uint64_t epoch, unsigned percent)> on_data_set = {};
};

/// How long work takes from its reason (Work::since) to the threads: one count for each thread that takes a piece up.
struct SwitchStats {
    std::uint64_t count = 0;
    double seconds = 0;       ///< sum
    double seconds_last = 0;
    double seconds_max = 0;
};

/// What a Miner has done so far.
struct MinerStats {
    std::uint64_t hashes = 0;      ///< by all threads
    std::uint64_t solutions = 0;   ///< handed to the source
    std::uint64_t dropped = 0;     ///< solutions that found the queue to the source full
    std::uint64_t works = 0;       ///< pieces of work taken up
    double hashes_per_second = 0;  ///< over the last ten seconds
    SwitchStats switches = {};     ///< Ethash's data in memory excepted, whose making may take minutes
};

/// Searches what a WorkSource gives on threads of its own.
///
/// Each thread takes slices of the work from one shared counter, so that no two search the same and none waits for
/// another. A slice is a rectangle of versions and nonces of one roll, some tens of milliseconds of work; other work
/// ends it within about a thousand hashes. The search itself neither allocates nor locks; a solution takes one short
/// lock.
///
/// Construction chooses the kernels (some tens of milliseconds) and starts the threads; destruction asks the source's
/// wait_work to stop and joins. Any thread may call.
class Miner {
  public:
    /// Solutions that may wait for the source.
    static constexpr std::size_t kSolutionsMax = 256;

    /// @param source  outlives the miner
    Miner(WorkSource& source, const MinerOptions& options);
    Miner(const Miner&) = delete;
    Miner& operator=(const Miner&) = delete;
    ~Miner();

    /// Stops searching until resume; work that comes in the meantime waits. Returns at once.
    void pause();
    /// Goes on where pause left off; slices that were cut short are not made up for.
    void resume();
    [[nodiscard]] bool is_paused() const;

    [[nodiscard]] MinerStats stats() const;
    [[nodiscard]] unsigned threads() const noexcept { return static_cast<unsigned>(searchers_.size()); }
    /// The kernel for headers whose version may roll, or may not.
    [[nodiscard]] const Kernel& kernel(bool version_rolls) const noexcept {
        return version_rolls ? *rolling_kernel_ : *fixed_kernel_;
    }

  private:
    struct Assignment;
    /// A thread's counter, alone on its cache line.
    struct alignas(64) Counter {
        std::atomic<std::uint64_t> hashes{0};
    };

    void feed(const std::stop_token& stop);
    void hand_in(const std::stop_token& stop);
    void search_all(unsigned index, const std::stop_token& stop);
    void note_switch(const Assignment& assignment);
    void search(Assignment& assignment, Counter& counter);
    void search_headers(Assignment& assignment, Counter& counter);
    void search_seals(Assignment& assignment, Counter& counter);
    void tell_exhausted(Assignment& assignment);
    /// Makes ready what the job's epoch needs; whether there was anything to make.
    [[nodiscard]] bool prepare_ethash(const EthashJob& job);
    void assign(std::shared_ptr<Assignment> assignment);
    void push(const Solution& solution) noexcept;
    [[nodiscard]] std::uint64_t total_hashes() const noexcept;

    WorkSource& source_;
    const MinerOptions options_;
    const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
    const Kernel* rolling_kernel_;
    const Kernel* fixed_kernel_;
    std::vector<Counter> counters_;
    std::shared_ptr<const EthashData> ethash_;  // the feeding thread's
    std::atomic<bool> stopping_{false};

    mutable std::mutex mutex_;
    std::condition_variable_any assigned_;
    std::shared_ptr<Assignment> assignment_;  // guarded by mutex_: null while there is nothing to search
    std::uint64_t generation_ = 0;            // guarded by mutex_: of assignment_
    std::uint64_t works_ = 0;                 // guarded by mutex_
    SwitchStats switches_;                    // guarded by mutex_
    bool paused_ = false;                     // guarded by mutex_

    mutable std::mutex solutions_mutex_;
    std::condition_variable_any has_solutions_;
    std::vector<Solution> solutions_;  // guarded by solutions_mutex_: room for kSolutionsMax from the start
    std::uint64_t handed_in_ = 0;      // guarded by solutions_mutex_
    std::uint64_t dropped_ = 0;        // guarded by solutions_mutex_
    HashRate rate_;                    // guarded by solutions_mutex_

    // Last, so that they end before what they use.
    std::vector<std::jthread> searchers_;
    std::jthread submitter_;
    std::jthread feeder_;
};

}  // namespace cairn::miner
