// SPDX-License-Identifier: MIT
#pragma once

namespace cairn::node {

/// How cairn-node ends.
enum class ExitCode : int {
    Ok = 0,
    Failed = 1,         ///< a block, the data or the machine was not as it should be
    BadRequest = 2,     ///< the request itself was wrong; one line on stderr says how
    Interrupted = 130,  ///< stopped by Ctrl-C, as a shell reports SIGINT
};

}  // namespace cairn::node
