// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "chain/spec/genesis.hpp"
#include "core/base/expected.hpp"
#include "core/types/ids.hpp"

namespace cairn::node {

/// What lies where in a node's data folder.
struct DataFolder {
    std::filesystem::path root;

    /// The network, as `init` was given it.
    [[nodiscard]] std::filesystem::path genesis_file() const { return root / "genesis.json"; }
    /// The ledger (chain/store).
    [[nodiscard]] std::filesystem::path store_folder() const { return root / "chaindata"; }
    /// Whether there is a ledger; opening one for writing would make it.
    [[nodiscard]] bool has_store() const;
};

/// ~/.cairn/NETWORK. An error where the environment names no home.
[[nodiscard]] Result<std::filesystem::path, std::string> default_data_folder(
    std::string_view network);

/// The content of a file, or one line saying why it cannot be read.
[[nodiscard]] Result<std::string, std::string> read_file(const std::filesystem::path& path);

/// Writes a file so that after a crash either the old content is there or all of the new.
/// @return one line where it cannot be written
[[nodiscard]] Result<void, std::string> write_file_whole(const std::filesystem::path& path,
                                                         std::string_view content);

/// A genesis file's network and text.
struct GenesisFile {
    std::string text;
    chain::Genesis genesis;
};

/// Reads a genesis file. The error is one line that names the file, and the field and line within.
[[nodiscard]] Result<GenesisFile, std::string> read_genesis_file(const std::filesystem::path& path);

/// The genesis that the folder was initialised with; an error that says what to do where it was
/// not.
[[nodiscard]] Result<chain::Genesis, std::string> load_genesis(const DataFolder& folder);

}  // namespace cairn::node
