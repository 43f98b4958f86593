// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/bytes.hpp"
#include "node/net/capability.hpp"
#include "node/net/clock.hpp"
#include "node/net/frame_codec.hpp"
#include "node/net/p2p_messages.hpp"
#include "node/net/rlpx_handshake.hpp"

namespace cairn::node {

/// What a session tells its owner, in order.
struct SessionOpened {
    Hello hello;                           ///< the other side's
    std::vector<SharedCapability> shared;  ///< at least one
};
struct SessionMessage {
    SharedCapability capability;
    std::uint32_t code = 0;  ///< counted from the capability's start
    Bytes payload;
    std::size_t wire_bytes = 0;
};
struct SessionClosed {
    DisconnectReason reason{};
    bool by_remote = false;
    /// The peer broke the protocol: reason for its score.
    bool is_breach = false;
    std::string detail;  ///< in words, for log and operator; of our own making
};
using SessionEvent = std::variant<SessionOpened, SessionMessage, SessionClosed>;

/// What travels on a stream beside the messages of capabilities.
enum class BaseKind : std::uint8_t { Handshake, Hello, Disconnect, Ping, Pong, Other };
inline constexpr std::size_t kBaseKindCount = 6;
/// One of those, for who counts: a handshake's packet or a message of the base protocol.
struct BaseTraffic {
    BaseKind kind{};
    bool is_sent = false;
    std::size_t wire_bytes = 0;
};

/// One encrypted connection without its socket: handshake, Hello, ping, disconnect, frames. Bytes
/// and moments go in; bytes to send and events come out. Deterministic; one thread at a time.
///
/// After every call the owner sends `take_output` and acts on `take_events`; where those end with
/// SessionClosed, it sends what is left and closes the socket.
class Session {
public:
    /// What we say to whoever it is.
    struct Config {
        const NodeKey* key = nullptr;  ///< outlives the session
        std::string client;
        std::uint16_t listen_port = 0;
        std::vector<LocalCapability> capabilities;
    };

    /// @param remote  whom we dialled; nothing where we were dialled
    Session(const Config& config, std::optional<NodeId> remote, RandomFill random, MonotonicMs now);

    /// Bytes from the stream, in any pieces.
    void receive(ByteView bytes, MonotonicMs now);
    /// To be called at `deadline` or later: pings and time-outs.
    void tick(MonotonicMs now);
    /// When `tick` has something to do.
    [[nodiscard]] MonotonicMs deadline() const noexcept { return deadline_; }

    /// Queues a message of a shared capability. Only while open (asserted).
    /// @return bytes that it takes on the wire
    std::size_t send(const SharedCapability& capability, std::uint32_t code, ByteView payload);
    /// Says goodbye and ends. No effect once closed.
    void close(DisconnectReason reason, std::string detail);
    /// The same for a peer that broke the rules of a capability: SessionClosed::is_breach is set.
    void breach(DisconnectReason reason, std::string detail);

    [[nodiscard]] Bytes take_output() noexcept { return std::exchange(output_, {}); }
    [[nodiscard]] std::vector<SessionEvent> take_events() noexcept {
        return std::exchange(events_, {});
    }
    /// What was sent and received below the capabilities since the last call.
    [[nodiscard]] std::vector<BaseTraffic> take_base_traffic() noexcept {
        return std::exchange(base_traffic_, {});
    }

    [[nodiscard]] bool is_open() const noexcept { return state_ == State::Open; }
    [[nodiscard]] bool is_closed() const noexcept { return state_ == State::Closed; }
    [[nodiscard]] Role role() const noexcept { return role_; }
    /// Whom the handshake proved, or whom we dialled; nothing before either is known.
    [[nodiscard]] const std::optional<NodeId>& remote() const noexcept { return remote_; }
    /// Bytes received that wait for the rest of their frame.
    [[nodiscard]] std::size_t buffered_bytes() const noexcept { return input_.size(); }

private:
    enum class State : std::uint8_t { Handshake, Hello, Open, Closed };

    [[nodiscard]] std::size_t step(ByteView input);
    [[nodiscard]] std::size_t step_handshake(ByteView input);
    [[nodiscard]] std::size_t step_frame(ByteView input);
    void on_message(WireMessage message);
    void on_hello(const WireMessage& message);
    void on_open_message(WireMessage message);
    void write(P2pCode code, ByteView payload);
    void finish(SessionClosed closed);

    Config config_;
    Role role_;
    State state_ = State::Handshake;
    std::optional<NodeId> remote_;
    RlpxHandshake handshake_;
    std::optional<FrameCodec> codec_;
    std::vector<SharedCapability> shared_;
    Bytes input_;
    Bytes output_;
    std::vector<SessionEvent> events_;
    std::vector<BaseTraffic> base_traffic_;
    MonotonicMs started_;
    MonotonicMs last_received_;
    MonotonicMs last_ping_;
    MonotonicMs deadline_;
};

}  // namespace cairn::node
