// SPDX-License-Identifier: MIT
#pragma once

// Memory and hashing, 0x20, 0x51–0x53, 0x59, 0x5e (Yellow Paper, appendix H.2; EIP-5656).
// Conventions: instr_arith.hpp.

#include <cstring>

#include "core/crypto/keccak.hpp"
#include "vm/frame.hpp"

namespace cairn::vm::instr {

inline Status charge_word_access(Frame& f, Uint256* top) noexcept {
    return f.grow(top[0], Uint256{32}) ? Status::Success : Status::OutOfGas;
}
inline Status mload(Frame& f, Uint256* top) noexcept {
    top[0] = load_be256(f.memory + top[0].low64());
    return Status::Success;
}
inline Status mstore(Frame& f, Uint256* top) noexcept {
    store_be256(f.memory + top[0].low64(), top[-1]);
    return Status::Success;
}
inline Status charge_byte_access(Frame& f, Uint256* top) noexcept {
    return f.grow(top[0], Uint256{1}) ? Status::Success : Status::OutOfGas;
}
inline Status mstore8(Frame& f, Uint256* top) noexcept {
    f.memory[top[0].low64()] = static_cast<std::uint8_t>(top[-1].low64());
    return Status::Success;
}
inline Status msize(Frame& f, Uint256* top) noexcept {
    top[1] = Uint256{f.memory_size};
    return Status::Success;
}
inline Status charge_mcopy(Frame& f, Uint256* top) noexcept {
    const Uint256 &to = top[0], &from = top[-1], &size = top[-2];
    if (!f.grow(to < from ? from : to, size)) return Status::OutOfGas;
    return f.charge(3 * word_count(size.low64())) ? Status::Success : Status::OutOfGas;
}
inline Status mcopy(Frame& f, Uint256* top) noexcept {
    if (const std::uint64_t n = top[-2].low64(); n != 0)
        std::memmove(f.memory + top[0].low64(), f.memory + top[-1].low64(), n);
    return Status::Success;
}
inline Status charge_keccak256(Frame& f, Uint256* top) noexcept {
    if (!f.grow(top[0], top[-1])) return Status::OutOfGas;
    return f.charge(6 * word_count(top[-1].low64())) ? Status::Success : Status::OutOfGas;
}
inline Status keccak256(Frame& f, Uint256* top) noexcept {
    const std::uint64_t n = top[-1].low64();
    const ByteView data = n == 0 ? ByteView{} : ByteView{f.memory + top[0].low64(), n};
    top[-1] = to_word(cairn::keccak256(data));
    return Status::Success;
}

}  // namespace cairn::vm::instr
