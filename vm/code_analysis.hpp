// SPDX-License-Identifier: MIT
#pragma once

// Code decoded once into what the fast interpreter runs.
//
// The bytes become a stream of `Inst`, each a handler's address and an operand: PUSH data is ready, JUMPDEST and PC are
// gone, frequent neighbours are one instruction. Gas and stack bounds are not checked per instruction but where a run of
// instructions is entered: an `Entry` carries the fixed gas of everything up to the next instruction that jumps, ends the
// frame or can observe the gas that is left (GAS, SSTORE, calls and creations), and the stack heights with which
// that stretch neither under- nor overflows. Running on into a JUMPDEST from above charges nothing again. Failing early
// and failing in place cannot be told apart from outside, since the frame is undone and its gas is gone in both cases;
// which failure it is, the plain interpreter finds out (Exit::Plain).

#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/types/revision.hpp"
#include "vm/gas_table.hpp"

namespace cairn::vm {

/// Where a handler begins; what it points to depends on the compiler (a function or a label).
using Handler = const void*;

struct Entry;

/// One decoded instruction. Wide PUSH constants take the two slots behind their instruction.
struct Inst {
    Handler handler = nullptr;
    union {
        std::uint64_t value = 0;
        const Entry* entry;
        const void* function;
    };
};
static_assert(sizeof(Inst) == 16);

/// A place where control may arrive, with what is due there.
struct Entry {
    const Inst* inst = nullptr;
    std::int64_t gas = 0;           ///< of the stretch that begins here
    /// The stretch fits when (top item - bottom item) in bytes, less `depth_min`, is at most `depth_range` as an
    /// unsigned number; the difference is -32 for an empty stack.
    std::uint64_t depth_min = 0;
    std::uint64_t depth_range = 0;
    /// For what follows a fused PUSH JUMPI: where the jump goes when taken.
    const Entry* taken = nullptr;
    std::uint64_t pc = 0;           ///< position in the code
};

/// The result for one code under one revision. Immutable; any thread.
struct AnalyzedCode {
    std::vector<Inst> insts;
    std::vector<Entry> entries;  ///< [0] is the code's beginning
    /// By position: 0, or the index of the JUMPDEST's entry plus one.
    std::vector<std::uint32_t> jump_table;

    /// The entry at a JUMPDEST, or null where `pc` is none.
    [[nodiscard]] const Entry* find_jump(std::uint64_t pc) const noexcept {
        if (pc >= jump_table.size() || jump_table[pc] == 0) return nullptr;
        return &entries[jump_table[pc] - 1];
    }
    /// Bytes of memory it holds.
    [[nodiscard]] std::size_t weight() const noexcept {
        return insts.capacity() * sizeof(Inst) + entries.capacity() * sizeof(Entry) +
               jump_table.capacity() * sizeof(std::uint32_t) + sizeof *this;
    }
};

/// Decodes `code` as `revision` reads it. About a nanosecond or a few per byte.
[[nodiscard]] std::shared_ptr<const AnalyzedCode> analyze(ByteView code, Revision revision);

}  // namespace cairn::vm
