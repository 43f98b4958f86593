// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace cairn::test {

/// A TCP port of loopback that the system gives to nobody else for as long as this lives.
///
/// Whoever connects to it is refused, until somebody listens at just this port with SO_REUSEADDR, as servers do: a bound
/// socket that does not listen keeps the number, and two such may share it (socket(7)).
class ReservedPort {
  public:
    /// Throws std::runtime_error where there is none.
    ReservedPort() : fd_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* any = reinterpret_cast<sockaddr*>(&address);
        const int on = 1;
        if (fd_ < 0 || ::setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 || ::bind(fd_, any, size) != 0 ||
            ::getsockname(fd_, any, &size) != 0)
            throw std::runtime_error{"no port on loopback"};
        port_ = ntohs(address.sin_port);
    }
    ~ReservedPort() { ::close(fd_); }
    ReservedPort(const ReservedPort&) = delete;
    ReservedPort& operator=(const ReservedPort&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

  private:
    int fd_;
    std::uint16_t port_ = 0;
};

}  // namespace cairn::test
