// SPDX-License-Identifier: MIT
#include "chain/spec/test_networks.hpp"

#include <gtest/gtest.h>

#include "chain/spec/rule_table.hpp"

namespace cairn::chain {
namespace {

std::optional<Revision> revision_of(std::string_view fork) {
    const auto rules = find_fork_rules(fork);
    return rules ? std::optional{rules->revision} : std::nullopt;
}

TEST(TestNetworks, names_of_revisions) {
    EXPECT_EQ(revision_of("Frontier"), Revision::Frontier);
    EXPECT_EQ(revision_of("Homestead"), Revision::Homestead);
    EXPECT_EQ(revision_of("EIP150"), Revision::Tangerine);
    EXPECT_EQ(revision_of("EIP158"), Revision::Spurious);
    EXPECT_EQ(revision_of("Byzantium"), Revision::Byzantium);
    EXPECT_EQ(revision_of("Constantinople"), Revision::Constantinople);
    EXPECT_EQ(revision_of("ConstantinopleFix"), Revision::Petersburg);
    EXPECT_EQ(revision_of("Istanbul"), Revision::Istanbul);
    EXPECT_EQ(revision_of("Berlin"), Revision::Berlin);
    EXPECT_EQ(revision_of("London"), Revision::London);
    EXPECT_EQ(revision_of("Merge"), Revision::Paris);
    EXPECT_EQ(revision_of("Paris"), Revision::Paris);
    EXPECT_EQ(revision_of("Shanghai"), Revision::Shanghai);
    EXPECT_EQ(revision_of("Cancun"), Revision::Cancun);
    EXPECT_EQ(revision_of("Prague"), Revision::Prague);
    EXPECT_EQ(revision_of("Osaka"), Revision::Osaka);
    EXPECT_EQ(find_fork_rules("Cancun"), rules_of(Revision::Cancun));
    EXPECT_EQ(revision_of("Dao"), std::nullopt);
    EXPECT_EQ(revision_of("Nowhere"), std::nullopt);
    EXPECT_EQ(revision_of(""), std::nullopt);
}

TEST(TestNetworks, forks_of_the_bomb_alone) {
    EXPECT_EQ(find_fork_rules("MuirGlacier")->bomb_delay, 9'000'000U);
    EXPECT_EQ(revision_of("MuirGlacier"), Revision::Istanbul);
    EXPECT_EQ(find_fork_rules("ArrowGlacier")->bomb_delay, 10'700'000U);
    EXPECT_EQ(find_fork_rules("GrayGlacier")->bomb_delay, 11'400'000U);
    EXPECT_EQ(revision_of("GrayGlacier"), Revision::London);
}

TEST(TestNetworks, forks_of_the_blob_schedule_alone) {
    EXPECT_EQ(find_fork_rules("BPO1")->blobs, (BlobSchedule{10, 15, 6, 8346193, true}));
    EXPECT_EQ(find_fork_rules("BPO2")->blobs, (BlobSchedule{14, 21, 6, 11684671, true}));
}

TEST(TestNetworks, transition_by_number) {
    const auto spec = find_test_network("EIP158ToByzantiumAt5");
    ASSERT_TRUE(spec);
    EXPECT_EQ(spec->chain_id(), 1U);
    EXPECT_EQ(spec->rules_at(4, 0).revision, Revision::Spurious);
    EXPECT_EQ(spec->rules_at(5, 0).revision, Revision::Byzantium);
    EXPECT_FALSE(spec->parameters().dao_fork_block);
}

TEST(TestNetworks, every_transition_of_the_public_tests_is_known) {
    for (const auto* name :
         {"FrontierToHomesteadAt5", "HomesteadToEIP150At5", "HomesteadToDaoAt5",
          "EIP158ToByzantiumAt5", "ByzantiumToConstantinopleAt5", "ByzantiumToConstantinopleFixAt5",
          "BerlinToLondonAt5", "ArrowGlacierToParisAtDiffC0000", "ArrowGlacierToMergeAtDiffC0000",
          "ParisToShanghaiAtTime15k", "ShanghaiToCancunAtTime15k", "CancunToPragueAtTime15k",
          "PragueToOsakaAtTime15k", "OsakaToBPO1AtTime15k", "BPO1ToBPO2AtTime15k"})
        EXPECT_TRUE(find_test_network(name)) << name;
}

TEST(TestNetworks, transition_to_the_dao_fork) {
    const auto spec = find_test_network("HomesteadToDaoAt5");
    ASSERT_TRUE(spec);
    EXPECT_EQ(spec->rules_at(5, 0), rules_of(Revision::Homestead));
    EXPECT_EQ(spec->parameters().dao_fork_block, 5U);
}

TEST(TestNetworks, transition_by_time) {
    const auto spec = find_test_network("ShanghaiToCancunAtTime15k");
    ASSERT_TRUE(spec);
    EXPECT_EQ(spec->rules_at(9, 14999).revision, Revision::Shanghai);
    EXPECT_EQ(spec->rules_at(1, 15000).revision, Revision::Cancun);
}

TEST(TestNetworks, transition_by_total_difficulty) {
    const auto spec = find_test_network("ArrowGlacierToParisAtDiffC0000");
    ASSERT_TRUE(spec);
    EXPECT_EQ(spec->rules_at(7, 0, TotalDifficulty{Uint256{0xbffff}}).bomb_delay, 10'700'000U);
    EXPECT_EQ(spec->rules_at(7, 0, TotalDifficulty{Uint256{0xc0000}}).revision, Revision::Paris);
}

TEST(TestNetworks, broken_names_are_no_networks) {
    for (const auto* name :
         {"", "To", "At5", "FrontierToAt5", "ToHomesteadAt5", "FrontierToHomestead",
          "FrontierToHomesteadAt", "FrontierToHomesteadAtx", "FrontierToHomesteadAt5x",
          "ShanghaiToCancunAtTime", "ShanghaiToCancunAtTimek", "ShanghaiToCancunAtTime15",
          "ShanghaiToCancunAtTime18446744073709551615k", "ArrowGlacierToParisAtDiff",
          "ArrowGlacierToParisAtDiffG", "FrontierToNowhereAt5", "NowhereToFrontierAt5",
          "FrontierToHomesteadAt18446744073709551616"})
        EXPECT_FALSE(find_test_network(name)) << name;
}

}  // namespace
}  // namespace cairn::chain
