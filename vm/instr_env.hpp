// SPDX-License-Identifier: MIT
#pragma once

// Environment instructions, 0x30–0x3f (Yellow Paper, appendix H.2, "30s"; EIP-211, EIP-1052, EIP-2929).
// Conventions: instr_arith.hpp.

#include <algorithm>
#include <cstring>

#include "vm/frame.hpp"

namespace cairn::vm::instr {

/// What a first access to an account adds to the warm price (EIP-2929); also marks it.
[[nodiscard]] inline bool charge_account_access(Frame& f, const Address& address) {
    const auto cold = f.rules().cold_account;
    return cold == 0 || !f.host().access_account(address) || f.charge(cold);
}

inline Status push_address(Frame& f, Uint256* top) noexcept {
    top[1] = to_word(f.message.recipient);
    return Status::Success;
}
inline Status charge_account(Frame& f, Uint256* top) {
    return charge_account_access(f, to_address(top[0])) ? Status::Success : Status::OutOfGas;
}
inline Status balance(Frame& f, Uint256* top) {
    top[0] = f.host().balance(to_address(top[0]));
    return Status::Success;
}
inline Status origin(Frame& f, Uint256* top) noexcept {
    top[1] = to_word(f.machine->tx->origin);
    return Status::Success;
}
inline Status caller(Frame& f, Uint256* top) noexcept {
    top[1] = to_word(f.message.sender);
    return Status::Success;
}
inline Status callvalue(Frame& f, Uint256* top) noexcept {
    top[1] = f.message.value;
    return Status::Success;
}

/// 32 bytes of `data` from `offset`, zeros beyond its end.
[[nodiscard]] inline Uint256 load_padded(ByteView data, const Uint256& offset) noexcept {
    if (!offset.fits_u64() || offset.low64() >= data.size()) return {};
    const ByteView rest = data.subspan(offset.low64());
    if (rest.size() >= 32) return load_be256(rest.data());
    std::uint8_t bytes[32] = {};
    std::memcpy(bytes, rest.data(), rest.size());
    return load_be256(bytes);
}
inline Status calldataload(Frame& f, Uint256* top) noexcept {
    top[0] = load_padded(f.input, top[0]);
    return Status::Success;
}
inline Status calldatasize(Frame& f, Uint256* top) noexcept {
    top[1] = Uint256{f.input.size()};
    return Status::Success;
}

/// Gas of copying `size` bytes to memory at `offset`: 3 a word, and the memory.
[[nodiscard]] inline Status charge_copy_region(Frame& f, const Uint256& offset, const Uint256& size) noexcept {
    if (!f.grow(offset, size)) return Status::OutOfGas;
    return f.charge(3 * word_count(size.low64())) ? Status::Success : Status::OutOfGas;
}
/// Copies data[source, source + size) to memory, zeros beyond the data's end. The region has been paid for.
inline void copy_padded(Frame& f, const Uint256& offset, ByteView data, const Uint256& source,
                        const Uint256& size) noexcept {
    const std::uint64_t n = size.low64();
    if (n == 0) return;
    std::uint8_t* const to = f.memory + offset.low64();
    const std::uint64_t from = std::min<std::uint64_t>(source.saturate_u64(), data.size());
    const std::uint64_t copied = std::min<std::uint64_t>(n, data.size() - from);
    if (copied != 0) std::memcpy(to, data.data() + from, copied);
    if (copied != n) std::memset(to + copied, 0, n - copied);
}

inline Status charge_copy(Frame& f, Uint256* top) noexcept { return charge_copy_region(f, top[0], top[-2]); }
inline Status calldatacopy(Frame& f, Uint256* top) noexcept {
    copy_padded(f, top[0], f.input, top[-1], top[-2]);
    return Status::Success;
}
inline Status codesize(Frame& f, Uint256* top) noexcept {
    top[1] = Uint256{f.code.size()};
    return Status::Success;
}
inline Status codecopy(Frame& f, Uint256* top) noexcept {
    copy_padded(f, top[0], f.code, top[-1], top[-2]);
    return Status::Success;
}
inline Status gasprice(Frame& f, Uint256* top) noexcept {
    top[1] = f.machine->tx->gas_price;
    return Status::Success;
}
inline Status extcodesize(Frame& f, Uint256* top) {
    top[0] = Uint256{f.host().code(to_address(top[0])).bytes.size()};
    return Status::Success;
}
inline Status charge_extcodecopy(Frame& f, Uint256* top) {
    if (const Status s = charge_copy_region(f, top[-1], top[-3]); s != Status::Success) return s;
    return charge_account(f, top);
}
inline Status extcodecopy(Frame& f, Uint256* top) {
    const CodeRef code = f.host().code(to_address(top[0]));
    copy_padded(f, top[-1], code.bytes, top[-2], top[-3]);
    return Status::Success;
}
inline Status returndatasize(Frame& f, Uint256* top) noexcept {
    top[1] = Uint256{f.return_data.size()};
    return Status::Success;
}
/// Reading beyond the return data fails, unlike every other copy (EIP-211).
inline Status charge_returndatacopy(Frame& f, Uint256* top) noexcept {
    const Uint256 &source = top[-1], &size = top[-2];
    const std::uint64_t available = f.return_data.size();
    if (!source.fits_u64() || source.low64() > available || !size.fits_u64() ||
        size.low64() > available - source.low64())
        return Status::InvalidMemoryAccess;
    return charge_copy_region(f, top[0], size);
}
inline Status returndatacopy(Frame& f, Uint256* top) noexcept {
    copy_padded(f, top[0], f.return_data, top[-1], top[-2]);
    return Status::Success;
}
inline Status extcodehash(Frame& f, Uint256* top) {
    top[0] = to_word(f.host().code_hash(to_address(top[0])));
    return Status::Success;
}

}  // namespace cairn::vm::instr
