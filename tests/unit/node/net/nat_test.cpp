// SPDX-License-Identifier: MIT
#include "node/net/nat.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/unit/node/net/support.hpp"

namespace cairn::node {
namespace {

/// An address of loopback that no other process takes here: the port of NAT-PMP is a fixed one.
IpAddress own_loopback() {
    const auto number = static_cast<std::uint32_t>(::getpid());
    const std::array<std::uint8_t, 4> bytes{127, static_cast<std::uint8_t>(64 + (number >> 16) % 128),
                                            static_cast<std::uint8_t>(number >> 8),
                                            static_cast<std::uint8_t>(number)};
    return *IpAddress::from_bytes(bytes);
}

/// A gateway that speaks NAT-PMP (RFC 6886, sections 3.2 and 3.3) at own_loopback().
class FakeGateway {
public:
    static constexpr std::uint16_t kPort = 5351;

    /// @param result   code of its answers: 0 for success
    /// @param answers  to each request
    explicit FakeGateway(std::uint16_t result = 0, int answers = 1)
        : result_{result}, answers_{answers} {
        socket_ = ::socket(AF_INET, SOCK_DGRAM, 0);
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_port = htons(kPort);
        at.sin_addr.s_addr = htonl(load_be32(own_loopback().view().data()));
        is_open_ = ::bind(socket_, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0;
        thread_ = std::thread{[this] { run(); }};
    }
    ~FakeGateway() {
        is_ending_ = true;
        thread_.join();
        ::close(socket_);
    }
    FakeGateway(const FakeGateway&) = delete;
    FakeGateway& operator=(const FakeGateway&) = delete;

    [[nodiscard]] bool is_open() const { return is_open_; }
    /// What was asked, in its order. A request that was repeated at once, for want of an answer in a
    /// quarter of a second, counts once.
    [[nodiscard]] std::vector<Bytes> requests() {
        const std::lock_guard lock{mutex_};
        std::vector<Bytes> out = requests_;
        out.erase(std::unique(out.begin(), out.end()), out.end());
        return out;
    }

private:
    void run() {
        while (!is_ending_) {
            pollfd descriptor{socket_, POLLIN, 0};
            if (::poll(&descriptor, 1, 20) <= 0) continue;
            Bytes request(64);
            sockaddr_in from{};
            socklen_t length = sizeof from;
            const ssize_t n = ::recvfrom(socket_, request.data(), request.size(), 0,
                                         reinterpret_cast<sockaddr*>(&from), &length);
            if (n < 2) continue;
            request.resize(static_cast<std::size_t>(n));
            {
                const std::lock_guard lock{mutex_};
                requests_.push_back(request);
            }
            const Bytes reply = answer(request);
            for (int i = 0; i < answers_; ++i)
                ::sendto(socket_, reply.data(), reply.size(), 0,
                         reinterpret_cast<sockaddr*>(&from), length);
        }
    }
    /// Version 0, the opcode and 128, the result, the epoch; then the address, or the inner port,
    /// the outer port and the lifetime as they were asked.
    Bytes answer(const Bytes& request) const {
        Bytes reply{0,
                    static_cast<std::uint8_t>(request[1] + 128),
                    static_cast<std::uint8_t>(result_ >> 8),
                    static_cast<std::uint8_t>(result_),
                    0,
                    0,
                    0,
                    1};
        if (request[1] == 0)
            append(reply, hex("cb007109"));  // 203.0.113.9
        else
            append(reply, ByteView{request}.subspan(4));
        return reply;
    }

    std::uint16_t result_;
    int answers_;
    int socket_ = -1;
    bool is_open_ = false;
    std::atomic<bool> is_ending_{false};
    std::mutex mutex_;
    std::vector<Bytes> requests_;
    std::thread thread_;
};

/// Has its time on a machine with other work to do.
const NatChoice kLoopbackGateway{NatKind::NatPmp, own_loopback(), std::chrono::minutes{5}};

TEST(Nat, texts_as_geth_has_them) {
    EXPECT_EQ(parse_nat("none"), (NatChoice{NatKind::None, {}}));
    EXPECT_EQ(parse_nat("any"), (NatChoice{NatKind::Any, {}}));
    EXPECT_EQ(parse_nat("upnp"), (NatChoice{NatKind::Upnp, {}}));
    EXPECT_EQ(parse_nat("pmp"), (NatChoice{NatKind::NatPmp, {}}));
    EXPECT_EQ(parse_nat("pmp:192.0.2.1"),
              (NatChoice{NatKind::NatPmp, *IpAddress::parse("192.0.2.1")}));
    EXPECT_EQ(parse_nat("extip:192.0.2.1"),
              (NatChoice{NatKind::ExtIp, *IpAddress::parse("192.0.2.1")}));
    for (const std::string_view text : {"", "extip", "extip:", "extip:x", "pmp:", "UPNP", "none "})
        EXPECT_FALSE(parse_nat(text)) << text;
}

TEST(Nat, a_gateway_passes_both_protocols_on_and_takes_them_back) {
    FakeGateway gateway;
    ASSERT_TRUE(gateway.is_open());
    const auto mapping = map_port(kLoopbackGateway, 30303, 7200);
    ASSERT_TRUE(mapping);
    EXPECT_EQ(mapping->external_ip.to_string(), "203.0.113.9");
    EXPECT_EQ(mapping->port, 30303U);
    EXPECT_EQ(mapping->by, NatKind::NatPmp);
    unmap_port(kLoopbackGateway, 30303);
    const auto requests = gateway.requests();
    ASSERT_EQ(requests.size(), 5U);
    // Opcode 2 is TCP, 1 is UDP; then two reserved bytes, the inner and outer port, the lifetime.
    EXPECT_EQ(to_hex(requests[0]), "0000");
    EXPECT_EQ(to_hex(requests[1]), "00020000765f765f00001c20");
    EXPECT_EQ(to_hex(requests[2]), "00010000765f765f00001c20");
    EXPECT_EQ(to_hex(requests[3]), "00020000765f000000000000");
    EXPECT_EQ(to_hex(requests[4]), "00010000765f000000000000");
}

TEST(Nat, an_answer_that_comes_again_is_not_taken_for_that_to_another_request) {
    FakeGateway gateway{0, 2};
    ASSERT_TRUE(gateway.is_open());
    const auto mapping = map_port(kLoopbackGateway, 30303, 7200);
    ASSERT_TRUE(mapping);
    EXPECT_EQ(mapping->external_ip.to_string(), "203.0.113.9");
    EXPECT_EQ(mapping->port, 30303U);
    unmap_port(kLoopbackGateway, 30303);
    EXPECT_EQ(gateway.requests().size(), 5U);
}

TEST(Nat, a_gateway_that_refuses_is_told_from_none) {
    {
        FakeGateway gateway{2};  // not authorised
        ASSERT_TRUE(gateway.is_open());
        EXPECT_EQ(map_port(kLoopbackGateway, 30303, 7200).error(), NatError::Refused);
    }
    EXPECT_EQ(map_port(kLoopbackGateway, 30303, 7200).error(), NatError::NoGateway);
}

TEST(Nat, the_keeper_tells_the_address_and_cleans_up) {
    FakeGateway gateway;
    ASSERT_TRUE(gateway.is_open());
    std::atomic<int> told{0};
    {
        const NatKeeper keeper{kLoopbackGateway, 30303, [&](const NatMapping& mapping) {
                                   EXPECT_EQ(mapping.port, 30303U);
                                   ++told;
                               }};
        const auto deadline = std::chrono::steady_clock::now() + kLoopbackGateway.answer_time;
        while (told == 0 && std::chrono::steady_clock::now() < deadline)
            std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    EXPECT_EQ(told, 1);
    EXPECT_EQ(to_hex(gateway.requests().back()), "00010000765f000000000000");
}

}  // namespace
}  // namespace cairn::node
