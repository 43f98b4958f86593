// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>

#include "chain/rules/base_fee.hpp"
#include "chain/rules/intrinsic_gas.hpp"
#include "chain/spec/rule_table.hpp"
#include "core/base/assert.hpp"
#include "core/types/block.hpp"
#include "core/types/receipt.hpp"
#include "core/types/transaction_rlp.hpp"

// What every transaction and header of a block passes through before and after execution.

namespace {

using namespace cairn;  // NOLINT: a program of one file

SignedTx make_tx() {
    Transaction tx;
    tx.type = TxType::DynamicFee;
    tx.chain_id = 1;
    tx.nonce = 7;
    tx.max_priority_fee_per_gas = Wei{1'000'000'000};
    tx.max_fee_per_gas = Wei{30'000'000'000};
    tx.gas_limit = 100'000;
    tx.to = Address{};
    tx.data = Bytes(68, 1);  // a token transfer's length
    return sign_tx(tx, secp256k1::SecretKey::from(Bytes(32, 0x46))).value();
}

void decode_transaction(benchmark::State& state) {
    const SignedTx tx = make_tx();
    CAIRN_ASSERT(decode_tx(tx.bytes()).has_value());
    for (auto _ : state) benchmark::DoNotOptimize(decode_tx(tx.bytes()));
}
BENCHMARK(decode_transaction);

void recover_transaction_sender(benchmark::State& state) {
    const SignedTx tx = make_tx();
    CAIRN_ASSERT(recover_sender(tx).has_value());
    for (auto _ : state) benchmark::DoNotOptimize(recover_sender(tx));
}
BENCHMARK(recover_transaction_sender);

void price_transaction(benchmark::State& state) {
    Transaction tx = make_tx().tx();
    tx.data = Bytes(static_cast<std::size_t>(state.range(0)), 1);
    const auto& rules = chain::rules_of(Revision::Osaka);
    for (auto _ : state) benchmark::DoNotOptimize(chain::intrinsic_gas(rules, tx));
}
BENCHMARK(price_transaction)->Arg(68)->Arg(100'000);

void hash_header(benchmark::State& state) {
    Header header;
    header.base_fee = Wei{1'000'000'000};
    header.difficulty = {Uint256{1ULL << 40}};
    for (auto _ : state) benchmark::DoNotOptimize(hash_of(header));
}
BENCHMARK(hash_header);

void decode_header_bytes(benchmark::State& state) {
    Header header;
    header.base_fee = Wei{1'000'000'000};
    const Bytes bytes = encode_header(header);
    CAIRN_ASSERT(*decode_header(bytes) == header);
    for (auto _ : state) benchmark::DoNotOptimize(decode_header(bytes));
}
BENCHMARK(decode_header_bytes);

void bloom_of_a_log(benchmark::State& state) {
    Log log;
    log.topics.resize(3);  // a token's Transfer event
    for (auto _ : state) benchmark::DoNotOptimize(logs_bloom({&log, 1}));
}
BENCHMARK(bloom_of_a_log);

void price_blobs(benchmark::State& state) {
    const auto& blobs = chain::rules_of(Revision::Osaka).blobs;
    for (auto _ : state)
        benchmark::DoNotOptimize(chain::blob_base_fee(blobs, static_cast<Gas>(state.range(0))));
}
BENCHMARK(price_blobs)->Arg(10'000'000)->Arg(160'000'000);

}  // namespace
