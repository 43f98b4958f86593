// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>

#include "chain/store/check.hpp"
#include "chain/store/read_view.hpp"

namespace cairn::chain {

/// What the stages of a check share.
class CheckRun {
public:
    CheckRun(const Store& its_store, const CheckOptions& its_options)
        : store{its_store}, options{its_options}, view{its_store} {}

    /// Begins a stage; says it.
    void begin(CheckStage its_stage) {
        stage = its_stage;
        if (options.on_stage) options.on_stage(stage);
    }
    /// Counts one thing looked at.
    void count() { ++report.counts[static_cast<std::size_t>(stage)]; }
    void count(std::uint64_t things) { report.counts[static_cast<std::size_t>(stage)] += things; }
    /// Adds a finding. Always false.
    bool find(std::string where, std::string what, std::string_view advice) {
        if (!is_over())
            report.findings.push_back(
                {stage, std::move(where), std::move(what), std::string{advice}});
        return false;
    }
    /// Adds a finding unless `holds`; answers whether it holds.
    bool expect(bool holds, std::string_view where, std::string_view what,
                std::string_view advice) {
        return holds || find(std::string{where}, std::string{what}, advice);
    }
    [[nodiscard]] bool is_over() const noexcept {
        return report.findings.size() >= options.findings_max;
    }

    const Store& store;
    const CheckOptions& options;
    const ReadView view;
    CheckStage stage = CheckStage::Pages;
    CheckReport report;
};

inline constexpr std::string_view kAdviceReimport =
    "export what is sound, then import into an empty folder; look at the disk and the memory";
inline constexpr std::string_view kAdviceRebuild =
    "`db rebuild` makes it again from the change log and the blocks";

/// The stages; each throws StoreError Corrupt where a row is damaged in a way that it cannot pass.
void check_blocks(CheckRun& run);
void check_indexes(CheckRun& run);
void check_codes(CheckRun& run);
void check_state(CheckRun& run);
void check_history(CheckRun& run);

}  // namespace cairn::chain
