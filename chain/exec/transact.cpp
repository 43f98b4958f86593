// SPDX-License-Identifier: MIT
#include "chain/exec/transact.hpp"

#include <algorithm>
#include <utility>

#include "chain/exec/authorization.hpp"
#include "chain/exec/evm_host.hpp"
#include "chain/exec/precheck.hpp"
#include "chain/rules/base_fee.hpp"
#include "chain/rules/intrinsic_gas.hpp"
#include "core/base/assert.hpp"

namespace cairn::chain {
namespace {

vm::TxContext make_context(const BlockEnv& block, const Transaction& tx, const Address& sender,
                           const Wei& gas_price) {
    return {.origin = sender,
            .gas_price = gas_price,
            .chain_id = block.chain_id,
            .coinbase = block.coinbase,
            .number = block.number,
            .timestamp = block.timestamp,
            .gas_limit = block.gas_limit,
            .prev_randao = block.prev_randao,
            .base_fee = block.base_fee,
            .blob_base_fee = block.blob_base_fee,
            .blob_hashes = tx.blob_hashes};
}

/// Marks what is warm from the start (EIP-2929, 2930, 3651); precompiles are the host's business.
void warm_up(State& state, const RuleSet& rules, const BlockEnv& block, const Transaction& tx,
             const Address& sender, const Address& recipient) {
    state.access_account(sender);
    state.access_account(recipient);
    if (rules.has_warm_coinbase) state.access_account(block.coinbase);
    for (const auto& entry : tx.access_list) {
        state.access_account(entry.address);
        for (const auto& key : entry.storage_keys) state.access_storage(entry.address, load_be256(key.data()));
    }
}

vm::Message make_message(const Transaction& tx, const Address& sender, const Address& recipient, Gas gas) {
    vm::Message message;
    message.kind = tx.is_creation() ? vm::CallKind::Create : vm::CallKind::Call;
    message.gas = static_cast<std::int64_t>(gas);
    message.recipient = recipient;
    message.sender = sender;
    message.code_address = recipient;
    message.value = tx.value;
    message.input = tx.data;
    return message;
}

/// Settles gas (Yellow Paper, equations 74 and 75; EIP-3529, EIP-7623) into the outcome.
void settle_gas(const RuleSet& rules, const Transaction& tx, const IntrinsicGas& intrinsic,
                const vm::ExecutionResult& result, Gas authorization_refund, TxOutcome& outcome) {
    const Gas used = tx.gas_limit - static_cast<Gas>(result.gas_left);
    // The counter of a whole transaction is never negative; a frame's part of it may be.
    const auto counter = std::max<std::int64_t>(0, result.gas_refund + static_cast<std::int64_t>(authorization_refund));
    outcome.gas_refunded = std::min(static_cast<Gas>(counter), used / rules.refund_quotient);
    outcome.gas_used = std::max(used - outcome.gas_refunded, intrinsic.floor);
}

}  // namespace

Result<TxOutcome, TxError> transact(vm::Vm& vm, State& state, const RuleSet& rules, const BlockEnv& block,
                                    const BlockBudget& budget, const Transaction& tx, const Address& sender,
                                    vm::Tracer* tracer) {
    state.begin_transaction();
    if (const auto check = precheck(state, rules, block, budget, tx, sender); !check)
        return Unexpected{check.error()};
    return execute_checked(vm, state, rules, block, tx, sender, tracer);
}

TxOutcome execute_checked(vm::Vm& vm, State& state, const RuleSet& rules, const BlockEnv& block, const Transaction& tx,
                          const Address& sender, vm::Tracer* tracer) {
    const auto intrinsic = intrinsic_gas(rules, tx);
    CAIRN_ASSERT(intrinsic.intrinsic <= tx.gas_limit);

    // Bought whole and unused gas given back later, so the code sees the balance without it.
    const Wei gas_price = effective_gas_price(tx, block.base_fee);
    const Wei blob_cost = Wei{blob_gas_of(tx.blob_hashes.size())} * block.blob_base_fee;
    state.subtract_balance(sender, Wei{tx.gas_limit} * gas_price + blob_cost);
    state.set_nonce(sender, tx.nonce + 1);

    const Address recipient = tx.to ? *tx.to : vm::create_address(sender, tx.nonce);
    if (rules.has_access_lists) warm_up(state, rules, block, tx, sender, recipient);
    const Gas authorization_refund = apply_authorizations(state, rules, block.chain_id, tx);
    if (rules.allows(TxType::SetCode))
        if (const auto delegate = find_delegate(state.code(recipient))) state.access_account(*delegate);

    const auto context = make_context(block, tx, sender, gas_price);
    EvmHost host{state, rules, context, block.block_hash, vm.warm_precompiles()};
    auto result = vm.execute(host, rules.revision,
                             make_message(tx, sender, recipient, tx.gas_limit - intrinsic.intrinsic), tracer);

    TxOutcome outcome;
    outcome.status = result.status;
    outcome.output = std::move(result.output);
    settle_gas(rules, tx, intrinsic, result, authorization_refund, outcome);
    if (outcome.success() && tx.is_creation()) outcome.created = recipient;

    // The base fee's and the blobs' part goes to nobody (EIP-1559, EIP-4844).
    const Wei tip = rules.has_base_fee ? gas_price - block.base_fee : gas_price;
    state.add_balance(sender, Wei{tx.gas_limit - outcome.gas_used} * gas_price);
    state.add_balance(block.coinbase, Wei{outcome.gas_used} * tip);
    state.finalise_transaction(rules.clears_empty_accounts ? EmptyAccounts::Delete : EmptyAccounts::Keep);
    outcome.logs = state.take_logs();
    return outcome;
}

}  // namespace cairn::chain
