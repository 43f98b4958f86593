// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace cairn {

/// Sets the nice value of the calling thread alone, as Linux has it: -20 the first to run, 0 the
/// usual, 19 the last. A refusal of the system leaves it as it was. Source: setpriority(2).
void set_thread_nice(int nice) noexcept;

/// Asks for short turns of the calling thread alone: where more threads want to run than there are
/// processors, it runs sooner and gives way sooner, for the same share of the time. A system that
/// knows no such wish leaves it as it was: turns can be chosen from Linux 6.12 on, 0.1 to 100 ms.
/// Source: sched_setattr(2), whose sched_runtime is the length of a turn for SCHED_OTHER.
void set_thread_turn(std::chrono::microseconds turn) noexcept;

/// The turn that was asked for the calling thread, or the system's own; 0 where it cannot be told.
[[nodiscard]] std::chrono::microseconds thread_turn() noexcept;

}  // namespace cairn
