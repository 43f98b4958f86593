// SPDX-License-Identifier: MIT
#include "vm/decoder.hpp"

namespace cairn::vm {

// --- Constants ------------------------------------------------------------------------------------------------

bool Decoder::peek_push_jumpi(std::uint64_t ahead, std::uint64_t& target) const {
    const std::uint8_t opcode = peek(ahead);
    if (opcode <= OP_PUSH0 || opcode > OP_PUSH8) return false;
    const std::uint64_t count = table_[opcode].immediate;
    if (peek(ahead + 1 + count) != OP_JUMPI) return false;
    target = read_constant(code_ + pc_ + ahead + 1, static_cast<unsigned>(count)).limb[0];
    return true;
}

// A row of constants, with arithmetic among them done here: compilers write masks as 1 << 160 - 1.
std::size_t Decoder::gather_constants() {
    auto& v = s_.constants;
    std::size_t n = 0;
    while (n < kConstantsMax) {
        const std::uint8_t opcode = peek();
        if (at().shape == Shape::Push) {
            v[n++] = immediate();
            take();
            continue;
        }
        // An opcode that the revision does not have ends the row, whatever its number would mean later.
        const bool is_defined = at().shape == Shape::Plain || at().shape == Shape::Joins;
        if (!is_defined || n < at().pops) break;
        Uint256& b = v[n >= 2 ? n - 2 : 0];
        const Uint256& a = v[n - 1];
        switch (opcode) {
            case OP_ADD: b = a + b; break;
            case OP_SUB: b = a - b; break;
            case OP_MUL: b = a * b; break;
            case OP_AND: b = a & b; break;
            case OP_OR: b = a | b; break;
            case OP_SHL: b = b << a.saturate_u64(); break;
            case OP_SHR: b = b >> a.saturate_u64(); break;
            case OP_NOT: v[n - 1] = ~a; break;
            default: return n;
        }
        if (opcode != OP_NOT) --n;
        take();
    }
    return n;
}

// The frequent cases of one constant of at most 64 bits; everything else is looked at in full.
void Decoder::decode_push() {
    const unsigned count = at().immediate;
    const Decoding& next = table_[code_[pc_ + 1 + count]];
    if (count > 8 || next.after_push == AfterPush::Other) return decode_constants();
    const std::uint64_t value = immediate().limb[0];
    take();
    if (next.after_push < AfterPush::Jump) {
        take_if(next.after_push == AfterPush::Binary);
        emit(next.constant_op, value);
        return;
    }
    take();
    if (next.after_push == AfterPush::Jump)
        emit_jump(value);
    else
        emit_cond_jump(FastOp::push_jumpi, value);
}

void Decoder::decode_constants() {
    const auto& values = s_.constants;
    const std::size_t n = gather_constants();
    std::size_t i = 0;
    while (i + 1 < n) {
        // The last one may join with what follows; those before go in pairs.
        if (i + 2 < n && values[i].fits_u64() && values[i + 1].fits_u64()) {
            emit(FastOp::push_push, values[i].limb[0]);
            emit_data(values[i + 1].limb[0]);
            i += 2;
        } else {
            emit_constant(values[i++]);
        }
    }
    emit_last_constant(values[n - 1]);
}

void Decoder::emit_last_constant(const Uint256& value) {
    if (emit_constant_jump(value) || emit_constant_binary(value) || emit_constant_swapped(value)) return;
    if (value.fits_u64() && emit_constant_move(value.limb[0])) return;
    emit_constant(value);
}

void Decoder::emit_wide(FastOp op, const Uint256& value) {
    emit(op, value.limb[0]);
    emit(reinterpret_cast<Handler>(value.limb[1]), value.limb[2]);
    emit(reinterpret_cast<Handler>(value.limb[3]), 0);
}

void Decoder::emit_constant(const Uint256& value) {
    if (value.fits_u64())
        emit(FastOp::push, value.limb[0]);
    else
        emit_wide(FastOp::pushw, value);
}

void Decoder::emit_cond_jump(FastOp op, std::uint64_t target) {
    emit(op);
    const std::uint32_t slot = next_slot() - 1;
    close_stretch();
    s_.links.push_back({slot, static_cast<std::uint32_t>(s_.entries.size()), 0});
    open_entry();
    s_.entries.back().target = position(target);
}

void Decoder::emit_jump(std::uint64_t target) {
    s_.links.push_back({next_slot(), kNone, position(target)});
    DraftEntry& entry = s_.entries[s_.open.back().index];
    if (entry.inst == next_slot()) {
        any_passes_ = true;
        entry.passes_to = position(target);
    }
    emit(FastOp::push_jump);
    close_stretch();
    skip_dead_code();
}

bool Decoder::emit_constant_jump(const Uint256& value) {
    const std::uint8_t opcode = peek();
    if ((opcode != OP_JUMP && opcode != OP_JUMPI) || !value.fits_u64()) return false;
    take();
    if (opcode == OP_JUMPI)
        emit_cond_jump(FastOp::push_jumpi, value.limb[0]);
    else
        emit_jump(value.limb[0]);
    return true;
}

/// The exponent of a power of two; -1 for other numbers.
static int log2_exact(const Uint256& x) {
    if (x.is_zero() || !(x & (x - Uint256{1})).is_zero()) return -1;
    return static_cast<int>(x.bit_width()) - 1;
}

bool Decoder::emit_constant_shift(std::uint8_t opcode, const Uint256& value) {
    if (!value.fits_u64() || value.limb[0] >= 256) return false;
    const FastOp first = opcode == OP_SHL ? FastOp::push_shl0 : FastOp::push_shr0;
    const auto limbs = static_cast<int>(value.limb[0] / 64);
    emit(static_cast<FastOp>(static_cast<int>(first) + limbs), value.limb[0] % 64);
    return true;
}

bool Decoder::emit_constant_binary(const Uint256& value) {
    const std::uint8_t opcode = peek();
    const FastOp fused = at().fusions.push;
    if (opcode == OP_MUL) {
        if (const int k = log2_exact(value); k >= 0) {
            take();
            return emit_constant_shift(OP_SHL, Uint256{static_cast<std::uint64_t>(k)});
        }
    }
    if (fused == FastOp::undefined) return false;
    if (opcode == OP_SHL || opcode == OP_SHR) {
        if (!emit_constant_shift(opcode, value)) return false;
    } else if (value.fits_u64()) {
        emit(fused, value.limb[0]);
    } else if (opcode == OP_AND) {
        emit_wide(FastOp::pushw_and, value);
    } else {
        return false;
    }
    take();
    return true;
}

// PUSH SWAP1 and an instruction: the constant is its second argument.
bool Decoder::emit_constant_swapped(const Uint256& value) {
    if (peek() != OP_SWAP1) return false;
    const std::uint8_t opcode = peek(1);
    FastOp fused = FastOp::undefined;
    switch (opcode) {
        case OP_DIV:
            if (const int k = log2_exact(value); k >= 0) {
                take(2);
                return emit_constant_shift(OP_SHR, Uint256{static_cast<std::uint64_t>(k)});
            }
            return false;
        case OP_SUB: fused = FastOp::push_rsub; break;
        case OP_LT: fused = FastOp::push_gt; break;
        case OP_GT: fused = FastOp::push_lt; break;
        case OP_SLT: fused = FastOp::push_sgt; break;
        case OP_SGT: fused = FastOp::push_slt; break;
        case OP_ADD:
        case OP_MUL:
        case OP_AND:
        case OP_OR:
        case OP_XOR:
        case OP_EQ: fused = at(1).fusions.push; break;
        default: return false;
    }
    if (!value.fits_u64()) return false;
    take(2);
    emit(fused, value.limb[0]);
    return true;
}

bool Decoder::emit_constant_move(std::uint64_t value) {
    const std::uint8_t opcode = peek();
    if (opcode == OP_SWAP1) {
        take();
        emit(FastOp::push_swap1, value);
        return true;
    }
    if (at().shape != Shape::Dup) return false;
    const unsigned n = opcode - OP_DUP1 + 1u;
    if (n == 2 && peek(1) == OP_MSTORE) {
        take(2);
        emit(FastOp::push_dup2_mstore, value);
        return true;
    }
    // A DUP that joins with what comes after it is worth more than one that joins with the constant.
    if (n >= 2 && at(1).fusions.dup != FastOp::undefined) return false;
    take();
    if (n <= 2) {
        emit(n == 1 ? FastOp::push_dup1 : FastOp::push_dup2, value);
    } else {
        emit(FastOp::push_dup, value);
        emit_data((n - 2) * static_cast<std::uint64_t>(kWordBytes));
    }
    return true;
}

// --- The others -----------------------------------------------------------------------------------------------

// DUP1 PUSH EQ PUSH JUMPI and DUP1 ISZERO PUSH JUMPI leave the stack as it was.
bool Decoder::decode_dup1_compare() {
    std::uint64_t target = 0;
    if (peek(1) == OP_ISZERO && peek_push_jumpi(2, target)) {
        take(4);
        emit_cond_jump(FastOp::dup1_iszero_jumpi, target);
        return true;
    }
    const std::uint8_t push = peek(1);
    if (push <= OP_PUSH0 || push > OP_PUSH8) return false;
    const std::uint64_t behind = 2u + table_[push].immediate;
    const std::uint8_t compare = peek(behind);
    if ((compare != OP_EQ && compare != OP_GT) || !peek_push_jumpi(behind + 1, target)) return false;
    take();
    const std::uint64_t value = immediate().limb[0];
    take(4);
    emit(compare == OP_EQ ? FastOp::dup1_push_eq_jumpi : FastOp::dup1_push_gt_jumpi, value);
    emit_cond_jump(FastOp::undefined, target);  // a slot that only holds the entry
    return true;
}

void Decoder::decode_dup() {
    const unsigned n = peek() - OP_DUP1 + 1u;
    const std::uint64_t offset = (n - 1) * static_cast<std::uint64_t>(kWordBytes);
    if (n == 1 && decode_dup1_compare()) return;
    const Decoding& next = at(1);
    if (next.shape == Shape::Dup && at(2).fusions.dup == FastOp::undefined) {
        // The second joins only when nothing better waits behind it.
        const unsigned m = peek(1) - OP_DUP1 + 1u;
        take(2);
        emit(FastOp::dup_dup, offset);
        emit_data((m - 1) * static_cast<std::uint64_t>(kWordBytes));
        return;
    }
    const FastOp single = at().op;
    const bool joined = n >= 2 && next.fusions.dup != FastOp::undefined;
    take();
    take_if(joined);
    emit(joined ? next.fusions.dup : single, offset);
}

bool Decoder::decode_swap(unsigned n) {
    const std::uint8_t next = peek(1);
    if (next == OP_POP) {
        take(2);
        if (n == 1)
            emit(FastOp::swap1_pop);
        else
            emit(FastOp::swap_pop, n * static_cast<std::uint64_t>(kWordBytes));
        return true;
    }
    if (n != 1) return false;
    switch (next) {
        case OP_ADD:
        case OP_MUL:
        case OP_AND:
        case OP_OR:
        case OP_XOR:
        case OP_EQ: take(); return true;  // their order does not matter: no SWAP1 is needed
        case OP_SUB: take(2); emit(FastOp::swap1_sub); return true;
        case OP_DIV: take(2); emit(FastOp::swap1_div); return true;
        default: return false;
    }
}

bool Decoder::decode_pops() {
    unsigned count = 0;
    while (peek(count) == OP_POP) ++count;
    if (count == 1 && peek(1) == OP_JUMP) {
        take(2);
        emit(FastOp::pop_jump);
        close_stretch();
        skip_dead_code();
        return true;
    }
    if (count < 2) return false;
    take(count);
    emit(FastOp::popn, count * static_cast<std::uint64_t>(kWordBytes));
    return true;
}

bool Decoder::decode_compare() {
    struct Pair {
        FastOp plain;
        FastOp negated;
    };
    Pair pair{};
    switch (peek()) {
        case OP_ISZERO: pair = {FastOp::iszero_jumpi, FastOp::push_jumpi}; break;
        case OP_LT: pair = {FastOp::lt_jumpi, FastOp::nlt_jumpi}; break;
        case OP_GT: pair = {FastOp::gt_jumpi, FastOp::ngt_jumpi}; break;
        case OP_SLT: pair = {FastOp::slt_jumpi, FastOp::nslt_jumpi}; break;
        case OP_SGT: pair = {FastOp::sgt_jumpi, FastOp::nsgt_jumpi}; break;
        case OP_EQ: pair = {FastOp::eq_jumpi, FastOp::neq_jumpi}; break;
        case OP_SUB:
        case OP_XOR: pair = {FastOp::neq_jumpi, FastOp::eq_jumpi}; break;  // not zero where the sides differ
        default: return false;
    }
    // Compilers write one or two; a bound keeps a long run of them from being read again at each of its bytes.
    constexpr unsigned kNegationsMax = 4;
    unsigned negations = 0;
    while (negations < kNegationsMax && peek(1 + negations) == OP_ISZERO) ++negations;
    std::uint64_t target = 0;
    if (!peek_push_jumpi(1 + negations, target)) return false;
    take(1 + negations + 2);
    emit_cond_jump(negations % 2 == 0 ? pair.plain : pair.negated, target);
    return true;
}

void Decoder::decode_join() {
    const std::uint8_t opcode = peek();
    if (decode_compare()) return;
    if (opcode >= OP_SWAP1 && opcode <= OP_SWAP16 && decode_swap(opcode - OP_SWAP1 + 1u)) return;
    if (opcode == OP_POP && decode_pops()) return;
    if (opcode == OP_ISZERO && peek(1) == OP_ISZERO) {
        take(2);
        emit(FastOp::iszero_iszero);
        return;
    }
    if (opcode == OP_MSTORE) {
        const std::uint8_t push = peek(1);
        if (push > OP_PUSH0 && push <= OP_PUSH8 && peek(2u + table_[push].immediate) == OP_ADD) {
            take();
            const std::uint64_t value = immediate().limb[0];
            take(2);
            emit(FastOp::mstore_push_add, value);
            return;
        }
    }
    const FastOp op = at().op;
    take();
    emit(op);
}

}  // namespace cairn::vm
