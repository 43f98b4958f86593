// SPDX-License-Identifier: MIT
#include "node/net/nat.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <mutex>
#include <vector>

#include "tests/unit/node/net/support.hpp"

namespace cairn::node {
namespace {

/// A gateway that speaks NAT-PMP (RFC 6886, sections 3.2 and 3.3) on 127.0.0.1.
class FakeGateway {
public:
    static constexpr std::uint16_t kPort = 5351;

    explicit FakeGateway(std::uint16_t result = 0) : result_{result} {
        socket_ = ::socket(AF_INET, SOCK_DGRAM, 0);
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_port = htons(kPort);
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
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
    [[nodiscard]] std::vector<Bytes> requests() {
        const std::lock_guard lock{mutex_};
        return requests_;
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
            ::sendto(socket_, reply.data(), reply.size(), 0, reinterpret_cast<sockaddr*>(&from),
                     length);
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
    int socket_ = -1;
    bool is_open_ = false;
    std::atomic<bool> is_ending_{false};
    std::mutex mutex_;
    std::vector<Bytes> requests_;
    std::thread thread_;
};

const NatChoice kLoopbackGateway{NatKind::NatPmp, *IpAddress::parse("127.0.0.1")};

TEST(Nat, texts_as_geth_has_them) {
    EXPECT_EQ(parse_nat("none"), (NatChoice{NatKind::None, {}}));
    EXPECT_EQ(parse_nat("any"), (NatChoice{NatKind::Any, {}}));
    EXPECT_EQ(parse_nat("upnp"), (NatChoice{NatKind::Upnp, {}}));
    EXPECT_EQ(parse_nat("pmp"), (NatChoice{NatKind::NatPmp, {}}));
    EXPECT_EQ(parse_nat("pmp:127.0.0.1"), kLoopbackGateway);
    EXPECT_EQ(parse_nat("extip:192.0.2.1"),
              (NatChoice{NatKind::ExtIp, *IpAddress::parse("192.0.2.1")}));
    for (const std::string_view text : {"", "extip", "extip:", "extip:x", "pmp:", "UPNP", "none "})
        EXPECT_FALSE(parse_nat(text)) << text;
}

TEST(Nat, a_gateway_passes_both_protocols_on_and_takes_them_back) {
    FakeGateway gateway;
    if (!gateway.is_open()) GTEST_SKIP() << "port 5351 is taken";
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

TEST(Nat, a_gateway_that_refuses_is_told_from_none) {
    {
        FakeGateway gateway{2};  // not authorised
        if (!gateway.is_open()) GTEST_SKIP() << "port 5351 is taken";
        EXPECT_EQ(map_port(kLoopbackGateway, 30303, 7200).error(), NatError::Refused);
    }
    EXPECT_EQ(map_port(kLoopbackGateway, 30303, 7200).error(), NatError::NoGateway);
}

TEST(Nat, the_keeper_tells_the_address_and_cleans_up) {
    FakeGateway gateway;
    if (!gateway.is_open()) GTEST_SKIP() << "port 5351 is taken";
    std::atomic<int> told{0};
    {
        const NatKeeper keeper{kLoopbackGateway, 30303, [&](const NatMapping& mapping) {
                                   EXPECT_EQ(mapping.port, 30303U);
                                   ++told;
                               }};
        for (int i = 0; i < 200 && told == 0; ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    EXPECT_EQ(told, 1);
    EXPECT_EQ(to_hex(gateway.requests().back()), "00010000765f000000000000");
}

}  // namespace
}  // namespace cairn::node
