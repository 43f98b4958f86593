// SPDX-License-Identifier: MIT
#include "chain/store/history.hpp"

#include <gtest/gtest.h>

#include "chain/store/keys.hpp"
#include "chain/store/store_error.hpp"
#include "tests/unit/chain/store/temp_folder.hpp"

namespace {

using namespace cairn;
using namespace cairn::chain;
using cairn::test::TempFolder;

Address address_of(std::uint8_t last) {
    Address address;
    address.bytes[19] = last;
    return address;
}

StateDiff make_diff() {
    CodeHash code;
    code.bytes[0] = 1;
    StateDiff diff;
    diff.accounts.push_back({address_of(1), std::nullopt, AccountRecord{}});
    diff.accounts.push_back({address_of(2), AccountRecord{~0ULL, Uint256::max(), code}, {}});
    diff.accounts.push_back({address_of(3), AccountRecord{1, 2, code}, AccountRecord{2, 1, code}});
    diff.storage.push_back({address_of(2), {}, Uint256{5}, {}});
    diff.storage.push_back({address_of(2), Uint256::max(), {}, Uint256::max()});
    diff.storage.push_back({address_of(3), Uint256{7}, Uint256{1}, Uint256{2}});
    return diff;
}

TEST(ChangeLog, comes_back_as_it_was) {
    for (const auto& diff : {make_diff(), StateDiff{}}) {
        const auto back = decode_change_log(encode_change_log(diff));
        EXPECT_EQ(back.accounts, diff.accounts);
        EXPECT_EQ(back.storage, diff.storage);
        EXPECT_TRUE(back.codes.empty());
    }
}

TEST(ChangeLog, cut_or_longer_row_is_refused) {
    auto bytes = encode_change_log(make_diff());
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_THROW((void)decode_change_log(ByteView{bytes}.first(size)), StoreError) << size;
    bytes.push_back(0);
    EXPECT_THROW((void)decode_change_log(bytes), StoreError);
}

class History : public testing::Test {
protected:
    History() : env_{folder_.path(), options()}, txn_{env_, Txn::Kind::Write} {}
    static EnvOptions options() {
        EnvOptions options;
        options.durability = Durability::None;
        return options;
    }
    void apply(BlockNumber number, const StateDiff& diff) {
        apply_flat(txn_, diff);
        put_change_log(txn_, number, diff);
        RowBuffer entries;
        put_history_entries(entries, number, diff);
        entries.flush(txn_);
    }
    /// Nonce of account 1 after a block; -1 where it is not.
    std::int64_t nonce_at(BlockNumber number) {
        const auto record = PastState{txn_, number}.account(address_of(1));
        return record ? static_cast<std::int64_t>(record->nonce) : -1;
    }
    static std::optional<AccountRecord> nonce(std::uint64_t n) { return AccountRecord{n, {}}; }

    TempFolder folder_;
    Env env_;
    Txn txn_;
};

TEST_F(History, value_is_the_one_before_the_next_change) {
    apply(0, {{{address_of(1), std::nullopt, nonce(1)}}, {}, {}});
    apply(5, {{{address_of(1), nonce(1), nonce(2)}}, {}, {}});
    apply(6, {{{address_of(1), nonce(2), std::nullopt}}, {}, {}});
    apply(9, {{{address_of(1), std::nullopt, nonce(4)}}, {}, {}});
    const std::int64_t expected[] = {1, 1, 1, 1, 1, 2, -1, -1, -1, 4, 4};
    for (BlockNumber n = 0; n < std::size(expected); ++n) EXPECT_EQ(nonce_at(n), expected[n]) << n;
    EXPECT_EQ(txn_.stats(Table::AccountHistory).rows, 3U);  // genesis has none
    const auto log = find_change_log(txn_, 5);
    ASSERT_TRUE(log);
    EXPECT_EQ(log->accounts.at(0).after, nonce(2));
    EXPECT_FALSE(find_change_log(txn_, 4));
}

TEST_F(History, neighbours_with_the_greatest_keys_are_kept_apart) {
    Address last;
    last.bytes.fill(0xff);
    const auto top = Uint256::max();
    apply(0, {{{address_of(1), std::nullopt, nonce(1)}, {last, std::nullopt, nonce(1)}}, {}, {}});
    apply(1, {{},
              {{address_of(1), top, {}, Uint256{1}},
               {last, Uint256{}, {}, Uint256{2}},
               {last, top, {}, Uint256{3}}},
              {}});
    apply(2, {{{last, nonce(1), nonce(9)}}, {{last, top, Uint256{3}, {}}}, {}});
    const PastState one{txn_, 1};
    EXPECT_EQ(one.storage(address_of(1), top), Uint256{1});
    EXPECT_EQ(one.storage(last, top), Uint256{3});
    EXPECT_EQ(one.account(last), nonce(1));
    int slots = 0, accounts = 0;
    one.visit_storage(last, [&](const Uint256&, const Uint256&) { return ++slots > 0; });
    one.visit_accounts([&](const Address&, const AccountRecord&) { return ++accounts > 0; });
    EXPECT_EQ(slots, 2);
    EXPECT_EQ(accounts, 2);
    const PastState zero{txn_, 0};
    slots = 0;
    zero.visit_storage(last, [&](const Uint256&, const Uint256&) { return ++slots > 0; });
    EXPECT_EQ(slots, 0);
}

TEST_F(History, walks_end_when_the_visitor_says_so) {
    apply(0, {{{address_of(1), std::nullopt, nonce(1)}, {address_of(2), std::nullopt, nonce(1)}},
              {{address_of(1), 1, {}, 1}, {address_of(1), 2, {}, 2}, {address_of(1), 3, {}, 3}},
              {}});
    apply(1, {{{address_of(1), nonce(1), nonce(2)}}, {{address_of(1), 2, 2, {}}}, {}});
    for (const int stop : {1, 2}) {
        int seen = 0;
        PastState{txn_, 0}.visit_storage(
            address_of(1), [&](const Uint256&, const Uint256&) { return ++seen < stop; });
        EXPECT_EQ(seen, stop);
        seen = 0;
        HeadState{txn_}.visit_storage(
            address_of(1), [&](const Uint256&, const Uint256&) { return ++seen < stop; });
        EXPECT_EQ(seen, stop);
        seen = 0;
        PastState{txn_, 0}.visit_accounts(
            [&](const Address&, const AccountRecord&) { return ++seen < stop; });
        EXPECT_EQ(seen, stop);
    }
}

TEST_F(History, diff_against_another_state_is_refused) {
    apply(0, {{{address_of(1), std::nullopt, nonce(1)}}, {}, {}});
    EXPECT_THROW(apply_flat(txn_, {{{address_of(1), nonce(2), nonce(3)}}, {}, {}}), StoreError);
    EXPECT_THROW(apply_flat(txn_, {{{address_of(1), std::nullopt, nonce(3)}}, {}, {}}), StoreError);
    EXPECT_THROW(apply_flat(txn_, {{{address_of(2), nonce(1), nonce(3)}}, {}, {}}), StoreError);
    EXPECT_THROW(apply_flat(txn_, {{}, {{address_of(1), 1, 1, 2}}, {}}), StoreError);
}

TEST_F(History, erasing_what_is_not_there_is_refused) {
    const StateDiff diff{{{address_of(1), std::nullopt, nonce(1)}}, {}, {}};
    EXPECT_THROW(erase_history(txn_, 3, diff), StoreError);
    apply(3, diff);
    erase_history(txn_, 3, diff);
    EXPECT_EQ(txn_.stats(Table::AccountHistory).rows, 0U);
    apply(4, {{{address_of(1), nonce(1), nonce(2)}}, {}, {}});
    EXPECT_THROW(erase_history(txn_, 4, {{{address_of(2), {}, {}}}, {}, {}}), StoreError);
}

TEST_F(History, code_that_is_not_there_is_said) {
    EXPECT_THROW((void)HeadState{txn_}.code(CodeHash{}), StoreError);
}

}  // namespace
