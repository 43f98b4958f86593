// SPDX-License-Identifier: MIT
#include "node/net/frame_codec.hpp"

#include <gtest/gtest.h>

#include "tests/unit/node/net/support.hpp"

namespace cairn::node {
namespace {

struct Pair {
    FrameCodec a;
    FrameCodec b;
};

Pair make_pair() {
    const NodeKey key_a = key_of(1);
    const NodeKey key_b = key_of(2);
    RlpxHandshake from = RlpxHandshake::initiator(key_a, key_b.id, seeded(3));
    RlpxHandshake to = RlpxHandshake::recipient(key_b, seeded(4));
    Bytes ack;
    EXPECT_TRUE(to.receive(from.start(), ack));
    Bytes none;
    EXPECT_TRUE(from.receive(ack, none));
    return {FrameCodec{from.take_secrets()}, FrameCodec{to.take_secrets()}};
}

WireMessage read_one(FrameCodec& codec, ByteView bytes) {
    std::size_t used = 0;
    auto message = codec.read(bytes, used);
    EXPECT_TRUE(message);
    EXPECT_TRUE(message->has_value());
    EXPECT_EQ(used, bytes.size());
    return std::move(**message);
}

/// Source: the frame that py-, cpp- and go-ethereum's tests share: the cipher's key is keccak256 of
/// nothing, message 8 carries the list [1, 2, 3, 4]. (Their tags come from a hash made up for the
/// test, so that only the ciphertexts can be compared.)
TEST(FrameCodec, ciphertexts_of_the_shared_vector) {
    SessionSecrets secrets;
    secrets.aes = Secret<32>::from(kEmptyKeccak);
    secrets.mac = Secret<32>::from(kEmptyKeccak);
    FrameCodec codec{std::move(secrets)};
    Bytes wire;
    codec.write(8, hex("c401020304"), wire);
    ASSERT_EQ(wire.size(), 64U);
    EXPECT_EQ(to_hex(ByteView{wire}.first(16)), "00828ddae471818bb0bfa6b551d1cb42");
    EXPECT_EQ(to_hex(ByteView{wire}.subspan(32, 16)), "ba628a4ba590cb43f7848f41c4382885");
}

TEST(FrameCodec, both_directions_with_and_without_snappy) {
    for (const bool snappy : {false, true}) {
        Pair pair = make_pair();
        if (snappy) {
            pair.a.enable_snappy();
            pair.b.enable_snappy();
        }
        // Lengths on both sides of the cipher's block, and codes of one and two bytes.
        for (const std::size_t size : {0U, 1U, 14U, 15U, 16U, 17U, 31U, 1000U, 70000U}) {
            for (const std::uint32_t code : {0U, 1U, 0x7fU, 0x80U, 0x1234U}) {
                Bytes payload(size);
                for (std::size_t i = 0; i < size; ++i)
                    payload[i] = static_cast<std::uint8_t>(i * 7 + code);
                Bytes wire;
                pair.a.write(code, payload, wire);
                EXPECT_EQ(wire.size() % 16, 0U);
                const WireMessage there = read_one(pair.b, wire);
                EXPECT_EQ(there.code, code);
                EXPECT_EQ(there.payload, payload);
                EXPECT_EQ(there.wire_bytes, wire.size());
                Bytes back;
                pair.b.write(code, payload, back);
                EXPECT_EQ(read_one(pair.a, back).payload, payload);
            }
        }
    }
}

TEST(FrameCodec, pieces_of_any_size_give_the_same_message) {
    for (const std::size_t piece : {1U, 7U, 16U, 33U}) {
        Pair pair = make_pair();
        Bytes wire;
        pair.a.write(5, Bytes(100, 3), wire);
        Bytes held;
        std::optional<WireMessage> message;
        for (std::size_t at = 0; at < wire.size(); at += piece) {
            append(held, ByteView{wire}.subspan(at, std::min(piece, wire.size() - at)));
            const std::size_t wanted = pair.b.bytes_wanted();
            std::size_t used = 0;
            auto read = pair.b.read(held, used);
            ASSERT_TRUE(read);
            if (held.size() < wanted) {
                EXPECT_EQ(used, 0U);
            }
            held.erase(held.begin(), held.begin() + static_cast<std::ptrdiff_t>(used));
            if (*read) message = std::move(**read);
        }
        ASSERT_TRUE(message);
        EXPECT_EQ(message->payload, Bytes(100, 3));
        EXPECT_TRUE(held.empty());
    }
}

TEST(FrameCodec, every_changed_byte_is_noticed) {
    const std::size_t size = [] {
        Pair pair = make_pair();
        Bytes wire;
        pair.a.write(5, Bytes(40, 3), wire);
        return wire.size();
    }();
    for (std::size_t i = 0; i < size; ++i) {
        Pair pair = make_pair();
        Bytes wire;
        pair.a.write(5, Bytes(40, 3), wire);
        wire[i] ^= 0x10;
        std::size_t used = 0;
        const auto read = pair.b.read(wire, used);
        ASSERT_FALSE(read) << i;
        EXPECT_EQ(read.error(), i < 32 ? FrameError::BadHeaderTag : FrameError::BadBodyTag) << i;
    }
}

TEST(FrameCodec, a_repeated_frame_is_noticed) {
    Pair pair = make_pair();
    Bytes wire;
    pair.a.write(5, Bytes(40, 3), wire);
    (void)read_one(pair.b, wire);
    std::size_t used = 0;
    EXPECT_EQ(pair.b.read(wire, used).error(), FrameError::BadHeaderTag);
}

TEST(FrameCodec, frame_bound_is_judged_by_the_header_alone) {
    for (const std::size_t over : {0U, 1U}) {
        Pair pair = make_pair();
        pair.b.set_frame_bytes_max(100);
        Bytes wire;
        // One byte of the content is the code.
        pair.a.write(5, Bytes(99 + over, 3), wire);
        std::size_t used = 0;
        const auto read = pair.b.read(ByteView{wire}.first(32), used);
        EXPECT_EQ(read.has_value(), over == 0);
        if (!read) {
            EXPECT_EQ(read.error(), FrameError::TooLarge);
        }
    }
}

/// What b says of content that a wrote as it is, when b takes it for compressed.
FrameError error_of_compressed(ByteView content) {
    Pair pair = make_pair();
    pair.b.enable_snappy();
    Bytes wire;
    pair.a.write(5, content, wire);
    std::size_t used = 0;
    return pair.b.read(wire, used).error();
}

TEST(FrameCodec, a_goodbye_is_read_without_compression_too) {
    Pair pair = make_pair();
    pair.b.enable_snappy();
    Bytes wire;
    pair.a.write(1, hex("04"), wire);
    pair.a.write(2, hex("04"), wire);
    std::size_t used = 0;
    const auto goodbye = pair.b.read(wire, used);
    ASSERT_TRUE(goodbye && *goodbye);
    EXPECT_EQ((*goodbye)->code, 1U);
    EXPECT_EQ((*goodbye)->payload, hex("04"));
    std::size_t more = 0;
    EXPECT_EQ(pair.b.read(ByteView{wire}.subspan(used), more).error(), FrameError::BadSnappy);
}

TEST(FrameCodec, snappy_promises_are_bounded_before_memory_is_taken) {
    // The preamble is the length as a base-128 number, least significant digit first.
    EXPECT_EQ(error_of_compressed(hex("8180800800")), FrameError::TooLarge);       // 2^24 + 1
    EXPECT_EQ(error_of_compressed(hex("8080800800")), FrameError::SnappyPromise);  // 2^24
    EXPECT_EQ(error_of_compressed(hex("ffffffff0f")), FrameError::TooLarge);
    EXPECT_EQ(error_of_compressed(hex("ffffffffff")), FrameError::BadSnappy);
    EXPECT_EQ(error_of_compressed({}), FrameError::BadSnappy);
    EXPECT_EQ(error_of_compressed(hex("0a0041")), FrameError::BadSnappy);  // ten bytes, one there
}

TEST(FrameCodec, highly_compressible_content_is_no_breach) {
    Pair pair = make_pair();
    pair.a.enable_snappy();
    pair.b.enable_snappy();
    Bytes wire;
    pair.a.write(5, Bytes(1 << 20), wire);
    EXPECT_LT(wire.size(), 1U << 16);
    EXPECT_EQ(read_one(pair.b, wire).payload.size(), 1U << 20);
}

TEST(FrameCodec, errors_have_names) {
    for (const auto error :
         {FrameError::BadHeaderTag, FrameError::BadBodyTag, FrameError::Empty, FrameError::TooLarge,
          FrameError::BadCode, FrameError::BadSnappy, FrameError::SnappyPromise})
        EXPECT_NE(to_string(error), "unknown");
}

}  // namespace
}  // namespace cairn::node
