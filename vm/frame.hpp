// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>

#include "core/base/bytes.hpp"
#include "core/math/modulus.hpp"
#include "core/math/uint256.hpp"
#include "vm/code_analysis.hpp"
#include "vm/gas_table.hpp"
#include "vm/host.hpp"
#include "vm/memory.hpp"
#include "vm/message.hpp"
#include "vm/result.hpp"

namespace cairn::vm {

/// Items a frame's stack may hold (Yellow Paper, section 9.1).
inline constexpr std::uint32_t kStackItemsMax = 1024;

/// Gas of a memory of `words` words (Yellow Paper, equation 326).
[[nodiscard]] constexpr std::uint64_t memory_cost(std::uint64_t words) noexcept {
    return 3 * words + words * words / 512;
}

/// What all frames of one execution share.
struct Machine {
    Host* host = nullptr;
    const TxContext* tx = nullptr;
    const RevisionTable* table = nullptr;
    Revision revision = kLatestRevision;
    /// Modulus of the last MULMOD or ADDMOD with its reciprocal: contracts use the same one again and again.
    Modulus modulus{Uint256{1}};
};

/// Why an interpreter handed control back.
enum class Exit : std::uint8_t {
    Done,   ///< the frame ended: `status`, `output`
    Call,   ///< `call` wants to run; its result goes to `call_slot` and `return_data`
    Plain,  ///< a block cannot be paid or its stack does not fit: the plain interpreter finds the exact failure
};

/// One running piece of code. Pooled by depth; the buffers keep their capacity.
struct Frame {
    // What the fast interpreter touches most, first.
    std::uint8_t* memory = nullptr;     ///< first byte of this frame's memory
    std::uint64_t memory_size = 0;      ///< bytes, a multiple of 32
    std::uint64_t memory_fast = 0;      ///< offsets below it may be accessed 32 bytes wide without growth
    Uint256* stack = nullptr;           ///< bottom item; stack[-1] exists and holds nothing
    std::int64_t gas = 0;               ///< the truth only while no fast handler runs
    const std::uint32_t* jump_table = nullptr;  ///< of `analysis`, code.size() entries
    const Inst* slots = nullptr;                ///< of `analysis`
    ByteView code;
    ByteView input;                     ///< call data
    const AnalyzedCode* analysis = nullptr;
    Machine* machine = nullptr;
    Uint256* sp = nullptr;              ///< top item while suspended: stack - 1 when empty
    const Entry* resume = nullptr;      ///< where the fast interpreter goes on
    Message message;
    /// The transaction's refund counter as far as this frame knows it: it starts with its caller's.
    std::int64_t refund = 0;
    Bytes return_data;                  ///< of the last child

    Exit exit = Exit::Done;
    Status status = Status::Success;
    std::uint64_t output_offset = 0;    ///< in memory
    std::uint64_t output_size = 0;

    // The child that is about to run.
    Message call;
    std::uint64_t call_output_offset = 0;  ///< where in memory the child's output goes
    std::uint64_t call_output_size = 0;    ///< at most this much of it
    std::uint8_t call_opcode = 0;

    std::uint64_t pc = 0;               ///< of the plain interpreter
    std::uint64_t memory_limit = 0;     ///< bytes between `memory` and the arena's end
    std::shared_ptr<const AnalyzedCode> analysis_owner;

    [[nodiscard]] Host& host() const noexcept { return *machine->host; }
    [[nodiscard]] const GasRules& rules() const noexcept { return machine->table->rules; }

    /// Takes `amount` (≥ 0); false when there is not enough, and then the frame is lost.
    [[nodiscard]] bool charge(std::int64_t amount) noexcept { return (gas -= amount) >= 0; }

    void set_memory_size(std::uint64_t size) noexcept {
        memory_size = size;
        memory_fast = size >= 32 ? size - 31 : 0;
    }

    /// Pays for memory to reach `end` bytes and makes it so.
    [[nodiscard]] bool grow_to(std::uint64_t end) noexcept {
        if (end <= memory_size) return true;
        if (end > memory_limit) return false;
        const std::uint64_t words = (end + 31) / 32;
        const std::uint64_t old_words = memory_size / 32;
        if (!charge(static_cast<std::int64_t>(memory_cost(words) - memory_cost(old_words)))) return false;
        set_memory_size(words * 32);
        return true;
    }

    /// The same for a region as instructions name it; an empty one touches nothing, wherever it lies.
    [[nodiscard]] bool grow(const Uint256& offset, const Uint256& size) noexcept {
        if (size.is_zero()) return true;
        if (!offset.fits_u64() || !size.fits_u64() || offset.low64() > kMemoryBytesMax ||
            size.low64() > kMemoryBytesMax)
            return false;
        return grow_to(offset.low64() + size.low64());
    }
};

/// Words of 32 bytes that `size` bytes take, for prices per word.
[[nodiscard]] constexpr std::int64_t word_count(std::uint64_t size) noexcept {
    return static_cast<std::int64_t>((size + 31) / 32);
}

/// The low 20 bytes of a word.
[[nodiscard]] inline Address to_address(const Uint256& word) noexcept {
    std::uint8_t bytes[32];
    store_be256(bytes, word);
    return Address::from({bytes + 12, 20});
}
[[nodiscard]] inline Uint256 to_word(const Address& address) noexcept {
    std::uint8_t bytes[32] = {};
    std::memcpy(bytes + 12, address.data(), 20);
    return load_be256(bytes);
}
[[nodiscard]] inline Uint256 to_word(const Hash256& hash) noexcept { return load_be256(hash.data()); }
[[nodiscard]] inline Hash256 to_hash(const Uint256& word) noexcept {
    Hash256 hash;
    store_be256(hash.data(), word);
    return hash;
}

/// Bytes of the delegation designator 0xef0100 ‖ address (EIP-7702).
inline constexpr std::size_t kDelegationBytes = 23;

[[nodiscard]] inline bool is_delegation(ByteView code) noexcept {
    return code.size() == kDelegationBytes && code[0] == 0xef && code[1] == 0x01 && code[2] == 0x00;
}

}  // namespace cairn::vm
