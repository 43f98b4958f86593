// SPDX-License-Identifier: MIT
#pragma once

// The decoder behind analyze(): internal to vm. code_analysis.cpp reads stretches and lays out the result,
// decode_joins.cpp joins instructions with their neighbours.

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/math/uint256.hpp"
#include "vm/code_analysis.hpp"
#include "vm/decode_table.hpp"
#include "vm/opcodes.hpp"

namespace cairn::vm {

inline constexpr std::uint32_t kNone = ~std::uint32_t{0};
inline constexpr std::int64_t kWordBytes = sizeof(Uint256);

/// No position in any code.
inline constexpr std::uint32_t kNowhere = ~std::uint32_t{0};

/// STOPs behind the code, so that looking ahead needs no check for its end.
inline constexpr std::size_t kPaddingBytes = 128;

/// Jumps to jumps that are followed when the code is decoded.
inline constexpr int kPassesMax = 4;

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
inline constexpr std::size_t kConstantsMax = 16;

/// Buffers that keep their capacity between the analyses of one thread.
struct Scratch {
    std::vector<std::uint8_t> code;  ///< with STOPs behind it
    std::vector<Inst> insts;         ///< a buffer: only grows
    std::vector<DraftEntry> entries;
    std::vector<OpenEntry> open;
    std::vector<Link> links;
    std::array<Uint256, kConstantsMax> constants;
    std::vector<DraftEntry> passing;        ///< entries that only jump on, followed

    void clear() {
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
        // One byte of code becomes three slots at most: an instruction and the entry behind it.
        const std::size_t slots_max = 3 * (code.size() + kPaddingBytes);
        if (s_.insts.size() < slots_max) s_.insts.resize(slots_max);
    }

    std::shared_ptr<const AnalyzedCode> run();

  private:
    void take_simple();
    void step();
    void open_entry();
    void open_jump_dest();
    void close_stretch();
    void skip_dead_code();
    [[nodiscard]] DraftEntry pass_through(const DraftEntry& first, const std::vector<std::uint32_t>& jumps) const;
    void follow_passes(AnalyzedCode& out);
    std::shared_ptr<const AnalyzedCode> finish();

    // Constants, and what they join with.
    void decode_push();
    void decode_constants();
    void emit_jump(std::uint64_t target);
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
    void decode_join();
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
    void take() { take_if(true); }
    /// The same when `joined`, else nothing: without a branch, which would go the wrong way as often as not.
    void take_if(bool joined) {
        static constexpr Decoding kNothing{};
        const Decoding& d = joined ? at() : kNothing;
        gas_ += d.gas;
        OpenEntry& last = s_.open.back();
        last.low = std::min(last.low, height_ - int{d.pops});
        height_ += int{d.pushes} - int{d.pops};
        last.high = std::max(last.high, height_);
        pc_ += joined ? 1u + d.immediate : 0u;
    }
    void take(unsigned count) {
        while (count-- > 0) take();
    }
    void emit(Handler handler, std::uint64_t value) {
        Inst& inst = s_.insts[slots_++];
        inst.handler = handler;
        inst.value = value;
    }
    void emit(FastOp op, std::uint64_t value = 0) { emit(handlers_[static_cast<std::size_t>(op)], value); }
    void emit_data(std::uint64_t value) { emit(Handler{nullptr}, value); }
    [[nodiscard]] std::uint32_t next_slot() const { return slots_; }

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
    std::uint32_t slots_ = 0;  ///< of the stream, so far
    bool any_passes_ = false;
};

}  // namespace cairn::vm
