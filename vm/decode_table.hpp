// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>

#include "core/types/revision.hpp"
#include "vm/fast_ops.hpp"

namespace cairn::vm {

/// What the decoder does with an opcode.
enum class Shape : std::uint8_t {
    Plain,     ///< one Inst, execution goes on; may join with what follows
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

/// An opcode as one revision decodes it.
struct Decoding {
    Handler handler = nullptr;
    std::int16_t gas = 0;
    std::uint8_t pops = 0;
    std::uint8_t pushes = 0;
    std::uint8_t immediate = 0;
    Shape shape = Shape::Ends;
    Fusions fusions;
};

using DecodeTable = std::array<Decoding, 256>;

/// The table of a revision; made once, lives forever.
[[nodiscard]] const DecodeTable& decode_table(Revision revision);

}  // namespace cairn::vm
