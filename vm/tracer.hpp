// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>

#include "core/math/uint256.hpp"
#include "vm/message.hpp"
#include "vm/result.hpp"

namespace cairn::vm {

/// One instruction about to be executed.
struct TraceStep {
    std::uint64_t pc = 0;
    std::uint8_t opcode = 0;
    std::int64_t gas = 0;       ///< before the instruction
    std::int64_t gas_cost = 0;  ///< whole cost: static, dynamic, memory; for calls the gas handed on is included
    /// The transaction's refund counter once the instruction is priced: what an SSTORE adds or takes back counts at
    /// the SSTORE itself, as geth counts it.
    std::int64_t refund = 0;
    std::uint32_t depth = 1;    ///< 1 for the transaction's frame, as EIP-3155 and geth count
    std::span<const Uint256> stack;  ///< bottom first
    ByteView memory;
    ByteView return_data;
    Address address;  ///< the account whose storage the frame has
    /// Success, or why this instruction will fail.
    Status fault = Status::Success;
};

/// Listens to an execution. Called on the executing thread; views are valid during the call only.
class Tracer {
  public:
    virtual ~Tracer() = default;
    /// A frame begins (also one that runs a precompile, has no code, or is refused before it starts). `opcode` is the
    /// entering instruction (CREATE, CALL, …), for the transaction's frame CREATE or CALL.
    virtual void on_enter(const Message& message, std::uint8_t opcode) = 0;
    /// The frame has ended; unless it succeeded, its changes are undone already. After a refusal the status is one of
    /// those at the end of Status, with all the gas left. Other than in a frame's result, `result.output` of a
    /// creation whose code ran to its end is that code's return value: what is deployed where it succeeded.
    virtual void on_exit(const Message& message, const ExecutionResult& result) = 0;
    /// An instruction is about to run; its cost is known, its effects are not there yet.
    virtual void on_step(const TraceStep& step) = 0;
    /// SELFDESTRUCT is about to move `balance`.
    virtual void on_self_destruct(const Address& address, const Address& beneficiary,
                                  const Uint256& balance) = 0;
};

}  // namespace cairn::vm
