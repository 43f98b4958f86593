// SPDX-License-Identifier: MIT
#pragma once

namespace cairn {

/// Sets the nice value of the calling thread alone, as Linux has it: -20 the first to run, 0 the
/// usual, 19 the last. A refusal of the system leaves it as it was. Source: setpriority(2).
void set_thread_nice(int nice) noexcept;

}  // namespace cairn
