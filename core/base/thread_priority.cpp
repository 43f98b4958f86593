// SPDX-License-Identifier: MIT
#include "core/base/thread_priority.hpp"

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>
#include <optional>

namespace cairn {
namespace {

/// The system's struct sched_attr as first published: the C library has none yet, and the kernel's
/// own header cannot stand beside <sched.h>.
struct SchedAttributes {
    std::uint32_t size;
    std::uint32_t policy;
    std::uint64_t flags;
    std::int32_t nice;
    std::uint32_t priority;
    std::uint64_t runtime;   // ns
    std::uint64_t deadline;  // ns
    std::uint64_t period;    // ns
};
static_assert(sizeof(SchedAttributes) == 48);

/// The calling thread's, if its turns can be chosen.
std::optional<SchedAttributes> attributes() noexcept {
    SchedAttributes found{};
    if (::syscall(SYS_sched_getattr, 0, &found, sizeof found, 0) != 0) return std::nullopt;
    if (found.policy != SCHED_OTHER) return std::nullopt;
    return found;
}

}  // namespace

void set_thread_nice(int nice) noexcept {
    static_cast<void>(::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), nice));
}

void set_thread_turn(std::chrono::microseconds turn) noexcept {
    auto wanted = attributes();
    if (!wanted) return;
    wanted->runtime = static_cast<std::uint64_t>(std::chrono::nanoseconds{turn}.count());
    static_cast<void>(::syscall(SYS_sched_setattr, 0, &*wanted, 0));
}

std::chrono::microseconds thread_turn() noexcept {
    const auto found = attributes();
    if (!found) return {};
    return std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::nanoseconds{found->runtime});
}

}  // namespace cairn
