// SPDX-License-Identifier: MIT
#include "node/net/rlpx_handshake.hpp"

#include <array>

#include "core/base/assert.hpp"
#include "core/codec/rlp_decode.hpp"
#include "core/codec/rlp_encode.hpp"
#include "node/net/ecies.hpp"
#include "node/net/limits.hpp"

namespace cairn::node {
namespace {

/// Version of the handshake that we write (EIP-8); what others write is not looked at.
constexpr std::uint8_t kHandshakeVersion = 4;
constexpr std::size_t kSizePrefixBytes = 2;
constexpr std::size_t kSignatureBytes = 65;
/// Before EIP-8: signature ‖ keccak256(ephemeral key) ‖ key ‖ nonce ‖ 0, and ephemeral key ‖ nonce
/// ‖ 0, each encrypted without a length in front.
constexpr std::size_t kOldAuthBytes = kSignatureBytes + 32 + 64 + 32 + 1 + kEciesOverhead;
constexpr std::size_t kOldAckBytes = 64 + 32 + 1 + kEciesOverhead;
/// EIP-8 asks for at least 100 bytes of padding of varying length, 100 to 300 recommended.
constexpr std::size_t kPaddingMin = 100;

Hash256 exclusive_or(ByteView a, ByteView b) {
    Hash256 out;
    for (std::size_t i = 0; i < Hash256::kSize; ++i)
        out.bytes[i] = static_cast<std::uint8_t>(a[i] ^ b[i]);
    return out;
}

Hash256 keccak_of_pair(ByteView a, ByteView b) {
    return Keccak256{}.update(a).update(b).finish();
}

/// A packet opened: its message, and how many bytes of the input it took; 0 while it is not whole.
struct Opened {
    Bytes message;
    std::size_t consumed = 0;
    bool is_old = false;
};

/// The form before EIP-8 has no length. Its first byte is the 4 of an uncompressed point; an EIP-8
/// packet of 1024 to 1279 bytes begins so too, hence the trial.
constexpr std::uint8_t kUncompressedPoint = 4;

std::optional<Opened> try_old_form(const NodeKey& own, ByteView input, std::size_t old_size) {
    if (input[0] != kUncompressedPoint) return std::nullopt;
    auto message = ecies_decrypt(own.secret, input.first(old_size), {});
    if (!message) return std::nullopt;
    return Opened{std::move(*message), old_size, true};
}

Result<Opened, HandshakeError> open_packet(const NodeKey& own, ByteView input,
                                           std::size_t old_size) {
    if (input.size() < kSizePrefixBytes) return Opened{};
    if (input[0] == kUncompressedPoint && input.size() < old_size) return Opened{};
    if (auto old = try_old_form(own, input, old_size)) return std::move(*old);
    const std::size_t size = static_cast<std::size_t>(input[0]) << 8 | input[1];
    if (size > kHandshakePacketMax || size < kEciesOverhead)
        return Unexpected{HandshakeError::TooLarge};
    if (input.size() < kSizePrefixBytes + size) return Opened{};
    auto message = ecies_decrypt(own.secret, input.subspan(kSizePrefixBytes, size),
                                 input.first(kSizePrefixBytes));
    if (!message) return Unexpected{HandshakeError::Undecryptable};
    return Opened{std::move(*message), kSizePrefixBytes + size, false};
}

struct AuthFields {
    std::array<std::uint8_t, kSignatureBytes> signature{};
    NodeId key;
    Hash256 nonce;
};

std::optional<AuthFields> read_auth(const Opened& packet) {
    AuthFields fields;
    ByteView rest = packet.message;
    ByteView signature;
    if (packet.is_old) {
        signature = rest.first(kSignatureBytes);
        fields.key = NodeId::from(rest.subspan(kSignatureBytes + 32, 64));
        fields.nonce = Hash256::from(rest.subspan(kSignatureBytes + 32 + 64, 32));
    } else {
        // Padding follows the list, and further items may follow ours (EIP-8): neither is an error.
        const auto item = rlp_take_item(rest);
        if (!item || !item->is_list) return std::nullopt;
        RlpReader reader{item->payload};
        reader.read_exact(signature, kSignatureBytes);
        reader.read(fields.key);
        reader.read(fields.nonce);
        reader.skip();
        if (reader.failed()) return std::nullopt;
    }
    std::copy(signature.begin(), signature.end(), fields.signature.begin());
    return fields;
}

struct AckFields {
    NodeId ephemeral;
    Hash256 nonce;
};

std::optional<AckFields> read_ack(const Opened& packet) {
    AckFields fields;
    ByteView rest = packet.message;
    if (packet.is_old) {
        fields.ephemeral = NodeId::from(rest.first(64));
        fields.nonce = Hash256::from(rest.subspan(64, 32));
        return fields;
    }
    const auto item = rlp_take_item(rest);
    if (!item || !item->is_list) return std::nullopt;
    RlpReader reader{item->payload};
    reader.read(fields.ephemeral);
    reader.read(fields.nonce);
    reader.skip();
    if (reader.failed()) return std::nullopt;
    return fields;
}

}  // namespace

std::string_view to_string(HandshakeError error) noexcept {
    switch (error) {
        case HandshakeError::TooLarge:
            return "handshake packet of an impossible length";
        case HandshakeError::Undecryptable:
            return "handshake packet not encrypted for us";
        case HandshakeError::Malformed:
            return "malformed handshake packet";
        case HandshakeError::BadKey:
            return "handshake key not on the curve";
        case HandshakeError::BadSignature:
            return "invalid handshake signature";
    }
    return "unknown";
}

RlpxHandshake::RlpxHandshake(const NodeKey& own, Role role, RandomFill random)
    : own_{&own}, role_{role}, random_{std::move(random)}, ephemeral_{NodeKey::make(random_)} {
    random_(nonce_.bytes);
}

RlpxHandshake RlpxHandshake::initiator(const NodeKey& own, const NodeId& remote,
                                       RandomFill random) {
    CAIRN_ASSERT(secp256k1::is_on_curve(remote));
    RlpxHandshake handshake{own, Role::Initiator, std::move(random)};
    handshake.remote_ = remote;
    return handshake;
}

RlpxHandshake RlpxHandshake::recipient(const NodeKey& own, RandomFill random) {
    return RlpxHandshake{own, Role::Recipient, std::move(random)};
}

Bytes RlpxHandshake::start() {
    CAIRN_ASSERT(role_ == Role::Initiator && auth_.empty());
    const auto shared = secp256k1::ecdh_x(own_->secret, remote_);
    CAIRN_ASSERT(shared.has_value());
    const auto signature =
        secp256k1::sign(exclusive_or(shared->reveal(), nonce_), ephemeral_.secret);
    CAIRN_ASSERT(signature.has_value());

    Bytes signature_bytes;
    append(signature_bytes, signature->r);
    append(signature_bytes, signature->s);
    signature_bytes.push_back(signature->y_parity);
    Bytes body;
    RlpWriter writer{body};
    writer.begin_list();
    writer.add(signature_bytes);
    writer.add(own_->id);
    writer.add(nonce_);
    writer.add(kHandshakeVersion);
    writer.end_list();
    auth_ = seal_packet(remote_, std::move(body));
    return auth_;
}

Result<std::size_t, HandshakeError> RlpxHandshake::receive(ByteView input, Bytes& out) {
    CAIRN_ASSERT(!is_done());
    return role_ == Role::Recipient ? receive_auth(input, out) : receive_ack(input);
}

Result<std::size_t, HandshakeError> RlpxHandshake::receive_auth(ByteView input, Bytes& out) {
    const auto packet = open_packet(*own_, input, kOldAuthBytes);
    if (!packet) return Unexpected{packet.error()};
    if (packet->consumed == 0) return std::size_t{0};
    const auto fields = read_auth(*packet);
    if (!fields) return Unexpected{HandshakeError::Malformed};
    if (const auto verdict = accept_auth(fields->signature, fields->key, fields->nonce); !verdict)
        return Unexpected{verdict.error()};

    Bytes ack;
    if (packet->is_old) {
        ack = make_old_ack();
    } else {
        Bytes body;
        RlpWriter writer{body};
        writer.begin_list();
        writer.add(ephemeral_.id);
        writer.add(nonce_);
        writer.add(kHandshakeVersion);
        writer.end_list();
        ack = seal_packet(remote_, std::move(body));
    }
    derive_secrets(remote_ephemeral_, input.first(packet->consumed), ack);
    append(out, ack);
    return packet->consumed;
}

Result<void, HandshakeError> RlpxHandshake::accept_auth(ByteView signature, const NodeId& remote,
                                                        const Hash256& nonce) {
    const auto shared = secp256k1::ecdh_x(own_->secret, remote);
    if (!shared) return Unexpected{HandshakeError::BadKey};
    const secp256k1::Signature parsed{Hash256::from(signature.first(32)),
                                      Hash256::from(signature.subspan(32, 32)), signature[64]};
    const auto ephemeral = secp256k1::recover(exclusive_or(shared->reveal(), nonce), parsed);
    if (!ephemeral) return Unexpected{HandshakeError::BadSignature};
    remote_ = remote;
    remote_nonce_ = nonce;
    remote_ephemeral_ = *ephemeral;
    return {};
}

Result<std::size_t, HandshakeError> RlpxHandshake::receive_ack(ByteView input) {
    CAIRN_ASSERT(!auth_.empty());
    const auto packet = open_packet(*own_, input, kOldAckBytes);
    if (!packet) return Unexpected{packet.error()};
    if (packet->consumed == 0) return std::size_t{0};
    const auto fields = read_ack(*packet);
    if (!fields) return Unexpected{HandshakeError::Malformed};
    if (!secp256k1::is_on_curve(fields->ephemeral)) return Unexpected{HandshakeError::BadKey};
    remote_nonce_ = fields->nonce;
    derive_secrets(fields->ephemeral, auth_, input.first(packet->consumed));
    return packet->consumed;
}

Bytes RlpxHandshake::seal_packet(const NodeId& to, Bytes body) const {
    std::array<std::uint8_t, 1> extra{};
    random_(extra);
    const std::size_t content = body.size();
    body.resize(content + kPaddingMin + extra[0]);
    random_(std::span{body}.subspan(content));
    const NodeKey packet_key = NodeKey::make(random_);
    AesBlock iv;
    random_(iv);

    const std::size_t size = body.size() + kEciesOverhead;
    Bytes packet{static_cast<std::uint8_t>(size >> 8), static_cast<std::uint8_t>(size)};
    const Bytes sealed = ecies_encrypt(to, body, packet, packet_key, iv);
    append(packet, sealed);
    return packet;
}

Bytes RlpxHandshake::make_old_ack() const {
    Bytes body;
    append(body, ephemeral_.id);
    append(body, nonce_);
    body.push_back(0);  // no session token
    const NodeKey packet_key = NodeKey::make(random_);
    AesBlock iv;
    random_(iv);
    return ecies_encrypt(remote_, body, {}, packet_key, iv);
}

void RlpxHandshake::derive_secrets(const NodeId& remote_ephemeral, ByteView auth, ByteView ack) {
    const bool initiator = role_ == Role::Initiator;
    const Hash256& initiator_nonce = initiator ? nonce_ : remote_nonce_;
    const Hash256& recipient_nonce = initiator ? remote_nonce_ : nonce_;
    const auto agreed = secp256k1::ecdh_x(ephemeral_.secret, remote_ephemeral);
    CAIRN_ASSERT(agreed.has_value());  // the point was recovered, or checked, just before

    const auto shared = Secret<32>::from(
        keccak_of_pair(agreed->reveal(), keccak_of_pair(recipient_nonce, initiator_nonce)));
    SessionSecrets secrets;
    secrets.aes = Secret<32>::from(keccak_of_pair(agreed->reveal(), shared.reveal()));
    secrets.mac = Secret<32>::from(keccak_of_pair(agreed->reveal(), secrets.aes.reveal()));

    // Each direction is seeded with the nonce of who receives it and the packet that went that way.
    Keccak256 from_initiator;
    from_initiator.update(exclusive_or(secrets.mac.reveal(), recipient_nonce)).update(auth);
    Keccak256 from_recipient;
    from_recipient.update(exclusive_or(secrets.mac.reveal(), initiator_nonce)).update(ack);
    secrets.egress_mac = initiator ? from_initiator : from_recipient;
    secrets.ingress_mac = initiator ? from_recipient : from_initiator;
    secrets_ = std::move(secrets);
}

const NodeId& RlpxHandshake::remote() const noexcept {
    CAIRN_ASSERT(is_done());
    return remote_;
}

SessionSecrets RlpxHandshake::take_secrets() {
    CAIRN_ASSERT(is_done());
    return std::move(*secrets_);
}

}  // namespace cairn::node
