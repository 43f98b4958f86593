// SPDX-License-Identifier: MIT
#include "chain/pool/best_txs.hpp"

#include <algorithm>

#include "core/base/assert.hpp"

namespace cairn::chain {

BestTxs::BestTxs(const TxPool& pool, const Wei& base_fee, const Wei& tip_min)
    : pool_{pool}, base_fee_{base_fee}, tip_min_{tip_min} {
    auto heads = pool.first_pending();
    heap_.reserve(heads.size());
    for (PoolTxPtr& tx : heads) {
        const Worth worth = worth_of(tx->tx.tx(), base_fee_);
        if (is_wanted(*tx, worth)) heap_.push_back({worth, std::move(tx)});
    }
    std::make_heap(heap_.begin(), heap_.end());
}

bool BestTxs::is_wanted(const PoolTx& tx, const Worth& worth) const noexcept {
    return worth.pays_base_fee && (tx.is_local() || worth.amount >= tip_min_);
}

const PoolTxPtr& BestTxs::best() const {
    CAIRN_ASSERT(!heap_.empty());
    return heap_.front().tx;
}

void BestTxs::next() {
    CAIRN_ASSERT(!heap_.empty());
    std::pop_heap(heap_.begin(), heap_.end());
    const PoolTx& done = *heap_.back().tx;
    PoolTxPtr successor = pool_.find_pending(done.sender(), done.nonce() + 1);
    heap_.pop_back();
    if (!successor) return;
    const Worth worth = worth_of(successor->tx.tx(), base_fee_);
    if (!is_wanted(*successor, worth)) return;
    heap_.push_back({worth, std::move(successor)});
    std::push_heap(heap_.begin(), heap_.end());
}

void BestTxs::skip_sender() {
    CAIRN_ASSERT(!heap_.empty());
    std::pop_heap(heap_.begin(), heap_.end());
    heap_.pop_back();
}

}  // namespace cairn::chain
