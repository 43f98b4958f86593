// SPDX-License-Identifier: MIT
// A small server on loopback for what mines over sockets: one connection at a time, each handed to the test.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace cairn::miner {

/// The server's end of a connection.
class ServerEnd {
  public:
    ServerEnd(int fd, const std::atomic<bool>& stop) : fd_{fd}, stop_{stop} {}
    ~ServerEnd() { ::close(fd_); }
    ServerEnd(const ServerEnd&) = delete;
    ServerEnd& operator=(const ServerEnd&) = delete;

    void send(const std::string& text) const {
        std::size_t sent = 0;
        while (sent < text.size()) {
            const auto n = ::send(fd_, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
            if (n <= 0) return;
            sent += static_cast<std::size_t>(n);
        }
    }
    /// Everything up to and without `end`; nothing when the client has gone or the server stops.
    std::optional<std::string> read_until(const std::string& end) {
        for (;;) {
            if (const auto at = buffer_.find(end); at != std::string::npos) {
                std::string text = buffer_.substr(0, at);
                buffer_.erase(0, at + end.size());
                return text;
            }
            if (!read_more()) return std::nullopt;
        }
    }
    std::optional<std::string> read_line() { return read_until("\n"); }
    std::optional<std::string> read_bytes(std::size_t count) {
        while (buffer_.size() < count)
            if (!read_more()) return std::nullopt;
        std::string text = buffer_.substr(0, count);
        buffer_.erase(0, count);
        return text;
    }

  private:
    bool read_more() {
        pollfd waiting{.fd = fd_, .events = POLLIN, .revents = 0};
        while (::poll(&waiting, 1, 20) <= 0)
            if (stop_) return false;
        char chunk[4096];
        const auto n = ::recv(fd_, chunk, sizeof chunk, 0);
        if (n <= 0) return false;
        buffer_.append(chunk, static_cast<std::size_t>(n));
        return true;
    }

    int fd_;
    const std::atomic<bool>& stop_;
    std::string buffer_;
};

class SmallServer {
  public:
    /// Called for each connection, on a thread of its own; the connection ends when it returns.
    using Serve = std::function<void(ServerEnd& client, int number)>;

    explicit SmallServer(Serve serve) : serve_{std::move(serve)}, fd_{::socket(AF_INET, SOCK_STREAM, 0)} {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* any = reinterpret_cast<sockaddr*>(&address);
        if (fd_ < 0 || ::bind(fd_, any, size) != 0 || ::listen(fd_, 16) != 0 || ::getsockname(fd_, any, &size) != 0)
            throw std::runtime_error{"cannot listen"};
        port_ = ntohs(address.sin_port);
        thread_ = std::jthread{[this] { run(); }};
    }
    ~SmallServer() {
        stop_ = true;
        thread_.join();
        threads_.clear();
        ::close(fd_);
    }
    SmallServer(const SmallServer&) = delete;
    SmallServer& operator=(const SmallServer&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

  private:
    void run() {
        int number = 0;
        while (!stop_) {
            pollfd waiting{.fd = fd_, .events = POLLIN, .revents = 0};
            if (::poll(&waiting, 1, 20) <= 0) continue;
            const int client = ::accept(fd_, nullptr, nullptr);
            if (client < 0) continue;
            threads_.emplace_back([this, client, n = number++] {
                ServerEnd end{client, stop_};
                serve_(end, n);
            });
        }
    }

    Serve serve_;
    int fd_;
    std::uint16_t port_ = 0;
    std::atomic<bool> stop_{false};
    std::vector<std::jthread> threads_;
    std::jthread thread_;
};

}  // namespace cairn::miner
