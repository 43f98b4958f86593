// SPDX-License-Identifier: MIT
#include <immintrin.h>

#include "miner/kernel.hpp"
#include "miner/sha256_lanes.hpp"

namespace cairn::miner {
namespace {

/// Sixteen lanes in AVX-512 registers. Hash 1 with a shared schedule needs eight registers a stream, so that two fit and
/// hide the latency of the rotates, which only one port does; hash 2 carries its schedule and runs alone.
struct Avx512Ops {
    using V = __m512i;
    static constexpr unsigned kLanes = 16;
    static constexpr unsigned kStreams = 2;
    static constexpr bool kTernary = true;

    static V load(const std::uint32_t* p) noexcept { return _mm512_load_si512(p); }
    static void store(std::uint32_t* p, V x) noexcept { _mm512_store_si512(p, x); }
    static V broadcast(const std::uint32_t* p) noexcept { return _mm512_set1_epi32(static_cast<int>(*p)); }
    static V add(V a, V b) noexcept { return _mm512_add_epi32(a, b); }
    template <unsigned N>
    static V rotr(V x) noexcept {
        return _mm512_ror_epi32(x, N);
    }
    template <unsigned N>
    static V shr(V x) noexcept {
        return _mm512_srli_epi32(x, N);
    }
    // The truth tables of a^b^c, a?b:c and majority over (a, b, c).
    static V xor3(V a, V b, V c) noexcept { return _mm512_ternarylogic_epi32(a, b, c, 0x96); }
    static V choose(V e, V f, V g) noexcept { return _mm512_ternarylogic_epi32(e, f, g, 0xca); }
    static V majority(V a, V b, V c) noexcept { return _mm512_ternarylogic_epi32(a, b, c, 0xe8); }
    static std::uint32_t zero_lanes(V x, V mask) noexcept { return _mm512_testn_epi32_mask(x, mask); }
};

}  // namespace

const Kernel kKernelAvx512{"avx512", Avx512Ops::kLanes,
                           []() noexcept { return __builtin_cpu_supports("avx512f") != 0; },
                           Lanes<Avx512Ops>::search_versions, Lanes<Avx512Ops>::search_solo};

}  // namespace cairn::miner
