// SPDX-License-Identifier: MIT
#pragma once

// Bodies of the fast interpreter's handlers. Included once, by interpreter.cpp, which defines HANDLER, NEXT, ENTER and the
// other words used here and says what the state is. Stack bounds and fixed gas have been checked on entry.
//
// sp[0] is the slot of the top item, whose value is TOP; sp[-1] is the item below it.

// --- Ends of a frame ------------------------------------------------------------------------------------------

HANDLER(stop) {
    f->gas = gas;
    f->output_size = 0;
    instr::end_frame(*f, Status::Success);
    LEAVE();
}
HANDLER(undefined) { FAIL(Status::UndefinedInstruction); }
HANDLER(invalid) { FAIL(Status::InvalidInstruction); }
HANDLER(bad_jump) { FAIL(Status::BadJumpDestination); }

HANDLER(return_) {
    SPILL();
    f->gas = gas;
    if (instr::charge_output(*f, sp) != Status::Success) FAIL(Status::OutOfGas);
    instr::set_output(*f, sp);
    instr::end_frame(*f, Status::Success);
    LEAVE();
}
HANDLER(revert) {
    SPILL();
    f->gas = gas;
    if (instr::charge_output(*f, sp) != Status::Success) FAIL(Status::OutOfGas);
    instr::set_output(*f, sp);
    instr::end_frame(*f, Status::Revert);
    LEAVE();
}
HANDLER(selfdestruct) {
    SPILL();
    f->gas = gas;
    if (const Status s = instr::charge_self_destruct(*f, sp); s != Status::Success) FAIL(s);
    instr::self_destruct(*f, sp);
    f->output_size = 0;
    instr::end_frame(*f, Status::Success);
    LEAVE();
}

// --- Arithmetic, comparison, bits -----------------------------------------------------------------------------

#define BINARY(name, expression)          \
    HANDLER(name) {                       \
        const Uint256 a = TOP;            \
        const Uint256 b = sp[-1];         \
        --sp;                             \
        SET_TOP(expression);              \
        NEXT(1);                          \
    }
#define BINARY64(name, expression)        \
    HANDLER(name) {                       \
        const Uint256 a = TOP;            \
        const Uint256 b = sp[-1];         \
        --sp;                             \
        SET_TOP64(expression);            \
        NEXT(1);                          \
    }

BINARY(add, a + b)
BINARY(mul, a* b)
BINARY(sub, a - b)
BINARY(and_, a& b)
BINARY(or_, a | b)
BINARY(xor_, a ^ b)
BINARY64(lt, a < b ? 1 : 0)
BINARY64(gt, b < a ? 1 : 0)
BINARY64(slt, instr::signed_less(a, b) ? 1 : 0)
BINARY64(sgt, instr::signed_less(b, a) ? 1 : 0)
BINARY64(eq, a == b ? 1 : 0)
BINARY64(byte, instr::byte_of(a, b))
BINARY(shl, b << a.saturate_u64())
BINARY(shr, b >> a.saturate_u64())
BINARY(sar, instr::shift_right_arithmetic(a.saturate_u64(), b))
BINARY(signextend, instr::extend_sign(a, b))

// Both sides within 64 bits is the most frequent division by far; zero divisors are left to the slow path.
HANDLER(div) {
    const Uint256 b = sp[-1];
    if (any(t1, t2, t3) != 0 || !b.fits_u64() || b.limb[0] == 0) CONTINUE_AT(div_slow);
    --sp;
    SET_TOP64(t0 / b.limb[0]);
    NEXT(1);
}
HANDLER(mod) {
    const Uint256 b = sp[-1];
    if (any(t1, t2, t3) != 0 || !b.fits_u64() || b.limb[0] == 0) CONTINUE_AT(mod_slow);
    --sp;
    SET_TOP64(t0 % b.limb[0]);
    NEXT(1);
}
// Not negative and within 64 bits: the same as without a sign.
HANDLER(sdiv) {
    const Uint256 b = sp[-1];
    if (any(t1, t2, t3) != 0 || !b.fits_u64() || b.limb[0] == 0) CONTINUE_AT(sdiv_slow);
    --sp;
    SET_TOP64(t0 / b.limb[0]);
    NEXT(1);
}
HANDLER(smod) {
    const Uint256 b = sp[-1];
    if (any(t1, t2, t3) != 0 || !b.fits_u64() || b.limb[0] == 0) CONTINUE_AT(smod_slow);
    --sp;
    SET_TOP64(t0 % b.limb[0]);
    NEXT(1);
}
HANDLER(iszero) {
    SET_TOP64(any(t0, t1, t2 | t3) == 0 ? 1 : 0);
    NEXT(1);
}
HANDLER(not_) {
    SET_TOP(~TOP);
    NEXT(1);
}

// --- Instructions that work on the stack in memory ------------------------------------------------------------

#define FROM_PLAIN(name, opcode)                                                                  \
    HANDLER(name) {                                                                               \
        SPILL();                                                                                  \
        f->gas = gas;                                                                             \
        if (const Status s = run_plain_op<opcode>(*f, sp); s != Status::Success) FAIL(s);         \
        gas = f->gas;                                                                             \
        sp += kStackDelta<opcode>;                                                                \
        RELOAD();                                                                                 \
        NEXT(1);                                                                                  \
    }

FROM_PLAIN(div_slow, OP_DIV)
FROM_PLAIN(sdiv_slow, OP_SDIV)
FROM_PLAIN(mod_slow, OP_MOD)
FROM_PLAIN(smod_slow, OP_SMOD)
FROM_PLAIN(addmod, OP_ADDMOD)
FROM_PLAIN(mulmod, OP_MULMOD)
FROM_PLAIN(exp, OP_EXP)
FROM_PLAIN(clz, OP_CLZ)
FROM_PLAIN(keccak256, OP_KECCAK256)
FROM_PLAIN(address, OP_ADDRESS)
FROM_PLAIN(balance, OP_BALANCE)
FROM_PLAIN(origin, OP_ORIGIN)
FROM_PLAIN(caller, OP_CALLER)
FROM_PLAIN(callvalue, OP_CALLVALUE)
FROM_PLAIN(calldataload, OP_CALLDATALOAD)
FROM_PLAIN(calldatasize, OP_CALLDATASIZE)
FROM_PLAIN(calldatacopy, OP_CALLDATACOPY)
FROM_PLAIN(codesize, OP_CODESIZE)
FROM_PLAIN(codecopy, OP_CODECOPY)
FROM_PLAIN(gasprice, OP_GASPRICE)
FROM_PLAIN(extcodesize, OP_EXTCODESIZE)
FROM_PLAIN(extcodecopy, OP_EXTCODECOPY)
FROM_PLAIN(returndatasize, OP_RETURNDATASIZE)
FROM_PLAIN(returndatacopy, OP_RETURNDATACOPY)
FROM_PLAIN(extcodehash, OP_EXTCODEHASH)
FROM_PLAIN(blockhash, OP_BLOCKHASH)
FROM_PLAIN(coinbase, OP_COINBASE)
FROM_PLAIN(timestamp, OP_TIMESTAMP)
FROM_PLAIN(number, OP_NUMBER)
FROM_PLAIN(prevrandao, OP_PREVRANDAO)
FROM_PLAIN(gaslimit, OP_GASLIMIT)
FROM_PLAIN(chainid, OP_CHAINID)
FROM_PLAIN(selfbalance, OP_SELFBALANCE)
FROM_PLAIN(basefee, OP_BASEFEE)
FROM_PLAIN(blobhash, OP_BLOBHASH)
FROM_PLAIN(blobbasefee, OP_BLOBBASEFEE)
FROM_PLAIN(mstore8, OP_MSTORE8)
FROM_PLAIN(sload, OP_SLOAD)
FROM_PLAIN(msize, OP_MSIZE)
FROM_PLAIN(tload, OP_TLOAD)
FROM_PLAIN(tstore, OP_TSTORE)
FROM_PLAIN(mcopy, OP_MCOPY)
FROM_PLAIN(log0, OP_LOG0)
FROM_PLAIN(log1, OP_LOG0 + 1)
FROM_PLAIN(log2, OP_LOG0 + 2)
FROM_PLAIN(log3, OP_LOG0 + 3)
FROM_PLAIN(log4, OP_LOG0 + 4)

// --- Memory ---------------------------------------------------------------------------------------------------

HANDLER(mload) {
    if (__builtin_expect(any(t1, t2, t3) != 0 || t0 >= f->memory_fast, 0)) CONTINUE_AT(mload_slow);
    SET_TOP(load_be256(f->memory + t0));
    NEXT(1);
}
HANDLER(mstore) {
    if (__builtin_expect(any(t1, t2, t3) != 0 || t0 >= f->memory_fast, 0)) CONTINUE_AT(mstore_slow);
    store_be256(f->memory + t0, sp[-1]);
    sp -= 2;
    RELOAD();
    NEXT(1);
}

// The same where memory has to grow, or cannot.
HANDLER(mload_slow) {
    if (any(t1, t2, t3) != 0 || !grow_to_word(*f, t0, gas)) FAIL(Status::OutOfGas);
    SET_TOP(load_be256(f->memory + t0));
    NEXT(1);
}
HANDLER(mstore_slow) {
    if (any(t1, t2, t3) != 0 || !grow_to_word(*f, t0, gas)) FAIL(Status::OutOfGas);
    store_be256(f->memory + t0, sp[-1]);
    sp -= 2;
    RELOAD();
    NEXT(1);
}

// --- Stack ----------------------------------------------------------------------------------------------------

HANDLER(pop) {
    --sp;
    RELOAD();
    NEXT(1);
}
HANDLER(push) {
    SPILL();
    ++sp;
    SET_TOP64(ip->value);
    NEXT(1);
}
HANDLER(pushw) {
    SPILL();
    ++sp;
    t0 = ip->value;
    t1 = reinterpret_cast<U64>(ip[1].handler);
    t2 = ip[1].value;
    t3 = reinterpret_cast<U64>(ip[2].handler);
    NEXT(3);
}
HANDLER(dup1) {
    SPILL();
    ++sp;
    NEXT(1);
}
#define DUP(n)              \
    HANDLER(dup##n) {       \
        SPILL();            \
        SET_TOP(sp[1 - n]); \
        ++sp;               \
        NEXT(1);            \
    }
DUP(2) DUP(3) DUP(4) DUP(5) DUP(6) DUP(7) DUP(8) DUP(9) DUP(10) DUP(11) DUP(12) DUP(13) DUP(14) DUP(15) DUP(16)

#define SWAP(n)                      \
    HANDLER(swap##n) {               \
        const Uint256 other = sp[-n]; \
        sp[-n] = TOP;                \
        SET_TOP(other);              \
        NEXT(1);                     \
    }
SWAP(1) SWAP(2) SWAP(3) SWAP(4) SWAP(5) SWAP(6) SWAP(7) SWAP(8)
SWAP(9) SWAP(10) SWAP(11) SWAP(12) SWAP(13) SWAP(14) SWAP(15) SWAP(16)

// --- Jumps ----------------------------------------------------------------------------------------------------

HANDLER(jump) {
    if (__builtin_expect(any(t1, t2, t3) != 0 || t0 >= f->code.size(), 0)) FAIL(Status::BadJumpDestination);
    const std::uint32_t slot = f->jump_table[t0];
    if (__builtin_expect(slot == 0, 0)) FAIL(Status::BadJumpDestination);
    --sp;
    RELOAD();
    ENTER(entry_at(*f, slot));
}
HANDLER(jumpi) {
    const Entry* next = ip->entry;
    if (!sp[-1].is_zero()) {
        if (__builtin_expect(any(t1, t2, t3) != 0 || t0 >= f->code.size(), 0))
            FAIL(Status::BadJumpDestination);
        const std::uint32_t slot = f->jump_table[t0];
        if (__builtin_expect(slot == 0, 0)) FAIL(Status::BadJumpDestination);
        next = entry_at(*f, slot);
    }
    sp -= 2;
    RELOAD();
    ENTER(next);
}
// --- Instructions that see the gas that is left: what follows is charged after them ---------------------------

HANDLER(gas) {
    SPILL();
    ++sp;
    SET_TOP64(static_cast<U64>(gas));
    ENTER(ip->entry);
}

#define OBSERVES_GAS(name, opcode)                                                                \
    HANDLER(name) {                                                                               \
        SPILL();                                                                                  \
        f->gas = gas;                                                                             \
        if (const Status s = run_plain_op<opcode>(*f, sp); s != Status::Success) FAIL(s);         \
        if (f->exit == Exit::Call) {                                                              \
            f->resume = ip->entry;                                                                \
            LEAVE();                                                                              \
        }                                                                                         \
        gas = f->gas;                                                                             \
        sp += kStackDelta<opcode>;                                                                \
        RELOAD();                                                                                 \
        ENTER(ip->entry);                                                                         \
    }

OBSERVES_GAS(sstore, OP_SSTORE)
OBSERVES_GAS(create, OP_CREATE)
OBSERVES_GAS(call, OP_CALL)
OBSERVES_GAS(callcode, OP_CALLCODE)
OBSERVES_GAS(delegatecall, OP_DELEGATECALL)
OBSERVES_GAS(create2, OP_CREATE2)
OBSERVES_GAS(staticcall, OP_STATICCALL)

#include "vm/fast_fused.hpp"
