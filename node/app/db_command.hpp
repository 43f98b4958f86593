// SPDX-License-Identifier: MIT
#pragma once

#include "node/app/exit_code.hpp"
#include "node/app/options.hpp"

namespace cairn::node {

/// Walks everything (chain/store/check.hpp) and prints each finding with where it is, what is wrong
/// and what to do. Ok where there is none, else Failed. @throws StoreError
[[nodiscard]] ExitCode run(const DbCheckCommand& command);

/// Prints head, horizon, sizes, and for each table its rows and bytes. @throws StoreError
[[nodiscard]] ExitCode run(const DbStatsCommand& command);

/// Makes all views again in one transaction and holds each block's root against its header
/// (chain/store/rebuild.hpp). Failed where state was pruned. @throws StoreError
[[nodiscard]] ExitCode run(const DbRebuildCommand& command);

/// Executes blocks again (chain/import/replay.hpp) and prints each that does not agree with what is
/// stored. Ok where all do, else Failed; Interrupted after Ctrl-C. @throws StoreError
[[nodiscard]] ExitCode run(const DbReplayCommand& command);

/// Deletes the state of blocks more than `keep` below the head, some thousand to a commit; after
/// Ctrl-C it ends between two of these (Interrupted). @throws StoreError
[[nodiscard]] ExitCode run(const DbPruneCommand& command);

}  // namespace cairn::node
