// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/base/expected.hpp"
#include "node/app/methods.hpp"
#include "node/app/mining_door.hpp"
#include "node/app/network.hpp"
#include "rpc/server.hpp"

namespace cairn::node {

/// Serves the node's counters in Prometheus' text format under `/metrics` and, as geth does,
/// `/debug/metrics/prometheus`. What it reads from outlives it.
class MetricsServer {
public:
    /// @param network  null where there is none
    MetricsServer(NodeContext& context, MiningDoor& mining, rpc::Server& rpc_server,
                  const Network* network);

    /// @return why it cannot listen, for people
    [[nodiscard]] Result<void, std::string> start(const std::string& address, std::uint16_t port);

    /// The page as it stands.
    [[nodiscard]] std::string page() const;

private:
    NodeContext& context_;
    MiningDoor& mining_;
    rpc::Server& rpc_server_;
    const Network* network_;
    rpc::Dispatcher no_methods_;
    std::optional<rpc::Server> server_;
};

}  // namespace cairn::node
