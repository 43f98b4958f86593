// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <functional>

#include "node/net/asio.hpp"
#include "node/net/discovery.hpp"
#include "node/net/net_metrics.hpp"

namespace cairn::node {

/// A Discovery with its socket and timer. On the network's thread; outlives its io_context's run.
class DiscoveryService {
public:
    using MomentNow = std::function<Moment()>;
    using OnEvent = std::function<void(const DiscoveryEvent&)>;

    /// @param socket  bound already
    DiscoveryService(udp::socket socket, Discovery::Config config, RandomFill random,
                     MomentNow moment, OnEvent on_event, NetMetrics& metrics);

    void start();
    void stop();
    void add_nodes(const std::vector<Enode>& nodes);
    void start_random_lookup();
    void set_external_ip(const IpAddress& ip) { discovery_.set_external_ip(ip); }
    void set_fork_id(const chain::ForkId& fork_id) { discovery_.set_fork_id(fork_id); }
    [[nodiscard]] const Discovery& discovery() const noexcept { return discovery_; }
    [[nodiscard]] std::uint16_t port() const;

private:
    void receive();
    void arm_timer();
    void pump();
    void send(const Datagram& datagram);

    udp::socket socket_;
    asio::steady_timer timer_;
    Discovery discovery_;
    MomentNow moment_;
    OnEvent on_event_;
    NetMetrics& metrics_;
    udp::endpoint sender_;
    /// One byte more than a packet may have, so that a longer one is seen to be longer.
    std::array<std::uint8_t, kDiscoveryPacketMax + 1> buffer_{};
};

}  // namespace cairn::node
