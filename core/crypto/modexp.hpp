// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/bytes.hpp"

namespace cairn {

/// base ^ exponent mod modulus over big-endian numbers of any length, as the precompile of EIP-198 has it: the result
/// has the modulus' length, leading zeros included; an empty number is zero; 0 ^ 0 is 1; a zero modulus gives zeros.
///
/// The caller bounds the lengths and the work (by gas, EIP-7823). Any thread.
[[nodiscard]] Bytes modexp(ByteView base, ByteView exponent, ByteView modulus);

}  // namespace cairn
