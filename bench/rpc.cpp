// SPDX-License-Identifier: MIT
// Requests through the dispatcher, without sockets: what a node spends on an answer itself.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "chain/import/chain_manager.hpp"
#include "core/base/hex.hpp"
#include "rpc/dispatcher.hpp"
#include "rpc/eth_methods.hpp"
#include "tests/support/block_factory.hpp"

namespace {

using namespace cairn;

/// As many as the block of the loads that rpc-bench.md lists.
constexpr std::uint64_t kBlockTxs = 62;

/// A chain of one block full of transfers, and the methods over it.
class World {
public:
    World()
        : factory_{test::test_genesis(Revision::London, 1)},
          context_{store_, factory_.genesis().spec} {
        chain::ChainManagerOptions options;
        options.checks_seals = false;
        options.clock = [] { return UnixSeconds{1} << 40; };
        auto manager = chain::ChainManager::open(store_, factory_.genesis(), options).value();
        test::BlockPlan plan;
        for (std::uint64_t nonce = 0; nonce < kBlockTxs; ++nonce)
            plan.transactions.push_back(
                test::make_tx(key_, nonce, test::TestKey{9}.address, Wei{1}));
        (void)manager->submit(factory_.make(factory_.genesis_block(), plan)).get();
        tx_hash_ = to_hex0x(plan.transactions.front().hash());
        manager->stop();
        dispatcher_.add(rpc::chain_methods(context_));
    }
    ~World() { std::filesystem::remove_all(folder_); }

    std::string ask(const std::string& body) {
        rpc::Call call;
        return dispatcher_.handle(body, rpc::ApiSet::all(), call);
    }
    [[nodiscard]] std::string address() const { return to_hex0x(key_.address); }
    [[nodiscard]] const std::string& tx_hash() const { return tx_hash_; }

private:
    static std::filesystem::path make_folder() {
        auto name = (std::filesystem::temp_directory_path() / "cairn-bench-XXXXXX").string();
        return ::mkdtemp(name.data());
    }
    std::filesystem::path folder_ = make_folder();
    chain::Store store_{folder_};
    test::BlockFactory factory_;
    test::TestKey key_{1};
    std::string tx_hash_;
    rpc::EthContext context_;
    rpc::Dispatcher dispatcher_;
};

World& world() {
    static World instance;
    return instance;
}

void measure(benchmark::State& state, const std::string& method, const std::string& params) {
    const auto body =
        R"({"jsonrpc":"2.0","id":1,"method":")" + method + R"(","params":)" + params + "}";
    std::size_t bytes = 0;
    for (auto _ : state) {
        const auto answer = world().ask(body);
        bytes = answer.size();
        if (answer.find("\"error\"") != std::string::npos) state.SkipWithError(answer.c_str());
    }
    state.counters["answer_bytes"] = static_cast<double>(bytes);
}

void chain_id(benchmark::State& state) {
    measure(state, "eth_chainId", "[]");
}
void block_number(benchmark::State& state) {
    measure(state, "eth_blockNumber", "[]");
}
void get_balance(benchmark::State& state) {
    measure(state, "eth_getBalance", "[\"" + world().address() + "\",\"latest\"]");
}
void get_block_full(benchmark::State& state) {
    measure(state, "eth_getBlockByNumber", R"(["0x1",true])");
}
void get_receipt(benchmark::State& state) {
    measure(state, "eth_getTransactionReceipt", "[\"" + world().tx_hash() + "\"]");
}
void call(benchmark::State& state) {
    measure(state, "eth_call", "[{\"to\":\"" + world().address() + "\"},\"latest\"]");
}
void estimate(benchmark::State& state) {
    measure(state, "eth_estimateGas", "[{\"to\":\"" + world().address() + "\"}]");
}

BENCHMARK(chain_id);
BENCHMARK(block_number);
BENCHMARK(get_balance);
BENCHMARK(get_block_full);
BENCHMARK(get_receipt);
BENCHMARK(call);
BENCHMARK(estimate);

}  // namespace
