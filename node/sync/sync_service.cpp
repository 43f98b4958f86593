// SPDX-License-Identifier: MIT
#include "node/sync/sync_service.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <utility>

#include "chain/rules/blame.hpp"
#include "chain/rules/pow.hpp"
#include "core/base/assert.hpp"
#include "node/sync/header_verify.hpp"

namespace cairn::node {
namespace {

/// Blocks of one HeadChanged that are handed on: SyncManager does not send more on than this.
[[nodiscard]] std::vector<AppliedBlock> applied_of(const chain::HeadChanged& change) {
    std::vector<AppliedBlock> applied;
    const std::size_t count = change.applied.size();
    const std::size_t kept = std::min(count, kAppliedSentMax + 1);
    for (std::size_t i = count - kept; i < count; ++i)
        applied.push_back({change.applied[i]->block, change.applied[i]->total});
    return applied;
}

[[nodiscard]] const chain::PoolTxPtr* find_executable(const chain::PoolEvent& event) {
    if (const auto* added = std::get_if<chain::TxAdded>(&event))
        return added->is_pending ? &added->tx : nullptr;
    if (const auto* promoted = std::get_if<chain::TxPromoted>(&event)) return &promoted->tx;
    return nullptr;
}

}  // namespace

std::optional<PooledTx> TxPoolDoor::find(const TxHash& hash) const {
    const auto tx = pool_.find(hash);
    if (!tx) return std::nullopt;
    return tx->pooled();
}

std::vector<TxAnnouncement> TxPoolDoor::announcements(std::size_t count_max) const {
    std::vector<TxAnnouncement> announced;
    for (const auto& tx : pool_.announcements(count_max))
        announced.push_back(
            {tx.hash, static_cast<std::uint8_t>(tx.type), static_cast<std::uint32_t>(tx.size)});
    return announced;
}

TxVerdict verdict_of(const Result<chain::TxPool::Added, chain::PoolRejection>& added) {
    if (added) return TxVerdict::Added;
    switch (added.error().error) {
        case chain::PoolError::AlreadyKnown:
            return TxVerdict::Known;
        case chain::PoolError::InvalidTx:
            return added.error().tx_error &&
                           chain::blame_of(*added.error().tx_error).is_givers_fault
                       ? TxVerdict::Invalid
                       : TxVerdict::Refused;
        case chain::PoolError::SidecarMismatch:
        case chain::PoolError::KzgProofInvalid:
            return TxVerdict::Invalid;
        default:
            return TxVerdict::Refused;
    }
}

struct SyncService::Impl : std::enable_shared_from_this<SyncService::Impl> {
    explicit Impl(SyncServiceParts given)
        : parts{std::move(given)},
          chain_door{parts.chain->store()},
          pool_door{*parts.pool},
          manager{chain_door, pool_door, parts.network, parts.options},
          trusting_engine{parts.checks_seals ? nullptr
                                             : chain::make_seal_engine(chain::SealKind::None)} {}

    /// Runs `event` on the network's thread unless the service has stopped by then.
    void post(std::function<void(Impl&)> event) {
        parts.post([weak = weak_from_this(), event = std::move(event)] {
            const auto self = weak.lock();
            if (!self || self->is_stopped) return;
            event(*self);
            self->carry_out();
        });
    }
    [[nodiscard]] SyncTime now() const { return parts.clock(); }
    [[nodiscard]] const chain::SealEngine& seal_engine() const noexcept {
        return trusting_engine ? *trusting_engine : parts.chain->seal_engine();
    }

    void subscribe();
    void carry_out();
    void carry_out(SendMessage& action) {
        (void)parts.peers->send(action.peer, action.message, action.is_gossip);
    }
    void carry_out(DisconnectPeer& action) {
        parts.peers->disconnect(action.peer, action.reason, std::move(action.detail));
    }
    void carry_out(PenalisePeer& action) {
        if (parts.log)
            parts.log("peer " + std::to_string(action.peer) + " penalised: " + action.detail);
        parts.peers->penalise(action.peer, action.points, std::move(action.detail));
    }
    void carry_out(CheckHeaders& action);
    void carry_out(ImportBlock& action);
    void carry_out(JudgeTxs& action);

    SyncServiceParts parts;
    StoreChain chain_door;
    TxPoolDoor pool_door;
    SyncManager manager;
    std::unique_ptr<const chain::SealEngine> trusting_engine;  // null where seals are checked
    std::atomic<bool> is_stopped{false};
    bool is_carrying_out = false;
    chain::EventBus<chain::HeadChangedPtr>::Subscription head_events;
    chain::EventBus<chain::PoolEvent>::Subscription pool_events;
    mutable std::mutex progress_mutex;
    SyncProgress progress;  // guarded by progress_mutex
};

void SyncService::Impl::subscribe() {
    const std::weak_ptr<Impl> weak = weak_from_this();
    head_events = parts.chain->head_events().subscribe([weak](const chain::HeadChangedPtr& change) {
        if (const auto self = weak.lock())
            self->post([applied = applied_of(*change)](Impl& impl) {
                impl.manager.on_head(applied, impl.now());
            });
    });
    pool_events = parts.pool->events().subscribe([weak](const chain::PoolEvent& event) {
        const chain::PoolTxPtr* tx = find_executable(event);
        const auto self = weak.lock();
        if (tx == nullptr || !self) return;
        GossipTx gossip{(*tx)->tx.signed_tx(), static_cast<std::uint32_t>((*tx)->size)};
        self->post([gossip = std::move(gossip)](Impl& impl) {
            impl.manager.on_pool_txs({gossip}, impl.now());
        });
    });
}

void SyncService::Impl::carry_out() {
    // A door that calls back while it is called: the outer loop sees what that adds.
    if (is_carrying_out) return;
    is_carrying_out = true;
    for (auto actions = manager.take_actions(); !actions.empty() && !is_stopped;
         actions = manager.take_actions())
        for (auto& action : actions) std::visit([this](auto& any) { carry_out(any); }, action);
    is_carrying_out = false;
    const std::lock_guard lock{progress_mutex};
    progress = manager.progress();
}

void SyncService::Impl::carry_out(CheckHeaders& action) {
    auto job = std::make_shared<const CheckHeaders>(std::move(action));
    (void)parts.verify_pool->submit([weak = weak_from_this(), job] {
        const auto self = weak.lock();
        if (!self) return;
        const auto& spec = self->parts.chain->spec();
        self->post([checked = check_headers(spec, self->seal_engine(), *job)](Impl& impl) {
            impl.manager.on_headers_checked(checked, impl.now());
        });
    });
}

void SyncService::Impl::carry_out(ImportBlock& action) {
    parts.chain->submit(std::move(action.block), [weak = weak_from_this(), job = action.job](
                                                     const chain::ImportOutcome& outcome) {
        if (const auto self = weak.lock())
            self->post(
                [job, outcome](Impl& impl) { impl.manager.on_imported(job, outcome, impl.now()); });
    });
}

void SyncService::Impl::carry_out(JudgeTxs& action) {
    auto job = std::make_shared<const JudgeTxs>(std::move(action));
    const UnixSeconds seconds = now().unix_seconds;
    (void)parts.verify_pool->submit([weak = weak_from_this(), job, seconds] {
        const auto self = weak.lock();
        if (!self) return;
        std::vector<TxJudgement> judgements;
        judgements.reserve(job->txs.size());
        for (const PooledTx& tx : job->txs) {
            const auto recovered = recover_sender(tx.tx);
            const TxVerdict verdict =
                recovered ? verdict_of(self->parts.pool->add({*recovered, tx.sidecar},
                                                             chain::Origin::Peer, seconds))
                          : TxVerdict::Invalid;
            judgements.push_back({tx.tx.hash(), verdict});
        }
        self->post([giver = job->giver, judgements = std::move(judgements)](Impl& impl) {
            impl.manager.on_txs_judged(giver, judgements, impl.now());
        });
    });
}

SyncService::SyncService(SyncServiceParts parts) {
    CAIRN_ASSERT(parts.chain && parts.pool && parts.verify_pool && parts.peers);
    CAIRN_ASSERT(parts.post && parts.clock && parts.network.forks);
    impl_ = std::make_shared<Impl>(std::move(parts));
    impl_->subscribe();
}

SyncService::~SyncService() {
    stop();
}

void SyncService::stop() {
    impl_->is_stopped = true;
    impl_->head_events.reset();
    impl_->pool_events.reset();
}

LocalChain SyncService::local_chain() {
    return impl_->manager.local_chain();
}

void SyncService::on_peer_ready(const PeerInfo& peer, const Status& status) {
    impl_->manager.on_peer(peer.id, peer.version, status, impl_->now());
    impl_->carry_out();
}

void SyncService::on_message(PeerId peer, EthMessage message) {
    impl_->manager.on_message(peer, std::move(message), impl_->now());
    impl_->carry_out();
}

void SyncService::on_peer_gone(PeerId peer) {
    impl_->manager.on_peer_gone(peer, impl_->now());
    impl_->carry_out();
}

void SyncService::tick() {
    impl_->manager.tick(impl_->now());
    impl_->carry_out();
}

const SyncManager& SyncService::manager() const noexcept {
    return impl_->manager;
}

std::string SyncService::progress_line() {
    return impl_->manager.progress_line(impl_->now());
}

SyncProgress SyncService::progress() const {
    const std::lock_guard lock{impl_->progress_mutex};
    return impl_->progress;
}

}  // namespace cairn::node
