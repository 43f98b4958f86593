// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>

#include "core/types/revision.hpp"
#include "vm/fast_ops.hpp"

namespace cairn::vm {

/// What the decoder does with an opcode.
enum class Shape : std::uint8_t {
    Plain,     ///< one Inst, execution goes on
    Joins,     ///< the same, and it may join with what follows
    Push,      ///< a constant; may join with what follows
    Dup,       ///< may join with what follows
    JumpDest,  ///< a place to arrive at, no Inst
    Pc,        ///< a constant
    Observes,  ///< sees the gas that is left: the stretch ends behind it
    JumpI,     ///< the stretch ends, execution may go on
    Ends,      ///< execution does not go on
};

/// What joins a constant (or a DUP) with the instruction behind it; FastOp::undefined where nothing does.
struct Fusions {
    FastOp push = FastOp::undefined;
    FastOp dup = FastOp::undefined;
};

/// What a constant in front of an instruction can become, so that the decoder branches once.
enum class AfterPush : std::uint8_t {
    Alone,   ///< nothing joins
    Binary,  ///< `fusions.push` takes a constant of at most 64 bits as its operand
    // From here on more than an operand changes.
    Jump,    ///< JUMP
    JumpI,   ///< JUMPI
    Other,   ///< constants in a row, moves and shifts: looked at in full
};

/// An opcode as one revision decodes it.
struct Decoding {
    FastOp op = FastOp::undefined;
    std::int16_t gas = 0;
    std::uint8_t pops = 0;
    std::uint8_t pushes = 0;
    std::uint8_t immediate = 0;
    Shape shape = Shape::Ends;
    AfterPush after_push = AfterPush::Alone;
    Fusions fusions;
    /// What a constant in front becomes when `after_push` is Alone or Binary.
    FastOp constant_op = FastOp::push;
};
static_assert(sizeof(Decoding) == 16);

using DecodeTable = std::array<Decoding, 256>;

/// The table of a revision; made once, lives forever.
[[nodiscard]] const DecodeTable& decode_table(Revision revision);

}  // namespace cairn::vm
