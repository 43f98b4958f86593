// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <variant>
#include <vector>

#include "core/base/expected.hpp"
#include "core/types/units.hpp"
#include "node/app/data_folder.hpp"
#include "node/app/exit_code.hpp"
#include "node/app/run_options.hpp"

namespace cairn::node {

/// `--gcmode full`: blocks below the head whose state is kept.
inline constexpr BlockNumber kFullModeStateBlocks = 90'000;

/// `cairn-node init GENESIS`
struct InitCommand {
    DataFolder folder;
    std::filesystem::path genesis;
};

/// `cairn-node import FILE…`
struct ImportCommand {
    DataFolder folder;
    std::vector<std::filesystem::path> files;
    bool checks_seals = true;
    /// Blocks below the head whose state is kept; 0 keeps all.
    BlockNumber keep_state_blocks = 0;
};

/// `cairn-node export FILE [FIRST [LAST]]`
struct ExportCommand {
    DataFolder folder;
    std::filesystem::path file;
    BlockNumber first = 0;
    std::optional<BlockNumber> last;  ///< the head where absent
};

/// `cairn-node db check`
struct DbCheckCommand {
    DataFolder folder;
};
/// `cairn-node db stats`
struct DbStatsCommand {
    DataFolder folder;
};
/// `cairn-node db rebuild`
struct DbRebuildCommand {
    DataFolder folder;
};
/// `cairn-node db replay`
struct DbReplayCommand {
    DataFolder folder;
    BlockNumber first = 1;
    std::optional<BlockNumber> last;  ///< the head where absent
};
/// `cairn-node db prune`
struct DbPruneCommand {
    DataFolder folder;
    BlockNumber keep = kFullModeStateBlocks;  ///< blocks below the head whose state stays
};

using Command = std::variant<RunCommand, InitCommand, ImportCommand, ExportCommand, DbCheckCommand,
                             DbStatsCommand, DbRebuildCommand, DbReplayCommand, DbPruneCommand>;

/// What the command line asks for. Where it asks for help or the version, that is printed and the
/// answer is Ok; where it is wrong, one line says how on stderr and the answer is BadRequest.
[[nodiscard]] Result<Command, ExitCode> parse_options(int argc, const char* const* argv);

}  // namespace cairn::node
