// SPDX-License-Identifier: MIT
#include "chain/build/template_maker.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

#include "chain/pool/pool_chain.hpp"
#include "tests/unit/chain/import/chain_fixture.hpp"

namespace cairn::chain {
namespace {

using cairn::test::ChainFixture;
using cairn::test::make_tx;
using cairn::test::test_genesis;
using cairn::test::TestKey;

constexpr UnixSeconds kNow = 1'000'000'000;

/// A maker that makes a template for every change, and a wait for the one that is wanted.
class TemplateMakerTest : public testing::Test {
protected:
    TemplateMakerTest() {
        subscription = maker.templates().subscribe([this](const BlockTemplatePtr& made) {
            const std::lock_guard lock{mutex};
            made_last = made;
            changed.notify_all();
        });
    }
    ~TemplateMakerTest() override { maker.stop(); }
    /// The next template, from this one on, that is as wanted; null where none comes.
    template <class Wanted>
    BlockTemplatePtr wait_for(Wanted wanted) {
        const auto matching = [&]() -> BlockTemplatePtr {
            if (made_last && wanted(*made_last)) return made_last;
            const auto latest = maker.latest();
            return latest && wanted(*latest) ? latest : nullptr;
        };
        std::unique_lock lock{mutex};
        BlockTemplatePtr found;
        changed.wait_for(lock, std::chrono::seconds{20},
                         [&] { return (found = matching()) != nullptr; });
        return found;
    }
    [[nodiscard]] static TemplateMakerOptions fast() {
        TemplateMakerOptions out;
        out.rebuild.debounce = std::chrono::milliseconds{1};
        out.rebuild.interval_min = std::chrono::milliseconds{1};
        out.tick = std::chrono::milliseconds{1};
        out.clock = [] { return kNow; };
        return out;
    }

    ChainFixture ledger{test_genesis(Revision::London, 2)};
    StoreChain chain{*ledger.store};
    TxPool pool{ledger.manager->spec(), chain, PoolOptions{}, kNow};
    std::mutex mutex;
    std::condition_variable changed;
    BlockTemplatePtr made_last;
    TemplateMaker maker{*ledger.manager, pool, {}, fast()};
    EventBus<BlockTemplatePtr>::Subscription subscription;
    TestKey key{1};
};

TEST_F(TemplateMakerTest, makes_one_on_the_head_it_finds) {
    const auto made = wait_for([](const BlockTemplate&) { return true; });
    ASSERT_TRUE(made);
    EXPECT_EQ(made->block().header->parent_hash, ledger.head());
    EXPECT_EQ(made->block().header->timestamp, kNow);
    EXPECT_TRUE(maker.last_fault().empty());
}

TEST_F(TemplateMakerTest, a_transaction_comes_into_the_next) {
    ASSERT_TRUE(
        pool.add({*recover_sender(make_tx(key, 0, Address{{1}}, Wei{1}))}, Origin::Local, kNow));
    const auto made = wait_for(
        [](const BlockTemplate& one) { return one.block().body.transactions.size() == 1; });
    ASSERT_TRUE(made);
    EXPECT_FALSE(made->fees.is_zero());
}

TEST_F(TemplateMakerTest, follows_the_chain_and_keeps_the_pool_up) {
    ASSERT_TRUE(
        pool.add({*recover_sender(make_tx(key, 0, Address{{1}}, Wei{1}))}, Origin::Local, kNow));
    const auto first = wait_for(
        [](const BlockTemplate& one) { return one.block().body.transactions.size() == 1; });
    ASSERT_TRUE(first);
    ASSERT_EQ(ledger.say(first->block()), "canonical");
    const auto second = wait_for([&](const BlockTemplate& one) {
        return one.block().header->parent_hash == first->block().header.hash();
    });
    ASSERT_TRUE(second);
    EXPECT_TRUE(second->block().body.transactions.empty());
    EXPECT_EQ(pool.status().pending, 0u);
    // The clock stands still, so that the parent's time decides.
    EXPECT_EQ(second->block().header->timestamp, kNow + 1);
}

TEST_F(TemplateMakerTest, posts_to_the_board_it_is_given_and_withdraws) {
    std::optional<Block> sealed;
    JobBoard board{ledger.manager->seal_engine(), [&](Block block) { sealed = std::move(block); }};
    ASSERT_TRUE(wait_for([](const BlockTemplate&) { return true; }));
    maker.set_board(&board);
    const auto posting = board.current();
    ASSERT_TRUE(posting.job);
    EXPECT_EQ(posting.parent_hash, ledger.head());
    EXPECT_EQ(board.submit(posting.job->base.seal_hash, Seal{}), SealOutcome::Accepted);
    ASSERT_TRUE(sealed);
    EXPECT_EQ(ledger.say(*sealed), "canonical");
    maker.set_board(nullptr);
    EXPECT_FALSE(board.current().job);
}

TEST_F(TemplateMakerTest, new_wishes_are_in_the_next_one) {
    BlockAttributes wishes = maker.attributes();
    wishes.beneficiary = Address{{0x42}};
    wishes.extra_data.assign(33, 0);
    maker.set_attributes(wishes);
    while (maker.last_fault().empty()) std::this_thread::yield();
    EXPECT_EQ(maker.last_fault(), "the extra data is too long");
    EXPECT_FALSE(maker.latest());
    wishes.extra_data.assign(32, 0);
    maker.set_attributes(wishes);
    EXPECT_TRUE(wait_for([&](const BlockTemplate& one) {
        return one.block().header->beneficiary == Address{{0x42}};
    }));
}

TEST_F(TemplateMakerTest, a_paused_one_makes_none_and_goes_on_after) {
    ASSERT_TRUE(wait_for([](const BlockTemplate&) { return true; }));
    maker.set_paused(true);
    const auto block = ledger.factory.make(ledger.factory.genesis_block());
    ASSERT_EQ(ledger.say(block), "canonical");
    while (pool.head().ref.number == 0) std::this_thread::yield();
    EXPECT_FALSE(maker.latest());
    maker.set_paused(false);
    EXPECT_TRUE(wait_for([&](const BlockTemplate& one) {
        return one.block().header->parent_hash == block.header.hash();
    }));
}

TEST_F(TemplateMakerTest, a_stopped_one_answers_still) {
    maker.stop();
    maker.stop();
    maker.set_board(nullptr);
    maker.set_attributes({});
    (void)maker.latest();
    EXPECT_TRUE(maker.last_fault().empty());
}

}  // namespace
}  // namespace cairn::chain
