// SPDX-License-Identifier: MIT
#include "node/net/discovery.hpp"

#include <algorithm>

#include "core/base/assert.hpp"

namespace cairn::node {
namespace {

/// Milliseconds between checks of a table's member: up to ten seconds, five on average (geth).
constexpr std::uint32_t kCheckIntervalMs = 10'000;
/// Milliseconds between walks to our own place (geth: 30 minutes), and while the table is nearly
/// empty.
constexpr MonotonicMs kRefreshMs = 30 * 60'000;
constexpr MonotonicMs kRefreshHungryMs = 15'000;
/// Fewer proved nodes than this make the table nearly empty.
constexpr std::size_t kHungryBelow = kBucketSize / 2;
/// A packet still passes this many seconds after it expired: clocks differ.
constexpr UnixSeconds kClockSkewSeconds = 1;

EnrFields fields_of(const Discovery::Config& config) {
    EnrFields fields;
    if (!config.endpoint.ip.is_unspecified())
        (config.endpoint.ip.is_v4() ? fields.ip4 : fields.ip6) = config.endpoint.ip;
    fields.tcp_port = config.endpoint.tcp_port;
    fields.udp_port = config.endpoint.udp_port;
    fields.fork_id = config.fork_id;
    return fields;
}

UdpAddress udp_of(const Enode& node) {
    return {node.endpoint.ip, node.endpoint.udp_port};
}

}  // namespace

Discovery::Discovery(Config config, RandomFill random, Moment now)
    : config_{std::move(config)},
      random_{std::move(random)},
      table_{config_.key->id},
      record_{NodeRecord::make(*config_.key, config_.record_seq, fields_of(config_))},
      rate_{kPacketsPerSecondPerIp, kPacketsPerSecond, kRateTrackedIps},
      proofs_{kEndpointProofsMax},
      next_check_{now.ms + kCheckIntervalMs},
      next_refresh_{now.ms} {
    add_nodes(config_.bootnodes, now);
}

std::uint32_t Discovery::draw(std::uint32_t below) {
    std::array<std::uint8_t, 4> bytes{};
    random_(bytes);
    return load_be32(bytes.data()) % below;
}

bool Discovery::is_allowed(const IpAddress& ip) const {
    return config_.allowed.empty() ||
           std::ranges::any_of(config_.allowed,
                               [&ip](const IpNetwork& network) { return network.contains(ip); });
}

Discovery::Proof Discovery::proof_of(const NodeId& id, const IpAddress& ip) {
    const Proof* proof = proofs_.find({id, ip});
    return proof == nullptr ? Proof{} : *proof;
}

bool Discovery::is_fresh(UnixSeconds proved, UnixSeconds now) noexcept {
    return proved != 0 && now < proved + kEndpointProofSeconds;
}

// --- Sending -----------------------------------------------------------------------------------

discv4::PacketHash Discovery::send(const UdpAddress& to, const discv4::Message& message) {
    auto packet = discv4::encode_packet(*config_.key, message);
    output_.push_back({to, std::move(packet.bytes)});
    return packet.hash;
}

bool Discovery::add_request(const RequestKey& key, Request request) {
    requests_.insert_or_assign(key, std::move(request));
    return true;
}

bool Discovery::send_ping(const Enode& node, Moment now) {
    const RequestKey key{node.id, RequestKind::Ping};
    if (requests_.contains(key)) return true;
    if (requests_.size() >= kDiscoveryRequestsMax || !is_allowed(node.endpoint.ip)) return false;
    discv4::Ping ping;
    ping.from = config_.endpoint;
    ping.to = {node.endpoint.ip, node.endpoint.udp_port, 0};
    ping.expiration = now.seconds + kPacketExpirySeconds;
    ping.enr_seq = record_.seq();
    const auto hash = send(udp_of(node), ping);
    return add_request(key, {node, hash, now.ms + kDiscoveryTimeoutMs, {}});
}

bool Discovery::send_find_node(const Enode& node, const NodeId& target, Moment now) {
    const RequestKey key{node.id, RequestKind::FindNode};
    if (requests_.contains(key) || requests_.size() >= kDiscoveryRequestsMax) return false;
    const auto hash =
        send(udp_of(node), discv4::FindNode{target, now.seconds + kPacketExpirySeconds});
    return add_request(key, {node, hash, now.ms + kDiscoveryTimeoutMs, {}});
}

void Discovery::send_enr_request(const Enode& node, Moment now) {
    const RequestKey key{node.id, RequestKind::Enr};
    if (requests_.contains(key)) return;
    if (requests_.size() >= kDiscoveryRequestsMax) return found(node, std::nullopt);
    const auto hash = send(udp_of(node), discv4::EnrRequest{now.seconds + kPacketExpirySeconds});
    add_request(key, {node, hash, now.ms + kDiscoveryTimeoutMs, {}});
}

// --- Receiving ---------------------------------------------------------------------------------

void Discovery::receive(ByteView datagram, const UdpAddress& from, Moment now) {
    if (!is_allowed(from.ip) || !rate_.take(from.ip, now.ms)) return;
    auto packet = discv4::decode_packet(datagram);
    if (!packet || packet->sender == config_.key->id) return;
    const auto expiration = discv4::expiration_of(packet->message);
    if (expiration && *expiration + kClockSkewSeconds < now.seconds) return;
    if (const auto* ping = std::get_if<discv4::Ping>(&packet->message))
        on_ping(*packet, *ping, from, now);
    else if (const auto* pong = std::get_if<discv4::Pong>(&packet->message))
        on_pong(*packet, *pong, from, now);
    else if (const auto* find_node = std::get_if<discv4::FindNode>(&packet->message))
        on_find_node(*packet, *find_node, from, now);
    else if (auto* neighbors = std::get_if<discv4::Neighbors>(&packet->message))
        on_neighbors(*packet, std::move(*neighbors), from, now);
    else if (const auto* response = std::get_if<discv4::EnrResponse>(&packet->message))
        on_enr_response(*packet, *response, from);
    else
        on_enr_request(*packet, from, now);
    advance_lookups(now);
}

void Discovery::on_ping(const discv4::Packet& packet, const discv4::Ping& m, const UdpAddress& from,
                        Moment now) {
    const Enode node{packet.sender, {from.ip, from.port, m.from.tcp_port}};
    discv4::Pong pong;
    pong.to = {from.ip, from.port, m.from.tcp_port};
    pong.ping_hash = packet.hash;
    pong.expiration = now.seconds + kPacketExpirySeconds;
    pong.enr_seq = record_.seq();
    send(from, pong);

    Proof proof = proof_of(packet.sender, from.ip);
    proof.ping_answered = now.seconds;
    proofs_.put({packet.sender, from.ip}, proof);
    if (is_fresh(proof.pong_received, now.seconds))
        table_.add(node, true);
    else
        send_ping(node, now);
    // Whoever we are about to ask has our proof with this.
    const auto it = bonding_.find(packet.sender);
    if (it != bonding_.end() && it->second.has_pong) {
        const Bonding bonding = it->second;
        bonding_.erase(it);
        begin_asking(bonding, now);
    }
}

void Discovery::on_pong(const discv4::Packet& packet, const discv4::Pong& m, const UdpAddress& from,
                        Moment now) {
    const auto it = requests_.find({packet.sender, RequestKind::Ping});
    // Only an answer to our latest ping, from where it went.
    if (it == requests_.end() || it->second.hash != m.ping_hash ||
        it->second.node.endpoint.ip != from.ip)
        return;
    Enode node = it->second.node;
    node.endpoint.udp_port = from.port;
    requests_.erase(it);

    Proof proof = proof_of(packet.sender, from.ip);
    proof.pong_received = now.seconds;
    proofs_.put({packet.sender, from.ip}, proof);
    table_.add(node, true);
    prediction_.add(from.ip, m.to.ip, m.to.udp_port, now.ms);
    predict_endpoint(now);
    if (m.enr_seq)
        send_enr_request(node, now);
    else
        found(node, std::nullopt);

    const auto waiting = bonding_.find(packet.sender);
    if (waiting == bonding_.end()) return;
    waiting->second.has_pong = true;
    if (!is_fresh(proof.ping_answered, now.seconds)) return;  // its own ping is to come
    const Bonding bonding = waiting->second;
    bonding_.erase(waiting);
    begin_asking(bonding, now);
}

void Discovery::on_find_node(const discv4::Packet& packet, const discv4::FindNode& m,
                             const UdpAddress& from, Moment now) {
    // Without the proof anybody could have us send four times what they sent to somebody else.
    if (!is_fresh(proof_of(packet.sender, from.ip).pong_received, now.seconds)) return;
    discv4::Neighbors reply;
    reply.expiration = now.seconds + kPacketExpirySeconds;
    for (const Enode& node : table_.closest(node_address_of(m.target), kBucketSize, true)) {
        if (!may_relay(from.ip, node.endpoint.ip) || node.id == packet.sender) continue;
        reply.nodes.push_back(node);
        if (reply.nodes.size() < kNeighborsPerPacket) continue;
        send(from, reply);
        reply.nodes.clear();
    }
    send(from, reply);
}

void Discovery::on_neighbors(const discv4::Packet& packet, discv4::Neighbors m,
                             const UdpAddress& from, Moment now) {
    const auto it = requests_.find({packet.sender, RequestKind::FindNode});
    if (it == requests_.end() || it->second.node.endpoint.ip != from.ip) return;
    Request& request = it->second;
    for (const Enode& node : m.nodes) {
        if (request.nodes.size() >= kBucketSize) break;
        if (node.id != config_.key->id && may_relay(from.ip, node.endpoint.ip) &&
            is_allowed(node.endpoint.ip))
            request.nodes.push_back(node);
    }
    // A packet that is not full is the last; the others are waited for until the time is up.
    if (request.nodes.size() < kBucketSize && m.nodes.size() >= kNeighborsPerPacket) return;
    const Request done = std::move(request);
    requests_.erase(it);
    finish_find_node(packet.sender, done, true, now);
}

void Discovery::on_enr_request(const discv4::Packet& packet, const UdpAddress& from, Moment now) {
    if (!is_fresh(proof_of(packet.sender, from.ip).pong_received, now.seconds)) return;
    send(from, discv4::EnrResponse{packet.hash, record_});
}

void Discovery::on_enr_response(const discv4::Packet& packet, const discv4::EnrResponse& m,
                                const UdpAddress& from) {
    const auto it = requests_.find({packet.sender, RequestKind::Enr});
    if (it == requests_.end() || it->second.hash != m.request_hash ||
        it->second.node.endpoint.ip != from.ip)
        return;
    Enode node = it->second.node;
    requests_.erase(it);
    // The record is signed and the Ping's word is not; but only for the address that we have seen.
    const auto told = node.endpoint.ip.is_v4() ? m.record.endpoint4() : m.record.endpoint6();
    if (told && told->tcp_port != 0) node.endpoint.tcp_port = told->tcp_port;
    found(node, m.record.fork_id());
}

void Discovery::found(const Enode& node, std::optional<chain::ForkId> fork_id) {
    if (node.endpoint.tcp_port != 0) events_.push_back(NodeFound{node, fork_id});
}

// --- Time --------------------------------------------------------------------------------------

MonotonicMs Discovery::deadline() const noexcept {
    MonotonicMs at = std::min(next_check_, next_refresh_);
    for (const auto& [key, request] : requests_) at = std::min(at, request.deadline);
    for (const auto& [id, bonding] : bonding_) at = std::min(at, bonding.deadline);
    return at;
}

void Discovery::tick(Moment now) {
    std::vector<std::pair<RequestKey, Request>> late;
    for (auto it = requests_.begin(); it != requests_.end();) {
        if (it->second.deadline > now.ms) {
            ++it;
            continue;
        }
        late.emplace_back(it->first, std::move(it->second));
        it = requests_.erase(it);
    }
    for (const auto& [key, request] : late) on_request_silent(key, request, now);

    std::vector<Bonding> bonded;
    for (auto it = bonding_.begin(); it != bonding_.end();) {
        if (it->second.deadline > now.ms) {
            ++it;
            continue;
        }
        bonded.push_back(it->second);
        it = bonding_.erase(it);
    }
    for (const Bonding& bonding : bonded) {
        // It answered but did not ask us back: it may remember us from before a restart.
        if (bonding.has_pong)
            begin_asking(bonding, now);
        else if (const auto it = lookups_.find(bonding.lookup); it != lookups_.end())
            it->second.on_silent(bonding.node.id);
    }
    if (now.ms >= next_check_) {
        next_check_ = now.ms + 1 + draw(kCheckIntervalMs);
        if (const auto node = table_.pick_to_check(random_)) send_ping(*node, now);
    }
    if (now.ms >= next_refresh_) {
        const bool is_hungry = table_.verified_count() < kHungryBelow;
        next_refresh_ = now.ms + (is_hungry ? kRefreshHungryMs : kRefreshMs);
        if (is_hungry) add_nodes(config_.bootnodes, now);
        start_lookup(config_.key->id, now);
    }
    advance_lookups(now);
}

void Discovery::on_request_silent(const RequestKey& key, const Request& request, Moment now) {
    switch (key.kind) {
        case RequestKind::Ping:
            table_.on_silent(key.id);
            break;
        case RequestKind::FindNode:
            finish_find_node(key.id, request, !request.nodes.empty(), now);
            break;
        // A node without a record is still a node.
        case RequestKind::Enr:
            found(request.node, std::nullopt);
            break;
    }
}

void Discovery::add_nodes(const std::vector<Enode>& nodes, Moment now) {
    for (const Enode& node : nodes) {
        if (node.id == config_.key->id || !is_allowed(node.endpoint.ip)) continue;
        table_.add(node, false);
        send_ping(node, now);
    }
}

// --- Lookups -----------------------------------------------------------------------------------

bool Discovery::start_lookup(const NodeId& target, Moment now) {
    if (lookups_.size() >= kLookupsMax) return false;
    lookups_.emplace(next_lookup_++,
                     Lookup{target, table_.closest(node_address_of(target), kBucketSize, false)});
    advance_lookups(now);
    return true;
}

bool Discovery::start_random_lookup(Moment now) {
    NodeId target;
    random_(target.bytes);
    return start_lookup(target, now);
}

void Discovery::advance_lookups(Moment now) {
    for (auto it = lookups_.begin(); it != lookups_.end();) {
        while (const auto node = it->second.next()) ask_for_lookup(*node, it->first, now);
        if (!it->second.is_done()) {
            ++it;
            continue;
        }
        events_.push_back(LookupDone{it->second.result()});
        it = lookups_.erase(it);
    }
}

void Discovery::ask_for_lookup(const Enode& node, std::size_t lookup, Moment now) {
    const Proof proof = proof_of(node.id, node.endpoint.ip);
    const Bonding bonding{node, lookup, now.ms + 2 * kDiscoveryTimeoutMs, false};
    if (is_fresh(proof.pong_received, now.seconds) && is_fresh(proof.ping_answered, now.seconds))
        return begin_asking(bonding, now);
    // Two lookups that want the same node at once: the second does without.
    if (bonding_.contains(node.id) || !send_ping(node, now)) {
        lookups_.at(lookup).on_silent(node.id);
        return;
    }
    bonding_.emplace(node.id, bonding);
}

void Discovery::begin_asking(const Bonding& bonding, Moment now) {
    const auto it = lookups_.find(bonding.lookup);
    if (it == lookups_.end()) return;
    if (send_find_node(bonding.node, it->second.target(), now))
        asked_for_[bonding.node.id] = bonding.lookup;
    else
        it->second.on_silent(bonding.node.id);
}

void Discovery::finish_find_node(const NodeId& id, const Request& request, bool answered,
                                 Moment now) {
    const auto asked = asked_for_.find(id);
    if (asked == asked_for_.end()) return;
    const auto it = lookups_.find(asked->second);
    asked_for_.erase(asked);
    if (!answered) table_.on_silent(id);
    // What was told is no more than hearsay: it is asked by the lookup, and then proved.
    for (const Enode& node : request.nodes) table_.add(node, false);
    if (it == lookups_.end()) return;
    if (answered)
        it->second.on_answer(id, request.nodes);
    else
        it->second.on_silent(id);
    advance_lookups(now);
}

// --- Ourselves ---------------------------------------------------------------------------------

void Discovery::predict_endpoint(Moment now) {
    if (config_.is_endpoint_fixed) return;
    const auto predicted = prediction_.predict(now.ms);
    if (!predicted ||
        (predicted->ip == config_.endpoint.ip && predicted->udp_port == config_.endpoint.udp_port))
        return;
    config_.endpoint.ip = predicted->ip;
    config_.endpoint.udp_port = predicted->udp_port;
    renew_record();
    events_.push_back(EndpointChanged{config_.endpoint});
}

void Discovery::set_external_ip(const IpAddress& ip) {
    config_.is_endpoint_fixed = true;
    if (config_.endpoint.ip == ip) return;
    config_.endpoint.ip = ip;
    renew_record();
}

void Discovery::set_fork_id(const chain::ForkId& fork_id) {
    if (config_.fork_id == fork_id) return;
    config_.fork_id = fork_id;
    renew_record();
}

void Discovery::renew_record() {
    record_ = NodeRecord::make(*config_.key, record_.seq() + 1, fields_of(config_));
}

}  // namespace cairn::node
