// SPDX-License-Identifier: MIT
#pragma once

#include "node/app/exit_code.hpp"
#include "node/app/options.hpp"

namespace cairn::node {

/// Begins a chain: writes block 0 and its state to the store and keeps the genesis file. Where the
/// folder has that chain already, the file takes the place of the one that is kept, unless it
/// changes rules of blocks that were imported. BadRequest where the file is wrong or the folder
/// holds another chain; both hashes are named.
/// @throws StoreError
[[nodiscard]] ExitCode run(const InitCommand& command);

}  // namespace cairn::node
