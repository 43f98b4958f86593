// SPDX-License-Identifier: MIT
#include "chain/pool/pool_views.hpp"

#include <optional>

#include "core/math/checked.hpp"

namespace cairn::chain {
namespace {

/// Why a pending transaction waits though those before it do not.
WaitReason own_reason(const PoolTx& tx, const PoolHead& head, const Wei& cost_so_far,
                      const PoolAccount& account) {
    if (tx->max_fee_per_gas < head.base_fee) return WaitReason::FeeCapBelowBaseFee;
    if (tx->type == TxType::Blob && tx->max_fee_per_blob_gas < head.blob_base_fee)
        return WaitReason::BlobFeeCapBelowBlobFee;
    if (cost_so_far > account.balance) return WaitReason::BalanceShort;
    return WaitReason::None;
}

std::string words(const PoolEntry& entry, const PoolHead& head, const SenderQueue& queue,
                  const Wei& cost_so_far, std::uint64_t blocking_nonce) {
    const PoolTx& tx = *entry.tx;
    switch (entry.reason) {
        case WaitReason::None:
            return "ready";
        case WaitReason::NonceGap:
            return "nonce gap: next is " + std::to_string(queue.next_nonce());
        case WaitReason::FeeCapBelowBaseFee:
            return "fee cap below base fee: fee cap " + to_decimal(tx->max_fee_per_gas) +
                   ", base fee " + to_decimal(head.base_fee);
        case WaitReason::BlobFeeCapBelowBlobFee:
            return "blob fee cap below blob base fee: blob fee cap " +
                   to_decimal(tx->max_fee_per_blob_gas) + ", blob base fee " +
                   to_decimal(head.blob_base_fee);
        case WaitReason::BalanceShort:
            return "insufficient funds: balance " + to_decimal(queue.account().balance) +
                   ", cost up to here " + to_decimal(cost_so_far);
        case WaitReason::BehindAnother:
            return "behind nonce " + std::to_string(blocking_nonce) + ", which waits";
    }
    return {};
}

}  // namespace

std::vector<PoolEntry> explain(const SenderQueue& queue, const PoolHead& head) {
    std::vector<PoolEntry> out;
    out.reserve(queue.txs().size());
    Wei cost_so_far;
    std::optional<std::uint64_t> blocking_nonce;
    for (const PoolTxPtr& tx : queue.txs()) {
        PoolEntry entry{.tx = tx, .is_pending = out.size() < queue.pending_size(), .text = {}};
        cost_so_far = checked_add(cost_so_far, tx->cost).value_or(Wei::max());
        if (!entry.is_pending)
            entry.reason = WaitReason::NonceGap;
        else if (blocking_nonce)
            entry.reason = WaitReason::BehindAnother;
        else
            entry.reason = own_reason(*tx, head, cost_so_far, queue.account());
        entry.text = words(entry, head, queue, cost_so_far, blocking_nonce.value_or(0));
        if (entry.reason != WaitReason::None && !blocking_nonce) blocking_nonce = tx->nonce();
        out.push_back(std::move(entry));
    }
    return out;
}

std::string_view to_string(DropReason reason) noexcept {
    switch (reason) {
        case DropReason::Mined:
            return "mined";
        case DropReason::NonceUsed:
            return "nonce used";
        case DropReason::Unpayable:
            return "unpayable";
        case DropReason::RulesChanged:
            return "rules changed";
        case DropReason::Evicted:
            return "evicted";
        case DropReason::Truncated:
            return "truncated";
        case DropReason::Expired:
            return "expired";
        case DropReason::Underpriced:
            return "underpriced";
        case DropReason::Removed:
            return "removed";
    }
    return "unknown";
}

}  // namespace cairn::chain
