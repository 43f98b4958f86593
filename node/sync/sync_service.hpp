// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "chain/import/chain_manager.hpp"
#include "chain/pool/tx_pool.hpp"
#include "core/base/thread_pool.hpp"
#include "node/net/eth_handler.hpp"
#include "node/sync/store_chain.hpp"
#include "node/sync/sync_manager.hpp"

namespace cairn::node {

/// The pool behind PoolDoor.
class TxPoolDoor final : public PoolDoor {
public:
    explicit TxPoolDoor(const chain::TxPool& pool) noexcept : pool_{pool} {}
    [[nodiscard]] bool contains(const TxHash& hash) const override { return pool_.contains(hash); }
    [[nodiscard]] std::optional<PooledTx> find(const TxHash& hash) const override;
    [[nodiscard]] std::vector<TxAnnouncement> announcements(std::size_t count_max) const override;

private:
    const chain::TxPool& pool_;
};

/// The pool's answer in gossip's terms: which refusals are nobody's fault, by blame.hpp. Pure.
[[nodiscard]] TxVerdict verdict_of(const Result<chain::TxPool::Added, chain::PoolRejection>& added);

/// What the service works with. All of it outlives the service; threads of import, pool and verify
/// pool may call back into it until stop() has returned.
struct SyncServiceParts {
    chain::ChainManager* chain = nullptr;
    chain::TxPool* pool = nullptr;
    ThreadPool* verify_pool = nullptr;  ///< checks headers and recovers senders
    PeerDoor* peers = nullptr;
    /// Runs a task on the network's thread, later; from any thread.
    std::function<void(std::function<void()>)> post;
    std::function<SyncTime()> clock;
    SyncNetwork network;
    SyncOptions options{};
    /// Off: seals are taken on trust, as ChainManagerOptions::checks_seals has it for import.
    bool checks_seals = true;
    /// Told on the network's thread of what is worth a line in the log.
    std::function<void(const std::string& line)> log{};
};

/// SyncManager among threads: carries its actions out over PeerDoor, ChainManager, TxPool and the
/// verify pool, and brings their answers back to the network's thread, on which it lives.
class SyncService final : public EthHandler {
public:
    explicit SyncService(SyncServiceParts parts);
    ~SyncService() override;

    [[nodiscard]] LocalChain local_chain() override;
    void on_peer_ready(const PeerInfo& peer, const Status& status) override;
    void on_message(PeerId peer, EthMessage message) override;
    void on_peer_gone(PeerId peer) override;
    /// To be called every kTickMs.
    void tick();

    /// Answers that come after this go nowhere. Network's thread. Idempotent.
    void stop();

    /// Network's thread.
    [[nodiscard]] const SyncManager& manager() const noexcept;
    [[nodiscard]] std::string progress_line();
    /// Any thread; as of the last event.
    [[nodiscard]] SyncProgress progress() const;

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;  // shared with answers under way
};

}  // namespace cairn::node
