// SPDX-License-Identifier: MIT
// Executing a block's transactions on a State: plain transfers and token transfers, signatures recovered before. Each
// iteration is one block of 1000 transactions from 1000 accounts, from begin to StateDiff, on a state that has to be
// read afresh (Cold) or that kept what the block before read (Warm).
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <initializer_list>
#include <vector>

#include "chain/exec/transact.hpp"
#include "chain/spec/rule_table.hpp"
#include "chain/state/memory_state.hpp"
#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"

namespace cairn::chain {
namespace {

constexpr std::uint64_t kAccounts = 1000;
constexpr Address kToken{{0x70}};

/// A token's transfer(to, amount) as a compiler lays it out, without the dispatch: balances[caller] -= amount (reverts
/// below 0), balances[to] += amount, Transfer(caller, to, amount).
Bytes token_code() {
    return *from_hex(
        "33600052600060205260406000208054602435808210606a57900390556004356000526040600020805460243501905560243560005260"
        "0435337fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef60206000a3600160005260206000f35b600080"
        "fd");
}

Address account_at(std::uint64_t i) {
    std::uint8_t number[8];
    store_be64(number, i);
    return Address::from(keccak256(number).view().first(Address::kSize));
}

Uint256 balance_slot(const Address& owner) {
    std::uint8_t preimage[64] = {};
    std::memcpy(preimage + 12, owner.data(), Address::kSize);
    return load_be256(keccak256(preimage).data());
}

struct World {
    MemoryState base;
    BlockEnv block;
    std::vector<Address> senders;
    std::vector<Transaction> plain;
    std::vector<Transaction> token;

    World() {
        base.set_account(kToken, 1, Wei{}, token_code());
        for (std::uint64_t i = 0; i < kAccounts; ++i) {
            senders.push_back(account_at(i));
            base.set_account(senders.back(), 0, Wei{0, 1, 0, 0});
            base.set_storage(kToken, balance_slot(senders.back()), Uint256{0, 1, 0, 0});
        }
        block.chain_id = Uint256{1};
        block.coinbase = Address{{0xcb}};
        block.number = 1;
        block.gas_limit = 1'000'000'000;
        block.base_fee = Wei{7};
        for (std::uint64_t i = 0; i < kAccounts; ++i) {
            Transaction tx;
            tx.type = TxType::DynamicFee;
            tx.chain_id = 1;
            tx.max_fee_per_gas = Wei{100};
            tx.max_priority_fee_per_gas = Wei{2};
            tx.gas_limit = 100'000;
            tx.to = senders[(i * 7 + 1) % kAccounts];
            tx.value = Wei{1};
            plain.push_back(tx);
            tx.data = *from_hex("a9059cbb000000000000000000000000");
            append(tx.data, *tx.to);
            tx.data.resize(4 + 64);
            tx.data.back() = 3;
            tx.to = kToken;
            tx.value = Wei{};
            token.push_back(tx);
        }
    }
};

/// Runs the block; the nonces go on from block to block.
Gas run_block(vm::Vm& vm, State& state, const World& world, const std::vector<Transaction>& txs, std::uint64_t nonce) {
    const auto& rules = rules_of(Revision::Prague);
    BlockBudget budget{world.block.gas_limit, 0};
    for (std::size_t i = 0; i < txs.size(); ++i) {
        Transaction tx = txs[i];
        tx.nonce = nonce;
        const auto outcome = transact(vm, state, rules, world.block, budget, tx, world.senders[i]);
        if (!outcome || !outcome->success()) std::abort();
        budget.gas -= outcome->gas_used;
    }
    return world.block.gas_limit - budget.gas;
}

void run(benchmark::State& bench, std::vector<Transaction> World::*txs, bool is_warm) {
    const World world;
    vm::Vm vm;
    State state{world.base};
    Gas gas = 0;
    std::uint64_t nonce = 0;
    for (auto _ : bench) {
        if (!is_warm) state.reset(world.base);
        gas += run_block(vm, state, world, world.*txs, is_warm ? nonce++ : 0);
        benchmark::DoNotOptimize(state.take_diff());
    }
    bench.counters["Mgas/s"] = benchmark::Counter(static_cast<double>(gas) / 1e6, benchmark::Counter::kIsRate);
    bench.counters["tx/s"] = benchmark::Counter(
        static_cast<double>(bench.iterations()) * static_cast<double>(kAccounts), benchmark::Counter::kIsRate);
}

void BM_PlainTransfersCold(benchmark::State& bench) { run(bench, &World::plain, false); }
void BM_PlainTransfersWarm(benchmark::State& bench) { run(bench, &World::plain, true); }
void BM_TokenTransfersCold(benchmark::State& bench) { run(bench, &World::token, false); }
void BM_TokenTransfersWarm(benchmark::State& bench) { run(bench, &World::token, true); }
BENCHMARK(BM_PlainTransfersCold)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_PlainTransfersWarm)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_TokenTransfersCold)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_TokenTransfersWarm)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace cairn::chain
