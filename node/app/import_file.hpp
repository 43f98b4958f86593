// SPDX-License-Identifier: MIT
#pragma once

#include "node/app/exit_code.hpp"
#include "node/app/options.hpp"

namespace cairn::node {

/// Imports files of blocks in their order. Blocks at the beginning that the store has are passed
/// over without being judged again. Ends at the first block that is refused, naming file, place and
/// reason (Failed); after Ctrl-C once what is being written is written (Interrupted). Commits are
/// durable; what they hold is said in docs/storage.md.
/// @throws StoreError
[[nodiscard]] ExitCode run(const ImportCommand& command);

}  // namespace cairn::node
