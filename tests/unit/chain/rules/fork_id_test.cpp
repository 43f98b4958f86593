// SPDX-License-Identifier: MIT
#include "chain/rules/fork_id.hpp"

#include <gtest/gtest.h>

#include "chain/spec/rule_table.hpp"
#include "core/base/hex.hpp"

namespace cairn::chain {
namespace {

/// Ethereum's main network as its genesis file dates it.
ForkSchedule mainnet() {
    ChainParameters p;
    for (const BlockNumber at :
         {0ULL, 1150000ULL, 2463000ULL, 2675000ULL, 4370000ULL, 7280000ULL, 7280000ULL, 9069000ULL,
          9200000ULL, 12244000ULL, 12965000ULL, 13773000ULL, 15050000ULL})
        p.steps.push_back({ForkTrigger::Number, at, rules_of(Revision::Frontier)});
    p.terminal_total_difficulty = TotalDifficulty{Uint256{1}};
    p.steps.push_back({ForkTrigger::TotalDifficulty, 0, rules_of(Revision::Paris)});
    for (const UnixSeconds at :
         {1681338455ULL, 1710338135ULL, 1746612311ULL, 1764798551ULL, 1765290071ULL, 1767747671ULL})
        p.steps.push_back({ForkTrigger::Time, at, rules_of(Revision::Shanghai)});
    p.dao_fork_block = 1920000;
    return {ChainSpec{std::move(p)},
            fixed_from_hex<BlockHash>(
                "d4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3")
                .value(),
            0};
}

// EIP-2124's and EIP-6122's test cases, and those that clients publish for later forks.
TEST(ForkId, mainnet_at_every_fork) {
    const ForkSchedule forks = mainnet();
    struct Case {
        BlockNumber number;
        UnixSeconds timestamp;
        ForkId id;
    };
    constexpr Case kCases[] = {
        {0, 0, {0xfc64ec04, 1150000}},
        {1149999, 0, {0xfc64ec04, 1150000}},
        {1150000, 0, {0x97c2c34c, 1920000}},
        {1919999, 0, {0x97c2c34c, 1920000}},
        {1920000, 0, {0x91d1f948, 2463000}},
        {2463000, 0, {0x7a64da13, 2675000}},
        {2675000, 0, {0x3edd5b10, 4370000}},
        {4370000, 0, {0xa00bc324, 7280000}},
        {7280000, 0, {0x668db0af, 9069000}},
        {9069000, 0, {0x879d6e30, 9200000}},
        {9200000, 0, {0xe029e991, 12244000}},
        {12244000, 0, {0x0eb440f6, 12965000}},
        {12965000, 0, {0xb715077d, 13773000}},
        {13773000, 0, {0x20c327fc, 15050000}},
        {15050000, 0, {0xf0afd0e3, 1681338455}},
        {20000000, 1681338454, {0xf0afd0e3, 1681338455}},
        {20000000, 1681338455, {0xdce96c2d, 1710338135}},
        {20000000, 1710338135, {0x9f3d2254, 1746612311}},
        {20000000, 1746612311, {0xc376cf8b, 1764798551}},
        {30000000, 1764798551, {0x5167e2a6, 1765290071}},
        {30000000, 1765290071, {0xcba2a1c0, 1767747671}},
        {30000000, 1767747671, {0x07c9462e, 0}},
    };
    for (const Case& c : kCases) EXPECT_EQ(forks.id_at(c.number, c.timestamp), c.id) << c.number;
}

// The situations of EIP-2124's second table of test cases.
TEST(ForkId, who_is_of_use) {
    const ForkSchedule forks = mainnet();
    const auto check = [&](BlockNumber number, ForkId remote, UnixSeconds time = 1'600'000'000) {
        const auto v = forks.check(remote, number, time);
        return v ? std::nullopt : std::optional{v.error()};
    };
    using enum ForkIdError;
    // Same state, with and without knowledge of a fork to come.
    EXPECT_EQ(check(7987396, {0x668db0af, 0}), std::nullopt);
    EXPECT_EQ(check(7987396, {0x668db0af, ~0ULL}), std::nullopt);
    EXPECT_EQ(check(7279999, {0xa00bc324, 0}), std::nullopt);
    EXPECT_EQ(check(7279999, {0xa00bc324, 7280000}), std::nullopt);
    EXPECT_EQ(check(7279999, {0xa00bc324, ~0ULL}), std::nullopt);
    // The remote syncs, and knows what comes next.
    EXPECT_EQ(check(7987396, {0xa00bc324, 7280000}), std::nullopt);
    EXPECT_EQ(check(7987396, {0x3edd5b10, 4370000}), std::nullopt);
    // We sync.
    EXPECT_EQ(check(7279999, {0x668db0af, 9069000}), std::nullopt);
    EXPECT_EQ(check(4369999, {0xa00bc324, 7280000}), std::nullopt);
    // The remote does not know the fork that it has reached.
    EXPECT_EQ(check(7987396, {0xa00bc324, 0}), RemoteStale);
    // It is on a fork that we do not know, or on another chain.
    EXPECT_EQ(check(7987396, {0x5cddc0e1, 0}), LocalIncompatibleOrStale);
    EXPECT_EQ(check(7279999, {0x5cddc0e1, 0}), LocalIncompatibleOrStale);
    EXPECT_EQ(check(7987396, {0xafec6b27, 0}), LocalIncompatibleOrStale);
    // The remote waits for a fork that lies behind us, by number and by time.
    EXPECT_EQ(check(7987396, {0x668db0af, 7987396}), LocalIncompatibleOrStale);
    EXPECT_EQ(check(7279999, {0xa00bc324, 7279999}), LocalIncompatibleOrStale);
    EXPECT_EQ(check(20000000, {0xdce96c2d, 1690000000}, 1690000000), LocalIncompatibleOrStale);
    EXPECT_EQ(check(20000000, {0xdce96c2d, 1690000001}, 1690000000), std::nullopt);
    // EIP-6122: syncing across forks by time.
    EXPECT_EQ(check(20000000, {0xdce96c2d, 1710338135}, 1720000000), std::nullopt);
    EXPECT_EQ(check(20000000, {0xdce96c2d, 0}, 1720000000), RemoteStale);
    EXPECT_EQ(check(15049999, {0xdce96c2d, 0}), std::nullopt);
}

TEST(ForkId, a_network_without_forks_has_its_genesis_alone) {
    const ChainSpec spec =
        ChainSpec::with_single_rules(cairn_testnet_rules(), 73127, SealKind::Sha256d);
    BlockHash genesis;
    const ForkSchedule forks{spec, genesis, 0};
    // CRC-32 of 32 zero bytes.
    EXPECT_EQ(forks.id_at(12345, 1800000000), (ForkId{0x190a55ad, 0}));
    EXPECT_TRUE(forks.check({0x190a55ad, 0}, 5, 5));
    EXPECT_FALSE(forks.check({0x190a55ac, 0}, 5, 5));
}

TEST(ForkId, forks_before_genesis_do_not_count) {
    ChainParameters p;
    p.steps.push_back({ForkTrigger::Number, 0, rules_of(Revision::London)});
    p.terminal_total_difficulty = TotalDifficulty{};
    p.steps.push_back({ForkTrigger::TotalDifficulty, 0, rules_of(Revision::Paris)});
    p.steps.push_back({ForkTrigger::Time, 1000, rules_of(Revision::Shanghai)});
    p.steps.push_back({ForkTrigger::Time, 2000, rules_of(Revision::Cancun)});
    p.fork_id_blocks = {0, 36};
    const ForkSchedule forks{ChainSpec{std::move(p)}, BlockHash{}, 1000};
    EXPECT_EQ(forks.id_at(0, 1000).next, 36U);
    EXPECT_EQ(forks.id_at(36, 1999).next, 2000U);
    EXPECT_EQ(forks.id_at(36, 2000).next, 0U);
}

}  // namespace
}  // namespace cairn::chain
