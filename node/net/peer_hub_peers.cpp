// SPDX-License-Identifier: MIT
#include <algorithm>

#include "core/base/system_error.hpp"
#include "node/net/asio_address.hpp"
#include "node/net/peer_hub.hpp"

// The half of PeerHub that knows peers: who may stay, what they are told, who is to blame. The
// other half, peer_hub.cpp, makes connections.

namespace cairn::node {
namespace {

/// Attempts to find a port that is free for streams and datagrams alike, where any will do.
constexpr int kBindAttempts = 20;

/// Whether asking again soon would be of no use.
bool is_useless_end(DisconnectReason reason) {
    switch (reason) {
        case DisconnectReason::UselessPeer:
        case DisconnectReason::IncompatibleVersion:
        case DisconnectReason::NullIdentity:
        case DisconnectReason::UnexpectedIdentity:
        case DisconnectReason::ConnectedToSelf:
            return true;
        default:
            return false;
    }
}

template <class Socket, class Endpoint>
ErrorCode open_at(Socket& socket, const Endpoint& at) {
    ErrorCode error;
    socket.open(at.protocol(), error);
    // One socket for both families.
    if (!error && at.address().is_v6() && at.address().is_unspecified())
        socket.set_option(asio::ip::v6_only{false}, error);
    if (!error) socket.bind(at, error);
    return error;
}

}  // namespace

// --- Binding -----------------------------------------------------------------------------------

void PeerHub::bind() {
    // All addresses of both families, or where the system has no IPv6, of one.
    std::vector<asio::ip::address> places;
    if (config_.listen_ip)
        places = {to_asio(*config_.listen_ip)};
    else
        places = {asio::ip::address_v6::any(), asio::ip::address_v4::any()};
    ErrorCode error;
    for (const auto& place : places) {
        for (int i = 0; i < kBindAttempts; ++i) {
            ErrorCode ignored;
            acceptor_.close(ignored);
            udp_.reset();
            port_ = config_.port;
            error = {};
            if (config_.is_listening) {
                const tcp::endpoint at{place, port_};
                acceptor_.open(at.protocol(), error);
                // A node that was restarted takes its port again at once.
                if (!error) acceptor_.set_option(tcp::acceptor::reuse_address{true}, error);
                if (!error && place.is_v6() && place.is_unspecified())
                    acceptor_.set_option(asio::ip::v6_only{false}, error);
                if (!error) acceptor_.bind(at, error);
                if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
                if (!error) port_ = acceptor_.local_endpoint(error).port();
            }
            if (!error && config_.is_discovering) {
                udp_.emplace(io_);
                error = open_at(*udp_, udp::endpoint{place, port_});
                if (!error) port_ = udp_->local_endpoint(error).port();
            }
            if (!error) return;
            if (config_.port != 0) break;
        }
    }
    throw SystemError{"cannot listen at port " + std::to_string(config_.port) + ": " +
                      error.message()};
}

// --- Greeting ----------------------------------------------------------------------------------

std::optional<DisconnectReason> PeerHub::refusal_of(const PeerConnection& connection) {
    const NodeId& id = *connection.remote();
    if (is_stopping_) return DisconnectReason::ClientQuitting;
    if (id == config_.key.id) return DisconnectReason::ConnectedToSelf;
    if (scores_.is_banned(id, moment().seconds) && !is_trusted(id))
        return DisconnectReason::UselessPeer;
    if (by_node_.contains(id)) return refusal_of_twin(connection);
    if (is_trusted(id)) return std::nullopt;
    const auto inbound = static_cast<std::size_t>(std::ranges::count_if(
        by_node_, [this](const auto& e) { return find(e.second)->is_inbound(); }));
    const std::size_t ours = config_.peers_max / kDialRatio;
    const bool no_place = by_node_.size() >= config_.peers_max ||
                          (connection.is_inbound() && inbound >= config_.peers_max - ours);
    if (no_place) return DisconnectReason::TooManyPeers;
    return std::nullopt;
}

/// Two nodes that dial each other at once would each refuse what the other keeps. Both keep the one
/// that the smaller key began.
std::optional<DisconnectReason> PeerHub::refusal_of_twin(const PeerConnection& connection) {
    const NodeId& id = *connection.remote();
    const auto other = connections_.at(by_node_.at(id)).connection;
    const bool ours_is_smaller = config_.key.id < id;
    const bool is_wanted = connection.is_inbound() != ours_is_smaller;
    if (other->is_ready() || other->is_inbound() == connection.is_inbound() || !is_wanted)
        return DisconnectReason::AlreadyConnected;
    other->close(DisconnectReason::AlreadyConnected, "dialled each other");
    return std::nullopt;
}

std::optional<DisconnectReason> PeerHub::on_hello(PeerConnection& connection) {
    settle(connection);
    const auto& dial = connection.origin().dial;
    if (dial && dial->kind == DialKind::Feeler) {
        nodes_.on_seen(dial->node, moment().seconds);
        return DisconnectReason::Requested;
    }
    if (auto refusal = refusal_of(connection)) return refusal;
    const NodeId& id = *connection.remote();
    by_node_[id] = connection.origin().id;
    const Enode node{id,
                     {connection.origin().ip, connection.origin().port, connection.origin().port}};
    dialer_.on_connected(node, dial ? std::optional{dial->kind} : std::nullopt);
    return std::nullopt;
}

PeerInfo PeerHub::info_of(const PeerConnection& connection) const {
    PeerInfo info;
    info.id = connection.origin().id;
    info.node = *connection.remote();
    info.ip = connection.origin().ip;
    info.port = connection.origin().port;
    info.is_inbound = connection.is_inbound();
    info.is_static = dialer_.is_static(info.node);
    info.is_trusted = is_trusted(info.node);
    info.client = connection.hello().client;
    info.version = connection.eth_version();
    return info;
}

void PeerHub::on_ready(PeerConnection& connection, const Status& status) {
    Held& held = connections_.at(connection.origin().id);
    held.status = status;
    metrics_.peers_joined.add();
    failures_.erase(*connection.remote());
    if (const auto& dial = connection.origin().dial)
        nodes_.on_connected(dial->node, moment().seconds);
    log(NetLogLevel::Debug,
        "peer " + connection.origin().ip.to_string() + " joined: " + connection.hello().client);
    handler_->on_peer_ready(info_of(connection), status);
}

void PeerHub::on_message(PeerConnection& connection, EthMessage message) {
    handler_->on_message(connection.origin().id, std::move(message));
}

void PeerHub::on_closed(PeerConnection& connection, const SessionClosed& closed) {
    settle(connection);
    const Moment at = moment();
    const auto& origin = connection.origin();
    const bool was_ready = connection.is_ready();
    const std::optional<NodeId> id = connection.remote();
    const std::string why = (closed.by_remote ? "the peer disconnected: " : "") + closed.detail;
    if (connection.is_inbound()) inbound_.on_closed(origin.ip);
    if (id) {
        const auto it = by_node_.find(*id);
        const bool was_peer = it != by_node_.end() && it->second == origin.id;
        const bool useless = !was_ready && is_useless_end(closed.reason);
        if (was_peer) {
            by_node_.erase(it);
            dialer_.on_gone(*id, at.seconds, useless);
        } else if (origin.dial) {
            dialer_.on_failed(*id, at.seconds, useless);
        }
        if (closed.is_breach && scores_.add(*id, origin.ip, kPointsBreach, at.ms, at.seconds))
            metrics_.bans.add();
        // That it is connected the other way round is no failure.
        if (origin.dial && closed.reason != DisconnectReason::AlreadyConnected)
            note_failure(*id, why);
    }
    log(NetLogLevel::Debug, "connection to " + origin.ip.to_string() + " ended: " + why);
    connections_.erase(origin.id);
    if (!was_ready) return;
    metrics_.peers_left.add();
    handler_->on_peer_gone(origin.id);
}

// --- What the handler may do -------------------------------------------------------------------

PeerConnection* PeerHub::find(PeerId peer) {
    const auto it = connections_.find(peer);
    return it == connections_.end() ? nullptr : it->second.connection.get();
}

SendOutcome PeerHub::send(PeerId peer, const EthMessage& message, bool is_gossip) {
    PeerConnection* connection = find(peer);
    if (connection == nullptr || !connection->is_ready()) return SendOutcome::NoPeer;
    const EthVersion version = connection->eth_version();
    const EthCode code = code_of(message);
    if (!has_message(version, code)) return SendOutcome::NoPeer;
    return send_encoded(peer, code, encode_eth_message(version, message), is_gossip);
}

SendOutcome PeerHub::send_encoded(PeerId peer, EthCode code, ByteView payload, bool is_gossip) {
    const auto it = connections_.find(peer);
    if (it == connections_.end()) return SendOutcome::NoPeer;
    const auto keep = it->second.connection;  // it may end in the course of this
    return keep->send(code, payload, is_gossip);
}

void PeerHub::disconnect(PeerId peer, DisconnectReason reason, std::string detail) {
    const auto it = connections_.find(peer);
    if (it == connections_.end()) return;
    const auto keep = it->second.connection;
    keep->close(reason, std::move(detail));
}

void PeerHub::penalise(PeerId peer, std::uint32_t points, std::string detail) {
    const auto it = connections_.find(peer);
    if (it == connections_.end()) return;
    const auto keep = it->second.connection;
    const Moment at = moment();
    const NodeId& id = *keep->remote();
    if (!scores_.add(id, keep->origin().ip, points, at.ms, at.seconds) || is_trusted(id)) return;
    metrics_.bans.add();
    log(NetLogLevel::Info, "banned peer " + keep->origin().ip.to_string() + ": " + detail);
    keep->close(DisconnectReason::UselessPeer, std::move(detail));
}

// --- What the operator may do ------------------------------------------------------------------

bool PeerHub::add_static(const Enode& node) {
    if (!dialer_.add_static(node)) return false;
    statics_.insert_or_assign(node.id, node);
    failures_.erase(node.id);
    scores_.forgive(node.id);
    // What is never dialled is said at once; the rest when it is tried.
    if (node.id == config_.key.id)
        note_failure(node.id, "it is this node itself");
    else if (!is_allowed(node.endpoint.ip))
        note_failure(node.id, "its address is outside of --netrestrict");
    else if (!is_stopping_)
        dial_due();
    return true;
}

void PeerHub::remove_static(const NodeId& id) {
    dialer_.remove_static(id);
    statics_.erase(id);
    failures_.erase(id);
    if (const auto it = by_node_.find(id); it != by_node_.end())
        disconnect(it->second, DisconnectReason::Requested, "removed by the operator");
}

void PeerHub::set_trusted(const NodeId& id, bool is_trusted) {
    if (!is_trusted)
        trusted_.erase(id);
    else if (trusted_.size() < kStaticNodesMax)
        trusted_.insert(id);
}

std::vector<PeerSnapshot> PeerHub::peers() const {
    std::vector<PeerSnapshot> out;
    for (const auto& [id, held] : connections_) {
        if (!held.connection->is_ready()) continue;
        PeerSnapshot peer;
        peer.info = info_of(*held.connection);
        peer.status = held.status;
        peer.capabilities = held.connection->hello().capabilities;
        peer.connected_ms = now() - held.since;
        peer.score = scores_.score(peer.info.node, now());
        out.push_back(std::move(peer));
    }
    return out;
}

StaticNodeReport PeerHub::report_of(const Enode& node) const {
    const auto peer = by_node_.find(node.id);
    const bool is_connected =
        peer != by_node_.end() && connections_.at(peer->second).connection->is_ready();
    const auto failure = failures_.find(node.id);
    return {node, is_connected, failure == failures_.end() ? std::string{} : failure->second};
}

std::vector<StaticNodeReport> PeerHub::static_nodes() const {
    std::vector<StaticNodeReport> out;
    for (const auto& [id, node] : statics_) out.push_back(report_of(node));
    return out;
}

std::optional<StaticNodeReport> PeerHub::find_static(const NodeId& id) const {
    const auto it = statics_.find(id);
    if (it == statics_.end()) return std::nullopt;
    return report_of(it->second);
}

Enode PeerHub::self() const {
    Endpoint endpoint{config_.external_ip.value_or(config_.listen_ip.value_or(IpAddress{})), port_,
                      config_.is_listening ? port_ : std::uint16_t{0}};
    if (discovery_) {
        const NodeRecord& record = discovery_->discovery().record();
        if (const auto told = record.endpoint4())
            endpoint.ip = told->ip;
        else if (const auto told6 = record.endpoint6())
            endpoint.ip = told6->ip;
    }
    return {config_.key.id, endpoint};
}

std::string PeerHub::record() const {
    return discovery_ ? discovery_->discovery().record().to_string() : std::string{};
}

}  // namespace cairn::node
