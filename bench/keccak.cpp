// SPDX-License-Identifier: MIT
// Keccak-256 by input length, its permutation by instruction set, batches for trie hashing, and SHA-256, RIPEMD-160 and
// BLAKE2b beside it.
#include "core/crypto/keccak.hpp"

#include <benchmark/benchmark.h>

#include <vector>

#include "core/crypto/blake2.hpp"
#include "core/crypto/keccak_kernels.hpp"
#include "core/crypto/ripemd160.hpp"
#include "core/crypto/sha256.hpp"

namespace {

using namespace cairn;

template <class Hash>
void hash_by_length(benchmark::State& state, Hash hash) {
    Bytes message(static_cast<std::size_t>(state.range(0)), 0x5a);
    for (auto _ : state) {
        benchmark::DoNotOptimize(message.data());
        benchmark::DoNotOptimize(hash(ByteView{message}));
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * state.range(0));
}

void keccak256_length(benchmark::State& state) { hash_by_length(state, keccak256); }
BENCHMARK(keccak256_length)->Arg(0)->Arg(20)->Arg(32)->Arg(64)->Arg(135)->Arg(136)->Arg(532)->Arg(1024)->Arg(24576);

void keccak512_length(benchmark::State& state) { hash_by_length(state, keccak512); }
BENCHMARK(keccak512_length)->Arg(40)->Arg(64);

void keccak256_pieces(benchmark::State& state) {
    const Bytes message(static_cast<std::size_t>(state.range(0)), 0x5a);
    for (auto _ : state) benchmark::DoNotOptimize(Keccak256{}.update(message).finish());
}
BENCHMARK(keccak256_pieces)->Arg(32)->Arg(532);

template <class Permute>
void permutation(benchmark::State& state, Permute permute, bool supported, std::size_t width) {
    if (!supported) {
        state.SkipWithError("not supported by this processor");
        return;
    }
    alignas(64) std::uint64_t lanes[25 * 8] = {};
    for (auto _ : state) {
        permute(lanes);
        benchmark::DoNotOptimize(lanes);
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * width));
}
BENCHMARK_CAPTURE(permutation, portable, keccak_kernels::permute_portable, true, 1);
#if defined(__x86_64__)
const bool kHasBmi = __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
const bool kHasAvx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl");
BENCHMARK_CAPTURE(permutation, bmi, keccak_kernels::permute_bmi, kHasBmi, 1);
BENCHMARK_CAPTURE(permutation, x4_avx512, keccak_kernels::permute_x4_avx512, kHasAvx512, 4);
BENCHMARK_CAPTURE(permutation, x8_avx512, keccak_kernels::permute_x8_avx512, kHasAvx512, 8);
#endif

/// Time per hash, in batches of range(1) messages of range(0) bytes.
void keccak256_batches(benchmark::State& state) {
    const auto size = static_cast<std::size_t>(state.range(0));
    const auto count = static_cast<std::size_t>(state.range(1));
    const Bytes messages(size * count, 0x5a);
    std::vector<ByteView> views;
    for (std::size_t i = 0; i < count; ++i) views.push_back(ByteView{messages}.subspan(i * size, size));
    std::vector<Hash256> out(count);
    for (auto _ : state) {
        keccak256_batch(views, out);
        benchmark::DoNotOptimize(out.data());
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * count));
}
BENCHMARK(keccak256_batches)->ArgsProduct({{32, 110, 532}, {1, 2, 4, 8, 64}});

void sha256_length(benchmark::State& state) { hash_by_length(state, sha256); }
BENCHMARK(sha256_length)->Arg(0)->Arg(32)->Arg(64)->Arg(80)->Arg(1024);

void ripemd160_length(benchmark::State& state) { hash_by_length(state, ripemd160); }
BENCHMARK(ripemd160_length)->Arg(32)->Arg(1024);

void blake2b_rounds(benchmark::State& state) {
    std::array<std::uint64_t, 8> h{};
    const std::array<std::uint64_t, 16> m{1, 2, 3};
    for (auto _ : state) {
        blake2b_compress(static_cast<std::uint32_t>(state.range(0)), h, m, {0, 0}, false);
        benchmark::DoNotOptimize(h);
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * state.range(0));
}
BENCHMARK(blake2b_rounds)->Arg(1)->Arg(12)->Arg(1200);

}  // namespace
