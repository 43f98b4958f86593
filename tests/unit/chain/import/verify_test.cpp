// SPDX-License-Identifier: MIT
#include "chain/import/verify.hpp"

#include <gtest/gtest.h>

#include "chain/rules/body_check.hpp"
#include "chain/rules/pow.hpp"
#include "chain/spec/rule_table.hpp"
#include "chain/spec/genesis.hpp"
#include "tests/unit/chain/import/chain_fixture.hpp"

namespace cairn::test {
namespace {

using chain::BlockError;

TEST(PrepareBlock, finds_senders_in_order) {
    BlockFactory factory{test_genesis(Revision::London, 3)};
    const Block block = factory.make(
        factory.genesis_block(), {.transactions = {make_tx(TestKey{3}, 0, TestKey{1}.address, {}),
                                                   make_tx(TestKey{2}, 0, TestKey{1}.address, {})}});
    const auto prepared = chain::prepare_block(block, nullptr);
    EXPECT_EQ(prepared.senders, (std::vector{TestKey{3}.address, TestKey{2}.address}));
    EXPECT_FALSE(prepared.seal_error);
    EXPECT_FALSE(prepared.body_fault);
}

TEST(PrepareBlock, a_wrong_seal_spares_the_rest) {
    BlockFactory factory{test_genesis(Revision::London, 1)};
    const Block block = factory.make(factory.genesis_block());
    const auto engine = chain::make_seal_engine(chain::SealKind::Sha256d);
    const auto prepared = chain::prepare_block(block, engine.get());
    EXPECT_EQ(prepared.seal_error, BlockError::SealAboveTarget);
    EXPECT_FALSE(prepared.body_fault);
}

TEST(PrepareBlock, a_header_without_difficulty_has_no_seal) {
    BlockFactory factory{test_genesis(Revision::Cancun, 1)};
    const Block block = factory.make(factory.genesis_block());
    const auto engine = chain::make_seal_engine(chain::SealKind::Sha256d);
    EXPECT_FALSE(chain::prepare_block(block, engine.get()).seal_error);
}

TEST(PrepareBlock, a_body_of_another_block_is_found_out) {
    BlockFactory factory{test_genesis(Revision::London, 2)};
    Block block = factory.make(factory.genesis_block());
    block.body.transactions = {make_tx(TestKey{1}, 0, TestKey{2}.address, {})};
    const auto prepared = chain::prepare_block(block, nullptr);
    ASSERT_TRUE(prepared.body_fault);
    EXPECT_EQ(prepared.body_fault->error, BlockError::TransactionsRootWrong);
    EXPECT_TRUE(prepared.senders.empty());
}

/// check_on_parent upon a block of a chain.
class CheckOnParentTest : public testing::Test {
protected:
    std::optional<chain::ChainFault> fault_of(const Block& block, const Block& parent,
                                              const chain::SealEngine* engine = nullptr) {
        const auto view = chain.manager->view();
        const chain::ParentInfo info{parent.header,
                                     chain.factory.total_of(parent.header.hash())};
        const auto& spec = chain.factory.genesis().spec;
        const auto& rules =
            spec.rules_at(block.header->number, block.header->timestamp, info.total);
        const auto checked = chain::check_on_parent(view, spec, rules, engine,
                                                    chain::prepare_block(block, engine), info);
        if (checked) return std::nullopt;
        return checked.error();
    }
    Block add(const Block& parent, const BlockFactory::Plan& plan = {}) {
        Block block = chain.factory.make(parent, plan);
        EXPECT_TRUE(chain.submit(block).is_stored());
        return block;
    }
    ChainFixture chain{test_genesis(Revision::London, 2)};
    const Block& genesis = chain.factory.genesis_block();
};

TEST_F(CheckOnParentTest, headers_are_judged_before_seals_and_cost_nothing) {
    const auto engine = chain::make_seal_engine(chain::SealKind::Sha256d);
    const Block bad = chain.factory.make(
        genesis, {.spoil = [](Header& h) { h.timestamp = 0; }});
    const auto header_fault = fault_of(bad, genesis, engine.get());
    ASSERT_TRUE(header_fault);
    EXPECT_EQ(header_fault->fault.error, BlockError::TimestampNotAfterParent);
    EXPECT_FALSE(header_fault->is_sealed);
    const auto seal_fault = fault_of(chain.factory.make(genesis), genesis, engine.get());
    ASSERT_TRUE(seal_fault);
    EXPECT_EQ(seal_fault->fault.error, BlockError::SealAboveTarget);
    EXPECT_FALSE(seal_fault->is_sealed);
}

TEST_F(CheckOnParentTest, the_first_bad_transaction_is_named) {
    const SignedTx good = make_tx(TestKey{1}, 0, TestKey{2}.address, {});
    const SignedTx foreign = [] {
        Transaction tx;
        tx.chain_id = 2;
        tx.to = TestKey{2}.address;
        tx.gas_limit = 21000;
        return *sign_tx(tx, TestKey{1}.secret);
    }();
    Block block = chain.factory.make(genesis);
    block.body.transactions = {good, foreign};
    Header header = *block.header;
    header.transactions_root = chain::transactions_root_of(block.body.transactions);
    block.header = HashedHeader{header};
    const auto fault = fault_of(block, genesis);
    ASSERT_TRUE(fault);
    EXPECT_EQ(fault->fault,
              (chain::BlockFault{BlockError::TxInvalid, 1, chain::TxError::WrongChainId}));
    EXPECT_TRUE(fault->is_sealed);
}

TEST_F(CheckOnParentTest, ommers_are_looked_for_in_the_stored_ancestors) {
    const Block first = add(genesis);
    const Block ommer = chain.factory.make(genesis, {.seconds = 20});
    const Block second = add(first, {.ommers = {ommer.header}});
    EXPECT_EQ(second.body.ommers.size(), 1U);
    // Entered once, it may not come again.
    const Block again = chain.factory.make(second, {.ommers = {ommer.header}});
    const auto twice = fault_of(again, second);
    ASSERT_TRUE(twice);
    EXPECT_EQ(twice->fault.error, BlockError::OmmerDuplicate);
    const Block own = chain.factory.make(second, {.ommers = {first.header}});
    EXPECT_EQ(fault_of(own, second)->fault.error, BlockError::OmmerIsAncestor);
}

TEST_F(CheckOnParentTest, ommers_may_be_six_generations_old_and_no_more) {
    const Block ommer = chain.factory.make(genesis, {.seconds = 20});
    Block at = add(genesis);
    for (int i = 0; i < 5; ++i) at = add(at);
    const Block in_time = chain.factory.make(at, {.ommers = {ommer.header}});
    EXPECT_FALSE(fault_of(in_time, at));
    const Block later = add(at);
    // Built by hand: no reward is defined for it, so that the factory cannot execute it.
    Block late = chain.factory.make(later);
    late.body.ommers = {ommer.header};
    Header header = *late.header;
    header.ommers_hash = ommers_hash_of(late.body.ommers);
    late.header = HashedHeader{header};
    EXPECT_EQ(fault_of(late, later)->fault.error, BlockError::OmmerNotKin);
}

}  // namespace
}  // namespace cairn::test
