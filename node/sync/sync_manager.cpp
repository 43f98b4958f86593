// SPDX-License-Identifier: MIT
#include "node/sync/sync_manager.hpp"

#include <algorithm>
#include <utility>

#include "chain/rules/blame.hpp"
#include "node/sync/header_verify.hpp"
#include "node/sync/serve.hpp"

namespace cairn::node {
namespace {

template <class... Fs>
struct Overloaded : Fs... {
    using Fs::operator()...;
};
template <class... Fs>
Overloaded(Fs...) -> Overloaded<Fs...>;

}  // namespace

SyncManager::SyncManager(const ChainDoor& chain, const PoolDoor& pool, SyncNetwork network,
                         const SyncOptions& options)
    : chain_{chain},
      pool_{pool},
      network_{std::move(network)},
      shared_{options},
      header_sync_{shared_},
      body_fetch_{shared_},
      block_gossip_{shared_},
      tx_gossip_{shared_},
      head_{chain.snapshot()->head()},
      starting_block_{head_.header->number},
      line_block_{head_.header->number} {}

// --- Peers ---------------------------------------------------------------------------------------

void SyncManager::on_peer(PeerId id, EthVersion version, const Status& status, SyncTime now) {
    if (const auto checked = check_status(local_chain(), status); !checked) {
        shared_.actions.emplace_back(DisconnectPeer{id, DisconnectReason::UselessPeer,
                                                    std::string{to_string(checked.error())}});
        return;
    }
    SyncPeer& peer = shared_.peers.try_emplace(id, id, version).first->second;
    if (const auto known = chain_.snapshot()->total_difficulty(status.head);
        known && *known != status.total_difficulty) {
        shared_.penalise(id, kPointsDishonest, "claims a total that its head does not have");
        return;
    }
    peer.head = status.head;
    peer.total = status.total_difficulty;
    peer.probed_at = now.ms;
    peer.known_blocks.insert(status.head);
    tx_gossip_.on_peer(id, pool_);
    pump(now);
}

void SyncManager::on_peer_gone(PeerId id, SyncTime now) {
    if (shared_.peers.erase(id) == 0) return;
    header_sync_.on_peer_gone(id);
    body_fetch_.on_peer_gone(id);
    block_gossip_.on_peer_gone(id);
    tx_gossip_.on_peer_gone(id, now);
    std::erase_if(probes_, [id](const auto& item) { return item.second.peer == id; });
    pump(now);
}

void SyncManager::on_message(PeerId id, EthMessage message, SyncTime now) {
    SyncPeer* peer = shared_.find(id);
    if (peer == nullptr) return;
    dispatch(*peer, std::move(message), now);
    pump(now);
}

void SyncManager::dispatch(SyncPeer& peer, EthMessage message, SyncTime now) {
    const PeerId id = peer.id;
    std::visit(
        Overloaded{
            [&](GetBlockHeaders& query) {
                shared_.send(id, serve_headers(*chain_.snapshot(), query));
            },
            [&](GetBlockBodies& query) {
                shared_.send(id, serve_bodies(*chain_.snapshot(), query));
            },
            [&](GetReceipts& query) {
                shared_.send(id, serve_receipts(*chain_.snapshot(), query));
            },
            [&](GetPooledTransactions& query) { shared_.send(id, serve_pooled_txs(pool_, query)); },
            [&](GetNodeData& query) { shared_.send(id, NodeData{query.request_id, {}}); },
            [&](NewBlock& block) {
                block_gossip_.on_new_block(id, block, *chain_.snapshot(), now);
            },
            [&](NewBlockHashes& hashes) {
                block_gossip_.on_announced(id, hashes, *chain_.snapshot(), now);
            },
            // While far behind we could not judge them.
            [&](Transactions& txs) {
                if (!is_syncing()) tx_gossip_.on_transactions(id, txs, pool_);
            },
            [&](NewPooledTransactionHashes& txs) {
                if (!is_syncing()) tx_gossip_.on_announced(id, txs, pool_, now);
            },
            [&](BlockHeaders& reply) { on_reply_headers(id, reply, now); },
            [&](BlockBodies& reply) { on_reply_bodies(id, std::move(reply), now); },
            [&](PooledTransactions& reply) {
                if (!tx_gossip_.on_pooled(id, reply, pool_, now)) on_unasked(id, reply.request_id);
            },
            // Never asked for by us.
            [&](Receipts& reply) { on_unasked(id, reply.request_id); },
            [&](NodeData& reply) { on_unasked(id, reply.request_id); },
            // Read where the connection begins; a second one is refused there.
            [](Status&) {},
        },
        message);
}

void SyncManager::on_unasked(PeerId peer, RequestId request) {
    // What we asked for and gave up may still come.
    if (!shared_.was_issued(request, peer))
        shared_.penalise(peer, kPointsUnasked, "a reply to no question");
}

void SyncManager::on_reply_headers(PeerId peer, const BlockHeaders& reply, SyncTime now) {
    const auto snapshot = chain_.snapshot();
    if (header_sync_.on_headers(peer, reply, *snapshot, now)) return;
    if (block_gossip_.on_headers(peer, reply, *snapshot, now)) return;
    if (!on_probed(peer, reply, *snapshot)) on_unasked(peer, reply.request_id);
}

void SyncManager::on_reply_bodies(PeerId peer, BlockBodies reply, SyncTime now) {
    if (block_gossip_.on_bodies(peer, reply, *chain_.snapshot(), now)) return;
    const RequestId request = reply.request_id;
    if (!body_fetch_.on_bodies(peer, std::move(reply), now)) on_unasked(peer, request);
}

// --- Answers -------------------------------------------------------------------------------------

void SyncManager::on_headers_checked(const HeadersChecked& checked, SyncTime now) {
    const auto snapshot = chain_.snapshot();
    if (header_sync_.on_checked(checked, *snapshot, now)) {
        if (checked.valid_count != 0) progress_at_ = now.ms;
    } else {
        (void)block_gossip_.on_checked(checked, *snapshot, now);
    }
    pump(now);
}

void SyncManager::on_imported(JobId job, const chain::ImportOutcome& outcome, SyncTime now) {
    if (const auto source = body_fetch_.on_imported(job))
        on_sync_block(*source, outcome, now);
    else
        (void)block_gossip_.on_imported(job, outcome, *chain_.snapshot(), now);
    pump(now);
}

void SyncManager::on_sync_block(PeerId source, const chain::ImportOutcome& outcome, SyncTime now) {
    using chain::ImportStatus;
    switch (outcome.status) {
        case ImportStatus::Canonical:
        case ImportStatus::SideChain:
        case ImportStatus::AlreadyKnown:
            progress_at_ = now.ms;
            return;
        case ImportStatus::Invalid:
            // The body was the header's, and the header one of its canonical chain, which it has
            // executed. What stands on an invalid block may be so by our operator's word only.
            if (outcome.fault && outcome.fault->error != chain::BlockError::ParentInvalid &&
                chain::blame_of(outcome.fault->error).is_givers_fault)
                shared_.penalise(source, kPointsDishonest,
                                 "invalid block: " + chain::to_string(*outcome.fault));
            set_aside(source, 10 * kSetAsideMs, now);
            break;
        case ImportStatus::BelowHorizon:
            set_aside(source, 10 * kSetAsideMs, now);
            break;
        case ImportStatus::Early:
        case ImportStatus::UnknownParent:
        case ImportStatus::NotProcessed:
        case ImportStatus::Undecodable:
            set_aside(source, kSetAsideMs / 6, now);
            break;
    }
    drop_run();
}

void SyncManager::on_txs_judged(PeerId giver, const std::vector<TxJudgement>& judgements,
                                SyncTime now) {
    tx_gossip_.on_judged(giver, judgements);
    pump(now);
}

void SyncManager::on_head(const std::vector<AppliedBlock>& applied, SyncTime now) {
    const auto snapshot = chain_.snapshot();
    head_ = snapshot->head();
    progress_at_ = now.ms;
    tx_gossip_.forget_refusals();
    if (applied.size() <= kAppliedSentMax && !is_syncing())
        for (const AppliedBlock& block : applied) block_gossip_.on_applied(block, *snapshot, now);
    // What was pushed while we fetched the blocks before it may stand on one of them.
    block_gossip_.on_head(*snapshot, now);
    pump(now);
}

void SyncManager::on_pool_txs(const std::vector<GossipTx>& txs, SyncTime now) {
    tx_gossip_.on_pool_txs(txs);
    pump(now);
}

void SyncManager::tick(SyncTime now) {
    block_gossip_.tick(*chain_.snapshot(), now);
    tx_gossip_.tick(now);
    probe_peers(now);
    watch_for_stall(now);
    pump(now);
}

// --- Following the best chain
// ----------------------------------------------------------------------

void SyncManager::set_aside(PeerId id, std::uint64_t for_ms, SyncTime now) {
    if (SyncPeer* peer = shared_.find(id))
        peer->aside_until = std::max(peer->aside_until, now.ms + for_ms);
}

void SyncManager::drop_run() {
    header_sync_.abort();
    (void)header_sync_.take_headers();
    (void)header_sync_.take_end();
    body_fetch_.clear();
    waits_for_bodies_ = false;
}

void SyncManager::pump(SyncTime now) {
    header_sync_.tick(body_fetch_.size(), now);
    if (const auto headers = header_sync_.take_headers(); !headers.empty())
        body_fetch_.add(source_, headers);
    take_run_end(now);
    if (const auto withholder = body_fetch_.find_withholder()) {
        shared_.penalise(*withholder, kPointsUnkept,
                         "headers of a chain whose bodies it does not give");
        set_aside(*withholder, kSetAsideMs, now);
        drop_run();
    }
    if (body_fetch_.is_empty()) waits_for_bodies_ = false;
    if (header_sync_.is_idle()) start_run(now);
    body_fetch_.tick(now);
    if (is_syncing() != was_syncing_) {
        was_syncing_ = !was_syncing_;
        if (was_syncing_) starting_block_ = head_.header->number;
    }
}

void SyncManager::take_run_end(SyncTime now) {
    const auto end = header_sync_.take_end();
    if (!end) return;
    if (end->kind == HeaderSync::EndKind::Diverged) waits_for_bodies_ = !body_fetch_.is_empty();
    if (SyncPeer* peer = shared_.find(end->peer)) judge_run(*peer, *end, now);
}

void SyncManager::judge_run(SyncPeer& peer, const HeaderSync::End& end, SyncTime now) {
    using Kind = HeaderSync::EndKind;
    switch (end.kind) {
        case Kind::Complete:
        case Kind::Lighter:
            peer.is_suspected_ahead = false;
            // What it claimed and did not show it may have lost meanwhile; what it shows counts.
            if (peer.total == end.claimed_total && end.tip) {
                peer.head = end.tip->header.hash();
                peer.total = end.tip->total;
            }
            if (end.kind == Kind::Lighter) set_aside(peer.id, kSetAsideMs / 10, now);
            return;
        case Kind::Lied:
        case Kind::Invalid:
        case Kind::Breach:
            shared_.penalise(peer.id, kPointsDishonest, end.detail);
            set_aside(peer.id, 10 * kSetAsideMs, now);
            return;
        case Kind::KnownBad:
            set_aside(peer.id, 10 * kSetAsideMs, now);
            return;
        case Kind::Early:
        case Kind::Timeout:
            set_aside(peer.id, kSetAsideMs, now);
            return;
        case Kind::Changed:
            set_aside(peer.id, kSetAsideMs / 10, now);
            return;
        case Kind::Diverged:
        case Kind::Gone:
        case Kind::Aborted:
            return;
    }
}

SyncPeer* SyncManager::find_best(const TotalDifficulty& above, bool takes_suspects, SyncTime now) {
    SyncPeer* best = nullptr;
    for (auto& [id, peer] : shared_.peers) {
        if (peer.is_aside(now.ms)) continue;
        if (peer.total <= above && !(takes_suspects && peer.is_suspected_ahead)) continue;
        if (best == nullptr || peer.total > best->total) best = &peer;
    }
    return best;
}

void SyncManager::start_run(SyncTime now) {
    if (waits_for_bodies_ || body_fetch_.size() > kHeadersAheadMax / 2) return;
    const auto base = body_fetch_.tip();
    if (!base && !body_fetch_.is_empty()) return;
    const TotalDifficulty& above = base && base->total > head_.total ? base->total : head_.total;
    SyncPeer* best = find_best(above, !base, now);
    if (best == nullptr) return;
    if (!is_syncing()) progress_at_ = std::max(progress_at_, now.ms);
    source_ = best->id;
    run_began_at_ = now.ms;
    header_sync_.start(best->id, base, *chain_.snapshot(), now);
}

void SyncManager::watch_for_stall(SyncTime now) {
    // A chain whose work is being measured holds the others up for so long only.
    if (header_sync_.phase() == HeaderSync::Phase::Measure &&
        now.ms >= run_began_at_ + kMeasureMs) {
        const PeerId measured = header_sync_.peer();
        for (const auto& [id, peer] : shared_.peers) {
            if (id == measured || peer.is_aside(now.ms) || peer.total <= head_.total) continue;
            set_aside(measured, 10 * kSetAsideMs, now);
            drop_run();
            break;
        }
    }
    const bool is_at_work = !header_sync_.is_idle() || !body_fetch_.is_empty();
    if (!is_at_work || body_fetch_.import_count() != 0) {
        progress_at_ = now.ms;
        return;
    }
    if (now.ms < progress_at_ + kStallMs) return;
    // Whoever gave the chain has its bodies, if anybody has.
    if (const auto awaited = body_fetch_.find_awaited()) {
        set_aside(*awaited, kSetAsideMs, now);
        if (shared_.find(*awaited) != nullptr)
            shared_.actions.emplace_back(
                DisconnectPeer{*awaited, DisconnectReason::Timeout, "its chain does not come"});
    } else if (!header_sync_.is_idle()) {
        set_aside(header_sync_.peer(), kSetAsideMs, now);
    }
    drop_run();
    progress_at_ = now.ms;
}

void SyncManager::probe_peers(SyncTime now) {
    for (auto it = probes_.begin(); it != probes_.end();) {
        if (now.ms < it->second.deadline) {
            ++it;
            continue;
        }
        if (SyncPeer* peer = shared_.find(it->second.peer)) shared_.note_timeout(*peer, now.ms);
        it = probes_.erase(it);
    }
    if (is_syncing()) return;
    for (auto& [id, peer] : shared_.peers) {
        if (now.ms < peer.probed_at + kProbeMs) continue;
        peer.probed_at = now.ms;
        const RequestId request = shared_.issue(id);
        probes_.emplace(request, Probe{id, now.ms + kHeaderTimeoutMs});
        // Its block at our head's number, and the one after.
        shared_.send(id, GetBlockHeaders{
                             .request_id = request, .origin = head_.header->number, .amount = 2});
    }
}

bool SyncManager::on_probed(PeerId id, const BlockHeaders& reply, const ChainSnapshot& chain) {
    const auto it = probes_.find(reply.request_id);
    if (it == probes_.end() || it->second.peer != id) return false;
    probes_.erase(it);
    SyncPeer* peer = shared_.find(id);
    peer->timeouts = 0;
    if (reply.headers.size() > 2 || !are_linked(reply.headers)) {
        shared_.penalise(id, kPointsDishonest, "headers that were not asked for");
        return true;
    }
    for (const HashedHeader& header : reply.headers)
        if (!chain.has(header.hash()) && !chain.is_bad(header.hash()))
            peer->is_suspected_ahead = true;
    return true;
}

}  // namespace cairn::node
