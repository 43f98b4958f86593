// SPDX-License-Identifier: MIT
// A Stratum server with a thousand connections: how long a new job takes to reach all of them, and how many shares a
// second it takes in. The clients are in the same process and share its processors.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include <sys/resource.h>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "chain/rules/pow.hpp"
#include "node/mining/stratum_server.hpp"
#include "tests/unit/node/mining/line_socket.hpp"

namespace {

using namespace cairn;
using namespace cairn::node;
using SteadyClock = std::chrono::steady_clock;

constexpr const char* kUser = "0x00112233445566778899aabbccddeeff00112233.rig";

Block unsealed_block(std::uint64_t number) {
    Header header;
    header.parent_hash.bytes.fill(static_cast<std::uint8_t>(number));
    header.difficulty = {Uint256{std::uint64_t{1} << 50}};
    header.number = number;
    header.timestamp = 1'800'000'000;
    return {.header = HashedHeader{std::move(header)}, .body = {}};
}

/// A server on a clock of its own, so that shares come at the rate that it wants, and its clients.
class Farm {
  public:
    explicit Farm(std::size_t count) {
        rlimit limit{};
        if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
            limit.rlim_cur = limit.rlim_max;
            static_cast<void>(::setrlimit(RLIMIT_NOFILE, &limit));
        }
        if (!server_.start()) std::abort();
        post();
        for (std::size_t i = 0; i < count; ++i) {
            auto& socket = *sockets.emplace_back(std::make_unique<LineSocket>(server_.port()));
            socket.send(fmt::format(R"({{"id":1,"method":"mining.subscribe","params":[]}})"
                                    "\n"
                                    R"({{"id":2,"method":"mining.authorize","params":["{}",""]}})"
                                    "\n",
                                    kUser));
            static_cast<void>(read_job(socket));
        }
    }

    void post() { board_.post(unsealed_block(++number_)); }
    void advance(std::chrono::seconds time) { clock_ms_ += 1000 * time.count(); }

    /// Reads up to the next job; its id.
    static std::string read_job(LineSocket& socket) {
        for (;;) {
            const auto line = socket.read_line();
            if (!line) std::abort();
            const auto at = line->find(R"("mining.notify","params":[")");
            if (at == std::string::npos) continue;
            const auto begin = at + std::string_view{R"("mining.notify","params":[")"}.size();
            return line->substr(begin, line->find('"', begin) - begin);
        }
    }

    std::vector<std::unique_ptr<LineSocket>> sockets;

  private:
    std::unique_ptr<chain::SealEngine> engine_ = chain::make_seal_engine(chain::SealKind::Sha256d);
    chain::JobBoard board_{*engine_, [](Block) {}};
    WorkerTable workers_;
    std::atomic<std::int64_t> clock_ms_{0};
    std::uint64_t number_ = 0;
    StratumServer server_{board_,
                          workers_,
                          {.address = "127.0.0.1",
                           .port = 0,
                           .session = {.version_mask = kWorkVersionMask, .difficulty_start = kShareDifficultyMin},
                           .clock = [this] { return std::chrono::milliseconds{clock_ms_.load()}; }}};
};

/// From the board's post to the line in the hands of the last client; `half` until every second one has it.
void fan_out(benchmark::State& state) {
    Farm farm{static_cast<std::size_t>(state.range(0))};
    std::vector<double> halves;
    double worst = 0;
    for (auto _ : state) {
        const auto start = SteadyClock::now();
        const auto passed = [&] { return std::chrono::duration<double>(SteadyClock::now() - start).count(); };
        farm.post();
        double half = 0;
        for (std::size_t i = 0; i < farm.sockets.size(); ++i) {
            benchmark::DoNotOptimize(Farm::read_job(*farm.sockets[i]));
            if (i == farm.sockets.size() / 2) half = passed();
        }
        const double all = passed();
        worst = std::max(worst, all);
        halves.push_back(half);
        state.SetIterationTime(all);
    }
    std::ranges::sort(halves);
    state.counters["half_ms"] = halves[halves.size() / 2] * 1e3;
    state.counters["worst_ms"] = worst * 1e3;
}
BENCHMARK(fan_out)->Arg(100)->Arg(1000)->UseManualTime()->Iterations(50)->Unit(benchmark::kMillisecond);

/// A share from each client, all under way at once, to the last answer.
void shares(benchmark::State& state) {
    Farm farm{static_cast<std::size_t>(state.range(0))};
    std::uint64_t count = 0;
    std::uint64_t accepted = 0;
    for (auto _ : state) {
        // As far apart as clients at the wanted rate send them.
        farm.advance(std::chrono::seconds{12});
        farm.post();
        std::vector<std::string> jobs;
        for (auto& socket : farm.sockets) jobs.push_back(Farm::read_job(*socket));
        const auto start = SteadyClock::now();
        for (std::size_t i = 0; i < farm.sockets.size(); ++i)
            farm.sockets[i]->send(fmt::format(
                R"({{"id":4,"method":"mining.submit","params":["{}","{}","{:016x}","6b49d200","{:08x}"]}})" "\n", kUser,
                jobs[i], ++count, count));
        for (auto& socket : farm.sockets) {
            auto line = socket->read_line();
            while (line && !line->starts_with(R"({"id":4)")) line = socket->read_line();
            if (!line) std::abort();
            accepted += line->find(R"("result":true)") != std::string::npos ? 1 : 0;
        }
        state.SetIterationTime(std::chrono::duration<double>(SteadyClock::now() - start).count());
    }
    // At the least difficulty a hash in thirty is no share.
    if (accepted * 10 < count * 9) std::abort();
    state.SetItemsProcessed(static_cast<std::int64_t>(count));
}
BENCHMARK(shares)->Arg(1000)->UseManualTime()->Iterations(10)->Unit(benchmark::kMillisecond);

}  // namespace
