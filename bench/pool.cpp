// SPDX-License-Identifier: MIT
// The transaction pool: taking transactions in, walking them by price, following the chain.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "chain/pool/best_txs.hpp"
#include "chain/pool/tx_pool.hpp"
#include "chain/spec/rule_table.hpp"

namespace cairn::chain {
namespace {

constexpr UnixSeconds kNow = 1'000'000;
constexpr std::uint64_t kBaseFee = 1'000'000'000;

/// Every account is new and rich; reading one costs nothing, so that the pool itself is measured.
class RichChain final : public PoolChain {
public:
    RichChain() {
        Header header;
        header.gas_limit = 30'000'000;
        header.gas_used = 15'000'000;
        header.base_fee = Wei{kBaseFee};
        head_.emplace(header);
    }
    [[nodiscard]] ChainSnapshot read(std::span<const Address> addresses) const override {
        return {*head_,
                {},
                std::vector<PoolAccount>(addresses.size(), {.nonce = 0, .balance = Wei::max()})};
    }

private:
    std::optional<HashedHeader> head_;
};

/// `count` transfers, `per_sender` of each sender, tips as a random-looking order.
std::vector<NewTx> make_txs(std::size_t count, std::size_t per_sender, std::uint64_t tip_min = 1) {
    std::vector<NewTx> out;
    out.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        Address sender;
        store_be64(sender.data(), i / per_sender + 1);
        Transaction tx;
        tx.type = TxType::DynamicFee;
        tx.chain_id = 1;
        tx.nonce = i % per_sender;
        tx.max_fee_per_gas = Wei{4 * kBaseFee};
        tx.max_priority_fee_per_gas = Wei{tip_min + (i * 7919) % 100'003};
        tx.gas_limit = 21000;
        tx.to = sender;
        tx.value = Wei{1};
        out.push_back({RecoveredTx::from_known_sender(
            SignedTx{std::move(tx), {.r = Uint256{7}, .s = Uint256{9}, .y_parity = false}},
            sender)});
    }
    return out;
}

struct Bench {
    explicit Bench(PoolOptions options = {}) : pool{spec, chain, std::move(options), kNow} {}
    void fill(const std::vector<NewTx>& txs) {
        for (const NewTx& tx : txs) benchmark::DoNotOptimize(pool.add(tx, Origin::Peer, kNow));
    }
    ChainSpec spec = ChainSpec::with_single_rules(rules_of(Revision::London), 1, SealKind::None);
    RichChain chain;
    TxPool pool;
};

/// Into a pool with room; the argument is the number of transactions of each sender.
void add(benchmark::State& state) {
    const auto txs = make_txs(5000, static_cast<std::size_t>(state.range(0)));
    for (auto _ : state) {
        state.PauseTiming();
        auto bench = std::make_unique<Bench>();
        state.ResumeTiming();
        bench->fill(txs);
        state.PauseTiming();
        if (bench->pool.status().pending != txs.size()) state.SkipWithError("not all were taken");
        bench.reset();
        state.ResumeTiming();
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(txs.size()));
}
BENCHMARK(add)->Arg(1)->Arg(16)->Arg(5000)->Unit(benchmark::kMillisecond);

/// Into a full pool, each pushing out the cheapest.
void add_to_full(benchmark::State& state) {
    const auto cheap = make_txs(6144, 1);
    const auto dear = make_txs(12'288, 1, 200'000);
    for (auto _ : state) {
        state.PauseTiming();
        auto bench = std::make_unique<Bench>();
        bench->fill(cheap);
        state.ResumeTiming();
        for (std::size_t i = 6144; i < dear.size(); ++i)
            benchmark::DoNotOptimize(bench->pool.add(dear[i], Origin::Peer, kNow));
        state.PauseTiming();
        if (bench->pool.stats().dropped[static_cast<std::size_t>(DropReason::Evicted)] != 6144)
            state.SkipWithError("not all pushed one out");
        bench.reset();
        state.ResumeTiming();
    }
    state.SetItemsProcessed(state.iterations() * 6144);
}
BENCHMARK(add_to_full)->Unit(benchmark::kMillisecond);

/// The best `range(0)` of 5,000 transactions, `range(1)` of each sender.
void best_first(benchmark::State& state) {
    Bench bench;
    bench.fill(make_txs(5000, static_cast<std::size_t>(state.range(1))));
    for (auto _ : state) {
        std::int64_t left = state.range(0);
        for (BestTxs best{bench.pool, Wei{kBaseFee}}; !best.is_empty() && left > 0; best.next())
            --left;
        if (left != 0) state.SkipWithError("there were not so many");
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(best_first)
    ->Args({5000, 1})
    ->Args({5000, 16})
    ->Args({200, 1})
    ->Args({200, 16})
    ->Unit(benchmark::kMicrosecond);

/// A new empty block over 5,000 transactions, one of each sender.
void follow_head(benchmark::State& state) {
    Bench bench;
    bench.fill(make_txs(5000, 1));
    for (auto _ : state) bench.pool.on_head_changed(HeadChanged{}, kNow);
    if (bench.pool.status().pending != 5000) state.SkipWithError("some were lost");
}
BENCHMARK(follow_head)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace cairn::chain
