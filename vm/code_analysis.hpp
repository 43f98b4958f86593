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

#include <cstddef>
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

/// One decoded instruction. Wide constants and second operands take the slots behind their instruction.
struct Inst {
    Handler handler = nullptr;
    union {
        std::uint64_t value = 0;
        const Entry* entry;
    };
};
static_assert(sizeof(Inst) == 16);

/// A place where control may arrive, with what is due there. It stands in the stream right before the instructions it
/// leads to, so that a jump touches one place in memory, or behind all of them where the code above runs on into it.
struct Entry {
    const Inst* inst = nullptr;
    std::int64_t gas = 0;  ///< of the stretch that begins here
    /// The stretch fits when (top item - bottom item) in bytes, less `depth_min`, is at most `depth_range` as an
    /// unsigned number; the difference is -32 for an empty stack.
    std::int32_t depth_min = 0;
    std::uint32_t depth_range = 0;
    /// For what follows a conditional jump to a constant: where it goes when taken.
    const Entry* taken = nullptr;
};
static_assert(sizeof(Entry) == 2 * sizeof(Inst));

/// The result for one code under one revision. Immutable; any thread.
class AnalyzedCode {
  public:
    /// Where the code begins.
    [[nodiscard]] const Entry* start() const noexcept { return at(kStartSlot); }

    /// Whether `pc` is a JUMPDEST.
    [[nodiscard]] bool is_jump_destination(std::uint64_t pc) const noexcept {
        return pc < jump_table.size() && jump_table[pc] != 0;
    }

    /// The entry in slot `slot`, as jump_table numbers them.
    [[nodiscard]] const Entry* at(std::uint32_t slot) const noexcept {
        return reinterpret_cast<const Entry*>(slots() + slot);
    }
    [[nodiscard]] const Inst* slots() const noexcept { return reinterpret_cast<const Inst*>(stream.get()); }

    /// Position in the code of an entry of this analysis. For leaving to the plain interpreter: a search among the entries.
    [[nodiscard]] std::uint64_t pc_of(const Entry* entry) const noexcept;

    /// Bytes of memory it holds.
    [[nodiscard]] std::size_t weight() const noexcept {
        return slot_count * sizeof(Inst) + entry_places.size() * sizeof(EntryPlace) +
               jump_table.size() * sizeof(std::uint32_t) + sizeof *this;
    }

    static constexpr std::uint32_t kStartSlot = 1;

    struct EntryPlace {
        std::uint32_t slot;
        std::uint32_t pc;
    };

    std::unique_ptr<std::byte[]> stream;  ///< Insts and Entries, in slots of 16 bytes
    std::size_t slot_count = 0;
    std::vector<EntryPlace> entry_places;   ///< of all entries, in the order of their slots
    std::vector<std::uint32_t> jump_table;  ///< by position: 0, or the slot of the JUMPDEST's entry
};

/// Decodes `code` as `revision` reads it. About a nanosecond or a few per byte.
[[nodiscard]] std::shared_ptr<const AnalyzedCode> analyze(ByteView code, Revision revision);

}  // namespace cairn::vm
