// SPDX-License-Identifier: MIT
#include "rpc/evm_call.hpp"

#include <algorithm>
#include <limits>

#include "chain/exec/block_executor.hpp"
#include "chain/exec/precheck.hpp"
#include "chain/rules/intrinsic_gas.hpp"
#include "rpc/block_rules.hpp"
#include "rpc/json_writer.hpp"

namespace cairn::rpc {

Result<std::unique_ptr<CallSite>, RpcError> CallSite::open(
    EthContext& context, const BlockSelector& block, const std::optional<StateOverrides>& state,
    const std::optional<BlockOverrides>& overrides) {
    auto at = StateAt::open(context, block);
    if (!at) return Unexpected{at.error()};
    std::unique_ptr<CallSite> site{new CallSite{context}};
    site->at_ = std::move(*at);
    const auto& header = *site->at_->header();
    const auto number = overrides && overrides->number ? *overrides->number : header.number;
    const auto time = overrides && overrides->time ? *overrides->time : header.timestamp;
    site->rules_ = &rules_of(context.spec, header, number, time);
    site->env_ = chain::make_block_env(context.spec, *site->rules_, header,
                                       block_hashes_before(site->at_->view(), header));
    if (overrides) overrides->apply(site->env_);
    site->reader_ = &site->at_->state();
    if (state && !state->is_empty()) {
        site->overlay_ = std::make_unique<OverlayState>(site->at_->state());
        if (auto applied = state->apply(*site->overlay_, site->moves_, site->rules_->revision);
            !applied)
            return Unexpected{applied.error()};
        site->reader_ = site->overlay_.get();
    }
    return site;
}

Result<chain::TxOutcome, chain::TxError> CallSite::run(const Transaction& tx, const Address& sender,
                                                       vm::Tracer* tracer) {
    return run_on(fresh_state(), tx, sender, tracer);
}

Result<chain::TxOutcome, chain::TxError> CallSite::run_on(chain::State& state,
                                                          const Transaction& tx,
                                                          const Address& sender,
                                                          vm::Tracer* tracer) {
    const PrecompileScope scope{moves_};
    auto outcome = chain::call(machine_.vm(), state, *rules_, env_, tx, sender, tracer);
    // What a creation returns is the code that it deploys.
    if (outcome && outcome->created) outcome->output = to_bytes(state.code(*outcome->created));
    return outcome;
}

Gas call_gas(const std::optional<std::uint64_t>& asked, Gas cap) noexcept {
    constexpr auto kGasMax = static_cast<Gas>(std::numeric_limits<std::int64_t>::max());
    if (cap == 0) cap = kGasMax;
    return std::min(asked.value_or(cap), cap);
}

std::string tx_error_text(chain::TxError error, const Transaction& tx, const Address& sender,
                          const chain::StateReader& state, const chain::BlockEnv& env,
                          const chain::RuleSet& rules) {
    const auto account = state.account(sender).value_or(chain::AccountRecord{});
    const auto who = "address " + checksummed(sender);
    std::string text{chain::to_string(error)};
    switch (error) {
        case chain::TxError::InsufficientFunds: {
            const auto cost = chain::cost_max(tx);
            return text + ": " + who + " have " + to_decimal(account.balance) + " want " +
                   (cost ? to_decimal(*cost) : "more than 2^256");
        }
        case chain::TxError::FeeCapBelowBaseFee:
            return text + ": " + who + ", maxFeePerGas: " + to_decimal(tx.max_fee_per_gas) +
                   ", baseFee: " + to_decimal(env.base_fee);
        case chain::TxError::TipAboveFeeCap:
            return text + ": " + who +
                   ", maxPriorityFeePerGas: " + to_decimal(tx.max_priority_fee_per_gas) +
                   ", maxFeePerGas: " + to_decimal(tx.max_fee_per_gas);
        case chain::TxError::IntrinsicGasTooLow:
            return text + ": have " + std::to_string(tx.gas_limit) + ", want " +
                   std::to_string(chain::intrinsic_gas(rules, tx).intrinsic);
        case chain::TxError::GasLimitBelowFloor:
            return text + ": have " + std::to_string(tx.gas_limit) + ", want " +
                   std::to_string(chain::intrinsic_gas(rules, tx).floor);
        case chain::TxError::NonceTooLow:
        case chain::TxError::NonceTooHigh:
            return text + ": " + who + ", tx: " + std::to_string(tx.nonce) +
                   " state: " + std::to_string(account.nonce);
        default:
            return text;
    }
}

RpcError call_error(chain::TxError error, const Transaction& tx, const Address& sender,
                    const CallSite& site) {
    return {kServerError,
            "err: " + tx_error_text(error, tx, sender, site.state(), site.env(), site.rules()) +
                " (supplied gas " + std::to_string(tx.gas_limit) + ")"};
}

RpcError failure_error(const chain::TxOutcome& outcome) {
    if (outcome.status == vm::Status::Revert) return reverted(outcome.output);
    return {kServerError, std::string{vm::to_string(outcome.status)}};
}

}  // namespace cairn::rpc
