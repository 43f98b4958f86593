// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/lru_map.hpp"
#include "core/types/units.hpp"
#include "node/net/discv4_packet.hpp"
#include "node/net/endpoint_prediction.hpp"
#include "node/net/lookup.hpp"
#include "node/net/node_table.hpp"
#include "node/net/rate_limit.hpp"

namespace cairn::node {

/// An address of the internet's datagrams.
struct UdpAddress {
    IpAddress ip;
    std::uint16_t port = 0;
    friend auto operator<=>(const UdpAddress&, const UdpAddress&) noexcept = default;
};
struct Datagram {
    UdpAddress to;
    Bytes bytes;
};

/// The moment of an event, by both clocks: one for time-outs, one for expirations.
struct Moment {
    MonotonicMs ms = 0;
    UnixSeconds seconds = 0;
};

/// What discovery tells its owner.
struct NodeFound {
    Enode node;  ///< it answered us at this address; its TCP port is not 0
    /// The chain that its record says it follows; nothing where it says none.
    std::optional<chain::ForkId> fork_id;
};
struct LookupDone {
    std::vector<Enode> nodes;  ///< nearest to the target, as Lookup::result
};
/// Others see us at another address than our record says; the record has been renewed.
struct EndpointChanged {
    Endpoint endpoint;
};
using DiscoveryEvent = std::variant<NodeFound, LookupDone, EndpointChanged>;

/// Node discovery, version 4, without its socket: datagrams and moments in, datagrams and events
/// out. Source: devp2p, discv4.md; EIP-8, EIP-868. Deterministic for given randomness; one thread.
class Discovery {
public:
    struct Config {
        const NodeKey* key = nullptr;  ///< outlives the discovery
        /// As we are reached; an unspecified address is learnt from others, unless fixed.
        Endpoint endpoint;
        bool is_endpoint_fixed = false;
        std::vector<Enode> bootnodes;
        /// Nobody else exists (`--netrestrict`); empty: no restriction.
        std::vector<IpNetwork> allowed;
        /// Numbers our records; larger than at the last start (time in milliseconds will do).
        std::uint64_t record_seq = 1;
        std::optional<chain::ForkId> fork_id;
    };
    Discovery(Config config, RandomFill random, Moment now);

    /// A datagram arrived.
    void receive(ByteView datagram, const UdpAddress& from, Moment now);
    /// To be called at `deadline` or later.
    void tick(Moment now);
    [[nodiscard]] MonotonicMs deadline() const noexcept;

    /// Takes up nodes known from before (database, operator), and asks them whether they live.
    void add_nodes(const std::vector<Enode>& nodes, Moment now);
    /// Walks towards the target, or a random one; false where kLookupsMax walks are under way.
    bool start_lookup(const NodeId& target, Moment now);
    bool start_random_lookup(Moment now);
    /// We are reached at this address, whatever others see: the record is renewed if it is another.
    void set_external_ip(const IpAddress& ip);
    /// Our chain passed a fork: the record is renewed.
    void set_fork_id(const chain::ForkId& fork_id);

    [[nodiscard]] std::vector<Datagram> take_output() { return std::exchange(output_, {}); }
    [[nodiscard]] std::vector<DiscoveryEvent> take_events() { return std::exchange(events_, {}); }
    [[nodiscard]] const NodeRecord& record() const noexcept { return record_; }
    [[nodiscard]] const NodeTable& table() const noexcept { return table_; }
    [[nodiscard]] std::size_t requests_pending() const noexcept { return requests_.size(); }
    [[nodiscard]] std::size_t lookups_running() const noexcept { return lookups_.size(); }

private:
    enum class RequestKind : std::uint8_t { Ping, FindNode, Enr };
    struct RequestKey {
        NodeId id;
        RequestKind kind{};
        friend auto operator<=>(const RequestKey&, const RequestKey&) = default;
    };
    struct Request {
        Enode node;
        discv4::PacketHash hash;  ///< of the packet that asks
        MonotonicMs deadline = 0;
        std::vector<Enode> nodes;  ///< FindNode: what came so far
    };
    /// One node asked on behalf of a lookup, before its FindNode may go.
    struct Bonding {
        Enode node;
        std::size_t lookup = 0;
        MonotonicMs deadline = 0;
        bool has_pong = false;
    };
    /// Proofs of one node at one address, in unix seconds; 0: never.
    struct Proof {
        UnixSeconds pong_received = 0;  ///< it answered us: it is there
        UnixSeconds ping_answered = 0;  ///< we answered it: it knows that we are
    };
    struct ProofKey {
        NodeId id;
        IpAddress ip;
        friend bool operator==(const ProofKey&, const ProofKey&) = default;
    };
    struct ProofKeyHash {
        std::size_t operator()(const ProofKey& key) const noexcept {
            return std::hash<NodeId>{}(key.id) * 31 + std::hash<IpAddress>{}(key.ip);
        }
    };

    void on_ping(const discv4::Packet& packet, const discv4::Ping& m, const UdpAddress& from,
                 Moment now);
    void on_pong(const discv4::Packet& packet, const discv4::Pong& m, const UdpAddress& from,
                 Moment now);
    void on_find_node(const discv4::Packet& packet, const discv4::FindNode& m,
                      const UdpAddress& from, Moment now);
    void on_neighbors(const discv4::Packet& packet, discv4::Neighbors m, const UdpAddress& from,
                      Moment now);
    void on_enr_request(const discv4::Packet& packet, const UdpAddress& from, Moment now);
    void on_enr_response(const discv4::Packet& packet, const discv4::EnrResponse& m,
                         const UdpAddress& from);
    void on_request_silent(const RequestKey& key, const Request& request, Moment now);

    [[nodiscard]] bool is_allowed(const IpAddress& ip) const;
    [[nodiscard]] Proof proof_of(const NodeId& id, const IpAddress& ip);
    [[nodiscard]] static bool is_fresh(UnixSeconds proved, UnixSeconds now) noexcept;
    discv4::PacketHash send(const UdpAddress& to, const discv4::Message& message);
    /// Each answers whether the request is under way after the call.
    bool send_ping(const Enode& node, Moment now);
    bool send_find_node(const Enode& node, const NodeId& target, Moment now);
    void send_enr_request(const Enode& node, Moment now);
    bool add_request(const RequestKey& key, Request request);

    void ask_for_lookup(const Enode& node, std::size_t lookup, Moment now);
    void begin_asking(const Bonding& bonding, Moment now);
    void finish_find_node(const NodeId& id, const Request& request, bool answered, Moment now);
    void advance_lookups(Moment now);
    void found(const Enode& node, std::optional<chain::ForkId> fork_id);
    void predict_endpoint(Moment now);
    void renew_record();
    [[nodiscard]] std::uint32_t draw(std::uint32_t below);

    Config config_;
    RandomFill random_;
    NodeTable table_;
    NodeRecord record_;
    EndpointPrediction prediction_;
    PacketRateLimit rate_;
    LruMap<ProofKey, Proof, ProofKeyHash> proofs_;
    std::map<RequestKey, Request> requests_;
    std::map<NodeId, Bonding> bonding_;        ///< bounded by lookups and their concurrency
    std::map<NodeId, std::size_t> asked_for_;  ///< which lookup awaits this node's neighbours
    std::map<std::size_t, Lookup> lookups_;
    std::size_t next_lookup_ = 0;
    MonotonicMs next_check_;    ///< of a member of the table
    MonotonicMs next_refresh_;  ///< walk to ourselves
    std::vector<Datagram> output_;
    std::vector<DiscoveryEvent> events_;
};

}  // namespace cairn::node
