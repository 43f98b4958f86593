// SPDX-License-Identifier: MIT
// Import of made chains through a ChainManager on a store on disk, every commit durable: transfers,
// token transfers, storage growth, contract creation, reorganisations; genesis of 10^3 to 10^6
// accounts. Each run must end at the head that the maker of the chain, which knows no store, came
// to.
#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <future>
#include <stdexcept>
#include <vector>

#include "bench/made_chain.hpp"
#include "chain/import/chain_manager.hpp"
#include "chain/store/store.hpp"

namespace {

using namespace cairn;
using cairn::bench::ChainRequest;
using cairn::bench::MadeChain;
using cairn::bench::Workload;

class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "cairn-bench-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error{"no temporary folder"};
        path = name;
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    std::filesystem::path path;
};

/// Seconds that all threads of this process have run: unlike the time that passed, other work on
/// the machine hardly shows in it.
double processor_seconds() {
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// Imports all of it; seconds from the first submission to the last answer, which comes after the
/// commit.
double import_all(chain::ChainManager& manager, const MadeChain& made) {
    const auto begin = std::chrono::steady_clock::now();
    std::vector<std::future<chain::ImportOutcome>> outcomes;
    outcomes.reserve(made.blocks.size());
    for (const Bytes& block : made.blocks) outcomes.push_back(manager.submit_encoded(block));
    for (auto& outcome : outcomes)
        if (const auto value = outcome.get(); !value.is_stored())
            throw std::runtime_error{to_string(value)};
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
    if (manager.view().head() != made.head) throw std::runtime_error{"another head"};
    return time.count();
}

void import_chain(benchmark::State& state, const ChainRequest& request) {
    const MadeChain made = bench::make_chain(request);
    double seconds = 0;
    double processor = 0;
    std::uint64_t bytes = 0;
    for (auto _ : state) {
        const TemporaryFolder folder;
        chain::Store store{folder.path};
        chain::ChainManagerOptions options;
        options.clock = [] { return UnixSeconds{1} << 40; };
        const auto manager = chain::ChainManager::open(store, made.genesis, std::move(options));
        if (!manager) throw std::runtime_error{"another genesis in a new folder"};
        const auto bytes_before = store.stats().file_bytes;
        const double processor_before = processor_seconds();
        const double time = import_all(**manager, made);
        processor += processor_seconds() - processor_before;
        state.SetIterationTime(time);
        seconds += time;
        bytes += store.stats().file_bytes - bytes_before;
        (*manager)->stop();
    }
    const auto runs = static_cast<double>(state.iterations());
    const auto blocks = static_cast<double>(made.blocks.size());
    state.counters["blocks/s"] = blocks * runs / seconds;
    state.counters["tx/s"] = static_cast<double>(made.transactions) * runs / seconds;
    state.counters["Mgas/s"] = static_cast<double>(made.gas) * runs / seconds / 1e6;
    state.counters["cpu us/tx"] = processor * 1e6 / runs / static_cast<double>(made.transactions);
    state.counters["disk B/block"] = static_cast<double>(bytes) / runs / blocks;
    state.counters["disk B/tx"] =
        static_cast<double>(bytes) / runs / static_cast<double>(made.transactions);
}

void by_accounts(benchmark::State& state, Workload workload, std::size_t blocks) {
    ChainRequest request;
    request.workload = workload;
    request.accounts = static_cast<std::size_t>(state.range(0));
    request.blocks = blocks;
    import_chain(state, request);
}

void by_depth(benchmark::State& state) {
    ChainRequest request;
    request.reorg_depth = static_cast<std::size_t>(state.range(0));
    request.blocks = 200;
    request.block_gas = 1'500'000;
    import_chain(state, request);
}

// Long enough for several commits, which then go on beside the recovery of the senders of later
// blocks, as in any import that lasts.
BENCHMARK_CAPTURE(by_accounts, transfers, Workload::Transfers, 240)
    ->RangeMultiplier(10)
    ->Range(1'000, 1'000'000)
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(by_accounts, tokens, Workload::Tokens, 240)
    ->RangeMultiplier(10)
    ->Range(1'000, 1'000'000)
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(by_accounts, storage, Workload::Storage, 60)
    ->Arg(1'000)
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(by_accounts, creations, Workload::Creations, 60)
    ->Arg(1'000)
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(by_depth)->Arg(1)->Arg(10)->Arg(100)->UseManualTime()->Iterations(1)->Unit(
    benchmark::kMillisecond);

}  // namespace
