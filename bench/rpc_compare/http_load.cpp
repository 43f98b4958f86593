// SPDX-License-Identifier: MIT
#include "bench/rpc_compare/http_load.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <vector>

namespace cairn::bench {
namespace {

using Clock = std::chrono::steady_clock;

/// Bytes of an answer that are looked at.
constexpr std::size_t kLookedAt = std::size_t{64} << 10;
/// A server that says nothing for as long has failed.
constexpr std::chrono::seconds kSilenceMax{30};

[[noreturn]] void fail(const char* what) {
    throw std::system_error{errno, std::generic_category(), what};
}

class Descriptor {
public:
    explicit Descriptor(int fd, const char* what) : fd_{fd} {
        if (fd < 0) fail(what);
    }
    ~Descriptor() { ::close(fd_); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const noexcept { return fd_; }

private:
    int fd_;
};

/// One connection: a request goes out, an answer comes in, and so on.
class Connection {
public:
    explicit Connection(std::uint16_t port)
        : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"} {
        const int on = 1;
        ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
            fail("connect");
    }

    [[nodiscard]] int fd() const noexcept { return socket_.get(); }
    [[nodiscard]] Clock::time_point began() const noexcept { return began_; }
    /// The answer's first bytes, after its head.
    [[nodiscard]] std::string_view body() const noexcept {
        return {in_->data() + head_bytes_, in_bytes_ - head_bytes_};
    }
    [[nodiscard]] std::string_view head() const noexcept { return {in_->data(), head_bytes_}; }

    /// Sends a request whole. Requests are smaller than a socket's buffer by far, or the server
    /// reads them while they come, so waiting here cannot last.
    void ask(const std::string& request) {
        in_bytes_ = head_bytes_ = 0;
        began_ = Clock::now();
        std::size_t sent = 0;
        while (sent < request.size()) {
            const auto n = ::send(fd(), request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
            if (n < 0) fail("send");
            sent += static_cast<std::size_t>(n);
        }
    }

    /// Takes what has come. Whether the answer is whole.
    bool take() {
        for (;;) {
            if (head_bytes_ != 0 && left_ == 0) return true;
            const bool is_looked_at = in_bytes_ < in_->size();
            char* const into = is_looked_at ? in_->data() + in_bytes_ : nullptr;
            const auto room = is_looked_at ? in_->size() - in_bytes_ : left_;
            const auto n = ::recv(fd(), into, room, MSG_DONTWAIT | (into ? 0 : MSG_TRUNC));
            if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return false;
            if (n < 0) fail("recv");
            if (n == 0) throw std::runtime_error{"the server closed a connection"};
            const auto bytes = static_cast<std::size_t>(n);
            if (is_looked_at) in_bytes_ += bytes;
            if (head_bytes_ != 0) {
                if (bytes > left_) throw std::runtime_error{"more came than was asked for"};
                left_ -= bytes;
            } else {
                read_head();
            }
        }
    }

private:
    void read_head() {
        const std::string_view text{in_->data(), in_bytes_};
        const auto end = text.find("\r\n\r\n");
        if (end == std::string_view::npos) {
            if (in_bytes_ == in_->size()) throw std::runtime_error{"an answer without a body"};
            return;
        }
        head_bytes_ = end + 4;
        constexpr std::string_view kLength = "\r\ncontent-length: ";
        const auto same = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
        const auto found = std::search(text.begin(), text.begin() + static_cast<long>(end),
                                       kLength.begin(), kLength.end(), [&](char a, char b) {
                                           return a == b || (b >= 'a' && same(a, b));
                                       });
        const auto* const digits = text.data() + (found - text.begin()) + kLength.size();
        std::size_t length = 0;
        if (digits >= text.data() + end ||
            std::from_chars(digits, text.data() + end, length).ec != std::errc{})
            throw std::runtime_error{"an answer without a length: " +
                                     std::string{text.substr(0, end)}};
        const auto come = in_bytes_ - head_bytes_;
        if (come > length) throw std::runtime_error{"more came than was asked for"};
        left_ = length - come;
    }

    Descriptor socket_;
    std::unique_ptr<std::array<char, kLookedAt>> in_ =
        std::make_unique<std::array<char, kLookedAt>>();
    std::size_t in_bytes_ = 0;
    std::size_t head_bytes_ = 0;  ///< 0: not whole yet
    std::size_t left_ = 0;        ///< of the body, once the head is whole
    Clock::time_point began_;
};

double quantile_ms(std::vector<std::uint32_t>& times_ns, double share) {
    if (times_ns.empty()) return 0;
    const auto at = std::min(times_ns.size() - 1,
                             static_cast<std::size_t>(static_cast<double>(times_ns.size()) * share));
    std::nth_element(times_ns.begin(), times_ns.begin() + static_cast<long>(at), times_ns.end());
    return times_ns[at] / 1e6;
}

void note_fault(LoadResult& result, const Connection& connection) {
    const auto body = connection.body();
    const bool is_ok = connection.head().starts_with("HTTP/1.1 200 ");
    if (is_ok && !body.empty() && body.find("\"error\"") == std::string_view::npos) return;
    if (result.faults++ == 0)
        result.fault_text = std::string{is_ok ? body.substr(0, 300) : connection.head()};
}

}  // namespace

std::string http_post(std::string_view body) {
    return "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
           "Content-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + std::string{body};
}

SilentServer::SilentServer(std::uint16_t at)
    : std::runtime_error{"the server at port " + std::to_string(at) + " does not answer"}, port{at} {}

LoadResult run_load(std::uint16_t port, std::size_t connections, const RequestSource& source,
                    std::chrono::milliseconds time) {
    const Descriptor epoll{::epoll_create1(EPOLL_CLOEXEC), "epoll_create1"};
    std::vector<std::unique_ptr<Connection>> all;
    for (std::size_t i = 0; i < connections; ++i) {
        all.push_back(std::make_unique<Connection>(port));
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = i;
        if (::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, all.back()->fd(), &event) != 0)
            fail("epoll_ctl");
    }
    LoadResult result;
    std::vector<std::uint32_t> times_ns;
    times_ns.reserve(1 << 20);
    const auto began = Clock::now();
    const auto until = began + time;
    std::size_t asked = 0;
    const auto ask = [&](std::size_t i) {
        const auto* const request = source(i);
        if (request == nullptr) return;
        all[i]->ask(*request);
        ++asked;
    };
    for (std::size_t i = 0; i < connections; ++i) ask(i);
    std::array<epoll_event, 256> events{};
    auto now = began;
    while (asked > 0) {
        constexpr auto kWaitMs =
            static_cast<int>(std::chrono::milliseconds{kSilenceMax}.count());
        const int count = ::epoll_wait(epoll.get(), events.data(), events.size(), kWaitMs);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail("epoll_wait");
        if (count == 0) throw SilentServer{port};
        for (int e = 0; e < count; ++e) {
            const auto i = static_cast<std::size_t>(events[static_cast<std::size_t>(e)].data.u64);
            auto& connection = *all[i];
            if (!connection.take()) continue;
            --asked;
            now = Clock::now();
            ++result.answers;
            const auto taken = std::chrono::nanoseconds{now - connection.began()}.count();
            times_ns.push_back(static_cast<std::uint32_t>(std::min<std::int64_t>(taken, 0xffffffff)));
            note_fault(result, connection);
            if (now < until) ask(i);
        }
    }
    result.seconds = std::chrono::duration<double>(now - began).count();
    result.p50_ms = quantile_ms(times_ns, 0.50);
    result.p99_ms = quantile_ms(times_ns, 0.99);
    return result;
}

}  // namespace cairn::bench
