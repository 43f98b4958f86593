// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "rpc/tracers/call_tree.hpp"
#include "rpc/tracers/tx_tracer.hpp"

namespace cairn::rpc {

/// A tracer whose knowledge is a call tree.
class CallTreeTracer : public TxTracer {
public:
    explicit CallTreeTracer(const CallTreeOptions& options) noexcept : tree_{options} {}

    void begin(const TracedTx& traced) override { tree_.begin(traced); }
    void end(const chain::TxOutcome& outcome) override { tree_.end(outcome); }
    void on_enter(const vm::Message& message, std::uint8_t opcode) override { tree_.on_enter(message, opcode); }
    void on_exit(const vm::Message& message, const vm::ExecutionResult& result) override {
        tree_.on_exit(message, result);
    }
    void on_step(const vm::TraceStep& step) override { tree_.on_step(step); }
    void on_self_destruct(const Address& address, const Address& beneficiary, const Uint256& balance) override {
        tree_.on_self_destruct(address, beneficiary, balance);
    }
    [[nodiscard]] std::size_t size() const noexcept override { return tree_.size(); }
    [[nodiscard]] const CallTree& tree() const noexcept { return tree_; }

private:
    CallTree tree_;
};

/// geth's callTracer: the frames as a tree of objects. Options onlyTopCall and withLog.
class CallTracer final : public CallTreeTracer {
public:
    using CallTreeTracer::CallTreeTracer;
    void write(JsonWriter& out) override;
};

/// Writes a frame of the tree and all below as callTracer does; `more`, where it is set, adds members to each object.
void write_call_frame(JsonWriter& out, const CallTree& tree, std::size_t index,
                      const std::function<void(JsonWriter& out, std::size_t index)>& more = {});

}  // namespace cairn::rpc
