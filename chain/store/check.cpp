// SPDX-License-Identifier: MIT
#include "chain/store/check.hpp"

#include <algorithm>

#include "chain/store/check_stages.hpp"
#include "chain/store/page_check.hpp"
#include "core/base/hex.hpp"

namespace cairn::chain {
namespace {

/// Bytes of a key that a finding shows.
constexpr std::size_t kShownKeyBytes = 64;

void note_pages(CheckRun& run, const PageReport& report) {
    run.begin(CheckStage::Pages);
    run.count(report.checked);
    for (const auto& fault : report.faults)
        run.find("page " + std::to_string(fault.page) +
                     (fault.table.empty() ? "" : " of table " + fault.table),
                 fault.what, kAdviceReimport);
}

void check_rows(CheckRun& run) {
    for (const auto& info : kTables) {
        Cursor cursor{run.view.txn(), info.table};
        while (!run.is_over() && cursor.next()) {
            run.count();
            try {
                (void)cursor.value();
            } catch (const StoreError& error) {
                if (error.fault() != StoreFault::Corrupt) throw;
                const auto key = cursor.key();
                run.find("table " + std::string{info.name} + ", key " +
                             to_hex0x(key.first(std::min(key.size(), kShownKeyBytes))),
                         "the row fails its checksum",
                         info.is_view ? kAdviceRebuild : kAdviceReimport);
            }
        }
    }
}

void run_stage(CheckRun& run, CheckStage stage, void (*check)(CheckRun&)) {
    if (run.is_over()) return;
    run.begin(stage);
    try {
        check(run);
    } catch (const StoreError& error) {
        if (error.fault() != StoreFault::Corrupt) throw;
        run.find("the stage ended early", error.what(), advice_for(error.fault()));
    }
}

}  // namespace

std::string_view to_string(CheckStage stage) noexcept {
    switch (stage) {
        case CheckStage::Pages:
            return "pages";
        case CheckStage::Rows:
            return "rows";
        case CheckStage::Blocks:
            return "blocks";
        case CheckStage::Indexes:
            return "indexes";
        case CheckStage::Codes:
            return "codes";
        case CheckStage::State:
            return "state";
        case CheckStage::History:
            return "history";
    }
    return "unknown";
}

CheckReport check_store(const Store& store, const CheckOptions& options) {
    // A writer that commits twice between the snapshot and the look at the file's header leaves no
    // header of the snapshot's commit there; another snapshot then has a better chance.
    constexpr int kAttemptsMax = 20;
    for (int attempt = 1;; ++attempt) {
        CheckRun run{store, options};
        const auto pages =
            check_pages(store.env().data_file(), PageDepth::All, run.view.txn().id());
        if (pages.txn == 0 && attempt < kAttemptsMax) continue;
        note_pages(run, pages);
        if (!run.report.is_clean()) return std::move(run.report);
        run_stage(run, CheckStage::Rows, check_rows);
        run_stage(run, CheckStage::Blocks, check_blocks);
        run_stage(run, CheckStage::Indexes, check_indexes);
        run_stage(run, CheckStage::Codes, check_codes);
        run_stage(run, CheckStage::State, check_state);
        run_stage(run, CheckStage::History, check_history);
        return std::move(run.report);
    }
}

}  // namespace cairn::chain
