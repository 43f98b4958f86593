// SPDX-License-Identifier: MIT
// What gossip takes over real sockets of 127.0.0.1, encryption included: a block over three hops, a
// stream of transactions, and two hundred peers that say nothing. Nodes of the first two share this
// process and its processors: four of them execute every block.
#include <benchmark/benchmark.h>
#include <malloc.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "bench/made_chain.hpp"
#include "chain/pool/pool_chain.hpp"
#include "chain/rules/genesis.hpp"
#include "chain/store/store.hpp"
#include "core/types/transaction_rlp.hpp"
#include "node/net/peer_server.hpp"
#include "node/sync/limits.hpp"
#include "node/sync/sync_service.hpp"

namespace {

using namespace cairn;        // NOLINT: a program of one file
using namespace cairn::node;  // NOLINT
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr UnixSeconds kFarFuture = UnixSeconds{1} << 40;

NodeKey key_of(std::uint64_t seed) {
    return NodeKey::make([state = std::mt19937_64{seed}](std::span<std::uint8_t> out) mutable {
        for (auto& byte : out) byte = static_cast<std::uint8_t>(state());
    });
}

PeerServerConfig config_of(std::uint64_t seed) {
    PeerServerConfig config;
    config.key = key_of(seed);
    config.client = "bench";
    config.listen_ip = IpAddress::parse("127.0.0.1");
    config.port = 0;
    config.is_discovering = false;
    config.peers_max = 400;
    return config;
}

void wait_until(const std::function<bool()>& holds) {
    const auto deadline = Clock::now() + std::chrono::seconds{120};
    while (!holds()) {
        if (Clock::now() > deadline) throw std::runtime_error{"it does not come to pass"};
        std::this_thread::sleep_for(std::chrono::microseconds{200});
    }
}

/// A moment that one thread notes and another reads.
class Noted {
public:
    void note() { at_ = Clock::now().time_since_epoch().count(); }
    void clear() { at_ = 0; }
    [[nodiscard]] bool is_there() const { return at_ != 0; }
    [[nodiscard]] Clock::time_point at() const {
        return Clock::time_point{Clock::duration{at_.load()}};
    }

private:
    std::atomic<Clock::rep> at_{0};
};

/// Notes when a whole block comes in, and hands everything on.
class Tap final : public EthHandler {
public:
    explicit Tap(SyncService& to) : to_{to} {}
    [[nodiscard]] LocalChain local_chain() override { return to_.local_chain(); }
    void on_peer_ready(const PeerInfo& peer, const Status& status) override {
        to_.on_peer_ready(peer, status);
    }
    void on_message(PeerId peer, EthMessage message) override {
        if (std::holds_alternative<NewBlock>(message) && !block_came.is_there()) block_came.note();
        to_.on_message(peer, std::move(message));
    }
    void on_peer_gone(PeerId peer) override { to_.on_peer_gone(peer); }

    Noted block_came;

private:
    SyncService& to_;
};

/// A node with everything but RPC and a block maker.
class FullNode {
public:
    FullNode(const chain::Genesis& genesis, std::uint64_t seed) {
        std::string name = (std::filesystem::temp_directory_path() / "cairn-bench-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error{"no temporary folder"};
        folder_ = name;
        store_.emplace(folder_);
        chain::ChainManagerOptions options;
        options.clock = [] { return kFarFuture; };
        manager_ = *chain::ChainManager::open(*store_, genesis, std::move(options));
        pool_chain_.emplace(*store_);
        pool_.emplace(manager_->spec(), *pool_chain_, chain::PoolOptions{}, kFarFuture);
        server_.emplace(config_of(seed));
        const Block block0 = chain::make_genesis_block(genesis);
        SyncServiceParts parts;
        parts.chain = manager_.get();
        parts.pool = &*pool_;
        parts.verify_pool = &verify_pool_;
        parts.peers = &server_->door();
        parts.post = [this](std::function<void()> task) { server_->post(std::move(task)); };
        parts.clock = [this] { return SyncTime{server_->now(), kFarFuture}; };
        parts.network = {1, block0.header.hash(),
                         std::make_shared<const chain::ForkSchedule>(
                             manager_->spec(), block0.header.hash(), block0.header->timestamp)};
        sync_.emplace(std::move(parts));
        tap_.emplace(*sync_);
        heads_ = manager_->head_events().subscribe(
            [this](const chain::HeadChangedPtr&) { head_moved.note(); });
        server_->start(*tap_);
        server_->post([this] { tick(); });
    }
    ~FullNode() {
        is_stopped_ = true;
        server_->post([this] { sync_->stop(); });
        server_->stop();
        sync_->stop();
        manager_->stop();
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    FullNode(const FullNode&) = delete;
    FullNode& operator=(const FullNode&) = delete;

    [[nodiscard]] chain::ChainManager& chain() { return *manager_; }
    [[nodiscard]] chain::TxPool& pool() { return *pool_; }
    [[nodiscard]] PeerServer& server() { return *server_; }
    [[nodiscard]] Tap& tap() { return *tap_; }

    Noted head_moved;

private:
    void tick() {
        if (is_stopped_) return;
        sync_->tick();
        server_->post_after(kTickMs, [this] { tick(); });
    }

    std::filesystem::path folder_;
    std::optional<chain::Store> store_;
    std::unique_ptr<chain::ChainManager> manager_;
    std::optional<chain::StoreChain> pool_chain_;
    std::optional<chain::TxPool> pool_;
    ThreadPool verify_pool_{1};
    std::optional<PeerServer> server_;
    std::optional<SyncService> sync_;
    std::optional<Tap> tap_;
    std::atomic<bool> is_stopped_{false};
    chain::EventBus<chain::HeadChangedPtr>::Subscription heads_;
};

/// Nodes of which each knows the one before and the one after.
std::vector<std::unique_ptr<FullNode>> make_line(const chain::Genesis& genesis, std::size_t count) {
    std::vector<std::unique_ptr<FullNode>> nodes;
    for (std::size_t i = 0; i < count; ++i) {
        nodes.push_back(std::make_unique<FullNode>(genesis, 1 + i));
        if (i > 0) nodes[i]->server().add_static(nodes[i - 1]->server().self());
        if (i > 0)
            wait_until([&] { return nodes[i]->server().find_static(nodes[i - 1]->server().self().id)->is_connected; });
    }
    return nodes;
}

const bench::MadeChain& full_blocks() {
    static const bench::MadeChain kChain = [] {
        bench::ChainRequest request;
        request.accounts = 2000;
        request.blocks = 60;
        request.block_gas = 30'000'000;
        return bench::make_chain(request);
    }();
    return kChain;
}

double percentile(std::vector<double> values, double share) {
    std::ranges::sort(values);
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1) + 0.5)];
}

/// A block with 30 million gas of transfers from the moment that it is its maker's head: until the
/// fourth node of a line has it whole, and until it is its head. The next one is given out when all
/// have it.
void block_over_three_hops(benchmark::State& state) {
    const bench::MadeChain& made = full_blocks();
    for (auto _ : state) {
        auto nodes = make_line(made.genesis, 4);
        std::vector<double> came;
        std::vector<double> moved;
        for (const Bytes& block : made.blocks) {
            for (const auto& node : nodes) {
                node->head_moved.clear();
                node->tap().block_came.clear();
            }
            if (!nodes[0]->chain().submit_encoded(block).get().is_stored())
                throw std::runtime_error{"a made block was refused"};
            for (const auto& node : nodes) wait_until([&] { return node->head_moved.is_there(); });
            const auto ms_since_start = [&](const Noted& noted) {
                return std::chrono::duration<double, std::milli>(noted.at() -
                                                                 nodes[0]->head_moved.at())
                    .count();
            };
            if (!nodes[3]->tap().block_came.is_there())
                throw std::runtime_error{"the block came another way"};
            came.push_back(ms_since_start(nodes[3]->tap().block_came));
            moved.push_back(ms_since_start(nodes[3]->head_moved));
        }
        state.counters["came_p50_ms"] = percentile(came, 0.5);
        state.counters["came_p95_ms"] = percentile(came, 0.95);
        state.counters["head_p50_ms"] = percentile(moved, 0.5);
        state.counters["head_p95_ms"] = percentile(moved, 0.95);
        state.counters["block_bytes"] = static_cast<double>(made.blocks[0].size());
    }
}
BENCHMARK(block_over_three_hops)->Iterations(1)->Unit(benchmark::kMillisecond);

/// Transactions that come into one node's pool until the third of a line has all of them.
void transactions_over_two_hops(benchmark::State& state) {
    const bench::MadeChain& made = full_blocks();
    std::vector<RecoveredTx> txs;
    for (std::size_t i = 0; i < 3; ++i) {
        const auto block = decode_block(made.blocks[i]);
        for (const SignedTx& tx : block->body.transactions) txs.push_back(*recover_sender(tx));
    }
    for (auto _ : state) {
        auto nodes = make_line(made.genesis, 3);
        const auto began = Clock::now();
        for (const RecoveredTx& tx : txs)
            if (!nodes[0]->pool().add({tx, nullptr}, chain::Origin::Local, kFarFuture))
                throw std::runtime_error{"the pool refuses a transaction"};
        const auto added = Clock::now();
        wait_until([&] { return nodes[2]->pool().status().pending == txs.size(); });
        const std::chrono::duration<double> all = Clock::now() - began;
        state.SetIterationTime(all.count());
        state.counters["txs/s"] = static_cast<double>(txs.size()) / all.count();
        state.counters["into_first_pool_ms"] =
            std::chrono::duration<double, std::milli>(added - began).count();
    }
}
BENCHMARK(transactions_over_two_hops)->UseManualTime()->Iterations(3)->Unit(benchmark::kMillisecond);

/// A peer that greets, answers questions for headers with none, and is silent otherwise.
class Idler final : public EthHandler {
public:
    explicit Idler(LocalChain chain) : chain_{std::move(chain)} {}
    [[nodiscard]] LocalChain local_chain() override { return chain_; }
    void on_peer_ready(const PeerInfo&, const Status&) override {}
    void on_message(PeerId peer, EthMessage message) override {
        if (const auto* query = std::get_if<GetBlockHeaders>(&message))
            door->send(peer, BlockHeaders{query->request_id, {}}, false);
    }
    void on_peer_gone(PeerId) override {}
    PeerDoor* door = nullptr;

private:
    LocalChain chain_;
};

/// Each of the other halves has a thread and some descriptors of its own.
void raise_descriptor_limit() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

double cpu_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// What two hundred silent peers cost a node. The other halves of the connections live in this
/// process too, so that memory and processor time are of both: a node has less than half.
void idle_peers(benchmark::State& state) {
    raise_descriptor_limit();
    const auto count = static_cast<std::size_t>(state.range(0));
    bench::ChainRequest request;
    request.accounts = 10;
    request.blocks = 1;
    request.block_gas = 21'000;
    const bench::MadeChain made = bench::make_chain(request);
    for (auto _ : state) {
        FullNode node{made.genesis, 1};
        Idler handler{node.tap().local_chain()};
        // A handler outlives its server.
        std::vector<std::unique_ptr<Idler>> idlers;
        std::vector<std::unique_ptr<PeerServer>> peers;
        for (std::size_t i = 0; i < count; ++i) {
            idlers.push_back(std::make_unique<Idler>(handler.local_chain()));
            auto config = config_of(1000 + i);
            config.is_listening = false;
            peers.push_back(std::make_unique<PeerServer>(std::move(config)));
            idlers.back()->door = &peers.back()->door();
            peers.back()->start(*idlers.back());
        }
        const std::size_t before = ::mallinfo2().uordblks;
        for (const auto& peer : peers) {
            peer->add_static(node.server().self());
            wait_until([&] { return peer->find_static(node.server().self().id)->is_connected; });
        }
        wait_until([&] { return node.server().peers().size() == count; });
        const std::size_t after = ::mallinfo2().uordblks;
        constexpr std::chrono::seconds kWatched{30};
        const double cpu_before = cpu_seconds();
        std::this_thread::sleep_for(kWatched);
        const double cpu = cpu_seconds() - cpu_before;
        if (node.server().peers().size() != count) throw std::runtime_error{"peers have left"};
        state.counters["heap_bytes/peer"] = static_cast<double>(after - before) / static_cast<double>(count);
        state.counters["cpu_us/peer/s"] = cpu * 1e6 / static_cast<double>(count) / kWatched.count();
        state.SetIterationTime(cpu);
    }
}
BENCHMARK(idle_peers)->Arg(200)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
