// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "tests/sim/world.hpp"

// Whole networks under seeded faults. CAIRN_SIM_SEEDS sets how many seeds each kind of world gets;
// CAIRN_SIM_SEED runs one seed alone, with which a failure replays exactly.

namespace cairn::sim {
namespace {

[[nodiscard]] std::uint64_t number_of(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// Runs worlds of one kind over many seeds.
void hold_over_seeds(std::uint64_t seeds, const std::function<WorldOptions(std::uint64_t)>& make) {
    std::uint64_t first = 1;
    std::uint64_t last = number_of("CAIRN_SIM_SEEDS", seeds);
    if (const auto only = number_of("CAIRN_SIM_SEED", 0); only != 0) first = last = only;
    for (std::uint64_t seed = first; seed <= last; ++seed) {
        World world{make(seed)};
        world.run();
        const auto complaints = world.complaints();
        for (const std::string& complaint : complaints)
            ADD_FAILURE() << "replay with CAIRN_SIM_SEED=" << seed << ": " << complaint;
        ASSERT_TRUE(complaints.empty());
        ASSERT_GT(world.final_number(), 10U) << "seed " << seed;
    }
}

TEST(Sim, equal_seeds_live_equal_lives) {
    WorldOptions options{.seed = 42, .liars = {Mischief::Garbler}, .faults = {.loss = 0.05}};
    World first{options};
    World second{options};
    first.run();
    second.run();
    EXPECT_EQ(first.fingerprint(), second.fingerprint());
    options.seed = 43;
    World third{options};
    third.run();
    EXPECT_NE(first.fingerprint(), third.fingerprint());
}

TEST(Sim, quiet_networks_meet) {
    hold_over_seeds(20, [](std::uint64_t seed) {
        return WorldOptions{.seed = seed, .liars = {}, .faults = {}};
    });
}

TEST(Sim, lossy_networks_meet) {
    hold_over_seeds(40, [](std::uint64_t seed) {
        return WorldOptions{.seed = seed,
                            .liars = {},
                            .faults = {.delay_ms_max = 2'000,
                                       .loss = 0.1,
                                       .duplication = 0.1,
                                       .break_per_minute = 1,
                                       .clock_skew_seconds_max = 12}};
    });
}

TEST(Sim, partitions_heal) {
    hold_over_seeds(40, [](std::uint64_t seed) {
        return WorldOptions{.seed = seed,
                            .honest = 6,
                            .liars = {},
                            .faults = {.loss = 0.02, .has_partition = true},
                            .block_ms = 3'000};
    });
}

TEST(Sim, crashed_nodes_and_newcomers_catch_up) {
    hold_over_seeds(40, [](std::uint64_t seed) {
        return WorldOptions{.seed = seed,
                            .liars = {},
                            .faults = {.loss = 0.02, .has_crash = true},
                            .block_ms = 3'000,
                            .has_newcomer = true};
    });
}

TEST(Sim, each_kind_of_liar_is_withstood) {
    hold_over_seeds(80, [](std::uint64_t seed) {
        const auto kind = static_cast<Mischief>(1 + seed % (kMischiefCount - 1));
        return WorldOptions{.seed = seed, .liars = {kind}, .faults = {}, .has_newcomer = true};
    });
}

TEST(Sim, many_liars_and_all_faults_are_withstood) {
    hold_over_seeds(60, [](std::uint64_t seed) {
        node::SyncRandom random{seed};
        std::vector<Mischief> liars;
        for (int i = 0; i < 3; ++i)
            liars.push_back(static_cast<Mischief>(1 + random.below(kMischiefCount - 1)));
        return WorldOptions{.seed = seed,
                            .honest = 5,
                            .liars = liars,
                            .faults = {.delay_ms_max = 1'000,
                                       .loss = 0.05,
                                       .duplication = 0.05,
                                       .break_per_minute = 0.5,
                                       .has_partition = random.below(2) == 0,
                                       .has_crash = random.below(2) == 0,
                                       .clock_skew_seconds_max = 5},
                            .has_newcomer = random.below(2) == 0};
    });
}

}  // namespace
}  // namespace cairn::sim
