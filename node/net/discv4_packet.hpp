// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"
#include "core/types/units.hpp"
#include "node/net/enode.hpp"
#include "node/net/enr.hpp"

// The packets of node discovery, version 4: hash ‖ signature ‖ type ‖ RLP list. Source: devp2p,
// discv4.md; EIP-8 (leniency); EIP-868 (node records). Pure.

namespace cairn::node::discv4 {

/// Keccak256 over a packet but for its first 32 bytes, which are this hash.
using PacketHash = FixedBytes<32, struct PacketHashTag>;

/// 0x01: are you there, and is this you?
struct Ping {
    std::uint64_t version = 4;  ///< not looked at (EIP-8)
    Endpoint from;              ///< as the sender sees itself; unspecified where it does not know
    Endpoint to;
    UnixSeconds expiration = 0;
    std::optional<std::uint64_t> enr_seq;
};
/// 0x02: answer to Ping.
struct Pong {
    Endpoint to;  ///< where the ping came from
    PacketHash ping_hash;
    UnixSeconds expiration = 0;
    std::optional<std::uint64_t> enr_seq;
};
/// 0x03: who is close to `target`?
struct FindNode {
    NodeId target;
    UnixSeconds expiration = 0;
};
/// 0x04: answer to FindNode; up to kBucketSize nodes, over one or more packets.
struct Neighbors {
    std::vector<Enode> nodes;  ///< at most kNeighborsPerPacket in ours
    UnixSeconds expiration = 0;
};
/// 0x05: your node record, please.
struct EnrRequest {
    UnixSeconds expiration = 0;
};
/// 0x06: answer to EnrRequest.
struct EnrResponse {
    PacketHash request_hash;
    NodeRecord record;
};
using Message = std::variant<Ping, Pong, FindNode, Neighbors, EnrRequest, EnrResponse>;

/// A packet whose signature was checked.
struct Packet {
    NodeId sender;
    PacketHash hash;
    Message message;
};

/// Why a datagram is no packet. None is held against its sender, whose address anybody can write.
enum class PacketError : std::uint8_t {
    TooLarge,      ///< more than kDiscoveryPacketMax bytes
    TooSmall,      ///< no room for hash, signature and type
    BadHash,       ///< not a packet of this protocol
    BadSignature,  ///< signed by nobody
    UnknownType,   ///< another type than 0x01 to 0x06
    Malformed,     ///< not the RLP that belongs there
    BadRecord,     ///< a node record that does not verify, or somebody else's
};
[[nodiscard]] std::string_view to_string(PacketError error) noexcept;

/// Hash, signature and fields; that it has not expired is the receiver's to check.
///
/// Further list items and bytes behind the list are ignored (EIP-8). A neighbour whose key, address
/// or port is none is left out. Costs a signature's recovery: limit the rate before.
[[nodiscard]] Result<Packet, PacketError> decode_packet(ByteView datagram);

/// A signed packet and its hash.
struct EncodedPacket {
    Bytes bytes;  ///< at most kDiscoveryPacketMax (asserted)
    PacketHash hash;
};
[[nodiscard]] EncodedPacket encode_packet(const NodeKey& key, const Message& message);

/// When the message expires; nothing for EnrResponse, which does not.
[[nodiscard]] std::optional<UnixSeconds> expiration_of(const Message& message) noexcept;

}  // namespace cairn::node::discv4
