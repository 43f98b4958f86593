// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>

namespace cairn {

/// Fills `out` with bytes from the operating system's generator (getrandom(2)), fit for keys.
///
/// Throws SystemError when the system has none to give. Any thread.
void random_bytes(std::span<std::uint8_t> out);

}  // namespace cairn
