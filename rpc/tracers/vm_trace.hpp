// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rpc/tracers/tx_tracer.hpp"

namespace cairn::rpc {

/// OpenEthereum's vmTrace: for each frame its code and its instructions, with what each left on the stack, in memory
/// and in storage, and the frame that it called.
class VmTracer final : public TxTracer {
public:
    void begin(const TracedTx& traced) override { state_ = &traced.state; }
    void end(const chain::TxOutcome&) override {}
    void write(JsonWriter& out) override;
    [[nodiscard]] std::size_t size() const noexcept override { return size_; }
    void on_enter(const vm::Message& message, std::uint8_t opcode) override;
    void on_exit(const vm::Message& message, const vm::ExecutionResult& result) override;
    void on_step(const vm::TraceStep& step) override;

private:
    /// An instruction whose effects are not there yet.
    struct Pending {
        std::uint64_t pc = 0;
        std::uint8_t opcode = 0;
        std::int64_t gas = 0;
        std::int64_t cost = 0;
        std::uint64_t memory_offset = 0;
        std::uint64_t memory_size = 0;  ///< bytes that it writes
        std::optional<std::pair<Uint256, Uint256>> store{};
        std::string sub = "null";
    };
    struct Open {
        Bytes code;
        std::string ops;  ///< finished instructions, with commas
        std::optional<Pending> pending{};
    };

    /// Writes the frame's pending instruction: with its effects, seen in the step after it, or as the frame's last.
    void finish(Open& frame, const vm::TraceStep* after, bool has_failed);

    chain::State* state_ = nullptr;
    std::vector<Open> open_;
    std::string done_ = "null";  ///< the outermost frame, at last
    std::size_t size_ = 0;
};

}  // namespace cairn::rpc
