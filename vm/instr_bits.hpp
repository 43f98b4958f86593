// SPDX-License-Identifier: MIT
#pragma once

// Comparison and bit instructions, 0x10–0x1e (Yellow Paper, appendix H.2, "10s"; EIP-145, EIP-7939).
// Conventions: instr_arith.hpp.

#include <bit>

#include "vm/frame.hpp"

namespace cairn::vm::instr {

/// a < b as two's-complement numbers.
[[nodiscard]] constexpr bool signed_less(const Uint256& a, const Uint256& b) noexcept {
    const bool same_sign = ((a.limb[3] ^ b.limb[3]) >> 63) == 0;
    return same_sign ? a < b : a.sign_bit();
}

inline Status lt(Frame&, Uint256* top) noexcept {
    top[-1] = Uint256{top[0] < top[-1] ? 1u : 0u};
    return Status::Success;
}
inline Status gt(Frame&, Uint256* top) noexcept {
    top[-1] = Uint256{top[0] > top[-1] ? 1u : 0u};
    return Status::Success;
}
inline Status slt(Frame&, Uint256* top) noexcept {
    top[-1] = Uint256{signed_less(top[0], top[-1]) ? 1u : 0u};
    return Status::Success;
}
inline Status sgt(Frame&, Uint256* top) noexcept {
    top[-1] = Uint256{signed_less(top[-1], top[0]) ? 1u : 0u};
    return Status::Success;
}
inline Status eq(Frame&, Uint256* top) noexcept {
    top[-1] = Uint256{top[0] == top[-1] ? 1u : 0u};
    return Status::Success;
}
inline Status iszero(Frame&, Uint256* top) noexcept {
    top[0] = Uint256{top[0].is_zero() ? 1u : 0u};
    return Status::Success;
}
inline Status and_(Frame&, Uint256* top) noexcept {
    top[-1] = top[0] & top[-1];
    return Status::Success;
}
inline Status or_(Frame&, Uint256* top) noexcept {
    top[-1] = top[0] | top[-1];
    return Status::Success;
}
inline Status xor_(Frame&, Uint256* top) noexcept {
    top[-1] = top[0] ^ top[-1];
    return Status::Success;
}
inline Status not_(Frame&, Uint256* top) noexcept {
    top[0] = ~top[0];
    return Status::Success;
}

/// Byte `index` of x, 0 the most significant; 0 beyond 31.
[[nodiscard]] inline std::uint64_t byte_of(const Uint256& index, const Uint256& x) noexcept {
    if (!index.fits_u64() || index.low64() >= 32) return 0;
    const unsigned from_low = 31 - static_cast<unsigned>(index.low64());
    return (x.limb[from_low / 8] >> (8 * (from_low % 8))) & 0xff;
}
inline Status byte(Frame&, Uint256* top) noexcept {
    top[-1] = Uint256{byte_of(top[0], top[-1])};
    return Status::Success;
}
inline Status shl(Frame&, Uint256* top) noexcept {
    top[-1] = top[-1] << top[0].saturate_u64();
    return Status::Success;
}
inline Status shr(Frame&, Uint256* top) noexcept {
    top[-1] = top[-1] >> top[0].saturate_u64();
    return Status::Success;
}

/// Arithmetic right shift: the sign fills in; counts from 256 on leave only it.
[[nodiscard]] inline Uint256 shift_right_arithmetic(std::uint64_t count, const Uint256& x) noexcept {
    const Uint256 logical = x >> count;
    if (!x.sign_bit() || count == 0) return logical;
    return count >= 256 ? Uint256::max() : logical | (Uint256::max() << (256 - count));
}
inline Status sar(Frame&, Uint256* top) noexcept {
    top[-1] = shift_right_arithmetic(top[0].saturate_u64(), top[-1]);
    return Status::Success;
}
/// Leading zero bits; 256 for 0 (EIP-7939).
inline Status clz(Frame&, Uint256* top) noexcept {
    top[0] = Uint256{256 - top[0].bit_width()};
    return Status::Success;
}

}  // namespace cairn::vm::instr
