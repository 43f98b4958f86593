// SPDX-License-Identifier: MIT
#include "chain/import/replay.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "chain/store/block_store.hpp"
#include "chain/store/history.hpp"
#include "chain/store/store_writer.hpp"
#include "tests/support/bytecode.hpp"
#include "tests/unit/chain/import/chain_fixture.hpp"

namespace cairn::test {
namespace {

using chain::ReplayFinding;
using chain::ReplayOptions;
using chain::ReplayReport;
using chain::StoreWriter;

constexpr BlockNumber kBlocks = 70;  // more than two runs of one thread

/// A chain of kBlocks blocks with a transfer each, and a contract that writes a slot in some.
class Replay : public testing::TestWithParam<Revision> {
protected:
    Replay() : chain_{test_genesis(GetParam(), 2)} {
        const TestKey a{1};
        const TestKey b{2};
        const bool is_protected = GetParam() >= Revision::Spurious;
        const Bytes init = vm::test::push(7) + vm::test::push(1) + vm::OP_SSTORE;
        Block parent = chain_.factory.genesis_block();
        std::uint64_t nonce = 0;
        for (BlockNumber number = 1; number <= kBlocks; ++number) {
            std::vector<SignedTx> txs{make_tx(a, nonce++, b.address, Wei{number}, {}, 21000,
                                              2'000'000'000, is_protected)};
            if (number % 10 == 0)
                txs.push_back(make_tx(a, nonce++, std::nullopt, {}, init, 200'000, 2'000'000'000,
                                      is_protected));
            parent = chain_.factory.make(parent, {.transactions = std::move(txs)});
            EXPECT_EQ(chain_.say(parent), "canonical");
        }
    }

    ReplayReport replay(ReplayOptions options = {}) {
        return chain::replay_blocks(*chain_.store, chain_.factory.genesis().spec, options);
    }
    chain::BlockRef ref(BlockNumber number) const {
        return {number, *chain_.manager->view().canonical_hash(number)};
    }
    /// What replay says after `harm` was done to the store.
    std::vector<ReplayFinding> findings_after(const std::function<void(StoreWriter&)>& harm) {
        chain_.manager->stop();
        StoreWriter writer{*chain_.store};
        harm(writer);
        writer.commit();
        return replay().findings;
    }

    ChainFixture chain_;
};

INSTANTIATE_TEST_SUITE_P(Revisions, Replay,
                         testing::Values(Revision::Frontier, Revision::Byzantium,
                                         Revision::London));

TEST_P(Replay, of_a_sound_chain_agrees_on_one_thread_and_on_several) {
    const auto one = replay();
    EXPECT_EQ(one.first, 1U);
    EXPECT_EQ(one.last, kBlocks);
    EXPECT_EQ(one.blocks, kBlocks);
    EXPECT_EQ(one.transactions, kBlocks + kBlocks / 10);
    EXPECT_GT(one.gas, kBlocks * 21000);
    EXPECT_TRUE(one.findings.empty());
    EXPECT_TRUE(one.is_complete);

    ReplayOptions options;
    options.parallel = [](std::size_t count, const std::function<void(std::size_t)>& job) {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < count; ++i) threads.emplace_back([&job, i] { job(i); });
    };
    const auto several = replay(options);
    EXPECT_EQ(several.blocks, kBlocks);
    EXPECT_EQ(several.gas, one.gas);
    EXPECT_TRUE(several.findings.empty());
}

TEST_P(Replay, takes_the_blocks_it_is_asked_for) {
    ReplayOptions options;
    options.first = 0;
    options.last = 3;
    EXPECT_EQ(replay(options).blocks, 3U) << "genesis is not executed";
    options.first = kBlocks;
    options.last = kBlocks + 9;
    EXPECT_EQ(replay(options).blocks, 1U);
    options.first = kBlocks + 1;
    const auto none = replay(options);
    EXPECT_EQ(none.blocks, 0U);
    EXPECT_GT(none.first, none.last);
}

TEST_P(Replay, begins_above_the_horizon) {
    chain_.manager->stop();
    {
        StoreWriter writer{*chain_.store};
        ASSERT_EQ(writer.prune_below(40), 40U);
        writer.commit();
    }
    const auto report = replay();
    EXPECT_EQ(report.first, 41U);
    EXPECT_EQ(report.blocks, kBlocks - 40);
    EXPECT_TRUE(report.findings.empty());
}

TEST_P(Replay, names_the_block_and_account_of_a_wrong_change) {
    const Address payee = TestKey{2}.address;
    const auto findings = findings_after([&](StoreWriter& writer) {
        auto diff = *writer.change_log(33);
        for (auto& change : diff.accounts)
            if (change.address == payee) change.after->nonce += 1;
        writer.write_txn().put(chain::Table::ChangeLog, chain::number_key(33),
                               chain::encode_change_log(diff));
    });
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].block.number, 33U);
    EXPECT_EQ(findings[0].block, ref(33));
    EXPECT_NE(findings[0].what.find(to_hex0x(payee)), std::string::npos) << findings[0].what;
}

TEST_P(Replay, names_a_slot_that_is_wrong_or_lacking) {
    const auto findings = findings_after([&](StoreWriter& writer) {
        auto diff = *writer.change_log(20);
        ASSERT_EQ(diff.storage.size(), 1U);
        diff.storage[0].after = Uint256{8};
        writer.write_txn().put(chain::Table::ChangeLog, chain::number_key(20),
                               chain::encode_change_log(diff));
        diff = *writer.change_log(30);
        diff.storage.clear();
        writer.write_txn().put(chain::Table::ChangeLog, chain::number_key(30),
                               chain::encode_change_log(diff));
    });
    ASSERT_EQ(findings.size(), 2U);
    EXPECT_EQ(findings[0].block.number, 20U);
    EXPECT_EQ(findings[1].block.number, 30U);
    for (const auto& finding : findings)
        EXPECT_NE(finding.what.find("slot 0x1 of"), std::string::npos) << finding.what;
}

TEST_P(Replay, notices_wrong_receipts_and_senders) {
    const auto findings = findings_after([&](StoreWriter& writer) {
        auto receipts = *writer.receipts(ref(7));
        receipts[0].cumulative_gas_used += 1;
        chain::put_receipts_row(writer.write_txn(), ref(7), receipts);
        const std::vector<Address> senders{TestKey{2}.address};
        chain::put_senders_row(writer.write_txn(), ref(9), senders);
    });
    ASSERT_EQ(findings.size(), 2U);
    EXPECT_EQ(findings[0].block.number, 7U);
    EXPECT_NE(findings[0].what.find("receipts"), std::string::npos);
    EXPECT_EQ(findings[1].block.number, 9U);
    EXPECT_NE(findings[1].what.find("breaks a rule"), std::string::npos) << findings[1].what;
}

TEST_P(Replay, ends_when_it_is_told_to_or_has_found_enough) {
    ReplayOptions options;
    options.on_progress = [](std::uint64_t, std::uint64_t) { return false; };
    EXPECT_TRUE(replay(options).is_complete) << "all was done in one round";
    options.on_progress = {};
    options.findings_max = 1;
    chain_.manager->stop();
    {
        StoreWriter writer{*chain_.store};
        for (const BlockNumber number : {5, 50})
            writer.write_txn().put(chain::Table::ChangeLog, chain::number_key(number),
                                   chain::encode_change_log({}));
        writer.commit();
    }
    EXPECT_EQ(replay(options).findings.size(), 1U);
}

TEST_P(Replay, compares_only_receipts_where_the_state_was_changed_by_hand) {
    chain::AccountPretence pretence;
    pretence.address = TestKey{2}.address;
    pretence.balance = Wei{1};
    ASSERT_TRUE(chain_.manager->pretend({pretence}).get());
    const auto report = replay();
    EXPECT_EQ(report.amended, 1U);
    EXPECT_TRUE(report.findings.empty());
}

}  // namespace
}  // namespace cairn::test
