// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <random>

#include "core/base/assert.hpp"
#include "node/net/eth_capability.hpp"
#include "node/net/limits.hpp"
#include "node/net/rlpx_handshake.hpp"
#include "node/net/session.hpp"

// A stranger's bytes against both roles of the handshake and against a session, in two pieces: none
// may crash, and what a session holds stays bounded.

namespace {

using namespace cairn;        // NOLINT: a program of one file
using namespace cairn::node;  // NOLINT

RandomFill seeded(std::uint64_t seed) {
    return [state = std::mt19937_64{seed}](std::span<std::uint8_t> out) mutable {
        for (auto& byte : out) byte = static_cast<std::uint8_t>(state());
    };
}

const NodeKey& own_key() {
    static const NodeKey kKey = NodeKey::make(seeded(1));
    return kKey;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const ByteView input{data + 1, size - 1};
    static const NodeId kOther = NodeKey::make(seeded(2)).id;

    RlpxHandshake recipient = RlpxHandshake::recipient(own_key(), seeded(3));
    Bytes out;
    const auto used = recipient.receive(input, out);
    CAIRN_ASSERT(!used || *used <= input.size());

    RlpxHandshake initiator = RlpxHandshake::initiator(own_key(), kOther, seeded(4));
    (void)initiator.start();
    Bytes none;
    (void)initiator.receive(input, none);

    Session session{{&own_key(), "fuzz", 1, eth_capabilities()}, std::nullopt, seeded(5), 0};
    const std::size_t cut = input.size() * data[0] / 255;
    session.receive(input.first(cut), 1);
    session.receive(input.subspan(cut), 2);
    CAIRN_ASSERT(session.is_closed() || session.buffered_bytes() <= kHandshakePacketMax + 2);
    session.tick(1'000'000);
    CAIRN_ASSERT(session.is_closed());
    return 0;
}
