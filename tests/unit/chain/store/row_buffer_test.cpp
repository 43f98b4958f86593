// SPDX-License-Identifier: MIT
#include "chain/store/row_buffer.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

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

Bytes random_bytes(std::mt19937_64& random, std::size_t size) {
    Bytes bytes(size);
    // Few values, so that keys meet, share beginnings and end where others go on.
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random() % 2);
    return bytes;
}

TEST(RowBuffer, tables_hold_the_last_value_of_each_key) {
    std::mt19937_64 random{30};
    const TempFolder folder;
    Env env{folder.path(), quick()};
    Txn txn{env, Txn::Kind::Write};
    RowBuffer rows;
    std::map<std::pair<Table, Bytes>, Bytes> model;
    const Table tables[] = {Table::TxIndex, Table::AccountHistory, Table::StorageHistory};
    for (int round = 0; round < 20; ++round) {
        for (int i = 0; i < 300; ++i) {
            const Table table = tables[random() % 3];
            const Bytes key = random_bytes(random, 1 + random() % 12);
            const Bytes value = random_bytes(random, random() % 40);
            rows.put(table, key, value);
            model[{table, key}] = value;
        }
        EXPECT_FALSE(rows.is_empty());
        EXPECT_GT(rows.bytes(), 300U);
        rows.flush(txn);
        EXPECT_TRUE(rows.is_empty());
        EXPECT_EQ(rows.bytes(), 0U);
        std::map<std::pair<Table, Bytes>, Bytes> stored;
        for (const Table table : tables) {
            Cursor cursor{txn, table};
            while (cursor.next())
                stored[{table, to_bytes(cursor.key())}] = to_bytes(cursor.value());
        }
        ASSERT_EQ(stored, model);
    }
}

TEST(RowBuffer, extensions_follow_what_the_table_has_in_the_order_in_which_they_came) {
    std::mt19937_64 random{31};
    const TempFolder folder;
    Env env{folder.path(), quick()};
    Txn txn{env, Txn::Kind::Write};
    RowBuffer rows;
    std::map<Bytes, Bytes> model;
    for (int round = 0; round < 10; ++round) {
        for (int i = 0; i < 300; ++i) {
            const Bytes key = random_bytes(random, 1 + random() % 12);
            const Bytes more = random_bytes(random, random() % 4);
            rows.extend(Table::LogIndex, key, more);
            append(model[key], more);
            // Neighbours in the order of rows that are set.
            rows.put(Table::ChangeLog, key, more);
            rows.put(Table::BadBlocks, key, more);
        }
        rows.flush(txn);
        std::map<Bytes, Bytes> stored;
        Cursor cursor{txn, Table::LogIndex};
        while (cursor.next()) stored[to_bytes(cursor.key())] = to_bytes(cursor.value());
        ASSERT_EQ(stored, model);
    }
}

TEST(RowBuffer, writes_nothing_where_there_is_nothing) {
    const TempFolder folder;
    Env env{folder.path(), quick()};
    Txn txn{env, Txn::Kind::Write};
    RowBuffer rows;
    EXPECT_TRUE(rows.is_empty());
    rows.flush(txn);
    EXPECT_EQ(txn.stats(Table::TxIndex).rows, 0U);
}

}  // namespace
