// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

/// The rounds of Keccak-f[1600] (FIPS 202, section 3.2), written once over a lane type and its operations. Inside the
/// room only. Everything is always inlined and, by the anonymous namespace, private to its includer, because every
/// includer compiles it for another processor.
///
/// `Ops` gives: `Lane`; `Delta`, what theta adds to a column; `xor5(a, b, c, d, e)`; `delta(left, right)` for
/// left ^ rotl(right, 1); `add(lane, delta)`; `rotl<N>(lane)`; `chi(a, b, c)` for a ^ (~b & c); `iota(lane, constant)`.
namespace cairn {
namespace {

/// Round constants of iota (section 3.2.5).
constexpr std::uint64_t kKeccakRoundConstants[24] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b,
    0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088,
    0x0000000080008009, 0x000000008000000a, 0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
    0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};

/// Rotation of lane x + 5y by rho (section 3.2.2, table 2, modulo 64).
constexpr int kKeccakRho[25] = {0,  1,  62, 28, 27, 36, 44, 6,  55, 20, 3,  10, 43,
                                25, 39, 41, 45, 15, 21, 8,  18, 2,  61, 56, 14};

/// Lane of the old state that pi brings to (x, y), after theta and rho: the one at (x + 3y, x).
template <class Ops, int X, int Y>
[[gnu::always_inline]] inline typename Ops::Lane keccak_moved(const typename Ops::Lane* a,
                                                              const typename Ops::Delta* d) {
    constexpr int kColumn = (X + 3 * Y) % 5;
    constexpr int kFrom = kColumn + 5 * X;
    return Ops::template rotl<kKeccakRho[kFrom]>(Ops::add(a[kFrom], d[kColumn]));
}

template <class Ops, int Y>
[[gnu::always_inline]] inline void keccak_row(const typename Ops::Lane* a, const typename Ops::Delta* d,
                                              typename Ops::Lane* out) {
    const auto b0 = keccak_moved<Ops, 0, Y>(a, d);
    const auto b1 = keccak_moved<Ops, 1, Y>(a, d);
    const auto b2 = keccak_moved<Ops, 2, Y>(a, d);
    const auto b3 = keccak_moved<Ops, 3, Y>(a, d);
    const auto b4 = keccak_moved<Ops, 4, Y>(a, d);
    out[5 * Y + 0] = Ops::chi(b0, b1, b2);
    out[5 * Y + 1] = Ops::chi(b1, b2, b3);
    out[5 * Y + 2] = Ops::chi(b2, b3, b4);
    out[5 * Y + 3] = Ops::chi(b3, b4, b0);
    out[5 * Y + 4] = Ops::chi(b4, b0, b1);
}

template <class Ops>
[[gnu::always_inline]] inline void keccak_round(const typename Ops::Lane* a, typename Ops::Lane* out,
                                                std::uint64_t constant) {
    const auto c0 = Ops::xor5(a[0], a[5], a[10], a[15], a[20]);
    const auto c1 = Ops::xor5(a[1], a[6], a[11], a[16], a[21]);
    const auto c2 = Ops::xor5(a[2], a[7], a[12], a[17], a[22]);
    const auto c3 = Ops::xor5(a[3], a[8], a[13], a[18], a[23]);
    const auto c4 = Ops::xor5(a[4], a[9], a[14], a[19], a[24]);
    const typename Ops::Delta d[5] = {Ops::delta(c4, c1), Ops::delta(c0, c2), Ops::delta(c1, c3),
                                      Ops::delta(c2, c4), Ops::delta(c3, c0)};
    keccak_row<Ops, 0>(a, d, out);
    out[0] = Ops::iota(out[0], constant);
    keccak_row<Ops, 1>(a, d, out);
    keccak_row<Ops, 2>(a, d, out);
    keccak_row<Ops, 3>(a, d, out);
    keccak_row<Ops, 4>(a, d, out);
}

/// All 24 rounds over 25 lanes in place; two at a time, so that no lane moves between the two states.
template <class Ops>
[[gnu::always_inline]] inline void keccak_rounds(typename Ops::Lane* a) {
    typename Ops::Lane e[25];
    for (int round = 0; round < 24; round += 2) {
        keccak_round<Ops>(a, e, kKeccakRoundConstants[round]);
        keccak_round<Ops>(e, a, kKeccakRoundConstants[round + 1]);
    }
}

}  // namespace
}  // namespace cairn
