// SPDX-License-Identifier: MIT
// The part of TxPool that only looks.
#include <algorithm>
#include <utility>

#include "chain/pool/tx_pool.hpp"

namespace cairn::chain {

PoolHead TxPool::head() const {
    const std::lock_guard lock{mutex_};
    return head_;
}

PoolOptions TxPool::options() const {
    const std::lock_guard lock{mutex_};
    return options_;
}

PoolStatus TxPool::status() const {
    const std::lock_guard lock{mutex_};
    return {.pending = content_.pending_size(),
            .queued = content_.queued_size(),
            .slots = content_.slots(),
            .local = content_.local_size()};
}

PoolStats TxPool::stats() const {
    const std::lock_guard lock{mutex_};
    PoolStats out = stats_;
    out.double_spends = double_spends_.total();
    return out;
}

PoolTxPtr TxPool::find(const TxHash& hash) const {
    const std::lock_guard lock{mutex_};
    return content_.find(hash);
}

std::uint64_t TxPool::pending_nonce(const Address& address) const {
    {
        const std::lock_guard lock{mutex_};
        if (const SenderQueue* queue = content_.find_queue(address)) return queue->next_nonce();
    }
    return chain_.read({&address, 1}).accounts.front().nonce;
}

std::vector<SenderContent> TxPool::content() const {
    // Copied first: the words take longer than anybody should wait for the lock.
    std::vector<std::pair<Address, SenderQueue>> queues;
    PoolHead head;
    {
        const std::lock_guard lock{mutex_};
        queues.assign(content_.senders().begin(), content_.senders().end());
        head = head_;
    }
    std::vector<SenderContent> out;
    out.reserve(queues.size());
    for (const auto& [address, queue] : queues) out.push_back({address, explain(queue, head)});
    std::ranges::sort(out, {}, &SenderContent::sender);
    return out;
}

std::vector<PoolEntry> TxPool::content_of(const Address& sender) const {
    const std::lock_guard lock{mutex_};
    const SenderQueue* queue = content_.find_queue(sender);
    if (queue == nullptr) return {};
    return explain(*queue, head_);
}

std::vector<TxAnnouncement> TxPool::announcements(std::size_t count_max) const {
    const std::lock_guard lock{mutex_};
    std::vector<TxAnnouncement> out;
    for (const auto& [address, queue] : content_.senders())
        for (const PoolTxPtr& tx : queue.pending()) {
            if (out.size() >= count_max) return out;
            out.push_back({tx->hash(), (*tx)->type, static_cast<std::uint32_t>(tx->size)});
        }
    return out;
}

std::vector<DoubleSpend> TxPool::double_spends(std::size_t count_max) const {
    const std::lock_guard lock{mutex_};
    return double_spends_.latest(count_max);
}

std::optional<DoubleSpend> TxPool::find_double_spend(const Address& sender,
                                                     std::uint64_t nonce) const {
    const std::lock_guard lock{mutex_};
    const DoubleSpend* record = double_spends_.find(sender, nonce);
    if (record == nullptr) return std::nullopt;
    return *record;
}

std::vector<PoolTxPtr> TxPool::first_pending() const {
    const std::lock_guard lock{mutex_};
    std::vector<PoolTxPtr> out;
    out.reserve(content_.senders().size());
    for (const auto& [address, queue] : content_.senders())
        if (queue.pending_size() > 0) out.push_back(queue.pending().front());
    return out;
}

PoolTxPtr TxPool::find_pending(const Address& sender, std::uint64_t nonce) const {
    const std::lock_guard lock{mutex_};
    return content_.find_pending(sender, nonce);
}

bool TxPool::is_consistent() const {
    const std::lock_guard lock{mutex_};
    return content_.is_consistent() && content_.slots() <= options_.slots_max();
}

}  // namespace cairn::chain
