// SPDX-License-Identifier: MIT
// Transactions that are only tried out: eth_call, eth_estimateGas, eth_createAccessList.
#include <optional>

#include "rpc/access_tracer.hpp"
#include "rpc/bind.hpp"
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

Reply eth_call(EthContext& context, Call&, JsonWriter& out, CallArgs args,
               std::optional<BlockSelector> block, std::optional<StateOverrides> state,
               std::optional<BlockOverrides> overrides) {
    if (auto checked = args.check(context.spec.chain_id()); !checked) return checked;
    auto site = CallSite::open(context, or_latest(std::move(block)), state, overrides);
    if (!site) return Unexpected{site.error()};
    const auto tx = args.to_tx(call_gas(args.gas, context.limits.gas_cap));
    const auto outcome = (*site)->run(tx, args.sender());
    if (!outcome) return Unexpected{call_error(outcome.error(), tx, args.sender(), **site)};
    if (!outcome->success()) return Unexpected{failure_error(*outcome)};
    out.data(outcome->output);
    return {};
}

Reply estimate_gas(EthContext& context, Call&, JsonWriter& out, CallArgs args,
                   std::optional<BlockSelector> block, std::optional<StateOverrides> state,
                   std::optional<BlockOverrides> overrides) {
    const auto gas = estimate_gas_of(context, args, or_latest(std::move(block)), state, overrides);
    if (!gas) return Unexpected{gas.error()};
    out.quantity(*gas);
    return {};
}

Reply create_access_list(EthContext& context, Call&, JsonWriter& out, CallArgs args,
                         std::optional<BlockSelector> block, std::optional<StateOverrides> state) {
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
    for (int round = 0;; ++round) {
        AccessTracer tracer{tx.access_list, exclusions};
        const auto outcome = (*site)->run(tx, sender, &tracer);
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
}

Reply fill_transaction(EthContext& context, Call&, JsonWriter& out, CallArgs args) {
    const auto tx = fill_tx(context, args);
    if (!tx) return Unexpected{tx.error()};
    write_filled(out, *tx);
    return {};
}

}  // namespace

std::vector<Method> eth_call_methods(EthContext& context) {
    std::vector<Method> rows;
    rows.push_back(method(
        context,
        {"eth_call", "Runs a transaction on a block's state and gives what it returns.", "data"},
        {"transaction", "block", "stateOverrides", "blockOverrides"}, eth_call));
    rows.push_back(
        method(context,
               {"eth_estimateGas", "The least gas under which a transaction succeeds.", "quantity"},
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
