// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "chain/exec/block_executor.hpp"
#include "chain/state/state_diff.hpp"
#include "rpc/block_source.hpp"
#include "rpc/call_args.hpp"
#include "rpc/context.hpp"
#include "rpc/method.hpp"
#include "rpc/tracers/tx_tracer.hpp"

namespace cairn::rpc {

/// How long a traced transaction may run and how much it may learn.
struct TraceBounds {
    Call::Clock::time_point deadline = Call::Clock::time_point::max();
    std::size_t bytes_max = 0;
};

/// The request's own deadline or the tracer's, whichever comes first, and the answer's limit.
[[nodiscard]] TraceBounds trace_bounds(const EthContext& context, const Call& call,
                                       std::chrono::milliseconds time_max);

/// What tracing one transaction gave.
struct TracedOutcome {
    chain::TxOutcome outcome;  ///< its logs are left out
    chain::StateDiff diff;     ///< what the transaction changed
};

/// A block whose transactions run again, in order, each on what those before it left. Holds a snapshot of the
/// store: made for one request.
class Replay {
public:
    /// Ready before the first transaction. Errors: "genesis is not traceable", and those of the parent's state.
    [[nodiscard]] static Result<std::unique_ptr<Replay>, RpcError> open(EthContext& context, FoundBlock block);

    /// Ready before a transaction of the canonical chain; null where there is no such transaction.
    [[nodiscard]] static Result<std::unique_ptr<Replay>, RpcError> before(EthContext& context, const TxHash& hash);

    /// Runs the next `count` transactions without looking. An error where one may not stand there, which a block
    /// that was imported has none of.
    [[nodiscard]] Reply skip(std::size_t count);
    /// Runs the next one under a tracer. Errors as with skip, and "execution timeout" and "response too large";
    /// after an error no more can be run.
    [[nodiscard]] Result<TracedOutcome, RpcError> run(TxTracer& tracer, const TraceBounds& bounds);

    [[nodiscard]] const FoundBlock& found() const noexcept { return block_; }
    [[nodiscard]] const Block& block() const noexcept { return block_.block; }
    [[nodiscard]] const chain::RuleSet& rules() const noexcept { return *rules_; }
    [[nodiscard]] const chain::ReadView& view() const noexcept { return parent_->view(); }
    [[nodiscard]] const chain::BlockEnv& env() const noexcept { return executor_->env(); }
    /// The transaction that comes next; as many as there are when all have run.
    [[nodiscard]] std::size_t next() const noexcept { return next_; }
    /// The state as it is before the next transaction, frozen; until run or skip.
    [[nodiscard]] const OverlayState& freeze();

private:
    Replay(EthContext& context, FoundBlock block) : machine_{context.machines.take()}, block_{std::move(block)} {}
    [[nodiscard]] Result<chain::TxOutcome, RpcError> add(vm::Tracer* tracer);

    VmPool::Lease machine_;
    FoundBlock block_;
    std::unique_ptr<StateAt> parent_;
    std::unique_ptr<OverlayState> before_;
    chain::State* state_ = nullptr;
    const chain::RuleSet* rules_ = nullptr;
    std::optional<chain::BlockExecutor> executor_;
    std::size_t next_ = 0;
    std::size_t log_count_ = 0;
};

/// Where transactions that nobody signed are tried out under a tracer: a state with overrides, in a block with
/// overrides. Each run stands on what the one before it left.
class TraceSite {
public:
    /// After the block; with `tx_index` before that transaction of it. Errors: no such block, state or transaction,
    /// overrides that contradict each other.
    [[nodiscard]] static Result<std::unique_ptr<TraceSite>, RpcError> open(
        EthContext& context, const BlockSelector& block, std::optional<std::uint64_t> tx_index,
        const std::optional<StateOverrides>& state, const std::optional<BlockOverrides>& overrides);

    /// Errors: the transaction may not run, "execution timeout", "response too large".
    [[nodiscard]] Result<TracedOutcome, RpcError> run(const Transaction& tx, const Address& sender, TxTracer& tracer,
                                                      const TraceBounds& bounds);

    [[nodiscard]] const chain::RuleSet& rules() const noexcept { return *rules_; }
    [[nodiscard]] const chain::BlockEnv& env() const noexcept { return env_; }
    [[nodiscard]] const OverlayState& state() const noexcept { return *overlay_; }

private:
    explicit TraceSite(EthContext& context) : machine_{context.machines.take()} {}

    VmPool::Lease machine_;
    std::unique_ptr<StateAt> at_;
    std::unique_ptr<Replay> replay_;
    std::unique_ptr<OverlayState> overlay_;
    PrecompileMoves moves_;
    const chain::RuleSet* rules_ = nullptr;
    chain::BlockEnv env_;
};

}  // namespace cairn::rpc
