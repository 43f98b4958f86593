// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>

#include <memory>
#include <random>

#include "node/net/discv4_packet.hpp"
#include "node/net/eth_messages.hpp"
#include "node/net/frame_codec.hpp"

// What the network's one thread pays: for a stranger who knocks, for each byte of a stream, for
// each datagram. The same paths are held to published vectors in tests/unit/node/net.

namespace {

using namespace cairn;        // NOLINT: a program of one file
using namespace cairn::node;  // NOLINT

RandomFill seeded(std::uint64_t seed) {
    return [state = std::make_shared<std::mt19937_64>(seed)](std::span<std::uint8_t> out) {
        for (auto& byte : out) byte = static_cast<std::uint8_t>((*state)());
    };
}

const NodeKey& key_a() {
    static const NodeKey kKey = NodeKey::make(seeded(1));
    return kKey;
}
const NodeKey& key_b() {
    static const NodeKey kKey = NodeKey::make(seeded(2));
    return kKey;
}

/// Both sides' secrets after a handshake.
std::pair<SessionSecrets, SessionSecrets> shake_hands() {
    RlpxHandshake from = RlpxHandshake::initiator(key_a(), key_b().id, seeded(3));
    RlpxHandshake to = RlpxHandshake::recipient(key_b(), seeded(4));
    Bytes ack;
    (void)to.receive(from.start(), ack);
    Bytes none;
    (void)from.receive(ack, none);
    return {from.take_secrets(), to.take_secrets()};
}

void BM_Handshake(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(shake_hands());
}
BENCHMARK(BM_Handshake)->Unit(benchmark::kMicrosecond);

/// Compresses, encrypts, tags, and back; the content is random, so that snappy gains nothing.
void BM_Frame(benchmark::State& state) {
    auto [secrets_a, secrets_b] = shake_hands();
    FrameCodec a{std::move(secrets_a)};
    FrameCodec b{std::move(secrets_b)};
    a.enable_snappy();
    b.enable_snappy();
    Bytes payload(static_cast<std::size_t>(state.range(0)));
    seeded(5)(payload);
    for (auto _ : state) {
        Bytes wire;
        a.write(0x10, payload, wire);
        std::size_t used = 0;
        auto message = b.read(wire, used);
        benchmark::DoNotOptimize(message);
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * state.range(0));
}
BENCHMARK(BM_Frame)->Arg(200)->Arg(4096)->Arg(1 << 20);

/// An announcement of as many transactions as one message may carry, decoded.
void BM_DecodeAnnouncement(benchmark::State& state) {
    NewPooledTransactionHashes message;
    message.txs.resize(kAnnouncedTxsSent);
    const RandomFill random = seeded(6);
    for (TxAnnouncement& tx : message.txs) random(tx.hash.bytes);
    const Bytes payload = encode_eth_message(EthVersion::Eth68, message);
    for (auto _ : state)
        benchmark::DoNotOptimize(decode_eth_message(EthVersion::Eth68, 8, payload));
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kAnnouncedTxsSent));
}
BENCHMARK(BM_DecodeAnnouncement)->Unit(benchmark::kMicrosecond);

/// One signed datagram: a signature to recover.
void BM_DiscoveryPacket(benchmark::State& state) {
    discv4::Ping ping;
    ping.expiration = 1;
    const Bytes packet = discv4::encode_packet(key_a(), ping).bytes;
    for (auto _ : state) benchmark::DoNotOptimize(discv4::decode_packet(packet));
}
BENCHMARK(BM_DiscoveryPacket)->Unit(benchmark::kMicrosecond);

}  // namespace
