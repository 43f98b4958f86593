// SPDX-License-Identifier: MIT
#include "core/base/thread_priority.hpp"

#include <sys/resource.h>
#include <unistd.h>

namespace cairn {

void set_thread_nice(int nice) noexcept {
    static_cast<void>(::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), nice));
}

}  // namespace cairn
