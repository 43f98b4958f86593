// SPDX-License-Identifier: MIT
// The part of TxPool that has to do with its journal.
#include <algorithm>

#include "chain/pool/tx_pool.hpp"

namespace cairn::chain {

void TxPool::journal(const PoolTx& tx) {
    const std::lock_guard journal_lock{journal_mutex_};
    if (!journal_) return;
    const auto written = journal_->append(tx.pooled());
    if (written) return;
    // The transaction is in the pool all the same; the next rewriting tries again.
    const std::lock_guard lock{mutex_};
    ++stats_.journal_failures;
    stats_.journal_error = written.error();
}

void TxPool::rotate_journal(UnixSeconds now) {
    const std::lock_guard journal_lock{journal_mutex_};
    if (!journal_ || now < rotated_at_ || now - rotated_at_ < options_.rejournal) return;
    rotated_at_ = now;
    std::vector<PoolTxPtr> locals;
    {
        const std::lock_guard lock{mutex_};
        for (const auto& [address, queue] : content_.senders())
            for (const PoolTxPtr& tx : queue.txs())
                if (tx->is_local()) locals.push_back(tx);
    }
    // As they came: what comes back from the file then has its place among equals.
    std::ranges::sort(locals, {}, &PoolTx::sequence);
    std::vector<PooledTx> txs;
    txs.reserve(locals.size());
    for (const PoolTxPtr& tx : locals) txs.push_back(tx->pooled());
    const auto written = journal_->rotate(txs);
    if (written) return;
    const std::lock_guard lock{mutex_};
    ++stats_.journal_failures;
    stats_.journal_error = written.error();
}

TxPool::JournalLoad TxPool::load_journal(UnixSeconds now) {
    JournalLoad out;
    std::vector<PooledTx> txs;
    {
        const std::lock_guard journal_lock{journal_mutex_};
        if (!journal_) return out;
        auto loaded = journal_->load();
        if (!loaded) {
            out.error = loaded.error();
            return out;
        }
        out.damaged_bytes = loaded->damaged_bytes;
        txs = std::move(loaded->txs);
    }
    for (const PooledTx& tx : txs) {
        const auto recovered = recover_sender(tx.tx);
        const bool is_taken =
            recovered && try_add({*recovered, tx.sidecar}, Origin::Local, now).has_value();
        ++(is_taken ? out.loaded : out.rejected);
    }
    publish();
    return out;
}

}  // namespace cairn::chain
