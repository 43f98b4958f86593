// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>

#include "chain/exec/block_env.hpp"
#include "chain/exec/transact.hpp"
#include "chain/spec/rule_set.hpp"
#include "chain/state/state.hpp"
#include "chain/state/state_reader.hpp"
#include "core/types/ids.hpp"
#include "core/types/transaction.hpp"
#include "rpc/json_writer.hpp"
#include "vm/tracer.hpp"

namespace cairn::rpc {

/// Where a traced transaction stands; calls that nobody signed stand nowhere.
struct TracePlace {
    BlockHash block_hash;
    TxHash tx_hash;
    std::size_t tx_index = 0;
};

/// A transaction that is about to run under a tracer. What it refers to outlives the tracer's use.
struct TracedTx {
    const Transaction& tx;
    Address sender;
    const chain::RuleSet& rules;
    const chain::BlockEnv& block;
    /// The state that runs; tracers read it, which changes nothing.
    chain::State& state;
    /// The state as it was before the transaction, fees included.
    const chain::StateReader& before;
    std::optional<TracePlace> place{};
    /// Logs of the block's transactions before this one: log indexes count on from there.
    std::size_t first_log = 0;
};

/// Listens to one transaction and writes what it learned as JSON, in the form that geth gives it
/// (https://geth.ethereum.org/docs/developers/evm-tracing). Life: begin, the machine's calls, end, write. One
/// thread.
class TxTracer : public vm::Tracer {
public:
    /// Before anything of the transaction is done.
    virtual void begin(const TracedTx& traced) = 0;
    /// After it, fees settled and the state finalised.
    virtual void end(const chain::TxOutcome& outcome) = 0;
    /// One JSON value. Once, after end().
    virtual void write(JsonWriter& out) = 0;
    /// Bytes that the trace holds so far, roughly; whoever runs it sets a limit.
    [[nodiscard]] virtual std::size_t size() const noexcept { return 0; }

    void on_enter(const vm::Message&, std::uint8_t) override {}
    void on_exit(const vm::Message&, const vm::ExecutionResult&) override {}
    void on_step(const vm::TraceStep&) override {}
    void on_self_destruct(const Address&, const Address&, const Uint256&) override {}
};

}  // namespace cairn::rpc
