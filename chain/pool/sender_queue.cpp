// SPDX-License-Identifier: MIT
#include "chain/pool/sender_queue.hpp"

#include <algorithm>
#include <utility>

#include "core/base/assert.hpp"

namespace cairn::chain {
namespace {

auto lower_bound(auto& txs, std::uint64_t nonce) noexcept {
    return std::ranges::lower_bound(txs, nonce, {},
                                    [](const PoolTxPtr& tx) { return tx->nonce(); });
}

}  // namespace

PoolTxPtr SenderQueue::find(std::uint64_t nonce) const noexcept {
    const auto it = lower_bound(txs_, nonce);
    return it != txs_.end() && (*it)->nonce() == nonce ? *it : nullptr;
}

PoolTxPtr SenderQueue::insert(PoolTxPtr tx) {
    CAIRN_ASSERT(tx->nonce() >= account_.nonce);
    total_cost_ += tx->cost;
    const auto it = lower_bound(txs_, tx->nonce());
    if (it != txs_.end() && (*it)->nonce() == tx->nonce()) {
        total_cost_ -= (*it)->cost;
        return std::exchange(*it, std::move(tx));
    }
    const auto index = static_cast<std::size_t>(it - txs_.begin());
    txs_.insert(it, std::move(tx));
    if (index <= pending_) count_pending();
    return nullptr;
}

PoolTxPtr SenderQueue::erase(std::uint64_t nonce) {
    const auto it = lower_bound(txs_, nonce);
    CAIRN_ASSERT(it != txs_.end() && (*it)->nonce() == nonce);
    pending_ = std::min(pending_, static_cast<std::size_t>(it - txs_.begin()));
    PoolTxPtr out = std::move(*it);
    txs_.erase(it);
    total_cost_ -= out->cost;
    return out;
}

std::vector<PoolTxPtr> SenderQueue::set_account(const PoolAccount& account) {
    account_ = account;
    const auto it = lower_bound(txs_, account.nonce);
    std::vector<PoolTxPtr> passed{std::make_move_iterator(txs_.begin()),
                                  std::make_move_iterator(it)};
    txs_.erase(txs_.begin(), it);
    for (const PoolTxPtr& tx : passed) total_cost_ -= tx->cost;
    pending_ = 0;
    count_pending();
    return passed;
}

void SenderQueue::count_pending() noexcept {
    while (pending_ < txs_.size() && txs_[pending_]->nonce() == next_nonce()) ++pending_;
}

}  // namespace cairn::chain
