// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "node/net/ip_address.hpp"
#include "node/net/node_key.hpp"

namespace cairn::node {

/// Where a node is reached: one address, a port for streams and one for discovery.
struct Endpoint {
    IpAddress ip;
    std::uint16_t udp_port = 0;
    std::uint16_t tcp_port = 0;  ///< 0: takes no connections, or does not say
    friend auto operator<=>(const Endpoint&, const Endpoint&) noexcept = default;
};

/// A node by its key and address.
struct Enode {
    NodeId id;
    Endpoint endpoint;
    friend bool operator==(const Enode&, const Enode&) noexcept = default;
};

/// "enode://<128 hex digits>@<ip>:<tcp>[?discport=<udp>]", IPv6 in brackets; without discport the
/// two ports are one. Nothing for anything else: a name instead of an address, a port of 0 or
/// above 65535, a key off the curve. Source: devp2p, enode URL format.
[[nodiscard]] std::optional<Enode> parse_enode(std::string_view url);
/// The URL.
[[nodiscard]] std::string to_string(const Enode& node);

}  // namespace cairn::node

template <>
struct std::hash<cairn::node::IpAddress> {
    std::size_t operator()(const cairn::node::IpAddress& ip) const noexcept {
        return std::hash<std::string_view>{}(cairn::as_text(ip.view()));
    }
};
template <>
struct std::hash<cairn::node::IpNetwork> {
    std::size_t operator()(const cairn::node::IpNetwork& network) const noexcept {
        return std::hash<cairn::node::IpAddress>{}(network.base) * 131 + network.prefix_bits;
    }
};
