// SPDX-License-Identifier: MIT
#pragma once

#include "node/net/asio.hpp"
#include "node/net/enode.hpp"

namespace cairn::node {

/// The address as sockets have it, and back. A zone of IPv6 is dropped.
[[nodiscard]] inline asio::ip::address to_asio(const IpAddress& ip) {
    const ByteView bytes = ip.view();
    if (ip.is_v4()) return asio::ip::address_v4{load_be32(bytes.data())};
    asio::ip::address_v6::bytes_type raw{};
    std::copy(bytes.begin(), bytes.end(), raw.begin());
    return asio::ip::address_v6{raw};
}
[[nodiscard]] inline IpAddress from_asio(const asio::ip::address& address) {
    if (address.is_v4()) return *IpAddress::from_bytes(address.to_v4().to_bytes());
    return *IpAddress::from_bytes(address.to_v6().to_bytes());
}

}  // namespace cairn::node
