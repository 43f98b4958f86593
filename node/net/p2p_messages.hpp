// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"
#include "core/codec/rlp_decode.hpp"
#include "node/net/capability.hpp"
#include "node/net/node_key.hpp"

namespace cairn::node {

/// Codes of the base protocol (devp2p, rlpx.md, "p2p Capability").
enum class P2pCode : std::uint32_t { Hello = 0, Disconnect = 1, Ping = 2, Pong = 3 };

/// Version of the base protocol that compresses with snappy (EIP-706).
inline constexpr std::uint64_t kP2pVersion = 5;

/// Why a connection ends, as the protocol numbers it.
enum class DisconnectReason : std::uint8_t {
    Requested = 0x00,
    TcpError = 0x01,
    ProtocolBreach = 0x02,  ///< malformed message, bad tag, unknown code
    UselessPeer = 0x03,     ///< no capability in common, another chain or network
    TooManyPeers = 0x04,
    AlreadyConnected = 0x05,
    IncompatibleVersion = 0x06,
    NullIdentity = 0x07,
    ClientQuitting = 0x08,
    UnexpectedIdentity = 0x09,  ///< Hello names another key than the handshake proved
    ConnectedToSelf = 0x0a,
    Timeout = 0x0b,
    SubprotocolError = 0x10,
};
/// "too many peers"; "unknown reason" for a number that has no name.
[[nodiscard]] std::string_view to_string(DisconnectReason reason) noexcept;

/// First message of either side.
struct Hello {
    std::uint64_t version = kP2pVersion;
    std::string client;  ///< for people: "cairn/v0.1.0/linux"
    std::vector<Capability> capabilities;
    std::uint64_t listen_port = 0;  ///< 0 where it does not listen, or does not say
    NodeId id;
    friend bool operator==(const Hello&, const Hello&) = default;
};

/// RLP list of 5: [version, client, [[name, version]…], listen_port, id].
[[nodiscard]] Bytes encode_hello(const Hello& hello);
/// Further items are ignored and another version is no error (EIP-8); a client name beyond
/// kClientNameMax is cut, with what is not printable ASCII replaced by '?'. Errors: RLP's, with
/// StringTooLong for a capability's name and TooManyItems for a list beyond kCapabilitiesMax.
[[nodiscard]] Result<Hello, RlpError> decode_hello(ByteView payload);

/// RLP list of 1: [reason].
[[nodiscard]] Bytes encode_disconnect(DisconnectReason reason);
/// The reason; some clients send it bare or not at all (then Requested). Errors: RLP's.
[[nodiscard]] Result<DisconnectReason, RlpError> decode_disconnect(ByteView payload);

}  // namespace cairn::node
