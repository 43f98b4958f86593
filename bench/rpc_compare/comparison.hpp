// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace cairn::bench {

/// What is compared, and for how long.
struct ComparisonOptions {
    std::string cairn_program;
    std::string anvil_program;
    std::filesystem::path folder;  ///< for the ledger and logs; on a real disk
    std::vector<std::size_t> connections{1, 16, 128};
    unsigned rounds = 3;                    ///< each asks both nodes; medians are printed
    std::chrono::milliseconds time{1000};   ///< of each load on each node in each round
    std::size_t raw_txs = 6400;             ///< raw transactions of a round at most
    std::string only;                       ///< loads whose name holds this; all where it is empty
    bool with_imports = true;               ///< also the table while blocks are imported
};

/// Starts both nodes, gives them the same chain, asks both in alternation, and prints the tables.
/// Throws std::runtime_error where a node fails, or answers with errors or with other things than
/// its rival.
void run_comparison(const ComparisonOptions& options);

}  // namespace cairn::bench
