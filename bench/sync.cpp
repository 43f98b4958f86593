// SPDX-License-Identifier: MIT
// Sync of an empty node from one local peer that has the chain, with everything but sockets and
// encryption (messages are encoded and decoded), against plain import of the same blocks. Both run
// on stores on disk with durable commits and must end at the head that the chain's maker came to.
// The peer that serves shares the processor with the one that is measured.
#include <benchmark/benchmark.h>

#include <chrono>
#include <future>
#include <map>
#include <stdexcept>
#include <utility>
#include <vector>

#include "bench/made_chain.hpp"
#include "tests/sim/real_network.hpp"

namespace {

using namespace cairn;
using namespace std::chrono_literals;
using bench::MadeChain;

constexpr UnixSeconds kFarFuture = UnixSeconds{1} << 40;

const MadeChain& chain_of(bench::Workload workload, std::size_t blocks, Gas block_gas) {
    static std::map<std::pair<std::size_t, Gas>, MadeChain> chains;
    const std::pair key{blocks, block_gas};
    if (const auto it = chains.find(key); it != chains.end()) return it->second;
    bench::ChainRequest request;
    request.workload = workload;
    request.blocks = blocks;
    request.block_gas = block_gas;
    return chains.emplace(key, bench::make_chain(request)).first->second;
}

double import_all(chain::ChainManager& manager, const MadeChain& made) {
    const auto begin = std::chrono::steady_clock::now();
    std::vector<std::future<chain::ImportOutcome>> outcomes;
    for (const Bytes& block : made.blocks) outcomes.push_back(manager.submit_encoded(block));
    for (auto& outcome : outcomes)
        if (!outcome.get().is_stored()) throw std::runtime_error{"a made block was refused"};
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
    return time.count();
}

void report(benchmark::State& state, const MadeChain& made, double seconds) {
    state.counters["blocks/s"] = static_cast<double>(made.blocks.size()) / seconds;
    state.counters["Mgas/s"] = static_cast<double>(made.gas) / seconds / 1e6;
}

void plain_import(benchmark::State& state, std::size_t blocks, Gas block_gas) {
    const MadeChain& made = chain_of(bench::Workload::Transfers, blocks, block_gas);
    for (auto _ : state) {
        sim::RealNetwork network{made.genesis, kFarFuture};
        network.add_node();
        const double seconds = import_all(network.chain(0), made);
        if (network.head(0) != made.head) throw std::runtime_error{"another head"};
        state.SetIterationTime(seconds);
        report(state, made, seconds);
    }
}

void sync_from_peer(benchmark::State& state, std::size_t blocks, Gas block_gas) {
    const MadeChain& made = chain_of(bench::Workload::Transfers, blocks, block_gas);
    for (auto _ : state) {
        sim::RealNetwork network{made.genesis, kFarFuture};
        network.add_node();
        (void)import_all(network.chain(0), made);
        const auto has_head = [&](std::size_t node) {
            return network.sync(node).progress().current_block == made.head.number;
        };
        if (!network.run_until([&] { return has_head(0); }, 60s))
            throw std::runtime_error{"the peer does not see its head"};
        network.add_node();
        const auto begin = std::chrono::steady_clock::now();
        network.connect(0, 1);
        if (!network.run_until([&] { return has_head(1); }, 600s))
            throw std::runtime_error{"did not meet"};
        const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
        if (network.head(1) != made.head) throw std::runtime_error{"another head"};
        state.SetIterationTime(time.count());
        report(state, made, time.count());
        state.counters["bytes/block"] =
            static_cast<double>(network.bytes_carried()) / static_cast<double>(made.blocks.size());
    }
}

BENCHMARK_CAPTURE(plain_import, full_blocks, 100, 15'000'000)
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(sync_from_peer, full_blocks, 100, 15'000'000)
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(plain_import, small_blocks, 3000, 210'000)
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(sync_from_peer, small_blocks, 3000, 210'000)
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

}  // namespace
