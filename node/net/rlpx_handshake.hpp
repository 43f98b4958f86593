// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"
#include "core/crypto/keccak.hpp"
#include "core/crypto/secret.hpp"
#include "node/net/clock.hpp"
#include "node/net/node_key.hpp"

namespace cairn::node {

/// Who opened the connection.
enum class Role : std::uint8_t {
    Initiator,  ///< we dialled, and know whom
    Recipient,  ///< we were dialled, and learn by whom
};

/// Why a handshake fails. All are the other side's doing.
enum class HandshakeError : std::uint8_t {
    TooLarge,       ///< a packet longer than kHandshakePacketMax, or too short to be one
    Undecryptable,  ///< not encrypted for us, or changed on its way
    Malformed,      ///< no RLP list with the fields that belong there, each of its length
    BadKey,         ///< a public key that is no point of the curve
    BadSignature,   ///< a signature that names nobody
};
[[nodiscard]] std::string_view to_string(HandshakeError error) noexcept;

/// What both sides hold after the handshake, from which the frames' cipher and tags are made.
struct SessionSecrets {
    Secret<32> aes;         ///< key of AES-256-CTR
    Secret<32> mac;         ///< key of the block cipher inside the tags
    Keccak256 egress_mac;   ///< running hash over what we send
    Keccak256 ingress_mac;  ///< running hash over what we receive
};

/// The RLPx handshake without a socket: bytes in, bytes out.
///
/// Source: devp2p, rlpx.md, "Initial Handshake", with the packets of EIP-8. The form before EIP-8
/// is understood as well, and answered in its own form; we never begin with it.
/// One thread at a time. Throws SystemError when OpenSSL fails.
class RlpxHandshake {
public:
    /// @param own     outlives the handshake
    /// @param remote  the key the other side must prove to hold; a point of the curve (asserted)
    /// @param random  asked, in this order, for our ephemeral secret and our nonce; and for each
    ///                packet sent for the padding's length (1 byte) and bytes, the packet's
    ///                ephemeral secret and its counter block
    [[nodiscard]] static RlpxHandshake initiator(const NodeKey& own, const NodeId& remote,
                                                 RandomFill random);
    [[nodiscard]] static RlpxHandshake recipient(const NodeKey& own, RandomFill random);

    /// The initiator's first packet. Once, by the initiator (asserted).
    [[nodiscard]] Bytes start();

    /// Looks at what has arrived and was not consumed before; at most kHandshakePacketMax + 2 bytes
    /// are ever wanted. Appends what is to be sent to `out`.
    /// @return bytes consumed; 0 while the packet is not whole. After a number above 0 the
    ///         handshake is done, and what follows in `input` are frames.
    [[nodiscard]] Result<std::size_t, HandshakeError> receive(ByteView input, Bytes& out);

    [[nodiscard]] bool is_done() const noexcept { return secrets_.has_value(); }
    /// Who the other side is. After is_done (asserted).
    [[nodiscard]] const NodeId& remote() const noexcept;
    /// The secrets, given away. Once, after is_done (asserted).
    [[nodiscard]] SessionSecrets take_secrets();

private:
    RlpxHandshake(const NodeKey& own, Role role, RandomFill random);

    Result<std::size_t, HandshakeError> receive_auth(ByteView input, Bytes& out);
    Result<std::size_t, HandshakeError> receive_ack(ByteView input);
    [[nodiscard]] Result<void, HandshakeError> accept_auth(ByteView signature, const NodeId& remote,
                                                           const Hash256& nonce);
    [[nodiscard]] Bytes seal_packet(const NodeId& to, Bytes body) const;
    [[nodiscard]] Bytes make_old_ack() const;
    void derive_secrets(const NodeId& remote_ephemeral, ByteView auth, ByteView ack);

    const NodeKey* own_;
    Role role_;
    RandomFill random_;
    NodeKey ephemeral_;
    Hash256 nonce_;
    NodeId remote_;
    NodeId remote_ephemeral_;
    Hash256 remote_nonce_;
    Bytes auth_;  ///< the initiator's packet as sent, kept for the running hashes
    std::optional<SessionSecrets> secrets_;
};

}  // namespace cairn::node
