// SPDX-License-Identifier: MIT
// geth's tracing methods: debug_traceTransaction and its like
// (https://geth.ethereum.org/docs/interacting-with-geth/rpc/ns-debug).
#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/hex.hpp"
#include "core/types/block.hpp"
#include "rpc/bind.hpp"
#include "rpc/evm_call.hpp"
#include "rpc/tracers/replay.hpp"
#include "rpc/tracers/trace_config.hpp"
#include "rpc/tracers/tracing_methods.hpp"

namespace cairn::rpc {

/// What debug_traceCall takes beside a tracer.
struct TraceCallConfig {
    TraceConfig trace{};
    std::optional<StateOverrides> state{};
    std::optional<BlockOverrides> block{};
    std::optional<std::uint64_t> tx_index{};  ///< run before this transaction of the block
};
CAIRN_PARAM_CODEC(TraceCallConfig);

Decoded<TraceCallConfig> ParamCodec<TraceCallConfig>::decode(const nlohmann::json& in) {
    auto trace = ParamCodec<TraceConfig>::decode(in);
    if (!trace) return Unexpected{trace.error()};
    auto state = decode_member<StateOverrides>(in, "stateOverrides", "TraceCallConfig");
    if (!state) return Unexpected{state.error()};
    auto block = decode_member<BlockOverrides>(in, "blockOverrides", "TraceCallConfig");
    if (!block) return Unexpected{block.error()};
    auto tx_index = decode_member<std::uint64_t>(in, "txIndex", "TraceCallConfig");
    if (!tx_index) return Unexpected{tx_index.error()};
    return TraceCallConfig{std::move(*trace), std::move(*state), std::move(*block), *tx_index};
}

std::string ParamCodec<TraceCallConfig>::schema() { return R"({"type":"object"})"; }

namespace {

/// Traces every transaction of a block, as an array of {txHash, result}.
Reply write_block_trace(EthContext& context, Call& call, JsonWriter& out, FoundBlock found,
                        const TraceConfig& config) {
    auto replay = Replay::open(context, std::move(found));
    if (!replay) return Unexpected{replay.error()};
    out.begin_array();
    for (const auto& tx : (*replay)->block().body.transactions) {
        const auto tracer = config.make();
        auto bounds = trace_bounds(context, call, config.time_max);
        bounds.bytes_max -= std::min(bounds.bytes_max, out.size());
        if (auto traced = (*replay)->run(*tracer, bounds); !traced) return Unexpected{traced.error()};
        out.begin_object().data("txHash", tx.hash()).key("result");
        tracer->write(out);
        out.end_object();
    }
    out.end_array();
    return {};
}

Reply trace_stored_block(EthContext& context, Call& call, JsonWriter& out, const BlockSelector& selector,
                         const std::string& missing, const std::optional<TraceConfig>& config) {
    std::optional<FoundBlock> block;
    {
        const chain::ReadView view{context.store};
        auto found = find_block(context, view, selector, BlockParts::Body);
        if (!found) return Unexpected{found.error()};
        block = std::move(*found);
    }
    if (!block) return server_error(missing);
    return write_block_trace(context, call, out, std::move(*block), config.value_or(TraceConfig{}));
}

Reply trace_block_by_number(EthContext& context, Call& call, JsonWriter& out, BlockNumberSelector block,
                            std::optional<TraceConfig> config) {
    const auto* number = std::get_if<BlockNumber>(&block.block);
    const auto missing = number == nullptr ? "block not found" : "block #" + std::to_string(*number) + " not found";
    return trace_stored_block(context, call, out, block.block, missing, config);
}

Reply trace_block_by_hash(EthContext& context, Call& call, JsonWriter& out, BlockHash hash,
                          std::optional<TraceConfig> config) {
    return trace_stored_block(context, call, out, chain::BlockByHash{hash, false},
                              "block " + to_hex0x(hash) + " not found", config);
}

Reply trace_block(EthContext& context, Call& call, JsonWriter& out, Bytes rlp, std::optional<TraceConfig> config) {
    auto block = decode_block(rlp);
    if (!block) return server_error("could not decode block: " + std::string{to_string(block.error())});
    FoundBlock found{std::move(*block), {}, {}, false};
    for (const auto& tx : found.block.body.transactions) {
        const auto recovered = recover_sender(tx);
        if (!recovered) return server_error("invalid signature of transaction " + to_hex0x(tx.hash()));
        found.senders.push_back(recovered->sender());
    }
    return write_block_trace(context, call, out, std::move(found), config.value_or(TraceConfig{}));
}

Reply trace_transaction(EthContext& context, Call& call, JsonWriter& out, TxHash hash,
                        std::optional<TraceConfig> config) {
    auto replay = Replay::before(context, hash);
    if (!replay) return Unexpected{replay.error()};
    if (!*replay) return server_error("transaction not found");
    const auto& wanted = config ? *config : TraceConfig{};
    const auto tracer = wanted.make();
    const auto traced = (*replay)->run(*tracer, trace_bounds(context, call, wanted.time_max));
    if (!traced) return Unexpected{traced.error()};
    tracer->write(out);
    return {};
}

Reply trace_call(EthContext& context, Call& call, JsonWriter& out, CallArgs args, BlockSelector block,
                 std::optional<TraceCallConfig> config) {
    if (auto checked = args.check(context.spec.chain_id()); !checked) return checked;
    const auto& wanted = config ? *config : TraceCallConfig{};
    auto site = TraceSite::open(context, block, wanted.tx_index, wanted.state, wanted.block);
    if (!site) return Unexpected{site.error()};
    const auto tx = args.to_tx(call_gas(args.gas, context.limits.gas_cap));
    const auto tracer = wanted.trace.make();
    const auto traced =
        (*site)->run(tx, args.sender(), *tracer, trace_bounds(context, call, wanted.trace.time_max));
    if (!traced) return Unexpected{traced.error()};
    tracer->write(out);
    return {};
}

}  // namespace

std::vector<Method> debug_trace_methods(EthContext& context) {
    std::vector<Method> rows;
    rows.push_back(method(context, {"debug_traceTransaction", "Runs a transaction again under a tracer.", "any"},
                          {"hash", "config"}, trace_transaction));
    rows.push_back(method(context, {"debug_traceBlockByNumber", "Traces every transaction of a block.", "array"},
                          {"block", "config"}, trace_block_by_number));
    rows.push_back(method(context, {"debug_traceBlockByHash", "Traces every transaction of a block.", "array"},
                          {"hash", "config"}, trace_block_by_hash));
    rows.push_back(method(context, {"debug_traceBlock", "Traces a block given as RLP on its parent's state.", "array"},
                          {"block", "config"}, trace_block));
    rows.push_back(method(context, {"debug_traceCall", "Traces a transaction that nobody signed.", "any"},
                          {"transaction", "block", "config"}, trace_call));
    return rows;
}

}  // namespace cairn::rpc
