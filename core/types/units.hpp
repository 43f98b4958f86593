// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "core/math/uint256.hpp"

namespace cairn {

/// 10^-18 of a coin.
using Wei = Uint256;
/// Units of computation and data.
using Gas = std::uint64_t;
/// Distance from genesis, which is 0.
using BlockNumber = std::uint64_t;
/// Seconds since 1970-01-01T00:00:00Z.
using UnixSeconds = std::uint64_t;

}  // namespace cairn
