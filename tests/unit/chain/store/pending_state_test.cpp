// SPDX-License-Identifier: MIT
#include "chain/store/pending_state.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "chain/store/state_store.hpp"
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

Address address_of(std::uint64_t index) {
    Address address;
    // Order of address is not order of index, and some share their first bytes.
    address.bytes[index % 2 == 0 ? 0 : 19] = static_cast<std::uint8_t>(255 - index);
    return address;
}

AccountRecord with_nonce(std::uint64_t nonce) {
    AccountRecord record;
    record.nonce = nonce;
    return record;
}

/// The state as plain maps. What is absent is not in them.
struct Model {
    std::map<Address, AccountRecord> accounts;
    std::map<std::pair<Address, Uint256>, Uint256> slots;
};

std::optional<AccountRecord> account_in(const Model& model, const Address& address) {
    const auto at = model.accounts.find(address);
    return at == model.accounts.end() ? std::nullopt : std::optional{at->second};
}

Uint256 slot_in(const Model& model, const Address& address, const Uint256& key) {
    const auto at = model.slots.find({address, key});
    return at == model.slots.end() ? Uint256{} : at->second;
}

/// A diff that takes the model to another state, and the model with it.
StateDiff random_step(std::mt19937_64& random, Model& model) {
    std::map<Address, AccountChange> accounts;
    std::map<std::pair<Address, Uint256>, StorageChange> slots;
    for (int i = 0; i < 12; ++i) {
        const Address address = address_of(random() % 20);
        const auto before = account_in(model, address);
        const auto after = random() % 3 == 0 ? std::nullopt : std::optional{with_nonce(random())};
        if (!accounts.contains(address) && before != after)
            accounts[address] = {address, before, after};
        const Uint256 key{random() % 8};
        const Uint256 value{random() % 3};
        if (!slots.contains({address, key}) && slot_in(model, address, key) != value)
            slots[{address, key}] = {address, key, slot_in(model, address, key), value};
    }
    StateDiff diff;
    for (const auto& [address, change] : accounts) {
        diff.accounts.push_back(change);
        model.accounts.erase(address);
        if (change.after) model.accounts[address] = *change.after;
    }
    for (const auto& [key, change] : slots) {
        diff.storage.push_back(change);
        model.slots.erase(key);
        if (change.after != Uint256{}) model.slots[key] = change.after;
    }
    return diff;
}

/// Every read and every walk of the state gives what the model has.
void expect_like(const HeadState& state, const Model& model) {
    Model walked;
    state.visit_accounts([&](const Address& address, const AccountRecord& record) {
        EXPECT_TRUE(walked.accounts.emplace(address, record).second) << "visited twice";
        return true;
    });
    for (std::uint64_t i = 0; i < 20; ++i) {
        const Address address = address_of(i);
        EXPECT_EQ(state.account(address), account_in(model, address));
        for (std::uint64_t key = 0; key < 8; ++key)
            EXPECT_EQ(state.storage(address, Uint256{key}), slot_in(model, address, Uint256{key}));
        state.visit_storage(address, [&](const Uint256& key, const Uint256& value) {
            EXPECT_TRUE(walked.slots.emplace(std::pair{address, key}, value).second)
                << "visited twice";
            return true;
        });
    }
    EXPECT_EQ(walked.accounts, model.accounts);
    EXPECT_EQ(walked.slots, model.slots);
}

TEST(PendingState, reads_and_walks_over_it_and_tables_after_it_agree_with_a_plain_model) {
    std::mt19937_64 random{20};
    const TempFolder folder;
    Env env{folder.path(), quick()};
    Txn txn{env, Txn::Kind::Write};
    PendingState pending;
    Model model;
    for (int step = 0; step < 200; ++step) {
        pending.put(random_step(random, model));
        expect_like(HeadState{txn, &pending}, model);
        if (random() % 4 != 0) continue;
        pending.flush(txn);
        EXPECT_TRUE(pending.is_empty());
        expect_like(HeadState{txn}, model);
    }
}

TEST(PendingState, walks_end_when_the_visitor_has_enough) {
    const TempFolder folder;
    Env env{folder.path(), quick()};
    Txn txn{env, Txn::Kind::Write};
    const Address a = address_of(0);
    const StateDiff stored{{{a, std::nullopt, with_nonce(1)}}, {{a, 1, 0, 1}}, {}};
    apply_flat(txn, stored);
    PendingState pending;
    const Address b = address_of(1);
    pending.put({{{b, std::nullopt, with_nonce(1)}}, {{a, 2, 0, 1}}, {}});
    const HeadState state{txn, &pending};
    int visits = 0;
    state.visit_accounts([&](const Address&, const AccountRecord&) { return ++visits < 1; });
    EXPECT_EQ(visits, 1);
    state.visit_storage(a, [&](const Uint256&, const Uint256&) { return ++visits < 2; });
    EXPECT_EQ(visits, 2);
}

TEST(PendingState, refuses_a_diff_that_does_not_follow_what_it_holds) {
    PendingState pending;
    const Address a = address_of(0);
    pending.put({{{a, std::nullopt, with_nonce(1)}}, {{a, 7, 0, 1}}, {}});
    EXPECT_THROW(pending.put({{{a, with_nonce(2), with_nonce(3)}}, {}, {}}), StoreError);
    EXPECT_THROW(pending.put({{{a, std::nullopt, with_nonce(3)}}, {}, {}}), StoreError);
    EXPECT_THROW(pending.put({{}, {{a, 7, 2, 3}}, {}}), StoreError);
    pending.put({{{a, with_nonce(1), with_nonce(2)}}, {{a, 7, 1, 2}}, {}});
    EXPECT_EQ(pending.account(a)->after, with_nonce(2));
    EXPECT_EQ(pending.storage(a, 7)->after, Uint256{2});
    EXPECT_EQ(pending.account(address_of(1)), nullptr);
    EXPECT_EQ(pending.storage(a, 8), nullptr);
    EXPECT_EQ(pending.storage(address_of(1), 7), nullptr);
}

TEST(PendingState, finds_out_at_the_tables_that_the_first_diff_does_not_follow_them) {
    const Address a = address_of(0);
    const StateDiff diffs[] = {
        {{{a, with_nonce(2), with_nonce(3)}}, {}, {}},  // another record
        {{{a, std::nullopt, with_nonce(3)}}, {}, {}},   // a record where there should be none
        {{{address_of(1), with_nonce(1), std::nullopt}}, {}, {}},  // none where there should be one
        {{}, {{a, 7, 2, 3}}, {}},
        {{}, {{a, 8, 1, 0}}, {}},
    };
    for (const StateDiff& diff : diffs) {
        const TempFolder folder;
        Env env{folder.path(), quick()};
        Txn txn{env, Txn::Kind::Write};
        apply_flat(txn, {{{a, std::nullopt, with_nonce(1)}}, {{a, 7, 0, 1}}, {}});
        PendingState pending;
        pending.put(diff);
        EXPECT_THROW(pending.flush(txn), StoreError);
    }
}

TEST(PendingState, gives_its_memory_back_when_it_is_written_out) {
    const TempFolder folder;
    Env env{folder.path(), quick()};
    Txn txn{env, Txn::Kind::Write};
    PendingState pending;
    const auto at_first = pending.bytes();
    std::mt19937_64 random{21};
    Model model;
    for (int step = 0; step < 20; ++step) pending.put(random_step(random, model));
    EXPECT_GT(pending.bytes(), at_first + 20 * sizeof(AccountChange));
    pending.flush(txn);
    EXPECT_EQ(pending.bytes(), at_first);
}

}  // namespace
