// SPDX-License-Identifier: MIT
#include "core/crypto/blake2.hpp"

#include <bit>
#include <cstddef>

#include "core/crypto/blake2_kernels.hpp"

namespace cairn {

// A constant's value is seen inside this file, so that the portable rounds can take its entries at compile time.
constexpr std::uint8_t blake2_kernels::kSchedule[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4}, {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13}, {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11}, {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5}, {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}};

namespace {

/// First words of the fractional parts of the square roots of the first eight primes (RFC 7693, section 2.6).
constexpr std::uint64_t kIv[8] = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
                                  0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};

/// The mixing function G (RFC 7693, section 3.1).
[[gnu::always_inline]] inline void mix(std::uint64_t& a, std::uint64_t& b, std::uint64_t& c, std::uint64_t& d,
                                       std::uint64_t x, std::uint64_t y) {
    a = a + b + x;
    d = std::rotr(d ^ a, 32);
    c = c + d;
    b = std::rotr(b ^ c, 24);
    a = a + b + y;
    d = std::rotr(d ^ a, 16);
    c = c + d;
    b = std::rotr(b ^ c, 63);
}

template <int Row>
[[gnu::always_inline]] inline void mix_round(std::uint64_t* v, const std::uint64_t* m) {
    constexpr const auto& s = blake2_kernels::kSchedule[Row];
    mix(v[0], v[4], v[8], v[12], m[s[0]], m[s[1]]);
    mix(v[1], v[5], v[9], v[13], m[s[2]], m[s[3]]);
    mix(v[2], v[6], v[10], v[14], m[s[4]], m[s[5]]);
    mix(v[3], v[7], v[11], v[15], m[s[6]], m[s[7]]);
    mix(v[0], v[5], v[10], v[15], m[s[8]], m[s[9]]);
    mix(v[1], v[6], v[11], v[12], m[s[10]], m[s[11]]);
    mix(v[2], v[7], v[8], v[13], m[s[12]], m[s[13]]);
    mix(v[3], v[4], v[9], v[14], m[s[14]], m[s[15]]);
}

blake2_kernels::MixRounds choose_mix_rounds() noexcept {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl"))
        return blake2_kernels::mix_rounds_avx512;
#endif
    return blake2_kernels::mix_rounds_portable;
}

}  // namespace

// The schedule's rows are constants here, so that message words are loads from fixed places: ten rounds to the loop, and
// the rest leaves from the middle of the last ten.
void blake2_kernels::mix_rounds_portable(std::uint32_t rounds, std::uint64_t* state, const std::uint64_t* m) noexcept {
    std::uint64_t v[16];
    for (std::size_t i = 0; i < 16; ++i) v[i] = state[i];
    std::uint32_t left = rounds;
    const auto step = [&]<int Row>() {
        if (left == 0) return false;
        --left;
        mix_round<Row>(v, m);
        return true;
    };
    while (step.operator()<0>() && step.operator()<1>() && step.operator()<2>() && step.operator()<3>() &&
           step.operator()<4>() && step.operator()<5>() && step.operator()<6>() && step.operator()<7>() &&
           step.operator()<8>() && step.operator()<9>()) {
    }
    for (std::size_t i = 0; i < 16; ++i) state[i] = v[i];
}

void blake2b_compress(std::uint32_t rounds, std::array<std::uint64_t, 8>& h, const std::array<std::uint64_t, 16>& m,
                      const std::array<std::uint64_t, 2>& t, bool is_final) noexcept {
    std::uint64_t v[16];
    for (std::size_t i = 0; i < 8; ++i) v[i] = h[i];
    for (std::size_t i = 0; i < 8; ++i) v[8 + i] = kIv[i];
    v[12] ^= t[0];
    v[13] ^= t[1];
    if (is_final) v[14] = ~v[14];
    static const blake2_kernels::MixRounds mix_rounds = choose_mix_rounds();
    mix_rounds(rounds, v, m.data());
    for (std::size_t i = 0; i < 8; ++i) h[i] ^= v[i] ^ v[8 + i];
}

}  // namespace cairn
