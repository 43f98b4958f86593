// SPDX-License-Identifier: MIT
#include "chain/exec/call.hpp"

#include <limits>

#include "chain/exec/precheck.hpp"
#include "chain/rules/intrinsic_gas.hpp"

namespace cairn::chain {
namespace {

/// What of a transaction's checks still holds for one that is only tried out.
Result<void, TxError> check_call(State& state, const RuleSet& rules, const BlockEnv& block, const Transaction& tx,
                                 const Address& sender) {
    if (!rules.allows(tx.type)) return Unexpected{TxError::TypeNotSupported};
    if (tx.max_priority_fee_per_gas > tx.max_fee_per_gas) return Unexpected{TxError::TipAboveFeeCap};
    if (tx.max_fee_per_gas < block.base_fee) return Unexpected{TxError::FeeCapBelowBaseFee};
    if (!tx.blob_hashes.empty() && tx.max_fee_per_blob_gas < block.blob_base_fee)
        return Unexpected{TxError::BlobFeeCapBelowBlobBaseFee};
    if (tx.gas_limit > static_cast<Gas>(std::numeric_limits<std::int64_t>::max()))
        return Unexpected{TxError::GasLimitAboveCap};
    if (tx.is_creation() && tx.data.size() > rules.initcode_size_max) return Unexpected{TxError::InitcodeTooLarge};
    const auto price = intrinsic_gas(rules, tx);
    if (tx.gas_limit < price.intrinsic) return Unexpected{TxError::IntrinsicGasTooLow};
    if (tx.gas_limit < price.floor) return Unexpected{TxError::GasLimitBelowFloor};
    const auto cost = cost_max(tx);
    if (!cost || state.balance(sender) < *cost) return Unexpected{TxError::InsufficientFunds};
    return {};
}

}  // namespace

Result<TxOutcome, TxError> call(vm::Vm& vm, State& state, const RuleSet& rules, const BlockEnv& block,
                                const Transaction& tx, const Address& sender, vm::Tracer* tracer) {
    state.begin_transaction();
    BlockEnv free_block = block;
    if (tx.max_fee_per_gas.is_zero()) free_block.base_fee = {};
    if (tx.max_fee_per_blob_gas.is_zero()) free_block.blob_base_fee = {};
    if (const auto check = check_call(state, rules, free_block, tx, sender); !check)
        return Unexpected{check.error()};
    Transaction numbered = tx;
    numbered.nonce = state.nonce(sender);
    return execute_checked(vm, state, rules, free_block, numbered, sender, tracer);
}

}  // namespace cairn::chain
