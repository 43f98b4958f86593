// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

namespace cairn {

/// Revisions of the virtual machine and the ledger rules, oldest first; later ones compare greater.
/// Difficulty-only forks (DAO, Muir Glacier, Arrow Glacier, Gray Glacier) and blob-parameter forks are no revision.
enum class Revision : std::uint8_t {
    Frontier,
    Homestead,
    Tangerine,  ///< EIP-150
    Spurious,   ///< EIP-155, 160, 161 (158), 170
    Byzantium,
    Constantinople,
    Petersburg,
    Istanbul,
    Berlin,
    London,
    Paris,
    Shanghai,
    Cancun,
    Prague,
    Osaka,
};

inline constexpr Revision kLatestRevision = Revision::Osaka;
inline constexpr std::size_t kRevisionCount = static_cast<std::size_t>(kLatestRevision) + 1;

}  // namespace cairn
