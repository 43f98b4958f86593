// SPDX-License-Identifier: MIT
#include "node/net/discv4_packet.hpp"

#include <gtest/gtest.h>

#include "core/codec/rlp_encode.hpp"
#include "node/net/limits.hpp"
#include "tests/unit/node/net/eip8_vectors.hpp"
#include "tests/unit/node/net/support.hpp"

namespace cairn::node::discv4 {
namespace {

using eip8::kStaticKeyB;

IpAddress ip(std::string_view text) {
    return *IpAddress::parse(text);
}

template <class T>
T message_of(std::string_view vector) {
    const auto packet = decode_packet(hex(vector));
    EXPECT_TRUE(packet) << to_string(packet.error());
    EXPECT_EQ(packet->sender, key_of(kStaticKeyB).id);
    return std::get<T>(packet->message);
}

TEST(Discv4Packet, pings_of_eip8) {
    const auto four = message_of<Ping>(eip8::kPing4);
    EXPECT_EQ(four.version, 4U);
    EXPECT_EQ(four.from, (Endpoint{ip("127.0.0.1"), 3322, 5544}));
    EXPECT_EQ(four.to, (Endpoint{ip("::1"), 2222, 3333}));
    EXPECT_EQ(four.expiration, 1136239445U);
    EXPECT_EQ(four.enr_seq, 1U);  // the first of the additional elements stands in its place
    const auto later = message_of<Ping>(eip8::kPing555);
    EXPECT_EQ(later.version, 555U);
    EXPECT_EQ(later.from.ip, ip("2001:db8:3c4d:15::abcd:ef12"));
    EXPECT_EQ(later.to.tcp_port, 33338U);
    EXPECT_FALSE(later.enr_seq);  // a list stands there
}

TEST(Discv4Packet, pong_and_findnode_of_eip8) {
    const auto pong = message_of<Pong>(eip8::kPong);
    EXPECT_EQ(pong.to, (Endpoint{ip("2001:db8:85a3:8d3:1319:8a2e:370:7348"), 2222, 33338}));
    EXPECT_EQ(to_hex(pong.ping_hash),
              "fbc914b16819237dcd8801d7e53f69e9719adecb3cc0e790c57e91ca4461c954");
    EXPECT_EQ(pong.expiration, 1136239445U);
    const auto find = message_of<FindNode>(eip8::kFindNode);
    EXPECT_EQ(to_hex(find.target),
              "ca634cae0d49acb401d8a4c6b6fe8c55b70d115bf400769cc1400f3258cd3138"
              "7574077f301b421bc84df7266c44e9e6d569fc56be00812904767bf5ccd1fc7f");
    EXPECT_EQ(find.expiration, 1136239445U);
}

TEST(Discv4Packet, neighbors_of_eip8) {
    const auto m = message_of<Neighbors>(eip8::kNeighbors);
    ASSERT_EQ(m.nodes.size(), 4U);
    EXPECT_EQ(m.nodes[0].endpoint, (Endpoint{ip("99.33.22.55"), 4444, 4445}));
    EXPECT_EQ(m.nodes[1].endpoint, (Endpoint{ip("1.2.3.4"), 1, 1}));
    EXPECT_EQ(m.nodes[2].endpoint, (Endpoint{ip("2001:db8:3c4d:15::abcd:ef12"), 3333, 3333}));
    EXPECT_EQ(m.nodes[3].endpoint.udp_port, 999U);
    EXPECT_EQ(m.expiration, 1136239445U);
}

std::vector<Message> one_of_each(const NodeKey& key) {
    const Endpoint e{ip("192.0.2.1"), 1000, 2000};
    PacketHash hash;
    hash.bytes.fill(7);
    return {Ping{4, e, e, 100, 9},
            Pong{e, hash, 100, std::nullopt},
            FindNode{key_of(5).id, 100},
            Neighbors{{{key_of(6).id, e}}, 100},
            EnrRequest{100},
            EnrResponse{hash, NodeRecord::make(key, 1, {})}};
}

TEST(Discv4Packet, every_message_round_trips) {
    const NodeKey key = key_of(1);
    const auto messages = one_of_each(key);
    for (const Message& message : messages) {
        const EncodedPacket encoded = encode_packet(key, message);
        const auto packet = decode_packet(encoded.bytes);
        ASSERT_TRUE(packet) << message.index();
        EXPECT_EQ(packet->hash, encoded.hash);
        EXPECT_EQ(packet->sender, key.id);
        EXPECT_EQ(packet->message.index(), message.index());
        // Signatures are deterministic: the same fields give the same packet.
        EXPECT_EQ(encode_packet(key, packet->message).bytes, encoded.bytes);
        const bool is_response = std::holds_alternative<EnrResponse>(message);
        EXPECT_EQ(expiration_of(message),
                  is_response ? std::nullopt : std::optional<UnixSeconds>{100});
    }
}

TEST(Discv4Packet, truncated_or_changed_at_any_byte_is_refused) {
    const NodeKey key = key_of(1);
    for (const Message& message : one_of_each(key)) {
        const Bytes bytes = encode_packet(key, message).bytes;
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            const auto cut = decode_packet(ByteView{bytes}.first(i));
            ASSERT_FALSE(cut);
            EXPECT_EQ(cut.error(), i < 98 ? PacketError::TooSmall : PacketError::BadHash);
            Bytes changed = bytes;
            changed[i] ^= 1;
            EXPECT_EQ(decode_packet(changed).error(), PacketError::BadHash);
        }
    }
}

/// A packet with any content, its hash and signature right.
Bytes signed_packet(std::uint8_t type, ByteView data) {
    Bytes signed_part{type};
    append(signed_part, data);
    const auto signature = *secp256k1::sign(keccak256(signed_part), key_of(1).secret);
    Bytes hashed = to_bytes(signature.r);
    append(hashed, signature.s);
    hashed.push_back(signature.y_parity);
    append(hashed, signed_part);
    Bytes out = to_bytes(keccak256(hashed));
    append(out, hashed);
    return out;
}

TEST(Discv4Packet, each_error_for_its_reason) {
    EXPECT_EQ(decode_packet(Bytes(kDiscoveryPacketMax + 1)).error(), PacketError::TooLarge);
    EXPECT_EQ(decode_packet(signed_packet(0, hex("c0"))).error(), PacketError::UnknownType);
    EXPECT_EQ(decode_packet(signed_packet(7, hex("c0"))).error(), PacketError::UnknownType);
    for (std::uint8_t type = 1; type <= 6; ++type) {
        EXPECT_EQ(decode_packet(signed_packet(type, hex("c0"))).error(), PacketError::Malformed);
        EXPECT_EQ(decode_packet(signed_packet(type, hex("80"))).error(), PacketError::Malformed);
        EXPECT_EQ(decode_packet(signed_packet(type, {})).error(), PacketError::Malformed);
    }
    Bytes unsigned_hashed(66, 0);
    unsigned_hashed[65] = 1;
    Bytes packet = to_bytes(keccak256(unsigned_hashed));
    append(packet, unsigned_hashed);
    EXPECT_EQ(decode_packet(packet).error(), PacketError::BadSignature);
}

TEST(Discv4Packet, ports_may_have_leading_zeros_and_be_none) {
    // What @ethereumjs/devp2p 10.0.0 writes for an unknown port, and a number that is no port.
    const auto ping = decode_packet(
        signed_packet(1, hex("dd04c9847f00000182000080cc847f00000182003583010000846b0250c6")));
    ASSERT_TRUE(ping) << to_string(ping.error());
    const auto& m = std::get<Ping>(ping->message);
    EXPECT_EQ(m.from, (Endpoint{ip("127.0.0.1"), 0, 0}));
    EXPECT_EQ(m.to, (Endpoint{ip("127.0.0.1"), 0x35, 0}));
}

TEST(Discv4Packet, somebody_elses_record_is_refused) {
    const EnrResponse theirs{PacketHash{}, NodeRecord::make(key_of(2), 1, {})};
    EXPECT_EQ(decode_packet(encode_packet(key_of(1), theirs).bytes).error(),
              PacketError::BadRecord);
}

TEST(Discv4Packet, neighbours_that_are_none_are_left_out) {
    const NodeId good = key_of(6).id;
    const Neighbors m{{{good, {ip("1.2.3.4"), 1, 1}},
                       {good, {ip("1.2.3.4"), 0, 1}},
                       {good, {IpAddress{}, 1, 1}},
                       {NodeId{}, {ip("1.2.3.4"), 1, 1}}},
                      100};
    const auto packet = decode_packet(encode_packet(key_of(1), m).bytes);
    ASSERT_TRUE(packet);
    EXPECT_EQ(std::get<Neighbors>(packet->message).nodes.size(), 1U);
}

TEST(Discv4Packet, a_full_packet_of_neighbours_fits) {
    const Enode widest{key_of(6).id, {ip("2001:db8::1"), 65535, 65535}};
    const Neighbors m{std::vector<Enode>(kNeighborsPerPacket, widest), ~0ULL};
    const Bytes bytes = encode_packet(key_of(1), m).bytes;
    EXPECT_LE(bytes.size(), kDiscoveryPacketMax);
    // One more would not.
    EXPECT_GT(bytes.size() + 89, kDiscoveryPacketMax);
}

}  // namespace
}  // namespace cairn::node::discv4
