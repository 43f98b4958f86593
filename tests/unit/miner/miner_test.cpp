// SPDX-License-Identifier: MIT
#include "miner/miner.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/bytes.hpp"
#include "miner/kernel.hpp"
#include "miner/work_rolls.hpp"

namespace cairn::miner {
namespace {

using std::chrono::steady_clock;

/// How long anything here may take on a machine with other work to do.
constexpr std::chrono::minutes kPatience{10};

/// Gives what the test posts and keeps what is found.
class TestSource final : public WorkSource {
  public:
    void post(std::optional<Work> work) {
        const std::scoped_lock lock{mutex_};
        work_ = std::move(work);
        is_news_ = true;
        changed_.notify_all();
    }

    std::optional<Work> wait_work(std::stop_token stop) override {
        std::unique_lock lock{mutex_};
        ++asked_;
        changed_.notify_all();
        if (!changed_.wait(lock, stop, [&] { return is_news_; })) return std::nullopt;
        is_news_ = false;
        return work_;
    }
    void submit(const Solution& solution) override {
        std::unique_lock lock{mutex_};
        found_.push_back(solution);
        changed_.notify_all();
        changed_.wait(lock, [&] { return !is_slow_; });
    }
    void exhausted(std::uint64_t work_id) override {
        const std::scoped_lock lock{mutex_};
        exhausted_.push_back(work_id);
        changed_.notify_all();
    }

    /// Waits until `enough` holds of what was found; false when it does not in time.
    bool wait_until(const std::function<bool(const std::vector<Solution>&)>& enough) {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, kPatience, [&] { return enough(found_); });
    }
    /// Waits until the miner asks for work for the nth time: what it was given before has reached its threads.
    bool wait_asked(std::size_t times) {
        return wait_until([&](const auto&) { return asked_ >= times; });
    }
    bool wait_for(std::size_t solutions) {
        return wait_until([=](const auto& found) { return found.size() >= solutions; });
    }
    bool wait_exhausted() {
        return wait_until([&](const auto&) { return !exhausted_.empty(); });
    }
    std::vector<Solution> found() {
        const std::scoped_lock lock{mutex_};
        return found_;
    }
    std::vector<std::uint64_t> exhausted_works() {
        const std::scoped_lock lock{mutex_};
        return exhausted_;
    }
    void set_slow(bool slow) {
        const std::scoped_lock lock{mutex_};
        is_slow_ = slow;
        changed_.notify_all();
    }

  private:
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::optional<Work> work_;
    bool is_news_ = false;
    bool is_slow_ = false;
    std::size_t asked_ = 0;
    std::vector<Solution> found_;
    std::vector<std::uint64_t> exhausted_;
};

Work header_work(std::uint64_t id, unsigned zero_bits, std::uint32_t version_mask = kWorkVersionMask) {
    Job job;
    for (std::size_t i = 0; i < job.header.size(); ++i) job.header[i] = static_cast<std::uint8_t>(i * 7 + id);
    store_le32(job.header.data(), kWorkVersion);
    job.target.value = Uint256::max() >> zero_bits;
    job.version_mask = version_mask;
    return {.id = id, .task = job, .rolls = nullptr};
}

/// Threads at ordinary priority: a busy machine must not starve a test.
MinerOptions two_threads() { return {.threads = 2, .nice = 0, .kernel = &kKernelPortable}; }

/// Waits until `enough` holds of what the miner has done; whether it does.
bool wait_for_stats(const Miner& miner, const std::function<bool(const MinerStats&)>& enough) {
    const auto deadline = steady_clock::now() + kPatience;
    while (!enough(miner.stats()) && steady_clock::now() < deadline)
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    return enough(miner.stats());
}

/// The portable kernel behind a gate. While it is closed each thread stands still at the chunk that it has begun, so that
/// a test knows where the threads are, however busy the machine is. One at a time.
class Gate {
  public:
    Gate() {
        const std::scoped_lock lock{mutex_};
        is_closed_ = true;
        chunks_.clear();
    }
    Gate(const Gate&) = delete;
    Gate& operator=(const Gate&) = delete;

    /// Opens at its end: a test that fails must not leave a miner standing that is to end.
    struct Opener {
        explicit Opener(Gate& the_gate) : gate{the_gate} {}
        Opener(const Opener&) = delete;
        Opener& operator=(const Opener&) = delete;
        ~Opener() { gate.open(); }
        Gate& gate;
    };

    /// Two threads that search with the kernel.
    static MinerOptions two_threads() { return {.threads = 2, .nice = 0, .kernel = &kKernel}; }
    static constexpr std::uint64_t kChunkHashes = std::uint64_t{kChunkVariants} * kChunkNonces;

    void open() {
        const std::scoped_lock lock{mutex_};
        is_closed_ = false;
        changed_.notify_all();
    }
    /// Waits until so many chunks of that work have been begun.
    bool wait_chunks(const Work& work, std::size_t count) {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, kPatience, [&] { return chunks_[key_of(work)] >= count; });
    }
    /// Chunks of that work that have been begun.
    std::size_t chunks(const Work& work) {
        const std::scoped_lock lock{mutex_};
        return chunks_[key_of(work)];
    }

  private:
    /// The second block's first word, by which pieces of work differ here.
    static std::uint32_t key_of(const Work& work) { return load_be32(std::get<Job>(work.task).header.data() + 64); }

    static bool search_versions(const VersionWork& work, const std::uint32_t* nonce_words,
                                std::uint64_t* candidates) noexcept {
        {
            std::unique_lock lock{mutex_};
            ++chunks_[work.shared->message[0]];
            changed_.notify_all();
            changed_.wait(lock, [] { return !is_closed_; });
        }
        return kKernelPortable.search_versions(work, nonce_words, candidates);
    }

    static inline std::mutex mutex_;
    static inline std::condition_variable changed_;
    static inline bool is_closed_ = false;
    static inline std::map<std::uint32_t, std::size_t> chunks_;
    static const Kernel kKernel;
};

const Kernel Gate::kKernel{"gated", kKernelPortable.lanes, kKernelPortable.is_supported, Gate::search_versions,
                           kKernelPortable.search_solo};

TEST(Miner, finds_headers_that_reach_the_target_and_none_twice) {
    TestSource source;
    const Work work = header_work(5, 12);
    const Job& job = std::get<Job>(work.task);
    source.post(work);
    Miner miner{source, two_threads()};
    ASSERT_TRUE(source.wait_for(200));
    std::set<WorkHeader> headers;
    for (const Solution& solution : source.found()) {
        EXPECT_EQ(solution.work_id, 5U);
        const auto& header = std::get<WorkHeader>(solution.found);
        EXPECT_TRUE(headers.insert(header).second);
        EXPECT_LE(pow_value(header), job.target.value);
        EXPECT_EQ(load_le32(header.data()) & ~kWorkVersionMask, kWorkVersion);
        EXPECT_TRUE(std::equal(header.begin() + 4, header.begin() + kWorkNonceOffset, job.header.begin() + 4));
    }
}

TEST(Miner, small_work_is_searched_whole_over_its_rolls_and_then_told_exhausted_once) {
    TestSource source;
    Work work = header_work(9, 6, 0x7f00);
    work.nonce_count = 100;
    work.rolls = std::make_shared<TimeRolls>(1000, 2);
    source.post(work);
    Miner miner{source, two_threads()};
    ASSERT_TRUE(source.wait_exhausted());
    // Each of 128 versions, 100 nonces and 3 times, one hash after another.
    std::size_t expected = 0;
    for (std::uint32_t variant = 0; variant < 128; ++variant)
        for (std::uint32_t nonce = 0; nonce < 100; ++nonce)
            for (std::uint32_t time = 1000; time <= 1002; ++time) {
                WorkHeader header = std::get<Job>(work.task).header;
                store_le32(header.data(), version_of(std::get<Job>(work.task), variant));
                store_le32(header.data() + kWorkTimeOffset, time);
                store_le32(header.data() + kWorkNonceOffset, nonce);
                expected += pow_value(header) <= std::get<Job>(work.task).target.value ? 1 : 0;
            }
    ASSERT_GT(expected, 300U);
    ASSERT_TRUE(source.wait_until([&](const auto& found) { return found.size() + miner.stats().dropped >= expected; }));
    std::set<WorkHeader> headers;
    for (const Solution& solution : source.found()) {
        const auto& header = std::get<WorkHeader>(solution.found);
        EXPECT_TRUE(headers.insert(header).second);
        EXPECT_EQ(load_le32(header.data() + kWorkTimeOffset), 1000 + solution.roll);
    }
    EXPECT_EQ(headers.size() + miner.stats().dropped, expected);
    // Each thread counts a slice when it is done with it.
    EXPECT_TRUE(wait_for_stats(miner, [](const MinerStats& stats) { return stats.hashes >= 128U * 100 * 3; }));
    EXPECT_EQ(miner.stats().hashes, 128U * 100 * 3);
    EXPECT_EQ(source.exhausted_works(), std::vector<std::uint64_t>{9});
}

TEST(Miner, other_work_takes_over_and_nothing_of_the_old_is_found_afterwards) {
    const Work old = header_work(1, 6);
    TestSource source;
    source.post(old);
    Gate gate;
    {
        Miner miner{source, Gate::two_threads()};
        const Gate::Opener opener{gate};
        ASSERT_TRUE(gate.wait_chunks(old, 2));
        source.post(header_work(2, 6));
        ASSERT_TRUE(wait_for_stats(miner, [](const MinerStats& stats) { return stats.works == 2; }));
        gate.open();
        ASSERT_TRUE(source.wait_until([](const auto& found) {
            return std::ranges::count_if(found, [](const Solution& s) { return s.work_id == 2; }) >= 20;
        }));
        EXPECT_EQ(miner.stats().works, 2U);
    }
    // Each thread ended the chunk that it had begun, a two-thousandth of a slice, and began no other.
    EXPECT_EQ(gate.chunks(old), 2U);
}

TEST(Miner, the_time_from_the_reason_for_work_to_each_thread_is_measured) {
    TestSource source;
    Work old = header_work(1, 255);
    old.since = steady_clock::now() - std::chrono::hours{1};
    source.post(old);
    Miner miner{source, two_threads()};
    const auto wait_works = [&](std::uint64_t count) {
        return wait_for_stats(miner, [=](const MinerStats& stats) { return stats.works >= count; });
    };
    const auto taken_up = [&](std::uint64_t count) {
        EXPECT_TRUE(wait_for_stats(miner, [=](const MinerStats& stats) { return stats.switches.count >= count; }));
        return miner.stats().switches;
    };
    ASSERT_TRUE(wait_works(1));
    // Work from before the miner's time, and work of which no reason is known, count nothing.
    EXPECT_EQ(miner.stats().switches.count, 0U);
    source.post(header_work(2, 255));
    ASSERT_TRUE(wait_works(2));
    EXPECT_EQ(miner.stats().switches.count, 0U);
    Work timed = header_work(3, 255);
    const auto start = steady_clock::now();
    timed.since = start;
    source.post(timed);
    const SwitchStats first = taken_up(2);
    EXPECT_EQ(first.count, 2U);
    const double passed = std::chrono::duration<double>(steady_clock::now() - start).count();
    EXPECT_GT(first.seconds_last, 0);
    EXPECT_LE(first.seconds_last, first.seconds_max);
    EXPECT_LE(first.seconds_max, first.seconds);
    EXPECT_LE(first.seconds_max, passed);
    EXPECT_LE(first.seconds, 2 * first.seconds_max);
    timed = header_work(4, 255);
    timed.since = steady_clock::now();
    source.post(timed);
    EXPECT_EQ(taken_up(4).count, 4U);
    // A rest is no delay.
    miner.pause();
    miner.resume();
    EXPECT_EQ(miner.stats().switches.count, 4U);
}

TEST(Miner, without_work_nothing_is_hashed) {
    const Work old = header_work(1, 6);
    TestSource source;
    source.post(old);
    Gate gate;
    {
        Miner miner{source, Gate::two_threads()};
        const Gate::Opener opener{gate};
        ASSERT_TRUE(gate.wait_chunks(old, 2));
        source.post(std::nullopt);
        // The first work, its end, and what comes then.
        ASSERT_TRUE(source.wait_asked(3));
        gate.open();
        EXPECT_TRUE(wait_for_stats(
            miner, [](const MinerStats& stats) { return stats.hashes == 2 * Gate::kChunkHashes; }));
        source.post(header_work(2, 6));
        EXPECT_TRUE(source.wait_until([](const auto& found) { return !found.empty() && found.back().work_id == 2; }));
    }
    EXPECT_EQ(gate.chunks(old), 2U) << "each thread ended the chunk that it had begun";
}

TEST(Miner, paused_it_does_nothing_and_resumed_it_goes_on_with_what_came_last) {
    const Work old = header_work(1, 6);
    const Work other = header_work(2, 6);
    TestSource source;
    source.post(old);
    Gate gate;
    {
        Miner miner{source, Gate::two_threads()};
        const Gate::Opener opener{gate};
        ASSERT_TRUE(gate.wait_chunks(old, 2));
        EXPECT_FALSE(miner.is_paused());
        miner.pause();
        EXPECT_TRUE(miner.is_paused());
        source.post(other);
        ASSERT_TRUE(wait_for_stats(miner, [](const MinerStats& stats) { return stats.works == 2; }));
        gate.open();
        EXPECT_TRUE(wait_for_stats(
            miner, [](const MinerStats& stats) { return stats.hashes == 2 * Gate::kChunkHashes; }));
        EXPECT_EQ(gate.chunks(other), 0U);
        miner.resume();
        EXPECT_TRUE(source.wait_until([](const auto& found) { return !found.empty() && found.back().work_id == 2; }));
        miner.resume();
        EXPECT_FALSE(miner.is_paused());
    }
    EXPECT_EQ(gate.chunks(old), 2U) << "each thread ended the chunk that it had begun";
}

TEST(Miner, pause_and_resume_search_no_slice_twice) {
    TestSource source;
    source.post(header_work(1, 13));
    Miner miner{source, two_threads()};
    for (std::size_t i = 1; i <= 5; ++i) {
        ASSERT_TRUE(source.wait_for(i * 10));
        miner.pause();
        miner.resume();
    }
    ASSERT_TRUE(source.wait_for(80));
    std::set<WorkHeader> headers;
    for (const Solution& solution : source.found())
        EXPECT_TRUE(headers.insert(std::get<WorkHeader>(solution.found)).second);
}

TEST(Miner, a_source_that_cannot_keep_up_loses_solutions_and_they_are_counted) {
    constexpr std::uint64_t kHashes = 10'000;
    // One batch that was taken out of the queue, and the queue full.
    constexpr std::uint64_t kKept = 2 * Miner::kSolutionsMax;
    TestSource source;
    source.set_slow(true);
    // Each of its hashes reaches the target, and there are no more of them.
    Work work = header_work(1, 0, 0);
    work.nonce_count = kHashes;
    source.post(work);
    Miner miner{source, two_threads()};
    // The first is being handed in when the others are found. A slice counts when all it found has been kept or dropped.
    ASSERT_TRUE(source.wait_for(1));
    ASSERT_TRUE(wait_for_stats(miner, [](const MinerStats& stats) { return stats.hashes == kHashes; }));
    EXPECT_EQ(miner.stats().solutions, 0U);
    EXPECT_GE(miner.stats().dropped, kHashes - kKept);
    source.set_slow(false);
    EXPECT_TRUE(wait_for_stats(miner, [](const MinerStats& stats) { return stats.solutions + stats.dropped == kHashes; }));
    EXPECT_EQ(source.found().size(), miner.stats().solutions);
    EXPECT_GE(miner.stats().solutions, Miner::kSolutionsMax);
}

TEST(Miner, an_ethash_seal_is_found_from_the_cache_alone) {
    TestSource source;
    EthashJob job;
    job.seal_hash.bytes.fill(0x5a);
    job.target.value = Uint256::max() >> 3;
    source.post(Work{.id = 3, .task = job, .rolls = nullptr, .first_nonce = 0xfffffffffffffff0});
    Miner miner{source, two_threads()};
    ASSERT_TRUE(source.wait_for(5));
    const EthashCache cache{0};
    std::set<SealNonce> nonces;
    for (const Solution& solution : source.found()) {
        const auto& seal = std::get<Seal>(solution.found);
        EXPECT_TRUE(nonces.insert(seal.nonce).second);
        const EthashResult result = cache.hash(job.seal_hash, load_be64(seal.nonce.data()));
        EXPECT_EQ(result.mix, seal.mix_hash);
        EXPECT_LE(load_be256(result.value.data()), job.target.value);
    }
}

TEST(Miner, ends_at_once_with_and_without_work) {
    for (const bool has_work : {false, true}) {
        TestSource source;
        if (has_work) source.post(header_work(1, 255));
        Miner miner{source, two_threads()};
        EXPECT_EQ(miner.threads(), 2U);
    }
}

TEST(Miner, takes_the_kernel_it_is_given_or_the_fastest) {
    TestSource source;
    const Miner given{source, two_threads()};
    EXPECT_EQ(&given.kernel(true), &kKernelPortable);
    EXPECT_EQ(&given.kernel(false), &kKernelPortable);
    TestSource other;
    const Miner chosen{other, {.threads = 1, .nice = 19, .pin = true}};
    EXPECT_TRUE(chosen.kernel(true).is_supported());
}

TEST(HashRate, is_taken_over_the_window) {
    HashRate rate{10};
    EXPECT_EQ(rate.per_second(), 0);
    rate.sample(100, 5000);
    EXPECT_EQ(rate.per_second(), 0);
    rate.sample(100, 5000);
    EXPECT_EQ(rate.per_second(), 0);
    rate.sample(105, 10000);
    EXPECT_EQ(rate.per_second(), 1000);
    for (int i = 1; i <= 20; ++i) rate.sample(105 + i, 10000 + static_cast<std::uint64_t>(i) * 300);
    EXPECT_EQ(rate.per_second(), 300);
}

TEST(MerkleSlotRolls, differ_in_the_last_eight_bytes_of_the_slot) {
    MerkleSlotRolls::Apart apart;
    apart.fill(0xab);
    const MerkleSlotRolls rolls{apart};
    WorkHeader header{};
    rolls.apply(0x0102030405060708, header);
    for (std::size_t i = 0; i < header.size(); ++i) {
        const std::size_t in_slot = i - kWorkMerkleRootOffset;
        const unsigned expected = i < 36 || i >= 68 ? 0 : in_slot < 24 ? 0xab : static_cast<unsigned>(in_slot - 23);
        EXPECT_EQ(header[i], expected) << i;
    }
    EXPECT_EQ(rolls.count(), ~std::uint64_t{0});
}

TEST(TimeRolls, step_from_the_first_second_and_wrap_with_the_field) {
    const TimeRolls rolls{0xfffffffe, 3};
    EXPECT_EQ(rolls.count(), 4U);
    WorkHeader header{};
    rolls.apply(0, header);
    EXPECT_EQ(load_le32(header.data() + kWorkTimeOffset), 0xfffffffeU);
    rolls.apply(3, header);
    EXPECT_EQ(load_le32(header.data() + kWorkTimeOffset), 1U);
}

}  // namespace
}  // namespace cairn::miner
