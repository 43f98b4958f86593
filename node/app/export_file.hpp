// SPDX-License-Identifier: MIT
#pragma once

#include "node/app/exit_code.hpp"
#include "node/app/options.hpp"

namespace cairn::node {

/// Writes the canonical blocks of a range to a file (block_file.hpp). BadRequest where the range is
/// none of the chain's; Interrupted after Ctrl-C, which leaves no file.
/// @throws StoreError
[[nodiscard]] ExitCode run(const ExportCommand& command);

}  // namespace cairn::node
