// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

#include "core/types/units.hpp"

namespace cairn::node {

/// Seconds since 1970 by the system's clock.
[[nodiscard]] inline UnixSeconds system_seconds() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<UnixSeconds>(std::chrono::duration_cast<std::chrono::seconds>(now).count());
}

}  // namespace cairn::node
