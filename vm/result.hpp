// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/types/ids.hpp"

namespace cairn::vm {

/// How a frame ended. Everything after Revert consumes the frame's gas.
enum class Status : std::uint8_t {
    Success,
    Revert,  ///< REVERT: state undone, remaining gas returned, output kept (EIP-140)
    OutOfGas,
    InvalidInstruction,    ///< the designated INVALID (0xfe)
    UndefinedInstruction,  ///< an opcode the revision does not have
    StackOverflow,
    StackUnderflow,
    BadJumpDestination,
    InvalidMemoryAccess,    ///< RETURNDATACOPY beyond the return data (EIP-211)
    StaticModeViolation,    ///< EIP-214
    PrecompileFailure,      ///< a precompile refused its input
    ContractCollision,      ///< a creation at an address that has code, a nonce, or storage (EIP-684, EIP-7610)
    CodeSizeExceeded,       ///< deployed code above EIP-170's limit
    InvalidCodePrefix,      ///< deployed code begins with 0xef (EIP-3541)
    CodeDepositOutOfGas,    ///< no gas for the code deposit, from Homestead on (EIP-2)
    // Refusals before the frame started: no gas of the frame is consumed, state is untouched.
    CallDepthExceeded,
    InsufficientBalance,
    NonceOverflow,  ///< creator's nonce is 2^64-1 (EIP-2681)
};

/// The wording that geth's traces and clients use ("out of gas", "execution reverted", "invalid jump destination", …).
[[nodiscard]] std::string_view to_string(Status status) noexcept;

/// What a frame leaves behind.
struct ExecutionResult {
    Status status = Status::Success;
    /// Gas left; 0 for every failure but Revert and the refusals.
    std::int64_t gas_left = 0;
    /// Refund counter's change over the frame and its children (EIP-3529 caps it in the transaction); 0 on failure.
    std::int64_t gas_refund = 0;
    /// RETURN's or REVERT's data. For a successful creation: empty (the code is in the state).
    Bytes output;
    /// The account made by a successful creation, else zero.
    Address created;
};

}  // namespace cairn::vm
