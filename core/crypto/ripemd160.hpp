// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/bytes.hpp"
#include "core/base/fixed_bytes.hpp"

namespace cairn {

/// A 20-byte RIPEMD-160 digest. Not an address: the precompile at 0x03 pads it to 32 bytes.
using Ripemd160Digest = FixedBytes<20, struct Ripemd160DigestTag>;

/// RIPEMD-160 (Dobbertin, Bosselaers, Preneel 1996; ISO/IEC 10118-3). Pure; any thread; no heap.
[[nodiscard]] Ripemd160Digest ripemd160(ByteView data) noexcept;

}  // namespace cairn
