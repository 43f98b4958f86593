// SPDX-License-Identifier: MIT
#include "miner/clock.hpp"

#include <algorithm>
#include <cstdint>

#include <time.h>

namespace cairn::miner {
namespace {

constexpr unsigned kMultiplications = 60'000;
constexpr unsigned kRepetitions = 8;
constexpr double kCyclesOfMultiplication = 3;

double seconds_of(clockid_t clock) noexcept {
    timespec t{};
    ::clock_gettime(clock, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

}  // namespace

double thread_cpu_seconds() noexcept { return seconds_of(CLOCK_THREAD_CPUTIME_ID); }
double steady_seconds() noexcept { return seconds_of(CLOCK_MONOTONIC); }

double cycle_seconds() noexcept {
    std::uint64_t x = 0x9e3779b97f4a7c15ULL;
    std::uint64_t factor = 0xd6e8feb86659fd93ULL;
    // Neither the factor nor the chain can be folded away.
    __asm__ volatile("" : "+r"(factor));
    double best = 1;
    for (unsigned i = 0; i < kRepetitions; ++i) {
        const double start = thread_cpu_seconds();
        for (unsigned n = 0; n < kMultiplications; n += 4) {
            x *= factor;
            __asm__ volatile("" : "+r"(x));
            x *= factor;
            __asm__ volatile("" : "+r"(x));
            x *= factor;
            __asm__ volatile("" : "+r"(x));
            x *= factor;
            __asm__ volatile("" : "+r"(x));
        }
        best = std::min(best, thread_cpu_seconds() - start);
    }
    return best / (kMultiplications * kCyclesOfMultiplication);
}

}  // namespace cairn::miner
