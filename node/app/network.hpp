// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "chain/import/chain_manager.hpp"
#include "chain/pool/tx_pool.hpp"
#include "core/base/expected.hpp"
#include "node/app/run_options.hpp"
#include "rpc/method.hpp"
#include "rpc/node_api.hpp"

namespace cairn::node {

/// The node among others: listens, dials, discovers, follows the best chain and gossips. Chain and
/// pool outlive it.
class Network final : public rpc::SyncApi {
public:
    /// Opens the ports and begins.
    /// @return or one line: the port is taken, a flag names no node, a key file cannot be read
    [[nodiscard]] static Result<std::unique_ptr<Network>, std::string> start(
        const RunCommand& command, chain::ChainManager& chain, chain::TxPool& pool);
    ~Network() override;
    Network(const Network&) = delete;
    Network& operator=(const Network&) = delete;

    /// Says goodbye to all peers. Idempotent.
    void stop();

    [[nodiscard]] std::optional<rpc::SyncProgress> progress() override;
    [[nodiscard]] std::size_t peer_count() const;
    [[nodiscard]] bool is_listening() const;
    /// enode URL of this node.
    [[nodiscard]] std::string enode() const;
    /// What the network has counted, in Prometheus' text format.
    [[nodiscard]] std::string metrics() const;

    /// admin_nodeInfo, admin_peers, admin_addPeer, admin_removePeer, admin_addTrustedPeer,
    /// admin_removeTrustedPeer, cairn_staticNodes. The rows keep a reference.
    [[nodiscard]] std::vector<rpc::Method> methods();

    struct Parts;

private:
    explicit Network(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace cairn::node
