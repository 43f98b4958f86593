// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>

#include "rpc/tracers/fault_text.hpp"
#include "rpc/tracers/tx_tracer.hpp"

namespace cairn::rpc {

/// What geth's struct logger takes: `disableStack`, `disableStorage`, `enableMemory`, `enableReturnData`, `limit`.
struct StructLogOptions {
    bool has_stack = true;
    bool has_storage = true;
    bool has_memory = false;
    bool has_return_data = false;
    /// Bytes of instructions' objects after which no more are added; 0: no bound.
    std::size_t bytes_max = 0;
};

/// geth's default tracer: an object for each instruction, in the form of its legacy JSON.
class StructLogger final : public TxTracer {
public:
    explicit StructLogger(const StructLogOptions& options) : options_{options} {}

    void begin(const TracedTx& traced) override;
    void end(const chain::TxOutcome& outcome) override;
    void write(JsonWriter& out) override;
    [[nodiscard]] std::size_t size() const noexcept override { return logs_.size(); }
    void on_step(const vm::TraceStep& step) override;
    void on_exit(const vm::Message& message, const vm::ExecutionResult& result) override;

private:
    void write_storage(JsonWriter& out, const vm::TraceStep& step);

    StructLogOptions options_;
    Revision revision_ = kLatestRevision;
    chain::State* state_ = nullptr;
    /// Every slot that was read or written so far, as geth shows it at each SLOAD and SSTORE.
    std::map<Address, std::map<Uint256, Uint256>> storage_;
    std::string logs_;  ///< the objects, with commas
    Gas gas_used_ = 0;
    bool has_failed_ = false;
    Bytes output_;  ///< of the outermost frame; of a creation the code
};

}  // namespace cairn::rpc
