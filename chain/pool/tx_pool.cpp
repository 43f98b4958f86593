// SPDX-License-Identifier: MIT
#include "chain/pool/tx_pool.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "chain/pool/admission.hpp"
#include "chain/rules/tx_check.hpp"

namespace cairn::chain {
namespace {

/// Mined transactions whose origin and blobs are remembered, and bytes of blobs among them: enough
/// for the blocks that reorganisations usually take back.
constexpr std::size_t kLimboCountMax = 4096;
constexpr std::size_t kLimboBytesMax = std::size_t{64} << 20;

/// Heads that may overtake one call of add before it reads the account with the pool locked.
constexpr unsigned kAddAttempts = 4;

}  // namespace

TxPool::TxPool(const ChainSpec& spec, const PoolChain& chain, PoolOptions options, UnixSeconds now)
    : spec_{spec},
      chain_{chain},
      options_{std::move(options)},
      content_{options_},
      limbo_{kLimboCountMax, kLimboBytesMax},
      rotated_at_{now} {
    const ChainSnapshot snapshot = chain_.read({});
    head_ = make_pool_head(spec_, snapshot.head, snapshot.total, now);
    content_.set_base_fee(head_.base_fee);
    if (!options_.journal.empty()) journal_.emplace(options_.journal);
}

Origin TxPool::treated_as(Origin origin) const noexcept {
    return options_.no_locals ? Origin::Peer : origin;
}

Result<TxPool::Added, PoolRejection> TxPool::add(const NewTx& tx, Origin origin, UnixSeconds now) {
    auto added = try_add(tx, origin, now);
    {
        const std::lock_guard lock{mutex_};
        if (!added) reject(added.error());
    }
    publish();
    if (added && added->tx->is_local()) journal(*added->tx);
    return added;
}

Result<TxPool::Added, PoolRejection> TxPool::try_add(const NewTx& in, Origin origin,
                                                     UnixSeconds now) {
    std::shared_ptr<PoolTx> made;
    const RuleSet* checked_under = nullptr;
    for (unsigned attempt = 0;; ++attempt) {
        std::unique_lock lock{mutex_};
        if (content_.find(in.tx.hash())) return Unexpected{rejection_of(PoolError::AlreadyKnown)};
        const PoolHead head = head_;
        const PoolOptions options = options_;
        const std::uint64_t generation = generation_;
        const bool is_sender_known = content_.find_queue(in.tx.sender()) != nullptr;
        lock.unlock();

        if (checked_under != head.rules) {
            if (auto verdict = check_alone(head, spec_.chain_id(), options, in, origin); !verdict)
                return Unexpected{verdict.error()};
            checked_under = head.rules;
        }
        if (!made) made = std::make_shared<PoolTx>(make_pool_tx(in, treated_as(origin), now));
        std::optional<PoolAccount> account;
        if (!is_sender_known) account = chain_.read({&in.tx.sender(), 1}).accounts.front();

        lock.lock();
        const SenderQueue* queue = content_.find_queue(in.tx.sender());
        if (generation == generation_ && (queue != nullptr || account))
            return insert(made, queue != nullptr ? queue->account() : *account);
        if (attempt + 1 >= kAddAttempts && checked_under == head_.rules)
            return insert(made, queue != nullptr
                                    ? queue->account()
                                    : chain_.read({&in.tx.sender(), 1}).accounts.front());
    }
}

Result<void, PoolRejection> TxPool::check(const NewTx& in, Origin origin, UnixSeconds now) const {
    if (contains(in.tx.hash())) return Unexpected{rejection_of(PoolError::AlreadyKnown)};
    if (auto verdict = check_alone(head(), spec_.chain_id(), options(), in, origin); !verdict)
        return verdict;
    const PoolTx made = make_pool_tx(in, treated_as(origin), now);
    const PoolAccount account = chain_.read({&in.tx.sender(), 1}).accounts.front();
    const std::lock_guard lock{mutex_};
    return check_sender(content_, options_, made, account);
}

Result<TxPool::Added, PoolRejection> TxPool::insert(const std::shared_ptr<PoolTx>& tx,
                                                    const PoolAccount& account) {
    if (content_.find(tx->hash())) return Unexpected{rejection_of(PoolError::AlreadyKnown)};
    if (auto verdict = check_sender(content_, options_, *tx, account); !verdict) {
        if (verdict.error().error == PoolError::ReplacementUnderpriced)
            note_contender(*tx, tx->added_at);
        return Unexpected{verdict.error()};
    }
    const SenderQueue* queue = content_.find_queue(tx->sender());
    const PoolTxPtr pooled = queue == nullptr ? nullptr : queue->find(tx->nonce());
    const std::uint64_t next = queue == nullptr ? account.nonce : queue->next_nonce();
    const bool is_future = tx->nonce() > next;
    if (is_future && !pooled && !tx->is_local() &&
        !content_.has_queue_room(tx->sender(), tx->nonce()))
        return Unexpected{rejection_of(
            PoolError::AccountLimitExceeded,
            "pooled " + std::to_string(queue == nullptr ? 0 : queue->txs().size()) + " txs")};
    auto victims = find_room(*tx, pooled.get(), is_future);
    if (!victims) return Unexpected{victims.error()};

    if (pooled) note_contender(*tx, tx->added_at);
    tx->sequence = next_sequence_++;
    const auto effects = content_.insert(tx, account);
    if (effects.replaced) {
        ++stats_.replaced;
        outbox_.emplace_back(TxReplaced{effects.replaced, tx});
    }
    // Cut down first: a transaction that does not stay itself must not push others out.
    auto truncated = content_.truncate_pending();
    std::vector<Address> demoted{tx->sender()};
    for (const PoolTxPtr& victim : *victims) {
        if (!content_.find(tx->hash()) || content_.slots() <= options_.slots_max()) break;
        if (!content_.find(victim->hash())) continue;
        content_.erase(*victim);
        demoted.push_back(victim->sender());
        drop(victim, DropReason::Evicted);
    }
    for (const PoolTxPtr& cut : cut_queues(demoted)) truncated.push_back(cut);
    for (const PoolTxPtr& cut : truncated)
        if (cut != tx) drop(cut, DropReason::Truncated);
    if (!content_.find(tx->hash())) return Unexpected{rejection_of(PoolError::PoolFull)};

    const bool is_pending = content_.find_pending(tx->sender(), tx->nonce()) != nullptr;
    ++stats_.added;
    outbox_.emplace_back(TxAdded{tx, is_pending});
    promote(effects.promoted);
    return Added{tx, is_pending,
                 effects.replaced ? std::optional{effects.replaced->hash()} : std::nullopt};
}

Result<std::vector<PoolTxPtr>, PoolRejection> TxPool::find_room(const PoolTx& tx,
                                                                const PoolTx* pooled,
                                                                bool is_future) {
    const std::size_t leaving = pooled == nullptr ? 0 : pooled->slots();
    const std::size_t wanted = content_.slots() - leaving + tx.slots();
    if (wanted <= options_.slots_max()) return std::vector<PoolTxPtr>{};
    const std::size_t excess = wanted - options_.slots_max();
    const Worth highest{true, Wei::max()};
    const Worth worth = tx.is_local() ? highest : worth_of(tx.tx.tx(), head_.base_fee);
    auto victims = content_.find_cheaper(excess, worth, pooled);
    if (!victims)
        return Unexpected{rejection_of(content_.find_cheaper(excess, highest, pooled)
                                           ? PoolError::Underpriced
                                           : PoolError::PoolFull)};
    // Otherwise a transaction that may never be executable empties the pool of those that are.
    if (is_future && !tx.is_local())
        for (const PoolTxPtr& victim : *victims)
            if (content_.find_pending(victim->sender(), victim->nonce()))
                return Unexpected{rejection_of(PoolError::FutureReplacesPending)};
    return std::move(*victims);
}

std::vector<PoolTxPtr> TxPool::cut_queues(std::span<const Address> senders) {
    std::vector<PoolTxPtr> out;
    const auto take = [&out](const std::vector<PoolTxPtr>& more) {
        out.insert(out.end(), more.begin(), more.end());
    };
    for (const Address& sender : senders) take(content_.cap_queue(sender));
    take(content_.truncate_queued());
    return out;
}

void TxPool::take_out(const std::vector<PoolTxPtr>& txs, DropReason reason) {
    std::vector<Address> demoted;
    for (const PoolTxPtr& tx : txs) {
        content_.erase(*tx);
        demoted.push_back(tx->sender());
        drop(tx, reason);
    }
    drop_erased(cut_queues(demoted), DropReason::Truncated);
}

void TxPool::note_contender(const PoolTx& tx, UnixSeconds now) {
    const SenderQueue* queue = content_.find_queue(tx.sender());
    const PoolTxPtr pooled = queue == nullptr ? nullptr : queue->find(tx.nonce());
    if (!pooled) return;
    if (const DoubleSpend* record = double_spends_.note(pooled->tx, tx.tx, now))
        outbox_.emplace_back(DoubleSpendSeen{*record});
}

void TxPool::drop(const PoolTxPtr& tx, DropReason reason) {
    ++stats_.dropped[static_cast<std::size_t>(reason)];
    outbox_.emplace_back(TxDropped{tx, reason});
}

void TxPool::drop_erased(const std::vector<PoolTxPtr>& txs, DropReason reason) {
    for (const PoolTxPtr& tx : txs) drop(tx, reason);
}

void TxPool::promote(const std::vector<PoolTxPtr>& txs) {
    for (const PoolTxPtr& tx : txs) {
        // Limits may have taken it out, or back into the queue, since.
        if (content_.find_pending(tx->sender(), tx->nonce()) != tx) continue;
        ++stats_.promoted;
        outbox_.emplace_back(TxPromoted{tx});
    }
}

void TxPool::reject(const PoolRejection& rejection) {
    ++stats_.rejected[static_cast<std::size_t>(rejection.error)];
}

void TxPool::publish() {
    const std::lock_guard order{publish_mutex_};
    std::vector<PoolEvent> events;
    {
        const std::lock_guard lock{mutex_};
        events.swap(outbox_);
    }
    for (const PoolEvent& event : events) events_.publish(event);
}

bool TxPool::remove(const TxHash& hash) {
    {
        const std::lock_guard lock{mutex_};
        const PoolTxPtr tx = content_.find(hash);
        if (!tx) return false;
        take_out({tx}, DropReason::Removed);
    }
    publish();
    return true;
}

void TxPool::clear() {
    {
        const std::lock_guard lock{mutex_};
        std::vector<PoolTxPtr> all;
        for (const auto& [address, queue] : content_.senders())
            all.insert(all.end(), queue.txs().begin(), queue.txs().end());
        for (const PoolTxPtr& tx : all) {
            content_.erase(*tx);
            drop(tx, DropReason::Removed);
        }
    }
    publish();
}

void TxPool::set_price_limit(const Wei& price_limit) {
    {
        const std::lock_guard lock{mutex_};
        options_.price_limit = price_limit;
        std::vector<PoolTxPtr> below;
        for (const auto& [address, queue] : content_.senders())
            for (const PoolTxPtr& tx : queue.txs())
                if (!tx->is_local() && (*tx)->max_priority_fee_per_gas < price_limit)
                    below.push_back(tx);
        take_out(below, DropReason::Underpriced);
    }
    publish();
}

void TxPool::maintain(UnixSeconds now) {
    {
        const std::lock_guard lock{mutex_};
        const UnixSeconds lifetime = std::min(options_.lifetime, now);
        drop_erased(content_.expire(now - lifetime), DropReason::Expired);
    }
    publish();
    rotate_journal(now);
}

}  // namespace cairn::chain
