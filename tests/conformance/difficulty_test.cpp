// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "chain/rules/difficulty.hpp"
#include "chain/spec/test_networks.hpp"
#include "core/base/hex.hpp"
#include "tests/support/fixtures.hpp"

namespace cairn::test {
namespace {

using Json = nlohmann::json;
using chain::ChainSpec;

Uint256 number(const Json& value) {
    return parse_uint256(value.get_ref<const std::string&>()).value();
}

/// The suites say how many ommers the parent has, or its ommers hash; only "none or some" counts.
bool has_ommers(const Json& test) {
    if (!test.contains("parentUncles")) return false;
    const auto& text = test["parentUncles"].get_ref<const std::string&>();
    if (const auto hash = fixed_from_hex<Hash256>(text)) return *hash != kEmptyOmmersHash;
    return !number(test["parentUncles"]).is_zero();
}

/// Whether the case holds on a network.
::testing::AssertionResult holds(const ChainSpec& spec, const Json& test) {
    Header parent;
    parent.number = number(test.at("currentBlockNumber")).low64() - 1;
    parent.timestamp = number(test.at("parentTimestamp")).low64();
    parent.difficulty = {number(test.at("parentDifficulty"))};
    if (has_ommers(test)) parent.ommers_hash = Hash256{};
    const auto timestamp = number(test.at("currentTimestamp")).low64();
    const chain::RuleSet& rules = spec.rules_at(parent.number + 1, timestamp);
    const Uint256 got = chain::next_difficulty(spec, rules, parent, timestamp).value;
    const Uint256 want = number(test.at("currentDifficulty"));
    if (got == want) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure()
           << "got " << to_quantity(got) << ", expected " << to_quantity(want);
}

/// Runs every case of an object from case name to case.
std::size_t run_cases(const ChainSpec& spec, const Json& cases) {
    std::size_t count = 0;
    for (const auto& [name, test] : cases.items()) {
        EXPECT_TRUE(holds(spec, test)) << name;
        ++count;
    }
    return count;
}

TEST(DifficultyConformance, every_case_of_the_suite) {
    const auto tests = ethereum_tests();
    CAIRN_SKIP_WITHOUT(tests);
    std::size_t count = 0;
    for (const auto& file : files_below(tests.path / "DifficultyTests")) {
        SCOPED_TRACE(file.filename().string());
        const Json suites = Json::parse(read_text(file));
        for (const auto& suite : suites)
            for (const auto& [fork, cases] : suite.items()) {
                if (fork == "_info") continue;
                const auto spec = chain::find_test_network(fork, 1);
                ASSERT_TRUE(spec) << fork;
                count += run_cases(*spec, cases);
            }
    }
    // Not passed by looking in the wrong place.
    EXPECT_GT(count, 1000U);
    RecordProperty("cases", static_cast<int>(count));
}

/// A network of the main network's forks up to Constantinople, at these blocks.
ChainSpec early_network(BlockNumber homestead, BlockNumber byzantium, BlockNumber constantinople) {
    chain::ChainParameters p;
    const auto step = [&](const char* fork, BlockNumber at) {
        p.steps.push_back({chain::ForkTrigger::Number, at, *chain::find_fork_rules(fork)});
    };
    step("Frontier", 0);
    step("Homestead", homestead);
    step("Byzantium", byzantium);
    step("Constantinople", constantinople);
    return ChainSpec{std::move(p)};
}

TEST(DifficultyConformance, basic_tests_through_the_forks_of_public_networks) {
    const auto tests = ethereum_tests();
    CAIRN_SKIP_WITHOUT(tests);
    const auto folder = tests.path / "BasicTests";
    const auto run = [&](const char* file, const ChainSpec& spec) {
        if (!std::filesystem::exists(folder / file)) return;
        SCOPED_TRACE(file);
        EXPECT_GT(run_cases(spec, Json::parse(read_text(folder / file))), 0U);
    };
    constexpr BlockNumber kNever = ~0ULL;
    run("difficultyMainNetwork.json", early_network(1'150'000, 4'370'000, 7'280'000));
    run("difficultyCustomMainNetwork.json", early_network(1'150'000, 4'370'000, 7'280'000));
    run("difficultyRopsten.json", early_network(0, 1'700'000, 4'230'000));
    run("difficultyFrontier.json", early_network(kNever, kNever, kNever));
    run("difficultyHomestead.json", early_network(0, kNever, kNever));
    run("difficultyCustomHomestead.json", early_network(0, kNever, kNever));
    run("difficultyByzantium.json", early_network(0, 0, kNever));
}

}  // namespace
}  // namespace cairn::test
