// SPDX-License-Identifier: MIT
// OpenEthereum's tracing methods, which explorers use: trace_block, trace_transaction, trace_filter, trace_call and
// their like (https://openethereum.github.io/JSONRPC-trace-module).
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "core/types/transaction_rlp.hpp"
#include "rpc/bind.hpp"
#include "rpc/block_rules.hpp"
#include "rpc/evm_call.hpp"
#include "rpc/tracers/active_blocks.hpp"
#include "rpc/tracers/flat_call_tracer.hpp"
#include "rpc/tracers/parity_format.hpp"
#include "rpc/tracers/replay.hpp"
#include "rpc/tracers/small_tracers.hpp"
#include "rpc/tracers/tracing_methods.hpp"
#include "rpc/tracers/vm_trace.hpp"

namespace cairn::rpc {

/// What trace_filter looks for.
struct TraceFilter {
    BlockSelector from_block{chain::BlockTag::Earliest};
    BlockSelector to_block{chain::BlockTag::Latest};
    std::set<Address> from{};  ///< empty: anyone
    std::set<Address> to{};    ///< empty: anyone
    bool is_union = false;     ///< `mode` "union": one of both suffices
    std::uint64_t after = 0;   ///< matches to pass over
    std::uint64_t count = ~std::uint64_t{0};

    /// Whether nothing matches that is not sent by one of `from`.
    [[nodiscard]] bool wants_senders() const noexcept { return !from.empty() && (!is_union || to.empty()); }

    [[nodiscard]] bool matches(const Address& sender, const std::optional<Address>& recipient) const {
        const bool has_from = from.contains(sender);
        const bool has_to = recipient && to.contains(*recipient);
        if (is_union && !from.empty() && !to.empty()) return has_from || has_to;
        return (from.empty() || has_from) && (to.empty() || has_to);
    }
};
CAIRN_PARAM_CODEC(TraceFilter);

/// One call of trace_callMany: [transaction, types].
struct TypedCall {
    CallArgs args;
    TraceTypes types;
};
CAIRN_PARAM_CODEC(std::vector<TypedCall>);
CAIRN_PARAM_CODEC(std::vector<std::uint64_t>);

namespace {

constexpr std::size_t kCallsMax = 1000;
/// For one transaction; the request has a deadline besides.
constexpr std::chrono::milliseconds kTxTimeMax{30'000};

Decoded<std::set<Address>> decode_addresses(const nlohmann::json& in, const char* name) {
    std::set<Address> out;
    const auto* member = find_member(in, name);
    if (member == nullptr || member->is_null()) return out;
    if (!member->is_array()) return Unexpected{std::string{name} + " must be an array of addresses"};
    for (const auto& each : *member) {
        const auto address = ParamCodec<Address>::decode(each);
        if (!address) return Unexpected{address.error()};
        out.insert(*address);
    }
    return out;
}

}  // namespace

Decoded<TraceFilter> ParamCodec<TraceFilter>::decode(const nlohmann::json& in) {
    if (!in.is_object()) return Unexpected<std::string>{"filter must be an object"};
    TraceFilter out;
    constexpr std::string_view kStruct = "TraceFilter";
    const auto from_block = decode_member<BlockSelector>(in, "fromBlock", kStruct);
    if (!from_block) return Unexpected{from_block.error()};
    const auto to_block = decode_member<BlockSelector>(in, "toBlock", kStruct);
    if (!to_block) return Unexpected{to_block.error()};
    const auto after = decode_member<std::uint64_t>(in, "after", kStruct);
    if (!after) return Unexpected{after.error()};
    const auto count = decode_member<std::uint64_t>(in, "count", kStruct);
    if (!count) return Unexpected{count.error()};
    const auto mode = decode_member<std::string>(in, "mode", kStruct);
    if (!mode) return Unexpected{mode.error()};
    if (*mode && **mode != "union" && **mode != "intersection")
        return Unexpected<std::string>{"mode must be union or intersection"};
    auto from = decode_addresses(in, "fromAddress");
    if (!from) return Unexpected{from.error()};
    auto to = decode_addresses(in, "toAddress");
    if (!to) return Unexpected{to.error()};
    if (*from_block) out.from_block = **from_block;
    if (*to_block) out.to_block = **to_block;
    out.after = after->value_or(0);
    out.count = count->value_or(out.count);
    out.is_union = *mode && **mode == "union";
    out.from = std::move(*from);
    out.to = std::move(*to);
    return out;
}
std::string ParamCodec<TraceFilter>::schema() { return R"({"title":"trace filter","type":"object"})"; }

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

/// Runs the replay's next transaction and hands each of its flat frames to `visit`.
template <class Visit>
Reply visit_next(EthContext& context, Call& call, Replay& replay, std::size_t bytes_before, Visit visit) {
    FlatCallTracer tracer{FlatTraceOptions{}};
    const FlatTracePlace where{
        replay.block().header->number,
        TracePlace{replay.block().header.hash(), replay.block().body.transactions[replay.next()].hash(),
                   replay.next()}};
    auto bounds = trace_bounds(context, call, kTxTimeMax);
    bounds.bytes_max -= std::min(bounds.bytes_max, bytes_before);
    if (auto traced = replay.run(tracer, bounds); !traced) return Unexpected{traced.error()};
    for (const auto& flat : flatten(tracer.tree(), replay.rules().revision, false)) visit(flat, where);
    return {};
}

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

/// Writes the matches of a range of blocks, one block after the other.
class FilterScan {
public:
    FilterScan(EthContext& context, Call& call, JsonWriter& out, const TraceFilter& filter)
        : context_{context}, call_{call}, out_{out}, filter_{filter} {}

    [[nodiscard]] bool is_full() const noexcept { return written_ >= filter_.count; }

    Reply scan(BlockNumber number) {
        if (call_.is_late()) return Unexpected{RpcError{kTimedOut, "request timed out"}};
        auto found = find_stored(context_, number);
        if (!found) return Unexpected{found.error()};
        if (!*found || number == 0) return {};
        const auto block = (*found)->block;
        const auto& rules = rules_of(context_.spec, *block.header);
        if (!block.body.transactions.empty())
            if (auto traced = scan_transactions(std::move(**found)); !traced) return traced;
        for (const auto& reward : rewards_of(rules, block)) {
            // A reward comes from nobody.
            const bool is_match = filter_.from.empty() || filter_.is_union;
            if (is_match && filter_.matches(Address{}, reward.author) && take())
                write_reward(out_, reward, block.header);
        }
        return {};
    }

private:
    Reply scan_transactions(FoundBlock found) {
        auto replay = Replay::open(context_, std::move(found));
        if (!replay) return Unexpected{replay.error()};
        auto& at = **replay;
        while (at.next() < at.block().body.transactions.size() && !is_full()) {
            const auto traced =
                visit_next(context_, call_, at, out_.size(), [&](const FlatFrame& flat, const auto& where) {
                    const auto& frame = *flat.frame;
                    const auto to = frame.is_create() ? std::optional{frame.created} : frame.to;
                    if (filter_.matches(frame.from, to) && take()) write_flat_frame(out_, flat, true, where);
                });
            if (!traced) return traced;
        }
        return {};
    }
    /// Counts a match; whether it is to be written.
    bool take() {
        if (passed_ < filter_.after) {
            ++passed_;
            return false;
        }
        if (is_full()) return false;
        ++written_;
        return true;
    }

    EthContext& context_;
    Call& call_;
    JsonWriter& out_;
    const TraceFilter& filter_;
    std::uint64_t passed_ = 0;
    std::uint64_t written_ = 0;
};

Reply trace_filter(EthContext& context, Call& call, JsonWriter& out, TraceFilter filter) {
    BlockNumber first = 0;
    BlockNumber last = 0;
    {
        const chain::ReadView view{context.store};
        const auto from = resolve(view, filter.from_block);
        if (!from) return Unexpected{from.error()};
        const auto to = resolve(view, filter.to_block);
        if (!to) return Unexpected{to.error()};
        first = from->number;
        last = to->number;
    }
    if (first > last) return invalid_params("invalid block range: fromBlock is above toBlock");
    out.begin_array();
    FilterScan scan{context, call, out, filter};
    for (auto number = first; number <= last && !scan.is_full(); ++number) {
        if (filter.wants_senders()) number = next_active_block(chain::ReadView{context.store}, filter.from, number, last);
        if (number > last) break;
        if (auto scanned = scan.scan(number); !scanned) return scanned;
    }
    out.end_array();
    return {};
}

/// Tries one transaction out on the site and writes what was asked for.
Reply write_call(EthContext& context, Call& call, JsonWriter& out, TraceSite& site, const Transaction& tx,
                 const Address& sender, const TraceTypes& types) {
    TypedTracer tracer{types};
    auto bounds = trace_bounds(context, call, kTxTimeMax);
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
    auto bounds = trace_bounds(context, call, kTxTimeMax);
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
    rows.push_back(method(context, {"trace_filter", "Calls from or to accounts in a range of blocks.", "array"},
                          {"filter"}, trace_filter));
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
    return rows;
}

}  // namespace cairn::rpc
