// SPDX-License-Identifier: MIT
// go-ethereum's tracer cases: genesis, block context, one transaction, and the exact result of a tracer over it.
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>

#include "chain/exec/block_executor.hpp"
#include "chain/exec/transact.hpp"
#include "chain/spec/spec_json.hpp"
#include "chain/state/memory_state.hpp"
#include "chain/state/state.hpp"
#include "core/base/hex.hpp"
#include "core/types/transaction_rlp.hpp"
#include "rpc/tracers/trace_config.hpp"
#include "tests/support/fixtures.hpp"

namespace cairn::rpc {
namespace {

using nlohmann::json;

/// A number as the files have it: JSON, decimal text, or hex text.
Uint256 number_of(const json& value) {
    if (value.is_number()) return Uint256{value.get<std::uint64_t>()};
    const auto& text = value.get_ref<const std::string&>();
    if (text == "0x") return {};
    const auto number = parse_uint256(text);
    if (!number) throw std::runtime_error{"no number: " + text};
    return *number;
}

Uint256 number_at(const json& object, const char* name) {
    return object.contains(name) ? number_of(object.at(name)) : Uint256{};
}

Bytes bytes_of(const json& value) {
    const auto bytes = from_hex(value.get_ref<const std::string&>());
    if (!bytes) throw std::runtime_error{"no hex"};
    return *bytes;
}

Uint256 word_of(const std::string& hex) {
    Bytes bytes = bytes_of(hex);
    bytes.insert(bytes.begin(), 32 - bytes.size(), 0);
    return load_be256(bytes.data());
}

chain::MemoryState read_alloc(const json& alloc) {
    chain::MemoryState state;
    for (const auto& [name, account] : alloc.items()) {
        const auto address = Address::from(bytes_of(name));
        state.set_account(address, number_at(account, "nonce").low64(), number_at(account, "balance"),
                          account.contains("code") ? bytes_of(account.at("code")) : Bytes{});
        if (!account.contains("storage")) continue;
        for (const auto& [key, value] : account.at("storage").items())
            state.set_storage(address, word_of(key), word_of(value.get<std::string>()));
    }
    return state;
}

chain::ChainSpec read_spec(json config) {
    // One file writes the key as Go's decoder, which does not look at case, takes it.
    if (config.contains("IstanbulBlock")) config["istanbulBlock"] = config["IstanbulBlock"];
    // Who seals does not bear on what a transaction does.
    config.erase("clique");
    // Some files name a fork before the one it builds on; the earlier one begins with it then.
    std::optional<Uint256> next;
    for (const auto* name : {"istanbulBlock", "petersburgBlock", "constantinopleBlock", "byzantiumBlock",
                             "eip158Block", "eip155Block", "eip150Block", "homesteadBlock"}) {
        if (!config.contains(name)) continue;
        const auto at = number_of(config[name]);
        if (next && *next < at) config[name] = next->low64();
        next = number_of(config[name]);
    }
    auto parameters = chain::parse_chain_config(config);
    if (!parameters) throw std::runtime_error{"config"};
    return chain::ChainSpec{*parameters};
}

Header read_header(const json& context, const json& genesis) {
    Header header;
    header.number = number_at(context, "number").low64();
    header.timestamp = number_at(context, "timestamp").low64();
    header.gas_limit = number_at(context, "gasLimit").low64();
    header.difficulty = Difficulty{number_at(context, "difficulty")};
    header.beneficiary = Address::from(bytes_of(context.at("miner")));
    if (context.contains("baseFeePerGas")) header.base_fee = number_at(context, "baseFeePerGas");
    header.excess_blob_gas = number_at(genesis, "excessBlobGas").low64();
    return header;
}

/// Runs the case's transaction under its tracer.
json run(const json& test, const std::string& tracer_name) {
    const auto& genesis = test.at("genesis");
    const auto base = read_alloc(genesis.at("alloc"));
    const auto spec = read_spec(genesis.at("config"));
    const auto header = read_header(test.at("context"), genesis);
    const auto& rules = spec.rules_at(header.number, header.timestamp);
    const auto tx = decode_tx(bytes_of(test.at("input")));
    if (!tx) throw std::runtime_error{"transaction"};
    const auto recovered = recover_sender(*tx);
    if (!recovered) throw std::runtime_error{"sender"};

    json request{{"tracer", tracer_name}};
    if (test.contains("tracerConfig")) request["tracerConfig"] = test.at("tracerConfig");
    const auto config = ParamCodec<TraceConfig>::decode(request);
    if (!config) throw std::runtime_error{config.error()};
    const auto tracer = config->make();

    vm::Vm machine;
    chain::State state{base};
    const auto env = chain::make_block_env(spec, rules, header, {});
    tracer->begin({.tx = tx->tx(),
                   .sender = recovered->sender(),
                   .rules = rules,
                   .block = env,
                   .state = state,
                   .before = base});
    const chain::BlockBudget budget{header.gas_limit, ~Gas{0}};
    const auto outcome =
        chain::transact(machine, state, rules, env, budget, tx->tx(), recovered->sender(), tracer.get());
    if (!outcome) throw std::runtime_error{"refused: " + std::to_string(static_cast<int>(outcome.error()))};
    tracer->end(*outcome);
    std::string text;
    JsonWriter out{text};
    tracer->write(out);
    return json::parse(text);
}

/// Drops what the files of different ages have or lack: some have the block and transaction, which the cases do not
/// define, and zero values of a decoder's fields.
void drop_incidental(json& trace) {
    for (const auto* name : {"blockHash", "blockNumber", "transactionHash", "transactionPosition"}) trace.erase(name);
    if (trace.contains("result") && (trace["result"].is_null() || trace["result"].empty())) trace.erase("result");
    auto& action = trace.at("action");
    if (action.value("input", "") == "0x") action.erase("input");
    if (trace.at("type") == "suicide") return;
    for (const auto* name : {"author", "address", "balance", "refundAddress", "init", "rewardType"}) {
        const auto text = action.value(name, "");
        const auto is_zero = text.empty() || text == "0x0" || text == "0x" || text == to_hex0x(Address{});
        if (is_zero) action.erase(name);
    }
    const auto is_call = trace.at("type") == "call";
    if (is_call && trace.contains("result")) trace["result"].erase("address");
}

/// The older files have no index in a log, which their decoder takes for the first.
void fill_log_indexes(json& frame) {
    if (frame.contains("logs"))
        for (auto& log : frame["logs"])
            if (!log.contains("index")) log["index"] = "0x0";
    if (frame.contains("calls"))
        for (auto& call : frame["calls"]) fill_log_indexes(call);
}

/// The older files have no code hash beside the code.
void drop_code_hashes(json& result, const json& expected) {
    for (auto& [address, account] : result.items())
        if (expected.contains(address) && !expected.at(address).contains("codeHash")) account.erase("codeHash");
}

void run_folder(const std::string& folder, const std::string& tracer_name) {
    const auto vectors = test::vectors();
    CAIRN_SKIP_WITHOUT(vectors);
    const auto files = test::files_below(vectors.path / "tracers" / folder);
    ASSERT_FALSE(files.empty()) << "no cases below " << folder;
    for (const auto& file : files) {
        SCOPED_TRACE(file.filename().string());
        const auto test = json::parse(test::read_text(file));
        auto expected = test.at("result");
        json result;
        ASSERT_NO_THROW(result = run(test, tracer_name));
        if (tracer_name == "callTracer") fill_log_indexes(expected);
        if (tracer_name == "flatCallTracer") {
            for (auto& trace : expected) drop_incidental(trace);
            for (auto& trace : result) drop_incidental(trace);
        }
        if (tracer_name == "prestateTracer") {
            if (!result.contains("pre")) drop_code_hashes(result, expected);
            for (const auto* part : {"pre", "post"})
                if (result.contains(part)) drop_code_hashes(result[part], expected.at(part));
        }
        EXPECT_EQ(result, expected) << json::diff(expected, result).dump(1).substr(0, 3000);
    }
}

TEST(TracerCases, call_tracer) { run_folder("call_tracer", "callTracer"); }
TEST(TracerCases, call_tracer_with_logs) { run_folder("call_tracer_withLog", "callTracer"); }
TEST(TracerCases, erc7562_tracer) { run_folder("erc7562_tracer", "erc7562Tracer"); }
TEST(TracerCases, flat_call_tracer) { run_folder("call_tracer_flat", "flatCallTracer"); }
TEST(TracerCases, prestate_tracer) { run_folder("prestate_tracer", "prestateTracer"); }
TEST(TracerCases, prestate_tracer_with_diff) { run_folder("prestate_tracer_with_diff_mode", "prestateTracer"); }

}  // namespace
}  // namespace cairn::rpc
