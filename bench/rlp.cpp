// SPDX-License-Identifier: MIT
// RLP on the shape that dominates a ledger: a list of signed transfers of about 110 bytes.
#include <benchmark/benchmark.h>

#include "core/codec/rlp_decode.hpp"
#include "core/codec/rlp_encode.hpp"

namespace cairn {
namespace {

using Receiver = FixedBytes<20, struct ReceiverTag>;

constexpr std::uint64_t kTransfers = 200;

void write_transfer(RlpWriter& w, std::uint64_t i) {
    w.begin_list();
    w.add(i);
    w.add(Uint256{20'000'000'000});
    w.add(std::uint64_t{21000});
    w.add(Receiver{});
    w.add(Uint256{1'000'000'000'000'000'000});
    w.add(ByteView{});
    w.add(std::uint64_t{37});
    w.add(Uint256::max() - Uint256{i});
    w.add(Uint256::max() - Uint256{2 * i});
    w.end_list();
}

Bytes block() {
    Bytes out;
    RlpWriter w{out};
    w.begin_list();
    for (std::uint64_t i = 0; i < kTransfers; ++i) write_transfer(w, i);
    w.end_list();
    return out;
}

void rlp_encode_block(benchmark::State& state) {
    Bytes out;
    for (auto _ : state) {
        out.clear();
        RlpWriter w{out};
        w.begin_list();
        for (std::uint64_t i = 0; i < kTransfers; ++i) write_transfer(w, i);
        w.end_list();
        benchmark::DoNotOptimize(out.data());
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * out.size()));
}

void rlp_decode_block(benchmark::State& state) {
    const Bytes input = block();
    for (auto _ : state) {
        RlpReader list = RlpReader::of_list(input);
        Uint256 sum;
        while (!list.at_end()) {
            RlpReader tx = list.list();
            std::uint64_t nonce = 0;
            std::uint64_t gas = 0;
            std::uint64_t v = 0;
            Uint256 price;
            Uint256 value;
            Uint256 r;
            Uint256 s;
            Receiver to;
            bool has_to = false;
            ByteView data;
            tx.read(nonce);
            tx.read(price);
            tx.read(gas);
            tx.read_optional(to, has_to);
            tx.read(value);
            tx.read_view(data);
            tx.read(v);
            tx.read(r);
            tx.read(s);
            if (!tx.finish()) state.SkipWithError("a transfer does not decode");
            sum += r;
        }
        if (!list.finish()) state.SkipWithError("the list does not decode");
        benchmark::DoNotOptimize(sum);
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * input.size()));
}

void rlp_validate_block(benchmark::State& state) {
    const Bytes input = block();
    for (auto _ : state) {
        const auto verdict = rlp_validate(input);
        if (!verdict) state.SkipWithError("the block is not valid");
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * input.size()));
}

BENCHMARK(rlp_encode_block);
BENCHMARK(rlp_decode_block);
BENCHMARK(rlp_validate_block);

}  // namespace
}  // namespace cairn
