// SPDX-License-Identifier: MIT
#pragma once

#include <netinet/in.h>

#include <cstdint>

namespace cairn::test {

/// A port of 127.0.0.1, as sockets take it.
[[nodiscard]] inline sockaddr_in loopback(std::uint16_t port) noexcept {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    at.sin_port = htons(port);
    return at;
}

}  // namespace cairn::test
