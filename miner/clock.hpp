// SPDX-License-Identifier: MIT
#pragma once

namespace cairn::miner {

/// Seconds on this thread's CPU clock: time in which other programs had the processor does not count.
[[nodiscard]] double thread_cpu_seconds() noexcept;

/// Seconds on a clock that never goes back.
[[nodiscard]] double steady_seconds() noexcept;

/// Length in seconds of this processor's clock cycle at this moment, from a chain of dependent 64-bit multiplications.
/// One takes 3 cycles on every x86 of many years, so that a time divided by this compares across machines and across
/// their clock's moods. Takes about half a millisecond.
[[nodiscard]] double cycle_seconds() noexcept;

}  // namespace cairn::miner
