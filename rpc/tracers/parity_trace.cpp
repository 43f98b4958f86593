// SPDX-License-Identifier: MIT
// OpenEthereum's tracing methods, which explorers use: trace_block, trace_transaction, trace_filter, trace_call and
// their like (https://openethereum.github.io/JSONRPC-trace-module).
#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/types/transaction_rlp.hpp"
#include "rpc/bind.hpp"
#include "rpc/block_rules.hpp"
#include "rpc/evm_call.hpp"
#include "rpc/tracers/flat_visit.hpp"
#include "rpc/tracers/parity_format.hpp"
#include "rpc/tracers/replay.hpp"
#include "rpc/tracers/small_tracers.hpp"
#include "rpc/tracers/tracing_methods.hpp"
#include "rpc/tracers/vm_trace.hpp"

namespace cairn::rpc {

/// One call of trace_callMany: [transaction, types].
struct TypedCall {
    CallArgs args;
    TraceTypes types;
};
CAIRN_PARAM_CODEC(std::vector<TypedCall>);
CAIRN_PARAM_CODEC(std::vector<std::uint64_t>);

namespace {

constexpr std::size_t kCallsMax = 1000;

}  // namespace

Decoded<std::vector<TypedCall>> ParamCodec<std::vector<TypedCall>>::decode(const nlohmann::json& in) {
    if (!in.is_array()) return Unexpected<std::string>{"calls must be an array"};
    if (in.size() > kCallsMax) return Unexpected<std::string>{"too many calls"};
    std::vector<TypedCall> out;
    for (const auto& each : in) {
        if (!each.is_array() || each.size() != 2)
            return Unexpected<std::string>{"a call must be an array of transaction and trace types"};
        auto args = ParamCodec<CallArgs>::decode(each[0]);
        if (!args) return Unexpected{args.error()};
        const auto types = ParamCodec<TraceTypes>::decode(each[1]);
        if (!types) return Unexpected{types.error()};
        out.push_back({std::move(*args), *types});
    }
    return out;
}
std::string ParamCodec<std::vector<TypedCall>>::schema() { return R"({"type":"array"})"; }

Decoded<std::vector<std::uint64_t>> ParamCodec<std::vector<std::uint64_t>>::decode(const nlohmann::json& in) {
    if (!in.is_array()) return Unexpected<std::string>{"indexes must be an array"};
    std::vector<std::uint64_t> out;
    for (const auto& each : in) {
        const auto index = ParamCodec<std::uint64_t>::decode(each);
        if (!index) return Unexpected{index.error()};
        out.push_back(*index);
    }
    return out;
}
std::string ParamCodec<std::vector<std::uint64_t>>::schema() { return R"({"type":"array"})"; }

namespace {

/// The tracers that a request's types ask for.
class TypedTracer {
public:
    explicit TypedTracer(const TraceTypes& types) : types_{types}, tracer_{make()} {}

    [[nodiscard]] TxTracer& tracer() noexcept { return tracer_; }

    /// {output, stateDiff, trace, vmTrace}, and the transaction's hash where it has one.
    void write(JsonWriter& out, const TracedOutcome& traced, const chain::StateReader& codes,
               const chain::RuleSet& rules, const std::optional<TxHash>& hash) {
        out.begin_object().data("output", traced.outcome.output);
        out.key("stateDiff");
        if (types_.has_state_diff) write_state_diff(out, traced.diff, codes);
        else out.null();
        out.key("trace").begin_array();
        if (types_.has_trace)
            for (const auto& flat : flatten(flat_->tree(), rules.revision, false))
                write_flat_frame(out, flat, true, std::nullopt);
        out.end_array();
        if (hash) out.data("transactionHash", *hash);
        out.key("vmTrace");
        if (vm_ != nullptr) vm_->write(out);
        else out.null();
        out.end_object();
    }

private:
    MuxTracer make() {
        MuxTracer::Parts parts;
        if (types_.has_trace) {
            auto flat = std::make_unique<FlatCallTracer>(FlatTraceOptions{});
            flat_ = flat.get();
            parts.emplace_back("trace", std::move(flat));
        }
        if (types_.has_vm_trace) {
            auto vm = std::make_unique<VmTracer>();
            vm_ = vm.get();
            parts.emplace_back("vmTrace", std::move(vm));
        }
        return MuxTracer{std::move(parts)};
    }

    TraceTypes types_;
    FlatCallTracer* flat_ = nullptr;
    VmTracer* vm_ = nullptr;
    MuxTracer tracer_;
};

/// A stored block by selector; nothing where there is none.
Result<std::optional<FoundBlock>, RpcError> find_stored(EthContext& context, const BlockSelector& selector) {
    const chain::ReadView view{context.store};
    return find_block(context, view, selector, BlockParts::Body);
}

Reply trace_block(EthContext& context, Call& call, JsonWriter& out, BlockSelector selector) {
    auto found = find_stored(context, selector);
    if (!found) return Unexpected{found.error()};
    if (!*found) {
        out.null();
        return {};
    }
    out.begin_array();
    if ((*found)->block.header->number != 0) {
        auto replay = Replay::open(context, std::move(**found));
        if (!replay) return Unexpected{replay.error()};
        auto& at = **replay;
        while (at.next() < at.block().body.transactions.size()) {
            const auto traced = visit_next(context, call, at, out.size(), [&](const auto& flat, const auto& where) {
                write_flat_frame(out, flat, true, where);
            });
            if (!traced) return traced;
        }
        for (const auto& reward : rewards_of(at.rules(), at.block())) write_reward(out, reward, at.block().header);
    }
    out.end_array();
    return {};
}

Reply trace_transaction(EthContext& context, Call& call, JsonWriter& out, TxHash hash) {
    auto replay = Replay::before(context, hash);
    if (!replay) return Unexpected{replay.error()};
    if (!*replay) {
        out.null();
        return {};
    }
    out.begin_array();
    const auto traced = visit_next(context, call, **replay, 0, [&](const auto& flat, const auto& where) {
        write_flat_frame(out, flat, true, where);
    });
    if (!traced) return traced;
    out.end_array();
    return {};
}

Reply trace_get(EthContext& context, Call& call, JsonWriter& out, TxHash hash, std::vector<std::uint64_t> path) {
    auto replay = Replay::before(context, hash);
    if (!replay) return Unexpected{replay.error()};
    bool is_found = false;
    if (*replay) {
        const auto traced = visit_next(context, call, **replay, 0, [&](const FlatFrame& flat, const auto& where) {
            if (!std::equal(flat.path.begin(), flat.path.end(), path.begin(), path.end())) return;
            is_found = true;
            write_flat_frame(out, flat, true, where);
        });
        if (!traced) return traced;
    }
    if (!is_found) out.null();
    return {};
}

/// Tries one transaction out on the site and writes what was asked for.
Reply write_call(EthContext& context, Call& call, JsonWriter& out, TraceSite& site, const Transaction& tx,
                 const Address& sender, const TraceTypes& types) {
    TypedTracer tracer{types};
    auto bounds = trace_bounds(context, call, kFlatTraceTimeMax);
    bounds.bytes_max -= std::min(bounds.bytes_max, out.size());
    const auto traced = site.run(tx, sender, tracer.tracer(), bounds);
    if (!traced) return Unexpected{traced.error()};
    tracer.write(out, *traced, site.state(), site.rules(), std::nullopt);
    return {};
}

Reply trace_call_many(EthContext& context, Call& call, JsonWriter& out, std::vector<TypedCall> calls,
                      std::optional<BlockSelector> block) {
    auto site = TraceSite::open(context, block.value_or(BlockSelector{chain::BlockTag::Latest}), std::nullopt,
                                std::nullopt, std::nullopt);
    if (!site) return Unexpected{site.error()};
    out.begin_array();
    for (const auto& each : calls) {
        if (auto checked = each.args.check(context.spec.chain_id()); !checked) return checked;
        const auto tx = each.args.to_tx(call_gas(each.args.gas, context.limits.gas_cap));
        if (auto written = write_call(context, call, out, **site, tx, each.args.sender(), each.types); !written)
            return written;
    }
    out.end_array();
    return {};
}

Reply trace_call(EthContext& context, Call& call, JsonWriter& out, CallArgs args, TraceTypes types,
                 std::optional<BlockSelector> block) {
    if (auto checked = args.check(context.spec.chain_id()); !checked) return checked;
    auto site = TraceSite::open(context, block.value_or(BlockSelector{chain::BlockTag::Latest}), std::nullopt,
                                std::nullopt, std::nullopt);
    if (!site) return Unexpected{site.error()};
    const auto tx = args.to_tx(call_gas(args.gas, context.limits.gas_cap));
    return write_call(context, call, out, **site, tx, args.sender(), types);
}

Reply trace_raw_transaction(EthContext& context, Call& call, JsonWriter& out, Bytes raw, TraceTypes types) {
    const auto tx = decode_tx(raw);
    if (!tx) return invalid_params("invalid transaction: " + std::string{to_string(tx.error())});
    const auto recovered = recover_sender(*tx);
    if (!recovered) return invalid_params("invalid transaction v, r, s values");
    auto site = TraceSite::open(context, chain::BlockTag::Latest, std::nullopt, std::nullopt, std::nullopt);
    if (!site) return Unexpected{site.error()};
    return write_call(context, call, out, **site, tx->tx(), recovered->sender(), types);
}

/// Runs the replay's next transaction and writes what was asked for.
Reply write_replay(EthContext& context, Call& call, JsonWriter& out, Replay& replay, const TraceTypes& types,
                   bool has_hash) {
    TypedTracer tracer{types};
    auto bounds = trace_bounds(context, call, kFlatTraceTimeMax);
    bounds.bytes_max -= std::min(bounds.bytes_max, out.size());
    const auto hash = replay.block().body.transactions[replay.next()].hash();
    const auto traced = replay.run(tracer.tracer(), bounds);
    if (!traced) return Unexpected{traced.error()};
    tracer.write(out, *traced, replay.freeze(), replay.rules(), has_hash ? std::optional{hash} : std::nullopt);
    return {};
}

Reply replay_transaction(EthContext& context, Call& call, JsonWriter& out, TxHash hash, TraceTypes types) {
    auto replay = Replay::before(context, hash);
    if (!replay) return Unexpected{replay.error()};
    if (!*replay) return server_error("transaction not found");
    return write_replay(context, call, out, **replay, types, false);
}

Reply replay_block(EthContext& context, Call& call, JsonWriter& out, BlockSelector selector, TraceTypes types) {
    auto found = find_stored(context, selector);
    if (!found) return Unexpected{found.error()};
    if (!*found) {
        out.null();
        return {};
    }
    out.begin_array();
    if ((*found)->block.header->number != 0) {
        auto replay = Replay::open(context, std::move(**found));
        if (!replay) return Unexpected{replay.error()};
        while ((*replay)->next() < (*replay)->block().body.transactions.size())
            if (auto written = write_replay(context, call, out, **replay, types, true); !written) return written;
    }
    out.end_array();
    return {};
}

}  // namespace

std::vector<Method> parity_trace_methods(EthContext& context) {
    std::vector<Method> rows;
    rows.push_back(method(context, {"trace_block", "The calls of a block's transactions, and its rewards.", "array?"},
                          {"block"}, trace_block));
    rows.push_back(method(context, {"trace_transaction", "The calls of a transaction.", "array?"}, {"hash"},
                          trace_transaction));
    rows.push_back(method(context, {"trace_get", "One call of a transaction, by its path.", "object?"},
                          {"hash", "path"}, trace_get));
    rows.push_back(method(context, {"trace_call", "Traces a transaction that nobody signed.", "object"},
                          {"transaction", "types", "block"}, trace_call));
    rows.push_back(method(context, {"trace_callMany", "Traces such transactions one after the other.", "array"},
                          {"calls", "block"}, trace_call_many));
    rows.push_back(method(context, {"trace_rawTransaction", "Traces a signed transaction without sending it.", "object"},
                          {"transaction", "types"}, trace_raw_transaction));
    rows.push_back(method(context, {"trace_replayTransaction", "Runs a transaction again.", "object"},
                          {"hash", "types"}, replay_transaction));
    rows.push_back(method(context, {"trace_replayBlockTransactions", "Runs a block's transactions again.", "array?"},
                          {"block", "types"}, replay_block));
    rows.push_back(trace_filter_method(context));
    return rows;
}

}  // namespace cairn::rpc
