// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "chain/state/index_table.hpp"
#include "chain/state/state_reader.hpp"
#include "core/math/uint256.hpp"
#include "core/types/ids.hpp"

namespace cairn::chain {

/// What a journal entry restores.
enum class JournalKind : std::uint8_t {
    Balance,    ///< `before`: wei
    Nonce,      ///< `before`: nonce
    Code,       ///< the newest displaced code
    Flags,      ///< `before`: existence and the transaction's marks of an account
    Storage,    ///< `before`: the slot's value
    SlotWarmed, ///< the slot was cold
    Transient,  ///< `before`: the transient slot's value
};

/// One value as it was before a mutator changed it.
struct JournalEntry {
    JournalKind kind;
    /// The account, slot or transient slot, by its place in State's slab.
    SlabIndex index;
    Uint256 before;
};

/// Code that set_code() displaced.
struct DisplacedCode {
    CodeHash hash;
    SharedCode code;  ///< null where it was not loaded
};

/// The changes of a transaction in order. State writes an entry with every change, and undoes them newest first.
class Journal {
  public:
    void add(JournalKind kind, SlabIndex index, const Uint256& before) {
        entries_.push_back({kind, index, before});
    }
    void add_code(SlabIndex index, DisplacedCode displaced) {
        entries_.push_back({JournalKind::Code, index, {}});
        codes_.push_back(std::move(displaced));
    }

    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
    /// Takes the newest entry; there must be one.
    [[nodiscard]] JournalEntry pop() {
        CAIRN_ASSERT(!entries_.empty());
        const auto entry = entries_.back();
        entries_.pop_back();
        return entry;
    }
    /// Takes the code that belongs to the newest Code entry, after that was popped.
    [[nodiscard]] DisplacedCode pop_code() {
        CAIRN_ASSERT(!codes_.empty());
        auto code = std::move(codes_.back());
        codes_.pop_back();
        return code;
    }
    /// Forgets everything: nothing before can be undone. Keeps the memory.
    void clear() noexcept {
        entries_.clear();
        codes_.clear();
    }

  private:
    std::vector<JournalEntry> entries_;
    std::vector<DisplacedCode> codes_;
};

}  // namespace cairn::chain
