// SPDX-License-Identifier: MIT
#pragma once

/// Ctrl-C and the like, as a flag that long work looks at.
namespace cairn::node {

/// From here on the first SIGINT or SIGTERM only sets a flag; a second one ends the process at
/// once. Also turns SIGXFSZ off, so that a limit on file sizes comes back as an error of the write
/// and not as a signal.
void catch_stop_signals();

/// Whether that flag is set. Any thread.
[[nodiscard]] bool stop_requested() noexcept;

}  // namespace cairn::node
