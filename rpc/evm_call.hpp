// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>

#include "chain/exec/call.hpp"
#include "rpc/block_source.hpp"
#include "rpc/call_args.hpp"
#include "rpc/context.hpp"
#include "rpc/remembered_state.hpp"

namespace cairn::rpc {

/// A block's state and environment with a request's overrides in force, on which calls are tried
/// out, each from the same start.
class CallSite {
public:
    [[nodiscard]] static Result<std::unique_ptr<CallSite>, RpcError> open(
        EthContext& context, const BlockSelector& block, const std::optional<StateOverrides>& state,
        const std::optional<BlockOverrides>& overrides);

    /// Runs one transaction; what it changed is thrown away.
    [[nodiscard]] Result<chain::TxOutcome, chain::TxError> run(const Transaction& tx,
                                                               const Address& sender,
                                                               vm::Tracer* tracer = nullptr);

    /// From here on the state is asked for each thing once: for many runs.
    void remember_state() { reader_ = &remembered_.emplace(*reader_); }

    /// A fresh state over the overrides, for run_on; the one before it is gone.
    [[nodiscard]] chain::State& fresh_state() { return machine_.state_over(*reader_); }
    /// Runs one transaction on it and leaves it changed.
    [[nodiscard]] Result<chain::TxOutcome, chain::TxError> run_on(chain::State& state,
                                                                  const Transaction& tx,
                                                                  const Address& sender,
                                                                  vm::Tracer* tracer);

    [[nodiscard]] const chain::RuleSet& rules() const noexcept { return *rules_; }
    [[nodiscard]] const chain::BlockEnv& env() const noexcept { return env_; }
    [[nodiscard]] const Header& header() const noexcept { return *at_->header(); }
    /// With overrides.
    [[nodiscard]] const chain::StateReader& state() const noexcept { return *reader_; }
    [[nodiscard]] const PrecompileMoves& moves() const noexcept { return moves_; }
    [[nodiscard]] const StateAt& at() const noexcept { return *at_; }

private:
    explicit CallSite(EthContext& context) : machine_{context.machines.take()} {}

    VmPool::Lease machine_;
    std::unique_ptr<StateAt> at_;
    std::unique_ptr<OverlayState> overlay_;
    std::optional<RememberedState> remembered_;
    const chain::StateReader* reader_ = nullptr;
    PrecompileMoves moves_;
    const chain::RuleSet* rules_ = nullptr;
    chain::BlockEnv env_;
};

/// Gas for a call that names `asked`, or none, under a cap (0: none).
[[nodiscard]] Gas call_gas(const std::optional<std::uint64_t>& asked, Gas cap) noexcept;

/// geth's answer to a transaction that cannot run at all: "err: … (supplied gas N)".
[[nodiscard]] RpcError call_error(chain::TxError error, const Transaction& tx,
                                  const Address& sender, const CallSite& site);
/// geth's words for it, with the numbers that clients look at.
[[nodiscard]] std::string tx_error_text(chain::TxError error, const Transaction& tx,
                                        const Address& sender, const chain::StateReader& state,
                                        const chain::BlockEnv& env, const chain::RuleSet& rules);
/// The error of a call that ran and failed: code 3 with data for a revert, else the machine's
/// words.
[[nodiscard]] RpcError failure_error(const chain::TxOutcome& outcome);

}  // namespace cairn::rpc
