// SPDX-License-Identifier: MIT
#pragma once

#include "core/crypto/keccak_rounds.hpp"

namespace cairn {
namespace {

/// One lane per general register.
struct KeccakScalarOps {
    using Lane = std::uint64_t;
    using Delta = std::uint64_t;

    static Lane xor5(Lane a, Lane b, Lane c, Lane d, Lane e) { return a ^ b ^ c ^ d ^ e; }
    static Delta delta(Lane left, Lane right) { return left ^ rotl<1>(right); }
    static Lane add(Lane lane, Delta d) { return lane ^ d; }
    template <int N>
    static Lane rotl(Lane lane) {
        if constexpr (N == 0)
            return lane;
        else
            return (lane << N) | (lane >> (64 - N));
    }
    static Lane chi(Lane a, Lane b, Lane c) { return a ^ (~b & c); }
    static Lane iota(Lane lane, std::uint64_t constant) { return lane ^ constant; }
};

[[gnu::always_inline]] inline void keccak_permute_scalar(std::uint64_t* state) {
    std::uint64_t a[25];
    for (int i = 0; i < 25; ++i) a[i] = state[i];
    keccak_rounds<KeccakScalarOps>(a);
    for (int i = 0; i < 25; ++i) state[i] = a[i];
}

}  // namespace
}  // namespace cairn
