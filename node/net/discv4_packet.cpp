// SPDX-License-Identifier: MIT
#include "node/net/discv4_packet.hpp"

#include "core/base/assert.hpp"
#include "core/codec/rlp_decode.hpp"
#include "core/codec/rlp_encode.hpp"
#include "node/net/limits.hpp"

namespace cairn::node::discv4 {
namespace {

constexpr std::size_t kHashBytes = 32;
constexpr std::size_t kSignatureBytes = 65;
constexpr std::size_t kHeadBytes = kHashBytes + kSignatureBytes + 1;

enum class Type : std::uint8_t {
    Ping = 1,
    Pong = 2,
    FindNode = 3,
    Neighbors = 4,
    EnrRequest = 5,
    EnrResponse = 6,
};

// --- Reading -----------------------------------------------------------------------------------

/// A port; 0 where the number is no port. Leading zeros are forgiven: ethereumjs writes two bytes
/// whatever the port is.
bool read_port(RlpReader& reader, std::uint16_t& out) {
    ByteView bytes;
    if (!reader.read_view(bytes)) return false;
    while (!bytes.empty() && bytes[0] == 0) bytes = bytes.subspan(1);
    out = 0;
    if (bytes.size() > 2) return true;
    for (const std::uint8_t byte : bytes) out = static_cast<std::uint16_t>(out << 8 | byte);
    return true;
}

/// [ip, udp, tcp, …]. Some clients write an empty address, or one they do not know: unspecified.
Endpoint read_endpoint_fields(RlpReader& fields) {
    Endpoint out;
    ByteView ip;
    fields.read_view(ip);
    out.ip = IpAddress::from_bytes(ip).value_or(IpAddress{});
    read_port(fields, out.udp_port);
    read_port(fields, out.tcp_port);
    return out;
}

Endpoint read_endpoint(RlpReader& reader) {
    RlpReader fields = reader.list();
    const Endpoint out = read_endpoint_fields(fields);
    if (fields.failed()) reader.fail(fields.error());
    return out;
}

/// The record's number of EIP-868, where the item in its place is an integer: in older packets
/// anything may stand there.
std::optional<std::uint64_t> read_enr_seq(RlpReader& reader) {
    if (reader.failed() || reader.at_end()) return std::nullopt;
    RlpItem item;
    if (!reader.read_item(item) || item.is_list) return std::nullopt;
    const auto seq = rlp_decode<std::uint64_t>(item.encoded);
    return seq ? std::optional{*seq} : std::nullopt;
}

Neighbors read_neighbors(RlpReader& reader) {
    Neighbors m;
    RlpReader list = reader.list();
    while (!list.at_end()) {
        RlpReader fields = list.list();
        Enode node;
        node.endpoint = read_endpoint_fields(fields);
        fields.read(node.id);
        if (fields.failed()) {
            list.fail(fields.error());
            break;
        }
        if (node.endpoint.udp_port != 0 && !node.endpoint.ip.is_unspecified() &&
            secp256k1::is_on_curve(node.id))
            m.nodes.push_back(node);
    }
    if (list.failed()) reader.fail(list.error());
    reader.read(m.expiration);
    return m;
}

std::optional<Message> read_message(Type type, RlpReader& reader) {
    switch (type) {
        case Type::Ping: {
            Ping m;
            reader.read(m.version);
            m.from = read_endpoint(reader);
            m.to = read_endpoint(reader);
            reader.read(m.expiration);
            m.enr_seq = read_enr_seq(reader);
            return m;
        }
        case Type::Pong: {
            Pong m;
            m.to = read_endpoint(reader);
            reader.read(m.ping_hash);
            reader.read(m.expiration);
            m.enr_seq = read_enr_seq(reader);
            return m;
        }
        case Type::FindNode: {
            FindNode m;
            reader.read(m.target);
            reader.read(m.expiration);
            return m;
        }
        case Type::Neighbors:
            return read_neighbors(reader);
        case Type::EnrRequest: {
            EnrRequest m;
            reader.read(m.expiration);
            return m;
        }
        case Type::EnrResponse:
            break;  // below: its errors are its own
    }
    return std::nullopt;
}

Result<Message, PacketError> read_record(RlpReader& reader, const NodeId& sender) {
    PacketHash hash;
    RlpItem item;
    reader.read(hash);
    reader.read_item(item);
    if (reader.failed()) return Unexpected{PacketError::Malformed};
    auto record = NodeRecord::decode(item.encoded);
    if (!record || record->id() != sender) return Unexpected{PacketError::BadRecord};
    return Message{EnrResponse{hash, std::move(*record)}};
}

// --- Writing -----------------------------------------------------------------------------------

class BodyWriter {
public:
    explicit BodyWriter(Bytes& out) : rlp_{out} {}

    Type operator()(const Ping& m) {
        rlp_.begin_list();
        rlp_.add(m.version);
        endpoint(m.from);
        endpoint(m.to);
        rlp_.add(m.expiration);
        if (m.enr_seq) rlp_.add(*m.enr_seq);
        rlp_.end_list();
        return Type::Ping;
    }
    Type operator()(const Pong& m) {
        rlp_.begin_list();
        endpoint(m.to);
        rlp_.add(m.ping_hash);
        rlp_.add(m.expiration);
        if (m.enr_seq) rlp_.add(*m.enr_seq);
        rlp_.end_list();
        return Type::Pong;
    }
    Type operator()(const FindNode& m) {
        rlp_.begin_list();
        rlp_.add(m.target);
        rlp_.add(m.expiration);
        rlp_.end_list();
        return Type::FindNode;
    }
    Type operator()(const Neighbors& m) {
        rlp_.begin_list();
        rlp_.begin_list();
        for (const Enode& node : m.nodes) {
            rlp_.begin_list();
            endpoint_fields(node.endpoint);
            rlp_.add(node.id);
            rlp_.end_list();
        }
        rlp_.end_list();
        rlp_.add(m.expiration);
        rlp_.end_list();
        return Type::Neighbors;
    }
    Type operator()(const EnrRequest& m) {
        rlp_.begin_list();
        rlp_.add(m.expiration);
        rlp_.end_list();
        return Type::EnrRequest;
    }
    Type operator()(const EnrResponse& m) {
        rlp_.begin_list();
        rlp_.add(m.request_hash);
        rlp_.add_raw(m.record.encoded());
        rlp_.end_list();
        return Type::EnrResponse;
    }

private:
    void endpoint_fields(const Endpoint& e) {
        rlp_.add(e.ip.view());
        rlp_.add(std::uint64_t{e.udp_port});
        rlp_.add(std::uint64_t{e.tcp_port});
    }
    void endpoint(const Endpoint& e) {
        rlp_.begin_list();
        endpoint_fields(e);
        rlp_.end_list();
    }

    RlpWriter rlp_;
};

}  // namespace

std::string_view to_string(PacketError error) noexcept {
    switch (error) {
        case PacketError::TooLarge:
            return "too large";
        case PacketError::TooSmall:
            return "too small";
        case PacketError::BadHash:
            return "wrong hash";
        case PacketError::BadSignature:
            return "invalid signature";
        case PacketError::UnknownType:
            return "unknown packet type";
        case PacketError::Malformed:
            return "malformed";
        case PacketError::BadRecord:
            return "invalid node record";
    }
    return "unknown";
}

Result<Packet, PacketError> decode_packet(ByteView datagram) {
    if (datagram.size() > kDiscoveryPacketMax) return Unexpected{PacketError::TooLarge};
    if (datagram.size() < kHeadBytes) return Unexpected{PacketError::TooSmall};
    const ByteView hashed = datagram.subspan(kHashBytes);
    const auto hash = keccak256(hashed).as<PacketHash>();
    if (!equal(hash, datagram.first(kHashBytes))) return Unexpected{PacketError::BadHash};

    const ByteView signature = hashed.first(kSignatureBytes);
    const ByteView signed_part = hashed.subspan(kSignatureBytes);
    const secp256k1::Signature parsed{Hash256::from(signature.first(32)),
                                      Hash256::from(signature.subspan(32, 32)), signature[64]};
    const auto sender = secp256k1::recover(keccak256(signed_part), parsed);
    if (!sender) return Unexpected{PacketError::BadSignature};

    const std::uint8_t type = signed_part[0];
    if (type < 1 || type > 6) return Unexpected{PacketError::UnknownType};
    ByteView rest = signed_part.subspan(1);
    const auto list = rlp_take_item(rest);
    if (!list || !list->is_list) return Unexpected{PacketError::Malformed};
    RlpReader reader{list->payload};
    if (static_cast<Type>(type) == Type::EnrResponse) {
        auto record = read_record(reader, *sender);
        if (!record) return Unexpected{record.error()};
        return Packet{*sender, hash, std::move(*record)};
    }
    auto message = read_message(static_cast<Type>(type), reader);
    if (!message || reader.failed()) return Unexpected{PacketError::Malformed};
    return Packet{*sender, hash, std::move(*message)};
}

EncodedPacket encode_packet(const NodeKey& key, const Message& message) {
    Bytes body;
    const Type type = std::visit(BodyWriter{body}, message);
    Bytes signed_part{static_cast<std::uint8_t>(type)};
    append(signed_part, body);
    const auto signature = secp256k1::sign(keccak256(signed_part), key.secret);
    CAIRN_ASSERT(signature.has_value());

    Bytes hashed = to_bytes(signature->r);
    append(hashed, signature->s);
    hashed.push_back(signature->y_parity);
    append(hashed, signed_part);
    EncodedPacket out;
    out.hash = keccak256(hashed).as<PacketHash>();
    out.bytes = to_bytes(out.hash);
    append(out.bytes, hashed);
    CAIRN_ASSERT(out.bytes.size() <= kDiscoveryPacketMax);
    return out;
}

std::optional<UnixSeconds> expiration_of(const Message& message) noexcept {
    return std::visit(
        [](const auto& m) -> std::optional<UnixSeconds> {
            if constexpr (std::is_same_v<std::decay_t<decltype(m)>, EnrResponse>)
                return std::nullopt;
            else
                return m.expiration;
        },
        message);
}

}  // namespace cairn::node::discv4
