// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <memory>
#include <optional>

#include "core/base/thread_pool.hpp"
#include "node/app/network.hpp"
#include "node/net/nat.hpp"
#include "node/net/peer_server.hpp"
#include "node/sync/sync_service.hpp"

namespace cairn::node {

struct Network::Parts {
    Parts(chain::ChainManager& the_chain, std::uint64_t the_network_id)
        : chain{the_chain}, network_id{the_network_id} {}

    chain::ChainManager& chain;
    const std::uint64_t network_id;
    std::shared_ptr<const chain::ForkSchedule> forks;
    ThreadPool verify_pool{1};
    std::optional<PeerServer> server;
    std::optional<SyncService> sync;
    std::optional<NatKeeper> nat;
    std::atomic<bool> is_stopped{false};
    std::uint64_t ticks = 0;  // network's thread
};

}  // namespace cairn::node
