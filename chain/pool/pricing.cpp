// SPDX-License-Identifier: MIT
#include "chain/pool/pricing.hpp"

#include <algorithm>

#include "core/math/checked.hpp"

namespace cairn::chain {
namespace {

/// Whether `after` is above `before` and at least `bump_percent` above it.
bool is_raised(const Wei& before, const Wei& after, unsigned bump_percent) noexcept {
    if (after <= before) return false;
    const auto product = checked_mul(before, Wei{std::uint64_t{100} + bump_percent});
    // A price whose bump cannot be written down cannot be outbid.
    return product && after >= *product / Wei{100};
}

}  // namespace

Worth worth_of(const Transaction& tx, const Wei& base_fee) noexcept {
    if (tx.max_fee_per_gas < base_fee) return {false, tx.max_fee_per_gas};
    return {true, std::min(tx.max_priority_fee_per_gas, tx.max_fee_per_gas - base_fee)};
}

bool can_replace(const Transaction& pooled, const Transaction& candidate,
                 unsigned bump_percent) noexcept {
    if (!is_raised(pooled.max_fee_per_gas, candidate.max_fee_per_gas, bump_percent)) return false;
    if (!is_raised(pooled.max_priority_fee_per_gas, candidate.max_priority_fee_per_gas,
                   bump_percent))
        return false;
    return pooled.type != TxType::Blob ||
           is_raised(pooled.max_fee_per_blob_gas, candidate.max_fee_per_blob_gas, bump_percent);
}

void PriceIndex::set_base_fee(const Wei& base_fee) {
    if (base_fee == base_fee_) return;
    base_fee_ = base_fee;
    is_sorted_ = false;
    entries_.clear();
}

void PriceIndex::insert(const PoolTx& tx) {
    if (is_sorted_ && !tx.is_local()) entries_.insert(entry_of(tx));
}

void PriceIndex::erase(const PoolTx& tx) {
    if (is_sorted_ && !tx.is_local()) entries_.erase(entry_of(tx));
}

void PriceIndex::sort(const ForEach& for_each) {
    if (is_sorted_) return;
    for_each([this](const PoolTxPtr& tx) {
        if (!tx->is_local()) entries_.insert(entry_of(*tx));
    });
    is_sorted_ = true;
}

}  // namespace cairn::chain
