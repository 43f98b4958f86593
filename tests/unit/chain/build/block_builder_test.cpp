// SPDX-License-Identifier: MIT
// Blocks are judged by import: a template is right when the chain takes it.
#include "chain/build/block_builder.hpp"

#include <gtest/gtest.h>

#include "chain/pool/pool_chain.hpp"
#include "tests/unit/chain/import/chain_fixture.hpp"

namespace cairn::chain {
namespace {

using cairn::test::ChainFixture;
using cairn::test::make_tx;
using cairn::test::test_genesis;
using cairn::test::TestKey;

constexpr UnixSeconds kNow = 1'000'000'000;
const Address kReceiver{{0x77}};
const Address kMiner{{0xaa}};

NewTx recovered(const SignedTx& tx) {
    return {*recover_sender(tx)};
}

class BlockBuilderTest : public testing::TestWithParam<Revision> {
protected:
    [[nodiscard]] BlockAttributes attributes() const {
        BlockAttributes out;
        out.timestamp = kNow;
        out.beneficiary = kMiner;
        out.extra_data = {1, 2, 3};
        out.gas_limit_target = ledger.factory.genesis_block().header->gas_limit;
        return out;
    }
    void add(const SignedTx& tx, Origin origin = Origin::Peer) {
        const auto added = pool.add(recovered(tx), origin, kNow);
        ASSERT_TRUE(added) << added.error().message;
    }
    [[nodiscard]] BlockTemplate must_build(const BlockAttributes& wishes) {
        auto made = builder.build(ledger.manager->view(), wishes, pool);
        EXPECT_TRUE(made) << (made ? "" : to_string(made.error()));
        return std::move(*made);
    }
    void expect_imported(const BlockTemplate& made) {
        EXPECT_EQ(ledger.say(made.block()), "canonical");
        ASSERT_FALSE(ledger.events.empty());
        const ExecutedBlock& imported = *ledger.events.back()->applied.back();
        EXPECT_EQ(imported.receipts, made.executed->receipts);
        EXPECT_EQ(imported.senders, made.executed->senders);
        EXPECT_EQ(imported.total, made.executed->total);
        pool.on_head_changed(*ledger.events.back(), kNow);
    }

    ChainFixture ledger{test_genesis(GetParam(), 4)};
    StoreChain chain{*ledger.store};
    TxPool pool{ledger.manager->spec(), chain, PoolOptions{}, kNow};
    BlockBuilder builder{ledger.manager->spec()};
    TestKey one{1};
    TestKey two{2};
};

INSTANTIATE_TEST_SUITE_P(Revisions, BlockBuilderTest,
                         testing::Values(Revision::Frontier, Revision::Homestead,
                                         Revision::Byzantium, Revision::Berlin, Revision::London,
                                         Revision::Shanghai, Revision::Cancun),
                         [](const auto& revision) {
                             return "revision" + std::to_string(static_cast<int>(revision.param));
                         });

TEST_P(BlockBuilderTest, an_empty_block_is_imported) {
    const auto made = must_build(attributes());
    EXPECT_EQ(made.block().header->extra_data, (Bytes{1, 2, 3}));
    EXPECT_EQ(made.block().header->beneficiary, kMiner);
    EXPECT_TRUE(made.fees.is_zero());
    expect_imported(made);
}

TEST_P(BlockBuilderTest, the_pools_best_are_in_it_and_it_is_imported) {
    const bool is_protected = GetParam() >= Revision::Spurious;
    const auto transfer = [&](const TestKey& from, std::uint64_t nonce, std::uint64_t price) {
        return make_tx(from, nonce, kReceiver, Wei{5}, {}, 21000, price, is_protected);
    };
    add(transfer(one, 0, 2'000'000'000));
    add(transfer(one, 1, 9'000'000'000));
    add(transfer(two, 0, 3'000'000'000));
    const auto made = must_build(attributes());
    const auto& txs = made.block().body.transactions;
    ASSERT_EQ(txs.size(), 3u);
    EXPECT_EQ(made.executed->senders[0], two.address);
    EXPECT_EQ(made.executed->senders[1], one.address);
    EXPECT_EQ(txs[2]->nonce, 1u);
    const std::uint64_t base_fee = made.block().header->base_fee.value_or(Wei{}).low64();
    EXPECT_EQ(made.fees, Wei{21000 * (14'000'000'000 - 3 * base_fee)});
    expect_imported(made);
    EXPECT_EQ(pool.status().pending, 0u);
}

TEST_P(BlockBuilderTest, asked_for_transactions_are_all_in_it) {
    const bool is_protected = GetParam() >= Revision::Spurious;
    std::vector<RecoveredTx> txs;
    for (std::uint64_t nonce = 0; nonce < 3; ++nonce)
        txs.push_back(*recover_sender(
            make_tx(one, nonce, kReceiver, Wei{1}, {}, 21000, 2'000'000'000, is_protected)));
    const auto made = builder.build(ledger.manager->view(), attributes(), txs);
    ASSERT_TRUE(made);
    EXPECT_EQ(made->block().body.transactions.size(), 3u);
    expect_imported(*made);
}

class LondonBuilderTest : public BlockBuilderTest {};
INSTANTIATE_TEST_SUITE_P(London, LondonBuilderTest, testing::Values(Revision::London));

TEST_P(LondonBuilderTest, a_bad_one_among_those_asked_for_is_named) {
    const std::vector<RecoveredTx> txs{
        *recover_sender(make_tx(one, 0, kReceiver, Wei{1})),
        *recover_sender(make_tx(one, 999, kReceiver, Wei{1})),
    };
    const auto made = builder.build(ledger.manager->view(), attributes(), txs);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().error, BuildError::TxInvalid);
    EXPECT_EQ(made.error().index, 1u);
    EXPECT_EQ(made.error().tx_error, TxError::NonceTooHigh);
    EXPECT_EQ(made.error().account_nonce, 1u);
    EXPECT_EQ(to_string(made.error()), "transaction 1: nonce too high");
}

TEST_P(LondonBuilderTest, wishes_that_no_block_can_have_are_refused) {
    BlockAttributes wishes = attributes();
    wishes.timestamp = ledger.factory.genesis_block().header->timestamp;
    const auto error_of = [&](const BlockAttributes& wanted) {
        const auto made = builder.build(ledger.manager->view(), wanted, pool);
        return made ? std::nullopt : std::optional{made.error().error};
    };
    EXPECT_EQ(error_of(wishes), BuildError::TimestampNotAfterParent);
    ++wishes.timestamp;
    EXPECT_EQ(error_of(wishes), std::nullopt);
    wishes = attributes();
    wishes.extra_data.assign(33, 0);
    EXPECT_EQ(error_of(wishes), BuildError::ExtraDataTooLong);
    wishes.extra_data.assign(32, 0);
    EXPECT_EQ(error_of(wishes), std::nullopt);
    wishes.parent = BlockHash{{9}};
    EXPECT_EQ(error_of(wishes), BuildError::ParentNotHead);
    wishes.parent = ledger.head();
    EXPECT_EQ(error_of(wishes), std::nullopt);
}

TEST_P(LondonBuilderTest, a_block_takes_what_fits_its_gas) {
    const Gas limit = ledger.factory.genesis_block().header->gas_limit;
    add(make_tx(one, 0, kReceiver, Wei{1}, {}, limit - 1'000'000, 9'000'000'000));
    add(make_tx(two, 0, kReceiver, Wei{1}, {}, limit - 1'000'000, 8'000'000'000));
    add(make_tx(two, 1, kReceiver, Wei{1}, {}, 21000, 8'000'000'000));
    const auto made = must_build(attributes());
    // The first used little of its gas, so that the others have room.
    EXPECT_EQ(made.block().body.transactions.size(), 3u);
    expect_imported(made);
}

TEST_P(LondonBuilderTest, a_sender_that_spent_its_balance_is_left_out) {
    const Wei all = Wei{1'000'000'000'000'000'000} * Wei{1'000'000};
    // What the first moves away the second would need; the pool's sum is held against the balance,
    // so that only a contract or another block can bring this about: here a block.
    add(make_tx(one, 0, kReceiver, Wei{1}));
    add(make_tx(one, 1, kReceiver, Wei{1}));
    add(make_tx(two, 0, kReceiver, Wei{1}));
    const auto rival = ledger.factory.make(
        ledger.factory.genesis_block(),
        {.transactions = {make_tx(one, 0, kReceiver, all - Wei{100'000'000'000'000})}});
    ASSERT_EQ(ledger.say(rival), "canonical");
    // The pool has not heard of it yet.
    const auto made = must_build(attributes());
    ASSERT_EQ(made.block().body.transactions.size(), 2u);
    EXPECT_EQ(ledger.say(made.block()), "canonical");
}

TEST_P(LondonBuilderTest, time_that_is_up_closes_the_block) {
    for (std::uint64_t nonce = 0; nonce < 5; ++nonce) add(make_tx(one, nonce, kReceiver, Wei{1}));
    int asked = 0;
    const auto made =
        builder.build(ledger.manager->view(), attributes(), pool, [&] { return ++asked > 2; });
    ASSERT_TRUE(made);
    EXPECT_EQ(made->block().body.transactions.size(), 2u);
    expect_imported(*made);
}

TEST_P(LondonBuilderTest, tips_below_the_makers_floor_stay_out) {
    const std::uint64_t base_fee = must_build(attributes()).block().header->base_fee->low64();
    add(make_tx(one, 0, kReceiver, Wei{1}, {}, 21000, base_fee + 99));
    add(make_tx(two, 0, kReceiver, Wei{1}, {}, 21000, base_fee + 100));
    BlockAttributes wishes = attributes();
    wishes.tip_min = Wei{100};
    const auto made = must_build(wishes);
    ASSERT_EQ(made.executed->senders.size(), 1u);
    EXPECT_EQ(made.executed->senders[0], two.address);
}

TEST_P(LondonBuilderTest, side_blocks_become_ommers) {
    const auto& genesis = ledger.factory.genesis_block();
    const auto first = ledger.factory.make(genesis, {.seconds = 10});
    const auto side = ledger.factory.make(genesis, {.seconds = 10, .extra_data = {7}});
    const auto other_side = ledger.factory.make(genesis, {.seconds = 10, .extra_data = {8}});
    const auto third_side = ledger.factory.make(genesis, {.seconds = 10, .extra_data = {9}});
    ASSERT_EQ(ledger.say(first), "canonical");
    for (const auto& block : {side, other_side, third_side}) (void)ledger.submit(block);
    const auto made = must_build(attributes());
    EXPECT_EQ(made.block().body.ommers.size(), 2u);
    expect_imported(made);
    // The third is left for the next block; those that are in one are not taken again.
    BlockAttributes wishes = attributes();
    wishes.timestamp = kNow + 1;
    const auto next = must_build(wishes);
    EXPECT_EQ(next.block().body.ommers.size(), 1u);
    expect_imported(next);
    wishes.timestamp = kNow + 2;
    EXPECT_TRUE(must_build(wishes).block().body.ommers.empty());
    wishes.takes_ommers = false;
    EXPECT_TRUE(must_build(wishes).block().body.ommers.empty());
}

TEST(BuildFault, every_error_has_words) {
    EXPECT_EQ(to_string(BuildFault{BuildError::ParentNotHead}), "the parent is not the head");
    EXPECT_EQ(to_string(BuildFault{BuildError::TimestampNotAfterParent}),
              "the timestamp is not after the parent's");
    EXPECT_EQ(to_string(BuildFault{BuildError::ExtraDataTooLong}), "the extra data is too long");
    EXPECT_EQ(to_string(BuildFault{.error = BuildError::ExecutionFailed,
                                   .block_error = BlockError::SystemCallFailed}),
              to_string(BlockError::SystemCallFailed));
}

}  // namespace
}  // namespace cairn::chain
