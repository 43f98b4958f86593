// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "node/net/eth_messages.hpp"
#include "node/net/session.hpp"

namespace cairn::node {

/// Counts what happens: written by the network's thread, read by any.
class Counter {
public:
    void add(std::uint64_t n = 1) noexcept { value_.fetch_add(n, std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t value() const noexcept {
        return value_.load(std::memory_order_relaxed);
    }

private:
    std::atomic<std::uint64_t> value_{0};
};

/// Messages of one kind and the bytes that they took on the wire.
struct Traffic {
    Counter messages;
    Counter bytes;
    void add(std::size_t wire_bytes) noexcept {
        messages.add();
        bytes.add(wire_bytes);
    }
};

/// Everything that the network counts. Grows only.
struct NetMetrics {
    std::array<Traffic, kEthCodeCount> received;  ///< by EthCode
    std::array<Traffic, kEthCodeCount> sent;      ///< by EthCode
    std::array<Traffic, kBaseKindCount> base_received;  ///< by BaseKind
    std::array<Traffic, kBaseKindCount> base_sent;      ///< by BaseKind
    Counter bytes_received;                       ///< of streams, handshakes included
    Counter bytes_sent;
    Traffic datagrams_received;
    Traffic datagrams_sent;
    Counter dials;
    Counter dials_failed;
    Counter inbound_accepted;
    Counter inbound_refused;  ///< before a byte was read: limits, bans, --netrestrict
    Counter peers_joined;
    Counter peers_left;
    Counter breaches;  ///< connections ended for a breach of protocol
    Counter bans;
    Counter gossip_dropped;                        ///< messages left out for slow peers
    std::array<Counter, 17> disconnects_received;  ///< by DisconnectReason
    std::array<Counter, 17> disconnects_sent;
};

}  // namespace cairn::node
