// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>

#include "core/base/expected.hpp"
#include "node/net/ip_address.hpp"

namespace cairn::node {

/// How a node behind a gateway is reached (`--nat`).
enum class NatKind : std::uint8_t {
    None,    ///< as the system says
    Any,     ///< UPnP, then NAT-PMP
    Upnp,    ///< UPnP Internet Gateway Device
    NatPmp,  ///< NAT Port Mapping Protocol (RFC 6886)
    ExtIp,   ///< the operator has seen to it, and says the address
};
struct NatChoice {
    NatKind kind = NatKind::None;
    /// ExtIp: our address. NatPmp: the gateway; unspecified: the system's default.
    IpAddress address;
    /// How long a gateway has for an answer.
    std::chrono::milliseconds answer_time{2000};
    friend bool operator==(const NatChoice&, const NatChoice&) noexcept = default;
};

/// "none", "any", "upnp", "pmp", "pmp:192.168.0.1", "extip:192.0.2.1", as geth has it. Nothing for
/// anything else.
[[nodiscard]] std::optional<NatChoice> parse_nat(std::string_view text);

/// A gateway that passes a port on to us.
struct NatMapping {
    IpAddress external_ip;
    std::uint16_t port = 0;  ///< the same outside and inside
    NatKind by{};            ///< Upnp or NatPmp
};
enum class NatError : std::uint8_t {
    NoGateway,  ///< nobody answers
    Refused,    ///< it answers, and does not do it
};

/// Asks the gateway to pass the port on, TCP and UDP, for `lifetime_seconds` (RFC 6886 recommends
/// two hours). Waits for some answers. Not for None and ExtIp (asserted).
[[nodiscard]] Result<NatMapping, NatError> map_port(const NatChoice& choice, std::uint16_t port,
                                                    std::uint32_t lifetime_seconds);
/// Takes the mapping back. Waits for some answers; that it fails has no consequence: mappings
/// end by themselves.
void unmap_port(const NatChoice& choice, std::uint16_t port);

/// Keeps a mapping alive on a thread of its own, and takes it back at the end.
class NatKeeper {
public:
    /// @param on_mapped  called on that thread, each time the gateway's address is another
    NatKeeper(const NatChoice& choice, std::uint16_t port,
              std::function<void(const NatMapping&)> on_mapped);
    ~NatKeeper();
    NatKeeper(const NatKeeper&) = delete;
    NatKeeper& operator=(const NatKeeper&) = delete;

private:
    void run();

    NatChoice choice_;
    std::uint16_t port_;
    std::function<void(const NatMapping&)> on_mapped_;
    std::mutex mutex_;
    std::condition_variable ended_;
    bool is_ending_ = false;
    std::thread thread_;
};

}  // namespace cairn::node
