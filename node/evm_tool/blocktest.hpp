// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <regex>
#include <string>

#include "core/base/expected.hpp"
#include "node/evm_tool/blocktest_file.hpp"
#include "node/evm_tool/report.hpp"

namespace cairn::node {

/// Which cases of a blockchain-test file are run.
struct BlockTestFilter {
    /// Only this network, by its name in the files, or by another name of the same single fork;
    /// empty: all.
    std::string network;
    /// Only cases in whose name this is found; the rest are not counted.
    std::optional<std::regex> run;
};

/// The filter that `fork` and `run` ask for; one line where the network is not known or the text
/// is no regular expression.
[[nodiscard]] Result<BlockTestFilter, std::string> make_block_test_filter(
    const SuiteOptions& options);

/// Runs cases of the public BlockchainTests format as a node would meet them: each block's bytes
/// go through a ChainManager on a store on disk. Keeps its stores in a temporary folder that goes
/// with it. One thread.
class BlockTestRunner {
public:
    /// @throws std::filesystem::filesystem_error where there is no room for temporary files
    BlockTestRunner();
    ~BlockTestRunner();
    BlockTestRunner(BlockTestRunner&&) noexcept;
    BlockTestRunner& operator=(BlockTestRunner&&) noexcept;

    /// Every case of the file. A case passes when genesis hashes as stated, each block is taken or
    /// is refused for the stated reason, the head is the stated block, and the state is the stated
    /// one. After the merge the runner stands in for the consensus client: each block that is taken
    /// becomes the head. A network that is not known is skipped, with the reason. A file that
    /// cannot be read is one failed case.
    void run_file(const std::filesystem::path& path, const BlockTestFilter& filter,
                  const std::function<void(const CaseResult&)>& sink);

    /// Why the case fails; empty when it passes.
    /// @param test  of a network that find_test_network knows (asserted)
    [[nodiscard]] std::string run_test(const BlockTest& test);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// The command `cairn-evm blocktest`: the files behind the options' paths, on as many threads as
/// they ask for, each case told to a SuiteReport.
/// @return the exit code
[[nodiscard]] int run_block_tests(const SuiteOptions& options);

}  // namespace cairn::node
