// SPDX-License-Identifier: MIT
#include "tests/functional/network/wire.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <deque>
#include <list>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "tests/functional/network/loopback.hpp"

namespace cairn::test {
namespace {

using Clock = std::chrono::steady_clock;

/// Bytes on their way in one direction, above which no more are read: a sender then waits, as for a
/// network that is full.
constexpr std::size_t kOnTheWayMax = std::size_t{1} << 20;
/// Milliseconds between two looks at flags and due times.
constexpr int kLookMs = 2;

/// A descriptor that is closed with its owner.
class Socket {
public:
    explicit Socket(int fd = -1) noexcept : fd_{fd} {}
    Socket(Socket&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
    Socket& operator=(Socket&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Socket() {
        if (fd_ >= 0) ::close(fd_);
    }
    [[nodiscard]] int fd() const noexcept { return fd_; }

private:
    int fd_;
};

void make_quick(int fd) {
    ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/// Bytes that came together.
struct Parcel {
    std::vector<char> bytes;
    std::size_t sent = 0;
    Clock::time_point due;
};

/// One direction of a connection.
struct Lane {
    std::deque<Parcel> parcels;
    std::size_t size = 0;
    Clock::time_point free_at;  ///< when a limited rate lets the next byte begin
    bool has_ended = false;     ///< the giving side closed
};

struct Connection {
    Socket near;
    Socket far;
    Lane to_far{};
    Lane to_near{};
};

}  // namespace

struct Wire::Impl {
    Impl() {
        listener = Socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        sockaddr_in at = loopback(0);
        socklen_t length = sizeof at;
        auto* const name = reinterpret_cast<sockaddr*>(&at);
        if (::bind(listener.fd(), name, length) != 0 || ::listen(listener.fd(), 64) != 0 ||
            ::getsockname(listener.fd(), name, &length) != 0)
            throw std::runtime_error{"no port for a wire"};
        port = ntohs(at.sin_port);
        make_quick(listener.fd());
        thread = std::jthread{[this](const std::stop_token& stop) {
            while (!stop.stop_requested()) {
                step();
                ++steps;
            }
        }};
    }

    void step() {
        const bool is_open = !is_cut;
        std::vector<pollfd> polled{{listener.fd(), POLLIN, 0}};
        for (const Connection& one : connections) {
            const auto wants = [&](const Lane& in) {
                return static_cast<short>(is_open && !in.has_ended && in.size < kOnTheWayMax
                                              ? POLLIN
                                              : 0);
            };
            polled.push_back({one.near.fd(), wants(one.to_far), 0});
            polled.push_back({one.far.fd(), wants(one.to_near), 0});
        }
        ::poll(polled.data(), polled.size(), kLookMs);
        if (!is_open) return;
        connections.remove_if([this](Connection& one) {
            return !carry(one.near.fd(), one.far.fd(), one.to_far) ||
                   !carry(one.far.fd(), one.near.fd(), one.to_near);
        });
        if ((polled[0].revents & POLLIN) != 0) accept();
    }

    void accept() {
        Socket near{::accept4(listener.fd(), nullptr, nullptr, SOCK_CLOEXEC)};
        if (near.fd() < 0) return;
        Socket far{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        const sockaddr_in at = loopback(target);
        // On loopback this answers at once; a refusal is passed on by closing.
        if (::connect(far.fd(), reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0) return;
        make_quick(near.fd());
        make_quick(far.fd());
        connections.push_back({std::move(near), std::move(far)});
    }

    /// Reads what came and writes what is due. False once there is nothing more to carry.
    bool carry(int from, int to, Lane& lane) {
        const auto now = Clock::now();
        std::array<char, 65536> buffer;
        while (!lane.has_ended && lane.size < kOnTheWayMax) {
            const ssize_t n = ::recv(from, buffer.data(), buffer.size(), 0);
            if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
            if (n <= 0) {
                lane.has_ended = true;
                break;
            }
            const auto size = static_cast<std::size_t>(n);
            lane.free_at = std::max(lane.free_at, now);
            if (const std::uint64_t rate = bytes_per_second; rate != 0)
                lane.free_at += std::chrono::nanoseconds{size * 1'000'000'000 / rate};
            lane.parcels.push_back({{buffer.data(), buffer.data() + size},
                                    0,
                                    lane.free_at + std::chrono::milliseconds{delay_ms}});
            lane.size += size;
        }
        while (!lane.parcels.empty() && lane.parcels.front().due <= now) {
            Parcel& parcel = lane.parcels.front();
            const ssize_t n = ::send(to, parcel.bytes.data() + parcel.sent,
                                     parcel.bytes.size() - parcel.sent, MSG_NOSIGNAL);
            if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
            if (n <= 0) return false;
            parcel.sent += static_cast<std::size_t>(n);
            lane.size -= static_cast<std::size_t>(n);
            carried += static_cast<std::uint64_t>(n);
            if (parcel.sent == parcel.bytes.size()) lane.parcels.pop_front();
        }
        return !lane.has_ended || !lane.parcels.empty();
    }

    Socket listener;
    std::uint16_t port = 0;
    std::atomic<std::uint16_t> target{0};
    std::atomic<bool> is_cut{false};
    std::atomic<std::int64_t> delay_ms{0};
    std::atomic<std::uint64_t> bytes_per_second{0};
    std::atomic<std::uint64_t> carried{0};
    std::atomic<std::uint64_t> steps{0};
    std::list<Connection> connections;  // the thread's own
    std::jthread thread;                // last: ends before what it uses
};

Wire::Wire() : impl_{std::make_unique<Impl>()} {}
Wire::~Wire() = default;

std::uint16_t Wire::port() const noexcept {
    return impl_->port;
}
void Wire::lead_to(std::uint16_t port) {
    impl_->target = port;
}
void Wire::cut() {
    impl_->is_cut = true;
    // The step under way may not have seen it.
    const std::uint64_t now = impl_->steps;
    while (impl_->steps < now + 2) std::this_thread::sleep_for(std::chrono::milliseconds{1});
}
void Wire::mend() {
    impl_->is_cut = false;
}
void Wire::slow_down(std::chrono::milliseconds delay, std::uint64_t bytes_per_second) {
    impl_->delay_ms = delay.count();
    impl_->bytes_per_second = bytes_per_second;
}
std::uint64_t Wire::bytes_carried() const noexcept {
    return impl_->carried;
}

}  // namespace cairn::test
