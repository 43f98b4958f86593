// SPDX-License-Identifier: MIT
#include "chain/pool/pool_content.hpp"

#include <algorithm>
#include <utility>

#include "core/base/assert.hpp"

namespace cairn::chain {
namespace {

std::size_t count_peers(std::span<const PoolTxPtr> txs) {
    return static_cast<std::size_t>(
        std::ranges::count_if(txs, [](const PoolTxPtr& tx) { return !tx->is_local(); }));
}

}  // namespace

PoolTxPtr PoolContent::find(const TxHash& hash) const noexcept {
    const auto it = by_hash_.find(hash);
    return it == by_hash_.end() ? nullptr : it->second;
}

const SenderQueue* PoolContent::find_queue(const Address& sender) const noexcept {
    const auto it = senders_.find(sender);
    return it == senders_.end() ? nullptr : &it->second;
}

PoolTxPtr PoolContent::find_pending(const Address& sender, std::uint64_t nonce) const noexcept {
    const SenderQueue* queue = find_queue(sender);
    if (queue == nullptr || nonce >= queue->next_nonce()) return nullptr;
    return queue->find(nonce);
}

void PoolContent::list(const Address& sender, const SenderQueue& queue) {
    if (queue.pending_size() > account_slots_) large_.emplace(queue.pending_size(), sender);
    if (queue.queued_size() > 0) waiting_.emplace(queue.last_active, sender);
}

void PoolContent::unlist(const Address& sender, const SenderQueue& queue) {
    if (queue.pending_size() > account_slots_) large_.erase({queue.pending_size(), sender});
    if (queue.queued_size() > 0) waiting_.erase({queue.last_active, sender});
}

template <class Change>
void PoolContent::change_queue(Senders::iterator it, std::vector<PoolTxPtr>* promoted,
                               Change change) {
    SenderQueue& queue = it->second;
    const std::uint64_t executable_below = queue.next_nonce();
    pending_ -= queue.pending_size();
    unlist(it->first, queue);
    change(queue);
    list(it->first, queue);
    pending_ += queue.pending_size();
    if (promoted != nullptr && queue.next_nonce() > executable_below) {
        const std::uint64_t from = std::max(executable_below, queue.account().nonce);
        const auto fresh = queue.pending().subspan(from - queue.account().nonce);
        promoted->assign(fresh.begin(), fresh.end());
    }
    if (queue.is_empty()) senders_.erase(it);
}

PoolContent::Effects PoolContent::insert(const PoolTxPtr& tx, const PoolAccount& account) {
    CAIRN_ASSERT(!by_hash_.contains(tx->hash()));
    Effects effects;
    const auto it = senders_.try_emplace(tx->sender(), account).first;
    change_queue(it, &effects.promoted, [&](SenderQueue& queue) {
        effects.replaced = queue.insert(tx);
        queue.last_active = tx->added_at;
    });
    std::erase(effects.promoted, tx);
    if (effects.replaced) forget(*effects.replaced);
    by_hash_.emplace(tx->hash(), tx);
    for (const Address& authority : tx->authorities) ++authorities_[authority];
    slots_ += tx->slots();
    locals_ += tx->is_local() ? 1 : 0;
    prices_.insert(*tx);
    return effects;
}

void PoolContent::forget(const PoolTx& tx) {
    for (const Address& authority : tx.authorities) {
        const auto it = authorities_.find(authority);
        if (--it->second == 0) authorities_.erase(it);
    }
    slots_ -= tx.slots();
    locals_ -= tx.is_local() ? 1 : 0;
    prices_.erase(tx);
    by_hash_.erase(tx.hash());
}

void PoolContent::erase(const PoolTx& tx) {
    const PoolTxPtr alive = find(tx.hash());
    CAIRN_ASSERT(alive != nullptr);
    change_queue(senders_.find(alive->sender()), nullptr,
                 [&](SenderQueue& queue) { queue.erase(alive->nonce()); });
    forget(*alive);
}

PoolContent::Effects PoolContent::set_account(const Address& address, const PoolAccount& account) {
    const auto it = senders_.find(address);
    CAIRN_ASSERT(it != senders_.end());
    Effects effects;
    change_queue(it, &effects.promoted,
                 [&](SenderQueue& queue) { effects.passed = queue.set_account(account); });
    for (const PoolTxPtr& tx : effects.passed) forget(*tx);
    return effects;
}

std::optional<std::vector<PoolTxPtr>> PoolContent::find_cheaper(std::size_t slots,
                                                                const Worth& worth,
                                                                const PoolTx* except) {
    prices_.sort([this](const std::function<void(const PoolTxPtr&)>& visit) {
        for (const auto& [hash, tx] : by_hash_) visit(tx);
    });
    std::vector<PoolTxPtr> out;
    std::size_t found = 0;
    for (const PriceIndex::Entry& entry : prices_.cheapest_first()) {
        if (found >= slots || entry.worth >= worth) break;
        if (entry.tx == except) continue;
        found += entry.tx->slots();
        out.push_back(find(entry.tx->hash()));
    }
    if (found < slots) return std::nullopt;
    return out;
}

std::vector<PoolTxPtr> PoolContent::truncate_pending() {
    std::vector<PoolTxPtr> out;
    auto largest = large_.end();
    while (pending_ > global_slots_ && largest != large_.begin()) {
        --largest;
        const PoolTxPtr last = senders_.at(largest->second).pending().back();
        if (last->is_local()) continue;
        out.push_back(last);
        // Moves its sender down the order, or out of it: who is largest is asked again.
        erase(*last);
        largest = large_.end();
    }
    return out;
}

std::size_t PoolContent::take_queued(const Address& sender, std::size_t count,
                                     std::vector<PoolTxPtr>& out) {
    std::vector<PoolTxPtr> leaving;
    const auto queued = senders_.at(sender).queued();
    for (auto it = queued.rbegin(); it != queued.rend() && leaving.size() < count; ++it)
        if (!(*it)->is_local()) leaving.push_back(*it);
    for (const PoolTxPtr& tx : leaving) {
        erase(*tx);
        out.push_back(tx);
    }
    return leaving.size();
}

std::vector<PoolTxPtr> PoolContent::truncate_queued() {
    std::vector<PoolTxPtr> out;
    auto quietest = waiting_.begin();
    while (queued_size() > global_queue_ && quietest != waiting_.end()) {
        const Address sender = (quietest++)->second;
        // Erases this sender's entry at most, which has been passed.
        take_queued(sender, queued_size() - global_queue_, out);
    }
    return out;
}

std::vector<PoolTxPtr> PoolContent::cap_queue(const Address& sender) {
    std::vector<PoolTxPtr> out;
    const SenderQueue* queue = find_queue(sender);
    if (queue == nullptr) return out;
    const std::size_t count = count_peers(queue->queued());
    if (count > account_queue_) take_queued(sender, count - account_queue_, out);
    return out;
}

bool PoolContent::has_queue_room(const Address& sender, std::uint64_t nonce) const {
    const SenderQueue* queue = find_queue(sender);
    if (queue == nullptr) return account_queue_ > 0;
    const auto is_farther = [&](const PoolTxPtr& tx) {
        return !tx->is_local() && tx->nonce() > nonce;
    };
    return count_peers(queue->queued()) < account_queue_ ||
           std::ranges::any_of(queue->queued(), is_farther);
}

std::vector<PoolTxPtr> PoolContent::expire(UnixSeconds deadline) {
    std::vector<Address> quiet;
    for (const auto& [last_active, address] : waiting_)
        if (last_active < deadline) quiet.push_back(address);
    std::vector<PoolTxPtr> out;
    for (const Address& address : quiet) take_queued(address, size(), out);
    return out;
}

bool PoolContent::is_consistent() const {
    std::size_t count = 0;
    std::size_t pending = 0;
    std::size_t slots = 0;
    std::size_t locals = 0;
    std::unordered_map<Address, std::size_t> authorities;
    std::size_t large = 0;
    std::size_t waiting = 0;
    for (const auto& [address, queue] : senders_) {
        if (queue.is_empty()) return false;
        if (queue.pending_size() > account_slots_) {
            ++large;
            if (!large_.contains({queue.pending_size(), address})) return false;
        }
        if (queue.queued_size() > 0) {
            ++waiting;
            if (!waiting_.contains({queue.last_active, address})) return false;
        }
        std::uint64_t expected = queue.account().nonce;
        Wei cost;
        for (std::size_t i = 0; i < queue.txs().size(); ++i) {
            const PoolTxPtr& tx = queue.txs()[i];
            if (tx->sender() != address || find(tx->hash()) != tx) return false;
            if (i > 0 && tx->nonce() <= queue.txs()[i - 1]->nonce()) return false;
            const bool is_next = tx->nonce() == expected;
            if (is_next != (i < queue.pending_size())) return false;
            if (is_next) ++expected;
            cost += tx->cost;
            slots += tx->slots();
            locals += tx->is_local() ? 1 : 0;
            for (const Address& authority : tx->authorities) ++authorities[authority];
        }
        if (cost != queue.total_cost()) return false;
        count += queue.txs().size();
        pending += queue.pending_size();
    }
    return count == by_hash_.size() && pending == pending_ && slots == slots_ &&
           locals == locals_ && authorities == authorities_ && large == large_.size() &&
           waiting == waiting_.size();
}

}  // namespace cairn::chain
