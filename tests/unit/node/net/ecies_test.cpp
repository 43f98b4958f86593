// SPDX-License-Identifier: MIT
#include "node/net/ecies.hpp"

#include <gtest/gtest.h>

#include "tests/unit/node/net/eip8_vectors.hpp"
#include "tests/unit/node/net/support.hpp"

namespace cairn::node {
namespace {

constexpr AesBlock kIv{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

TEST(Ecies, opens_the_packet_of_eip8_with_its_length_as_authenticated_data) {
    const NodeKey b = key_of(eip8::kStaticKeyB);
    const Bytes packet = hex(eip8::kAuth2);
    const auto message =
        ecies_decrypt(b.secret, ByteView{packet}.subspan(2), ByteView{packet}.first(2));
    ASSERT_TRUE(message);
    EXPECT_EQ(message->size(), packet.size() - 2 - kEciesOverhead);
    // Behind the signature comes A's public key.
    EXPECT_NE(to_hex(*message).find(to_hex(key_of(eip8::kStaticKeyA).id)), std::string::npos);
}

TEST(Ecies, what_is_sealed_opens_for_its_recipient_only) {
    const NodeKey b = key_of(1);
    const NodeKey c = key_of(2);
    for (const std::size_t size : {0U, 1U, 15U, 16U, 17U, 500U}) {
        const Bytes text(size, 0x5a);
        const Bytes packet = ecies_encrypt(b.id, text, as_bytes("ad"), key_of(3), kIv);
        EXPECT_EQ(packet.size(), size + kEciesOverhead);
        const auto opened = ecies_decrypt(b.secret, packet, as_bytes("ad"));
        ASSERT_TRUE(opened);
        EXPECT_EQ(*opened, text);
        EXPECT_EQ(ecies_decrypt(c.secret, packet, as_bytes("ad")).error(), EciesError::BadTag);
        EXPECT_EQ(ecies_decrypt(b.secret, packet, as_bytes("da")).error(), EciesError::BadTag);
    }
}

TEST(Ecies, every_changed_byte_is_noticed) {
    const NodeKey b = key_of(1);
    const Bytes packet = ecies_encrypt(b.id, as_bytes("message"), {}, key_of(3), kIv);
    for (std::size_t i = 0; i < packet.size(); ++i) {
        Bytes changed = packet;
        changed[i] ^= 1;
        EXPECT_FALSE(ecies_decrypt(b.secret, changed, {})) << i;
    }
    Bytes off_curve = packet;
    std::fill_n(off_curve.begin() + 1, 64, std::uint8_t{0xff});
    EXPECT_EQ(ecies_decrypt(b.secret, off_curve, {}).error(), EciesError::BadPoint);
}

TEST(Ecies, truncated_at_every_byte_is_refused) {
    const NodeKey b = key_of(1);
    const Bytes packet = ecies_encrypt(b.id, as_bytes("message"), {}, key_of(3), kIv);
    for (std::size_t size = 0; size < packet.size(); ++size) {
        const auto opened = ecies_decrypt(b.secret, ByteView{packet}.first(size), {});
        ASSERT_FALSE(opened);
        if (size < kEciesOverhead) {
            EXPECT_EQ(opened.error(), EciesError::TooShort) << size;
        }
    }
}

}  // namespace
}  // namespace cairn::node
