// SPDX-License-Identifier: MIT
#pragma once

// What ends a frame: 0x00, 0xf3, 0xfd, 0xfe, 0xff (Yellow Paper, appendix H.2; EIP-140, 150, 161, 2929, 6780).
// Jumps, PUSH, DUP, SWAP, PC and GAS belong to the interpreters themselves. Conventions: instr_arith.hpp.

#include "vm/frame.hpp"
#include "vm/instr_env.hpp"

namespace cairn::vm::instr {

inline constexpr std::int64_t kNewAccountGas = 25000;

inline Status end_frame(Frame& f, Status status) noexcept {
    f.exit = Exit::Done;
    f.status = status;
    return status;
}

inline Status charge_output(Frame& f, Uint256* top) noexcept {
    return f.grow(top[0], top[-1]) ? Status::Success : Status::OutOfGas;
}
/// Marks the region that RETURN and REVERT name as the frame's output.
inline void set_output(Frame& f, const Uint256* top) noexcept {
    f.output_size = top[-1].low64();
    f.output_offset = f.output_size == 0 ? 0 : top[0].low64();
}

inline Status charge_self_destruct(Frame& f, Uint256* top) {
    if (f.message.is_static) return Status::StaticModeViolation;
    const GasRules& rules = f.rules();
    const Address beneficiary = to_address(top[0]);
    // No warm price here: a cold beneficiary costs the whole 2600 (EIP-2929).
    if (rules.cold_account != 0 && f.host().access_account(beneficiary) &&
        !f.charge(rules.cold_account + 100))
        return Status::OutOfGas;
    if (rules.self_destruct_new_account && !f.host().account_exists(beneficiary)) {
        const bool pays = !rules.new_account_by_value || !f.host().balance(f.message.recipient).is_zero();
        if (pays && !f.charge(kNewAccountGas)) return Status::OutOfGas;
    }
    return Status::Success;
}
inline void self_destruct(Frame& f, const Uint256* top) {
    if (f.host().self_destruct(f.message.recipient, to_address(top[0])))
        f.refund += f.rules().self_destruct_refund;
}

}  // namespace cairn::vm::instr
