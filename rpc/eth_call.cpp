// SPDX-License-Identifier: MIT
// Transactions that are only tried out: eth_call, eth_estimateGas, eth_createAccessList.
#include <algorithm>
#include <optional>

#include "rpc/access_tracer.hpp"
#include "rpc/bind.hpp"
#include "rpc/clock_tracer.hpp"
#include "rpc/encode.hpp"
#include "rpc/eth_methods.hpp"
#include "rpc/evm_call.hpp"
#include "rpc/fill_tx.hpp"
#include "rpc/gas_estimate.hpp"
#include "rpc/simulate.hpp"

namespace cairn::rpc {
namespace {

BlockSelector or_latest(std::optional<BlockSelector> block) {
    return std::move(block).value_or(BlockSelector{chain::BlockTag::Latest});
}

/// Gas that is burnt well within any time limit. A call with no more runs without a look at the
/// clock, for which the machine has to go instruction by instruction.
constexpr Gas kUnwatchedGasMax = 50'000'000;

/// When the code of a call must have ended.
Call::Clock::time_point end_of(const EthContext& context, const Call& call) {
    return std::min(call.deadline, Call::Clock::now() + context.limits.evm_time_max);
}

/// geth's words for a call that was ended; its time as Go prints one.
Unexpected<RpcError> timed_out(const EthContext& context) {
    const auto ms = context.limits.evm_time_max.count();
    const auto time = ms % 1000 == 0 ? std::to_string(ms / 1000) + "s" : std::to_string(ms) + "ms";
    return server_error("execution aborted (timeout = " + time + ")");
}

Reply eth_call(EthContext& context, Call& call, JsonWriter& out, CallArgs args,
               std::optional<BlockSelector> block, std::optional<StateOverrides> state,
               std::optional<BlockOverrides> overrides) {
    if (auto checked = args.check(context.spec.chain_id()); !checked) return checked;
    auto site = CallSite::open(context, or_latest(std::move(block)), state, overrides);
    if (!site) return Unexpected{site.error()};
    const auto tx = args.to_tx(call_gas(args.gas, context.limits.gas_cap));
    ClockTracer clock{end_of(context, call), nullptr};
    try {
        const auto outcome =
            (*site)->run(tx, args.sender(), tx.gas_limit > kUnwatchedGasMax ? &clock : nullptr);
        if (!outcome) return Unexpected{call_error(outcome.error(), tx, args.sender(), **site)};
        if (!outcome->success()) return Unexpected{failure_error(*outcome)};
        out.data(outcome->output);
    } catch (const OutOfTime&) {
        return timed_out(context);
    }
    return {};
}

Reply estimate_gas(EthContext& context, Call& call, JsonWriter& out, CallArgs args,
                   std::optional<BlockSelector> block, std::optional<StateOverrides> state,
                   std::optional<BlockOverrides> overrides) {
    const auto gas = estimate_gas_of(context, call, args, or_latest(std::move(block)), state, overrides);
    if (!gas) return Unexpected{gas.error()};
    out.quantity(*gas);
    return {};
}

Reply create_access_list(EthContext& context, Call& call, JsonWriter& out, CallArgs args,
                         std::optional<BlockSelector> block, std::optional<StateOverrides> state) try {
    if (auto checked = args.check(context.spec.chain_id()); !checked) return checked;
    auto site = CallSite::open(context, or_latest(std::move(block)), state, std::nullopt);
    if (!site) return Unexpected{site.error()};
    const auto sender = args.sender();
    const auto nonce = (*site)->state().account(sender).value_or(chain::AccountRecord{}).nonce;
    AccessTracer::Exclusions exclusions;
    exclusions.insert(sender);
    exclusions.insert(args.to ? *args.to : vm::create_address(sender, args.nonce.value_or(nonce)));
    for (const auto& address : vm::precompile_addresses((*site)->rules().revision))
        exclusions.insert(address);

    auto tx = args.to_tx(call_gas(args.gas, context.limits.gas_cap));
    if (tx.type == TxType::Legacy) tx.type = TxType::AccessList;
    // What is listed is cheaper, and what is cheaper may run further: until the list stays as it
    // is. It only grows, so that ends; a contract that plays with its gas is cut off.
    constexpr int kRoundsMax = 16;
    const auto end = end_of(context, call);
    for (int round = 0;; ++round) {
        AccessTracer tracer{tx.access_list, exclusions};
        ClockTracer clock{end, &tracer};
        const auto outcome = (*site)->run(tx, sender, &clock);
        if (!outcome) return Unexpected{call_error(outcome.error(), tx, sender, **site)};
        auto list = tracer.list();
        if (list != tx.access_list && round < kRoundsMax) {
            tx.access_list = std::move(list);
            continue;
        }
        out.begin_object();
        out.key("accessList");
        write_access_list(out, list);
        if (!outcome->success()) out.text("error", vm::to_string(outcome->status));
        out.quantity("gasUsed", outcome->gas_used);
        out.end_object();
        return {};
    }
} catch (const OutOfTime&) {
    return timed_out(context);
}

Reply fill_transaction(EthContext& context, Call& call, JsonWriter& out, CallArgs args) {
    const auto tx = fill_tx(context, call, args);
    if (!tx) return Unexpected{tx.error()};
    write_filled(out, *tx);
    return {};
}

}  // namespace

std::vector<Method> eth_call_methods(EthContext& context) {
    std::vector<Method> rows;
    rows.push_back(method(
        context,
        {"eth_call", "Runs a transaction on a block's state and gives what it returns.", "data",
         Cost::Brief},
        {"transaction", "block", "stateOverrides", "blockOverrides"}, eth_call));
    rows.push_back(
        method(context,
               {"eth_estimateGas", "The least gas under which a transaction succeeds.", "quantity",
                Cost::Brief},
               {"transaction", "block", "stateOverrides", "blockOverrides"}, estimate_gas));
    rows.push_back(
        method(context,
               {"eth_createAccessList",
                "The accounts and slots that a transaction touches (EIP-2930).", "object"},
               {"transaction", "block", "stateOverrides"}, create_access_list));
    rows.push_back(method(context,
                          {"eth_fillTransaction",
                           "A transaction with what it leaves out filled in, ready to be signed.",
                           "object"},
                          {"transaction"}, fill_transaction));
    rows.push_back(method(
        context, {"eth_simulateV1", "Runs blocks of transactions on top of a block.", "array"},
        {"request", "block"}, simulate));
    return rows;
}

}  // namespace cairn::rpc
