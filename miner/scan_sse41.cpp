// SPDX-License-Identifier: MIT
#include <immintrin.h>

#include "miner/kernel.hpp"
#include "miner/sha256_lanes.hpp"

namespace cairn::miner {
namespace {

/// Four lanes in SSE4.1 registers.
struct Sse41Ops {
    using V = __m128i;
    static constexpr unsigned kLanes = 4;
    static constexpr unsigned kStreams = 1;
    static constexpr bool kTernary = false;

    static V load(const std::uint32_t* p) noexcept { return _mm_load_si128(reinterpret_cast<const __m128i*>(p)); }
    static void store(std::uint32_t* p, V x) noexcept { _mm_store_si128(reinterpret_cast<__m128i*>(p), x); }
    static V broadcast(const std::uint32_t* p) noexcept { return _mm_set1_epi32(static_cast<int>(*p)); }
    static V add(V a, V b) noexcept { return _mm_add_epi32(a, b); }
    static V bxor(V a, V b) noexcept { return _mm_xor_si128(a, b); }
    static V band(V a, V b) noexcept { return _mm_and_si128(a, b); }
    template <unsigned N>
    static V rotr(V x) noexcept {
        return _mm_xor_si128(_mm_srli_epi32(x, N), _mm_slli_epi32(x, 32 - N));
    }
    template <unsigned N>
    static V shr(V x) noexcept {
        return _mm_srli_epi32(x, N);
    }
    static V xor3(V a, V b, V c) noexcept { return _mm_xor_si128(_mm_xor_si128(a, b), c); }
    static V choose(V e, V f, V g) noexcept { return _mm_xor_si128(g, _mm_and_si128(e, _mm_xor_si128(f, g))); }
    static std::uint32_t zero_lanes(V x, V mask) noexcept {
        const V zero = _mm_cmpeq_epi32(_mm_and_si128(x, mask), _mm_setzero_si128());
        return static_cast<std::uint32_t>(_mm_movemask_ps(_mm_castsi128_ps(zero)));
    }
};

}  // namespace

const Kernel kKernelSse41{"sse41", Sse41Ops::kLanes,
                          []() noexcept { return __builtin_cpu_supports("sse4.1") != 0; },
                          Lanes<Sse41Ops>::search_versions, Lanes<Sse41Ops>::search_solo};

}  // namespace cairn::miner
