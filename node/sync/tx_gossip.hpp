// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/base/lru_map.hpp"
#include "node/sync/doors.hpp"
#include "node/sync/peer_table.hpp"

namespace cairn::node {

/// What happens to transactions that peers send, announce and ask for, and to those that the pool
/// took in.
///
/// A transaction that came into the pool goes whole to the square root of the peers that do not
/// have it and is announced to the rest; a large one or one with blobs is only announced. Nobody is
/// told of what he gave. An announced one gets kTxArriveMs to come by itself; then it is asked of
/// those who announced it, one after the other. Conflicting transactions are handed to the pool
/// like any other, once each.
class TxGossip {
public:
    explicit TxGossip(SyncShared& shared) : shared_{shared} {}

    void on_peer(PeerId peer, const PoolDoor& pool);
    void on_transactions(PeerId peer, const Transactions& message, const PoolDoor& pool);
    void on_announced(PeerId peer, const NewPooledTransactionHashes& message, const PoolDoor& pool,
                      SyncTime now);
    /// @return false where the reply is none of ours
    bool on_pooled(PeerId peer, const PooledTransactions& reply, const PoolDoor& pool,
                   SyncTime now);
    void on_judged(PeerId giver, const std::vector<TxJudgement>& judgements);
    /// Transactions that came into the pool and are executable, whoever gave them.
    void on_pool_txs(const std::vector<GossipTx>& txs);
    void on_peer_gone(PeerId peer, SyncTime now);
    /// The head moved: what was refused before may be taken again.
    void forget_refusals() noexcept { refused_.clear(); }
    void tick(SyncTime now);

    /// Transactions wanted: waiting to come or asked for.
    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
    /// Handed to the pool and not judged yet.
    [[nodiscard]] std::size_t under_judgement() const noexcept { return under_judgement_.size(); }

private:
    struct Entry {
        PeerId giver = 0;  ///< announced it first; the bounds count it for it
        std::uint8_t type = 0;
        std::uint32_t size = 0;  ///< 0: not announced
        std::vector<PeerId> havers;
        MonotonicMs due = 0;    ///< while it waits
        RequestId request = 0;  ///< 0: waits
    };
    struct Request {
        PeerId peer = 0;
        std::vector<TxHash> hashes;
        MonotonicMs deadline = 0;
    };
    using Entries = std::unordered_map<TxHash, Entry>;

    void erase(const TxHash& hash);
    void wait_until(const TxHash& hash, Entry& entry, MonotonicMs due);
    void judge(PeerId giver, std::vector<PooledTx> txs, const PoolDoor& pool);
    void give_back(const Request& request, MonotonicMs due);
    void ask(PeerId peer, const std::vector<TxHash>& hashes, SyncTime now);
    [[nodiscard]] bool is_as_announced(PeerId peer, const PooledTx& tx) const;

    struct Nothing {};
    SyncShared& shared_;
    Entries entries_;
    std::set<std::pair<MonotonicMs, TxHash>> waiting_;  ///< by when they are due
    std::map<RequestId, Request> requests_;
    std::map<TxHash, Nothing> under_judgement_;
    LruMap<TxHash, Nothing> refused_{kRefusedTxsMax};
};

}  // namespace cairn::node
