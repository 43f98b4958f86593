// SPDX-License-Identifier: MIT
// The part of TxPool that follows the chain.
#include <algorithm>
#include <map>
#include <utility>

#include "chain/pool/admission.hpp"
#include "chain/pool/tx_pool.hpp"
#include "chain/rules/tx_check.hpp"

namespace cairn::chain {
namespace {

using SenderNonce = std::pair<Address, std::uint64_t>;

/// Every transaction of a block with its sender.
template <class Visit>
void for_each_tx(const ExecutedBlock& block, Visit visit) {
    const auto& txs = block.block.body.transactions;
    for (std::size_t i = 0; i < txs.size(); ++i)
        visit(RecoveredTx::from_known_sender(txs[i], block.senders[i]));
}

}  // namespace

std::vector<RecoveredTx> TxPool::reverted_txs(const HeadChanged& change) const {
    std::vector<RecoveredTx> out;
    if (change.reverted.empty()) return out;
    std::unordered_set<TxHash> applied;
    for (const ExecutedBlockPtr& block : change.applied)
        for (const SignedTx& tx : block->block.body.transactions) applied.insert(tx.hash());
    // Lowest block first, so that each nonce comes before the next; as many as there is room for.
    for (auto it = change.reverted.rbegin(); it != change.reverted.rend(); ++it)
        for_each_tx(**it, [&](RecoveredTx tx) {
            if (out.size() < options_.slots_max() && !applied.contains(tx.hash()))
                out.push_back(std::move(tx));
        });
    return out;
}

void TxPool::settle_contests(const HeadChanged& change, UnixSeconds now) {
    const auto tell = [this](const DoubleSpend* record) {
        if (record != nullptr) outbox_.emplace_back(DoubleSpendSeen{*record});
    };
    std::map<SenderNonce, RecoveredTx> reverted;
    for (const ExecutedBlockPtr& block : change.reverted)
        for_each_tx(*block, [&](RecoveredTx tx) {
            if (!double_spends_.is_empty()) tell(double_spends_.unsettle(block->ref(), tx));
            reverted.emplace(SenderNonce{tx.sender(), tx->nonce}, std::move(tx));
        });
    const bool has_anything =
        content_.size() > 0 || !reverted.empty() || !double_spends_.is_empty();
    if (!has_anything) return;
    for (const ExecutedBlockPtr& block : change.applied)
        for_each_tx(*block, [&](const RecoveredTx& tx) {
            const auto earlier = reverted.find({tx.sender(), tx->nonce});
            if (earlier != reverted.end() && earlier->second.hash() != tx.hash())
                double_spends_.note(earlier->second, tx, now);
            const SenderQueue* queue = content_.find_queue(tx.sender());
            const PoolTxPtr pooled = queue == nullptr ? nullptr : queue->find(tx->nonce);
            if (pooled && pooled->hash() != tx.hash()) double_spends_.note(pooled->tx, tx, now);
            tell(double_spends_.settle(block->ref(), tx));
        });
}

void TxPool::refresh_sender(const Address& address, const PoolAccount& account,
                            const std::unordered_set<TxHash>& mined, bool rules_changed) {
    const auto effects = content_.set_account(address, account);
    for (const PoolTxPtr& tx : effects.passed) {
        const bool is_mined = mined.contains(tx->hash());
        if (is_mined) {
            const std::size_t weight = tx->sidecar ? tx->size : 1;
            limbo_.put(tx->hash(), {tx->origin, tx->sidecar}, weight);
        }
        drop(tx, is_mined ? DropReason::Mined : DropReason::NonceUsed);
    }
    const SenderQueue* queue = content_.find_queue(address);
    if (queue == nullptr) return;
    std::vector<std::pair<PoolTxPtr, DropReason>> leaving;
    for (const PoolTxPtr& tx : queue->txs()) {
        const bool is_allowed =
            (*tx)->gas_limit <= head_.gas_limit &&
            (!rules_changed ||
             check_tx(*head_.rules, spec_.chain_id(), tx->tx.signed_tx()).has_value());
        if (!is_allowed)
            leaving.emplace_back(tx, DropReason::RulesChanged);
        else if (tx->cost > account.balance)
            leaving.emplace_back(tx, DropReason::Unpayable);
    }
    for (const auto& [tx, reason] : leaving) {
        content_.erase(*tx);
        drop(tx, reason);
    }
    promote(effects.promoted);
}

void TxPool::on_head_changed(const HeadChanged& change, UnixSeconds now) {
    const std::vector<RecoveredTx> reverted = reverted_txs(change);
    std::vector<Address> addresses;
    {
        const std::lock_guard lock{mutex_};
        for (const auto& [address, queue] : content_.senders()) addresses.push_back(address);
    }
    const ChainSnapshot snapshot = chain_.read(addresses);
    {
        const std::lock_guard lock{mutex_};
        settle_contests(change, now);
        std::unordered_set<TxHash> mined;
        for (const ExecutedBlockPtr& block : change.applied)
            for (const SignedTx& tx : block->block.body.transactions)
                if (content_.find(tx.hash())) mined.insert(tx.hash());
        const RuleSet* rules_before = head_.rules;
        head_ = make_pool_head(spec_, snapshot.head, snapshot.total, now);
        ++generation_;
        content_.set_base_fee(head_.base_fee);
        const bool rules_changed = head_.rules != rules_before;
        std::unordered_set<Address> refreshed;
        for (std::size_t i = 0; i < addresses.size(); ++i) {
            refreshed.insert(addresses[i]);
            if (content_.find_queue(addresses[i]) != nullptr)
                refresh_sender(addresses[i], snapshot.accounts[i], mined, rules_changed);
        }
        // Senders that came while the accounts were read: few, so that the lock may be held.
        std::vector<Address> late;
        for (const auto& [address, queue] : content_.senders())
            if (!refreshed.contains(address)) late.push_back(address);
        if (!late.empty()) {
            const ChainSnapshot again = chain_.read(late);
            for (std::size_t i = 0; i < late.size(); ++i)
                refresh_sender(late[i], again.accounts[i], mined, rules_changed);
        }
    }
    put_back(reverted, now);
    {
        const std::lock_guard lock{mutex_};
        drop_erased(content_.truncate_pending(), DropReason::Truncated);
        addresses.clear();
        for (const auto& [address, queue] : content_.senders()) addresses.push_back(address);
        drop_erased(cut_queues(addresses), DropReason::Truncated);
    }
    publish();
}

void TxPool::put_back(const std::vector<RecoveredTx>& txs, UnixSeconds now) {
    for (const RecoveredTx& tx : txs) {
        Limbo limbo;
        {
            const std::lock_guard lock{mutex_};
            if (const Limbo* kept = limbo_.peek(tx.hash())) limbo = *kept;
        }
        // What the new chain does not allow any more is not missed.
        (void)try_add({tx, limbo.sidecar}, limbo.origin, now);
    }
}

}  // namespace cairn::chain
