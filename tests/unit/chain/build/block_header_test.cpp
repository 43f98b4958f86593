// SPDX-License-Identifier: MIT
#include "chain/build/block_header.hpp"

#include <gtest/gtest.h>

#include "chain/rules/header_check.hpp"
#include "chain/spec/rule_table.hpp"

namespace cairn::chain {
namespace {

TEST(NextGasLimit, moves_by_less_than_a_1024th) {
    const RuleSet& rules = rules_of(Revision::London);
    Header parent;
    parent.base_fee = Wei{7};
    parent.gas_limit = 1'024'000;
    EXPECT_EQ(next_gas_limit(rules, parent, 30'000'000), 1'024'999u);
    EXPECT_EQ(next_gas_limit(rules, parent, 5000), 1'023'001u);
    EXPECT_EQ(next_gas_limit(rules, parent, 1'024'500), 1'024'500u);
    parent.gas_limit = 5000;
    EXPECT_EQ(next_gas_limit(rules, parent, 0), 5000u);
    EXPECT_EQ(next_gas_limit(rules, parent, kUnlimited), 5003u);
}

TEST(NextGasLimit, doubles_where_the_base_fee_begins) {
    Header parent;
    parent.gas_limit = 10'240'000;
    EXPECT_EQ(next_gas_limit(rules_of(Revision::London), parent, 20'480'000), 20'480'000u);
    EXPECT_EQ(next_gas_limit(rules_of(Revision::Berlin), parent, 10'240'000), 10'240'000u);
}

/// A parent under the revision, and a wish for a child ten seconds later.
class MakeHeaderTest : public testing::TestWithParam<Revision> {
protected:
    MakeHeaderTest() {
        Header fields;
        fields.number = 4;
        fields.timestamp = 1000;
        fields.gas_limit = 1'000'000;
        fields.gas_used = 700'000;
        fields.difficulty = rules.difficulty_rule == DifficultyRule::Zero
                                ? Difficulty{}
                                : Difficulty{Uint256{200'000}};
        if (rules.has_base_fee) fields.base_fee = Wei{1'000'000};
        parent = HashedHeader{fields};
        wishes.timestamp = 1010;
        wishes.gas_limit_target = 2'000'000;
    }

    const RuleSet& rules = rules_of(GetParam());
    ChainSpec spec = ChainSpec::with_single_rules(rules, 1, SealKind::None);
    HashedHeader parent{Header{}};
    BlockAttributes wishes;
};

INSTANTIATE_TEST_SUITE_P(Revisions, MakeHeaderTest,
                         testing::Values(Revision::Frontier, Revision::Byzantium, Revision::London,
                                         Revision::Paris, Revision::Shanghai, Revision::Cancun));

TEST_P(MakeHeaderTest, passes_the_check_on_its_parent) {
    const auto made = make_header(spec, rules, parent, wishes);
    ASSERT_TRUE(made);
    const auto verdict = check_header(spec, rules, *made, parent);
    EXPECT_TRUE(verdict) << (verdict ? "" : to_string(verdict.error()));
    EXPECT_GT(made->gas_limit, parent->gas_limit);
}

TEST_P(MakeHeaderTest, base_fee_and_gas_limit_of_ones_own_pass_where_they_may) {
    wishes.is_gas_limit_exact = true;
    const auto limited = make_header(spec, rules, parent, wishes);
    ASSERT_TRUE(limited);
    EXPECT_EQ(limited->gas_limit, 2'000'000u);
    EXPECT_EQ(check_header(spec, rules, *limited, parent).error(), BlockError::GasLimitStepTooLarge);
    EXPECT_TRUE(check_header(spec, rules, *limited, parent, GasPolicy::IsMakersChoice));

    wishes.is_gas_limit_exact = false;
    wishes.base_fee = Wei{7};
    const auto priced = make_header(spec, rules, parent, wishes);
    ASSERT_TRUE(priced);
    EXPECT_EQ(priced->base_fee.has_value(), rules.has_base_fee);
    if (rules.has_base_fee) {
        EXPECT_EQ(priced->base_fee, Wei{7});
        EXPECT_EQ(check_header(spec, rules, *priced, parent).error(), BlockError::BaseFeeWrong);
    }
    EXPECT_TRUE(check_header(spec, rules, *priced, parent, GasPolicy::IsMakersChoice));
}

TEST_P(MakeHeaderTest, a_time_that_does_not_rise_is_refused) {
    wishes.timestamp = 1000;
    const auto made = make_header(spec, rules, parent, wishes);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().error, BuildError::TimestampNotAfterParent);
}

// EIP-779: ten blocks from the fork on.
TEST(MakeHeader, the_daos_blocks_have_extra_data_of_their_own) {
    ChainParameters parameters;
    parameters.steps = {{ForkTrigger::Number, 0, rules_of(Revision::Homestead)}};
    parameters.dao_fork_block = 100;
    const ChainSpec spec{parameters};
    const auto extra_data_of = [&](BlockNumber number) {
        Header fields;
        fields.number = number - 1;
        fields.gas_limit = 1'000'000;
        fields.difficulty = Difficulty{Uint256{200'000}};
        BlockAttributes wishes;
        wishes.timestamp = 10;
        wishes.extra_data = {1};
        return make_header(spec, rules_of(Revision::Homestead), HashedHeader{fields}, wishes)
            ->extra_data;
    };
    EXPECT_EQ(extra_data_of(99), Bytes{1});
    EXPECT_EQ(as_text(extra_data_of(100)), "dao-hard-fork");
    EXPECT_EQ(as_text(extra_data_of(109)), "dao-hard-fork");
    EXPECT_EQ(extra_data_of(110), Bytes{1});
}

}  // namespace
}  // namespace cairn::chain
