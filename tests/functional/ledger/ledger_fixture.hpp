// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "chain/store/keys.hpp"
#include "core/types/block.hpp"
#include "tests/functional/program.hpp"

namespace cairn::test {

/// A network in geth's genesis format: London's rules from block 0 on, seals not checked, the keys
/// 1 to 4 with funds and a contract that stores what it is told.
[[nodiscard]] std::string ledger_genesis_text();

/// Blocks on that genesis with reorganisations between: offered in this order, each branch
/// overtakes the one before.
struct LedgerScript {
    std::vector<Block> blocks;
    chain::BlockRef head;           ///< where all of it ends
    std::size_t deepest_reorg = 0;  ///< blocks taken back at once
};

/// @param count  blocks at least; the same seed gives the same blocks
[[nodiscard]] LedgerScript make_ledger_script(std::uint64_t seed, std::size_t count);

/// The blocks one after another, as a file of them is.
[[nodiscard]] std::string file_of(const std::vector<Block>& blocks);

/// cairn-node with its output.
[[nodiscard]] ProgramResult run_node(const std::vector<std::string>& arguments);

/// A data folder with the network above and a file with the script's blocks.
class LedgerFolder {
public:
    explicit LedgerFolder(const LedgerScript& script);

    [[nodiscard]] std::string datadir() const { return (folder_.path() / "data").string(); }
    [[nodiscard]] std::string genesis_file() const {
        return (folder_.path() / "genesis.json").string();
    }
    [[nodiscard]] std::string block_file() const {
        return (folder_.path() / "blocks.rlp").string();
    }
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return folder_.path(); }
    [[nodiscard]] std::filesystem::path data_file() const {
        return folder_.path() / "data" / "chaindata" / "data.mdb";
    }
    /// Fails the test where it does not succeed.
    void init() const;
    [[nodiscard]] ProgramResult import() const {
        return run_node({"import", block_file(), "--datadir", datadir()});
    }
    [[nodiscard]] ProgramResult check() const {
        return run_node({"db", "check", "--datadir", datadir()});
    }
    /// Fails the test where the head is another or the data is not sound.
    void expect_sound(const chain::BlockRef& head) const;

private:
    TemporaryFolder folder_;
};

}  // namespace cairn::test
