// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <regex>
#include <string>

#include "node/evm_tool/report.hpp"

namespace cairn::node {

/// Which cases of a transaction-test file are run.
struct TxTestFilter {
    /// Only this fork, by its name in the files; others are not counted.
    std::string fork;
    /// Only tests in whose name this is found; the rest are not counted.
    std::optional<std::regex> run;
};

/// Runs a file of the public TransactionTests format: test → {txbytes, result: fork → {hash,
/// sender, intrinsicGas} or {exception, intrinsicGas}}. Each fork of each test is a case. A valid
/// one passes when the bytes decode, satisfy the fork's rules on chain 1 and give the hash, sender
/// and intrinsic gas expected; an invalid one when it is refused for the reason named, and its
/// intrinsic gas is right where it decodes at all. Forks not known here are skipped. A file that
/// cannot be read is one failed case.
/// @param sink  told of each case as it ends
void run_tx_test_file(const std::filesystem::path& path, const TxTestFilter& filter,
                      const std::function<void(const CaseResult&)>& sink);

/// The command `cairn-evm txtest`: the files behind the options' paths, on as many threads as they
/// ask for.
/// @return the exit code
[[nodiscard]] int run_transaction_tests(const SuiteOptions& options);

}  // namespace cairn::node
