// SPDX-License-Identifier: MIT
#include "chain/exec/transact.hpp"

#include "chain/exec/authorization.hpp"
#include "core/base/hex.hpp"
#include "tests/unit/chain/exec/exec_fixture.hpp"

namespace cairn::chain::test {
namespace {

using namespace cairn::vm;  // NOLINT: opcode names

using Transact = ExecTest;

// Base fee 7, tip 2: the sender pays 9 a gas, 7 of it to nobody (EIP-1559).
TEST_F(Transact, transfer_pays_tip_and_burns_base_fee) {
    tx.value = Wei{1000};
    const auto outcome = must_run();
    EXPECT_TRUE(outcome.success());
    EXPECT_EQ(outcome.gas_used, 21'000u);
    EXPECT_EQ(state.balance(kSender), Wei{kFunds - 1000 - 21'000 * 9});
    EXPECT_EQ(state.balance(kReceiver), Wei{1000});
    EXPECT_EQ(state.balance(kCoinbase), Wei{21'000 * 2});
    EXPECT_EQ(state.nonce(kSender), 1u);
}

TEST_F(Transact, fee_cap_bounds_the_tip) {
    tx.max_fee_per_gas = Wei{8};
    (void)must_run();
    EXPECT_EQ(state.balance(kCoinbase), Wei{21'000 * 1});
    EXPECT_EQ(state.balance(kSender), Wei{kFunds - 21'000 * 8});
}

TEST_F(Transact, before_london_the_coinbase_gets_all) {
    use(Revision::Berlin);
    (void)must_run();
    EXPECT_EQ(state.balance(kCoinbase), Wei{21'000 * 10});
}

// A fee of nothing touches the coinbase all the same: before EIP-161 it is made, after it a dead one vanishes.
TEST_F(Transact, free_transaction_touches_the_coinbase) {
    use(Revision::Homestead);
    tx.max_fee_per_gas = tx.max_priority_fee_per_gas = {};
    (void)must_run();
    EXPECT_TRUE(state.exists(kCoinbase));
    EXPECT_TRUE(state.exists(kReceiver));

    base.set_account(kCoinbase, 0, Wei{});
    state.reset(base);
    use(Revision::Spurious);
    (void)must_run();
    EXPECT_FALSE(state.exists(kCoinbase));
    EXPECT_FALSE(state.exists(kReceiver));
}

// EIP-4844: blob gas is burnt whole, also when the transaction fails.
TEST_F(Transact, blob_fee_is_burnt) {
    tx.type = TxType::Blob;
    tx.blob_hashes.assign(2, Hash256{{0x01}});
    tx.max_fee_per_blob_gas = Wei{5};
    put_code(kReceiver, {OP_INVALID});
    const auto outcome = must_run();
    EXPECT_FALSE(outcome.success());
    EXPECT_EQ(state.balance(kSender), Wei{kFunds - 100'000 * 9 - 2 * 131'072 * 3});
    EXPECT_EQ(state.balance(kCoinbase), Wei{100'000 * 2});
}

TEST_F(Transact, revert_keeps_fee_and_nonce_and_gives_the_data) {
    // mem[31] = 42; revert(31, 1)
    put_code(kReceiver, {OP_PUSH1, 42, OP_PUSH1, 0, OP_MSTORE, OP_PUSH1, 1, OP_PUSH1, 31, OP_REVERT});
    tx.value = Wei{77};
    const auto outcome = must_run();
    EXPECT_EQ(outcome.status, vm::Status::Revert);
    EXPECT_EQ(outcome.output, Bytes{42});
    EXPECT_EQ(state.balance(kReceiver), Wei{});
    EXPECT_EQ(state.nonce(kSender), 1u);
    // Four PUSHes and MSTORE at 3 gas, a word of memory at 3; REVERT itself costs nothing.
    EXPECT_EQ(outcome.gas_used, 21'000u + 5 * 3 + 3);
    EXPECT_EQ(state.balance(kSender), Wei{kFunds - outcome.gas_used * 9});
}

// Address of a creation at nonce 0: published example of keccak256(rlp([0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0, 0])).
TEST_F(Transact, creation_leaves_code_at_the_address_of_the_nonce) {
    const auto sender = *fixed_from_hex<Address>("6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0");
    const auto expected = *fixed_from_hex<Address>("cd234a471b72ba2f1ccf0a70fcaba648a5eecd8d");
    base.set_account(sender, 0, Wei{kFunds});
    tx.to.reset();
    // mem[31] = 0 (STOP); return(31, 1)
    tx.data = {OP_PUSH1, 0, OP_PUSH1, 0, OP_MSTORE, OP_PUSH1, 1, OP_PUSH1, 31, OP_RETURN};
    const auto outcome = transact(vm, state, *rules, block, budget, tx, sender);
    ASSERT_TRUE(outcome.has_value());
    ASSERT_TRUE(outcome->success());
    EXPECT_EQ(outcome->created, expected);
    EXPECT_TRUE(equal(state.code(expected), Bytes{0}));
    EXPECT_EQ(state.nonce(expected), 1u);
    EXPECT_EQ(state.nonce(sender), 1u);
}

TEST_F(Transact, failed_creation_leaves_nothing) {
    tx.to.reset();
    tx.data = {OP_INVALID};
    const auto outcome = must_run();
    EXPECT_FALSE(outcome.success());
    EXPECT_FALSE(outcome.created.has_value());
    EXPECT_EQ(outcome.gas_used, tx.gas_limit);
    EXPECT_EQ(state.nonce(kSender), 1u);
}

// Clearing a slot refunds 15,000 before London, at most half the gas (EIP-2200), and 4,800 with it, at most a fifth
// (EIP-3529).
TEST_F(Transact, refund_is_capped_by_the_quotient) {
    const Bytes clear{OP_PUSH1, 0, OP_PUSH1, 1, OP_SSTORE};
    put_code(kReceiver, clear);
    base.set_storage(kReceiver, Uint256{1}, Uint256{1});
    use(Revision::Istanbul);
    auto outcome = must_run();
    // 21,000 + 6 + 5,000; the half is 13,003.
    EXPECT_EQ(outcome.gas_refunded, 13'003u);
    EXPECT_EQ(outcome.gas_used, 26'006u - 13'003u);

    use(Revision::London);
    block.base_fee = Wei{7};
    state.reset(base);
    outcome = must_run();
    // 21,000 + 6 + 5,000 (2,100 cold, 2,900 write); the fifth is 5,201.
    EXPECT_EQ(outcome.gas_refunded, 4'800u);
    EXPECT_EQ(outcome.gas_used, 26'006u - 4'800u);
}

TEST_F(Transact, failure_refunds_nothing) {
    put_code(kReceiver, {OP_PUSH1, 0, OP_PUSH1, 1, OP_SSTORE, OP_INVALID});
    base.set_storage(kReceiver, Uint256{1}, Uint256{1});
    const auto outcome = must_run();
    EXPECT_EQ(outcome.gas_refunded, 0u);
    EXPECT_EQ(outcome.gas_used, tx.gas_limit);
    EXPECT_EQ(state.storage(kReceiver, Uint256{1}), Uint256{1});
}

// EIP-7623: 100 non-zero bytes are 400 tokens: 21,000 + 1,600 would do before, the floor is 21,000 + 4,000.
TEST_F(Transact, floor_of_data_is_charged_from_prague) {
    tx.data.assign(100, 1);
    use(Revision::Cancun);
    EXPECT_EQ(must_run().gas_used, 22'600u);
    state.reset(base);
    use(Revision::Prague);
    EXPECT_EQ(must_run().gas_used, 25'000u);
    EXPECT_EQ(state.balance(kSender), Wei{kFunds - 25'000 * 9});
}

// EIP-2929 and 2930: what the list names is warm; EIP-3651: so is the coinbase, from Shanghai on.
TEST_F(Transact, access_list_and_coinbase_are_warm) {
    // sload(1); pop(balance(coinbase))
    put_code(kReceiver, {OP_PUSH1, 1, OP_SLOAD, OP_POP, OP_COINBASE, OP_BALANCE, OP_POP});
    const Gas cheap = 3 + 2 + 2 + 2;
    use(Revision::London);
    EXPECT_EQ(must_run().gas_used, 21'000u + cheap + 2'100 + 2'600);
    state.reset(base);
    use(Revision::Shanghai);
    EXPECT_EQ(must_run().gas_used, 21'000u + cheap + 2'100 + 100);
    state.reset(base);
    Hash256 key;
    key.bytes[31] = 1;
    tx.access_list = {{kReceiver, {key}}};
    EXPECT_EQ(must_run().gas_used, 21'000u + 2'400 + 1'900 + cheap + 100 + 100);
}

TEST_F(Transact, logs_and_output_come_out) {
    // log1(0, 1, topic 9); return(0, 2)
    put_code(kReceiver, {OP_PUSH1, 9, OP_PUSH1, 1, OP_PUSH1, 0, OP_LOG0 + 1, OP_PUSH1, 2, OP_PUSH1, 0, OP_RETURN});
    const auto outcome = must_run();
    Hash256 topic;
    topic.bytes[31] = 9;
    ASSERT_EQ(outcome.logs.size(), 1u);
    EXPECT_EQ(outcome.logs[0], (Log{kReceiver, {topic}, Bytes{0}}));
    EXPECT_EQ(outcome.output, (Bytes{0, 0}));
}

// EIP-7702: the designator is written even when the call fails, the delegate's code runs in the authority's name, and
// an authority that existed gives back 12,500.
TEST_F(Transact, set_code_transaction_delegates) {
    put_code(kContract, {OP_ADDRESS, OP_PUSH1, 0, OP_MSTORE, OP_PUSH1, 32, OP_PUSH1, 0, OP_RETURN});
    const auto a = authorize(1, kContract);
    tx.type = TxType::SetCode;
    tx.authorization_list = {a.tuple};
    tx.to = a.authority;
    auto outcome = must_run();
    ASSERT_TRUE(outcome.success());
    EXPECT_EQ(Address::from(ByteView{outcome.output}.last(20)), a.authority);
    EXPECT_EQ(find_delegate(state.code(a.authority)), kContract);
    // 2 + 3 + 3 + 3 + 3 for the code and 3 for a word of memory.
    EXPECT_EQ(outcome.gas_used, 21'000u + 25'000 + 17);

    base.set_account(a.authority, 0, Wei{1});
    put_code(kContract, {OP_INVALID});
    state.reset(base);
    outcome = must_run();
    EXPECT_FALSE(outcome.success());
    EXPECT_EQ(outcome.gas_refunded, 12'500u);
    EXPECT_EQ(outcome.gas_used, 100'000u - 12'500);
    EXPECT_EQ(find_delegate(state.code(a.authority)), kContract);
    EXPECT_EQ(state.nonce(a.authority), 1u);
}

// The sender may authorize too; its nonce was raised before, so the tuple carries the next one.
TEST_F(Transact, sender_can_delegate_itself) {
    const auto a = authorize(1, kContract, 1, 1);
    base.set_account(a.authority, 0, Wei{kFunds});
    tx.type = TxType::SetCode;
    tx.authorization_list = {a.tuple};
    const auto outcome = transact(vm, state, *rules, block, budget, tx, a.authority);
    ASSERT_TRUE(outcome.has_value());
    EXPECT_EQ(find_delegate(state.code(a.authority)), kContract);
    EXPECT_EQ(state.nonce(a.authority), 2u);
}

TEST_F(Transact, code_sees_the_block) {
    put_code(kReceiver, {OP_GASPRICE, OP_PUSH1, 0, OP_MSTORE, OP_BASEFEE, OP_PUSH1, 32, OP_MSTORE, OP_NUMBER, OP_PUSH1,
                         64, OP_MSTORE, OP_PUSH1, 96, OP_PUSH1, 0, OP_RETURN});
    const auto outcome = must_run();
    ASSERT_EQ(outcome.output.size(), 96u);
    EXPECT_EQ(load_be256(outcome.output.data()), Uint256{9});
    EXPECT_EQ(load_be256(outcome.output.data() + 32), Uint256{7});
    EXPECT_EQ(load_be256(outcome.output.data() + 64), Uint256{100});
}

// The gas was bought before the code runs.
TEST_F(Transact, code_sees_the_balance_without_the_gas) {
    put_code(kReceiver, {OP_CALLER, OP_BALANCE, OP_PUSH1, 0, OP_MSTORE, OP_PUSH1, 32, OP_PUSH1, 0, OP_RETURN});
    const auto outcome = must_run();
    EXPECT_EQ(load_be256(outcome.output.data()), Uint256{kFunds - 100'000 * 9});
}

}  // namespace
}  // namespace cairn::chain::test
