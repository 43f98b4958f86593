// SPDX-License-Identifier: MIT
#include "chain/spec/rule_table.hpp"

#include <gtest/gtest.h>

namespace cairn::chain {
namespace {

// Each test names a fork's EIP and looks at both sides of it.

const RuleSet& at(Revision revision) {
    return rules_of(revision);
}

TEST(RuleTable, homestead_eip2) {
    EXPECT_FALSE(at(Revision::Frontier).requires_low_s);
    EXPECT_EQ(at(Revision::Frontier).tx_creation_gas, 0U);
    EXPECT_TRUE(at(Revision::Homestead).requires_low_s);
    EXPECT_EQ(at(Revision::Homestead).tx_creation_gas, 32000U);
    EXPECT_EQ(at(Revision::Homestead).difficulty_rule, DifficultyRule::Homestead);
}

TEST(RuleTable, tangerine_changes_only_the_machine) {
    RuleSet expected = at(Revision::Homestead);
    expected.revision = Revision::Tangerine;
    EXPECT_EQ(at(Revision::Tangerine), expected);
}

TEST(RuleTable, spurious_eip155_eip161_eip170) {
    EXPECT_FALSE(at(Revision::Tangerine).has_replay_protection);
    EXPECT_FALSE(at(Revision::Tangerine).clears_empty_accounts);
    EXPECT_EQ(at(Revision::Tangerine).created_account_nonce, 0U);
    EXPECT_EQ(at(Revision::Tangerine).code_size_max, kUnlimited);
    EXPECT_TRUE(at(Revision::Spurious).has_replay_protection);
    EXPECT_TRUE(at(Revision::Spurious).clears_empty_accounts);
    EXPECT_EQ(at(Revision::Spurious).created_account_nonce, 1U);
    EXPECT_EQ(at(Revision::Spurious).code_size_max, 24576U);
}

TEST(RuleTable, rewards_eip649_eip1234_eip3675) {
    const Uint256 coin{1'000'000'000'000'000'000ULL};
    EXPECT_EQ(at(Revision::Frontier).block_reward, Uint256{5} * coin);
    EXPECT_EQ(at(Revision::Spurious).block_reward, Uint256{5} * coin);
    EXPECT_EQ(at(Revision::Byzantium).block_reward, Uint256{3} * coin);
    EXPECT_EQ(at(Revision::Constantinople).block_reward, Uint256{2} * coin);
    EXPECT_EQ(at(Revision::London).block_reward, Uint256{2} * coin);
    EXPECT_EQ(at(Revision::Paris).block_reward, Uint256{});
    EXPECT_EQ(at(Revision::Osaka).block_reward, Uint256{});
}

TEST(RuleTable, receipts_carry_a_root_until_byzantium_eip658) {
    EXPECT_TRUE(at(Revision::Spurious).receipt_has_state_root);
    EXPECT_FALSE(at(Revision::Byzantium).receipt_has_state_root);
}

TEST(RuleTable, difficulty_rules_and_bomb_delays) {
    EXPECT_EQ(at(Revision::Frontier).difficulty_rule, DifficultyRule::Frontier);
    EXPECT_EQ(at(Revision::Spurious).difficulty_rule, DifficultyRule::Homestead);
    EXPECT_EQ(at(Revision::Byzantium).difficulty_rule, DifficultyRule::Byzantium);
    EXPECT_EQ(at(Revision::London).difficulty_rule, DifficultyRule::Byzantium);
    EXPECT_EQ(at(Revision::Paris).difficulty_rule, DifficultyRule::Zero);
    EXPECT_EQ(at(Revision::Spurious).bomb_delay, 0U);
    EXPECT_EQ(at(Revision::Byzantium).bomb_delay, 3'000'000U);
    EXPECT_EQ(at(Revision::Constantinople).bomb_delay, 5'000'000U);
    EXPECT_EQ(at(Revision::Istanbul).bomb_delay, 5'000'000U);
    EXPECT_EQ(at(Revision::Berlin).bomb_delay, 9'000'000U);
    EXPECT_EQ(at(Revision::London).bomb_delay, 9'700'000U);
    EXPECT_FALSE(at(Revision::Paris).has_difficulty_bomb);
}

TEST(RuleTable, istanbul_eip2028) {
    EXPECT_EQ(at(Revision::Petersburg).tx_data_nonzero_gas, 68U);
    EXPECT_EQ(at(Revision::Istanbul).tx_data_nonzero_gas, 16U);
}

TEST(RuleTable, berlin_eip2929_eip2930) {
    EXPECT_FALSE(at(Revision::Istanbul).allows(TxType::AccessList));
    EXPECT_FALSE(at(Revision::Istanbul).has_access_lists);
    EXPECT_TRUE(at(Revision::Berlin).allows(TxType::AccessList));
    EXPECT_TRUE(at(Revision::Berlin).has_access_lists);
    EXPECT_EQ(at(Revision::Berlin).access_list_address_gas, 2400U);
    EXPECT_EQ(at(Revision::Berlin).access_list_storage_key_gas, 1900U);
}

TEST(RuleTable, london_eip1559_eip3529) {
    EXPECT_FALSE(at(Revision::Berlin).allows(TxType::DynamicFee));
    EXPECT_FALSE(at(Revision::Berlin).has_base_fee);
    EXPECT_EQ(at(Revision::Berlin).refund_quotient, 2U);
    EXPECT_TRUE(at(Revision::London).allows(TxType::DynamicFee));
    EXPECT_TRUE(at(Revision::London).has_base_fee);
    EXPECT_EQ(at(Revision::London).refund_quotient, 5U);
}

TEST(RuleTable, paris_eip3675_eip4399) {
    EXPECT_EQ(at(Revision::London).ommers_max, 2U);
    EXPECT_FALSE(at(Revision::London).has_prev_randao);
    EXPECT_EQ(at(Revision::Paris).ommers_max, 0U);
    EXPECT_TRUE(at(Revision::Paris).has_prev_randao);
}

TEST(RuleTable, shanghai_eip3651_eip3860_eip4895) {
    EXPECT_FALSE(at(Revision::Paris).has_warm_coinbase);
    EXPECT_FALSE(at(Revision::Paris).has_withdrawals);
    EXPECT_EQ(at(Revision::Paris).initcode_size_max, kUnlimited);
    EXPECT_EQ(at(Revision::Paris).initcode_word_gas, 0U);
    EXPECT_TRUE(at(Revision::Shanghai).has_warm_coinbase);
    EXPECT_TRUE(at(Revision::Shanghai).has_withdrawals);
    EXPECT_EQ(at(Revision::Shanghai).initcode_size_max, 49152U);
    EXPECT_EQ(at(Revision::Shanghai).initcode_word_gas, 2U);
}

TEST(RuleTable, cancun_eip4844_eip4788_eip6780) {
    EXPECT_FALSE(at(Revision::Shanghai).allows(TxType::Blob));
    EXPECT_FALSE(at(Revision::Shanghai).has_beacon_root);
    EXPECT_FALSE(at(Revision::Shanghai).self_destruct_spares_old);
    const RuleSet& cancun = at(Revision::Cancun);
    EXPECT_TRUE(cancun.allows(TxType::Blob));
    EXPECT_TRUE(cancun.has_beacon_root);
    EXPECT_TRUE(cancun.self_destruct_spares_old);
    EXPECT_EQ(cancun.blobs, (BlobSchedule{3, 6, 6, 3338477, false}));
}

TEST(RuleTable, prague_eip7691_eip7702_eip7623_eip2935_eip7685) {
    EXPECT_FALSE(at(Revision::Cancun).allows(TxType::SetCode));
    EXPECT_EQ(at(Revision::Cancun).floor_gas_per_token, 0U);
    const RuleSet& prague = at(Revision::Prague);
    EXPECT_TRUE(prague.allows(TxType::SetCode));
    EXPECT_EQ(prague.authorization_gas, 25000U);
    EXPECT_EQ(prague.authorization_refund, 12500U);
    EXPECT_EQ(prague.floor_gas_per_token, 10U);
    EXPECT_EQ(prague.blobs, (BlobSchedule{6, 9, 9, 5007716, false}));
    EXPECT_TRUE(prague.has_block_hash_history);
    EXPECT_TRUE(prague.has_requests);
}

TEST(RuleTable, osaka_eip7825_eip7934_eip7594_eip7918) {
    EXPECT_EQ(at(Revision::Prague).tx_gas_limit_max, kUnlimited);
    EXPECT_EQ(at(Revision::Prague).block_size_max, kUnlimited);
    const RuleSet& osaka = at(Revision::Osaka);
    EXPECT_EQ(osaka.tx_gas_limit_max, 16'777'216U);
    EXPECT_EQ(osaka.block_size_max, 8'388'608U);
    EXPECT_EQ(osaka.blobs, (BlobSchedule{6, 9, 6, 5007716, true}));
}

TEST(RuleTable, cairn_testnet_is_osaka_under_proof_of_work) {
    const RuleSet& cairn = cairn_testnet_rules();
    RuleSet expected = at(Revision::Osaka);
    expected.tx_types = {true, true, true, false, true};
    expected.difficulty_rule = DifficultyRule::Asert;
    expected.difficulty_min = {Uint256{131072}};
    expected.asert_ideal_block_time = 10;
    expected.asert_half_life = 3600;
    expected.block_reward = Uint256{2'000'000'000'000'000'000ULL};
    expected.ommers_max = 2;
    expected.has_prev_randao = false;
    expected.has_withdrawals = false;
    expected.has_blobs = false;
    expected.blobs = {};
    expected.has_beacon_root = false;
    expected.has_requests = false;
    EXPECT_EQ(cairn, expected);
    EXPECT_TRUE(cairn.has_block_hash_history);
    EXPECT_TRUE(cairn.has_base_fee);
    EXPECT_FALSE(cairn.has_difficulty_bomb);
}

TEST(RuleTable, cairn_dev_differs_in_its_difficulty_alone) {
    RuleSet expected = cairn_testnet_rules();
    expected.difficulty_rule = DifficultyRule::Constant;
    expected.difficulty_min = {Uint256{1}};
    expected.asert_ideal_block_time = 0;
    expected.asert_half_life = 0;
    EXPECT_EQ(cairn_dev_rules(), expected);
}

}  // namespace
}  // namespace cairn::chain
