// SPDX-License-Identifier: MIT
#include "chain/exec/evm_host.hpp"

#include <memory>

#include "tests/unit/chain/exec/exec_fixture.hpp"

namespace cairn::chain::test {
namespace {

constexpr Uint256 kKey{1};

class EvmHostTest : public ExecTest {
  protected:
    EvmHost make(Revision revision) { return EvmHost{state, rules_of(revision), context, block_hash}; }
    static vm::Message message(vm::CallKind kind, std::uint64_t value) {
        vm::Message m;
        m.kind = kind;
        m.sender = kSender;
        m.recipient = m.code_address = kContract;
        m.value = Uint256{value};
        return m;
    }
    vm::TxContext context;
    BlockHashFunction block_hash;
};

// Before EIP-161 an account exists once it was made; after it only when there is something in it.
TEST_F(EvmHostTest, existence_by_revision) {
    base.set_account(kReceiver, 0, Wei{});
    EXPECT_TRUE(make(Revision::Tangerine).account_exists(kReceiver));
    EXPECT_FALSE(make(Revision::Spurious).account_exists(kReceiver));
    EXPECT_TRUE(make(Revision::Spurious).account_exists(kSender));
    EXPECT_FALSE(make(Revision::Frontier).account_exists(kContract));
}

// EIP-1052.
TEST_F(EvmHostTest, code_hash_of_nothing_is_zero) {
    base.set_account(kReceiver, 0, Wei{});
    auto host = make(Revision::Cancun);
    EXPECT_TRUE(host.code_hash(kContract).is_zero());
    EXPECT_TRUE(host.code_hash(kReceiver).is_zero());
    EXPECT_EQ(host.code_hash(kSender), kEmptyCodeHash.as<Hash256>());
    EXPECT_EQ(host.code(kContract).hash, kEmptyCodeHash);
}

// EIP-2929: precompiles are warm from the start, each from its revision on.
TEST_F(EvmHostTest, precompiles_are_warm) {
    Address nine, last, p256;
    nine.bytes[19] = 9;
    last.bytes[19] = 0x11;
    p256.bytes[18] = 1;
    auto berlin = make(Revision::Berlin);
    EXPECT_FALSE(berlin.access_account(nine));
    EXPECT_TRUE(berlin.access_account(last));
    EXPECT_TRUE(berlin.access_account(p256));
    EXPECT_TRUE(berlin.access_account(Address{}));
    state.begin_transaction();
    auto osaka = make(Revision::Osaka);
    EXPECT_FALSE(osaka.access_account(last));
    EXPECT_FALSE(osaka.access_account(p256));
}

TEST_F(EvmHostTest, call_moves_value_and_failure_moves_it_back) {
    auto host = make(Revision::Cancun);
    host.begin_call(message(vm::CallKind::Call, 10));
    EXPECT_EQ(host.balance(kContract), Wei{10});
    EXPECT_EQ(host.balance(kSender), Wei{kFunds - 10});
    host.end_frame(false);
    EXPECT_EQ(host.balance(kContract), Wei{});
    EXPECT_EQ(host.balance(kSender), Wei{kFunds});
}

TEST_F(EvmHostTest, only_call_moves_value) {
    auto host = make(Revision::Cancun);
    for (const auto kind : {vm::CallKind::DelegateCall, vm::CallKind::CallCode}) {
        host.begin_call(message(kind, 10));
        host.end_frame(true);
    }
    EXPECT_EQ(host.balance(kSender), Wei{kFunds});
    EXPECT_FALSE(state.exists(kContract));
}

// EIP-161: a call with nothing touches; before it, that made the account.
TEST_F(EvmHostTest, empty_call_touches) {
    auto host = make(Revision::Homestead);
    host.begin_call(message(vm::CallKind::Call, 0));
    host.end_frame(true);
    EXPECT_TRUE(host.account_exists(kContract));
    state.finalise_transaction(EmptyAccounts::Delete);
    EXPECT_FALSE(state.exists(kContract));
}

TEST_F(EvmHostTest, created_account_has_its_revisions_nonce) {
    for (const auto revision : {Revision::Tangerine, Revision::Spurious}) {
        auto host = make(revision);
        ASSERT_TRUE(host.begin_create(message(vm::CallKind::Create, 5)));
        EXPECT_EQ(host.nonce(kContract), revision == Revision::Tangerine ? 0u : 1u);
        EXPECT_EQ(host.balance(kContract), Wei{5});
        host.end_frame(false);
        EXPECT_FALSE(state.exists(kContract));
    }
}

// EIP-684 for nonce and code, EIP-7610 for storage; a balance alone is no collision.
TEST_F(EvmHostTest, creation_collides) {
    const auto create = message(vm::CallKind::Create2, 0);
    base.set_account(kContract, 1, Wei{});
    EXPECT_FALSE(make(Revision::Cancun).begin_create(create));
    base.set_account(kContract, 0, Wei{}, Bytes{0x00});
    state.reset(base);
    EXPECT_FALSE(make(Revision::Cancun).begin_create(create));
    base.set_account(kContract, 0, Wei{});
    base.set_storage(kContract, kKey, Uint256{1});
    state.reset(base);
    EXPECT_FALSE(make(Revision::Cancun).begin_create(create));
    base.set_storage(kContract, kKey, Uint256{});
    base.set_account(kContract, 0, Wei{9});
    state.reset(base);
    auto host = make(Revision::Cancun);
    ASSERT_TRUE(host.begin_create(create));
    EXPECT_EQ(host.balance(kContract), Wei{9});
    host.end_frame(true);
}

TEST_F(EvmHostTest, nested_frames_end_in_order) {
    auto host = make(Revision::Cancun);
    host.begin_call(message(vm::CallKind::Call, 1));
    host.set_storage(kContract, kKey, Uint256{1});
    host.begin_call(message(vm::CallKind::Call, 1));
    const auto before = host.set_storage(kContract, kKey, Uint256{2});
    EXPECT_EQ(before.current, Uint256{1});
    EXPECT_EQ(before.original, Uint256{});
    host.end_frame(false);
    EXPECT_EQ(host.storage(kContract, kKey), Uint256{1});
    EXPECT_EQ(host.storage_before(kContract, kKey).current, Uint256{1});
    host.end_frame(true);
    EXPECT_EQ(host.balance(kContract), Wei{1});
}

TEST_F(EvmHostTest, self_destruct_marks_once_and_moves) {
    put_code(kContract, {0x00}, 50);
    auto host = make(Revision::London);
    EXPECT_TRUE(host.self_destruct(kContract, kReceiver));
    EXPECT_FALSE(host.self_destruct(kContract, kReceiver));
    EXPECT_EQ(host.balance(kReceiver), Wei{50});
    EXPECT_EQ(host.balance(kContract), Wei{});
    state.finalise_transaction(EmptyAccounts::Delete);
    EXPECT_FALSE(state.exists(kContract));
}

TEST_F(EvmHostTest, self_destruct_to_itself_burns_before_cancun) {
    put_code(kContract, {0x00}, 50);
    auto host = make(Revision::Shanghai);
    EXPECT_TRUE(host.self_destruct(kContract, kContract));
    EXPECT_EQ(host.balance(kContract), Wei{});
}

// EIP-6780: an account of an earlier transaction stays, and to itself keeps its balance.
TEST_F(EvmHostTest, self_destruct_spares_old_accounts_from_cancun) {
    put_code(kContract, {0x00}, 50);
    auto host = make(Revision::Cancun);
    EXPECT_FALSE(host.self_destruct(kContract, kContract));
    EXPECT_EQ(host.balance(kContract), Wei{50});
    EXPECT_FALSE(host.self_destruct(kContract, kReceiver));
    EXPECT_EQ(host.balance(kContract), Wei{});
    EXPECT_EQ(host.balance(kReceiver), Wei{50});
    state.finalise_transaction(EmptyAccounts::Delete);
    EXPECT_TRUE(state.exists(kContract));
}

// EIP-6780: one made in the same transaction vanishes, and what it sends to itself is burnt.
TEST_F(EvmHostTest, self_destruct_takes_young_accounts_from_cancun) {
    auto host = make(Revision::Cancun);
    ASSERT_TRUE(host.begin_create(message(vm::CallKind::Create, 50)));
    EXPECT_TRUE(host.self_destruct(kContract, kContract));
    host.end_frame(true);
    EXPECT_EQ(host.balance(kContract), Wei{});
    state.finalise_transaction(EmptyAccounts::Delete);
    EXPECT_FALSE(state.exists(kContract));
}

TEST_F(EvmHostTest, block_hash_comes_from_the_chain) {
    EXPECT_TRUE(make(Revision::Cancun).block_hash(5).is_zero());
    block_hash = [](BlockNumber number) { return Hash256{{static_cast<std::uint8_t>(number)}}; };
    EXPECT_EQ(make(Revision::Cancun).block_hash(5), Hash256{{5}});
}

TEST_F(EvmHostTest, logs_of_an_undone_frame_are_gone) {
    auto host = make(Revision::Cancun);
    const Hash256 topic{{7}};
    host.emit_log(kContract, {&topic, 1}, Bytes{1});
    host.begin_call(message(vm::CallKind::Call, 0));
    host.emit_log(kContract, {}, {});
    host.end_frame(false);
    ASSERT_EQ(state.logs().size(), 1u);
    EXPECT_EQ(state.logs()[0].topics.at(0), topic);
}

}  // namespace
}  // namespace cairn::chain::test
