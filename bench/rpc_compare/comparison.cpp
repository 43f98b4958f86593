// SPDX-License-Identifier: MIT
#include "bench/rpc_compare/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>
#include <stdexcept>
#include <thread>

#include "bench/rpc_compare/http_load.hpp"
#include "bench/rpc_compare/loads.hpp"
#include "bench/rpc_compare/node_process.hpp"
#include "bench/rpc_compare/scene.hpp"

namespace cairn::bench {
namespace {

using Clock = std::chrono::steady_clock;

/// Raw transactions in a batch.
constexpr std::size_t kRawBatch = 50;
/// Requests of each connection when raw transactions are sent, at most: one connection alone would
/// take too long to send as many as all together.
constexpr std::size_t kRawRequestsMax = 1200;
/// What is imported while reads are measured: so many token transfers every so often.
constexpr std::size_t kImportTxs = 62;
constexpr std::chrono::milliseconds kImportInterval{100};
/// Rounds of a load that are repeated where anvil falls silent.
constexpr unsigned kSilencesMax = 3;
/// Reads may lose a third while blocks are imported.
constexpr double kImportAim = 2.0 / 3;

double median(std::vector<double> values) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    const auto half = values.size() / 2;
    return values.size() % 2 != 0 ? values[half] : (values[half - 1] + values[half]) / 2;
}

/// One side of a line of the table, over the rounds.
struct Series {
    std::vector<double> rates;
    std::vector<double> p99s;
};

/// Two sides asked in alternation: rates of one round stand at the same index.
struct Pair {
    Series ours;
    Series theirs;
    [[nodiscard]] double ratio() const {
        std::vector<double> ratios;
        for (std::size_t i = 0; i < ours.rates.size(); ++i)
            ratios.push_back(ours.rates[i] / theirs.rates[i]);
        return median(ratios);
    }
};

void print_head(const std::string& title, const char* theirs, const char* ours) {
    fmt::print("\n{}\n\n| load | {}/s | {}/s | ratio | aim | p99 ms {} | p99 ms {} | |\n", title,
               theirs, ours, theirs, ours);
    fmt::print("|---|---|---|---|---|---|---|---|\n");
    std::fflush(stdout);
}

/// @param with_latency  whether p99 is measured and must be below the other's
void print_line(const std::string& name, const Pair& pair, double aim, bool with_latency) {
    const auto ratio = pair.ratio();
    std::string misses;
    if (ratio < aim) misses = "rate";
    std::string latencies = " | ";
    if (with_latency) {
        const auto theirs = median(pair.theirs.p99s);
        const auto ours = median(pair.ours.p99s);
        latencies = fmt::format("{:.2f} | {:.2f}", theirs, ours);
        if (ours >= theirs) misses += misses.empty() ? "p99" : ", p99";
    }
    fmt::print("| {} | {:.0f} | {:.0f} | {:.2f} | {:.2f} | {} | {} |\n", name,
               median(pair.theirs.rates), median(pair.ours.rates), ratio, aim,
               latencies, misses.empty() ? "ok" : "misses: " + misses);
    std::fflush(stdout);
}

std::size_t count_of(const std::string& text, const std::string& needle) {
    std::size_t count = 0;
    for (auto at = text.find(needle); at != std::string::npos; at = text.find(needle, at + 1))
        ++count;
    return count;
}

void check(const LoadResult& result, const std::string& name) {
    if (result.faults != 0)
        throw std::runtime_error{fmt::format("{}: {} of {} answers are errors, first: {}", name,
                                             result.faults, result.answers, result.fault_text)};
}

/// A load made ready for one node.
class ReadyLoad {
public:
    explicit ReadyLoad(const Load& load) : load_{load} {
        for (const auto& body : load.bodies) requests_.push_back(http_post(body));
    }

    LoadResult run(std::uint16_t port, std::size_t connections, std::chrono::milliseconds time) {
        auto result = run_load(
            port, connections, [this](std::size_t) { return &requests_[next_++ % requests_.size()]; },
            time);
        check(result, load_.name);
        return result;
    }

    /// Asks once and looks into the answer.
    void verify(std::uint16_t port) {
        auto client = rpc::Client::make("http://127.0.0.1:" + std::to_string(port));
        const auto answer = client->post("/", load_.bodies.front());
        if (!answer) throw std::runtime_error{load_.name + ": " + answer.error().message};
        const auto count = count_of(answer->body, load_.needle);
        if (count < load_.needle_count)
            throw std::runtime_error{fmt::format("{}: {} is in the answer {} times, not {}: {}",
                                                 load_.name, load_.needle, count,
                                                 load_.needle_count, answer->body.substr(0, 500))};
    }

private:
    const Load& load_;
    std::vector<std::string> requests_;
    std::size_t next_ = 0;
};

/// Keeps a node importing blocks for as long as it lives.
class Importer {
public:
    Importer(NodeProcess& node, RawSenders& senders, const Scene& scene)
        : port_{node.port()}, thread_{[this, &senders, &scene](const std::stop_token& stop) {
              run(stop, senders, scene);
          }} {}

private:
    void run(const std::stop_token& stop, RawSenders& senders, const Scene& scene) {
        auto client = rpc::Client::make("http://127.0.0.1:" + std::to_string(port_));
        auto next = Clock::now();
        for (std::size_t turn = 0; !stop.stop_requested(); ++turn) {
            std::vector<std::string> calls;
            for (std::size_t i = 0; i < kImportTxs; ++i)
                calls.push_back(call_text(
                    "eth_sendRawTransaction",
                    "[\"" + senders.sign_next_token(turn % senders.size(), scene) + "\"]"));
            const auto answer = client->post("/", batch_text(calls));
            if (!answer || answer->body.find("\"error\"") != std::string::npos)
                fmt::print(stderr, "a block could not be sent: {}\n",
                           answer ? answer->body.substr(0, 300) : answer.error().message);
            next += kImportInterval;
            std::this_thread::sleep_until(next);
        }
    }

    std::uint16_t port_;
    std::jthread thread_;
};

/// Keeps a node from running for as long as it lives.
class Paused {
public:
    explicit Paused(const NodeProcess& node) : node_{node} { node_.pause(); }
    ~Paused() { node_.resume(); }
    Paused(const Paused&) = delete;
    Paused& operator=(const Paused&) = delete;

private:
    const NodeProcess& node_;
};

/// Both nodes with the same chain, and what is asked of them. While one is asked the other stands
/// still: anvil goes on for long after some loads.
class Comparison {
public:
    explicit Comparison(const ComparisonOptions& options)
        : options_{options} {
        start_nodes();
    }

    void run() {
        fmt::print("{} rounds of {} ms a load and node, in alternation; medians. p99 in ms.\n",
                   options_.rounds, options_.time.count());
        for (const auto connections : options_.connections) {
            print_head(fmt::format("## {} keep-alive connections", connections), "anvil", "cairn");
            compare_reads(connections);
        }
        // After all reads: some of these transactions anvil keeps, which slows whatever comes next,
        // and full blocks raise the base fee.
        for (const auto connections : options_.connections) compare_raw(connections);
        if (!options_.with_imports) return;
        start_nodes();
        anvil_.reset();
        for (const auto connections : options_.connections) compare_imports(connections);
    }

private:
    /// Both anew, with empty ledgers but for the scene.
    void start_nodes() {
        anvil_.reset();
        cairn_.reset();
        std::filesystem::remove_all(options_.folder);
        std::filesystem::create_directories(options_.folder);
        const auto cairn_port = find_free_port();
        cairn_ = std::make_unique<NodeProcess>(
            options_.cairn_program,
            std::vector<std::string>{"--dev", "--datadir", (options_.folder / "ledger").string(),
                                     "--http.port", std::to_string(cairn_port)},
            cairn_port, options_.folder / "cairn.log");
        cairn_scene_ = set_up_scene(*cairn_);
        const auto anvil_port = find_free_port();
        anvil_ = std::make_unique<NodeProcess>(
            options_.anvil_program,
            std::vector<std::string>{"--silent", "--chain-id", std::to_string(kChainId), "--port",
                                     std::to_string(anvil_port)},
            anvil_port, options_.folder / "anvil.log");
        anvil_scene_ = set_up_scene(*anvil_);
    }

    [[nodiscard]] bool is_wanted(const std::string& name) const {
        return name.find(options_.only) != std::string::npos;
    }

    void compare_reads(std::size_t connections) {
        const auto cairn_loads = read_loads(cairn_scene_);
        const auto anvil_loads = read_loads(anvil_scene_);
        for (std::size_t i = 0; i < cairn_loads.size(); ++i) {
            const auto& load = cairn_loads[i];
            if (!is_wanted(load.name)) continue;
            ReadyLoad ours{load};
            ReadyLoad theirs{anvil_loads[i]};
            ours.verify(cairn_->port());
            theirs.verify(anvil_->port());
            Pair pair;
            for (unsigned round = 0; round < options_.rounds; ++round) {
                {
                    const Paused paused{*cairn_};
                    measure(pair.theirs, theirs, *anvil_, connections, load.calls);
                }
                const Paused paused{*anvil_};
                measure(pair.ours, ours, *cairn_, connections, load.calls);
            }
            print_line(load.name, pair, load.aim, true);
        }
    }

    void measure(Series& series, ReadyLoad& load, const NodeProcess& node, std::size_t connections,
                 std::size_t calls) const {
        const auto result = load.run(node.port(), connections, options_.time);
        series.rates.push_back(result.per_second() * static_cast<double>(calls));
        series.p99s.push_back(result.p99_ms);
    }

    void compare_raw(std::size_t connections) {
        if (!is_wanted("eth_sendRawTransaction")) return;
        print_head(fmt::format("## {} keep-alive connections, nodes of its own for each round",
                               connections),
                   "anvil", "cairn");
        for (const auto batch : {std::size_t{1}, kRawBatch}) compare_raw(connections, batch);
    }

    void compare_raw(std::size_t connections, std::size_t batch) {
        const auto name = batch == 1 ? std::string{"eth_sendRawTransaction"}
                                     : fmt::format("the same in batches of {}", batch);
        constexpr double kAim = 5;
        Pair accepted;
        Pair mined;
        unsigned silences = 0;
        for (unsigned round = 0; round < options_.rounds + silences; ++round) {
            try {
                compare_raw_once(connections, batch, accepted, mined);
            } catch (const SilentServer& silent) {
                // anvil falls silent for good now and then; cairn must not.
                if (silent.port != anvil_->port() || ++silences > kSilencesMax) throw;
                fmt::print(stderr, "anvil fell silent; the round is repeated\n");
            }
        }
        print_line(name + ": accepted", accepted, kAim, true);
        print_line(name + ": mined", mined, kAim, false);
    }

    void compare_raw_once(std::size_t connections, std::size_t batch, Pair& accepted, Pair& mined) {
        start_nodes();
        RawSenders senders{connections};
        senders.fund(*anvil_, anvil_scene_);
        senders.fund(*cairn_, cairn_scene_);
        const auto requests = sign_requests(senders, batch);
        {
            const Paused paused{*cairn_};
            send_raw(*anvil_, senders, requests, batch, accepted.theirs, mined.theirs);
        }
        const Paused paused{*anvil_};
        send_raw(*cairn_, senders, requests, batch, accepted.ours, mined.ours);
    }

    /// By connection: requests that hold its sender's next transactions.
    [[nodiscard]] std::vector<std::vector<std::string>> sign_requests(RawSenders& senders,
                                                                      std::size_t batch) const {
        const auto connections = senders.size();
        const auto each =
            std::clamp<std::size_t>(options_.raw_txs / connections / batch, 1, kRawRequestsMax);
        std::vector<std::vector<std::string>> out(connections);
        for (std::size_t c = 0; c < connections; ++c)
            for (std::size_t r = 0; r < each; ++r) {
                std::vector<std::string> calls;
                for (std::size_t i = 0; i < batch; ++i)
                    calls.push_back(call_text("eth_sendRawTransaction",
                                              "[\"" + senders.sign_next(c) + "\"]"));
                out[c].push_back(http_post(batch == 1 ? calls.front() : batch_text(calls)));
            }
        return out;
    }

    void send_raw(NodeProcess& node, const RawSenders& senders,
                  const std::vector<std::vector<std::string>>& requests,
                  std::size_t batch, Series& accepted, Series& mined) const {
        std::vector<std::size_t> next(requests.size());
        const auto began = Clock::now();
        const auto result = run_load(
            node.port(), requests.size(),
            [&](std::size_t c) {
                return next[c] < requests[c].size() ? &requests[c][next[c]++] : nullptr;
            },
            std::chrono::minutes{2});
        check(result, "eth_sendRawTransaction");
        const auto report = senders.wait_mined(node);
        const auto seconds = std::chrono::duration<double>(report.at - began).count();
        const auto txs = static_cast<double>(result.answers * batch);
        if (report.count < result.answers * batch)
            fmt::print(stderr, "{} of {} accepted transactions were lost by {}\n",
                       result.answers * batch - report.count, result.answers * batch,
                       &node == cairn_.get() ? "cairn" : "anvil");
        accepted.rates.push_back(txs / result.seconds);
        accepted.p99s.push_back(result.p99_ms);
        mined.rates.push_back(static_cast<double>(report.count) / seconds);
    }

    void compare_imports(std::size_t connections) {
        print_head(fmt::format("## {} connections, cairn at rest and while a block of {} token "
                               "transfers comes every {} ms",
                               connections, kImportTxs, kImportInterval.count()),
                   "at rest", "importing");
        RawSenders importers{8, next_key_};
        next_key_ += importers.size();
        importers.fund(*cairn_, cairn_scene_);
        for (const auto& load : read_loads(cairn_scene_)) {
            if (!is_wanted(load.name)) continue;
            ReadyLoad ready{load};
            Pair pair;
            for (unsigned round = 0; round < options_.rounds; ++round) {
                measure(pair.theirs, ready, *cairn_, connections, load.calls);
                const Importer importer{*cairn_, importers, cairn_scene_};
                measure(pair.ours, ready, *cairn_, connections, load.calls);
            }
            (void)importers.wait_mined(*cairn_);
            print_line(load.name, pair, kImportAim, false);
        }
    }

    const ComparisonOptions& options_;
    std::uint64_t next_key_ = 0x1000000;  ///< of importers that have sent nothing yet
    std::unique_ptr<NodeProcess> cairn_;
    std::unique_ptr<NodeProcess> anvil_;
    Scene cairn_scene_;
    Scene anvil_scene_;
};

}  // namespace

void run_comparison(const ComparisonOptions& options) {
    Comparison{options}.run();
}

}  // namespace cairn::bench
