// SPDX-License-Identifier: MIT
#include <array>
#include <cstddef>
#include <cstdint>
#include <random>

#include "core/base/assert.hpp"
#include "node/net/eth_capability.hpp"
#include "node/net/frame_codec.hpp"
#include "node/net/session.hpp"

// A peer that holds the session's keys and says what it likes. The input is a list of frames, each
// a length byte, a code byte and a content: an open session takes them as they are (its snappy and
// base protocol are reached), or with bytes changed on their way.

namespace {

using namespace cairn;        // NOLINT: a program of one file
using namespace cairn::node;  // NOLINT

RandomFill seeded(std::uint64_t seed) {
    return [state = std::mt19937_64{seed}](std::span<std::uint8_t> out) mutable {
        for (auto& byte : out) byte = static_cast<std::uint8_t>(state());
    };
}

const NodeKey& key(std::uint64_t seed) {
    static const std::array<NodeKey, 2> kKeys{NodeKey::make(seeded(1)), NodeKey::make(seeded(2))};
    return kKeys[seed];
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    ByteView input{data, size};
    const std::uint8_t how = input[0];
    input = input.subspan(1);

    Session session{{&key(1), "fuzz", 1, eth_capabilities()}, std::nullopt, seeded(5), 0};
    RlpxHandshake handshake = RlpxHandshake::initiator(key(0), key(1).id, seeded(3));
    session.receive(handshake.start(), 0);
    Bytes none;
    const Bytes answer = session.take_output();
    CAIRN_ASSERT(handshake.receive(answer, none).has_value());
    FrameCodec raw{handshake.take_secrets()};
    if ((how & 1) != 0) {
        Bytes wire;
        const Hello hello{5, "raw", {{"eth", 68}}, 0, key(0).id};
        raw.write(0, encode_hello(hello), wire);
        session.receive(wire, 0);
        CAIRN_ASSERT(session.is_open());
    }
    while (input.size() >= 2 && !session.is_closed()) {
        const std::size_t length = std::min<std::size_t>(input[0], input.size() - 2);
        Bytes wire;
        raw.write(input[1], input.subspan(2, length), wire);
        if ((how & 2) != 0 && length > 0) wire[length % wire.size()] ^= input[2];
        session.receive(wire, 1);
        input = input.subspan(2 + length);
    }
    for (const SessionEvent& event : session.take_events())
        if (const auto* message = std::get_if<SessionMessage>(&event))
            CAIRN_ASSERT(message->payload.size() <= kMessageBytesMax &&
                         message->code < kEthCodeCount);
    return 0;
}
