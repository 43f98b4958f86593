// SPDX-License-Identifier: MIT
#include "miner/benchmark.hpp"

#include <gtest/gtest.h>

namespace cairn::miner {
namespace {

TEST(Benchmark, rates_add_over_threads_and_cycles_do_not) {
    // Two threads at 1 GHz: 10 and 20 cycles a hash, then both 10; the second had its processor half of the time.
    const std::vector<std::vector<BenchmarkWindow>> threads = {
        {{100'000'000, 1, 1, 1e-9}, {100'000'000, 1, 1, 1e-9}, {100'000'000, 1, 1, 1e-9}},
        {{50'000'000, 1, 1, 1e-9}, {50'000'000, 1, 0.5, 1e-9}}};
    const auto r = summarize(threads);
    EXPECT_EQ(r.threads, 2U);
    EXPECT_EQ(r.windows, 2U);
    EXPECT_EQ(r.hashes, 300'000'000U);
    EXPECT_NEAR(r.mhs_median, 150, 1e-6);
    EXPECT_NEAR(r.mhs_best, 150, 1e-6);
    EXPECT_NEAR(r.cycles_median, 10, 1e-6);
    EXPECT_NEAR(r.cycles_best, 10, 1e-6);
    EXPECT_NEAR(r.clock_ghz, 1, 1e-6);
}

TEST(Benchmark, scaling_is_what_threads_reach_together_over_what_each_reached_alone) {
    // Alone 10 cycles a hash. Together the first takes 10 and the second 15: 20 of 25. The second also had its processor
    // for half of the time only, which the clock on the wall sees: 100 + 33.3 of 200 million.
    const std::vector<std::vector<BenchmarkWindow>> threads = {{{100'000'000, 1, 1, 1e-9}},
                                                               {{100'000'000, 3, 1.5, 1e-9}}};
    const auto r = summarize(threads, {{200'000'000, 2, 2, 1e-9}});
    EXPECT_NEAR(r.scaling_cycles, 0.8, 1e-9);
    EXPECT_NEAR(r.scaling_wall, 2.0 / 3, 1e-9);
    EXPECT_EQ(r.hashes, 200'000'000U);
    EXPECT_EQ(summarize(threads).scaling_cycles, 0);
    EXPECT_EQ(summarize(threads).scaling_wall, 0);
}

TEST(Benchmark, nothing_measured_is_nothing) {
    EXPECT_EQ(summarize({}).windows, 0U);
    EXPECT_EQ(summarize({{}, {{1, 1, 1, 1}}}).windows, 0U);
}

TEST(Benchmark, two_threads_measure_windows_and_print_them) {
    const std::atomic<bool> stop{false};
    const auto r = benchmark_kernel(kKernelPortable, true, {.threads = 2, .seconds = 0.03}, stop);
    EXPECT_EQ(r.windows, 3U);
    EXPECT_EQ(r.threads, 2U);
    EXPECT_EQ(r.hashes % (64 * 1024), 0U);
    EXPECT_GT(r.hashes, 0U);
    EXPECT_GT(r.mhs_median, 0);
    EXPECT_GE(r.mhs_best, r.mhs_median);
    EXPECT_LE(r.cycles_best, r.cycles_median);
    EXPECT_GT(r.scaling_wall, 0);
    EXPECT_GT(r.scaling_cycles, 0);
    EXPECT_NE(to_json(r).find(R"("scaling_cycles":)"), std::string::npos);
    EXPECT_TRUE(to_json(r).starts_with(R"({"kernel":"portable","version_rolls":true,"threads":2,"windows":3,"hashes":)"));
}

TEST(Benchmark, a_stop_ends_it) {
    const std::atomic<bool> stop{true};
    EXPECT_EQ(benchmark_kernel(kKernelPortable, false, {.threads = 1, .seconds = 3600}, stop).windows, 0U);
    EXPECT_EQ(benchmark_kernel(kKernelPortable, false, {.threads = 3, .seconds = 3600}, stop).windows, 0U);
}

}  // namespace
}  // namespace cairn::miner
