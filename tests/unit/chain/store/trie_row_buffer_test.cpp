// SPDX-License-Identifier: MIT
#include "chain/store/trie_row_buffer.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "chain/store/keys.hpp"
#include "chain/store/trie_table.hpp"
#include "tests/unit/chain/store/temp_folder.hpp"

namespace {

using namespace cairn;
using namespace cairn::chain;
using cairn::test::TempFolder;

EnvOptions quick() {
    EnvOptions options;
    options.durability = Durability::None;
    return options;
}

Hash256 owner_of(unsigned index) {
    Hash256 owner;
    // Two that share their first eight bytes, and one of zeros, as the account trie sorts.
    if (index > 0) owner.bytes[index == 3 ? 31 : 0] = 1;
    if (index == 2) owner.bytes[20] = static_cast<std::uint8_t>(index);
    return owner;
}

Nibbles path_of(std::mt19937_64& random) {
    Nibbles path;
    for (auto length = random() % 20; length > 0; --length)
        path.push(static_cast<unsigned>(random() % 3));
    return path;
}

/// What the tables must hold: rows by trie and path.
using Model = std::map<std::pair<TrieOwner, Nibbles>, Bytes>;

/// Rows of some random paths, at most `count`; half of them deletions where `deletes`.
NodeChanges random_rows(std::mt19937_64& random, std::size_t count, bool deletes) {
    std::map<Nibbles, Bytes> rows;
    for (std::size_t i = 0; i < count; ++i) {
        Bytes encoding(deletes && random() % 2 == 0 ? 0 : 1 + random() % 540);
        for (auto& byte : encoding) byte = static_cast<std::uint8_t>(random());
        rows[path_of(random)] = std::move(encoding);
    }
    NodeChanges changes;
    for (const auto& [path, encoding] : rows) changes.append_row(path, encoding);
    return changes;
}

void apply(Model& model, const TrieOwner& owner, const NodeChanges& rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].encoding.empty())
            model.erase({owner, rows[i].path});
        else
            model[{owner, rows[i].path}] = to_bytes(rows[i].encoding);
    }
}

StateTrieChanges random_update(std::mt19937_64& random, Model& model, bool wipes) {
    StateTrieChanges update;
    update.accounts = random_rows(random, 30, true);
    apply(model, std::nullopt, update.accounts);
    std::map<Hash256, StateTrieChanges::Storage> storages;
    for (unsigned i = 0; i < 4; ++i) {
        if (random() % 2 == 0) continue;
        StateTrieChanges::Storage storage;
        storage.owner = owner_of(i);
        storage.is_wiped = wipes && random() % 3 == 0;
        if (storage.is_wiped)
            std::erase_if(model,
                          [&](const auto& row) { return row.first.first == storage.owner; });
        storage.rows = random_rows(random, 40, !storage.is_wiped);
        apply(model, storage.owner, storage.rows);
        storages[storage.owner] = std::move(storage);
    }
    for (auto& [owner, storage] : storages) update.storages.push_back(std::move(storage));
    return update;
}

void expect_tables(const Txn& txn, const Model& model) {
    std::map<Bytes, Bytes> expected[2];
    for (const auto& [row, encoding] : model)
        expected[row.first ? 1 : 0][to_bytes(trie_key(row.first, row.second))] = encoding;
    std::map<Bytes, Bytes> found[2];
    for (const int i : {0, 1}) {
        Cursor cursor{txn, i == 0 ? Table::AccountTrie : Table::StorageTrie};
        while (cursor.next()) found[i][to_bytes(cursor.key())] = to_bytes(cursor.value());
        EXPECT_EQ(found[i], expected[i]);
    }
}

void expect_reads(const TrieTables& tries, const Model& model, std::mt19937_64& random) {
    for (const auto& [row, encoding] : model)
        ASSERT_TRUE(equal(tries.load(row.first, row.second), encoding));
    for (int i = 0; i < 50; ++i) {
        const TrieOwner owner =
            random() % 2 == 0 ? TrieOwner{} : TrieOwner{owner_of(static_cast<unsigned>(random() % 4))};
        const Nibbles path = path_of(random);
        const auto row = model.find({owner, path});
        ASSERT_TRUE(equal(tries.load(owner, path), row == model.end() ? Bytes{} : row->second));
    }
}

void run_model(std::size_t bytes_max, bool wipes) {
    const TempFolder folder;
    Env env{folder.path(), quick()};
    std::mt19937_64 random{bytes_max + (wipes ? 1 : 0)};
    Model model;
    for (int batch = 0; batch < 8; ++batch) {
        Txn txn{env, Txn::Kind::Write};
        TrieRowBuffer buffer{bytes_max};
        for (int block = 0; block < 12; ++block) {
            buffer.put(txn, random_update(random, model, wipes));
            expect_reads(TrieTables{txn, &buffer}, model, random);
        }
        EXPECT_EQ(buffer.is_empty(), bytes_max == 0);
        buffer.flush(txn);
        EXPECT_TRUE(buffer.is_empty());
        EXPECT_EQ(buffer.bytes(), 0U);
        expect_tables(txn, model);
        txn.commit();
    }
}

TEST(TrieRowBuffer, reads_and_tables_are_those_of_a_plain_model) {
    run_model(TrieRowBuffer::kBytesMaxDefault, false);
}

TEST(TrieRowBuffer, writes_everything_out_by_itself_where_it_may_hold_nothing) {
    run_model(0, false);
}

TEST(TrieRowBuffer, rows_wiped_from_a_trie_are_gone_whether_they_waited_or_not) {
    const TempFolder folder;
    Env env{folder.path(), quick()};
    std::mt19937_64 random{7};
    Model model;
    Txn txn{env, Txn::Kind::Write};
    TrieRowBuffer buffer;
    for (int block = 0; block < 60; ++block) {
        buffer.put(txn, random_update(random, model, true));
        expect_reads(TrieTables{txn, &buffer}, model, random);
    }
    buffer.flush(txn);
    expect_tables(txn, model);
}

TEST(TrieRowBuffer, holds_no_more_than_it_may_and_one_update) {
    const TempFolder folder;
    Env env{folder.path(), quick()};
    std::mt19937_64 random{8};
    Model model;
    Txn txn{env, Txn::Kind::Write};
    constexpr std::size_t kMax = std::size_t{4} << 20;
    TrieRowBuffer buffer{kMax};
    std::size_t flushes = 0;
    for (int block = 0; block < 200; ++block) {
        StateTrieChanges update;
        update.accounts = random_rows(random, 400, true);
        apply(model, std::nullopt, update.accounts);
        buffer.put(txn, update);
        EXPECT_LE(buffer.bytes(), kMax);
        flushes += buffer.is_empty() ? 1 : 0;
    }
    EXPECT_GT(flushes, 1U);
    buffer.flush(txn);
    expect_tables(txn, model);
}

}  // namespace
