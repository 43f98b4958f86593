// SPDX-License-Identifier: MIT
#include "miner/line_socket.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace cairn::miner {
namespace {

constexpr std::chrono::milliseconds kSendTime{10'000};
/// How often a wait looks whether it shall stop.
constexpr std::chrono::milliseconds kStopPeriod{100};

int remaining_ms(std::chrono::steady_clock::time_point deadline) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 1'000'000));
}

std::string system_text(int error) { return std::error_code{error, std::generic_category()}.message(); }

}  // namespace

LineSocket::~LineSocket() {
    if (const int fd = fd_.load(); fd >= 0) ::close(fd);
}

bool LineSocket::wait_for(short events, std::chrono::milliseconds timeout) const {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    for (;;) {
        pollfd waiting{.fd = fd_.load(), .events = events, .revents = 0};
        const int ready = ::poll(&waiting, 1, remaining_ms(deadline));
        if (ready > 0) return true;
        if (ready == 0 || errno != EINTR) return false;
    }
}

Result<void, std::string> LineSocket::connect(const std::string& host, std::uint16_t port,
                                              std::chrono::milliseconds timeout, const std::stop_token& stop) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const int failed = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found); failed != 0)
        return Unexpected{host + ": " + ::gai_strerror(failed)};
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses{found, ::freeaddrinfo};
    std::string why = host + " has no address";
    for (const addrinfo* address = addresses.get(); address != nullptr; address = address->ai_next) {
        const int fd = ::socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd < 0) {
            why = system_text(errno);
            continue;
        }
        if (const int old = fd_.exchange(fd); old >= 0) ::close(old);
        int error = ::connect(fd, address->ai_addr, address->ai_addrlen) == 0 ? 0 : errno;
        if (error == EINPROGRESS) {
            error = ETIMEDOUT;
            const auto deadline = std::chrono::steady_clock::now() + timeout;
            while (error == ETIMEDOUT && std::chrono::steady_clock::now() < deadline && !stop.stop_requested()) {
                if (!wait_for(POLLOUT, kStopPeriod)) continue;
                socklen_t size = sizeof error;
                ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
                break;
            }
        }
        if (stop.stop_requested()) return Unexpected{std::string{"stopped"}};
        if (error == 0) {
            const int on = 1;
            ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            ::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
            return {};
        }
        why = system_text(error);
    }
    return Unexpected{why};
}

LineSocket::ReadOutcome LineSocket::read_line(std::string& line, std::chrono::milliseconds timeout) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    for (;;) {
        if (const auto end = buffer_.find('\n', searched_); end != std::string::npos) {
            line.assign(buffer_, 0, end);
            if (line.ends_with('\r')) line.pop_back();
            buffer_.erase(0, end + 1);
            searched_ = 0;
            return ReadOutcome::Line;
        }
        searched_ = buffer_.size();
        if (buffer_.size() > kLineBytesMax) return ReadOutcome::TooLong;
        if (!wait_for(POLLIN, std::chrono::milliseconds{remaining_ms(deadline)})) return ReadOutcome::Nothing;
        std::array<char, 16384> chunk;
        const auto size = ::recv(fd_.load(), chunk.data(), chunk.size(), 0);
        if (size > 0) {
            buffer_.append(chunk.data(), static_cast<std::size_t>(size));
        } else if (size == 0 || (errno != EAGAIN && errno != EINTR)) {
            return ReadOutcome::Ended;
        }
    }
}

bool LineSocket::send(std::string_view text) {
    while (!text.empty()) {
        const auto size = ::send(fd_.load(), text.data(), text.size(), MSG_NOSIGNAL);
        if (size > 0) {
            text.remove_prefix(static_cast<std::size_t>(size));
        } else if (errno == EAGAIN) {
            if (!wait_for(POLLOUT, kSendTime)) return false;
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

void LineSocket::shut() noexcept {
    if (const int fd = fd_.load(); fd >= 0) ::shutdown(fd, SHUT_RDWR);
}

}  // namespace cairn::miner
