// SPDX-License-Identifier: MIT
#include "chain/exec/block_executor.hpp"

#include <gtest/gtest.h>

#include "chain/exec/dao_accounts.hpp"
#include "chain/exec/system_calls.hpp"
#include "chain/spec/rule_table.hpp"
#include "core/base/hex.hpp"
#include "tests/support/block_factory.hpp"
#include "tests/support/bytecode.hpp"

namespace cairn::chain {
namespace {

using cairn::test::TestKey;
using vm::test::push;

const Wei kOneCoin{1'000'000'000'000'000'000ULL};
const Address kMiner{std::array<std::uint8_t, 20>{0xaa}};

/// One block on a state in a map.
class BlockExecutorTest : public testing::Test {
protected:
    BlockExecutorTest() {
        header.number = 7;
        header.gas_limit = 30'000'000;
        header.beneficiary = kMiner;
        header.base_fee = Wei{10};
        header.excess_blob_gas = 0;
    }
    void start(Revision revision) {
        spec.emplace(ChainSpec::with_single_rules(rules_of(revision), 1, SealKind::None));
        begin();
    }
    void begin() {
        state.emplace(base);
        executor.emplace(machine, *state, *spec, spec->rules_at(header.number, header.timestamp),
                         header, [](BlockNumber) { return Hash256{}; },
                         [](State&) { return Hash256{}; });
    }
    /// Code that keeps its caller and its input's first word in slots 0 and 1.
    static Bytes recorder() {
        using namespace vm;
        return vm::test::Bytecode{OP_CALLER} + push(0) + OP_SSTORE + push(0) + OP_CALLDATALOAD +
               push(1) + OP_SSTORE;
    }
    void expect_recorded(const Address& contract, const Hash256& word) {
        EXPECT_EQ(state->storage(contract, {}), load_be256([] {
                      Hash256 padded;
                      std::copy_n(system_address().data(), 20, padded.data() + 12);
                      return padded;
                  }().data()));
        EXPECT_EQ(state->storage(contract, Uint256{1}), load_be256(word.data()));
    }

    std::optional<ChainSpec> spec;
    MemoryState base;
    Header header;
    vm::Vm machine;
    std::optional<State> state;
    std::optional<BlockExecutor> executor;
};

TEST_F(BlockExecutorTest, the_beacon_root_and_the_parents_hash_reach_their_contracts) {
    base.set_account(beacon_roots_contract(), 1, {}, recorder());
    base.set_account(block_hash_history_contract(), 1, {}, recorder());
    header.parent_hash = BlockHash{std::array<std::uint8_t, 32>{3}};
    header.parent_beacon_root = Hash256{std::array<std::uint8_t, 32>{4}};
    start(Revision::Prague);
    executor->begin();
    expect_recorded(beacon_roots_contract(), *header.parent_beacon_root);
    expect_recorded(block_hash_history_contract(), header.parent_hash.as<Hash256>());
    // Nobody pays for it, and the caller has no account.
    EXPECT_EQ(executor->budget().gas, header.gas_limit);
    EXPECT_FALSE(state->exists(system_address()));
}

TEST_F(BlockExecutorTest, contracts_that_are_not_there_change_nothing) {
    header.parent_beacon_root = Hash256{};
    start(Revision::Cancun);
    executor->begin();
    EXPECT_TRUE(state->take_diff().is_empty());
}

TEST_F(BlockExecutorTest, a_failing_beacon_contract_is_passed_over) {
    base.set_account(beacon_roots_contract(), 1, {},
                     push(1) + push(0) + vm::OP_SSTORE + vm::OP_INVALID);
    header.parent_beacon_root = Hash256{};
    start(Revision::Cancun);
    executor->begin();
    EXPECT_TRUE(state->take_diff().is_empty());
    EXPECT_TRUE(executor->finish({}, {}));
}

TEST_F(BlockExecutorTest, requests_come_from_their_contracts_in_order_of_type) {
    // Each gives one byte, its own.
    const auto giver = [](unsigned byte) {
        return push(byte) + push(0) + vm::OP_MSTORE8 + push(1) + push(0) + vm::OP_RETURN;
    };
    base.set_account(withdrawal_requests_contract(), 1, {}, giver(0x11));
    base.set_account(consolidation_requests_contract(), 1, {}, giver(0x22));
    start(Revision::Prague);
    const auto outcome = executor->finish({}, {});
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->requests, (std::vector<Bytes>{{1, 0x11}, {2, 0x22}}));
}

TEST_F(BlockExecutorTest, a_request_contract_that_is_missing_or_fails_spoils_the_block) {
    base.set_account(withdrawal_requests_contract(), 1, {}, Bytes{vm::OP_STOP});
    start(Revision::Prague);
    EXPECT_EQ(executor->finish({}, {}).error().error, BlockError::SystemCallFailed);
    base.set_account(consolidation_requests_contract(), 1, {}, Bytes{vm::OP_INVALID});
    begin();
    EXPECT_EQ(executor->finish({}, {}).error().error, BlockError::SystemCallFailed);
    base.set_account(consolidation_requests_contract(), 1, {}, Bytes{vm::OP_STOP});
    begin();
    const auto outcome = executor->finish({}, {});
    ASSERT_TRUE(outcome);
    EXPECT_TRUE(outcome->requests.empty());
}

TEST_F(BlockExecutorTest, withdrawals_are_gwei_and_leave_no_empty_account) {
    start(Revision::Shanghai);
    const Address rich = TestKey{1}.address;
    const Address empty = TestKey{2}.address;
    const std::vector<Withdrawal> withdrawals{{0, 0, rich, 5}, {1, 0, empty, 0}};
    ASSERT_TRUE(executor->finish({}, withdrawals));
    EXPECT_EQ(state->balance(rich), Wei{5'000'000'000ULL});
    EXPECT_FALSE(state->exists(empty));
    EXPECT_FALSE(state->exists(kMiner)) << "after the merge nobody is rewarded";
}

TEST_F(BlockExecutorTest, rewards_go_to_the_miner_and_to_those_of_the_ommers) {
    start(Revision::London);
    Header ommer;
    ommer.number = 5;
    ommer.beneficiary = TestKey{3}.address;
    ASSERT_TRUE(executor->finish(std::vector{HashedHeader{ommer}}, {}));
    // Yellow Paper, section 11.3, with 2 coins: 2 + 2/32, and 2 · (8 - 2) / 8.
    EXPECT_EQ(state->balance(kMiner), Wei{2'062'500'000'000'000'000ULL});
    EXPECT_EQ(state->balance(TestKey{3}.address), Wei{1'500'000'000'000'000'000ULL});
}

TEST_F(BlockExecutorTest, gas_is_counted_over_transactions_and_a_refused_one_changes_nothing) {
    base.set_account(TestKey{1}.address, 0, kOneCoin);
    start(Revision::London);
    const Transaction tx = test::make_tx(TestKey{1}, 0, kMiner, Wei{1}).tx();
    ASSERT_TRUE(executor->add(tx, TestKey{1}.address));
    const auto again = executor->add(tx, TestKey{1}.address);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error(), TxError::NonceTooLow);
    Transaction next = tx;
    next.nonce = 1;
    ASSERT_TRUE(executor->add(next, TestKey{1}.address));
    EXPECT_EQ(executor->budget().gas, header.gas_limit - 42000);
    ASSERT_EQ(executor->receipts().size(), 2U);
    EXPECT_EQ(executor->receipts()[1].cumulative_gas_used, 42000U);
    Transaction large = tx;
    large.nonce = 2;
    large.gas_limit = header.gas_limit - 41999;
    EXPECT_EQ(executor->add(large, TestKey{1}.address).error(), TxError::BlockGasLimitReached);
    EXPECT_EQ(executor->finish({}, {})->gas_used, 42000U);
}

TEST_F(BlockExecutorTest, the_daos_balances_move_at_its_block_alone) {
    const auto account = *fixed_from_hex<Address>(kDaoAccounts.front());
    base.set_account(account, 0, kOneCoin);
    ChainParameters parameters;
    parameters.steps = {{ForkTrigger::Number, 0, rules_of(Revision::Homestead)}};
    parameters.dao_fork_block = 8;
    spec.emplace(parameters);
    begin();
    executor->begin();
    EXPECT_EQ(state->balance(account), kOneCoin);
    header.number = 8;
    begin();
    executor->begin();
    EXPECT_EQ(state->balance(account), Wei{});
    EXPECT_EQ(state->balance(dao_refund_contract()), kOneCoin);
}

TEST_F(BlockExecutorTest, opcode_0x44_and_blob_price_follow_the_rules) {
    header.difficulty = Difficulty{Uint256{77}};
    header.mix_hash = Hash256{std::array<std::uint8_t, 32>{1}};
    start(Revision::London);
    EXPECT_EQ(executor->env().prev_randao, Uint256{77});
    EXPECT_EQ(executor->env().blob_base_fee, Wei{1});
    start(Revision::Cancun);
    EXPECT_EQ(executor->env().prev_randao, load_be256(header.mix_hash.data()));
    header.excess_blob_gas = 10'000'000;
    begin();
    // EIP-4844: fake_exponential(1, 10^7, 3338477) = floor(e^2.995…) = 19.
    EXPECT_EQ(executor->env().blob_base_fee, Wei{19});
}

}  // namespace
}  // namespace cairn::chain
