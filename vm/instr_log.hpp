// SPDX-License-Identifier: MIT
#pragma once

// LOG0–LOG4, 0xa0–0xa4 (Yellow Paper, appendix H.2, "a0s"). Conventions: instr_arith.hpp.

#include <array>

#include "vm/frame.hpp"

namespace cairn::vm::instr {

inline constexpr std::int64_t kLogByteGas = 8;

inline Status charge_log(Frame& f, Uint256* top) noexcept {
    if (f.message.is_static) return Status::StaticModeViolation;
    if (!f.grow(top[0], top[-1])) return Status::OutOfGas;
    return f.charge(kLogByteGas * static_cast<std::int64_t>(top[-1].low64())) ? Status::Success
                                                                             : Status::OutOfGas;
}

template <unsigned kTopics>
inline Status log(Frame& f, Uint256* top) {
    std::array<Hash256, kTopics + 1> topics;  // one more than used: no empty array for LOG0
    for (unsigned i = 0; i < kTopics; ++i) topics[i] = to_hash(top[-2 - static_cast<int>(i)]);
    const std::uint64_t n = top[-1].low64();
    const ByteView data = n == 0 ? ByteView{} : ByteView{f.memory + top[0].low64(), n};
    f.host().emit_log(f.message.recipient, {topics.data(), kTopics}, data);
    return Status::Success;
}

}  // namespace cairn::vm::instr
