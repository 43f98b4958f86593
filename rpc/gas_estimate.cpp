// SPDX-License-Identifier: MIT
#include "rpc/gas_estimate.hpp"

#include <algorithm>
#include <utility>

#include "rpc/evm_call.hpp"

namespace cairn::rpc {
namespace {

/// Tries limits. A limit is tried as a whole transaction, since what a contract does may depend on
/// the gas it sees.
class GasSearch {
public:
    GasSearch(CallSite& site, Transaction tx, const Address& sender, const Call& call)
        : site_{site}, tx_{std::move(tx)}, sender_{sender}, call_{call} {}

    /// @param high  the most there is to offer
    Result<Gas, RpcError> find(Gas high) {
        constexpr Gas kTransferGas = 21000;
        if (is_plain_transfer() && high >= kTransferGas && try_gas(kTransferGas))
            return kTransferGas;
        auto outcome = run(high);
        if (!outcome) return Unexpected{refusal(outcome.error(), high)};
        if (!outcome->success()) {
            if (outcome->status != vm::Status::OutOfGas) return Unexpected{failure_error(*outcome)};
            return server_error("gas required exceeds allowance (" + std::to_string(high) + ")");
        }
        auto low = outcome->gas_used - 1;
        // Most transactions need what they used, what was refunded in the end, and the part that
        // each call keeps back (EIP-150): one try often replaces ten.
        constexpr Gas kCallStipend = 2300;
        const auto likely = (outcome->gas_used + outcome->gas_refunded + kCallStipend) * 64 / 63;
        if (likely < high) (try_gas(likely) ? high : low) = likely;
        while (low + 1 < high) {
            if (call_.is_late()) return Unexpected{RpcError{kTimedOut, "request timed out"}};
            // Closer than 1.5 % is close enough (geth's error ratio).
            if ((high - low) * 1000 < high * 15) break;
            // Most limits are near the low end, so the step up at most doubles.
            const auto middle = std::min((high + low) / 2, low * 2);
            (try_gas(middle) ? high : low) = middle;
        }
        return high;
    }

private:
    [[nodiscard]] bool is_plain_transfer() const {
        if (!tx_.data.empty() || !tx_.to || !tx_.access_list.empty() ||
            !tx_.authorization_list.empty())
            return false;
        const auto account = site_.state().account(*tx_.to);
        return (!account || account->code_hash == kEmptyCodeHash) &&
               find_moved_precompile(site_.rules().revision, *tx_.to) == nullptr;
    }
    Result<chain::TxOutcome, chain::TxError> run(Gas gas) {
        tx_.gas_limit = gas;
        return site_.run(tx_, sender_);
    }
    bool try_gas(Gas gas) {
        const auto outcome = run(gas);
        return outcome && outcome->success();
    }
    [[nodiscard]] RpcError refusal(chain::TxError error, Gas high) const {
        const bool is_gas = error == chain::TxError::IntrinsicGasTooLow ||
                            error == chain::TxError::GasLimitBelowFloor;
        if (is_gas)
            return {kServerError, "gas required exceeds allowance (" + std::to_string(high) + ")"};
        return {kServerError,
                "failed with " + std::to_string(high) + " gas: " +
                    tx_error_text(error, tx_, sender_, site_.state(), site_.env(), site_.rules())};
    }

    CallSite& site_;
    Transaction tx_;
    Address sender_;
    const Call& call_;
};

/// The most gas that a transaction may have here: the block's, the rules', the sender's money's.
Result<Gas, RpcError> gas_allowance(const EthContext& context, const CallSite& site,
                                    const CallArgs& args, const Transaction& tx) {
    constexpr Gas kTransferGas = 21000;
    auto high = args.gas && *args.gas >= kTransferGas ? *args.gas : site.env().gas_limit;
    high = std::min(high, site.rules().tx_gas_limit_max);
    if (!tx.max_fee_per_gas.is_zero()) {
        const auto balance =
            site.state().account(args.sender()).value_or(chain::AccountRecord{}).balance;
        if (tx.value > balance) return server_error("insufficient funds for transfer");
        const auto affordable = (balance - tx.value) / tx.max_fee_per_gas;
        high = std::min(high, affordable.saturate_u64());
    }
    if (context.limits.gas_cap != 0) high = std::min(high, context.limits.gas_cap);
    return high;
}

}  // namespace

Result<Gas, RpcError> estimate_gas_of(EthContext& context, const Call& call, const CallArgs& args,
                                      const BlockSelector& block,
                                      const std::optional<StateOverrides>& state,
                                      const std::optional<BlockOverrides>& overrides) {
    if (auto checked = args.check(context.spec.chain_id()); !checked)
        return Unexpected{checked.error()};
    auto site = CallSite::open(context, block, state, overrides);
    if (!site) return Unexpected{site.error()};
    (*site)->remember_state();
    const auto tx = args.to_tx(0);
    const auto high = gas_allowance(context, **site, args, tx);
    if (!high) return Unexpected{high.error()};
    return GasSearch{**site, tx, args.sender(), call}.find(*high);
}

}  // namespace cairn::rpc
