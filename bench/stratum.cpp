// SPDX-License-Identifier: MIT
// What a share costs the node: a line parsed, its header rebuilt and hashed, its answer written; and what a job costs for
// each connection.
#include <cstdlib>
#include <string>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "node/mining/stratum_session.hpp"

namespace {

using namespace cairn;
using namespace cairn::node;

constexpr const char* kUser = "0x00112233445566778899aabbccddeeff00112233.rig";

MiningJob make_job(std::uint8_t salt) {
    MiningJob job{.id = salt, .number = 7, .base = {.seal_hash = {}, .timestamp = 1'800'000'000, .target = {}}};
    job.base.seal_hash.bytes.fill(salt);
    job.base.target = target_of({Uint256{std::uint64_t{1} << 50}});
    return job;
}

StratumSession make_session() {
    StratumSession session{1, {.version_mask = kWorkVersionMask, .difficulty_start = kShareDifficultyMin}, {}};
    static_cast<void>(session.on_job(make_job(1), true, {}));
    static_cast<void>(session.on_line(R"({"id":1,"method":"mining.subscribe","params":[]})", {}));
    static_cast<void>(session.on_line(fmt::format(R"({{"id":2,"method":"mining.authorize","params":["{}",""]}})", kUser), {}));
    if (!session.is_authorized()) std::abort();
    return session;
}

/// Shares of a job that the session does not know cost the parsing alone; those of the job above its target are hashed.
void share(benchmark::State& state) {
    const bool is_hashed = state.range(0) != 0;
    StratumSession session = make_session();
    StratumSession::Time now{0};
    std::uint64_t count = 0;
    std::size_t accepted = 0;
    for (auto _ : state) {
        // As far apart as a client at the wanted rate sends them, so that neither rate nor penalties end the session.
        now += std::chrono::seconds{12};
        const auto out = session.on_line(
            fmt::format(R"({{"id":4,"method":"mining.submit","params":["{}","{}","{:016x}","6b49d200","{:08x}"]}})", kUser,
                        is_hashed ? "1" : "ff", ++count, count),
            now);
        accepted += out.shares.at(0).outcome == ShareOutcome::Accepted ? 1 : 0;
        benchmark::DoNotOptimize(out.text.data());
    }
    state.counters["accepted"] = static_cast<double>(accepted);
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(share)->Arg(0)->Arg(1)->Iterations(4000)->Unit(benchmark::kMicrosecond);

void job(benchmark::State& state) {
    StratumSession session = make_session();
    std::uint8_t salt = 0;
    for (auto _ : state) benchmark::DoNotOptimize(session.on_job(make_job(++salt), true, {}).text.data());
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(job)->Unit(benchmark::kMicrosecond);

}  // namespace
