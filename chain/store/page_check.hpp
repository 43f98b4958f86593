// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/bytes.hpp"

namespace cairn::chain {

// LMDB trusts its file: a page that contradicts itself can send it anywhere in memory, or end the
// process. So the pages are looked at from outside first, by plain reads, without mapping them and
// without LMDB: what passes here can be walked by LMDB without harm, and row checksums then say
// whether the rows are the ones that were written.
//
// The format is LMDB 0.9's (data version 1) on a 64-bit little-endian machine.

/// A page, or the file as a whole, that is not as it was written.
struct PageFault {
    std::uint64_t page = 0;
    std::string table;  ///< where it belongs; empty for the file as a whole
    std::string what;
};

/// How far check_pages goes.
enum class PageDepth : std::uint8_t {
    Header,    ///< the two header pages and the length of the file
    Branches,  ///< and every page above the leaves
    All,       ///< and leaves, large values and the list of free pages; counts must agree
};

/// Outcome of check_pages.
struct PageReport {
    std::vector<PageFault> faults;  ///< at most kPageFaultsMax
    std::uint64_t txn = 0;          ///< the commit that was looked at
    std::uint64_t pages = 0;        ///< in the file, as of that commit
    std::uint64_t checked = 0;      ///< pages read
    std::uint64_t free = 0;         ///< pages on the free list (All)
    std::uint64_t branches = 0;     ///< pages above the leaves, as the tables' records say
    std::size_t page_bytes = 0;
    /// Whether there was a file with a commit in it.
    bool is_there = false;
};

/// Faults after which a check stops looking for more.
inline constexpr std::size_t kPageFaultsMax = 100;

/// Looks at the pages of a data file.
///
/// @param file  LMDB's data file; one that is missing or empty has no faults
/// @param txn   the commit to look at, 0 for the last. Its pages must not be written meanwhile: a
///              read transaction on it is open, or no writer is. Where the file holds it no more,
///              that is a fault of the file as a whole
/// @throws StoreError where the file cannot be read
[[nodiscard]] PageReport check_pages(const std::filesystem::path& file, PageDepth depth,
                                     std::uint64_t txn = 0);

}  // namespace cairn::chain
