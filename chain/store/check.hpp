// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "chain/store/store.hpp"

namespace cairn::chain {

/// Parts of a check, in their order. Later ones rely on what earlier ones have found sound.
enum class CheckStage : std::uint8_t {
    Pages,    ///< the file's pages agree with one another (page_check.hpp)
    Rows,     ///< each row of each table fits its checksum
    Blocks,   ///< headers fit their hashes, bodies and receipts their headers, totals their parents
    Indexes,  ///< canonical numbers follow parents to genesis; transactions and logs are entered
    Codes,    ///< codes fit their hashes
    State,    ///< flat state and tries fold to the head's state root, and have no rows besides
    History,  ///< each log's changes join the ones before and after; histories have no rows besides
};
inline constexpr std::size_t kCheckStageCount = 7;

/// "pages", "rows", …
[[nodiscard]] std::string_view to_string(CheckStage stage) noexcept;

/// Something that is not as it should be.
struct CheckFinding {
    CheckStage stage = CheckStage::Pages;
    std::string where;   ///< table and row, block or page
    std::string what;    ///< what is wrong
    std::string advice;  ///< what to do
};

/// Outcome of a check.
struct CheckReport {
    std::vector<CheckFinding> findings;  ///< at most CheckOptions::findings_max
    /// Things looked at in each stage: pages, rows, blocks, entries, codes, rows, changes.
    std::array<std::uint64_t, kCheckStageCount> counts{};

    [[nodiscard]] bool is_clean() const noexcept { return findings.empty(); }
};

/// How a check runs.
struct CheckOptions {
    std::size_t findings_max = 100;
    /// Told at the beginning of each stage.
    std::function<void(CheckStage)> on_stage{};
};

/// Walks everything in the store and says what is wrong. Changes nothing. One snapshot: a writer
/// may go on meanwhile. Where pages contradict themselves nothing beyond them is looked at, since
/// LMDB cannot be trusted with them.
///
/// Memory: about 140 bytes an account of the head state, and one account's storage at a time.
/// @throws StoreError for failures of the machine other than damaged data, which are findings
[[nodiscard]] CheckReport check_store(const Store& store, const CheckOptions& options = {});

}  // namespace cairn::chain
