// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "chain/import/chain_manager.hpp"
#include "chain/pool/tx_pool.hpp"
#include "chain/spec/genesis.hpp"
#include "node/sync/sync_service.hpp"

namespace cairn::sim {

/// Nodes with everything but sockets: store on disk, ChainManager, TxPool and SyncService with
/// their threads. Messages are encoded, queued and decoded; the caller's thread is the network's.
/// Time goes on by its ticks alone, so that nobody gives up an answer for being kept from the
/// processors by other work of the machine.
class RealNetwork {
public:
    /// @param now  what every node takes the time to be, seconds since 1970
    RealNetwork(chain::Genesis genesis, UnixSeconds now);
    ~RealNetwork();
    RealNetwork(const RealNetwork&) = delete;
    RealNetwork& operator=(const RealNetwork&) = delete;

    /// A node on an empty store; its number.
    std::size_t add_node();
    void connect(std::size_t a, std::size_t b);
    /// Carries messages and tasks until the condition holds. @return false where `patience` ended
    bool run_until(const std::function<bool()>& condition, std::chrono::seconds patience);

    [[nodiscard]] chain::ChainManager& chain(std::size_t node);
    [[nodiscard]] chain::TxPool& pool(std::size_t node);
    [[nodiscard]] node::SyncService& sync(std::size_t node);
    [[nodiscard]] chain::BlockRef head(std::size_t node);
    /// Reasons for points that nodes gave one another.
    [[nodiscard]] const std::vector<std::string>& penalties() const noexcept { return penalties_; }
    [[nodiscard]] std::uint64_t bytes_carried() const noexcept { return bytes_; }

private:
    class Door;
    struct Node;
    struct Link {
        std::size_t a = 0;
        std::size_t b = 0;
    };

    void post(std::function<void()> task);
    void deliver(node::PeerId link, std::size_t to, node::EthCode code, Bytes payload);
    [[nodiscard]] node::SyncTime time() const;

    chain::Genesis genesis_;
    UnixSeconds now_;
    std::mutex mutex_;
    std::condition_variable has_task_;
    std::deque<std::function<void()>> tasks_;  // guarded by mutex_
    std::vector<std::unique_ptr<Node>> nodes_;
    std::vector<Link> links_;  ///< PeerId: place in it plus 1
    std::vector<std::string> penalties_;
    std::uint64_t bytes_ = 0;
    std::atomic<std::uint64_t> ticks_{0};
};

}  // namespace cairn::sim
