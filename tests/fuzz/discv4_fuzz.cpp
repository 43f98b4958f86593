// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <random>

#include "core/base/assert.hpp"
#include "node/net/discovery.hpp"

// Discovery packets: as they are, and signed, so that what is inside is reached. The input is the
// packet's type and RLP; a node takes it raw and signed by one who has proved his endpoint.

namespace {

using namespace cairn;        // NOLINT: a program of one file
using namespace cairn::node;  // NOLINT

RandomFill seeded(std::uint64_t seed) {
    return [state = std::mt19937_64{seed}](std::span<std::uint8_t> out) mutable {
        for (auto& byte : out) byte = static_cast<std::uint8_t>(state());
    };
}

Bytes sign_packet(const NodeKey& key, ByteView type_and_data) {
    const auto signature = *secp256k1::sign(keccak256(type_and_data), key.secret);
    Bytes hashed = to_bytes(signature.r);
    append(hashed, signature.s);
    hashed.push_back(signature.y_parity);
    append(hashed, type_and_data);
    Bytes out = to_bytes(keccak256(hashed));
    append(out, hashed);
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const NodeKey kOwn = NodeKey::make(seeded(1));
    static const NodeKey kOther = NodeKey::make(seeded(2));
    const ByteView input{data, size};
    (void)discv4::decode_packet(input);
    if (size == 0 || size > kDiscoveryPacketMax) return 0;
    const Bytes packet = sign_packet(kOther, input);
    const auto decoded = discv4::decode_packet(packet);
    if (decoded && decoded->message.index() != 3) {  // neighbours of no use are dropped on the way
        const auto again =
            discv4::decode_packet(discv4::encode_packet(kOther, decoded->message).bytes);
        CAIRN_ASSERT(again && again->message.index() == decoded->message.index());
    }

    const Moment now{1, 1'700'000'000};
    const UdpAddress from{*IpAddress::parse("20.0.0.2"), 2};
    Discovery::Config config;
    config.key = &kOwn;
    config.bootnodes = {{kOther.id, {from.ip, from.port, 2}}};
    Discovery discovery{config, seeded(3), now};
    const auto output = discovery.take_output();
    const auto ping = discv4::decode_packet(output.front().bytes);
    discv4::Pong pong;
    pong.ping_hash = ping->hash;
    pong.expiration = now.seconds + 20;
    discovery.receive(discv4::encode_packet(kOther, pong).bytes, from, now);
    discovery.start_random_lookup(now);
    discovery.receive(packet, from, now);
    discovery.receive(packet, from, now);
    for (MonotonicMs ms = 0; ms < 5000; ms += 700) discovery.tick({ms, now.seconds});
    for (const Datagram& datagram : discovery.take_output())
        CAIRN_ASSERT(datagram.bytes.size() <= kDiscoveryPacketMax);
    CAIRN_ASSERT(discovery.requests_pending() <= kDiscoveryRequestsMax);
    return 0;
}
