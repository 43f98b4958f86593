// SPDX-License-Identifier: MIT
#include "chain/rules/asert.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <span>
#include <string>

#include "chain/rules/difficulty.hpp"
#include "chain/spec/rule_table.hpp"
#include "core/types/mining_job.hpp"

namespace cairn::chain {
namespace {

/// One line of the test vectors that the aserti3-2d specification links to: the target of the block
/// after this one.
struct Row {
    std::uint64_t height;
    std::uint64_t time;
    std::uint32_t bits;
};
struct Run {
    std::uint64_t anchor_height;
    std::uint64_t anchor_ancestor_time;  ///< of the anchor's parent
    std::uint32_t anchor_bits;
};

/// Bitcoin Cash: ten minutes, two days, and a target of 2^224 at most.
void check_run(const Run& run, std::span<const Row> rows) {
    constexpr std::uint64_t kBlockTime = 600;
    constexpr std::uint64_t kHalfLife = 2 * 24 * 3600;
    const Target anchor = target_of_compact(run.anchor_bits).value();
    const Target limit = target_of_compact(0x1d00ffff).value();
    for (const Row& row : rows) {
        const auto late =
            static_cast<AsertSeconds>(row.time) -
            static_cast<AsertSeconds>(run.anchor_ancestor_time) -
            static_cast<AsertSeconds>(row.height - run.anchor_height + 1) * kBlockTime;
        const Target next = std::min(asert_target(anchor, late, kHalfLife), limit);
        EXPECT_EQ(compact_of(next), row.bits) << row.height;
    }
}

TEST(Asert, published_runs_of_steady_blocks) {
    for (const std::uint32_t bits : {0x1d00ffffU, 0x1a2b3c4dU, 0x01010000U}) {
        std::vector<Row> rows;
        for (std::uint64_t i = 2; i <= 11; ++i) rows.push_back({i, 600 * i, bits});
        check_run({1, 0, bits}, rows);
    }
}

// "run5 - from POW limit, a series of halflife block height jumps w/o time increment".
TEST(Asert, published_run_of_halvings) {
    constexpr Row kRows[] = {
        {2, 0, 0x1d00fec5},     {290, 0, 0x1c7f62c0},   {578, 0, 0x1c3fb160},
        {866, 0, 0x1c1fd8b0},   {1154, 0, 0x1c0fec58},  {2306, 0, 0x1c00fec5},
        {2594, 0, 0x1b7f62c0},  {4898, 0, 0x1a7f62c0},  {25346, 0, 0x1200fec5},
        {30242, 0, 0x0f7f62c0}, {59906, 0, 0x0300fec5}, {60194, 0, 0x027f6200},
        {62210, 0, 0x0200fe00}, {62498, 0, 0x017f0000}, {62786, 0, 0x013f0000},
        {63938, 0, 0x01030000}, {64226, 0, 0x01010000}, {64514, 0, 0x01010000}};
    check_run({1, 0, 0x1d00ffff}, kRows);
}

// "run7 - deterministically random solvetimes for up-ramping hashrate around a recent real life
// nBits".
TEST(Asert, published_run_of_rising_hash_rate) {
    constexpr Row kRows[] = {
        {2, 1200, 0x1802aee8},    {3, 1310, 0x1802ad91},    {4, 1327, 0x1802abf8},
        {5, 1739, 0x1802ab73},    {9, 7099, 0x1802b39c},    {10, 7099, 0x1802b1f2},
        {50, 16870, 0x18028bbb},  {77, 18641, 0x18026715},  {101, 20372, 0x18024899},
        {153, 22375, 0x180207ec}, {201, 24359, 0x1801d2e0}, {301, 26908, 0x180172db},
        {400, 28361, 0x180125ed}, {500, 29547, 0x1800e81f}, {600, 30765, 0x1800b765},
        {634, 30999, 0x1800a922}};
    check_run({1, 0, 0x1802aee8}, kRows);
}

// "run8 - deterministically random solvetimes for down-ramping hashrate".
TEST(Asert, published_run_of_falling_hash_rate) {
    constexpr Row kRows[] = {
        {12, 9595, 0x1802b58d},     {22, 33606, 0x1802e994},    {54, 111773, 0x1803b056},
        {101, 333916, 0x180807f0},  {126, 498904, 0x180ea828},  {156, 739713, 0x1823d4b2},
        {186, 1073114, 0x187ef4ed}, {187, 1078358, 0x19008158}, {188, 1140450, 0x1900a58c},
        {233, 1768858, 0x19073761}, {281, 2529858, 0x1a00881c}, {303, 3076778, 0x1a0485fd},
        {352, 3950808, 0x1b0085ea}, {400, 4873449, 0x1b12ded0}, {426, 5430357, 0x1c00a57c},
        {475, 6652008, 0x1c4d2f1e}, {481, 6842136, 0x1d00a31a}, {484, 6930238, 0x1d00e688},
        {485, 6993399, 0x1d00ffff}, {501, 7462933, 0x1d00ffff}};
    check_run({1, 0, 0x1802aee8}, kRows);
}

// Runs 9 and 10: across 2^31 in height, and across 2^63 in height and 2^31 in time.
TEST(Asert, published_runs_across_the_ends_of_signed_integers) {
    constexpr Row kNine[] = {{2147483643, 1234568190, 0x1802ae16},
                             {2147483644, 1234568490, 0x1802ad44},
                             {2147483647, 1234569390, 0x1802aacd},
                             {2147483648, 1234569690, 0x1802a9fa},
                             {2147483652, 1234570890, 0x1802a6b7}};
    check_run({2147483642, 1234567290, 0x1802aee8}, kNine);
    constexpr Row kTen[] = {{9223372036854775803U, 2147484547, 0x1802afbb},
                            {9223372036854775806U, 2147487247, 0x1802b23a},
                            {9223372036854775807U, 2147488147, 0x1802b30e},
                            {9223372036854775808U, 2147489047, 0x1802b3e5},
                            {9223372036854775812U, 2147492647, 0x1802b73d}};
    check_run({9223372036854775802U, 2147483047, 0x1802aee8}, kTen);
}

TEST(Asert, power_is_within_its_published_error_everywhere) {
    EXPECT_EQ(asert_power(0), 65536U);
    std::uint32_t before = 0;
    for (std::uint32_t f = 0; f < 65536; ++f) {
        const std::uint32_t power = asert_power(static_cast<std::uint16_t>(f));
        const double exact = std::exp2(static_cast<double>(f) / 65536) * 65536;
        ASSERT_NEAR(power / exact, 1.0, 0.00013) << f;
        ASSERT_GE(power, before);
        before = power;
    }
    EXPECT_LT(before, 131072U);
}

TEST(Asert, extremes_stay_in_range) {
    const Target anchor{Uint256{1} << 239};
    const AsertSeconds kFar = AsertSeconds{1} << 100;
    EXPECT_EQ(asert_target(anchor, kFar, 3600).value, Uint256::max());
    EXPECT_EQ(asert_target(anchor, -kFar, 3600).value, Uint256{1});
    EXPECT_EQ(asert_target(anchor, 3600 * 17, 3600).value, Uint256::max());
    EXPECT_EQ(asert_target(anchor, 3600 * 16, 3600).value, Uint256{1} << 255);
    EXPECT_EQ(asert_target(anchor, -3600 * 239, 3600).value, Uint256{1});
    EXPECT_EQ(asert_target(anchor, -3600 * 240, 3600).value, Uint256{1});
    EXPECT_EQ(asert_target({Uint256::max()}, 0, 3600).value, Uint256::max());
    EXPECT_EQ(asert_target({Uint256::max()}, 1, 3600).value, Uint256::max());
    EXPECT_EQ(asert_target({Uint256::max()}, -3600, 3600).value, Uint256::max() >> 1);
    EXPECT_EQ(asert_target({Uint256{}}, 3600, 3600).value, Uint256{1});
}

/// The difficulty of a testnet block (docs: ASERT, "Vectors").
std::string testnet_difficulty(std::uint64_t anchor, BlockNumber parent, std::int64_t late) {
    ChainParameters p;
    p.chain_id = 73127;
    p.steps.push_back({ForkTrigger::Number, 0, cairn_testnet_rules()});
    constexpr UnixSeconds kGenesis = 1'800'000'000;
    p.asert_anchor =
        AsertAnchor{.number = 0, .timestamp = kGenesis, .difficulty = {Uint256{anchor}}};
    const ChainSpec spec{std::move(p)};
    Header header;
    header.number = parent;
    header.timestamp = kGenesis + 10 * parent + static_cast<UnixSeconds>(late);
    return to_decimal(
        next_difficulty(spec, cairn_testnet_rules(), header, header.timestamp + 1).value);
}

// Computed with the integers of another language from the formula in docs: ASERT.
TEST(Asert, vectors_of_the_testnet) {
    EXPECT_EQ(testnet_difficulty(131072, 0, 0), "131072");
    EXPECT_EQ(testnet_difficulty(131072, 1, -9), "131297");
    EXPECT_EQ(testnet_difficulty(131072, 1, -1), "131097");
    EXPECT_EQ(testnet_difficulty(131072, 1, 1), "131072");
    EXPECT_EQ(testnet_difficulty(131072, 360, -3600), "262144");
    EXPECT_EQ(testnet_difficulty(131072, 1000, -9000), "741518");
    EXPECT_EQ(testnet_difficulty(131072, 100000, -12345), "1411932");
    EXPECT_EQ(testnet_difficulty(1048576, 0, 0), "1048576");
    EXPECT_EQ(testnet_difficulty(1048576, 7, 3), "1047968");
    EXPECT_EQ(testnet_difficulty(1048576, 7, 3600), "524288");
    EXPECT_EQ(testnet_difficulty(1048576, 7, 10800), "131072");
    EXPECT_EQ(testnet_difficulty(1048576, 7, 10801), "131072");
    EXPECT_EQ(testnet_difficulty(1048576, 1000, 1800), "741518");
    EXPECT_EQ(testnet_difficulty(1048576, 1000, -1800), "1483036");
    EXPECT_EQ(testnet_difficulty(1000000000000, 5000, 0), "1000000000000");
    EXPECT_EQ(testnet_difficulty(1000000000000, 5000, 1), "999801675082");
    EXPECT_EQ(testnet_difficulty(1000000000000, 5000, -1), "1000190771250");
    EXPECT_EQ(testnet_difficulty(1000000000000, 5000, -7), "1001336929035");
    EXPECT_EQ(testnet_difficulty(1000000000000, 5000, 3599), "500099201806");
    EXPECT_EQ(testnet_difficulty(1000000000000, 5000, -3599), "1999603350165");
    EXPECT_EQ(testnet_difficulty(1000000000000, 5000, 36000), "976562500");
    EXPECT_EQ(testnet_difficulty(1000000000000, 50000, -360000),
              "1267650600228229401496703205376000010109909");
    EXPECT_EQ(testnet_difficulty(123456789012345, 100, 4711), "49841461478408");
    EXPECT_EQ(testnet_difficulty(123456789012345, 100, -961), "148540713519856");
}

TEST(Asert, difficulty_does_not_depend_on_the_blocks_own_time) {
    ChainParameters p;
    p.steps.push_back({ForkTrigger::Number, 0, cairn_testnet_rules()});
    p.asert_anchor = AsertAnchor{.number = 0, .timestamp = 5, .difficulty = {Uint256{1} << 40}};
    const ChainSpec spec{std::move(p)};
    Header parent;
    parent.number = 100;
    parent.timestamp = 900;
    const Difficulty first = next_difficulty(spec, cairn_testnet_rules(), parent, 901);
    EXPECT_EQ(next_difficulty(spec, cairn_testnet_rules(), parent, 901 + 86400), first);
}

}  // namespace
}  // namespace cairn::chain
