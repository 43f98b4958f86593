// SPDX-License-Identifier: MIT
#include "chain/rules/ommers.hpp"

#include <gtest/gtest.h>

#include "chain/rules/difficulty.hpp"
#include "chain/rules/pow.hpp"
#include "chain/spec/rule_table.hpp"
#include "chain/spec/test_networks.hpp"

namespace cairn::chain {
namespace {

/// A chain of ten blocks after genesis, and what stands beside it.
class Ommers : public ::testing::Test {
protected:
    ChainSpec spec = find_test_network("Byzantium", 1).value();
    const RuleSet& rules = rules_of(Revision::Byzantium);
    std::unique_ptr<SealEngine> engine = make_seal_engine(SealKind::None);
    std::vector<HashedHeader> chain;
    std::vector<BlockHash> included;  ///< ommers of block 8

    Ommers() {
        Header genesis;
        genesis.gas_limit = 5'000'000;
        genesis.difficulty = {Uint256{131072}};
        chain.emplace_back(genesis);
        while (chain.size() <= 10) chain.emplace_back(child_of(chain.back(), 0));
    }
    Header child_of(const HashedHeader& parent, std::uint8_t mark) const {
        Header h;
        h.parent_hash = parent.hash();
        h.number = parent->number + 1;
        h.timestamp = parent->timestamp + 10;
        h.gas_limit = parent->gas_limit;
        h.extra_data = {mark};
        h.difficulty = next_difficulty(spec, rules, *parent, h.timestamp);
        return h;
    }
    /// The error of block 10 with these ommers.
    std::optional<BlockFault> fault(const std::vector<HashedHeader>& ommers,
                                    const SealEngine* other = nullptr) const {
        std::vector<OmmerAncestor> ancestors;
        for (std::size_t n = 9; n >= 3; --n)
            ancestors.push_back({chain[n], n == 8 ? included : std::vector<BlockHash>{}});
        const auto v = check_ommers(spec, rules, other != nullptr ? *other : *engine, chain[10],
                                    ommers, ancestors);
        return v ? std::nullopt : std::optional{v.error()};
    }
    HashedHeader ommer(std::size_t parent, std::uint8_t mark = 1) const {
        return HashedHeader{child_of(chain[parent], mark)};
    }
};

TEST_F(Ommers, none_is_fine) {
    EXPECT_EQ(fault({}), std::nullopt);
}

TEST_F(Ommers, from_one_to_six_generations) {
    for (std::size_t parent = 3; parent <= 8; ++parent)
        EXPECT_EQ(fault({ommer(parent)}), std::nullopt) << parent;
    EXPECT_EQ(fault({ommer(2)})->error, BlockError::OmmerNotKin);  // seven
    EXPECT_EQ(fault({ommer(9)})->error, BlockError::OmmerNotKin);  // a sibling
}

TEST_F(Ommers, at_most_two) {
    EXPECT_EQ(fault({ommer(5), ommer(6)}), std::nullopt);
    EXPECT_EQ(fault({ommer(5), ommer(6), ommer(7)})->error, BlockError::OmmersTooMany);
    EXPECT_EQ(
        check_ommers(spec, rules_of(Revision::Paris), *engine, chain[10], std::vector{ommer(8)}, {})
            .error()
            .error,
        BlockError::OmmersTooMany);
}

TEST_F(Ommers, once_in_the_block_and_in_its_ancestors) {
    EXPECT_EQ(fault({ommer(5), ommer(5)}),
              (BlockFault{.error = BlockError::OmmerDuplicate, .index = 1}));
    included = {ommer(6).hash()};
    EXPECT_EQ(fault({ommer(6)})->error, BlockError::OmmerDuplicate);
    EXPECT_EQ(fault({ommer(6, 2)}), std::nullopt);
}

TEST_F(Ommers, no_ancestor_and_not_the_block_itself) {
    for (const std::size_t n : {3U, 8U, 9U, 10U})
        EXPECT_EQ(fault({chain[n]})->error, BlockError::OmmerIsAncestor) << n;
}

TEST_F(Ommers, whose_parent_is_no_ancestor) {
    Header stranger = child_of(chain[5], 1);
    stranger.parent_hash.bytes[0] ^= 1;
    EXPECT_EQ(fault({HashedHeader{stranger}})->error, BlockError::OmmerNotKin);
    // A child of an ommer is no ommer.
    EXPECT_EQ(fault({HashedHeader{child_of(ommer(5), 0)}})->error, BlockError::OmmerNotKin);
}

TEST_F(Ommers, whose_header_is_invalid) {
    Header bad = child_of(chain[5], 1);
    bad.difficulty.value += Uint256{1};
    EXPECT_EQ(fault({ommer(6), HashedHeader{bad}}),
              (BlockFault{.error = BlockError::OmmerHeaderInvalid,
                          .index = 1,
                          .ommer_error = BlockError::DifficultyWrong}));
    bad = child_of(chain[5], 1);
    bad.number += 1;
    EXPECT_EQ(fault({HashedHeader{bad}})->ommer_error, BlockError::NumberNotNext);
}

TEST_F(Ommers, whose_seal_does_not_hold) {
    const auto sealing = make_seal_engine(SealKind::Sha256d);
    EXPECT_EQ(fault({ommer(5)}, sealing.get()),
              (BlockFault{.error = BlockError::OmmerHeaderInvalid,
                          .index = 0,
                          .ommer_error = BlockError::SealAboveTarget}));
}

TEST_F(Ommers, genesis_may_be_a_parent) {
    const std::vector<OmmerAncestor> ancestors{{chain[1], {}}, {chain[0], {}}};
    EXPECT_TRUE(check_ommers(spec, rules, *engine, chain[2], std::vector{ommer(0)}, ancestors));
}

// Yellow Paper, section 11.3, at 5, 3 and 2 coins.
TEST(OmmerRewards, by_depth) {
    constexpr std::uint64_t kCoin = 1'000'000'000'000'000'000;
    const RuleSet& frontier = rules_of(Revision::Frontier);
    EXPECT_EQ(ommer_reward(frontier, 10, 9), Wei{5 * kCoin / 8 * 7});
    EXPECT_EQ(ommer_reward(frontier, 10, 4), Wei{5 * kCoin / 8 * 2});
    const RuleSet& constantinople = rules_of(Revision::Constantinople);
    EXPECT_EQ(ommer_reward(constantinople, 10, 8), Wei{1'500'000'000'000'000'000});
    EXPECT_EQ(block_reward(constantinople, 0), Wei{2 * kCoin});
    EXPECT_EQ(block_reward(constantinople, 2), Wei{2'125'000'000'000'000'000});
    EXPECT_EQ(block_reward(rules_of(Revision::Byzantium), 1), Wei{3'093'750'000'000'000'000});
    EXPECT_EQ(block_reward(rules_of(Revision::Paris), 0), Wei{});
}

}  // namespace
}  // namespace cairn::chain
