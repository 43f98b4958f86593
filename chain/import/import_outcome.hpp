// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "chain/rules/block_error.hpp"
#include "chain/store/keys.hpp"
#include "core/types/decode_error.hpp"

namespace cairn::chain {

/// What became of a block that was handed to the ChainManager.
enum class ImportStatus : std::uint8_t {
    Canonical,      ///< executed; on the canonical chain when its transaction committed
    SideChain,      ///< valid as far as it can be seen without execution, stored, not the best
    AlreadyKnown,   ///< stored earlier; nothing was done
    Invalid,        ///< breaks a rule: `fault` says which and blame_of whose mistake it is
    Undecodable,    ///< the bytes are no block: `decode_error` says why
    Early,          ///< too far ahead of the clock; may be offered again later
    UnknownParent,  ///< its parent is not in the store
    BelowHorizon,   ///< heavier, but its fork point lies where state has been pruned
    NotProcessed,   ///< the manager stopped first
};

/// One word or two in lower case, for logs.
[[nodiscard]] std::string_view to_string(ImportStatus status) noexcept;

/// The one answer that each submitted block gets.
struct ImportOutcome {
    ImportStatus status = ImportStatus::NotProcessed;
    /// Zero where the bytes were Undecodable.
    BlockRef block;
    /// With Invalid: what is wrong; ParentInvalid where an ancestor is.
    std::optional<BlockFault> fault{};
    /// With Undecodable.
    std::optional<DecodeError> decode_error{};

    /// Whether the block is in the store now.
    [[nodiscard]] bool is_stored() const noexcept {
        return status == ImportStatus::Canonical || status == ImportStatus::SideChain ||
               status == ImportStatus::AlreadyKnown;
    }
};

/// One line: "invalid: transaction 3: nonce too low".
[[nodiscard]] std::string to_string(const ImportOutcome& outcome);

}  // namespace cairn::chain
