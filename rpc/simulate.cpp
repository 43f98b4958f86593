// SPDX-License-Identifier: MIT
#include "rpc/simulate.hpp"

#include <nlohmann/json.hpp>

#include "rpc/encode.hpp"
#include "rpc/simulator.hpp"

namespace cairn::rpc {
namespace {

using Json = nlohmann::json;

Decoded<SimulatedBlock> decode_simulated_block(const Json& in) {
    if (!in.is_object()) return Unexpected{std::string{"a block to simulate must be an object"}};
    SimulatedBlock out;
    auto block = decode_member<BlockOverrides>(in, "blockOverrides", "simBlock");
    if (!block) return Unexpected{block.error()};
    out.block = block->value_or(BlockOverrides{});
    auto state = decode_member<StateOverrides>(in, "stateOverrides", "simBlock");
    if (!state) return Unexpected{state.error()};
    out.state = state->value_or(StateOverrides{});
    const auto* calls = find_member(in, "calls");
    if (calls == nullptr) return out;
    if (!calls->is_array()) return Unexpected{std::string{"calls must be an array"}};
    for (const auto& each : *calls) {
        auto call = ParamCodec<CallArgs>::decode(each);
        if (!call) return Unexpected{call.error()};
        out.calls.push_back(std::move(*call));
    }
    return out;
}

/// The error inside a call's result: a revert with its data, or a failure of the machine.
void write_call_error(JsonWriter& out, const chain::TxOutcome& outcome) {
    constexpr int kVmError = -32015;
    const auto error = outcome.status == vm::Status::Revert
                           ? reverted(outcome.output)
                           : RpcError{kVmError, std::string{vm::to_string(outcome.status)}};
    out.key("error").begin_object();
    out.text("message", error.message);
    out.key("code").number(std::int64_t{error.code});
    if (!error.data.empty()) out.key("data").raw(error.data);
    out.end_object();
}

void write_calls(JsonWriter& out, const SimulatedResult& result) {
    out.begin_array();
    const auto& header = result.block.header;
    LogPlace place{header.hash(), header->number, header->timestamp, {}, 0, 0, false};
    for (std::size_t i = 0; i < result.calls.size(); ++i) {
        const auto& call = result.calls[i];
        const auto& outcome = call.outcome;
        out.begin_object();
        out.data("returnData", outcome.success() ? ByteView{outcome.output} : ByteView{});
        out.key("logs").begin_array();
        place.tx_hash = result.block.body.transactions[i].hash();
        place.tx_index = i;
        for (const auto& log : call.logs) {
            write_log(out, log, place);
            ++place.log_index;
        }
        out.end_array();
        out.quantity("gasUsed", outcome.gas_used);
        out.quantity("maxUsedGas", outcome.gas_used + outcome.gas_refunded);
        out.quantity("status", outcome.success() ? 1U : 0U);
        if (!outcome.success()) write_call_error(out, outcome);
        out.end_object();
    }
    out.end_array();
}

}  // namespace

Decoded<SimulateRequest> ParamCodec<SimulateRequest>::decode(const Json& in) {
    if (!in.is_object()) return Unexpected{std::string{"a simulation must be an object"}};
    SimulateRequest out;
    constexpr std::string_view kName = "simOpts";
    const auto transfers = decode_member<bool>(in, "traceTransfers", kName);
    if (!transfers) return Unexpected{transfers.error()};
    const auto validation = decode_member<bool>(in, "validation", kName);
    if (!validation) return Unexpected{validation.error()};
    const auto full = decode_member<bool>(in, "returnFullTransactions", kName);
    if (!full) return Unexpected{full.error()};
    out.traces_transfers = transfers->value_or(false);
    out.is_validated = validation->value_or(false);
    out.has_full_txs = full->value_or(false);
    const auto* blocks = find_member(in, "blockStateCalls");
    if (blocks == nullptr) return out;
    if (!blocks->is_array()) return Unexpected{std::string{"blockStateCalls must be an array"}};
    for (const auto& each : *blocks) {
        auto block = decode_simulated_block(each);
        if (!block) return Unexpected{block.error()};
        out.blocks.push_back(std::move(*block));
    }
    return out;
}

std::string ParamCodec<SimulateRequest>::schema() {
    return R"({"title":"simulation","type":"object","properties":{"blockStateCalls":{"type":"array"},)"
           R"("traceTransfers":{"type":"boolean"},"validation":{"type":"boolean"},)"
           R"("returnFullTransactions":{"type":"boolean"}}})";
}

Reply simulate(EthContext& context, Call& call, JsonWriter& out, SimulateRequest request,
               std::optional<BlockSelector> base) {
    constexpr int kTooManyBlocks = -38026;
    if (request.blocks.empty()) return invalid_params("empty input");
    if (request.blocks.size() > kSimulatedBlocksMax)
        return Unexpected{RpcError{kTooManyBlocks, "too many blocks"}};
    // The pending block has no tries to stand on.
    auto selector = std::move(base).value_or(BlockSelector{chain::BlockTag::Latest});
    if (std::holds_alternative<PendingTag>(selector)) selector = chain::BlockTag::Latest;
    const auto at = StateAt::open(context, selector);
    if (!at) return Unexpected{at.error()};
    const auto blocks = Simulator::fill(*(*at)->header(), std::move(request.blocks));
    if (!blocks) return Unexpected{blocks.error()};
    const auto simulator = Simulator::open(context, **at, request);
    if (!simulator) return Unexpected{simulator.error()};
    const auto detail = request.has_full_txs ? TxDetail::Full : TxDetail::Hashes;
    out.begin_array();
    for (const auto& block : *blocks) {
        if (call.is_late()) return Unexpected{RpcError{kTimedOut, "request timed out"}};
        const auto result = (*simulator)->run(block);
        if (!result) return Unexpected{result.error()};
        out.begin_object();
        write_block_fields(out, result->block, result->senders, detail, false);
        out.key("calls");
        write_calls(out, *result);
        out.end_object();
    }
    out.end_array();
    return {};
}

}  // namespace cairn::rpc
