// SPDX-License-Identifier: MIT
#include "chain/import/chain_manager.hpp"

#include <gtest/gtest.h>

#include "chain/rules/base_fee.hpp"
#include "chain/rules/body_check.hpp"
#include "chain/rules/difficulty.hpp"
#include "chain/rules/genesis.hpp"
#include "chain/spec/rule_table.hpp"
#include "chain/trie/state_root.hpp"
#include "tests/support/bytecode.hpp"
#include "tests/unit/chain/import/chain_fixture.hpp"

namespace cairn::test {
namespace {

using chain::BlockError;
using chain::ImportStatus;
using Plan = BlockFactory::Plan;

const Wei kOneCoin{1'000'000'000'000'000'000ULL};

/// A chain of `count` empty blocks on `parent`, `seconds` apart: the quicker, the heavier.
std::vector<Block> make_chain(ChainFixture& chain, const Block& parent, std::size_t count,
                              UnixSeconds seconds, std::string_view extra = "") {
    std::vector<Block> blocks;
    for (std::size_t i = 0; i < count; ++i)
        blocks.push_back(chain.factory.make(blocks.empty() ? parent : blocks.back(),
                                            {.seconds = seconds,
                                             .extra_data = to_bytes(as_bytes(extra))}));
    return blocks;
}

TEST(ChainManager, a_new_store_has_the_genesis_block_as_head) {
    ChainFixture chain{test_genesis(Revision::London, 2)};
    chain.expect_sound(chain.factory.genesis_block());
    EXPECT_TRUE(chain.events.empty());
}

TEST(ChainManager, another_genesis_is_refused_with_both_hashes) {
    ChainFixture chain{test_genesis(Revision::London, 2)};
    const auto stored = chain.head();
    chain.manager.reset();
    const auto other = test_genesis(Revision::London, 3);
    const auto opened = chain::ChainManager::open(*chain.store, other);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().stored, stored);
    EXPECT_EQ(opened.error().wanted, chain::make_genesis_block(other).header.hash());
}

TEST(ChainManager, transfers_and_contracts_are_executed_and_told) {
    for (const Revision revision : {Revision::Frontier, Revision::Byzantium, Revision::London}) {
        SCOPED_TRACE(static_cast<int>(revision));
        ChainFixture chain{test_genesis(revision, 2)};
        const TestKey a{1};
        const TestKey b{2};
        const bool is_protected = revision >= Revision::Spurious;
        // Its constructor stores 7 in slot 1 and leaves no code.
        const Bytes init = vm::test::push(7) + vm::test::push(1) + vm::OP_SSTORE;
        const Block first = chain.factory.make(
            chain.factory.genesis_block(),
            {.transactions = {make_tx(a, 0, b.address, kOneCoin, {}, 21000, 2'000'000'000,
                                      is_protected),
                              make_tx(a, 1, std::nullopt, {}, init, 200'000, 2'000'000'000,
                                      is_protected),
                              make_tx(b, 0, a.address, Wei{5}, {}, 21000, 2'000'000'000,
                                      is_protected)}});
        EXPECT_EQ(chain.say(first), "canonical");
        const Block second = chain.factory.make(first);
        EXPECT_EQ(chain.say(second), "canonical");
        chain.expect_sound(second);
        chain.expect_state(chain.manager->view(), first);
        chain.expect_state(chain.manager->view(), chain.factory.genesis_block());
        chain.manager->stop();
        ASSERT_EQ(chain.events.size(), 2U);
        EXPECT_EQ(chain.events[0]->applied.size(), 1U);
        EXPECT_EQ(chain.events[0]->applied[0]->receipts,
                  chain.factory.receipts_of(first.header.hash()));
        EXPECT_EQ(chain.events[0]->applied[0]->senders,
                  (std::vector<Address>{a.address, a.address, b.address}));
        EXPECT_EQ(chain.manager->stats().blocks, 2U);
        EXPECT_EQ(chain.manager->stats().transactions, 3U);
        EXPECT_EQ(chain.manager->view().receipts({1, first.header.hash()}),
                  chain.factory.receipts_of(first.header.hash()));
    }
}

TEST(ChainManager, each_block_gets_its_own_kind_of_answer) {
    ChainFixture chain{test_genesis(Revision::London, 1)};
    const Block& genesis = chain.factory.genesis_block();
    const Block first = chain.factory.make(genesis);
    const Block second = chain.factory.make(first);
    EXPECT_EQ(chain.submit(second).status, ImportStatus::UnknownParent);
    EXPECT_EQ(chain.submit(genesis).status, ImportStatus::AlreadyKnown);
    EXPECT_EQ(chain.submit(first).status, ImportStatus::Canonical);
    EXPECT_EQ(chain.submit(first).status, ImportStatus::AlreadyKnown);
    EXPECT_EQ(chain.submit(second).status, ImportStatus::Canonical);
    const Block lighter = chain.factory.make(first, {.seconds = 100});
    EXPECT_EQ(chain.submit(lighter).status, ImportStatus::SideChain);
    EXPECT_EQ(chain.submit(lighter).status, ImportStatus::AlreadyKnown);
    const Block early = chain.factory.make(second, {.seconds = 2'000'000'000});
    EXPECT_EQ(chain.submit(early).status, ImportStatus::Early);
    const auto garbage = chain.manager->submit_encoded(Bytes{0xc0}).get();
    EXPECT_EQ(garbage.status, ImportStatus::Undecodable);
    EXPECT_TRUE(garbage.decode_error);
    chain.expect_sound(second);
    chain.manager->stop();
    EXPECT_EQ(chain.submit(first).status, ImportStatus::NotProcessed);
}

TEST(ChainManager, nothing_of_a_bad_block_is_written_and_its_descendants_fall_with_it) {
    struct Case {
        std::function<void(Header&)> spoil;
        BlockError error;
    };
    const Case cases[] = {
        {[](Header& h) { h.gas_limit = 1; }, BlockError::GasLimitTooLow},
        {[](Header& h) { h.difficulty.value += Uint256{1}; }, BlockError::DifficultyWrong},
        {[](Header& h) { h.gas_used += 1; }, BlockError::GasUsedWrong},
        {[](Header& h) { h.logs_bloom.data()[0] ^= 1; }, BlockError::LogsBloomWrong},
        {[](Header& h) { h.receipts_root = {}; }, BlockError::ReceiptsRootWrong},
        {[](Header& h) { h.state_root = {}; }, BlockError::StateRootWrong},
    };
    for (const Case& spoilt : cases) {
        ChainFixture chain{test_genesis(Revision::London, 1)};
        const Block bad = chain.factory.make(chain.factory.genesis_block(),
                                             {.seconds = 5, .spoil = spoilt.spoil});
        for (int i = 0; i < 2; ++i) {
            const auto outcome = chain.submit(bad);
            EXPECT_EQ(outcome.status, ImportStatus::Invalid);
            ASSERT_TRUE(outcome.fault);
            EXPECT_EQ(outcome.fault->error, spoilt.error);
        }
        Header orphan = *bad.header;
        orphan.parent_hash = bad.header.hash();
        orphan.number = 2;
        const auto descendant = chain.submit(Block{HashedHeader{orphan}, {}});
        ASSERT_TRUE(descendant.fault);
        EXPECT_EQ(descendant.fault->error, BlockError::ParentInvalid);
        EXPECT_FALSE(chain.manager->view().find(bad.header.hash()));
        // The state that the bad block's execution left behind must not leak into the next one.
        const Block good = chain.factory.make(chain.factory.genesis_block());
        EXPECT_EQ(chain.say(good), "canonical");
        chain.expect_sound(good);
        EXPECT_GE(chain.manager->stats().rejected, 2U);
    }
}

TEST(ChainManager, a_foreign_body_does_not_condemn_the_header) {
    ChainFixture chain{test_genesis(Revision::London, 2)};
    const TestKey a{1};
    const Block good =
        chain.factory.make(chain.factory.genesis_block(),
                           {.transactions = {make_tx(a, 0, TestKey{2}.address, kOneCoin)}});
    const auto mixed = chain.submit(Block{good.header, {}});
    ASSERT_TRUE(mixed.fault);
    EXPECT_EQ(mixed.fault->error, BlockError::TransactionsRootWrong);
    EXPECT_EQ(chain.say(good), "canonical");
    chain.expect_sound(good);
}

TEST(ChainManager, the_heavier_chain_wins_and_everybody_hears_of_both) {
    ChainFixture chain{test_genesis(Revision::Byzantium, 2)};
    const TestKey a{1};
    const Block& genesis = chain.factory.genesis_block();
    const Block slow1 = chain.factory.make(
        genesis, {.transactions = {make_tx(a, 0, TestKey{2}.address, kOneCoin)}, .seconds = 50});
    const Block slow2 = chain.factory.make(slow1, {.seconds = 50});
    const Block fast1 = chain.factory.make(
        genesis, {.transactions = {make_tx(a, 0, TestKey{2}.address, Wei{3})}, .seconds = 1});
    const Block fast2 = chain.factory.make(fast1, {.seconds = 1});
    EXPECT_EQ(chain.say(slow1), "canonical");
    EXPECT_EQ(chain.say(slow2), "canonical");
    EXPECT_EQ(chain.say(fast1), "side chain");
    EXPECT_EQ(chain.head(), slow2.header.hash());
    EXPECT_EQ(chain.say(fast2), "canonical");
    chain.expect_sound(fast2);
    chain.expect_state(chain.manager->view(), fast1);
    ASSERT_EQ(chain.events.size(), 3U);
    const auto& reorg = *chain.events.back();
    EXPECT_TRUE(reorg.is_reorg());
    ASSERT_EQ(reorg.reverted.size(), 2U);
    EXPECT_EQ(reorg.reverted[0]->ref().hash, slow2.header.hash());
    EXPECT_EQ(reorg.reverted[1]->receipts, chain.factory.receipts_of(slow1.header.hash()));
    ASSERT_EQ(reorg.applied.size(), 2U);
    EXPECT_EQ(reorg.applied[1]->ref().hash, fast2.header.hash());
    EXPECT_EQ(reorg.total, chain.factory.total_of(fast2.header.hash()));
    EXPECT_EQ(chain.manager->stats().reorgs, 1U);
    EXPECT_EQ(chain.manager->stats().deepest_reorg, 2U);
}

TEST(ChainManager, at_a_tie_the_first_seen_stays) {
    ChainFixture chain{test_genesis(Revision::London, 1)};
    const auto a = make_chain(chain, chain.factory.genesis_block(), 3, 10, "a");
    const auto b = make_chain(chain, chain.factory.genesis_block(), 3, 10, "b");
    for (const Block& block : a) EXPECT_EQ(chain.say(block), "canonical");
    for (const Block& block : b) EXPECT_EQ(chain.say(block), "side chain");
    chain.expect_sound(a.back());
    const Block decisive = chain.factory.make(b.back());
    EXPECT_EQ(chain.say(decisive), "canonical");
    chain.expect_sound(decisive);
}

TEST(ChainManager, a_bad_block_inside_a_heavier_chain_leaves_the_head_where_it_was) {
    ChainFixture chain{test_genesis(Revision::London, 1)};
    const auto slow = make_chain(chain, chain.factory.genesis_block(), 3, 60);
    for (const Block& block : slow) EXPECT_EQ(chain.say(block), "canonical");
    const Block fast1 = chain.factory.make(chain.factory.genesis_block(), {.seconds = 1});
    // Its state root cannot be seen to be wrong before it is executed, so it is stored at first.
    const Block bad2 = chain.factory.make(
        fast1, {.seconds = 1, .spoil = [](Header& h) { h.state_root = {}; }});
    Header next = *bad2.header;
    next.parent_hash = bad2.header.hash();
    next.number += 1;
    next.timestamp += 1;
    next.difficulty = chain::next_difficulty(
        chain.factory.genesis().spec, chain::rules_of(Revision::London), *bad2.header,
        next.timestamp);
    next.base_fee = chain::next_base_fee(*bad2.header);
    const Block fast3{HashedHeader{next}, {}};
    EXPECT_EQ(chain.say(fast1), "side chain");
    EXPECT_EQ(chain.say(bad2), "side chain");
    EXPECT_EQ(chain.say(fast3), "invalid: parent is invalid");
    chain.expect_sound(slow.back());
    EXPECT_EQ(chain.say(bad2), "invalid: " + std::string{to_string(BlockError::StateRootWrong)});
    EXPECT_EQ(chain.say(fast3), "invalid: parent is invalid");
    EXPECT_TRUE(chain.events.back()->reverted.empty());
    // The good beginning of that chain still counts.
    const auto rest = make_chain(chain, fast1, 3, 1, "good");
    for (const Block& block : rest) EXPECT_TRUE(chain.submit(block).is_stored());
    chain.expect_sound(rest.back());
}

TEST(ChainManager, many_blocks_go_into_few_transactions_and_come_out_in_order) {
    chain::ChainManagerOptions options;
    options.batch_blocks_max = 16;
    options.queue_blocks_max = 8;
    ChainFixture chain{test_genesis(Revision::London, 1), options};
    const auto blocks = make_chain(chain, chain.factory.genesis_block(), 100, 10);
    std::vector<BlockNumber> order;
    for (const Block& block : blocks)
        chain.manager->submit_encoded(encode_block(block), [&](const chain::ImportOutcome& outcome) {
            EXPECT_EQ(outcome.status, ImportStatus::Canonical);
            order.push_back(outcome.block.number);
        });
    EXPECT_EQ(chain.submit(blocks.back()).status, ImportStatus::AlreadyKnown);
    ASSERT_EQ(order.size(), 100U);
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
    chain.expect_sound(blocks.back());
    BlockNumber next = 1;
    for (const auto& event : chain.events) {
        EXPECT_LE(event->applied.size(), 16U);
        for (const auto& block : event->applied) EXPECT_EQ(block->ref().number, next++);
    }
    EXPECT_EQ(next, 101U);
}

TEST(ChainManager, safe_and_finalized_are_depths_and_after_the_merge_the_head) {
    chain::ChainManagerOptions options;
    options.safe_confirmations = 2;
    options.finalized_confirmations = 4;
    const auto number_of = [](const ChainFixture& chain, chain::BlockTag tag) {
        const auto block = chain.manager->view().resolve(tag);
        return block ? block->number : BlockNumber{999};
    };
    ChainFixture work{test_genesis(Revision::London, 1), options};
    const auto blocks = make_chain(work, work.factory.genesis_block(), 6, 10);
    const std::pair<BlockNumber, BlockNumber> expected[] = {{0, 0}, {1, 0}, {2, 0}, {3, 1}};
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_EQ(work.say(blocks[i]), "canonical");
        EXPECT_EQ(number_of(work, chain::BlockTag::Safe), expected[i].first);
        EXPECT_EQ(number_of(work, chain::BlockTag::Finalized), expected[i].second);
    }
    EXPECT_TRUE(work.manager->set_head({1, blocks[0].header.hash()}).get());
    EXPECT_EQ(number_of(work, chain::BlockTag::Safe), 0U);
    ChainFixture merged{test_genesis(Revision::Shanghai, 1), options};
    for (const Block& block : make_chain(merged, merged.factory.genesis_block(), 3, 10))
        EXPECT_EQ(merged.say(block), "canonical");
    EXPECT_EQ(number_of(merged, chain::BlockTag::Safe), 3U);
    EXPECT_EQ(number_of(merged, chain::BlockTag::Finalized), 3U);
}

TEST(ChainManager, a_chain_goes_on_where_it_was_left) {
    ChainFixture chain{test_genesis(Revision::London, 1)};
    const auto blocks = make_chain(chain, chain.factory.genesis_block(), 6, 10);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(chain.say(blocks[i]), "canonical");
    chain.close();
    chain.open();
    for (std::size_t i = 3; i < 6; ++i) EXPECT_EQ(chain.say(blocks[i]), "canonical");
    chain.expect_sound(blocks.back());
}

TEST(ChainManager, state_below_the_horizon_is_pruned_and_forks_from_there_are_refused) {
    chain::ChainManagerOptions options;
    options.keep_state_blocks = 4;
    ChainFixture chain{test_genesis(Revision::London, 1), options};
    const auto blocks = make_chain(chain, chain.factory.genesis_block(), 10, 60);
    for (const Block& block : blocks) EXPECT_EQ(chain.say(block), "canonical");
    EXPECT_EQ(chain.manager->view().horizon(), 6U);
    EXPECT_FALSE(chain.manager->view().state_at(5));
    chain.expect_sound(blocks.back());
    const auto heavier = make_chain(chain, chain.factory.genesis_block(), 12, 1);
    std::string last;
    for (const Block& block : heavier) last = chain.say(block);
    EXPECT_EQ(last, "below the pruning horizon");
    chain.expect_sound(blocks.back());
}

TEST(ChainManager, set_head_goes_back_and_the_chain_goes_on_from_there) {
    ChainFixture chain{test_genesis(Revision::London, 1)};
    const auto blocks = make_chain(chain, chain.factory.genesis_block(), 5, 10);
    for (const Block& block : blocks) EXPECT_EQ(chain.say(block), "canonical");
    EXPECT_TRUE(chain.manager->set_head({2, blocks[1].header.hash()}).get());
    chain.expect_sound(blocks[1]);
    EXPECT_EQ(chain.events.back()->reverted.size(), 3U);
    EXPECT_TRUE(chain.events.back()->applied.empty());
    EXPECT_EQ(chain.events.back()->head.hash, blocks[1].header.hash());
    EXPECT_FALSE(chain.manager->set_head({4, blocks[3].header.hash()}).get());
    const Block other = chain.factory.make(blocks[1], {.seconds = 30});
    EXPECT_EQ(chain.say(other), "canonical");
    chain.expect_sound(other);
    // Offered again, the heavier chain that was left counts again.
    EXPECT_EQ(chain.say(blocks[4]), "canonical");
    chain.expect_sound(blocks[4]);
}

TEST(ChainManager, an_operator_can_call_a_block_invalid_and_think_again) {
    ChainFixture chain{test_genesis(Revision::London, 1)};
    const auto best = make_chain(chain, chain.factory.genesis_block(), 4, 1);
    const auto second = make_chain(chain, best[0], 2, 60);
    for (const Block& block : best) EXPECT_EQ(chain.say(block), "canonical");
    for (const Block& block : second) EXPECT_EQ(chain.say(block), "side chain");
    EXPECT_FALSE(chain.manager->invalidate(chain.factory.genesis_block().header.hash()).get());
    EXPECT_FALSE(chain.manager->invalidate(BlockHash{}).get());
    EXPECT_TRUE(chain.manager->invalidate(best[1].header.hash()).get());
    chain.expect_sound(second.back());
    EXPECT_EQ(chain.say(best[1]), "invalid: called invalid by the operator");
    EXPECT_EQ(chain.say(chain.factory.make(best[1], {.seconds = 3})), "invalid: parent is invalid");
    EXPECT_TRUE(chain.manager->reconsider(best[1].header.hash()).get());
    chain.expect_sound(best.back());
    EXPECT_FALSE(chain.manager->reconsider(BlockHash{}).get());
}

TEST(ChainManager, a_state_changed_by_hand_holds_from_the_head_on_and_can_be_wound_back) {
    ChainFixture chain{test_genesis(Revision::London, 1)};
    const auto blocks = make_chain(chain, chain.factory.genesis_block(), 2, 10);
    for (const Block& block : blocks) EXPECT_EQ(chain.say(block), "canonical");
    const Address rich = TestKey{7}.address;
    const Address poor = TestKey{1}.address;
    const auto before = chain.factory.state_after(blocks[1].header.hash());
    EXPECT_TRUE(chain.manager
                    ->pretend({{.address = rich,
                                .balance = kOneCoin,
                                .nonce = 4,
                                .code = Bytes{vm::OP_STOP},
                                .storage = {{Uint256{1}, Uint256{2}}}},
                               {.address = poor, .balance = Wei{}}})
                    .get());
    ASSERT_EQ(chain.events.size(), 3U);
    EXPECT_TRUE(chain.events.back()->applied.empty());
    EXPECT_EQ(chain.events.back()->head.hash, blocks[1].header.hash());
    const auto expect_pretended = [&](BlockNumber number) {
        const auto view = chain.manager->view();
        const auto state = view.state_at(number);
        ASSERT_TRUE(state);
        EXPECT_EQ((*state)->account(rich)->balance, kOneCoin);
        EXPECT_EQ((*state)->account(rich)->nonce, 4U);
        EXPECT_EQ((*state)->storage(rich, Uint256{1}), Uint256{2});
        EXPECT_FALSE((*state)->account(poor));
    };
    expect_pretended(2);
    {
        const auto view = chain.manager->view();
        EXPECT_EQ((*view.state_at(1))->account(poor)->balance, before.account(poor)->balance);
    }
    // The next block stands on the state as it is pretended to be.
    BlockFactory::Plan plan;
    Block next = chain.factory.make(blocks[1], plan);
    chain::MemoryState after = before;
    after.set_account(rich, 4, kOneCoin, Bytes{vm::OP_STOP});
    after.set_storage(rich, Uint256{1}, Uint256{2});
    chain::StateRootBuilder builder;
    for (const auto& [address, account] : chain.factory.state_after(next.header.hash()).accounts())
        if (address != poor)
            builder.add(address, account.record.nonce, account.record.balance,
                        account.record.code_hash, account.storage);
    const auto& pretended = after.accounts().at(rich);
    builder.add(rich, 4, kOneCoin, pretended.record.code_hash, pretended.storage);
    Header header = *next.header;
    header.state_root = builder.root();
    next.header = HashedHeader{header};
    EXPECT_EQ(chain.say(next), "canonical");
    expect_pretended(2);
    expect_pretended(3);
    EXPECT_TRUE(chain::check_store(*chain.store).is_clean());
    // Back to the block whose state was changed, then to the one before.
    EXPECT_TRUE(chain.manager->set_head({2, blocks[1].header.hash()}).get());
    expect_pretended(2);
    EXPECT_TRUE(chain.manager->set_head({1, blocks[0].header.hash()}).get());
    chain.expect_sound(blocks[0]);
}

TEST(ChainManager, a_transaction_without_a_signer_or_funds_spoils_its_block) {
    ChainFixture chain{test_genesis(Revision::London, 2)};
    const Block good = chain.factory.make(
        chain.factory.genesis_block(),
        {.transactions = {make_tx(TestKey{1}, 0, TestKey{2}.address, kOneCoin)}});
    // A stranger's transfer instead: the header commits to it, the state does not allow it.
    Block poor = good;
    poor.body.transactions = {make_tx(TestKey{9}, 0, TestKey{2}.address, kOneCoin)};
    Header header = *good.header;
    header.transactions_root = chain::transactions_root_of(poor.body.transactions);
    poor.header = HashedHeader{header};
    const auto outcome = chain.submit(poor);
    ASSERT_TRUE(outcome.fault);
    EXPECT_EQ(*outcome.fault,
              (chain::BlockFault{BlockError::TxInvalid, 0, chain::TxError::InsufficientFunds}));
    // Twice the same: the second nonce is too low.
    Block twice = good;
    twice.body.transactions.push_back(twice.body.transactions.front());
    header.transactions_root = chain::transactions_root_of(twice.body.transactions);
    twice.header = HashedHeader{header};
    EXPECT_EQ(*chain.submit(twice).fault,
              (chain::BlockFault{BlockError::TxInvalid, 1, chain::TxError::NonceTooLow}));
    EXPECT_EQ(chain.say(good), "canonical");
}

TEST(ChainManager, stopping_answers_everybody) {
    ChainFixture chain{test_genesis(Revision::London, 1)};
    const auto blocks = make_chain(chain, chain.factory.genesis_block(), 60, 10);
    std::vector<std::future<chain::ImportOutcome>> outcomes;
    for (const Block& block : blocks) outcomes.push_back(chain.manager->submit(block));
    chain.manager->stop();
    bool has_ended = false;
    for (auto& outcome : outcomes) {
        const auto status = outcome.get().status;
        // What was taken in time is canonical, then nothing more is processed.
        if (status != ImportStatus::Canonical) has_ended = true;
        EXPECT_EQ(status == ImportStatus::NotProcessed, has_ended);
    }
}

}  // namespace
}  // namespace cairn::test
