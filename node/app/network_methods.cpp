// SPDX-License-Identifier: MIT
// admin_* for peers, and what the network counts.
#include <fmt/format.h>

#include <array>
#include <chrono>
#include <iterator>
#include <thread>

#include "core/base/hex.hpp"
#include "node/app/network_parts.hpp"
#include "rpc/bind.hpp"

namespace cairn::node {
namespace {

using rpc::Call;
using rpc::JsonWriter;
using rpc::Reply;

std::string id_text(const NodeId& id) {
    return to_hex(node_address_of(id));
}

std::string address_text(const IpAddress& ip, std::uint16_t port) {
    return ip.is_v4() ? fmt::format("{}:{}", ip.to_string(), port)
                      : fmt::format("[{}]:{}", ip.to_string(), port);
}

Reply node_info(Network::Parts& network, Call&, JsonWriter& out) {
    const Enode self = network.server->self();
    const auto view = network.chain.view();
    const auto head = *view.head();
    out.begin_object().text("id", id_text(self.id)).text("name", "cairn/v" CAIRN_VERSION);
    out.text("enode", to_string(self)).text("enr", network.server->record());
    out.text("ip", self.endpoint.ip.to_string());
    out.key("ports").begin_object();
    out.key("discovery").number(std::uint64_t{self.endpoint.udp_port});
    out.key("listener").number(std::uint64_t{self.endpoint.tcp_port}).end_object();
    out.text("listenAddr", address_text(self.endpoint.ip, self.endpoint.tcp_port));
    out.key("protocols").begin_object().key("eth").begin_object();
    out.key("network").number(network.network_id);
    out.quantity("difficulty",
                 view.total_difficulty(head.hash).value_or(TotalDifficulty{}).value);
    out.data("genesis", network.chain.genesis_block().header.hash());
    out.data("head", head.hash);
    out.end_object().end_object().end_object();
    return {};
}

Reply peers(Network::Parts& network, Call&, JsonWriter& out) {
    out.begin_array();
    for (const auto& peer : network.server->peers()) {
        const PeerInfo& info = peer.info;
        out.begin_object();
        out.text("enode", to_string(Enode{info.node, {info.ip, info.port, info.port}}));
        out.text("id", id_text(info.node)).text("name", info.client);
        out.key("caps").begin_array();
        for (const auto& one : peer.capabilities)
            out.text(fmt::format("{}/{}", one.name, one.version));
        out.end_array();
        out.key("network").begin_object();
        out.text("remoteAddress", address_text(info.ip, info.port));
        out.boolean("inbound", info.is_inbound).boolean("trusted", info.is_trusted);
        out.boolean("static", info.is_static).end_object();
        out.key("protocols").begin_object().key("eth").begin_object();
        out.key("version").number(static_cast<std::uint64_t>(info.version));
        out.quantity("difficulty", peer.status.total_difficulty.value);
        out.data("head", peer.status.head).end_object().end_object();
        out.key("connectedSeconds").number(peer.connected_ms / 1000);
        out.key("score").number(std::uint64_t{peer.score}).end_object();
    }
    out.end_array();
    return {};
}

/// The node that a URL names, or geth's words.
Result<Enode, rpc::RpcError> enode_of(const std::string& url) {
    const auto node = parse_enode(url);
    if (!node) return rpc::server_error("invalid enode: " + url);
    return *node;
}

/// How long admin_addPeer waits for what comes of the first attempt, and between two looks. A node
/// of the same machine or town has answered by then; of others cairn_staticNodes tells later.
constexpr std::chrono::milliseconds kFirstDialPatience{3000};
constexpr std::chrono::milliseconds kFirstDialLook{10};

Reply add_peer(Network::Parts& network, Call&, JsonWriter& out, std::string url) {
    const auto node = enode_of(url);
    if (!node) return Unexpected{node.error()};
    if (!network.server->add_static(*node))
        return rpc::server_error("too many static nodes are named already");
    const auto deadline = std::chrono::steady_clock::now() + kFirstDialPatience;
    for (;;) {
        const auto report = network.server->find_static(node->id);
        if (!report || report->is_connected) break;
        if (!report->last_failure.empty())
            return rpc::server_error("the peer did not stick, and is dialled again and again: " +
                                     report->last_failure);
        if (std::chrono::steady_clock::now() >= deadline) break;
        std::this_thread::sleep_for(kFirstDialLook);
    }
    out.boolean(true);
    return {};
}

Reply remove_peer(Network::Parts& network, Call&, JsonWriter& out, std::string url) {
    const auto node = enode_of(url);
    if (!node) return Unexpected{node.error()};
    network.server->remove_static(node->id);
    out.boolean(true);
    return {};
}

Reply add_trusted(Network::Parts& network, Call&, JsonWriter& out, std::string url) {
    const auto node = enode_of(url);
    if (!node) return Unexpected{node.error()};
    network.server->set_trusted(node->id, true);
    out.boolean(true);
    return {};
}

Reply remove_trusted(Network::Parts& network, Call&, JsonWriter& out, std::string url) {
    const auto node = enode_of(url);
    if (!node) return Unexpected{node.error()};
    network.server->set_trusted(node->id, false);
    out.boolean(true);
    return {};
}

Reply static_nodes(Network::Parts& network, Call&, JsonWriter& out) {
    out.begin_array();
    for (const auto& one : network.server->static_nodes()) {
        out.begin_object().text("enode", to_string(one.node));
        out.boolean("connected", one.is_connected);
        out.text("lastFailure", one.last_failure).end_object();
    }
    out.end_array();
    return {};
}

/// Metrics of one direction with a label each.
void write_traffic(std::string& out, std::string_view direction, std::string_view label,
                   const Traffic& traffic) {
    fmt::format_to(std::back_inserter(out),
                   "cairn_net_messages_{0}_total{{code=\"{1}\"}} {2}\n"
                   "cairn_net_message_bytes_{0}_total{{code=\"{1}\"}} {3}\n",
                   direction, label, traffic.messages.value(), traffic.bytes.value());
}

/// Every message by its kind: those of eth by number, those below by name. Their bytes make up the
/// streams', but for what is in the middle of its way.
void write_messages(const NetMetrics& metrics, std::string& out) {
    for (std::size_t code = 0; code < metrics.received.size(); ++code) {
        const std::string label = fmt::format("{:#04x}", code);
        write_traffic(out, "received", label, metrics.received[code]);
        write_traffic(out, "sent", label, metrics.sent[code]);
    }
    constexpr std::array<std::string_view, kBaseKindCount> kNames{
        "handshake", "hello", "disconnect", "ping", "pong", "other"};
    for (std::size_t kind = 0; kind < kNames.size(); ++kind) {
        write_traffic(out, "received", kNames[kind], metrics.base_received[kind]);
        write_traffic(out, "sent", kNames[kind], metrics.base_sent[kind]);
    }
    for (std::size_t reason = 0; reason < metrics.disconnects_received.size(); ++reason)
        fmt::format_to(std::back_inserter(out),
                       "cairn_net_disconnects_received_total{{reason=\"{0:#04x}\"}} {1}\n"
                       "cairn_net_disconnects_sent_total{{reason=\"{0:#04x}\"}} {2}\n",
                       reason,
                       metrics.disconnects_received[reason].value(),
                       metrics.disconnects_sent[reason].value());
}

}  // namespace

std::vector<rpc::Method> Network::methods() {
    using rpc::method;
    Parts& network = *parts_;
    std::vector<rpc::Method> rows;
    rows.push_back(method(network, {"admin_nodeInfo", "This node among others.", "object"},
                          node_info));
    rows.push_back(method(network, {"admin_peers", "Connected peers.", "array"}, peers));
    rows.push_back(method(network, {"admin_addPeer", "Dials a node until it stays; an error says why it did not.",
                                   "boolean"},
                          {"enode"}, add_peer));
    rows.push_back(method(network, {"admin_removePeer", "No longer dials a node.", "boolean"},
                          {"enode"}, remove_peer));
    rows.push_back(method(network, {"admin_addTrustedPeer", "Lets a node in above the limits.",
                                    "boolean"},
                          {"enode"}, add_trusted));
    rows.push_back(method(network, {"admin_removeTrustedPeer",
                                    "No longer lets a node in above the limits.", "boolean"},
                          {"enode"}, remove_trusted));
    rows.push_back(method(network,
                          {"cairn_staticNodes",
                           "Nodes that are to stay connected, and why one did not.", "array"},
                          static_nodes));
    return rows;
}

std::string Network::metrics() const {
    const NetMetrics& metrics = parts_->server->metrics();
    std::string out;
    const auto counter = [&](std::string_view name, const Counter& value) {
        fmt::format_to(std::back_inserter(out), "# TYPE cairn_net_{0} counter\ncairn_net_{0} {1}\n",
                       name, value.value());
    };
    counter("bytes_received_total", metrics.bytes_received);
    counter("bytes_sent_total", metrics.bytes_sent);
    counter("datagrams_received_total", metrics.datagrams_received.messages);
    counter("datagram_bytes_received_total", metrics.datagrams_received.bytes);
    counter("datagrams_sent_total", metrics.datagrams_sent.messages);
    counter("datagram_bytes_sent_total", metrics.datagrams_sent.bytes);
    counter("dials_total", metrics.dials);
    counter("dials_failed_total", metrics.dials_failed);
    counter("inbound_accepted_total", metrics.inbound_accepted);
    counter("inbound_refused_total", metrics.inbound_refused);
    counter("peers_joined_total", metrics.peers_joined);
    counter("peers_left_total", metrics.peers_left);
    counter("breaches_total", metrics.breaches);
    counter("bans_total", metrics.bans);
    counter("gossip_dropped_total", metrics.gossip_dropped);
    write_messages(metrics, out);
    return out;
}

}  // namespace cairn::node
