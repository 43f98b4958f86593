// SPDX-License-Identifier: MIT
#include "vm/code_analysis.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <new>

#include "vm/decode_table.hpp"
#include "vm/frame.hpp"

namespace cairn::vm {
namespace {

constexpr std::uint32_t kNone = ~std::uint32_t{0};
constexpr std::int64_t kWordBytes = sizeof(Uint256);

/// No position in any code.
constexpr std::uint32_t kNowhere = ~std::uint32_t{0};

/// STOPs behind the code, so that looking ahead needs no check for its end.
constexpr std::size_t kPaddingBytes = 128;

/// Jumps to jumps that are followed when the code is decoded.
constexpr int kPassesMax = 4;

/// An Entry in the making.
struct DraftEntry {
    std::uint32_t pc = 0;
    std::uint32_t inst = 0;        ///< slot of the first instruction
    std::int64_t gas = 0;
    std::int32_t depth_min = 0;
    std::uint32_t depth_range = 0;
    std::uint32_t slot = kNone;    ///< its own place in the stream; kNone: behind everything
    std::uint32_t target = kNowhere;  ///< position that `taken` leads to
    /// Where the stretch goes when it is nothing but a jump to a constant.
    std::uint32_t passes_to = kNowhere;
    bool is_jump_dest = false;
};

/// An entry whose stretch is still being read.
struct OpenEntry {
    std::uint32_t index;
    std::int32_t height;  ///< running height at the entry
    std::int64_t gas;     ///< running total at the entry
    std::int32_t low;     ///< least height reached, before pushes, until the next open entry
    std::int32_t high;    ///< greatest height until the next open entry
};

/// A slot whose operand is an entry: one that the decoder has opened, or the JUMPDEST at a position.
struct Link {
    std::uint32_t slot;
    std::uint32_t entry;   ///< kNone: the JUMPDEST at `target`
    std::uint32_t target;
};

/// At most this many constants in a row are looked at together.
constexpr std::size_t kConstantsMax = 16;

/// Buffers that keep their capacity between the analyses of one thread.
struct Scratch {
    std::vector<std::uint8_t> code;  ///< with STOPs behind it
    std::vector<Inst> insts;
    std::vector<DraftEntry> entries;
    std::vector<OpenEntry> open;
    std::vector<Link> links;
    std::array<Uint256, kConstantsMax> constants;
    std::vector<DraftEntry> passing;        ///< entries that only jump on, followed

    void clear() {
        insts.clear();
        entries.clear();
        open.clear();
        links.clear();
    }
};

/// A number of `count` ≤ 32 big-endian bytes, of which 32 may be read.
[[gnu::always_inline]] inline Uint256 read_constant(const std::uint8_t* bytes, unsigned count) noexcept {
    if (count <= 8) return Uint256{count == 0 ? 0 : load_be64(bytes) >> (64 - 8 * count)};
    return load_be256(bytes) >> (256 - 8 * count);
}

/// A jump's constant as a position; what no code reaches is the largest, which is no JUMPDEST.
[[nodiscard]] constexpr std::uint32_t position(std::uint64_t constant) noexcept {
    return constant < kNowhere ? static_cast<std::uint32_t>(constant) : kNowhere - 1;
}

class Decoder {
  public:
    Decoder(ByteView code, Revision revision, Scratch& scratch)
        : size_{code.size()}, table_{decode_table(revision)}, s_{scratch} {
        s_.clear();
        s_.code.assign(code.begin(), code.end());
        s_.code.resize(code.size() + kPaddingBytes, std::uint8_t{OP_STOP});
        code_ = s_.code.data();
    }

    std::shared_ptr<const AnalyzedCode> run();

  private:
    void step();
    void open_entry();
    void open_jump_dest();
    void close_stretch();
    void skip_dead_code();
    [[nodiscard]] DraftEntry pass_through(const DraftEntry& first, const std::vector<std::uint32_t>& jumps) const;
    void follow_passes(AnalyzedCode& out);
    std::shared_ptr<const AnalyzedCode> finish();

    // Constants, and what they join with.
    void decode_constants();
    std::size_t gather_constants();
    void emit_last_constant(const Uint256& value);
    bool emit_constant_jump(const Uint256& value);
    bool emit_constant_binary(const Uint256& value);
    bool emit_constant_swapped(const Uint256& value);
    bool emit_constant_move(std::uint64_t value);
    bool emit_constant_shift(std::uint8_t opcode, const Uint256& value);
    void emit_constant(const Uint256& value);
    void emit_wide(FastOp op, const Uint256& value);

    // Everything else that joins.
    void decode_dup();
    bool decode_dup1_compare();
    void decode_plain();
    bool decode_swap(unsigned n);
    bool decode_pops();
    bool decode_compare();
    void emit_cond_jump(FastOp op, std::uint64_t target);

    /// The opcode `ahead` bytes further, which is well below kPaddingBytes; STOP beyond the end, which is what runs there.
    [[nodiscard]] std::uint8_t peek(std::uint64_t ahead = 0) const {
        return code_[pc_ + ahead];
    }
    [[nodiscard]] const Decoding& at(std::uint64_t ahead = 0) const { return table_[peek(ahead)]; }

    /// Whether a PUSH of at most 64 bits and JUMPI stand at `ahead`; tells the constant.
    [[nodiscard]] bool peek_push_jumpi(std::uint64_t ahead, std::uint64_t& target) const;

    /// Takes the instruction at pc_: its gas and its stack.
    void take() {
        const Decoding& d = at();
        gas_ += d.gas;
        OpenEntry& last = s_.open.back();
        last.low = std::min(last.low, height_ - int{d.pops});
        height_ += int{d.pushes} - int{d.pops};
        last.high = std::max(last.high, height_);
        pc_ += 1u + d.immediate;
    }
    void take(unsigned count) {
        while (count-- > 0) take();
    }
    void emit(Handler handler, std::uint64_t value = 0) {
        Inst inst;
        inst.handler = handler;
        inst.value = value;
        s_.insts.push_back(inst);
    }
    void emit(FastOp op, std::uint64_t value = 0) { emit(handlers_[static_cast<std::size_t>(op)], value); }
    void emit_data(std::uint64_t value) { emit(Handler{nullptr}, value); }
    [[nodiscard]] std::uint32_t next_slot() const { return static_cast<std::uint32_t>(s_.insts.size()); }

    [[nodiscard]] Uint256 immediate() const {
        return read_constant(code_ + pc_ + 1, at().immediate);
    }

    const Handler* handlers_ = fast_handlers();
    const std::uint8_t* code_ = nullptr;
    std::uint64_t size_;
    const DecodeTable& table_;
    Scratch& s_;
    std::int64_t gas_ = 0;
    std::int32_t height_ = 0;
    std::uint64_t pc_ = 0;
    bool any_passes_ = false;
};

// --- Stretches ------------------------------------------------------------------------------------------------

// Opens an entry at pc_, with its place in the stream right here: control does not run into this place from the
// instruction above, which either ends there or goes on through the entry.
void Decoder::open_entry() {
    DraftEntry entry;
    entry.pc = static_cast<std::uint32_t>(pc_);
    entry.slot = next_slot();
    emit_data(0);
    emit_data(0);
    entry.inst = next_slot();
    s_.open.push_back({static_cast<std::uint32_t>(s_.entries.size()), height_, gas_, height_, height_});
    s_.entries.push_back(entry);
}

void Decoder::open_jump_dest() {
    if (s_.open.empty()) {
        open_entry();
    } else if (s_.entries[s_.open.back().index].pc != pc_) {
        // The code above runs on into this place and must not meet anything there.
        DraftEntry entry;
        entry.pc = static_cast<std::uint32_t>(pc_);
        entry.inst = next_slot();
        s_.open.push_back({static_cast<std::uint32_t>(s_.entries.size()), height_, gas_, height_, height_});
        s_.entries.push_back(entry);
    }
    s_.entries[s_.open.back().index].is_jump_dest = true;
}

void Decoder::close_stretch() {
    if (s_.open.empty()) return;
    std::int32_t low = s_.open.back().low;
    std::int32_t high = s_.open.back().high;
    for (auto it = s_.open.rbegin(); it != s_.open.rend(); ++it) {
        low = std::min(low, it->low);
        high = std::max(high, it->high);
        DraftEntry& e = s_.entries[it->index];
        e.gas = gas_ - it->gas;
        const std::int64_t needed = it->height - low;
        const std::int64_t most = std::int64_t{kStackItemsMax} - (high - it->height);
        if (most < needed) {
            // No height fits: a bound that none reaches.
            e.depth_min = INT32_MAX;
            e.depth_range = 0;
        } else {
            e.depth_min = static_cast<std::int32_t>((needed - 1) * kWordBytes);
            e.depth_range = static_cast<std::uint32_t>((most - needed) * kWordBytes);
        }
    }
    s_.open.clear();
    gas_ = 0;
    height_ = 0;
}

void Decoder::skip_dead_code() {
    while (pc_ < size_ && at().shape != Shape::JumpDest) pc_ += 1u + at().immediate;
}

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
        if (at().shape != Shape::Plain || n < at().pops || opcode == OP_STOP) break;
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
    emit(reinterpret_cast<Handler>(value.limb[3]));
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

bool Decoder::emit_constant_jump(const Uint256& value) {
    const std::uint8_t opcode = peek();
    if ((opcode != OP_JUMP && opcode != OP_JUMPI) || !value.fits_u64()) return false;
    take();
    if (opcode == OP_JUMPI) {
        emit_cond_jump(FastOp::push_jumpi, value.limb[0]);
        return true;
    }
    s_.links.push_back({next_slot(), kNone, position(value.limb[0])});
    if (s_.entries[s_.open.back().index].inst == next_slot()) {
        any_passes_ = true;
        s_.entries[s_.open.back().index].passes_to = position(value.limb[0]);
    }
    emit(FastOp::push_jump);
    close_stretch();
    skip_dead_code();
    return true;
}

/// The exponent of a power of two; nothing for other numbers.
int log2_exact(const Uint256& x) {
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
    if (n >= 2 && next.fusions.dup != FastOp::undefined) {
        take(2);
        emit(next.fusions.dup, offset);
        return;
    }
    if (next.shape == Shape::Dup && at(2).fusions.dup == FastOp::undefined) {
        // The second joins only when nothing better waits behind it.
        const unsigned m = peek(1) - OP_DUP1 + 1u;
        take(2);
        emit(FastOp::dup_dup, offset);
        emit_data((m - 1) * static_cast<std::uint64_t>(kWordBytes));
        return;
    }
    const Handler handler = at().handler;
    take();
    emit(handler);
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
    unsigned negations = 0;
    while (peek(1 + negations) == OP_ISZERO) ++negations;
    std::uint64_t target = 0;
    if (!peek_push_jumpi(1 + negations, target)) return false;
    take(1 + negations + 2);
    emit_cond_jump(negations % 2 == 0 ? pair.plain : pair.negated, target);
    return true;
}

void Decoder::decode_plain() {
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
    const Handler handler = at().handler;
    take();
    emit(handler);
}

void Decoder::step() {
    const Decoding& d = at();
    switch (d.shape) {
        case Shape::JumpDest:
            open_jump_dest();
            take();
            return;
        case Shape::Push: decode_constants(); return;
        case Shape::Dup: decode_dup(); return;
        case Shape::Plain: decode_plain(); return;
        case Shape::Pc:
            emit(d.handler, pc_);
            take();
            return;
        case Shape::Observes:
        case Shape::JumpI:
            take();
            s_.links.push_back({next_slot(), static_cast<std::uint32_t>(s_.entries.size()), 0});
            emit(d.handler);
            close_stretch();
            open_entry();
            return;
        case Shape::Ends:
            take();
            emit(d.handler);
            close_stretch();
            skip_dead_code();
            return;
    }
}

/// Follows an entry whose stretch only jumps on: its gas and its bounds are those of all stretches passed, and its first
/// instruction is the last one's.
///
/// @param jumps  by position: 0, or the JUMPDEST's entry plus one
DraftEntry Decoder::pass_through(const DraftEntry& first, const std::vector<std::uint32_t>& jumps) const {
    DraftEntry sum = first;
    const DraftEntry* last = &first;
    for (int i = 0; i < kPassesMax && last->passes_to < size_; ++i) {
        const std::uint32_t known = jumps[last->passes_to];
        if (known == 0) break;
        last = &s_.entries[known - 1];
        // The stack is as high behind PUSH JUMP as before it, so the bounds are of the same height.
        const std::int64_t low = std::max(sum.depth_min, last->depth_min);
        const std::int64_t high = std::min(std::int64_t{sum.depth_min} + sum.depth_range,
                                           std::int64_t{last->depth_min} + last->depth_range);
        if (high < low) break;
        sum.depth_min = static_cast<std::int32_t>(low);
        sum.depth_range = static_cast<std::uint32_t>(high - low);
        sum.gas += last->gas;
        sum.inst = last->inst;
    }
    return sum;
}

// Leaves in `passing`, in their order, the entries that only jump on, followed.
void Decoder::follow_passes(AnalyzedCode& out) {
    s_.passing.clear();
    if (!any_passes_) return;
    // The table serves as a map from positions to entries first.
    for (std::size_t i = 0; i < s_.entries.size(); ++i)
        if (s_.entries[i].is_jump_dest) out.jump_table[s_.entries[i].pc] = static_cast<std::uint32_t>(i) + 1;
    for (const DraftEntry& e : s_.entries)
        if (e.passes_to != kNowhere) s_.passing.push_back(pass_through(e, out.jump_table));
}

// --- The result -----------------------------------------------------------------------------------------------

std::shared_ptr<const AnalyzedCode> Decoder::finish() {
    auto out = std::make_shared<AnalyzedCode>();
    // Entries without a place in the stream come behind it, last the one that jumps to no JUMPDEST lead to: slot 0 fails,
    // for any gas and any stack.
    std::uint32_t slots = next_slot();
    for (DraftEntry& e : s_.entries) {
        if (e.slot != kNone) continue;
        e.slot = slots;
        slots += 2;
    }
    const std::uint32_t bad_jump = slots;
    slots += 2;

    out->jump_table.assign(size_, 0);
    follow_passes(*out);
    for (const DraftEntry& e : s_.entries)
        if (e.is_jump_dest) out->jump_table[e.pc] = e.slot;
    out->slot_count = slots;
    out->stream = std::make_unique_for_overwrite<std::byte[]>(slots * sizeof(Inst));
    auto* const insts = reinterpret_cast<Inst*>(out->stream.get());
    std::memcpy(static_cast<void*>(insts), s_.insts.data(), s_.insts.size() * sizeof(Inst));

    const auto destination = [&](std::uint64_t pc) {
        return out->at(out->is_jump_destination(pc) ? out->jump_table[pc] : bad_jump);
    };
    out->entry_places.reserve(s_.entries.size());
    auto passed = s_.passing.begin();
    for (const DraftEntry& e : s_.entries) {
        const DraftEntry& end = e.passes_to == kNowhere ? e : *passed++;
        new (insts + e.slot) Entry{insts + end.inst, end.gas, end.depth_min, end.depth_range,
                                   e.target == kNowhere ? nullptr : destination(e.target)};
        out->entry_places.push_back({e.slot, static_cast<std::uint32_t>(e.pc)});
    }
    new (insts + bad_jump) Entry{insts, 0, -static_cast<std::int32_t>(kWordBytes), INT32_MAX, nullptr};
    for (const Link& link : s_.links)
        insts[link.slot].entry =
            link.entry == kNone ? destination(link.target) : out->at(s_.entries[link.entry].slot);
    return out;
}

std::shared_ptr<const AnalyzedCode> Decoder::run() {
    emit(FastOp::bad_jump);
    open_entry();
    while (pc_ < size_) step();
    emit(FastOp::stop);
    close_stretch();
    return finish();
}

}  // namespace

std::uint64_t AnalyzedCode::pc_of(const Entry* entry) const noexcept {
    const auto slot = static_cast<std::uint32_t>(reinterpret_cast<const Inst*>(entry) - slots());
    for (const EntryPlace& place : entry_places)
        if (place.slot == slot) return place.pc;
    return 0;
}

std::shared_ptr<const AnalyzedCode> analyze(ByteView code, Revision revision) {
    static thread_local Scratch scratch;
    return Decoder{code, revision, scratch}.run();
}

}  // namespace cairn::vm
