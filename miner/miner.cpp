// SPDX-License-Identifier: MIT
#include "miner/miner.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

#include <sched.h>

#include "core/base/assert.hpp"
#include "core/base/bytes.hpp"
#include "core/base/thread_priority.hpp"
#include "miner/clock.hpp"
#include "miner/dispatch.hpp"

namespace cairn::miner {
namespace {

constexpr double kRateWindowSeconds = 10;
constexpr std::chrono::milliseconds kSamplePeriod{250};

/// Hashes in a slice: some tens of milliseconds with any kernel of vectors.
constexpr std::uint64_t kSliceHashes = std::uint64_t{1} << 21;
/// Seals of Ethash in a slice, light and full.
constexpr std::uint64_t kLightSlice = 64;
constexpr std::uint64_t kFullSlice = 4096;

/// The slices of a piece of work: all nonces of a group of versions, one rectangle after another, then the next group,
/// then the next roll.
struct Slices {
    std::uint64_t group;      ///< versions in a slice
    std::uint64_t nonces;     ///< of each version in a slice; fewer in the last of a group
    std::uint64_t all_nonces;
    std::uint64_t per_group;  ///< slices
    std::uint64_t per_roll;   ///< slices

    Slices(const Job& job, std::uint64_t nonce_count) noexcept
        : group{std::min<std::uint64_t>(variant_count_of(job), kChunkVariants)},
          nonces{kSliceHashes / group},
          all_nonces{nonce_count},
          per_group{(nonce_count + nonces - 1) / nonces},
          per_roll{variant_count_of(job) / group * per_group} {}

    [[nodiscard]] ScanRange range(std::uint64_t slice_in_roll) const noexcept {
        const std::uint64_t first_nonce = slice_in_roll % per_group * nonces;
        return {.first_variant = static_cast<std::uint32_t>(slice_in_roll / per_group * group),
                .variant_count = group,
                .first_nonce = static_cast<std::uint32_t>(first_nonce),
                .nonce_count = std::min(nonces, all_nonces - first_nonce)};
    }
};

/// Binds this thread to one of the processors that it may use.
void pin_to(unsigned index) noexcept {
    cpu_set_t allowed;
    if (::sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
    const auto count = static_cast<unsigned>(CPU_COUNT(&allowed));
    if (count == 0) return;
    unsigned left = index % count;
    for (unsigned cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
        if (!CPU_ISSET(cpu, &allowed) || left-- > 0) continue;
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(cpu, &one);
        static_cast<void>(::sched_setaffinity(0, sizeof one, &one));
        return;
    }
}

}  // namespace

/// Work that the threads share out.
struct Miner::Assignment {
    Work work;
    std::shared_ptr<const EthashData> ethash;  ///< for an EthashJob
    std::atomic<std::uint64_t> next_slice{0};
    std::atomic<bool> stop{false};  ///< set when other work is assigned, or on a pause
    std::atomic<bool> is_exhausted{false};
};

Miner::Miner(WorkSource& source, const MinerOptions& options)
    : source_{source},
      options_{options},
      rolling_kernel_{options.kernel != nullptr ? options.kernel : &choose_kernel(true)},
      fixed_kernel_{options.kernel != nullptr ? options.kernel : &choose_kernel(false)},
      counters_(options.threads),
      rate_{kRateWindowSeconds} {
    CAIRN_ASSERT(options.threads > 0);
    solutions_.reserve(kSolutionsMax);
    for (unsigned i = 0; i < options.threads; ++i)
        searchers_.emplace_back([this, i](const std::stop_token& stop) { search_all(i, stop); });
    submitter_ = std::jthread{[this](const std::stop_token& stop) { hand_in(stop); }};
    feeder_ = std::jthread{[this](const std::stop_token& stop) { feed(stop); }};
}

Miner::~Miner() {
    stopping_ = true;
    for (auto& thread : searchers_) thread.request_stop();
    submitter_.request_stop();
    feeder_.request_stop();
    assign(nullptr);
}

void Miner::pause() {
    const std::scoped_lock lock{mutex_};
    paused_ = true;
    if (assignment_) assignment_->stop = true;
}

void Miner::resume() {
    const std::scoped_lock lock{mutex_};
    if (!std::exchange(paused_, false) || !assignment_) return;
    // A copy, for threads may still be on their way out of the old one and must not miss that it was stopped.
    auto rest = std::make_shared<Assignment>();
    rest->work = assignment_->work;
    // Time in which the miner rested is no delay.
    rest->work.since.reset();
    rest->ethash = assignment_->ethash;
    rest->next_slice = assignment_->next_slice.load();
    rest->is_exhausted = assignment_->is_exhausted.load();
    assignment_ = std::move(rest);
    ++generation_;
    assigned_.notify_all();
}

bool Miner::is_paused() const {
    const std::scoped_lock lock{mutex_};
    return paused_;
}

MinerStats Miner::stats() const {
    MinerStats stats{.hashes = total_hashes()};
    {
        const std::scoped_lock lock{mutex_};
        stats.works = works_;
        stats.switches = switches_;
    }
    const std::scoped_lock lock{solutions_mutex_};
    stats.solutions = handed_in_;
    stats.dropped = dropped_;
    stats.hashes_per_second = rate_.per_second();
    return stats;
}

std::uint64_t Miner::total_hashes() const noexcept {
    std::uint64_t sum = 0;
    for (const Counter& counter : counters_) sum += counter.hashes.load(std::memory_order_relaxed);
    return sum;
}

void Miner::assign(std::shared_ptr<Assignment> assignment) {
    const std::scoped_lock lock{mutex_};
    if (assignment_) assignment_->stop = true;
    if (assignment) {
        ++works_;
        assignment->stop = paused_;
    }
    assignment_ = std::move(assignment);
    ++generation_;
    assigned_.notify_all();
}

bool Miner::prepare_ethash(const EthashJob& job) {
    const std::uint64_t epoch = ethash_epoch(job.number);
    if (ethash_ && ethash_->epoch() == epoch) return false;
    // The threads let go of the epoch before: two full data sets may not fit in memory.
    assign(nullptr);
    ethash_.reset();
    if (!options_.full_ethash) {
        ethash_ = std::make_shared<const EthashData>(epoch);
        return true;
    }
    const EthashMaking making{.threads = options_.threads,
                              .stop = stopping_,
                              .begin =
                                  [this](unsigned thread) {
                                      set_thread_nice(options_.nice);
                                      if (options_.pin) pin_to(thread);
                                  },
                              .progress =
                                  [&](unsigned percent) {
                                      if (options_.on_data_set) options_.on_data_set(epoch, percent);
                                  }};
    ethash_ = std::make_shared<const EthashData>(epoch, making);
    return true;
}

void Miner::feed(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        std::optional<Work> work = source_.wait_work(stop);
        if (stop.stop_requested()) return;
        if (!work) {
            assign(nullptr);
            continue;
        }
        auto assignment = std::make_shared<Assignment>();
        if (const auto* job = std::get_if<EthashJob>(&work->task)) {
            if (prepare_ethash(*job)) work->since.reset();
            if (stop.stop_requested()) return;
            assignment->ethash = ethash_;
        }
        assignment->work = std::move(*work);
        assign(std::move(assignment));
    }
}

void Miner::hand_in(const std::stop_token& stop) {
    std::vector<Solution> taken;
    taken.reserve(kSolutionsMax);
    for (;;) {
        {
            std::unique_lock lock{solutions_mutex_};
            has_solutions_.wait_for(lock, stop, kSamplePeriod, [&] { return !solutions_.empty(); });
            if (stop.stop_requested()) return;
            rate_.sample(steady_seconds(), total_hashes());
            taken.swap(solutions_);
        }
        for (const Solution& solution : taken) {
            source_.submit(solution);
            const std::scoped_lock lock{solutions_mutex_};
            ++handed_in_;
        }
        taken.clear();
    }
}

void Miner::push(const Solution& solution) noexcept {
    {
        const std::scoped_lock lock{solutions_mutex_};
        if (solutions_.size() == kSolutionsMax) {
            ++dropped_;
            return;
        }
        solutions_.push_back(solution);
    }
    has_solutions_.notify_one();
}

void Miner::search_all(unsigned index, const std::stop_token& stop) {
    set_thread_nice(options_.nice);
    if (options_.pin) pin_to(index);
    std::uint64_t seen = 0;
    for (;;) {
        std::shared_ptr<Assignment> assignment;
        {
            std::unique_lock lock{mutex_};
            if (!assigned_.wait(lock, stop, [&] { return generation_ != seen; })) return;
            seen = generation_;
            assignment = assignment_;
            if (assignment) note_switch(*assignment);
        }
        // Work that comes while the miner is ending is nobody's to stop.
        if (stop.stop_requested()) return;
        if (assignment) search(*assignment, counters_[index]);
    }
}

/// With mutex_ held.
void Miner::note_switch(const Assignment& assignment) {
    // Work from before the miner began was not waited for.
    if (!assignment.work.since || *assignment.work.since < started_) return;
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - *assignment.work.since;
    ++switches_.count;
    switches_.seconds += taken.count();
    switches_.seconds_last = taken.count();
    switches_.seconds_max = std::max(switches_.seconds_max, taken.count());
}

void Miner::search(Assignment& assignment, Counter& counter) {
    if (std::holds_alternative<Job>(assignment.work.task)) {
        search_headers(assignment, counter);
    } else {
        search_seals(assignment, counter);
    }
}

void Miner::search_headers(Assignment& assignment, Counter& counter) {
    const Work& work = assignment.work;
    struct Context {
        Miner& miner;
        const Work& work;
        Job job;
        std::uint64_t roll;
    } context{*this, work, std::get<Job>(work.task), std::numeric_limits<std::uint64_t>::max()};
    const HitSink sink{[](void* taker, const Hit& hit) noexcept {
                           const auto& found = *static_cast<Context*>(taker);
                           WorkHeader header = found.job.header;
                           store_le32(header.data(), hit.version);
                           store_le32(header.data() + kWorkNonceOffset, hit.nonce);
                           found.miner.push({.work_id = found.work.id, .roll = found.roll, .found = header});
                           return true;
                       },
                       &context};
    const Slices slices{context.job, work.nonce_count};
    const std::uint64_t rolls = work.rolls ? work.rolls->count() : 1;
    const Kernel& searching = kernel(slices.group > 1);
    while (!assignment.stop.load(std::memory_order_relaxed)) {
        const std::uint64_t slice = assignment.next_slice.fetch_add(1, std::memory_order_relaxed);
        const std::uint64_t roll = slice / slices.per_roll;
        if (roll >= rolls) return tell_exhausted(assignment);
        if (roll != std::exchange(context.roll, roll) && work.rolls) work.rolls->apply(roll, context.job.header);
        const ScanRange range = slices.range(slice % slices.per_roll);
        counter.hashes.fetch_add(scan(searching, context.job, range, sink, assignment.stop),
                                 std::memory_order_relaxed);
    }
}

void Miner::search_seals(Assignment& assignment, Counter& counter) {
    const auto& job = std::get<EthashJob>(assignment.work.task);
    struct Context {
        Miner& miner;
        std::uint64_t work_id;
    } context{*this, assignment.work.id};
    const EthashSink sink{[](void* taker, const Seal& seal) noexcept {
                              const auto& found = *static_cast<Context*>(taker);
                              found.miner.push({.work_id = found.work_id, .roll = 0, .found = seal});
                              return true;
                          },
                          &context};
    const std::uint64_t count = assignment.ethash->is_full() ? kFullSlice : kLightSlice;
    while (!assignment.stop.load(std::memory_order_relaxed)) {
        const std::uint64_t slice = assignment.next_slice.fetch_add(1, std::memory_order_relaxed);
        const std::uint64_t first = assignment.work.first_nonce + slice * count;
        counter.hashes.fetch_add(scan_ethash(*assignment.ethash, job, first, count, sink, assignment.stop),
                                 std::memory_order_relaxed);
    }
}

void Miner::tell_exhausted(Assignment& assignment) {
    if (!assignment.is_exhausted.exchange(true)) source_.exhausted(assignment.work.id);
}

}  // namespace cairn::miner
