// SPDX-License-Identifier: MIT
#include "chain/store/lmdb.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <deque>

#include "chain/store/keys.hpp"
#include "chain/store/row_checksum.hpp"
#include "tests/unit/chain/store/forked.hpp"
#include "tests/unit/chain/store/temp_folder.hpp"

// GCC says by a macro that a sanitizer is on, clang by a feature.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define CAIRN_TEST_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define CAIRN_TEST_SANITIZED
#endif
#endif

namespace {

using namespace cairn;
using namespace cairn::chain;
using cairn::test::TempFolder;

constexpr Table kTable = Table::Code;

Bytes bytes_of(std::string_view text) {
    return to_bytes(as_bytes(text));
}

EnvOptions quick() {
    EnvOptions options;
    options.durability = Durability::None;
    return options;
}

std::string find(const Txn& txn, std::string_view key) {
    const auto value = txn.find(kTable, as_bytes(key));
    return value ? std::string{as_text(*value)} : "(none)";
}

StoreFault fault_of(const std::function<void()>& body) {
    try {
        body();
    } catch (const StoreError& error) {
        EXPECT_NE(std::string{error.what()}.find(to_string(error.fault())), std::string::npos);
        EXPECT_FALSE(advice_for(error.fault()).empty());
        return error.fault();
    }
    ADD_FAILURE() << "nothing was thrown";
    return StoreFault::InputOutput;
}

TEST(Cursor, replaces_the_row_it_stands_on_by_longer_shorter_and_equal_values) {
    const TempFolder folder;
    Env env{folder.path(), quick()};
    Txn txn{env, Txn::Kind::Write};
    for (int i = 0; i < 300; ++i)
        txn.put(kTable, bytes_of("key " + std::to_string(i)), Bytes(20, 1));
    {
        Cursor cursor{txn, kTable};
        for (int i = 0; i < 300; ++i) {
            const Bytes key = bytes_of("key " + std::to_string(i));
            ASSERT_TRUE(cursor.find(key));
            // Pages split where values grow.
            cursor.replace(key, Bytes(static_cast<std::size_t>(i), 2));
        }
    }
    for (int i = 0; i < 300; ++i) {
        const auto value = txn.find(kTable, bytes_of("key " + std::to_string(i)));
        ASSERT_TRUE(value);
        EXPECT_EQ(to_bytes(*value), Bytes(static_cast<std::size_t>(i), 2));
    }
    EXPECT_EQ(txn.stats(kTable).rows, 300U);
}

TEST(Env, writes_are_seen_by_the_writer_at_once_and_by_others_after_the_commit) {
    const TempFolder folder;
    Env env{folder.path(), quick()};
    const Txn before{env, Txn::Kind::Read};
    Txn writer{env, Txn::Kind::Write};
    writer.put(kTable, as_bytes("a"), as_bytes("1"));
    writer.put(kTable, as_bytes("b"), {});
    EXPECT_EQ(find(writer, "a"), "1");
    EXPECT_EQ(find(writer, "b"), "");
    EXPECT_EQ(find(Txn{env, Txn::Kind::Read}, "a"), "(none)");
    writer.commit();
    EXPECT_EQ(find(Txn{env, Txn::Kind::Read}, "a"), "1");
    EXPECT_EQ(find(before, "a"), "(none)");
    EXPECT_LT(before.id(), (Txn{env, Txn::Kind::Read}.id()));
}

TEST(Env, abort_and_destruction_leave_nothing) {
    const TempFolder folder;
    Env env{folder.path(), quick()};
    {
        Txn txn{env, Txn::Kind::Write};
        txn.put(kTable, as_bytes("a"), as_bytes("1"));
    }
    {
        Txn txn{env, Txn::Kind::Write};
        EXPECT_EQ(find(txn, "a"), "(none)");
        txn.put(kTable, as_bytes("a"), as_bytes("1"));
        txn.abort();
    }
    EXPECT_EQ(find(Txn{env, Txn::Kind::Read}, "a"), "(none)");
}

TEST(Env, rows_are_erased_replaced_and_cleared) {
    const TempFolder folder;
    Env env{folder.path(), quick()};
    Txn txn{env, Txn::Kind::Write};
    txn.put(kTable, as_bytes("a"), as_bytes("1"));
    txn.put(kTable, as_bytes("a"), Bytes(100000, 'x'));
    EXPECT_EQ(find(txn, "a").size(), 100000U);
    txn.put(kTable, as_bytes("a"), as_bytes("3"));
    EXPECT_EQ(find(txn, "a"), "3");
    EXPECT_TRUE(txn.erase(kTable, as_bytes("a")));
    EXPECT_FALSE(txn.erase(kTable, as_bytes("a")));
    txn.put(kTable, as_bytes("b"), as_bytes("1"));
    txn.put(Table::Bodies, as_bytes("c"), as_bytes("1"));
    EXPECT_EQ(txn.stats(kTable).rows, 1U);
    txn.clear(kTable);
    EXPECT_EQ(txn.stats(kTable).rows, 0U);
    EXPECT_EQ(txn.stats(Table::Bodies).rows, 1U);
}

TEST(Env, keys_of_the_greatest_length_are_taken) {
    const TempFolder folder;
    Env env{folder.path(), quick()};
    Txn txn{env, Txn::Kind::Write};
    const Bytes key(kKeyBytesMax, 7);
    txn.put(kTable, key, as_bytes("1"));
    EXPECT_TRUE(txn.find(kTable, key));
    EXPECT_DEATH(txn.put(kTable, Bytes(kKeyBytesMax + 1), {}), "kKeyBytesMax");
    EXPECT_DEATH(txn.put(kTable, {}, {}), "empty");
}

TEST(Env, second_writer_is_a_mistake_of_ours) {
    const TempFolder folder;
    Env env{folder.path(), quick()};
    const Txn first{env, Txn::Kind::Write};
    EXPECT_DEATH((Txn{env, Txn::Kind::Write}), "had_writer");
}

TEST(Cursor, walks_in_order_of_keys_both_ways) {
    const TempFolder folder;
    Env env{folder.path(), quick()};
    Txn txn{env, Txn::Kind::Write};
    Cursor cursor{txn, kTable};
    EXPECT_FALSE(cursor.first());
    EXPECT_FALSE(cursor.last());
    EXPECT_FALSE(cursor.seek(as_bytes("a")));
    for (const auto* key : {"b", "d", "a", "c", "aa"}) cursor.put(as_bytes(key), bytes_of(key));
    std::string order;
    for (bool is_there = cursor.first(); is_there; is_there = cursor.next()) {
        EXPECT_TRUE(equal(cursor.key(), cursor.value()));
        order += as_text(cursor.key());
        order += ' ';
    }
    EXPECT_EQ(order, "a aa b c d ");
    ASSERT_TRUE(cursor.last());
    EXPECT_EQ(as_text(cursor.key()), "d");
    ASSERT_TRUE(cursor.previous());
    EXPECT_EQ(as_text(cursor.key()), "c");
    EXPECT_TRUE(cursor.find(as_bytes("aa")));
    EXPECT_FALSE(cursor.find(as_bytes("ab")));
    ASSERT_TRUE(cursor.seek(as_bytes("ab")));
    EXPECT_EQ(as_text(cursor.key()), "b");
    EXPECT_FALSE(cursor.seek(as_bytes("e")));
    Cursor fresh{txn, kTable};
    ASSERT_TRUE(fresh.next());
    EXPECT_EQ(as_text(fresh.key()), "a");
}

TEST(Cursor, erasing_while_walking_skips_nothing) {
    const TempFolder folder;
    Env env{folder.path(), quick()};
    Txn txn{env, Txn::Kind::Write};
    for (unsigned i = 0; i < 5000; ++i) txn.put(kTable, number_key(i), Bytes(40));
    Cursor cursor{txn, kTable};
    unsigned seen = 0;
    for (bool is_there = cursor.first(); is_there; is_there = cursor.next(), ++seen) {
        ASSERT_EQ(load_be64(cursor.key().data()), seen);
        if (seen % 3 != 0) cursor.erase();
    }
    EXPECT_EQ(seen, 5000U);
    EXPECT_EQ(txn.stats(kTable).rows, 1667U);
}

TEST(Cursor, left_open_at_the_commit_is_a_mistake_of_ours) {
    const TempFolder folder;
    Env env{folder.path(), quick()};
    Txn txn{env, Txn::Kind::Write};
    const Cursor cursor{txn, kTable};
    EXPECT_DEATH(txn.commit(), "cursors_ == 0");
}

TEST(Env, small_map_is_said_to_be_full_and_keeps_what_was_committed) {
    const TempFolder folder;
    auto options = quick();
    options.map_bytes = std::size_t{1} << 20;
    Env env{folder.path(), options};
    unsigned committed = 0;
    EXPECT_EQ(fault_of([&] {
                  for (;; ++committed) {
                      Txn txn{env, Txn::Kind::Write};
                      txn.put(kTable, number_key(committed), Bytes(10000));
                      txn.commit();
                  }
              }),
              StoreFault::MapFull);
    EXPECT_GT(committed, 50U);
    const Txn txn{env, Txn::Kind::Read};
    EXPECT_EQ(txn.stats(kTable).rows, committed);
}

TEST(Env, map_that_was_full_goes_on_when_opened_larger) {
    const TempFolder folder;
    auto options = quick();
    options.map_bytes = std::size_t{1} << 20;
    {
        Env env{folder.path(), options};
        Txn txn{env, Txn::Kind::Write};
        txn.put(kTable, as_bytes("a"), Bytes(500000, 'x'));
        txn.commit();
    }
    Env env{folder.path(), quick()};
    EXPECT_EQ(env.stats().map_bytes, EnvOptions{}.map_bytes);
    Txn txn{env, Txn::Kind::Write};
    txn.put(kTable, as_bytes("b"), Bytes(5000000, 'y'));
    EXPECT_EQ(find(txn, "a").size(), 500000U);
    txn.commit();
}

#ifndef CAIRN_TEST_SANITIZED
// Sanitizers need more address space than this test leaves.
TEST(Env, limited_address_space_gives_a_smaller_map) {
    const TempFolder folder;
    EXPECT_EQ(test::run_child([&] {
                  const rlimit limit{rlim_t{4} << 30, RLIM_INFINITY};
                  ::setrlimit(RLIMIT_AS, &limit);
                  Env env{folder.path(), quick()};
                  Txn txn{env, Txn::Kind::Write};
                  txn.put(kTable, as_bytes("a"), Bytes(1000000, 'x'));
                  txn.commit();
                  const auto bytes = env.stats().map_bytes;
                  return bytes <= std::size_t{2} << 30 && bytes >= std::size_t{1} << 26 ? 0 : 1;
              }),
              0);
}
#endif

TEST(Env, readers_beyond_the_limit_are_refused_until_one_ends) {
    const TempFolder folder;
    auto options = quick();
    options.readers_max = 5;
    Env env{folder.path(), options};
    std::deque<Txn> readers;
    EXPECT_EQ(fault_of([&] {
                  for (int i = 0; i < 10; ++i) readers.emplace_back(env, Txn::Kind::Read);
              }),
              StoreFault::TooManyReaders);
    EXPECT_EQ(readers.size(), 5U);
    readers.pop_front();
    EXPECT_NO_THROW(readers.emplace_back(env, Txn::Kind::Read));
}

TEST(Env, durability_is_changed_while_open) {
    const TempFolder folder;
    Env env{folder.path(), EnvOptions{}};
    int round = 0;
    for (const auto durability :
         {Durability::None, Durability::EachCommit, Durability::AllButLast, Durability::None}) {
        env.set_durability(durability);
        Txn txn{env, Txn::Kind::Write};
        txn.put(kTable, as_bytes("a"), as_bytes(std::to_string(++round)));
        txn.commit();
        env.sync();
        EXPECT_EQ(find(Txn{env, Txn::Kind::Read}, "a"), std::to_string(round));
    }
}

TEST(Env, file_that_is_no_database_is_refused) {
    const TempFolder folder;
    {
        std::FILE* file = std::fopen((folder.path() / "data.mdb").c_str(), "w");
        ASSERT_NE(file, nullptr);
        for (int i = 0; i < 10000; ++i) std::fputc('x', file);
        std::fclose(file);
    }
    EXPECT_EQ(fault_of([&] { Env(folder.path(), quick()); }), StoreFault::VersionMismatch);
}

TEST(RowChecksum, any_flipped_bit_of_table_key_or_value_changes_it) {
    Bytes key(37), value(61);
    for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<std::uint8_t>(i * 7);
    for (std::size_t i = 0; i < value.size(); ++i) value[i] = static_cast<std::uint8_t>(i * 11);
    const auto sum = row_checksum(Table::Accounts, key, value);
    EXPECT_NE(sum, row_checksum(Table::Storage, key, value));
    for (Bytes* bytes : {&key, &value}) {
        for (std::size_t bit = 0; bit < bytes->size() * 8; ++bit) {
            (*bytes)[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
            EXPECT_NE(row_checksum(Table::Accounts, key, value), sum) << bit;
            (*bytes)[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
        }
    }
    EXPECT_EQ(row_checksum(Table::Accounts, key, value), sum);
}

TEST(RowChecksum, zero_bytes_at_the_end_and_the_border_of_key_and_value_count) {
    const Bytes a{1, 2, 3}, b{1, 2, 3, 0}, c{1, 2}, d{3, 1, 2, 3};
    EXPECT_NE(row_checksum(Table::Meta, a, a), row_checksum(Table::Meta, a, b));
    EXPECT_NE(row_checksum(Table::Meta, a, a), row_checksum(Table::Meta, b, a));
    EXPECT_NE(row_checksum(Table::Meta, a, a), row_checksum(Table::Meta, c, d));
    EXPECT_NE(row_checksum(Table::Meta, {}, {}), row_checksum(Table::Meta, {}, Bytes{0}));
}

}  // namespace
