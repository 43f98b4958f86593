// SPDX-License-Identifier: MIT
#include "node/sync/tx_gossip.hpp"

#include <algorithm>

namespace cairn::node {
namespace {

/// Requests for transactions under way to one peer.
constexpr std::size_t kTxRequestsPerPeer = 2;
/// What a transaction is taken to weigh where its size was not announced.
constexpr std::size_t kTxBytesGuess = 512;

[[nodiscard]] std::size_t network_size(const PooledTx& tx) {
    return tx.sidecar ? encode_pooled_tx(tx).size() : tx.tx.bytes().size();
}

}  // namespace

void TxGossip::on_peer(PeerId peer_id, const PoolDoor& pool) {
    SyncPeer* peer = shared_.find(peer_id);
    if (peer == nullptr) return;
    auto txs = pool.announcements(kTxsAnnouncedAtStart);
    if (txs.empty()) return;
    for (const TxAnnouncement& tx : txs) peer->known_txs.insert(tx.hash);
    shared_.send(peer_id, NewPooledTransactionHashes{std::move(txs), true}, true);
}

void TxGossip::erase(const TxHash& hash) {
    const auto it = entries_.find(hash);
    if (it == entries_.end()) return;
    if (SyncPeer* giver = shared_.find(it->second.giver)) --giver->announced_txs;
    if (it->second.request == 0) waiting_.erase({it->second.due, hash});
    entries_.erase(it);
}

void TxGossip::wait_until(const TxHash& hash, Entry& entry, MonotonicMs due) {
    entry.request = 0;
    entry.due = due;
    waiting_.emplace(due, hash);
}

void TxGossip::judge(PeerId giver, std::vector<PooledTx> txs, const PoolDoor& pool) {
    JudgeTxs action{.giver = giver, .txs = {}};
    for (PooledTx& tx : txs) {
        const TxHash& hash = tx.tx.hash();
        if (refused_.contains(hash) || under_judgement_.contains(hash) || pool.contains(hash))
            continue;
        if (under_judgement_.size() >= kTxsUnderJudgementMax) break;
        under_judgement_.emplace(hash, Nothing{});
        action.txs.push_back(std::move(tx));
    }
    if (!action.txs.empty()) shared_.actions.emplace_back(std::move(action));
}

void TxGossip::on_transactions(PeerId peer_id, const Transactions& message, const PoolDoor& pool) {
    SyncPeer* peer = shared_.find(peer_id);
    if (peer == nullptr) return;
    std::vector<PooledTx> txs;
    txs.reserve(message.txs.size());
    for (const SignedTx& tx : message.txs) {
        // Blobs are only ever announced (EIP-4844, "Networking").
        if (tx->type == TxType::Blob) {
            shared_.penalise(peer_id, kPointsDishonest, "sent a blob transaction unasked");
            return;
        }
        peer->known_txs.insert(tx.hash());
        erase(tx.hash());
        txs.push_back(PooledTx{tx, nullptr});
    }
    judge(peer_id, std::move(txs), pool);
}

void TxGossip::on_announced(PeerId peer_id, const NewPooledTransactionHashes& message,
                            const PoolDoor& pool, SyncTime now) {
    SyncPeer* peer = shared_.find(peer_id);
    if (peer == nullptr) return;
    for (const TxAnnouncement& tx : message.txs) {
        peer->known_txs.insert(tx.hash);
        if (refused_.contains(tx.hash) || under_judgement_.contains(tx.hash) ||
            pool.contains(tx.hash))
            continue;
        if (const auto it = entries_.find(tx.hash); it != entries_.end()) {
            auto& havers = it->second.havers;
            if (havers.size() < kAlternatesMax &&
                std::find(havers.begin(), havers.end(), peer_id) == havers.end())
                havers.push_back(peer_id);
            continue;
        }
        if (entries_.size() >= kTxFetchMax || peer->announced_txs >= kTxFetchPerPeer) return;
        ++peer->announced_txs;
        Entry entry{.giver = peer_id,
                    .type = tx.type,
                    .size = message.has_metadata ? tx.size : 0,
                    .havers = {peer_id}};
        // One with blobs never comes by itself.
        const bool comes_whole = tx.type != static_cast<std::uint8_t>(TxType::Blob);
        wait_until(tx.hash, entry, now.ms + (comes_whole ? kTxArriveMs : 0));
        entries_.emplace(tx.hash, std::move(entry));
    }
}

bool TxGossip::is_as_announced(PeerId peer, const PooledTx& tx) const {
    const auto it = entries_.find(tx.tx.hash());
    if (it == entries_.end() || it->second.giver != peer || it->second.size == 0) return true;
    if (static_cast<std::uint8_t>(tx.tx->type) != it->second.type) return false;
    const std::size_t size = network_size(tx);
    const std::size_t announced = it->second.size;
    return size <= announced + kTxSizeSlack && announced <= size + kTxSizeSlack;
}

bool TxGossip::on_pooled(PeerId peer_id, const PooledTransactions& reply, const PoolDoor& pool,
                         SyncTime now) {
    const auto it = requests_.find(reply.request_id);
    if (it == requests_.end() || it->second.peer != peer_id) return false;
    Request request = std::move(it->second);
    requests_.erase(it);
    if (SyncPeer* peer = shared_.find(peer_id)) {
        --peer->tx_requests;
        peer->timeouts = 0;
    }
    std::vector<PooledTx> txs;
    for (const PooledTx& tx : reply.txs) {
        const auto asked = std::find(request.hashes.begin(), request.hashes.end(), tx.tx.hash());
        if (asked == request.hashes.end() || !is_as_announced(peer_id, tx)) {
            shared_.penalise(peer_id, kPointsDishonest,
                             "transactions other than asked for or announced");
            break;
        }
        request.hashes.erase(asked);
        erase(tx.tx.hash());
        txs.push_back(tx);
    }
    give_back(request, now.ms);
    judge(peer_id, std::move(txs), pool);
    return true;
}

void TxGossip::give_back(const Request& request, MonotonicMs due) {
    for (const TxHash& hash : request.hashes) {
        const auto it = entries_.find(hash);
        if (it == entries_.end() || it->second.request == 0) continue;
        Entry& entry = it->second;
        std::erase(entry.havers, request.peer);
        wait_until(hash, entry, due);
        if (entry.havers.empty()) erase(hash);
    }
}

void TxGossip::on_judged(PeerId giver, const std::vector<TxJudgement>& judgements) {
    bool is_blamed = false;
    for (const TxJudgement& judgement : judgements) {
        under_judgement_.erase(judgement.hash);
        switch (judgement.verdict) {
            case TxVerdict::Added:
            case TxVerdict::Known:
                break;
            case TxVerdict::Invalid:
                is_blamed = true;
                [[fallthrough]];
            case TxVerdict::Refused:
                refused_.put(judgement.hash, {});
                break;
        }
    }
    if (is_blamed) shared_.penalise(giver, kPointsDishonest, "invalid transaction");
}

void TxGossip::on_pool_txs(const std::vector<GossipTx>& txs) {
    struct Outgoing {
        Transactions whole;
        std::size_t bytes = 0;
        NewPooledTransactionHashes announced{.txs = {}, .has_metadata = true};
    };
    std::map<PeerId, Outgoing> outgoing;
    const std::size_t pushes = push_count(shared_.peers.size());
    for (const GossipTx& tx : txs) {
        const TxHash& hash = tx.tx.hash();
        erase(hash);
        std::vector<PeerId> without;
        for (const auto& [id, peer] : shared_.peers)
            if (!peer.known_txs.contains(hash)) without.push_back(id);
        shuffle(without, shared_.random);
        const bool may_push = tx.tx->type != TxType::Blob && tx.size <= kTxPushBytesMax;
        for (std::size_t i = 0; i < without.size(); ++i) {
            const PeerId id = without[i];
            shared_.find(id)->known_txs.insert(hash);
            Outgoing& out = outgoing[id];
            if (may_push && i < pushes) {
                out.whole.txs.push_back(tx.tx);
                out.bytes += tx.size;
                if (out.bytes < kTxMessageBytes) continue;
                shared_.send(id, std::exchange(out.whole, {}), true);
                out.bytes = 0;
            } else {
                out.announced.txs.push_back(
                    {hash, static_cast<std::uint8_t>(tx.tx->type), tx.size});
                if (out.announced.txs.size() < kAnnouncedTxsSent) continue;
                shared_.send(id, out.announced, true);
                out.announced.txs.clear();
            }
        }
    }
    for (auto& [id, out] : outgoing) {
        if (!out.whole.txs.empty()) shared_.send(id, std::move(out.whole), true);
        if (!out.announced.txs.empty()) shared_.send(id, std::move(out.announced), true);
    }
}

void TxGossip::on_peer_gone(PeerId peer, SyncTime now) {
    for (auto it = requests_.begin(); it != requests_.end();) {
        if (it->second.peer == peer) {
            const Request request = std::move(it->second);
            it = requests_.erase(it);
            give_back(request, now.ms);
        } else {
            ++it;
        }
    }
}

void TxGossip::ask(PeerId peer_id, const std::vector<TxHash>& hashes, SyncTime now) {
    SyncPeer* peer = shared_.find(peer_id);
    const RequestId id = shared_.issue(peer_id);
    ++peer->tx_requests;
    for (const TxHash& hash : hashes) {
        Entry& entry = entries_.at(hash);
        waiting_.erase({entry.due, hash});
        entry.request = id;
    }
    shared_.send(peer_id, GetPooledTransactions{.request_id = id, .hashes = hashes});
    requests_.emplace(id, Request{peer_id, hashes, now.ms + kTxFetchTimeoutMs});
}

void TxGossip::tick(SyncTime now) {
    for (auto it = requests_.begin(); it != requests_.end();) {
        if (now.ms < it->second.deadline) {
            ++it;
            continue;
        }
        const Request request = std::move(it->second);
        it = requests_.erase(it);
        if (SyncPeer* peer = shared_.find(request.peer)) {
            --peer->tx_requests;
            shared_.note_timeout(*peer, now.ms);
        }
        give_back(request, now.ms);
    }
    struct Batch {
        std::vector<TxHash> hashes;
        std::size_t bytes = 0;
    };
    std::map<PeerId, Batch> batches;
    std::vector<TxHash> lost;
    for (const auto& [due, hash] : waiting_) {
        if (due > now.ms) break;
        Entry& entry = entries_.at(hash);
        std::erase_if(entry.havers, [&](PeerId id) { return shared_.find(id) == nullptr; });
        if (entry.havers.empty()) {
            lost.push_back(hash);
            continue;
        }
        const std::size_t bytes = entry.size == 0 ? kTxBytesGuess : entry.size;
        for (const PeerId id : entry.havers) {
            const SyncPeer* peer = shared_.find(id);
            if (peer->tx_requests >= kTxRequestsPerPeer || peer->is_aside(now.ms)) continue;
            Batch& batch = batches[id];
            if (batch.hashes.size() >= kPooledTxsMax ||
                (!batch.hashes.empty() && batch.bytes + bytes > kTxFetchBytes))
                continue;
            batch.hashes.push_back(hash);
            batch.bytes += bytes;
            break;
        }
    }
    for (const TxHash& hash : lost) erase(hash);
    for (const auto& [id, batch] : batches) ask(id, batch.hashes, now);
}

}  // namespace cairn::node
