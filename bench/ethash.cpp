// SPDX-License-Identifier: MIT
// Checking seals: Ethash's cache per epoch, its light verification, the refusal of a bad seal
// without a cache, and SHA-256d beside them.
#include "core/crypto/ethash.hpp"

#include <benchmark/benchmark.h>

#include <cstdlib>

#include "chain/rules/pow.hpp"
#include "core/base/hex.hpp"
#include "core/types/mining_job.hpp"

namespace {

using namespace cairn;

/// The first case of the public PoWTests: the path that is timed must be right.
void check_vector(const EthashCache& cache) {
    const auto seal =
        fixed_from_hex<Hash256>("2a8de2adf89af77358250bf908bf04ba94a6e8c3ba87775564a41d269a05e4ce");
    const auto mix =
        fixed_from_hex<Hash256>("58f759ede17a706c93f13030328bcea40c1d1341fb26f2facd21ceb0dae57017");
    if (cache.hash(*seal, 0x4242424242424242).mix != *mix) std::abort();
}

void make_cache(benchmark::State& state) {
    for (auto _ : state)
        benchmark::DoNotOptimize(EthashCache{static_cast<std::uint64_t>(state.range(0))});
}
BENCHMARK(make_cache)->Arg(0)->Arg(500)->Unit(benchmark::kMillisecond);

void light_hash(benchmark::State& state) {
    const EthashCache cache{0};
    check_vector(cache);
    std::uint64_t nonce = 0;
    for (auto _ : state) benchmark::DoNotOptimize(cache.hash(Hash256{}, nonce++));
}
BENCHMARK(light_hash)->Unit(benchmark::kMicrosecond);

void refuse_without_cache(benchmark::State& state) {
    std::uint64_t nonce = 0;
    for (auto _ : state) benchmark::DoNotOptimize(ethash_value(Hash256{}, nonce++, Hash256{}));
}
BENCHMARK(refuse_without_cache);

void check_sha256d(benchmark::State& state) {
    const auto engine = chain::make_seal_engine(chain::SealKind::Sha256d);
    Header header;
    header.difficulty = {Uint256{1'000'000}};
    header.extra_data.assign(32, 7);
    header.base_fee = Wei{1'000'000'000};
    for (auto _ : state) benchmark::DoNotOptimize(engine->check(header).has_value());
}
BENCHMARK(check_sha256d);

}  // namespace
