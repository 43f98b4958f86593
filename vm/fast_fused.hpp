// SPDX-License-Identifier: MIT
#pragma once

// Handlers of instructions that the decoder has joined (code_analysis.cpp); see fast_handlers.hpp, which includes this.

// --- A constant of at most 64 bits and an instruction that takes it -------------------------------------------

#define PUSH_BINARY(name, expression)     \
    HANDLER(push_##name) {                \
        const Uint256 a{ip->value};       \
        const Uint256 b = TOP;            \
        SET_TOP(expression);              \
        NEXT(1);                          \
    }
PUSH_BINARY(add, a + b)
PUSH_BINARY(mul, a* b)
PUSH_BINARY(sub, a - b)
PUSH_BINARY(rsub, b - a)
PUSH_BINARY(or_, a | b)
PUSH_BINARY(xor_, a ^ b)
PUSH_BINARY(signextend, instr::extend_sign(a, b))

HANDLER(push_and_) {
    SET_TOP64(t0 & ip->value);
    NEXT(1);
}
HANDLER(push_eq) {
    SET_TOP64(any(t0 ^ ip->value, t1, t2 | t3) == 0 ? 1 : 0);
    NEXT(1);
}
// The constant is the left side: constant < top.
HANDLER(push_lt) {
    SET_TOP64((any(t1, t2, t3) != 0) | (ip->value < t0));
    NEXT(1);
}
HANDLER(push_gt) {
    SET_TOP64((any(t1, t2, t3) == 0) & (ip->value > t0));
    NEXT(1);
}
HANDLER(push_slt) {
    const bool positive = (t3 >> 63) == 0;
    SET_TOP64(positive & ((any(t1, t2, t3) != 0) | (ip->value < t0)));
    NEXT(1);
}
HANDLER(push_sgt) {
    const bool negative = (t3 >> 63) != 0;
    SET_TOP64(negative | ((any(t1, t2, t3) == 0) & (ip->value > t0)));
    NEXT(1);
}
HANDLER(push_byte) {
    SET_TOP64(instr::byte_of(Uint256{ip->value}, TOP));
    NEXT(1);
}

// Shifts by 64·k + operand, operand < 64.
HANDLER(push_shl0) {
    const U64 n = ip->value;
    t3 = shift_left(t3, t2, n);
    t2 = shift_left(t2, t1, n);
    t1 = shift_left(t1, t0, n);
    t0 <<= n;
    NEXT(1);
}
HANDLER(push_shl1) {
    const U64 n = ip->value;
    t3 = shift_left(t2, t1, n);
    t2 = shift_left(t1, t0, n);
    t1 = t0 << n;
    t0 = 0;
    NEXT(1);
}
HANDLER(push_shl2) {
    const U64 n = ip->value;
    t3 = shift_left(t1, t0, n);
    t2 = t0 << n;
    t1 = 0;
    t0 = 0;
    NEXT(1);
}
HANDLER(push_shl3) {
    t3 = t0 << ip->value;
    t2 = 0;
    t1 = 0;
    t0 = 0;
    NEXT(1);
}
HANDLER(push_shr0) {
    const U64 n = ip->value;
    t0 = shift_right(t1, t0, n);
    t1 = shift_right(t2, t1, n);
    t2 = shift_right(t3, t2, n);
    t3 >>= n;
    NEXT(1);
}
HANDLER(push_shr1) {
    const U64 n = ip->value;
    t0 = shift_right(t2, t1, n);
    t1 = shift_right(t3, t2, n);
    t2 = t3 >> n;
    t3 = 0;
    NEXT(1);
}
HANDLER(push_shr2) {
    const U64 n = ip->value;
    t0 = shift_right(t3, t2, n);
    t1 = t3 >> n;
    t2 = 0;
    t3 = 0;
    NEXT(1);
}
HANDLER(push_shr3) {
    SET_TOP64(t3 >> ip->value);
    NEXT(1);
}
HANDLER(push_sar) {
    SET_TOP(instr::shift_right_arithmetic(ip->value, TOP));
    NEXT(1);
}

HANDLER(push_mload) {
    const U64 offset = ip->value;
    SPILL();
    ++sp;
    if (__builtin_expect(offset >= f->memory_fast, 0)) {
        SET_TOP64(offset);
        CONTINUE_AT(mload_slow);
    }
    SET_TOP(load_be256(f->memory + offset));
    NEXT(1);
}
HANDLER(push_mstore) {
    const U64 offset = ip->value;
    if (__builtin_expect(offset >= f->memory_fast, 0)) {
        SPILL();
        ++sp;
        SET_TOP64(offset);
        CONTINUE_AT(mstore_slow);
    }
    store_be256(f->memory + offset, TOP);
    --sp;
    RELOAD();
    NEXT(1);
}

// --- A constant and what only moves the stack -----------------------------------------------------------------

HANDLER(push_push) {
    SPILL();
    sp[1] = Uint256{ip->value};
    sp += 2;
    SET_TOP64(ip[1].value);
    NEXT(2);
}
HANDLER(push_dup1) {
    SPILL();
    sp[1] = Uint256{ip->value};
    sp += 2;
    SET_TOP64(ip->value);
    NEXT(1);
}
HANDLER(push_dup2) {
    SPILL();
    sp[1] = Uint256{ip->value};
    sp += 2;
    NEXT(1);
}
// The second slot holds how far below the top the item lies, counted before the constant came.
HANDLER(push_dup) {
    SPILL();
    sp[1] = Uint256{ip->value};
    SET_TOP(*below(sp, ip[1].value));
    sp += 2;
    NEXT(2);
}
HANDLER(push_swap1) {
    *sp = Uint256{ip->value};
    ++sp;
    NEXT(1);
}
HANDLER(push_dup2_mstore) {
    if (__builtin_expect(any(t1, t2, t3) != 0 || t0 >= f->memory_fast, 0)) {
        // As the three instructions would leave the stack before the write.
        SPILL();
        sp[1] = Uint256{ip->value};
        sp += 2;
        CONTINUE_AT(mstore_slow);
    }
    store_be256(f->memory + t0, Uint256{ip->value});
    NEXT(1);
}
HANDLER(pushw_and) {
    t0 &= ip->value;
    t1 &= reinterpret_cast<U64>(ip[1].handler);
    t2 &= ip[1].value;
    t3 &= reinterpret_cast<U64>(ip[2].handler);
    NEXT(3);
}

// --- DUPn, n ≥ 2, and an instruction that takes it; the operand is 32·(n - 1) ----------------------------------

#define DUP_BINARY(name, expression)                      \
    HANDLER(dup_##name) {                                 \
        const Uint256 a = *below(sp, ip->value);          \
        const Uint256 b = TOP;                            \
        SET_TOP(expression);                              \
        NEXT(1);                                          \
    }
#define DUP_BINARY64(name, expression)                    \
    HANDLER(dup_##name) {                                 \
        const Uint256 a = *below(sp, ip->value);          \
        const Uint256 b = TOP;                            \
        SET_TOP64(expression);                            \
        NEXT(1);                                          \
    }
DUP_BINARY(add, a + b)
DUP_BINARY(mul, a* b)
DUP_BINARY(sub, a - b)
DUP_BINARY(and_, a& b)
DUP_BINARY(or_, a | b)
DUP_BINARY(xor_, a ^ b)
DUP_BINARY(signextend, instr::extend_sign(a, b))
DUP_BINARY64(lt, a < b ? 1 : 0)
DUP_BINARY64(gt, b < a ? 1 : 0)
DUP_BINARY64(slt, instr::signed_less(a, b) ? 1 : 0)
DUP_BINARY64(sgt, instr::signed_less(b, a) ? 1 : 0)
DUP_BINARY64(eq, a == b ? 1 : 0)

HANDLER(dup_mload) {
    const Uint256* const offset = below(sp, ip->value);
    SPILL();
    ++sp;
    SET_TOP(*offset);
    if (__builtin_expect(any(t1, t2, t3) != 0 || t0 >= f->memory_fast, 0)) CONTINUE_AT(mload_slow);
    SET_TOP(load_be256(f->memory + t0));
    NEXT(1);
}
HANDLER(dup_mstore) {
    const Uint256 offset = *below(sp, ip->value);
    if (__builtin_expect(any(offset.limb[1], offset.limb[2], offset.limb[3]) != 0 ||
                             offset.limb[0] >= f->memory_fast,
                         0)) {
        SPILL();
        ++sp;
        SET_TOP(offset);
        CONTINUE_AT(mstore_slow);
    }
    store_be256(f->memory + offset.limb[0], TOP);
    --sp;
    RELOAD();
    NEXT(1);
}
HANDLER(dup_push) {
    SPILL();
    sp[1] = *below(sp, ip->value);
    sp += 2;
    SET_TOP64(ip[1].value);
    NEXT(2);
}
// Two copies; the second slot counts from the top after the first.
HANDLER(dup_dup) {
    SPILL();
    sp[1] = *below(sp, ip->value);
    ++sp;
    SET_TOP(*below(sp, ip[1].value));
    ++sp;
    NEXT(2);
}

// --- SWAP and POP ---------------------------------------------------------------------------------------------

HANDLER(swap1_sub) {
    const Uint256 b = sp[-1];
    --sp;
    SET_TOP(b - TOP);
    NEXT(1);
}
HANDLER(swap1_div) {
    const Uint256 other = sp[-1];
    sp[-1] = TOP;
    SET_TOP(other);
    CONTINUE_AT(div);
}
HANDLER(swap1_pop) {
    --sp;
    NEXT(1);
}
HANDLER(swap_pop) {
    *const_cast<Uint256*>(below(sp, ip->value)) = TOP;
    --sp;
    RELOAD();
    NEXT(1);
}
HANDLER(popn) {
    sp = const_cast<Uint256*>(below(sp, ip->value));
    RELOAD();
    NEXT(1);
}
HANDLER(iszero_iszero) {
    SET_TOP64(any(t0, t1, t2 | t3) != 0 ? 1 : 0);
    NEXT(1);
}
HANDLER(mstore_push_add) {
    if (__builtin_expect(any(t1, t2, t3) != 0 || t0 >= f->memory_fast, 0)) {
        if (any(t1, t2, t3) != 0 || !grow_to_word(*f, t0, gas)) FAIL(Status::OutOfGas);
    }
    store_be256(f->memory + t0, sp[-1]);
    sp -= 2;
    SET_TOP(*sp + Uint256{ip->value});
    NEXT(1);
}

// --- Conditional jumps to a constant; the operand is the entry that follows when not taken --------------------

#define JUMP_IF(condition)                            \
    const Entry* next = ip->entry;                    \
    if (condition) next = next->taken;

HANDLER(push_jump) {
    ENTER(ip->entry);
}
HANDLER(pop_jump) {
    --sp;
    RELOAD();
    CONTINUE_AT(jump);
}
HANDLER(push_jumpi) {
    JUMP_IF(any(t0, t1, t2 | t3) != 0)
    --sp;
    RELOAD();
    ENTER(next);
}
HANDLER(iszero_jumpi) {
    JUMP_IF(any(t0, t1, t2 | t3) == 0)
    --sp;
    RELOAD();
    ENTER(next);
}
HANDLER(dup1_iszero_jumpi) {
    JUMP_IF(any(t0, t1, t2 | t3) == 0)
    ENTER(next);
}
#define COMPARE_JUMPI(name, condition) \
    HANDLER(name##_jumpi) {            \
        const Uint256 a = TOP;         \
        const Uint256 b = sp[-1];      \
        JUMP_IF(condition)             \
        sp -= 2;                       \
        RELOAD();                      \
        ENTER(next);                   \
    }
COMPARE_JUMPI(lt, a < b)
COMPARE_JUMPI(nlt, !(a < b))
COMPARE_JUMPI(gt, b < a)
COMPARE_JUMPI(ngt, !(b < a))
COMPARE_JUMPI(slt, instr::signed_less(a, b))
COMPARE_JUMPI(nslt, !instr::signed_less(a, b))
COMPARE_JUMPI(sgt, instr::signed_less(b, a))
COMPARE_JUMPI(nsgt, !instr::signed_less(b, a))
COMPARE_JUMPI(eq, a == b)
COMPARE_JUMPI(neq, !(a == b))

// How a contract finds the function that was called: the constant is in the operand, the entry in the next slot.
HANDLER(dup1_push_eq_jumpi) {
    const Entry* next = ip[1].entry;
    if (any(t0 ^ ip->value, t1, t2 | t3) == 0) next = next->taken;
    ENTER(next);
}
HANDLER(dup1_push_gt_jumpi) {
    const Entry* next = ip[1].entry;
    if (any(t1, t2, t3) == 0 && ip->value > t0) next = next->taken;
    ENTER(next);
}
