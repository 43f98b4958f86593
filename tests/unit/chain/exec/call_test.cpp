// SPDX-License-Identifier: MIT
#include "chain/exec/call.hpp"

#include "tests/unit/chain/exec/exec_fixture.hpp"

namespace cairn::chain::test {
namespace {

using namespace cairn::vm;  // NOLINT: opcode names

class CallTest : public ExecTest {
  protected:
    CallTest() { tx.max_fee_per_gas = tx.max_priority_fee_per_gas = {}; }
    [[nodiscard]] Result<TxOutcome, TxError> try_out(const Address& from = kSender) {
        return chain::call(vm, state, *rules, block, tx, from);
    }
    void expect_error(TxError error) {
        const auto outcome = try_out();
        ASSERT_FALSE(outcome.has_value());
        EXPECT_EQ(outcome.error(), error) << to_string(outcome.error());
    }
};

TEST_F(CallTest, anyone_may_call_for_free) {
    // return [gas price, base fee]
    put_code(kReceiver, {OP_GASPRICE, OP_PUSH1, 0, OP_MSTORE, OP_BASEFEE, OP_PUSH1, 32, OP_MSTORE, OP_PUSH1, 64,
                         OP_PUSH1, 0, OP_RETURN});
    const auto outcome = try_out(Address{{0xee}});
    ASSERT_TRUE(outcome.has_value());
    EXPECT_EQ(outcome->output, Bytes(64, 0));
    EXPECT_GT(outcome->gas_used, 21'000u);
    EXPECT_EQ(state.balance(kCoinbase), Wei{});
}

TEST_F(CallTest, nonce_code_and_block_gas_do_not_matter) {
    base.set_account(kSender, 7, Wei{kFunds}, Bytes{OP_STOP});
    tx.nonce = 3;
    tx.gas_limit = 1ULL << 40;
    ASSERT_TRUE(try_out().has_value());
    EXPECT_EQ(state.nonce(kSender), 8u);
}

TEST_F(CallTest, given_prices_are_held_to) {
    tx.max_fee_per_gas = Wei{6};
    expect_error(TxError::FeeCapBelowBaseFee);
    tx.max_fee_per_gas = Wei{7};
    tx.max_priority_fee_per_gas = Wei{8};
    expect_error(TxError::TipAboveFeeCap);
    tx.max_priority_fee_per_gas = {};
    ASSERT_TRUE(try_out().has_value());
    EXPECT_EQ(state.balance(kSender), Wei{kFunds - 21'000 * 7});
}

TEST_F(CallTest, blob_price_is_held_to_where_given) {
    tx.type = TxType::Blob;
    tx.blob_hashes.assign(1, Hash256{{0x01}});
    tx.max_fee_per_blob_gas = Wei{2};
    expect_error(TxError::BlobFeeCapBelowBlobBaseFee);
    tx.max_fee_per_blob_gas = {};
    ASSERT_TRUE(try_out().has_value());
    EXPECT_EQ(state.balance(kSender), Wei{kFunds});
}

TEST_F(CallTest, value_must_be_there) {
    tx.value = Wei{kFunds + 1};
    expect_error(TxError::InsufficientFunds);
    tx.value = Wei{kFunds};
    EXPECT_TRUE(try_out().has_value());
}

TEST_F(CallTest, gas_must_cover_intrinsic_gas_and_floor) {
    tx.gas_limit = 20'999;
    expect_error(TxError::IntrinsicGasTooLow);
    tx.data.assign(100, 1);
    tx.gas_limit = 24'999;  // EIP-7623: the floor is 25,000, intrinsic 22,600
    expect_error(TxError::GasLimitBelowFloor);
    tx.gas_limit = 25'000;
    EXPECT_TRUE(try_out().has_value());
    tx.gas_limit = 1ULL << 63;
    expect_error(TxError::GasLimitAboveCap);
}

TEST_F(CallTest, unknown_types_and_long_init_code_are_refused) {
    tx.to.reset();
    tx.data.assign(2 * 0x6000 + 1, 0);
    tx.gas_limit = 10'000'000;
    expect_error(TxError::InitcodeTooLarge);
    tx.data.pop_back();
    EXPECT_TRUE(try_out().has_value());
    rules = &rules_of(Revision::Berlin);
    expect_error(TxError::TypeNotSupported);
}

}  // namespace
}  // namespace cairn::chain::test
