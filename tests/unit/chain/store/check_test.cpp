// SPDX-License-Identifier: MIT
// Damage of every kind is found, named, and crashes nothing.
#include "chain/store/check.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "chain/store/page_check.hpp"
#include "chain/store/rebuild.hpp"
#include "chain/store/stored_receipts.hpp"
#include "tests/unit/chain/store/chain_model.hpp"
#include "tests/unit/chain/store/temp_folder.hpp"

namespace {

using namespace cairn;
using namespace cairn::chain;
using cairn::test::ChainModel;
using cairn::test::TempFolder;

StoreOptions quick() {
    StoreOptions options;
    options.durability = Durability::None;
    return options;
}

std::string text_of(const CheckReport& report) {
    std::string out;
    for (const auto& f : report.findings)
        out += std::string{to_string(f.stage)} + ": " + f.where + ": " + f.what + "\n";
    return out;
}

void extend(Store& store, ChainModel& model, std::size_t count) {
    StoreWriter writer{store};
    for (; count > 0; --count) model.extend(writer);
    writer.commit();
}

Bytes read_all(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}
void write_all(const std::filesystem::path& file, ByteView bytes) {
    std::ofstream out{file, std::ios::binary | std::ios::trunc};
    out.write(reinterpret_cast<const char*>(bytes.data()),
              static_cast<std::streamsize>(bytes.size()));
}

TEST(Check, sound_store_is_clean_in_every_stage) {
    const TempFolder folder;
    Store store{folder.path(), quick()};
    EXPECT_TRUE(check_store(store).is_clean());
    ChainModel model{21};
    extend(store, model, 300);
    {
        StoreWriter writer{store};
        for (int i = 0; i < 40; ++i) model.retract(writer);
        for (int i = 0; i < 30; ++i) model.extend(writer);
        writer.commit();
    }
    std::vector<CheckStage> stages;
    CheckOptions options;
    options.on_stage = [&](CheckStage stage) { stages.push_back(stage); };
    auto report = check_store(store, options);
    EXPECT_EQ(text_of(report), "");
    EXPECT_EQ(stages.size(), kCheckStageCount);
    for (const auto count : report.counts) EXPECT_GT(count, 0U);
    {
        StoreWriter writer{store};
        writer.prune_below(100);
        writer.commit();
    }
    EXPECT_EQ(text_of(check_store(store)), "");
}

/// A wrong row of each kind, written past the writer's back.
struct Harm {
    const char* name;
    CheckStage stage;
    void (*run)(StoreWriter& writer, const ChainModel& model);
};

/// Puts the value back with one bit flipped, under a checksum that fits.
void flip(StoreWriter& writer, Table table, bool is_last) {
    Bytes key, value;
    {
        Cursor cursor{writer.txn(), table};
        ASSERT_TRUE(is_last ? cursor.last() : cursor.first());
        key = to_bytes(cursor.key());
        value = to_bytes(cursor.value());
    }
    value.back() ^= 1;
    writer.write_txn().put(table, key, value);
}
void drop(StoreWriter& writer, Table table) {
    Cursor cursor{writer.txn(), table};
    ASSERT_TRUE(cursor.last());
    cursor.erase();
}
/// Adds a row beside an existing one.
void add(StoreWriter& writer, Table table) {
    Bytes key, value;
    {
        Cursor cursor{writer.txn(), table};
        ASSERT_TRUE(cursor.last());
        key = to_bytes(cursor.key());
        value = to_bytes(cursor.value());
    }
    key.back() ^= 1;
    writer.write_txn().put(table, key, value);
}

class CheckHarm : public testing::TestWithParam<Harm> {};

TEST_P(CheckHarm, is_found_in_its_stage) {
    const TempFolder folder;
    Store store{folder.path(), quick()};
    ChainModel model{22};
    extend(store, model, 60);
    {
        StoreWriter writer{store};
        GetParam().run(writer, model);
        writer.commit();
    }
    const auto report = check_store(store);
    std::set<CheckStage> stages;
    for (const auto& finding : report.findings) {
        stages.insert(finding.stage);
        EXPECT_FALSE(finding.advice.empty());
    }
    EXPECT_TRUE(stages.contains(GetParam().stage)) << text_of(report);
    EXPECT_FALSE(stages.contains(CheckStage::Pages)) << text_of(report);
    EXPECT_FALSE(stages.contains(CheckStage::Rows)) << text_of(report);
}

#define HARM(name, stage, code)                                                                 \
    Harm {                                                                                      \
        name, CheckStage::stage,                                                                \
            []([[maybe_unused]] StoreWriter& w, [[maybe_unused]] const ChainModel& m) { code; } \
    }
INSTANTIATE_TEST_SUITE_P(
    each, CheckHarm,
    testing::Values(
        HARM("header", Blocks, flip(w, Table::Headers, true)),
        HARM("header_gone", Blocks, drop(w, Table::Headers)),
        HARM("total", Blocks, flip(w, Table::BlockIndex, false)),
        HARM("index_row_gone", Blocks, drop(w, Table::BlockIndex)),
        HARM("index_row_more", Blocks, add(w, Table::BlockIndex)),
        HARM("body_of_another", Blocks, const auto r = m.ref(9);
             w.write_txn().put(Table::Bodies, block_key(r.number, r.hash),
                               encode_body({{}, {}, std::vector<Withdrawal>{}}))),
        HARM("receipts_of_another", Blocks, const auto r = m.ref(9); Receipt more;
             w.write_txn().put(Table::Receipts, block_key(r.number, r.hash),
                               encode_stored_receipts({more, more, more, more, more}))),
        HARM("senders", Blocks, const auto r = m.ref(9);
             w.write_txn().put(Table::Senders, block_key(r.number, r.hash), Bytes(200))),
        HARM("canonical", Indexes, flip(w, Table::Canonical, true)),
        HARM("canonical_gone", Indexes, drop(w, Table::Canonical)),
        HARM("canonical_above_head", Indexes,
             w.write_txn().put(Table::Canonical, number_key(60), m.ref(59).hash)),
        HARM("body_gone", Indexes, drop(w, Table::Bodies)),
        HARM("receipts_gone", Indexes, drop(w, Table::Receipts)),
        HARM("tx_place", Indexes, flip(w, Table::TxIndex, true)),
        HARM("tx_gone", Indexes, drop(w, Table::TxIndex)),
        HARM("tx_more", Indexes, add(w, Table::TxIndex)),
        HARM("log_block", Indexes, flip(w, Table::LogIndex, false)),
        HARM("log_gone", Indexes, drop(w, Table::LogIndex)),
        HARM("log_more", Indexes, add(w, Table::LogIndex)),
        HARM("log_above_head", Indexes,
             w.write_txn().put(Table::LogIndex, RowKey<17>{0, 0, 0, 0, 0, 0, 0, 9}, Bytes{1})),
        HARM("code", Codes, flip(w, Table::Code, true)),
        HARM("code_gone", State, w.write_txn().clear(Table::Code)),
        HARM("account", State, flip(w, Table::Accounts, true)),
        HARM("account_gone", State, drop(w, Table::Accounts)),
        HARM("account_more", State, add(w, Table::Accounts)),
        HARM("slot", State, flip(w, Table::Storage, true)),
        HARM("slot_gone", State, drop(w, Table::Storage)),
        HARM("slot_more", State, add(w, Table::Storage)),
        HARM("slot_without_account", State,
             w.write_txn().put(Table::Storage, slot_key(Address{}, Uint256{1000000}), Bytes{1})),
        HARM("account_node", State, flip(w, Table::AccountTrie, true)),
        HARM("account_root_gone", State, w.write_txn().erase(Table::AccountTrie, Bytes{0})),
        HARM("account_node_more", State, add(w, Table::AccountTrie)),
        HARM("storage_node", State, flip(w, Table::StorageTrie, true)),
        HARM("storage_node_gone", State, drop(w, Table::StorageTrie)),
        HARM("storage_node_more", State, add(w, Table::StorageTrie)),
        HARM("log_of_changes_gone", History, drop(w, Table::ChangeLog)),
        HARM("log_of_changes_more", History,
             w.write_txn().put(Table::ChangeLog, number_key(60), encode_change_log({}))),
        HARM("log_of_changes", History, auto diff = *w.change_log(20); Address a; a.bytes[7] = 9;
             diff.accounts.push_back({a, std::nullopt, AccountRecord{1, {}, kEmptyCodeHash}});
             w.write_txn().put(Table::ChangeLog, number_key(20), encode_change_log(diff))),
        HARM("log_of_genesis", History, auto diff = *w.change_log(0); Address a; a.bytes[7] = 9;
             diff.accounts.push_back({a, std::nullopt, AccountRecord{1, {}, kEmptyCodeHash}});
             w.write_txn().put(Table::ChangeLog, number_key(0), encode_change_log(diff))),
        HARM("account_history_gone", History, drop(w, Table::AccountHistory)),
        HARM("account_history_more", History, add(w, Table::AccountHistory)),
        HARM("storage_history_gone", History, drop(w, Table::StorageHistory)),
        HARM("storage_history_more", History, add(w, Table::StorageHistory))),
    [](const auto& i) { return std::string{i.param.name}; });
#undef HARM

TEST(Check, findings_are_bounded) {
    const TempFolder folder;
    Store store{folder.path(), quick()};
    ChainModel model{23};
    extend(store, model, 60);
    {
        StoreWriter writer{store};
        writer.write_txn().clear(Table::TxIndex);
        writer.commit();
    }
    CheckOptions options;
    options.findings_max = 3;
    EXPECT_EQ(check_store(store, options).findings.size(), 3U);
}

TEST(Check, any_flipped_byte_is_found_or_lies_where_nothing_is_kept) {
    const TempFolder folder;
    ChainModel model{24};
    {
        Store store{folder.path(), quick()};
        extend(store, model, 60);
        StoreWriter writer{store};
        for (int i = 0; i < 20; ++i) model.retract(writer);
        writer.commit();
    }
    const auto file = folder.path() / "data.mdb";
    const auto bytes = read_all(file);
    std::mt19937_64 random{25};
    int refused = 0, found = 0, unused = 0;
    for (int round = 0; round < 400; ++round) {
        auto damaged = bytes;
        // Every fourth within the first bytes of a page, where headers and pointers are.
        auto at = random() % damaged.size();
        if (round % 4 == 0) at -= at % 4096 - random() % 40;
        damaged[at] ^= static_cast<std::uint8_t>(1 + random() % 255);
        write_all(file, damaged);
        SCOPED_TRACE("byte " + std::to_string(at));
        try {
            const Store store{folder.path(), quick()};
            if (!check_store(store).is_clean()) {
                ++found;
                continue;
            }
            const ReadView view{store};
            ASSERT_TRUE(view.head());
            ASSERT_LT(view.head()->number, model.size());
            for (std::size_t n = 0; n <= view.head()->number; ++n)
                ASSERT_EQ(model.compare_block(view, n), "") << n;
            ++unused;
        } catch (const StoreError& error) {
            ASSERT_TRUE(error.fault() == StoreFault::Corrupt ||
                        error.fault() == StoreFault::VersionMismatch)
                << error.what();
            ++refused;
        }
    }
    EXPECT_GT(refused, 20);
    EXPECT_GT(found, 20);
    EXPECT_GT(unused, 20);
}

TEST(Check, damaged_row_is_not_served) {
    const TempFolder folder;
    ChainModel model{26};
    {
        Store store{folder.path(), quick()};
        extend(store, model, 30);
    }
    // A body holds its transactions' data in the clear.
    const auto file = folder.path() / "data.mdb";
    auto bytes = read_all(file);
    const auto& block = model.at(7).made.block;
    const auto needle = encode_body(block.body);
    ASSERT_GT(needle.size(), 20U);
    int hits = 0;
    for (auto it = bytes.begin();; ++it) {
        it = std::search(it, bytes.end(), needle.begin(), needle.end());
        if (it == bytes.end()) break;
        it[15] ^= 4;
        ++hits;
    }
    ASSERT_GT(hits, 0);
    write_all(file, bytes);
    const Store store{folder.path(), quick()};
    const ReadView view{store};
    try {
        (void)view.body(model.ref(7));
        FAIL() << "served";
    } catch (const StoreError& error) {
        EXPECT_EQ(error.fault(), StoreFault::Corrupt);
        EXPECT_NE(std::string{error.what()}.find("table bodies"), std::string::npos);
    }
    EXPECT_EQ(model.compare_block(view, 6), "");
    const auto report = check_store(store);
    ASSERT_FALSE(report.is_clean());
    EXPECT_EQ(report.findings[0].stage, CheckStage::Rows);
    EXPECT_NE(report.findings[0].where.find("bodies"), std::string::npos);
}

TEST(Check, file_cut_short_anywhere_is_refused) {
    const TempFolder folder;
    ChainModel model{27};
    {
        Store store{folder.path(), quick()};
        extend(store, model, 30);
    }
    const auto file = folder.path() / "data.mdb";
    const auto bytes = read_all(file);
    const auto used = check_pages(file, PageDepth::All);
    EXPECT_TRUE(used.faults.empty());
    for (std::size_t size = 1; size < used.pages * used.page_bytes; size += size < 200    ? 1
                                                                            : size < 8400 ? 64
                                                                                          : 4095) {
        write_all(file, ByteView{bytes}.first(size));
        for (const std::size_t budget : {std::size_t{0}, std::size_t{1} << 30}) {
            auto options = quick();
            options.open_check_bytes = budget;
            try {
                const Store store{folder.path(), options};
                FAIL() << size;
            } catch (const StoreError& error) {
                ASSERT_EQ(error.fault(), StoreFault::Corrupt) << size;
            }
        }
    }
}

TEST(Rebuild, views_made_again_are_those_that_were) {
    const TempFolder folder;
    Store store{folder.path(), quick()};
    ChainModel model{28};
    extend(store, model, 150);
    {
        StoreWriter writer{store};
        for (int i = 0; i < 30; ++i) model.retract(writer);
        for (int i = 0; i < 20; ++i) model.extend(writer);
        writer.commit();
    }
    {
        StoreWriter writer{store};
        for (const auto table : {Table::Accounts, Table::StorageTrie, Table::TxIndex,
                                 Table::LogIndex, Table::StorageHistory, Table::Canonical})
            writer.write_txn().clear(table);
        flip(writer, Table::Storage, true);
        writer.commit();
    }
    EXPECT_FALSE(check_store(store).is_clean());
    std::uint64_t last = 0;
    const RebuildProgress progress = [&](std::uint64_t done, std::uint64_t count) {
        EXPECT_EQ(count, model.size());
        last = done;
    };
    {
        StoreWriter writer{store};
        rebuild_indexes(writer, progress);
        EXPECT_EQ(last, model.size());
        last = 0;
        ASSERT_TRUE(rebuild_state(writer, {}, progress));
        EXPECT_EQ(last, model.size());
        writer.commit();
    }
    EXPECT_EQ(text_of(check_store(store)), "");
    const ReadView view{store};
    for (std::size_t n = 0; n < model.size(); ++n) ASSERT_EQ(model.compare_block(view, n), "");
}

TEST(Rebuild, what_cannot_be_made_again_is_said) {
    const TempFolder folder;
    Store store{folder.path(), quick()};
    ChainModel model{29};
    extend(store, model, 30);
    {
        StoreWriter writer{store};
        auto diff = *writer.change_log(20);
        Address address;
        address.bytes[7] = 9;
        diff.accounts.push_back({address, std::nullopt, AccountRecord{1, {}, kEmptyCodeHash}});
        std::sort(diff.accounts.begin(), diff.accounts.end(),
                  [](const auto& a, const auto& b) { return a.address < b.address; });
        writer.write_txn().put(Table::ChangeLog, number_key(20), encode_change_log(diff));
        try {
            (void)rebuild_state(writer);
            FAIL();
        } catch (const StoreError& error) {
            EXPECT_NE(std::string{error.what()}.find("block 20"), std::string::npos);
        }
    }
    StoreWriter writer{store};
    writer.prune_below(5);
    const auto refused = rebuild_state(writer);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), RebuildError::Pruned);
    writer.commit();
    EXPECT_EQ(text_of(check_store(store)), "");
}

}  // namespace
