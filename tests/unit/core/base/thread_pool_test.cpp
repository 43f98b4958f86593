// SPDX-License-Identifier: MIT
#include "core/base/thread_pool.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <stdexcept>

namespace cairn {
namespace {

class ThreadPoolOf : public testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(Workers, ThreadPoolOf, testing::Values(0, 1, 2, 4));

TEST_P(ThreadPoolOf, submit_carries_the_value) {
    ThreadPool pool{GetParam()};
    EXPECT_EQ(pool.workers(), GetParam());
    auto future = pool.submit([] { return 42; });
    EXPECT_EQ(future.get(), 42);
}

TEST_P(ThreadPoolOf, submit_carries_the_exception) {
    ThreadPool pool{GetParam()};
    auto future = pool.submit([]() -> int { throw std::runtime_error{"disk"}; });
    EXPECT_THROW(future.get(), std::runtime_error);
    EXPECT_EQ(pool.submit([] { return 1; }).get(), 1);
}

TEST_P(ThreadPoolOf, parallel_for_calls_each_index_once) {
    ThreadPool pool{GetParam()};
    for (const std::size_t n : {0, 1, 2, 3, 15, 16, 17, 1000}) {
        std::vector<int> calls(n, 0);  // not atomic: two calls of one index would be a data race
        pool.parallel_for(n, [&](std::size_t i) { ++calls[i]; });
        EXPECT_EQ(calls, std::vector<int>(n, 1));
    }
}

TEST_P(ThreadPoolOf, parallel_for_throws_one_exception_after_all_calls_ended) {
    ThreadPool pool{GetParam()};
    for (int round = 0; round < 50; ++round) {
        std::atomic<int> running{0};
        const auto call = [&](std::size_t i) {
            ++running;
            const bool bad = i % 7 == 3;
            --running;
            if (bad) throw std::invalid_argument{"three"};
        };
        EXPECT_THROW(pool.parallel_for(100, call), std::invalid_argument);
        EXPECT_EQ(running, 0);
    }
    std::atomic<int> sum{0};
    pool.parallel_for(10, [&](std::size_t i) { sum += static_cast<int>(i); });
    EXPECT_EQ(sum, 45);
}

TEST_P(ThreadPoolOf, nested_loops_do_not_wait_for_themselves) {
    ThreadPool pool{GetParam()};
    std::atomic<int> calls{0};
    pool.parallel_for(8, [&](std::size_t) {
        pool.parallel_for(
            8, [&](std::size_t) { pool.parallel_for(4, [&](std::size_t) { ++calls; }); });
    });
    EXPECT_EQ(calls, 8 * 8 * 4);
}

TEST_P(ThreadPoolOf, destruction_runs_what_is_queued) {
    std::atomic<int> done{0};
    std::vector<std::future<void>> futures;
    {
        ThreadPool pool{GetParam()};
        for (int i = 0; i < 200; ++i) futures.push_back(pool.submit([&] { ++done; }));
    }
    EXPECT_EQ(done, 200);
}

TEST(ThreadPool, full_queue_makes_submit_wait_and_loses_nothing) {
    std::atomic<int> done{0};
    {
        ThreadPool pool{1, 1};
        std::vector<std::future<void>> futures;
        for (int i = 0; i < 500; ++i) futures.push_back(pool.submit([&] { ++done; }));
    }
    EXPECT_EQ(done, 500);
}

TEST(ThreadPool, worker_submitting_into_a_full_queue_runs_the_task_itself) {
    ThreadPool pool{1, 1};
    std::atomic<int> done{0};
    auto outer = pool.submit([&] {
        for (int i = 0; i < 10; ++i) (void)pool.submit([&] { ++done; });
    });
    outer.get();
    EXPECT_GE(done, 9);  // one may still wait in the queue
}

TEST(ThreadPool, several_callers_share_the_workers) {
    ThreadPool pool{2, 4};
    std::vector<std::thread> callers;
    std::atomic<std::size_t> sum{0};
    for (int c = 0; c < 4; ++c)
        callers.emplace_back([&] {
            for (int round = 0; round < 50; ++round)
                pool.parallel_for(64, [&](std::size_t i) { sum += i; });
        });
    for (auto& caller : callers) caller.join();
    EXPECT_EQ(sum, 4U * 50U * (63U * 64U / 2U));
}

TEST(ThreadPool, what_calls_wrote_is_seen_after_the_loop) {
    ThreadPool pool{3};
    std::vector<std::uint64_t> values(10000);
    pool.parallel_for(values.size(), [&](std::size_t i) { values[i] = i; });
    EXPECT_EQ(std::accumulate(values.begin(), values.end(), std::uint64_t{0}), 49995000U);
}

TEST(ThreadPoolDeathTest, queue_of_zero_asserts) {
    EXPECT_DEATH((ThreadPool{0, 0}), "queue_max");
}

}  // namespace
}  // namespace cairn
