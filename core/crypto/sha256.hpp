// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/bytes.hpp"
#include "core/types/ids.hpp"

namespace cairn {

/// SHA-256 (FIPS 180-4). Pure; any thread; no heap.
[[nodiscard]] Hash256 sha256(ByteView data) noexcept;

/// SHA-256 of the SHA-256, as proof of work over sha256d uses it. Pure; any thread; no heap.
[[nodiscard]] Hash256 sha256d(ByteView data) noexcept;

}  // namespace cairn
