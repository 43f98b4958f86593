// SPDX-License-Identifier: MIT
#include "node/net/rlpx_handshake.hpp"

#include <gtest/gtest.h>

#include "core/codec/rlp_encode.hpp"
#include "node/net/ecies.hpp"
#include "node/net/limits.hpp"
#include "tests/unit/node/net/eip8_vectors.hpp"
#include "tests/unit/node/net/support.hpp"

namespace cairn::node {
namespace {

Bytes script(std::string_view ephemeral, std::string_view nonce) {
    Bytes out = hex(ephemeral);
    append(out, hex(nonce));
    return out;
}

class HandshakeVectors : public testing::Test {
protected:
    NodeKey a_ = key_of(eip8::kStaticKeyA);
    NodeKey b_ = key_of(eip8::kStaticKeyB);

    RlpxHandshake initiator() {
        return RlpxHandshake::initiator(a_, b_.id,
                                        scripted(script(eip8::kEphemeralKeyA, eip8::kNonceA), 1));
    }
    RlpxHandshake recipient() {
        return RlpxHandshake::recipient(b_,
                                        scripted(script(eip8::kEphemeralKeyB, eip8::kNonceB), 2));
    }
};

TEST_F(HandshakeVectors, recipient_derives_the_secrets_of_eip8) {
    RlpxHandshake b = recipient();
    Bytes out;
    const Bytes auth = hex(eip8::kAuth2);
    const auto used = b.receive(auth, out);
    ASSERT_TRUE(used);
    EXPECT_EQ(*used, auth.size());
    ASSERT_TRUE(b.is_done());
    EXPECT_EQ(b.remote(), a_.id);
    SessionSecrets secrets = b.take_secrets();
    EXPECT_EQ(to_hex(secrets.aes.reveal()), eip8::kAesSecret);
    EXPECT_EQ(to_hex(secrets.mac.reveal()), eip8::kMacSecret);
    secrets.ingress_mac.update(as_bytes("foo"));
    EXPECT_EQ(to_hex(secrets.ingress_mac.peek()), eip8::kIngressMacFoo);
}

TEST_F(HandshakeVectors, initiator_derives_the_secrets_of_eip8) {
    RlpxHandshake a = initiator();
    (void)a.start();
    Bytes out;
    const Bytes ack = hex(eip8::kAck2);
    const auto used = a.receive(ack, out);
    ASSERT_TRUE(used);
    EXPECT_EQ(*used, ack.size());
    EXPECT_TRUE(out.empty());
    SessionSecrets secrets = a.take_secrets();
    EXPECT_EQ(to_hex(secrets.aes.reveal()), eip8::kAesSecret);
    EXPECT_EQ(to_hex(secrets.mac.reveal()), eip8::kMacSecret);
}

TEST_F(HandshakeVectors, every_form_of_both_packets_gives_the_same_secrets) {
    for (const auto vector : {eip8::kAuth1, eip8::kAuth2, eip8::kAuth3}) {
        RlpxHandshake b = recipient();
        Bytes out;
        const Bytes auth = hex(vector);
        ASSERT_EQ(*b.receive(auth, out), auth.size());
        EXPECT_EQ(b.remote(), a_.id);
        EXPECT_EQ(to_hex(b.take_secrets().aes.reveal()), eip8::kAesSecret);
    }
    for (const auto vector : {eip8::kAck1, eip8::kAck2, eip8::kAck3}) {
        RlpxHandshake a = initiator();
        (void)a.start();
        Bytes out;
        const Bytes ack = hex(vector);
        ASSERT_EQ(*a.receive(ack, out), ack.size());
        EXPECT_EQ(to_hex(a.take_secrets().mac.reveal()), eip8::kMacSecret);
    }
}

TEST_F(HandshakeVectors, the_old_form_is_answered_in_the_old_form) {
    RlpxHandshake b = recipient();
    Bytes out;
    ASSERT_TRUE(b.receive(hex(eip8::kAuth1), out));
    EXPECT_EQ(out.size(), hex(eip8::kAck1).size());
    EXPECT_TRUE(ecies_decrypt(a_.secret, out, {}));
}

TEST_F(HandshakeVectors, nothing_happens_before_the_last_byte) {
    for (const auto vector : {eip8::kAuth1, eip8::kAuth2}) {
        const Bytes auth = hex(vector);
        for (std::size_t size = 0; size < auth.size(); ++size) {
            RlpxHandshake b = recipient();
            Bytes out;
            const auto used = b.receive(ByteView{auth}.first(size), out);
            ASSERT_TRUE(used) << size;
            EXPECT_EQ(*used, 0U);
            EXPECT_FALSE(b.is_done());
            EXPECT_TRUE(out.empty());
        }
    }
}

TEST_F(HandshakeVectors, what_follows_the_packet_is_left) {
    RlpxHandshake b = recipient();
    Bytes out;
    Bytes auth = hex(eip8::kAuth2);
    const std::size_t size = auth.size();
    append(auth, as_bytes("frame"));
    EXPECT_EQ(*b.receive(auth, out), size);
}

TEST(RlpxHandshake, both_sides_agree_and_their_tags_face_each_other) {
    const NodeKey a = key_of(1);
    const NodeKey b = key_of(2);
    RlpxHandshake from = RlpxHandshake::initiator(a, b.id, seeded(3));
    RlpxHandshake to = RlpxHandshake::recipient(b, seeded(4));
    const Bytes auth = from.start();
    // Padded by at least 100 bytes (EIP-8), and within what we take ourselves.
    EXPECT_GT(auth.size(), 2 + kEciesOverhead + 169 + 100);
    EXPECT_LT(auth.size(), kHandshakePacketMax);
    Bytes ack;
    ASSERT_TRUE(to.receive(auth, ack));
    Bytes none;
    ASSERT_TRUE(from.receive(ack, none));
    SessionSecrets x = from.take_secrets();
    SessionSecrets y = to.take_secrets();
    EXPECT_TRUE(x.aes == y.aes);
    EXPECT_TRUE(x.mac == y.mac);
    EXPECT_EQ(x.egress_mac.peek(), y.ingress_mac.peek());
    EXPECT_EQ(x.ingress_mac.peek(), y.egress_mac.peek());
    EXPECT_NE(x.ingress_mac.peek(), x.egress_mac.peek());
}

/// A packet for `to` with the given body, in EIP-8's form.
Bytes sealed(const NodeId& to, ByteView body) {
    const std::size_t size = body.size() + kEciesOverhead;
    Bytes out{static_cast<std::uint8_t>(size >> 8), static_cast<std::uint8_t>(size)};
    append(out, ecies_encrypt(to, body, Bytes{out}, key_of(77), AesBlock{}));
    return out;
}

HandshakeError error_of_auth(ByteView packet) {
    const NodeKey b = key_of(2);
    RlpxHandshake to = RlpxHandshake::recipient(b, seeded(4));
    Bytes out;
    const auto verdict = to.receive(packet, out);
    EXPECT_TRUE(out.empty());
    return verdict.error();
}

Bytes auth_body(ByteView signature, const NodeId& key, ByteView nonce) {
    Bytes out;
    RlpWriter writer{out};
    writer.begin_list();
    writer.add(signature);
    writer.add(key);
    writer.add(nonce);
    writer.add(std::uint8_t{4});
    writer.end_list();
    return out;
}

TEST(RlpxHandshake, refuses_impossible_lengths) {
    const Bytes zeros(400);
    Bytes packet = zeros;
    packet[0] = (kHandshakePacketMax + 1) >> 8;
    packet[1] = (kHandshakePacketMax + 1) & 0xff;
    EXPECT_EQ(error_of_auth(packet), HandshakeError::TooLarge);
    packet[0] = 0;
    packet[1] = kEciesOverhead - 1;
    EXPECT_EQ(error_of_auth(packet), HandshakeError::TooLarge);
    packet[1] = kEciesOverhead;
    EXPECT_EQ(error_of_auth(packet), HandshakeError::Undecryptable);
}

TEST(RlpxHandshake, refuses_what_is_for_somebody_else) {
    const NodeKey a = key_of(1);
    RlpxHandshake from = RlpxHandshake::initiator(a, key_of(9).id, seeded(3));
    EXPECT_EQ(error_of_auth(from.start()), HandshakeError::Undecryptable);
}

TEST(RlpxHandshake, refuses_malformed_bodies) {
    const NodeId b = key_of(2).id;
    const NodeId a = key_of(1).id;
    const Bytes signature(65, 1);
    const Bytes nonce(32, 1);
    EXPECT_EQ(error_of_auth(sealed(b, {})), HandshakeError::Malformed);
    EXPECT_EQ(error_of_auth(sealed(b, hex("83010203"))), HandshakeError::Malformed);
    EXPECT_EQ(error_of_auth(sealed(b, hex("c0"))), HandshakeError::Malformed);
    EXPECT_EQ(error_of_auth(sealed(b, auth_body(Bytes(64, 1), a, nonce))),
              HandshakeError::Malformed);
    EXPECT_EQ(error_of_auth(sealed(b, auth_body(signature, a, Bytes(31, 1)))),
              HandshakeError::Malformed);
}

TEST(RlpxHandshake, refuses_keys_off_the_curve_and_signatures_of_nobody) {
    const NodeId b = key_of(2).id;
    const Bytes nonce(32, 1);
    EXPECT_EQ(error_of_auth(sealed(b, auth_body(Bytes(65, 1), NodeId{}, nonce))),
              HandshakeError::BadKey);
    EXPECT_EQ(error_of_auth(sealed(b, auth_body(Bytes(65, 0xff), key_of(1).id, nonce))),
              HandshakeError::BadSignature);
}

TEST(RlpxHandshake, initiator_refuses_an_ephemeral_key_off_the_curve) {
    const NodeKey a = key_of(1);
    RlpxHandshake from = RlpxHandshake::initiator(a, key_of(2).id, seeded(3));
    (void)from.start();
    Bytes body;
    RlpWriter writer{body};
    writer.begin_list();
    writer.add(NodeId{});
    writer.add(Hash256{});
    writer.add(std::uint8_t{4});
    writer.end_list();
    Bytes out;
    EXPECT_EQ(from.receive(sealed(a.id, body), out).error(), HandshakeError::BadKey);
}

}  // namespace
}  // namespace cairn::node
