// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"
#include "core/types/revision.hpp"

namespace cairn::node {

/// One benchmark case as its JSON file says: a contract, what it is called with, and what must come out.
struct BenchCase {
    std::string name;  ///< group/contract/input
    Bytes code;
    Bytes input;
    std::int64_t gas_limit = 0;
    Revision revision = Revision::Frontier;  ///< the lowest it is meant for
    std::string status;                      ///< "success", or the status that is expected
    Bytes expected_output;
    std::int64_t gas_used = 0;         ///< on fresh storage; execution only, no intrinsic gas
    std::int64_t gas_used_repeat = 0;  ///< on the storage that the first run left
};

/// Reads a case; the error is one line naming the file and the field.
[[nodiscard]] Result<BenchCase, std::string> load_bench_case(const std::string& path);

struct BenchOptions {
    std::vector<std::string> paths;  ///< case files, or folders of them
    double seconds = 1.0;            ///< CPU seconds for each case
    bool json = false;               ///< one JSON object a case instead of a table
    bool with_analysis = false;      ///< analyse the code anew in every run, inside the clock
    bool check_only = false;         ///< run each case twice, compare, take no times
    std::string run;                 ///< only cases in whose name this regex is found; empty: all
    std::optional<Revision> revision;  ///< instead of each case's own; gas is then not compared
};

/// `cairn-evm bench`: times each case and checks its gas, output and status. An exit code of report.hpp.
int run_bench(const BenchOptions& options);

}  // namespace cairn::node
