// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "node/net/enode.hpp"
#include "node/net/eth_capability.hpp"
#include "node/net/p2p_messages.hpp"

// The doors between connections and what is done with their messages. Both sides live on the
// network's thread; neither ever waits for the other.

namespace cairn::node {

/// One connection on which eth is spoken. Never used twice in the life of a node.
using PeerId = std::uint64_t;

/// Who is on the other end.
struct PeerInfo {
    PeerId id = 0;
    NodeId node;
    IpAddress ip;
    std::uint16_t port = 0;  ///< of the connection; of its listener only where we dialled
    bool is_inbound = false;
    bool is_static = false;   ///< named by the operator, to be dialled
    bool is_trusted = false;  ///< named by the operator, let in above the limits
    std::string client;       ///< as it calls itself; printable ASCII
    EthVersion version{};
};

/// What is done with peers and their messages: sync, gossip, serving.
class EthHandler {
public:
    EthHandler() = default;
    EthHandler(const EthHandler&) = delete;
    EthHandler& operator=(const EthHandler&) = delete;
    virtual ~EthHandler() = default;

    /// Our chain as it is, for greetings. Called for every connection; must not wait.
    [[nodiscard]] virtual LocalChain local_chain() = 0;
    /// A peer of our chain has said its Status. What is sent to it before returns nothing.
    virtual void on_peer_ready(const PeerInfo& peer, const Status& status) = 0;
    /// Any message but Status, from a peer that is ready.
    virtual void on_message(PeerId peer, EthMessage message) = 0;
    /// The connection of a peer that was ready has ended; its id is not used again.
    virtual void on_peer_gone(PeerId peer) = 0;
};

/// What became of a message to be sent.
enum class SendOutcome : std::uint8_t {
    Queued,   ///< on its way
    Dropped,  ///< gossip, and the peer's queue is above kSendQueueGossipMax
    TooSlow,  ///< the queue is above kSendQueueBytesMax: the connection ends
    NoPeer,   ///< gone, or not ready, or its version does not have the message
};

/// What a handler may do to peers. On the network's thread only.
class PeerDoor {
public:
    PeerDoor() = default;
    PeerDoor(const PeerDoor&) = delete;
    PeerDoor& operator=(const PeerDoor&) = delete;
    virtual ~PeerDoor() = default;

    /// @param is_gossip  may be left out where the peer is slow
    virtual SendOutcome send(PeerId peer, const EthMessage& message, bool is_gossip) = 0;
    /// The same for a payload encoded before, for the same version (encode_eth_message,
    /// encode_eth_reply): a block for many peers is encoded once.
    virtual SendOutcome send_encoded(PeerId peer, EthCode code, ByteView payload,
                                     bool is_gossip) = 0;
    /// Ends the connection, without a word on the peer's honesty.
    virtual void disconnect(PeerId peer, DisconnectReason reason, std::string detail) = 0;
    /// Adds to the peer's score; at kBanScore it is banned and the connection ends.
    virtual void penalise(PeerId peer, std::uint32_t points, std::string detail) = 0;
};

}  // namespace cairn::node
