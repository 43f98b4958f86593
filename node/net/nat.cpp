// SPDX-License-Identifier: MIT
#include "node/net/nat.hpp"

#include <arpa/inet.h>
#include <miniupnpc/miniupnpc.h>
#include <miniupnpc/upnpcommands.h>
#include <natpmp.h>
#include <poll.h>

#include <array>
#include <chrono>
#include <string>

#include "core/base/assert.hpp"

namespace cairn::node {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// Two hours (RFC 6886, section 3.3), renewed long before they are over.
constexpr std::uint32_t kLifetimeSeconds = 7200;
constexpr seconds kRenewal{1200};
constexpr const char* kDescription = "cairn";

// --- NAT-PMP -----------------------------------------------------------------------------------

class NatPmp {
public:
    explicit NatPmp(const NatChoice& choice) : answer_time_{choice.answer_time} {
        const IpAddress& gateway = choice.address;
        const bool is_given = gateway.is_v4() && !gateway.is_unspecified();
        const in_addr_t address = is_given ? htonl(load_be32(gateway.view().data())) : 0;
        is_open_ = initnatpmp(&state_, is_given ? 1 : 0, address) == 0;
    }
    ~NatPmp() {
        if (is_open_) closenatpmp(&state_);
    }
    NatPmp(const NatPmp&) = delete;
    NatPmp& operator=(const NatPmp&) = delete;

    Result<IpAddress, NatError> external_ip() {
        const auto response = ask(NATPMP_RESPTYPE_PUBLICADDRESS,
                                  [this] { return sendpublicaddressrequest(&state_); });
        if (!response) return Unexpected{response.error()};
        std::array<std::uint8_t, 4> bytes{};
        store_be32(bytes.data(), ntohl(response->pnu.publicaddress.addr.s_addr));
        return *IpAddress::from_bytes(bytes);
    }

    /// @param lifetime_seconds  0 takes the mapping back
    Result<void, NatError> map(int protocol, std::uint16_t port, std::uint32_t lifetime_seconds) {
        const std::uint16_t outside = lifetime_seconds == 0 ? std::uint16_t{0} : port;
        const int type = protocol == NATPMP_PROTOCOL_TCP ? NATPMP_RESPTYPE_TCPPORTMAPPING
                                                         : NATPMP_RESPTYPE_UDPPORTMAPPING;
        const auto response = ask(type, [&] {
            return sendnewportmappingrequest(&state_, protocol, port, outside, lifetime_seconds);
        });
        if (!response) return Unexpected{response.error()};
        // Another port outside is of no use: peers are told one port.
        if (lifetime_seconds != 0 && response->pnu.newportmapping.mappedpublicport != port)
            return Unexpected{NatError::Refused};
        return {};
    }

private:
    /// Sends a request until an answer of its type comes. A gateway that took its time answers a
    /// request as often as it was repeated meanwhile; what is left of those comes first here.
    template <class Send>
    Result<natpmpresp_t, NatError> ask(int type, Send send) {
        const auto end = Clock::now() + answer_time_;
        do {
            if (!is_open_ || send() < 0) return Unexpected{NatError::NoGateway};
            natpmpresp_t response{};
            if (const auto verdict = wait(response, end); !verdict)
                return Unexpected{verdict.error()};
            if (response.type == type) return response;
        } while (Clock::now() < end);
        return Unexpected{NatError::NoGateway};
    }

    Result<void, NatError> wait(natpmpresp_t& response, Clock::time_point end) {
        do {
            timeval left{};
            getnatpmprequesttimeout(&state_, &left);
            pollfd descriptor{state_.s, POLLIN, 0};
            ::poll(&descriptor, 1, static_cast<int>(left.tv_sec * 1000 + left.tv_usec / 1000));
            const int result = readnatpmpresponseorretry(&state_, &response);
            if (result == 0) return {};
            if (result == NATPMP_TRYAGAIN) continue;
            const bool is_answer =
                result <= NATPMP_ERR_UNDEFINEDERROR && result >= NATPMP_ERR_OUTOFRESOURCES;
            return Unexpected{is_answer ? NatError::Refused : NatError::NoGateway};
        } while (Clock::now() < end);
        return Unexpected{NatError::NoGateway};
    }

    milliseconds answer_time_;
    natpmp_t state_{};
    bool is_open_ = false;
};

Result<NatMapping, NatError> map_by_nat_pmp(const NatChoice& choice, std::uint16_t port,
                                            std::uint32_t lifetime_seconds) {
    NatPmp nat{choice};
    const auto ip = nat.external_ip();
    if (!ip) return Unexpected{ip.error()};
    for (const int protocol : {NATPMP_PROTOCOL_TCP, NATPMP_PROTOCOL_UDP})
        if (const auto verdict = nat.map(protocol, port, lifetime_seconds); !verdict)
            return Unexpected{verdict.error()};
    return NatMapping{*ip, port, NatKind::NatPmp};
}

// --- UPnP --------------------------------------------------------------------------------------

class Upnp {
public:
    explicit Upnp(milliseconds answer_time) {
        int error = 0;
        UPNPDev* devices = upnpDiscover(static_cast<int>(answer_time.count()), nullptr, nullptr,
                                        UPNP_LOCAL_PORT_ANY, 0, 2, &error);
        if (devices == nullptr) return;
        const int found = UPNP_GetValidIGD(devices, &urls_, &data_, lan_address_.data(),
                                           static_cast<int>(lan_address_.size()));
        has_urls_ = found != 0;
        is_connected_ = found == 1;
        freeUPNPDevlist(devices);
    }
    ~Upnp() {
        if (has_urls_) FreeUPNPUrls(&urls_);
    }
    Upnp(const Upnp&) = delete;
    Upnp& operator=(const Upnp&) = delete;

    [[nodiscard]] bool is_connected() const noexcept { return is_connected_; }

    std::optional<IpAddress> external_ip() {
        std::array<char, 40> text{};
        if (UPNP_GetExternalIPAddress(urls_.controlURL, data_.first.servicetype, text.data()) != 0)
            return std::nullopt;
        return IpAddress::parse(text.data());
    }
    bool map(const char* protocol, std::uint16_t port, std::uint32_t lifetime_seconds) {
        const std::string port_text = std::to_string(port);
        const std::string lifetime = std::to_string(lifetime_seconds);
        const auto add = [&](const char* seconds_text) {
            return UPNP_AddPortMapping(urls_.controlURL, data_.first.servicetype, port_text.c_str(),
                                       port_text.c_str(), lan_address_.data(), kDescription,
                                       protocol, nullptr, seconds_text) == 0;
        };
        // Some gateways know only mappings without end; ours is taken back when we stop.
        return add(lifetime.c_str()) || add("0");
    }
    void unmap(const char* protocol, std::uint16_t port) {
        UPNP_DeletePortMapping(urls_.controlURL, data_.first.servicetype,
                               std::to_string(port).c_str(), protocol, nullptr);
    }

private:
    UPNPUrls urls_{};
    IGDdatas data_{};
    std::array<char, 64> lan_address_{};
    bool has_urls_ = false;
    bool is_connected_ = false;
};

Result<NatMapping, NatError> map_by_upnp(const NatChoice& choice, std::uint16_t port,
                                         std::uint32_t lifetime_seconds) {
    Upnp gateway{choice.answer_time};
    if (!gateway.is_connected()) return Unexpected{NatError::NoGateway};
    const auto ip = gateway.external_ip();
    if (!ip || !gateway.map("TCP", port, lifetime_seconds) ||
        !gateway.map("UDP", port, lifetime_seconds))
        return Unexpected{NatError::Refused};
    return NatMapping{*ip, port, NatKind::Upnp};
}

}  // namespace

std::optional<NatChoice> parse_nat(std::string_view text) {
    if (text == "none") return NatChoice{NatKind::None, {}};
    if (text == "any") return NatChoice{NatKind::Any, {}};
    if (text == "upnp") return NatChoice{NatKind::Upnp, {}};
    if (text == "pmp") return NatChoice{NatKind::NatPmp, {}};
    const auto address_after = [text](std::string_view prefix) {
        return text.starts_with(prefix) ? IpAddress::parse(text.substr(prefix.size()))
                                        : std::nullopt;
    };
    if (const auto ip = address_after("extip:")) return NatChoice{NatKind::ExtIp, *ip};
    if (const auto ip = address_after("pmp:")) return NatChoice{NatKind::NatPmp, *ip};
    return std::nullopt;
}

Result<NatMapping, NatError> map_port(const NatChoice& choice, std::uint16_t port,
                                      std::uint32_t lifetime_seconds) {
    CAIRN_ASSERT(choice.kind != NatKind::None && choice.kind != NatKind::ExtIp);
    if (choice.kind != NatKind::NatPmp) {
        auto mapping = map_by_upnp(choice, port, lifetime_seconds);
        if (mapping || choice.kind == NatKind::Upnp) return mapping;
    }
    return map_by_nat_pmp(choice, port, lifetime_seconds);
}

void unmap_port(const NatChoice& choice, std::uint16_t port) {
    if (choice.kind == NatKind::Upnp || choice.kind == NatKind::Any) {
        if (Upnp gateway{choice.answer_time}; gateway.is_connected()) {
            gateway.unmap("TCP", port);
            gateway.unmap("UDP", port);
        }
    }
    if (choice.kind == NatKind::NatPmp || choice.kind == NatKind::Any) {
        NatPmp nat{choice};
        if (nat.map(NATPMP_PROTOCOL_TCP, port, 0)) (void)nat.map(NATPMP_PROTOCOL_UDP, port, 0);
    }
}

NatKeeper::NatKeeper(const NatChoice& choice, std::uint16_t port,
                     std::function<void(const NatMapping&)> on_mapped)
    : choice_{choice}, port_{port}, on_mapped_{std::move(on_mapped)}, thread_{[this] { run(); }} {}

NatKeeper::~NatKeeper() {
    {
        const std::lock_guard lock{mutex_};
        is_ending_ = true;
    }
    ended_.notify_all();
    thread_.join();
}

void NatKeeper::run() {
    std::optional<IpAddress> known;
    // What was mapped by whom is taken back from there.
    NatChoice used = choice_;
    std::unique_lock lock{mutex_};
    while (!is_ending_) {
        lock.unlock();
        const auto mapping = map_port(choice_, port_, kLifetimeSeconds);
        if (mapping) {
            used.kind = mapping->by;
            if (known != mapping->external_ip) on_mapped_(*mapping);
            known = mapping->external_ip;
        }
        lock.lock();
        ended_.wait_for(lock, kRenewal, [this] { return is_ending_; });
    }
    lock.unlock();
    if (known) unmap_port(used, port_);
}

}  // namespace cairn::node
