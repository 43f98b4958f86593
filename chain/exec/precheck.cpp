// SPDX-License-Identifier: MIT
#include "chain/exec/precheck.hpp"

#include <algorithm>
#include <limits>

#include "chain/exec/authorization.hpp"
#include "chain/rules/base_fee.hpp"
#include "core/math/checked.hpp"

namespace cairn::chain {

std::optional<Wei> cost_max(const Transaction& tx) noexcept {
    const auto gas = checked_mul(Wei{tx.gas_limit}, tx.max_fee_per_gas);
    if (!gas) return std::nullopt;
    const auto blobs = checked_mul(Wei{blob_gas_of(tx.blob_hashes.size())}, tx.max_fee_per_blob_gas);
    if (!blobs) return std::nullopt;
    const auto fees = checked_add(*gas, *blobs);
    return fees ? checked_add(*fees, tx.value) : std::nullopt;
}

Result<void, TxError> precheck(State& state, const RuleSet& rules, const BlockEnv& block,
                               const BlockBudget& budget, const Transaction& tx, const Address& sender) {
    const auto nonce = state.nonce(sender);
    if (tx.nonce < nonce) return Unexpected{TxError::NonceTooLow};
    if (tx.nonce > nonce) return Unexpected{TxError::NonceTooHigh};
    if (rules.rejects_senders_with_code && state.code_hash(sender) != kEmptyCodeHash &&
        !find_delegate(state.code(sender)))
        return Unexpected{TxError::SenderNotEoa};

    if (rules.has_base_fee && tx.max_fee_per_gas < block.base_fee)
        return Unexpected{TxError::FeeCapBelowBaseFee};
    if (tx.type == TxType::Blob && tx.max_fee_per_blob_gas < block.blob_base_fee)
        return Unexpected{TxError::BlobFeeCapBelowBlobBaseFee};
    // The machine counts gas in 63 bits, as every client does.
    constexpr Gas kGasMax = std::numeric_limits<std::int64_t>::max();
    if (tx.gas_limit > std::min(budget.gas, kGasMax)) return Unexpected{TxError::BlockGasLimitReached};
    if (blob_gas_of(tx.blob_hashes.size()) > budget.blob_gas)
        return Unexpected{TxError::BlockBlobLimitReached};

    const auto cost = cost_max(tx);
    if (!cost || state.balance(sender) < *cost) return Unexpected{TxError::InsufficientFunds};
    return {};
}

}  // namespace cairn::chain
