// SPDX-License-Identifier: MIT
#include "chain/pool/admission.hpp"

#include <algorithm>
#include <string>

#include "chain/exec/precheck.hpp"
#include "chain/pool/sidecar_check.hpp"
#include "chain/rules/intrinsic_gas.hpp"
#include "chain/rules/tx_check.hpp"
#include "core/math/checked.hpp"

namespace cairn::chain {
namespace {

using Verdict = Result<void, PoolRejection>;

std::string text(std::uint64_t number) {
    return std::to_string(number);
}
std::string text(const Wei& amount) {
    return to_decimal(amount);
}

Verdict check_funds(const SenderQueue* queue, const PoolTx& tx, const PoolAccount& account) {
    const Wei& balance = account.balance;
    if (balance < tx.cost)
        return Unexpected{rejection_of(PoolError::InsufficientFunds,
                                       "balance " + text(balance) + ", tx cost " + text(tx.cost) +
                                           ", overshot " + text(tx.cost - balance))};
    if (queue == nullptr) return {};
    const Wei& spent = queue->total_cost();
    const PoolTxPtr pooled = queue->find(tx.nonce());
    const Wei others = pooled ? spent - pooled->cost : spent;
    const auto need = checked_add(others, tx.cost);
    if (need && balance >= *need) return {};
    const Wei overshot = need ? *need - balance : Wei::max();
    const std::string own = pooled && tx.cost >= pooled->cost
                                ? ", tx bumped " + text(tx.cost - pooled->cost)
                                : ", tx cost " + text(tx.cost);
    return Unexpected{rejection_of(PoolError::InsufficientFunds,
                                   "balance " + text(balance) + ", queued cost " + text(spent) +
                                       own + ", overshot " + text(overshot))};
}

/// EIP-7702: code at the sender can move its funds and raise its nonce behind the pool's back, so
/// that a delegated account, or one about to be, has one executable transaction at most, and an
/// authority likewise.
Verdict check_delegation(const PoolContent& content, const PoolTx& tx, const PoolAccount& account) {
    const SenderQueue* queue = content.find_queue(tx.sender());
    if (account.is_delegated || content.is_authority(tx.sender())) {
        const std::size_t pending = queue == nullptr ? 0 : queue->pending_size();
        if (pending == 0 && tx.nonce() != account.nonce)
            return Unexpected{rejection_of(PoolError::DelegatedNonceGap)};
        const bool is_replacement =
            queue != nullptr && tx.nonce() < queue->next_nonce() && queue->find(tx.nonce());
        if (pending > 0 && !is_replacement)
            return Unexpected{rejection_of(PoolError::DelegatedInFlight)};
    }
    for (const Address& authority : tx.authorities) {
        const SenderQueue* other = content.find_queue(authority);
        if (other != nullptr && other->txs().size() > 1)
            return Unexpected{rejection_of(PoolError::AuthorityReserved)};
    }
    return {};
}

/// The form of blob proofs that goes with a block's rules (EIP-7594). It is no rule of the ledger,
/// since no block carries proofs.
std::uint8_t sidecar_version_of(const RuleSet& rules) {
    return rules.revision >= Revision::Osaka ? 1 : 0;
}

PoolRejection wrong_version(unsigned wanted, unsigned got) {
    PoolRejection out = rejection_of(PoolError::SidecarVersion);
    out.message += ", want: " + text(wanted) + ", got: " + text(got);
    return out;
}

Verdict check_sidecar(const RuleSet& rules, const NewTx& tx) {
    if (tx.tx->type != TxType::Blob) return {};
    if (!tx.sidecar) return Unexpected{rejection_of(PoolError::SidecarMissing)};
    const auto version = sidecar_version_of(rules);
    if (tx.sidecar->version != version)
        return Unexpected{wrong_version(version, tx.sidecar->version)};
    switch (verify_sidecar(tx.tx->blob_hashes, *tx.sidecar)) {
        case SidecarVerdict::Valid:
            return {};
        case SidecarVerdict::UnknownVersion:
            return Unexpected{wrong_version(version, tx.sidecar->version)};
        case SidecarVerdict::Mismatch:
            return Unexpected{rejection_of(PoolError::SidecarMismatch)};
        case SidecarVerdict::ProofInvalid:
            break;
    }
    return Unexpected{rejection_of(PoolError::KzgProofInvalid)};
}

}  // namespace

PoolRejection rejection_of(TxError error, const PoolHead& head, const Transaction& tx) {
    PoolRejection out{
        .error = PoolError::InvalidTx, .tx_error = error, .message = std::string{to_string(error)}};
    const auto add = [&out](const std::string& details) { out.message += ": " + details; };
    const RuleSet& rules = *head.rules;
    if (error == TxError::IntrinsicGasTooLow)
        add("gas " + text(tx.gas_limit) + ", minimum needed " +
            text(intrinsic_gas(rules, tx).intrinsic));
    else if (error == TxError::GasLimitBelowFloor)
        add("gas " + text(tx.gas_limit) + ", minimum needed " +
            text(intrinsic_gas(rules, tx).floor));
    else if (error == TxError::InitcodeTooLarge)
        add("code size " + text(tx.data.size()) + ", limit " + text(rules.initcode_size_max));
    else if (error == TxError::GasLimitAboveCap)
        out.message +=
            " (cap: " + text(rules.tx_gas_limit_max) + ", tx: " + text(tx.gas_limit) + ")";
    else if (error == TxError::TypeNotSupported)
        add("tx type " + text(static_cast<std::uint64_t>(tx.type)));
    return out;
}

Verdict check_alone(const PoolHead& head, std::uint64_t chain_id, const PoolOptions& options,
                    const NewTx& in, Origin origin) {
    const Transaction& tx = in.tx.tx();
    const std::size_t size = in.tx.signed_tx().bytes().size();
    if (size > kTxBytesMax)
        return Unexpected{
            rejection_of(PoolError::OversizedData,
                         "transaction size " + text(size) + ", limit " + text(kTxBytesMax))};
    const bool is_local = origin == Origin::Local;
    if (is_local && !options.allow_unprotected && !tx.chain_id)
        return Unexpected{rejection_of(PoolError::NotReplayProtected)};
    if (const auto verdict = check_tx(*head.rules, chain_id, in.tx.signed_tx()); !verdict)
        return Unexpected{rejection_of(verdict.error(), head, tx)};
    if (tx.gas_limit > head.gas_limit)
        return Unexpected{rejection_of(PoolError::GasLimitAboveBlock)};
    if ((!is_local || options.no_locals) && tx.max_priority_fee_per_gas < options.price_limit)
        return Unexpected{rejection_of(PoolError::Underpriced,
                                       "gas tip cap " + text(tx.max_priority_fee_per_gas) +
                                           ", minimum needed " + text(options.price_limit))};
    return check_sidecar(*head.rules, in);
}

Verdict check_sender(const PoolContent& content, const PoolOptions& options, const PoolTx& tx,
                     const PoolAccount& account) {
    if (tx.nonce() < account.nonce)
        return Unexpected{
            rejection_of(PoolError::NonceTooLow,
                         "next nonce " + text(account.nonce) + ", tx nonce " + text(tx.nonce()))};
    if (account.has_code) return Unexpected{rejection_of(PoolError::SenderNotEoa)};
    const SenderQueue* queue = content.find_queue(tx.sender());
    const std::uint64_t next = queue == nullptr ? account.nonce : queue->next_nonce();
    // Blobs are too large to be kept for a transaction that may never come.
    if (tx->type == TxType::Blob && tx.nonce() > next)
        return Unexpected{
            rejection_of(PoolError::BlobNonceGap,
                         "tx nonce " + text(tx.nonce()) + ", gapped nonce " + text(next))};
    if (const auto verdict = check_funds(queue, tx, account); !verdict) return verdict;
    if (const auto verdict = check_delegation(content, tx, account); !verdict) return verdict;
    if (const PoolTxPtr pooled = queue == nullptr ? nullptr : queue->find(tx.nonce())) {
        const bool has_blobs = (*pooled)->type == TxType::Blob || tx->type == TxType::Blob;
        const unsigned bump = has_blobs ? options.blob_price_bump : options.price_bump;
        if (!can_replace(pooled->tx.tx(), tx.tx.tx(), bump))
            return Unexpected{rejection_of(PoolError::ReplacementUnderpriced)};
    }
    return {};
}

PoolTx make_pool_tx(const NewTx& in, Origin origin, UnixSeconds now) {
    PoolTx out{.tx = in.tx, .sidecar = in.sidecar, .authorities = {}, .cost = {}};
    for (const Authorization& tuple : in.tx->authorization_list)
        if (const auto authority = recover_authority(tuple)) out.authorities.push_back(*authority);
    std::ranges::sort(out.authorities);
    const auto repeated = std::ranges::unique(out.authorities);
    out.authorities.erase(repeated.begin(), repeated.end());
    const auto cost = cost_max(in.tx.tx());
    // What cannot be written down nobody can pay either.
    out.cost = cost.value_or(Wei::max());
    out.size = in.sidecar ? encode_pooled_tx({in.tx.signed_tx(), in.sidecar}).size()
                          : in.tx.signed_tx().bytes().size();
    out.origin = origin;
    out.added_at = now;
    return out;
}

}  // namespace cairn::chain
