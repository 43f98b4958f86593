// SPDX-License-Identifier: MIT
#include "node/net/session.hpp"

#include <gtest/gtest.h>

#include "core/codec/rlp_encode.hpp"
#include "node/net/eth_capability.hpp"
#include "node/net/limits.hpp"
#include "tests/unit/node/net/support.hpp"

namespace cairn::node {
namespace {

template <class T>
const T* first_of(const std::vector<SessionEvent>& events) {
    for (const auto& event : events)
        if (const T* found = std::get_if<T>(&event)) return found;
    return nullptr;
}

class SessionPair : public testing::Test {
protected:
    NodeKey key_a_ = key_of(1);
    NodeKey key_b_ = key_of(2);
    Session::Config config_a_{&key_a_, "a", 1, eth_capabilities()};
    Session::Config config_b_{&key_b_, "b", 2, eth_capabilities()};
    std::optional<Session> a_;
    std::optional<Session> b_;
    std::vector<SessionEvent> events_a_;
    std::vector<SessionEvent> events_b_;

    void start(MonotonicMs now = 0) {
        a_.emplace(config_a_, key_b_.id, seeded(3), now);
        b_.emplace(config_b_, std::nullopt, seeded(4), now);
    }
    static void collect(Session& from, std::vector<SessionEvent>& into) {
        for (auto& event : from.take_events()) into.push_back(std::move(event));
    }
    /// Carries bytes to and fro, in pieces, until nobody has any.
    void settle(MonotonicMs now = 0, std::size_t piece = 100'000) {
        for (bool moved = true; moved;) {
            moved = carry(*a_, *b_, now, piece);
            moved = carry(*b_, *a_, now, piece) || moved;
        }
        collect(*a_, events_a_);
        collect(*b_, events_b_);
    }
    static bool carry(Session& from, Session& to, MonotonicMs now, std::size_t piece) {
        const Bytes bytes = from.take_output();
        for (std::size_t at = 0; at < bytes.size(); at += piece)
            to.receive(ByteView{bytes}.subspan(at, std::min(piece, bytes.size() - at)), now);
        return !bytes.empty();
    }
    void open() {
        start();
        settle();
        ASSERT_TRUE(a_->is_open());
        ASSERT_TRUE(b_->is_open());
        events_a_.clear();
        events_b_.clear();
    }
    SharedCapability eth() const { return {{"eth", 68}, 0x10, kEthCodeCount}; }
};

TEST_F(SessionPair, opens_on_both_sides_whatever_the_pieces) {
    for (const std::size_t piece : {1U, 13U, 100'000U}) {
        events_a_.clear();
        events_b_.clear();
        start();
        settle(0, piece);
        const auto* at_a = first_of<SessionOpened>(events_a_);
        const auto* at_b = first_of<SessionOpened>(events_b_);
        ASSERT_TRUE(at_a != nullptr && at_b != nullptr);
        EXPECT_EQ(at_a->hello.client, "b");
        EXPECT_EQ(at_b->hello.client, "a");
        EXPECT_EQ(at_b->hello.listen_port, 1U);
        EXPECT_EQ(at_a->shared, (std::vector<SharedCapability>{eth()}));
        EXPECT_EQ(b_->remote(), key_a_.id);
        EXPECT_EQ(a_->role(), Role::Initiator);
        EXPECT_EQ(b_->role(), Role::Recipient);
    }
}

TEST_F(SessionPair, messages_arrive_with_their_code_and_size) {
    open();
    const std::size_t wire = a_->send(eth(), 3, hex("c101"));
    settle();
    const auto* message = first_of<SessionMessage>(events_b_);
    ASSERT_NE(message, nullptr);
    EXPECT_EQ(message->code, 3U);
    EXPECT_EQ(message->payload, hex("c101"));
    EXPECT_EQ(message->wire_bytes, wire);
    EXPECT_EQ(message->capability, eth());
    EXPECT_EQ(b_->buffered_bytes(), 0U);
}

TEST_F(SessionPair, disconnect_tells_the_reason) {
    open();
    a_->close(DisconnectReason::TooManyPeers, "full");
    settle();
    const auto* here = first_of<SessionClosed>(events_a_);
    const auto* there = first_of<SessionClosed>(events_b_);
    ASSERT_TRUE(here != nullptr && there != nullptr);
    EXPECT_FALSE(here->by_remote);
    EXPECT_EQ(here->detail, "full");
    EXPECT_TRUE(there->by_remote);
    EXPECT_EQ(there->reason, DisconnectReason::TooManyPeers);
    EXPECT_FALSE(there->is_breach);
    EXPECT_TRUE(b_->is_closed());
}

TEST_F(SessionPair, no_common_capability_is_useless) {
    config_b_.capabilities = {{{"les", 4}, 10}};
    start();
    settle();
    EXPECT_EQ(first_of<SessionClosed>(events_a_)->reason, DisconnectReason::UselessPeer);
    EXPECT_FALSE(first_of<SessionClosed>(events_a_)->is_breach);
    EXPECT_TRUE(a_->is_closed() && b_->is_closed());
}

TEST_F(SessionPair, silence_in_the_handshake_ends_it) {
    start(1000);
    EXPECT_EQ(b_->deadline(), 1000 + kHandshakeTimeoutMs);
    b_->tick(1000 + kHandshakeTimeoutMs - 1);
    EXPECT_FALSE(b_->is_closed());
    b_->tick(1000 + kHandshakeTimeoutMs);
    EXPECT_TRUE(b_->is_closed());
    // No keys yet: nothing can be said.
    EXPECT_TRUE(b_->take_output().empty());
}

TEST_F(SessionPair, pings_a_silent_peer_and_takes_its_pong_for_life) {
    open();
    a_->tick(kPingIntervalMs - 1);
    EXPECT_TRUE(a_->take_output().empty());
    a_->tick(kPingIntervalMs);
    settle(kPingIntervalMs + 10);
    EXPECT_EQ(a_->deadline(), kPingIntervalMs + 10 + kPingIntervalMs);
    EXPECT_TRUE(events_a_.empty() && events_b_.empty());
    a_->tick(kReadTimeoutMs + 10);
    EXPECT_FALSE(a_->is_closed());
}

TEST_F(SessionPair, a_peer_silent_for_too_long_is_gone) {
    open();
    for (MonotonicMs now = 0; now < kReadTimeoutMs; now += 1000) a_->tick(now);
    EXPECT_FALSE(a_->is_closed());
    a_->tick(kReadTimeoutMs);
    collect(*a_, events_a_);
    EXPECT_EQ(first_of<SessionClosed>(events_a_)->reason, DisconnectReason::Timeout);
}

TEST_F(SessionPair, garbage_instead_of_a_handshake_is_a_breach) {
    start();
    b_->receive(Bytes(600, 0xff), 0);
    collect(*b_, events_b_);
    const auto* closed = first_of<SessionClosed>(events_b_);
    ASSERT_NE(closed, nullptr);
    EXPECT_TRUE(closed->is_breach);
}

TEST_F(SessionPair, a_changed_frame_is_a_breach) {
    open();
    (void)a_->send(eth(), 3, hex("c101"));
    Bytes bytes = a_->take_output();
    bytes[0] ^= 1;
    b_->receive(bytes, 0);
    collect(*b_, events_b_);
    EXPECT_TRUE(first_of<SessionClosed>(events_b_)->is_breach);
    EXPECT_EQ(first_of<SessionClosed>(events_b_)->reason, DisconnectReason::ProtocolBreach);
}

/// A peer that speaks frames but says what it likes.
class RawPeer : public SessionPair {
protected:
    std::optional<FrameCodec> raw_;

    /// Shakes hands with b_ as key_a_, without Hello.
    void shake() {
        b_.emplace(config_b_, std::nullopt, seeded(4), 0);
        RlpxHandshake handshake = RlpxHandshake::initiator(key_a_, key_b_.id, seeded(3));
        b_->receive(handshake.start(), 0);
        Bytes none;
        const Bytes answer = b_->take_output();
        ASSERT_TRUE(handshake.receive(answer, none));
        raw_.emplace(handshake.take_secrets());
    }
    Hello hello(const NodeId& id) const { return {5, "raw", {{"eth", 68}}, 0, id}; }
    SessionClosed closed_after(std::uint32_t code, ByteView payload) {
        Bytes wire;
        raw_->write(code, payload, wire);
        b_->receive(wire, 0);
        collect(*b_, events_b_);
        const auto* closed = first_of<SessionClosed>(events_b_);
        EXPECT_NE(closed, nullptr);
        return closed != nullptr ? *closed : SessionClosed{};
    }
};

TEST_F(RawPeer, hello_must_come_first) {
    shake();
    EXPECT_EQ(closed_after(2, hex("c0")).detail, "message before hello");
}

TEST_F(RawPeer, hello_must_name_the_key_of_the_handshake) {
    shake();
    const auto closed = closed_after(0, encode_hello(hello(key_b_.id)));
    EXPECT_EQ(closed.reason, DisconnectReason::UnexpectedIdentity);
}

TEST_F(RawPeer, hello_must_decode_and_be_short) {
    shake();
    EXPECT_TRUE(closed_after(0, hex("c0")).is_breach);
    shake();
    events_b_.clear();
    EXPECT_EQ(closed_after(0, Bytes(kHelloBytesMax)).detail, "message too large");
}

TEST_F(RawPeer, disconnect_may_come_instead_of_hello) {
    shake();
    const auto closed = closed_after(1, hex("c104"));
    EXPECT_TRUE(closed.by_remote);
    EXPECT_EQ(closed.reason, DisconnectReason::TooManyPeers);
}

TEST_F(RawPeer, second_hello_and_foreign_codes_end_it_while_unknown_base_codes_do_not) {
    for (const std::uint32_t code : {0U, 0x10U + kEthCodeCount}) {
        shake();
        Bytes wire;
        raw_->write(0, encode_hello(hello(key_a_.id)), wire);
        b_->receive(wire, 0);
        ASSERT_TRUE(b_->is_open());
        raw_->enable_snappy();
        Bytes unknown;
        raw_->write(9, hex("c0"), unknown);
        b_->receive(unknown, 0);
        EXPECT_TRUE(b_->is_open());
        events_b_.clear();
        EXPECT_TRUE(closed_after(code, encode_hello(hello(key_a_.id))).is_breach);
    }
}

TEST_F(RawPeer, version_4_goes_without_snappy) {
    shake();
    Hello old = hello(key_a_.id);
    old.version = 4;
    Bytes wire;
    raw_->write(0, encode_hello(old), wire);
    raw_->write(0x13, hex("c101"), wire);
    b_->receive(wire, 0);
    collect(*b_, events_b_);
    ASSERT_NE(first_of<SessionMessage>(events_b_), nullptr);
    EXPECT_EQ(first_of<SessionMessage>(events_b_)->payload, hex("c101"));
}

}  // namespace
}  // namespace cairn::node
