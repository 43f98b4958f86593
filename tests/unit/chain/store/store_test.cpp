// SPDX-License-Identifier: MIT
// The store against a plain model that keeps the full state after every block.
#include "chain/store/store.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "tests/unit/chain/store/chain_model.hpp"
#include "tests/unit/chain/store/temp_folder.hpp"

namespace {

using namespace cairn;
using namespace cairn::chain;
using cairn::test::ChainModel;
using cairn::test::ModelShape;
using cairn::test::TempFolder;

/// Waiting for the disk is tested elsewhere.
StoreOptions quick() {
    StoreOptions options;
    options.durability = Durability::None;
    return options;
}

void extend(Store& store, ChainModel& model, std::size_t count) {
    StoreWriter writer{store};
    for (; count > 0; --count) model.extend(writer);
    writer.commit();
}

/// Every block's data, and the state after it.
void expect_equal(const Store& store, const ChainModel& model, std::size_t first = 0,
                  std::size_t step = 1) {
    const ReadView view{store};
    ASSERT_EQ(view.head(), model.ref(model.size() - 1));
    for (std::size_t n = first; n < model.size(); n += step)
        ASSERT_EQ(model.compare_block(view, n), "") << "block " << n;
    ASSERT_EQ(view.canonical_hash(model.size()), std::nullopt);
}

TEST(Store, empty_one_has_no_head_and_no_state) {
    const TempFolder folder;
    const Store store{folder.path(), quick()};
    const ReadView view{store};
    EXPECT_EQ(view.head(), std::nullopt);
    EXPECT_EQ(view.genesis_hash(), std::nullopt);
    EXPECT_EQ(view.horizon(), 0U);
    const auto state = view.state_at(0);
    ASSERT_FALSE(state);
    EXPECT_EQ(state.error().cause, StateMissing::Cause::NotKnown);
    for (const auto tag :
         {BlockTag::Latest, BlockTag::Earliest, BlockTag::Safe, BlockTag::Finalized}) {
        const auto block = view.resolve(tag);
        ASSERT_FALSE(block);
        EXPECT_EQ(block.error(), LookupError::NotKnown);
    }
    EXPECT_TRUE(view.log_blocks({}, 0, 100, 100).empty());
}

TEST(Store, thousands_of_blocks_with_reorganisations_read_as_the_model_at_every_height) {
    const TempFolder folder;
    Store store{folder.path(), quick()};
    ChainModel model{1};
    std::set<TxHash> retracted;
    while (model.size() < 2000) {
        StoreWriter writer{store};
        for (auto back = model.next(4) == 0 ? model.next(60) : 0; back > 0 && model.size() > 1;
             --back) {
            for (const auto& tx : model.at(model.size() - 1).made.block.body.transactions)
                retracted.insert(tx.hash());
            model.retract(writer);
        }
        for (auto count = model.next(120); count > 0; --count) model.extend(writer);
        writer.commit();
    }
    expect_equal(store, model);
    const ReadView view{store};
    for (const auto& tx : retracted) EXPECT_EQ(view.find_tx(tx), std::nullopt);
    for (std::size_t n = 0; n < model.size(); n += 97)
        EXPECT_EQ(model.at(n).made.block.header->state_root, model.root_at(n)) << n;
    EXPECT_FALSE(retracted.empty());
}

TEST(Store, writer_reads_what_it_wrote_before_it_commits) {
    const TempFolder folder;
    Store store{folder.path(), quick()};
    ChainModel model{7};
    {
        StoreWriter writer{store};
        for (int round = 0; round < 8; ++round) {
            for (auto count = 1 + model.next(12); count > 0; --count) model.extend(writer);
            // The head's state first: everything else makes the tables whole.
            ASSERT_EQ(model.compare_state(writer.head_state(), model.size() - 1), "") << round;
            for (std::size_t n = 0; n < model.size(); ++n)
                ASSERT_EQ(model.compare_block(writer, n), "") << "block " << n;
            model.extend(writer);
            model.retract(writer);
        }
        writer.commit();
    }
    expect_equal(store, model);
}

TEST(Store, whole_chain_is_taken_back_to_genesis_and_no_further) {
    const TempFolder folder;
    Store store{folder.path(), quick()};
    ChainModel model{2};
    extend(store, model, 300);
    {
        StoreWriter writer{store};
        while (model.size() > 1) model.retract(writer);
        const auto beyond = writer.undo();
        ASSERT_FALSE(beyond);
        EXPECT_EQ(beyond.error(), UndoError::AtGenesis);
        writer.commit();
    }
    expect_equal(store, model);
    const ReadView view{store};
    for (const auto table : {Table::AccountHistory, Table::StorageHistory})
        EXPECT_EQ(view.txn().stats(table).rows, 0U);
    EXPECT_EQ(view.txn().stats(Table::ChangeLog).rows, 1U);
    EXPECT_EQ(view.txn().stats(Table::Accounts).rows, model.at(0).after.accounts().size());
    std::size_t txs = model.at(0).made.block.body.transactions.size();
    EXPECT_EQ(view.txn().stats(Table::TxIndex).rows, txs);
}

TEST(Store, reopened_one_is_the_same_and_goes_on) {
    const TempFolder folder;
    ChainModel model{3};
    for (int round = 0; round < 5; ++round) {
        Store store{folder.path()};
        if (round > 0) expect_equal(store, model);
        extend(store, model, 20);
    }
    const Store store{folder.path()};
    expect_equal(store, model);
}

TEST(Store, aborted_writer_leaves_nothing) {
    const TempFolder folder;
    Store store{folder.path(), quick()};
    ChainModel model{4};
    extend(store, model, 30);
    const auto kept = model.size();
    {
        StoreWriter writer{store};
        for (int i = 0; i < 10; ++i) model.extend(writer);
        EXPECT_EQ(writer.head(), model.ref(model.size() - 1));
        writer.abort();
    }
    model.resize(kept);
    expect_equal(store, model);
    {
        StoreWriter writer{store};
        model.extend(writer);  // and never ends it
    }
    model.resize(kept);
    expect_equal(store, model);
}

TEST(Store, pruned_states_say_so_and_later_ones_stay_right) {
    const TempFolder folder;
    Store store{folder.path(), quick()};
    ChainModel model{5};
    extend(store, model, 200);
    const auto prune = [&](BlockNumber number, std::uint64_t blocks_max) {
        StoreWriter writer{store};
        const auto at = writer.prune_below(number, blocks_max);
        writer.commit();
        return at;
    };
    EXPECT_EQ(prune(120, 50), 50U);
    EXPECT_EQ(prune(120, 0), 50U);
    EXPECT_EQ(prune(120, 1000), 120U);
    EXPECT_EQ(prune(60, 1000), 120U);  // never back
    expect_equal(store, model, 120);
    {
        const ReadView view{store};
        EXPECT_EQ(view.horizon(), 120U);
        for (const BlockNumber n : {0U, 1U, 119U}) {
            const auto state = view.state_at(n);
            ASSERT_FALSE(state) << n;
            EXPECT_EQ(state.error().cause, StateMissing::Cause::Pruned);
            EXPECT_EQ(state.error().oldest, 120U);
            EXPECT_EQ(view.change_log(n), std::nullopt);
            EXPECT_NE(view.block(model.ref(n)), std::nullopt);
        }
        EXPECT_TRUE(view.state_at(120));
        const auto above = view.state_at(200);
        ASSERT_FALSE(above);
        EXPECT_EQ(above.error().cause, StateMissing::Cause::NotKnown);
    }
    StoreWriter writer{store};
    while (model.size() > 121) model.retract(writer);
    const auto beyond = writer.undo();
    ASSERT_FALSE(beyond);
    EXPECT_EQ(beyond.error(), UndoError::Pruned);
    EXPECT_EQ(writer.txn().stats(Table::AccountHistory).rows, 0U);
    EXPECT_EQ(writer.txn().stats(Table::ChangeLog).rows, 0U);
    // Nothing is pruned above the head.
    EXPECT_EQ(writer.prune_below(1000), 120U);
    model.extend(writer);
    EXPECT_EQ(writer.prune_below(1000), 121U);
    writer.commit();
    expect_equal(store, model, 121);
}

TEST(Store, readers_see_one_snapshot_each_while_the_writer_goes_on) {
    const TempFolder folder;
    Store store{folder.path(), quick()};
    ChainModel model{6, ModelShape{12, 4, 5}};
    extend(store, model, 40);
    std::atomic<bool> is_over{false};
    std::atomic<int> views{0};
    std::vector<std::thread> readers;
    std::atomic<bool> is_torn{false};
    for (int r = 0; r < 3; ++r) {
        readers.emplace_back([&] {
            while (!is_over) {
                const ReadView view{store};
                // The head, its header and the tries must belong together, and stay so.
                const auto head = view.head();
                for (int again = 0; again < 3; ++again) {
                    if (view.head() != head || !view.is_canonical(*head) ||
                        stored_root(view.tries(), std::nullopt) !=
                            view.header(*head)->header().state_root ||
                        view.header(head->number + 1) || !view.state_at(head->number / 2))
                        is_torn = true;
                    std::this_thread::yield();
                }
                ++views;
            }
        });
    }
    for (int round = 0; round < 60 || views < 30; ++round) {
        StoreWriter writer{store};
        for (auto back = model.next(4); back > 0 && model.size() > 1; --back) model.retract(writer);
        for (auto count = 1 + model.next(5); count > 0; --count) model.extend(writer);
        writer.commit();
    }
    is_over = true;
    for (auto& reader : readers) reader.join();
    EXPECT_FALSE(is_torn);
    expect_equal(store, model);
}

TEST(Store, snapshot_keeps_the_past_while_the_file_grows_much) {
    const TempFolder folder;
    Store store{folder.path(), quick()};
    ChainModel model{7};
    extend(store, model, 10);
    const ReadView old{store};
    const auto pages_before = store.stats().env.last_page;
    extend(store, model, 500);
    EXPECT_GT(store.stats().env.last_page, 4 * pages_before);
    EXPECT_EQ(old.head(), model.ref(9));
    for (std::size_t n = 0; n < 10; ++n) EXPECT_EQ(model.compare_block(old, n), "");
    EXPECT_EQ(old.canonical_hash(10), std::nullopt);
    expect_equal(store, model, 0, 50);
}

TEST(Store, blocks_are_named_by_tag_number_and_hash) {
    const TempFolder folder;
    Store store{folder.path(), quick()};
    ChainModel model{8};
    extend(store, model, 10);
    {
        StoreWriter writer{store};
        writer.set_safe(model.ref(7));
        writer.set_finalized(model.ref(5));
        writer.commit();
    }
    Header side = model.at(5).made.block.header.header();
    side.timestamp ^= 1;
    const HashedHeader sibling{side};
    {
        StoreWriter writer{store};
        writer.put_header(sibling, {Uint256{9}});
        writer.commit();
    }
    const ReadView view{store};
    EXPECT_EQ(*view.resolve(BlockTag::Latest), model.ref(9));
    EXPECT_EQ(*view.resolve(BlockTag::Earliest), model.ref(0));
    EXPECT_EQ(*view.resolve(BlockTag::Safe), model.ref(7));
    EXPECT_EQ(*view.resolve(BlockTag::Finalized), model.ref(5));
    EXPECT_EQ(*view.resolve(BlockNumber{4}), model.ref(4));
    EXPECT_EQ(view.resolve(BlockNumber{10}).error(), LookupError::NotKnown);
    EXPECT_EQ(*view.resolve(BlockByHash{model.ref(3).hash, true}), model.ref(3));
    EXPECT_EQ(*view.resolve(BlockByHash{sibling.hash(), false}), (BlockRef{5, sibling.hash()}));
    EXPECT_EQ(view.resolve(BlockByHash{sibling.hash(), true}).error(), LookupError::NotCanonical);
    EXPECT_EQ(view.resolve(BlockByHash{BlockHash{}, false}).error(), LookupError::NotKnown);
    EXPECT_EQ(view.genesis_hash(), model.ref(0).hash);
    EXPECT_EQ(view.hashes_at(5).size(), 2U);
    EXPECT_EQ(view.hashes_at(6).size(), 1U);
    EXPECT_TRUE(view.hashes_at(10).empty());
    EXPECT_EQ(view.body(BlockRef{5, sibling.hash()}), std::nullopt);
    EXPECT_EQ(view.block(BlockRef{5, sibling.hash()}), std::nullopt);
    EXPECT_EQ(view.senders(model.ref(4)).value_or(std::vector<Address>{}).size(),
              model.at(4).made.block.body.transactions.size());
    EXPECT_EQ(view.total_difficulty(sibling.hash()), TotalDifficulty{Uint256{9}});
}

TEST(Store, bad_blocks_are_remembered_with_their_reason) {
    const TempFolder folder;
    Store store{folder.path(), quick()};
    BlockHash hash;
    hash.bytes[3] = 1;
    StoreWriter writer{store};
    EXPECT_EQ(writer.bad_block(hash), std::nullopt);
    writer.put_bad_block(hash, {77, 0x1234, "wrong root"});
    EXPECT_EQ(writer.bad_block(hash), (BadBlock{77, 0x1234, "wrong root"}));
    writer.put_bad_block(hash, {78, 1, std::string(kBadBlockReasonMax + 1, 'x')});
    EXPECT_EQ(writer.bad_block(hash)->reason.size(), kBadBlockReasonMax);
}

}  // namespace
