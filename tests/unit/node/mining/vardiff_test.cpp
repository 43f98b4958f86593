// SPDX-License-Identifier: MIT
#include "node/mining/vardiff.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace cairn::node {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr double kLowest = 1e-9;
constexpr double kHighest = 1e12;
/// Difficulty 1 is this many hashes.
constexpr double kHashes = 4294967296.0;

/// A client whose shares come by chance at its hash rate; its difficulty changes when the server says so.
struct Client {
    double hashes_per_second;
    Vardiff vardiff{0.05, milliseconds{0}};
    std::mt19937_64 random;
    std::vector<double> share_times = {};  ///< seconds
    std::vector<double> change_times = {};

    void run(double from, double to) {
        double now = from;
        double tick = std::ceil(from);
        while (now < to) {
            const double mean = vardiff.difficulty() * kHashes / hashes_per_second;
            const double next = now + std::exponential_distribution<double>{1 / mean}(random);
            // Without memory: a share that would come after the tick may be drawn again there.
            const bool is_share = next < tick + 1;
            now = is_share ? next : tick += 1;
            if (is_share) {
                vardiff.on_share(vardiff.difficulty());
                share_times.push_back(now);
            }
            const milliseconds at{static_cast<std::int64_t>(now * 1000)};
            if (vardiff.retarget(at, kLowest, kHighest)) change_times.push_back(now);
        }
    }
    double wanted() const { return hashes_per_second * 60 / Vardiff::kSharesPerMinute / kHashes; }
};

TEST(Vardiff, settles_near_five_shares_a_minute_for_rates_from_a_toy_to_an_asic) {
    int near = 0;
    int clients = 0;
    for (double rate = 1e4; rate < 2e14; rate *= 10)
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            Client client{.hashes_per_second = rate, .random = std::mt19937_64{seed}};
            client.run(0, 300);
            ++clients;
            const double off = client.vardiff.difficulty() / client.wanted();
            near += off > 0.4 && off < 2.5 ? 1 : 0;
            EXPECT_GT(off, 0.1) << rate << " " << seed;
            EXPECT_LT(off, 10) << rate << " " << seed;
        }
    EXPECT_GE(near, clients * 95 / 100) << "of " << clients;
}

TEST(Vardiff, keeps_a_settled_client_where_it_is_for_hours) {
    std::size_t shares = 0;
    std::size_t changes = 0;
    constexpr int kClients = 20;
    for (std::uint64_t seed = 0; seed < kClients; ++seed) {
        Client client{.hashes_per_second = 4e7, .random = std::mt19937_64{seed}};
        client.run(0, 600);
        client.share_times.clear();
        client.change_times.clear();
        client.run(600, 600 + 3 * 3600);
        shares += client.share_times.size();
        changes += client.change_times.size();
    }
    const double per_minute = static_cast<double>(shares) / kClients / 180;
    EXPECT_GT(per_minute, 3.5);
    EXPECT_LT(per_minute, 7);
    // Less than three times an hour each, by chance alone.
    EXPECT_LT(changes, kClients * 3 * 3);
}

TEST(Vardiff, follows_a_client_that_becomes_a_hundred_times_faster_or_slower) {
    for (const double factor : {100.0, 0.01}) {
        for (std::uint64_t seed = 0; seed < 10; ++seed) {
            Client client{.hashes_per_second = 1e9, .random = std::mt19937_64{seed}};
            client.run(0, 600);
            client.hashes_per_second *= factor;
            client.run(600, 1800);
            const double off = client.vardiff.difficulty() / client.wanted();
            EXPECT_GT(off, 0.25) << factor << " " << seed;
            EXPECT_LT(off, 4) << factor << " " << seed;
        }
    }
}

TEST(Vardiff, silence_lowers_it_to_the_lowest_and_not_below) {
    Vardiff vardiff{1, milliseconds{0}};
    EXPECT_FALSE(vardiff.retarget(milliseconds{19'999}, 0.001, 10));
    EXPECT_EQ(vardiff.retarget(seconds{20}, 0.001, 10), std::optional{0.3});
    for (int i = 2; i < 30; ++i) static_cast<void>(vardiff.retarget(seconds{20 * i}, 0.001, 10));
    EXPECT_EQ(vardiff.difficulty(), 0.001);
}

TEST(Vardiff, a_flood_raises_it_at_once_and_not_above_the_highest) {
    Vardiff vardiff{1, milliseconds{0}};
    for (int i = 0; i < 4; ++i) {
        vardiff.on_share(1);
        EXPECT_FALSE(vardiff.retarget(milliseconds{10}, 0.001, 1000));
    }
    vardiff.on_share(1);
    EXPECT_EQ(vardiff.retarget(milliseconds{10}, 0.001, 1000), std::optional{64.0});
    for (int i = 0; i < 50; ++i) {
        vardiff.on_share(64);
        static_cast<void>(vardiff.retarget(milliseconds{20}, 0.001, 1000));
    }
    EXPECT_EQ(vardiff.difficulty(), 1000);
    EXPECT_FALSE(vardiff.retarget(milliseconds{20}, 0.001, 1000));
}

TEST(Vardiff, shares_in_the_same_millisecond_as_the_start_divide_by_no_zero) {
    Vardiff vardiff{1, milliseconds{5}};
    for (int i = 0; i < 5; ++i) vardiff.on_share(1);
    EXPECT_EQ(vardiff.retarget(milliseconds{5}, 0.001, 1e9), std::optional{64.0});
}

TEST(Vardiff, shares_of_an_earlier_difficulty_count_for_what_they_are) {
    Vardiff vardiff{10, milliseconds{0}};
    // A minute of a client at difficulty 1: 50 of these are the work of 5 shares of difficulty 10.
    for (int i = 0; i < 50; ++i) vardiff.on_share(1);
    EXPECT_FALSE(vardiff.retarget(seconds{60}, 0.001, 1000));
    EXPECT_EQ(vardiff.difficulty(), 10);
}

TEST(Vardiff, bounds_that_contradict_each_other_end_at_the_lower_one) {
    Vardiff vardiff{1, milliseconds{0}};
    EXPECT_EQ(vardiff.retarget(seconds{20}, 5, 0.1), std::optional{5.0});
}

TEST(Vardiff, restarts_from_what_a_client_asks_for) {
    Vardiff vardiff{1, milliseconds{0}};
    for (int i = 0; i < 4; ++i) vardiff.on_share(1);
    vardiff.restart(7, seconds{1});
    EXPECT_EQ(vardiff.difficulty(), 7);
    vardiff.on_share(7);
    EXPECT_FALSE(vardiff.retarget(seconds{2}, 0.001, 1000));
}

}  // namespace
}  // namespace cairn::node
