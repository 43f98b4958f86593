// SPDX-License-Identifier: MIT
#pragma once

// Block instructions, 0x40–0x4a (Yellow Paper, appendix H.2, "40s"; EIP-1344, 1884, 3198, 4844, 7516).
// Conventions: instr_arith.hpp.

#include "vm/frame.hpp"

namespace cairn::vm::instr {

inline Status blockhash(Frame& f, Uint256* top) {
    const std::uint64_t current = f.machine->tx->number;
    const std::uint64_t oldest = current < 256 ? 0 : current - 256;
    const Uint256 number = top[0];
    const bool in_window = number.fits_u64() && number.low64() < current && number.low64() >= oldest;
    top[0] = in_window ? to_word(f.host().block_hash(number.low64())) : Uint256{};
    return Status::Success;
}
inline Status coinbase(Frame& f, Uint256* top) noexcept {
    top[1] = to_word(f.machine->tx->coinbase);
    return Status::Success;
}
inline Status timestamp(Frame& f, Uint256* top) noexcept {
    top[1] = Uint256{f.machine->tx->timestamp};
    return Status::Success;
}
inline Status number(Frame& f, Uint256* top) noexcept {
    top[1] = Uint256{f.machine->tx->number};
    return Status::Success;
}
inline Status prevrandao(Frame& f, Uint256* top) noexcept {
    top[1] = f.machine->tx->prev_randao;
    return Status::Success;
}
inline Status gaslimit(Frame& f, Uint256* top) noexcept {
    top[1] = Uint256{f.machine->tx->gas_limit};
    return Status::Success;
}
inline Status chainid(Frame& f, Uint256* top) noexcept {
    top[1] = f.machine->tx->chain_id;
    return Status::Success;
}
inline Status selfbalance(Frame& f, Uint256* top) {
    top[1] = f.host().balance(f.message.recipient);
    return Status::Success;
}
inline Status basefee(Frame& f, Uint256* top) noexcept {
    top[1] = f.machine->tx->base_fee;
    return Status::Success;
}
inline Status blobhash(Frame& f, Uint256* top) noexcept {
    const auto hashes = f.machine->tx->blob_hashes;
    const bool known = top[0].fits_u64() && top[0].low64() < hashes.size();
    top[0] = known ? to_word(hashes[top[0].low64()]) : Uint256{};
    return Status::Success;
}
inline Status blobbasefee(Frame& f, Uint256* top) noexcept {
    top[1] = f.machine->tx->blob_base_fee;
    return Status::Success;
}

}  // namespace cairn::vm::instr
