// SPDX-License-Identifier: MIT
#include "chain/store/migrate.hpp"

#include <gtest/gtest.h>

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

std::uint32_t version_of(Env& env) {
    const Txn txn{env, Txn::Kind::Read};
    const auto row = txn.find(Table::Meta, as_bytes(MetaKey::kSchema));
    return row ? load_be32(row->data()) : 0;
}

std::string refusal(Env& env, std::span<const Migration> steps, std::uint32_t version) {
    try {
        migrate(env, steps, version);
    } catch (const StoreError& error) {
        EXPECT_EQ(error.fault(), StoreFault::VersionMismatch);
        return error.what();
    }
    return {};
}

void mark(Txn& txn, std::string_view name) {
    txn.put(Table::Meta, as_bytes(name), as_bytes("done"));
}
constexpr Migration kSteps[] = {{1, [](Txn& txn) { mark(txn, "one"); }},
                                {2, [](Txn& txn) { mark(txn, "two"); }}};

TEST(Migrate, empty_store_gets_the_version_and_keeps_it) {
    const TempFolder folder;
    Env env{folder.path(), quick()};
    migrate(env);
    EXPECT_EQ(version_of(env), kSchemaVersion);
    migrate(env);
    EXPECT_EQ(version_of(env), kSchemaVersion);
}

TEST(Migrate, older_store_goes_through_every_step) {
    const TempFolder folder;
    Env env{folder.path(), quick()};
    migrate(env, {}, 1);
    migrate(env, kSteps, 3);
    EXPECT_EQ(version_of(env), 3U);
    const Txn txn{env, Txn::Kind::Read};
    EXPECT_TRUE(txn.find(Table::Meta, as_bytes("one")));
    EXPECT_TRUE(txn.find(Table::Meta, as_bytes("two")));
}

TEST(Migrate, missing_step_leaves_the_store_as_it_was) {
    const TempFolder folder;
    Env env{folder.path(), quick()};
    migrate(env, {}, 1);
    EXPECT_NE(refusal(env, kSteps, 4).find("schema version 1"), std::string::npos);
    EXPECT_EQ(version_of(env), 1U);
    EXPECT_FALSE((Txn{env, Txn::Kind::Read}.find(Table::Meta, as_bytes("one"))));
    EXPECT_NE(refusal(env, std::span{kSteps}.subspan(1), 3), "");
}

TEST(Migrate, newer_store_is_refused) {
    const TempFolder folder;
    Env env{folder.path(), quick()};
    migrate(env, {}, 7);
    EXPECT_NE(refusal(env, {}, 6).find("newer"), std::string::npos);
}

TEST(Migrate, older_store_that_may_not_be_written_is_refused) {
    const TempFolder folder;
    {
        Env env{folder.path(), quick()};
        migrate(env, {}, 1);
    }
    auto options = quick();
    options.read_only = true;
    Env env{folder.path(), options};
    migrate(env, {}, 1);
    EXPECT_NE(refusal(env, kSteps, 2), "");
}

TEST(Migrate, store_of_another_maker_is_refused) {
    const TempFolder folder;
    Env env{folder.path(), quick()};
    {
        Txn txn{env, Txn::Kind::Write};
        txn.put(Table::Accounts, as_bytes("x"), {});
        txn.commit();
    }
    EXPECT_NE(refusal(env, {}, 1).find("no schema version"), std::string::npos);
}

}  // namespace
