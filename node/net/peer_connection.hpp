// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <memory>
#include <optional>

#include "node/net/asio.hpp"
#include "node/net/dialer.hpp"
#include "node/net/eth_handler.hpp"
#include "node/net/net_metrics.hpp"
#include "node/net/session.hpp"

namespace cairn::node {

class PeerConnection;

/// What a connection asks of the server that holds it.
class ConnectionOwner {
public:
    ConnectionOwner() = default;
    ConnectionOwner(const ConnectionOwner&) = delete;
    ConnectionOwner& operator=(const ConnectionOwner&) = delete;
    virtual ~ConnectionOwner() = default;

    [[nodiscard]] virtual MonotonicMs now() const = 0;
    /// Room to read into, kReadChunkBytes: one for all connections, since it is never kept.
    [[nodiscard]] virtual std::span<std::uint8_t> read_buffer() = 0;
    [[nodiscard]] virtual NetMetrics& metrics() = 0;
    /// Our chain, for the greeting.
    [[nodiscard]] virtual LocalChain local_chain() = 0;

    /// Hello has come. @return why the peer is not wanted; nothing where it may stay
    [[nodiscard]] virtual std::optional<DisconnectReason> on_hello(PeerConnection& connection) = 0;
    virtual void on_ready(PeerConnection& connection, const Status& status) = 0;
    virtual void on_message(PeerConnection& connection, EthMessage message) = 0;
    /// The last call for this connection. Its socket is closed soon after.
    virtual void on_closed(PeerConnection& connection, const SessionClosed& closed) = 0;
};

/// A session, the eth protocol on it, and their socket. On the network's thread.
///
/// Callbacks instead of coroutines: there is one loop that reads and one that writes, and what they
/// hold for a peer that is silent is a few hundred bytes.
class PeerConnection : public std::enable_shared_from_this<PeerConnection> {
public:
    struct Origin {
        PeerId id = 0;
        IpAddress ip;
        std::uint16_t port = 0;
        std::optional<DialTask> dial;  ///< nothing where we were dialled
    };
    /// @param owner  outlives the connection
    PeerConnection(tcp::socket socket, Origin origin, const Session::Config& config,
                   RandomFill random, ConnectionOwner& owner);

    /// Begins to read, and where we dialled, to speak. Once.
    void start();
    /// Sends a message of eth. @return NoPeer before the peer is ready
    SendOutcome send(EthCode code, ByteView payload, bool is_gossip);
    /// Says goodbye; on_closed follows at once.
    void close(DisconnectReason reason, std::string detail);

    [[nodiscard]] const Origin& origin() const noexcept { return origin_; }
    [[nodiscard]] bool is_inbound() const noexcept { return !origin_.dial.has_value(); }
    [[nodiscard]] bool is_ready() const noexcept { return eth_ && eth_->is_ready(); }
    [[nodiscard]] bool is_closed() const noexcept { return session_.is_closed(); }
    /// After Hello (asserted).
    [[nodiscard]] const Hello& hello() const;
    [[nodiscard]] EthVersion eth_version() const;
    /// Whom the handshake proved, or whom we dialled.
    [[nodiscard]] const std::optional<NodeId>& remote() const noexcept { return session_.remote(); }
    [[nodiscard]] std::size_t queued_bytes() const noexcept { return queued_bytes_; }

private:
    void read();
    void on_readable(const ErrorCode& error);
    void write();
    void on_written(const ErrorCode& error);
    void arm_timer();
    void on_timer();
    /// Takes what the session has to send and to say. After every call into it.
    void pump();
    void count_base_traffic();
    void on_event(const SessionOpened& opened);
    void on_event(const SessionMessage& message);
    void on_event(const SessionClosed& closed);
    void send_status();
    /// Ends the session from our side; what is left of the events at hand is dropped.
    void end(DisconnectReason reason, std::string detail);
    void end_of_stream(std::string detail);
    void close_socket();

    tcp::socket socket_;
    Origin origin_;
    ConnectionOwner& owner_;
    Session session_;
    asio::steady_timer timer_;
    std::optional<EthCapability> eth_;
    std::optional<Hello> hello_;
    SharedCapability capability_;
    std::optional<MonotonicMs> status_deadline_;
    std::deque<Bytes> queue_;
    std::size_t queued_bytes_ = 0;
    bool is_writing_ = false;
    bool is_ending_ = false;
    std::string own_reason_;  ///< why we end it
    bool is_told_ = false;    ///< on_closed was called
};

}  // namespace cairn::node
