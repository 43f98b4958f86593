// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <map>
#include <memory>
#include <set>

#include "node/net/discovery_service.hpp"
#include "node/net/inbound_limit.hpp"
#include "node/net/node_db.hpp"
#include "node/net/peer_connection.hpp"
#include "node/net/peer_score.hpp"
#include "node/net/peer_server.hpp"

namespace cairn::node {

/// What PeerServer does, on the network's thread alone. Everything in it lives between two of the
/// io_context's handlers; nothing in it waits.
class PeerHub final : public ConnectionOwner, public PeerDoor {
public:
    /// Binds. Throws SystemError where the port cannot be had.
    PeerHub(asio::io_context& io, PeerServerConfig config);

    /// @param handler  outlives what happens on the io_context from here on
    void start(EthHandler& handler);
    /// Closes everything that is open and keeps the node database; `done` is called when the last
    /// words had time to leave.
    void stop(std::function<void()> done);

    bool add_static(const Enode& node);
    void remove_static(const NodeId& id);
    void set_trusted(const NodeId& id, bool is_trusted);
    void set_external_ip(const IpAddress& ip);
    void set_fork_id(const chain::ForkId& fork_id);
    [[nodiscard]] std::vector<PeerSnapshot> peers() const;
    [[nodiscard]] std::vector<StaticNodeReport> static_nodes() const;
    [[nodiscard]] std::optional<StaticNodeReport> find_static(const NodeId& id) const;
    [[nodiscard]] std::size_t peer_count() const noexcept { return by_node_.size(); }
    [[nodiscard]] Enode self() const;
    [[nodiscard]] std::string record() const;
    [[nodiscard]] bool is_listening() const { return acceptor_.is_open(); }
    [[nodiscard]] const NetMetrics& counted() const noexcept { return metrics_; }

    // PeerDoor
    SendOutcome send(PeerId peer, const EthMessage& message, bool is_gossip) override;
    SendOutcome send_encoded(PeerId peer, EthCode code, ByteView payload, bool is_gossip) override;
    void disconnect(PeerId peer, DisconnectReason reason, std::string detail) override;
    void penalise(PeerId peer, std::uint32_t points, std::string detail) override;

    // ConnectionOwner
    [[nodiscard]] MonotonicMs now() const override;
    [[nodiscard]] std::span<std::uint8_t> read_buffer() override { return read_buffer_; }
    [[nodiscard]] NetMetrics& metrics() override { return metrics_; }
    [[nodiscard]] LocalChain local_chain() override { return handler_->local_chain(); }
    [[nodiscard]] std::optional<DisconnectReason> on_hello(PeerConnection& connection) override;
    void on_ready(PeerConnection& connection, const Status& status) override;
    void on_message(PeerConnection& connection, EthMessage message) override;
    void on_closed(PeerConnection& connection, const SessionClosed& closed) override;

private:
    struct Held {
        std::shared_ptr<PeerConnection> connection;
        bool is_settled = false;  ///< past Hello, no longer among those who knock
        MonotonicMs since = 0;
        Status status;
    };

    void bind();
    void accept();
    void on_accepted(tcp::socket socket);
    void dial(const DialTask& task);
    void on_dialled(const DialTask& task, tcp::socket socket, const ErrorCode& error);
    void add_connection(tcp::socket socket, PeerConnection::Origin origin);
    void dial_due();
    void maintain();
    void on_discovery(const DiscoveryEvent& event);
    void start_discovery(udp::socket socket);
    void save_nodes();

    [[nodiscard]] bool is_allowed(const IpAddress& ip) const;
    [[nodiscard]] bool is_trusted(const NodeId& id) const { return trusted_.contains(id); }
    [[nodiscard]] std::optional<DisconnectReason> refusal_of(const PeerConnection& connection);
    [[nodiscard]] std::optional<DisconnectReason> refusal_of_twin(const PeerConnection& connection);
    void settle(PeerConnection& connection);
    void note_failure(const NodeId& id, const std::string& reason);
    [[nodiscard]] StaticNodeReport report_of(const Enode& node) const;
    [[nodiscard]] PeerInfo info_of(const PeerConnection& connection) const;
    [[nodiscard]] PeerConnection* find(PeerId peer);
    [[nodiscard]] Moment moment() const;
    void log(NetLogLevel level, const std::string& text) const;

    asio::io_context& io_;
    PeerServerConfig config_;
    EthHandler* handler_ = nullptr;  ///< set by start
    tcp::acceptor acceptor_;
    asio::steady_timer maintain_timer_;
    asio::steady_timer accept_timer_;
    std::optional<udp::socket> udp_;
    std::unique_ptr<DiscoveryService> discovery_;
    std::uint16_t port_ = 0;
    NetMetrics metrics_;
    DialScheduler dialer_;
    InboundLimit inbound_;
    PeerScores scores_;
    NodeDb nodes_;
    Session::Config session_config_;
    std::map<PeerId, Held> connections_;
    std::map<NodeId, PeerId> by_node_;  ///< those that may stay: past Hello
    std::map<NodeId, Enode> statics_;
    std::map<NodeId, std::string> failures_;  ///< of static nodes
    std::set<NodeId> trusted_;
    PeerId next_id_ = 1;
    MonotonicMs next_save_ = 0;
    MonotonicMs next_lookup_ = 0;
    bool is_stopping_ = false;
    std::array<std::uint8_t, kReadChunkBytes> read_buffer_{};
};

}  // namespace cairn::node
