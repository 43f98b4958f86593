// SPDX-License-Identifier: MIT
#pragma once

// Arithmetic instructions, 0x01–0x0b (Yellow Paper, appendix H.2, "0s").
//
// In every instr_*.hpp: `top` is the top of the stack in memory and top[-k] the item k below it. An instruction reads its
// arguments there and leaves its result where the new top will be. Stack bounds and the fixed part of the gas have been
// checked. What costs more has a `charge_` twin that runs first and has no other effect than gas, access marks and the
// size of memory.

#include "vm/frame.hpp"

namespace cairn::vm::instr {

inline Status add(Frame&, Uint256* top) noexcept {
    top[-1] = top[0] + top[-1];
    return Status::Success;
}
inline Status mul(Frame&, Uint256* top) noexcept {
    top[-1] = top[0] * top[-1];
    return Status::Success;
}
inline Status sub(Frame&, Uint256* top) noexcept {
    top[-1] = top[0] - top[-1];
    return Status::Success;
}
// Division by zero gives zero.
inline Status div(Frame&, Uint256* top) noexcept {
    top[-1] = top[-1].is_zero() ? Uint256{} : divmod(top[0], top[-1]).quotient;
    return Status::Success;
}
inline Status sdiv(Frame&, Uint256* top) noexcept {
    top[-1] = top[-1].is_zero() ? Uint256{} : sdivmod(top[0], top[-1]).quotient;
    return Status::Success;
}
inline Status mod(Frame&, Uint256* top) noexcept {
    top[-1] = top[-1].is_zero() ? Uint256{} : divmod(top[0], top[-1]).remainder;
    return Status::Success;
}
inline Status smod(Frame&, Uint256* top) noexcept {
    top[-1] = top[-1].is_zero() ? Uint256{} : sdivmod(top[0], top[-1]).remainder;
    return Status::Success;
}

/// The reciprocal of `m`, kept from the last time when it is the same modulus. m must not be 0.
inline const Modulus& modulus_for(Machine& machine, const Uint256& m) noexcept {
    if (!(machine.modulus.value() == m)) machine.modulus = Modulus{m};
    return machine.modulus;
}
inline Status addmod(Frame& f, Uint256* top) noexcept {
    const Uint256& m = top[-2];
    top[-2] = m.is_zero() ? Uint256{} : modulus_for(*f.machine, m).addmod(top[0], top[-1]);
    return Status::Success;
}
inline Status mulmod(Frame& f, Uint256* top) noexcept {
    const Uint256& m = top[-2];
    top[-2] = m.is_zero() ? Uint256{} : modulus_for(*f.machine, m).mulmod(top[0], top[-1]);
    return Status::Success;
}

inline Status charge_exp(Frame& f, Uint256* top) noexcept {
    return f.charge(std::int64_t{f.rules().exp_byte} * top[-1].byte_width()) ? Status::Success
                                                                            : Status::OutOfGas;
}
inline Status exp(Frame&, Uint256* top) noexcept {
    top[-1] = cairn::exp(top[0], top[-1]);
    return Status::Success;
}

/// Extends the sign of the number in the low `byte + 1` bytes of `x`; 31 and above leave it as it is.
[[nodiscard]] inline Uint256 extend_sign(const Uint256& byte, const Uint256& x) noexcept {
    if (!byte.fits_u64() || byte.low64() >= 31) return x;
    // Branches, not selects: which limb holds the sign is the same each time in real code.
    const std::uint64_t last = byte.low64() / 8;
    const unsigned unused = 56 - 8 * static_cast<unsigned>(byte.low64() % 8);
    const auto extend = [unused](std::uint64_t limb) {
        return static_cast<std::int64_t>(limb << unused) >> unused;
    };
    const auto fill = [](std::int64_t limb) { return static_cast<std::uint64_t>(limb >> 63); };
    if (last == 0) {
        const std::int64_t low = extend(x.limb[0]);
        return {static_cast<std::uint64_t>(low), fill(low), fill(low), fill(low)};
    }
    if (last == 1) {
        const std::int64_t limb = extend(x.limb[1]);
        return {x.limb[0], static_cast<std::uint64_t>(limb), fill(limb), fill(limb)};
    }
    if (last == 2) {
        const std::int64_t limb = extend(x.limb[2]);
        return {x.limb[0], x.limb[1], static_cast<std::uint64_t>(limb), fill(limb)};
    }
    return {x.limb[0], x.limb[1], x.limb[2], static_cast<std::uint64_t>(extend(x.limb[3]))};
}
inline Status signextend(Frame&, Uint256* top) noexcept {
    top[-1] = extend_sign(top[0], top[-1]);
    return Status::Success;
}

}  // namespace cairn::vm::instr
