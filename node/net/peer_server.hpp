// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/net/clock.hpp"
#include "node/net/eth_handler.hpp"
#include "node/net/net_metrics.hpp"
#include "node/net/node_key.hpp"

namespace cairn::node {

/// How much a message of the network matters to who runs the node.
enum class NetLogLevel : std::uint8_t { Debug, Info, Warn };

/// What the network is told at its start. Flags of the same names in docs/network.md.
struct PeerServerConfig {
    NodeKey key;
    std::string client = "cairn";
    /// Address to listen at; nothing: all, of both families where the system has IPv6.
    std::optional<IpAddress> listen_ip;
    /// TCP and UDP port; 0: any free one.
    std::uint16_t port = 30303;
    bool is_listening = true;
    bool is_discovering = true;
    /// Peers in all; trusted ones come on top.
    std::size_t peers_max = 50;
    std::vector<Enode> bootnodes;
    std::vector<Enode> static_nodes;
    std::vector<NodeId> trusted_nodes;
    /// `--netrestrict`; empty: no restriction.
    std::vector<IpNetwork> allowed;
    /// `--nat extip`, or what a gateway said.
    std::optional<IpAddress> external_ip;
    /// The node database; empty: nothing is kept.
    std::filesystem::path node_db_file;
    /// Called on the network's thread; must not wait. Empty: silence.
    std::function<void(NetLogLevel, const std::string&)> log;
    /// The time that limits on peers' answers go by, on any thread. Empty: the system's.
    std::function<MonotonicMs()> clock;
    /// The network's thread cannot go on (machine failure); called on it, last. Empty: abort.
    std::function<void(const std::string&)> on_failure;
};

/// A peer as an operator sees it.
struct PeerSnapshot {
    PeerInfo info;
    Status status;
    std::vector<Capability> capabilities;
    std::uint64_t connected_ms = 0;  ///< for how long
    std::uint32_t score = 0;
};

/// What came of a node that the operator named.
struct StaticNodeReport {
    Enode node;
    bool is_connected = false;  ///< it is a peer: on our chain, by its Status
    std::string last_failure;   ///< why it did not stick; empty: not tried yet, or connected
};

/// Streams, discovery and their peers: listens, dials, greets, judges, and hands messages of eth to
/// a handler. Owns the network's thread, on which all of that and the handler's calls happen; what
/// is public here may be called from any thread but that one, unless it says otherwise.
class PeerServer {
public:
    /// Binds. Throws SystemError where the port cannot be had.
    explicit PeerServer(PeerServerConfig config);
    /// Stops.
    ~PeerServer();
    PeerServer(const PeerServer&) = delete;
    PeerServer& operator=(const PeerServer&) = delete;

    /// Begins. Once. The handler comes as late as this because it mostly wants `door` and `post`.
    /// @param handler  outlives `stop`
    void start(EthHandler& handler);
    /// Says goodbye to all peers, keeps the node database, ends the thread. No effect after the
    /// first time.
    void stop();

    /// The handler's way back to the peers. Its methods are for the network's thread.
    [[nodiscard]] PeerDoor& door();
    /// Runs `task` on the network's thread, at once or after a while. From any thread. Not after
    /// stop: then it is dropped.
    void post(std::function<void()> task);
    void post_after(std::uint64_t delay_ms, std::function<void()> task);
    /// The clock by which the network counts. Any thread.
    [[nodiscard]] MonotonicMs now() const;

    /// Dials the node until it stays, at once for the first time. False where too many are named.
    bool add_static(const Enode& node);
    /// What came of a static node so far; nothing where it is none.
    [[nodiscard]] std::optional<StaticNodeReport> find_static(const NodeId& id) const;
    /// No longer dials it; a connection to it ends.
    void remove_static(const NodeId& id);
    /// Lets the node in above the limits, or not any more.
    void set_trusted(const NodeId& id, bool is_trusted);
    /// We are reached at this address: a gateway said so (nat.hpp), or the operator.
    void set_external_ip(const IpAddress& ip);
    /// Our chain passed a fork: the node record says so from here on.
    void set_fork_id(const chain::ForkId& fork_id);

    [[nodiscard]] std::vector<PeerSnapshot> peers() const;
    [[nodiscard]] std::vector<StaticNodeReport> static_nodes() const;
    [[nodiscard]] std::size_t peer_count() const;
    /// How we are reached, as far as we know; the address is unspecified where we do not.
    [[nodiscard]] Enode self() const;
    /// Our node record as text; empty without discovery.
    [[nodiscard]] std::string record() const;
    [[nodiscard]] bool is_listening() const;
    [[nodiscard]] const NetMetrics& metrics() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace cairn::node
