// SPDX-License-Identifier: MIT
#include "chain/rules/tx_check.hpp"

#include <limits>
#include <utility>

#include "chain/rules/intrinsic_gas.hpp"
#include "core/math/uint256.hpp"

namespace cairn::chain {
namespace {

using Verdict = Result<void, TxError>;

/// Whether gas limit times fee exceeds 256 bits.
bool gas_cost_overflows(Gas gas_limit, const Wei& fee) noexcept {
    const auto product = mul_full(Uint256{gas_limit}, fee);
    return (product[4] | product[5] | product[6] | product[7]) != 0;
}

/// EIP-4844; the count also EIP-7594.
Verdict check_blobs(const RuleSet& rules, const Transaction& tx) {
    if (tx.is_creation()) return Unexpected{TxError::BlobCreation};
    if (tx.blob_hashes.empty()) return Unexpected{TxError::BlobsMissing};
    if (tx.blob_hashes.size() > rules.blobs.max_per_tx)
        return Unexpected{TxError::BlobCountExceeded};
    for (const Hash256& hash : tx.blob_hashes)
        if (hash.bytes[0] != kBlobHashVersionKzg) return Unexpected{TxError::BlobHashVersion};
    return {};
}

/// EIP-7702.
Verdict check_authorizations(const Transaction& tx) {
    if (tx.is_creation()) return Unexpected{TxError::SetCodeCreation};
    if (tx.authorization_list.empty()) return Unexpected{TxError::AuthorizationListEmpty};
    return {};
}

}  // namespace

Verdict check_tx_fields(const RuleSet& rules, const Transaction& tx) {
    if (!rules.allows(tx.type)) return Unexpected{TxError::TypeNotSupported};
    if (tx.nonce == std::numeric_limits<std::uint64_t>::max())
        return Unexpected{TxError::NonceIsMax};
    if (tx.max_priority_fee_per_gas > tx.max_fee_per_gas)
        return Unexpected{TxError::TipAboveFeeCap};
    if (gas_cost_overflows(tx.gas_limit, tx.max_fee_per_gas))
        return Unexpected{TxError::GasCostOverflow};
    if (tx.type == TxType::Blob)
        if (const auto verdict = check_blobs(rules, tx); !verdict) return verdict;
    if (tx.type == TxType::SetCode)
        if (const auto verdict = check_authorizations(tx); !verdict) return verdict;
    if (tx.gas_limit > rules.tx_gas_limit_max) return Unexpected{TxError::GasLimitAboveCap};
    if (tx.is_creation() && tx.data.size() > rules.initcode_size_max)
        return Unexpected{TxError::InitcodeTooLarge};
    const IntrinsicGas price = intrinsic_gas(rules, tx);
    if (tx.gas_limit < price.intrinsic) return Unexpected{TxError::IntrinsicGasTooLow};
    if (tx.gas_limit < price.floor) return Unexpected{TxError::GasLimitBelowFloor};
    return {};
}

Verdict check_tx_signature(const RuleSet& rules, std::uint64_t chain_id, const SignedTx& tx) {
    if (!rules.allows(tx->type)) return Unexpected{TxError::TypeNotSupported};
    if (tx->chain_id) {
        if (tx->type == TxType::Legacy && !rules.has_replay_protection)
            return Unexpected{TxError::ReplayProtectionNotSupported};
        if (*tx->chain_id != chain_id) return Unexpected{TxError::WrongChainId};
    }
    if (!is_in_range(tx.signature())) return Unexpected{TxError::SignatureOutOfRange};
    if (rules.requires_low_s && !has_low_s(tx.signature()))
        return Unexpected{TxError::SignatureSTooHigh};
    return {};
}

Verdict check_tx(const RuleSet& rules, std::uint64_t chain_id, const SignedTx& tx) {
    if (const auto verdict = check_tx_signature(rules, chain_id, tx); !verdict) return verdict;
    return check_tx_fields(rules, tx.tx());
}

Result<RecoveredTx, TxError> check_and_recover(const RuleSet& rules, std::uint64_t chain_id,
                                               const SignedTx& tx) {
    if (const auto verdict = check_tx(rules, chain_id, tx); !verdict)
        return Unexpected{verdict.error()};
    auto recovered = recover_sender(tx);
    if (!recovered) return Unexpected{TxError::SignatureUnrecoverable};
    return std::move(*recovered);
}

}  // namespace cairn::chain
