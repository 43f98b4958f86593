// SPDX-License-Identifier: MIT
#include "chain/exec/precheck.hpp"

#include "chain/exec/authorization.hpp"
#include "tests/unit/chain/exec/exec_fixture.hpp"

namespace cairn::chain::test {
namespace {

using Precheck = ExecTest;

TEST_F(Precheck, nonce_must_be_the_accounts) {
    base.set_account(kSender, 5, Wei{kFunds});
    tx.nonce = 4;
    expect_refused(TxError::NonceTooLow);
    tx.nonce = 6;
    expect_refused(TxError::NonceTooHigh);
    tx.nonce = 5;
    EXPECT_TRUE(run().has_value());
}

// EIP-3607.
TEST_F(Precheck, sender_with_code_is_refused) {
    base.set_account(kSender, 0, Wei{kFunds}, Bytes{vm::OP_STOP});
    expect_refused(TxError::SenderNotEoa);
}

// EIP-7702: a designator is no code in EIP-3607's sense; anything near to one is.
TEST_F(Precheck, sender_that_delegates_is_taken) {
    const auto designator = make_delegation(kContract);
    Bytes code{designator.begin(), designator.end()};
    base.set_account(kSender, 0, Wei{kFunds}, code);
    EXPECT_TRUE(run().has_value());
    code.push_back(0);
    base.set_account(kSender, 0, Wei{kFunds}, code);
    state.reset(base);
    expect_refused(TxError::SenderNotEoa);
}

TEST_F(Precheck, fee_cap_must_reach_the_base_fee) {
    tx.max_priority_fee_per_gas = {};
    tx.max_fee_per_gas = Wei{6};
    expect_refused(TxError::FeeCapBelowBaseFee);
    tx.max_fee_per_gas = Wei{7};
    EXPECT_TRUE(run().has_value());
}

TEST_F(Precheck, gas_limit_must_fit_what_the_block_has_left) {
    budget.gas = tx.gas_limit - 1;
    expect_refused(TxError::BlockGasLimitReached);
    budget.gas = tx.gas_limit;
    EXPECT_TRUE(run().has_value());
}

// The machine's gas is signed; a block limit above 2^63-1 must not let more through.
TEST_F(Precheck, gas_limit_beyond_63_bits_is_refused) {
    use(Revision::Cancun);
    budget.gas = ~0ULL;
    tx.max_fee_per_gas = tx.max_priority_fee_per_gas = block.base_fee = {};
    tx.gas_limit = 1ULL << 63;
    expect_refused(TxError::BlockGasLimitReached);
    tx.gas_limit = (1ULL << 63) - 1;
    EXPECT_TRUE(run().has_value());
}

TEST_F(Precheck, blob_fee_cap_and_blob_budget) {
    tx.type = TxType::Blob;
    tx.blob_hashes.assign(2, Hash256{{0x01}});
    tx.max_fee_per_blob_gas = Wei{2};
    expect_refused(TxError::BlobFeeCapBelowBlobBaseFee);
    tx.max_fee_per_blob_gas = Wei{3};
    budget.blob_gas = 2 * kGasPerBlob - 1;
    expect_refused(TxError::BlockBlobLimitReached);
    budget.blob_gas = 2 * kGasPerBlob;
    EXPECT_TRUE(run().has_value());
}

// EIP-1559: the balance must cover the fee cap, not only what will be paid.
TEST_F(Precheck, funds_must_cover_value_and_gas_at_the_cap) {
    tx.value = Wei{5};
    base.set_account(kSender, 0, Wei{100'000 * 10 + 4});
    expect_refused(TxError::InsufficientFunds);
    base.set_account(kSender, 0, Wei{100'000 * 10 + 5});
    state.reset(base);
    EXPECT_TRUE(run().has_value());
}

// EIP-4844: and the blob gas at its cap.
TEST_F(Precheck, funds_must_cover_blobs_at_the_cap) {
    tx.type = TxType::Blob;
    tx.blob_hashes.assign(1, Hash256{{0x01}});
    tx.max_fee_per_blob_gas = Wei{4};
    base.set_account(kSender, 0, Wei{100'000 * 10 + 131'072 * 4 - 1});
    expect_refused(TxError::InsufficientFunds);
    base.set_account(kSender, 0, Wei{100'000 * 10 + 131'072 * 4});
    state.reset(base);
    EXPECT_TRUE(run().has_value());
}

TEST_F(Precheck, cost_that_passes_256_bits_is_no_cost) {
    tx.value = Uint256::max();
    EXPECT_FALSE(cost_max(tx).has_value());
    expect_refused(TxError::InsufficientFunds);
    tx.value = {};
    tx.max_fee_per_gas = Uint256::max();
    EXPECT_FALSE(cost_max(tx).has_value());
    tx.max_fee_per_gas = Wei{10};
    EXPECT_EQ(cost_max(tx), Wei{1'000'000});
    tx.blob_hashes.assign(1, Hash256{{0x01}});
    tx.max_fee_per_blob_gas = Uint256::max();
    EXPECT_FALSE(cost_max(tx).has_value());
}

// The order is part of the behaviour: of several causes the first is told.
TEST_F(Precheck, reports_the_first_cause) {
    base.set_account(kSender, 1, Wei{}, Bytes{vm::OP_STOP});
    tx.max_fee_per_gas = tx.max_priority_fee_per_gas = {};
    budget = {};
    expect_refused(TxError::NonceTooLow);
    tx.nonce = 1;
    expect_refused(TxError::SenderNotEoa);
    base.set_account(kSender, 1, Wei{});
    state.reset(base);
    expect_refused(TxError::FeeCapBelowBaseFee);
    tx.max_fee_per_gas = Wei{7};
    expect_refused(TxError::BlockGasLimitReached);
    budget.gas = tx.gas_limit;
    expect_refused(TxError::InsufficientFunds);
}

}  // namespace
}  // namespace cairn::chain::test
