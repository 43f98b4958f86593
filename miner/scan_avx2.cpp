// SPDX-License-Identifier: MIT
#include <immintrin.h>

#include "miner/kernel.hpp"
#include "miner/sha256_lanes.hpp"

namespace cairn::miner {
namespace {

/// Eight lanes in AVX2 registers.
struct Avx2Ops {
    using V = __m256i;
    static constexpr unsigned kLanes = 8;
    static constexpr unsigned kStreams = 1;
    static constexpr bool kTernary = false;

    static V load(const std::uint32_t* p) noexcept { return _mm256_load_si256(reinterpret_cast<const __m256i*>(p)); }
    static void store(std::uint32_t* p, V x) noexcept { _mm256_store_si256(reinterpret_cast<__m256i*>(p), x); }
    static V broadcast(const std::uint32_t* p) noexcept { return _mm256_set1_epi32(static_cast<int>(*p)); }
    static V add(V a, V b) noexcept { return _mm256_add_epi32(a, b); }
    static V bxor(V a, V b) noexcept { return _mm256_xor_si256(a, b); }
    static V band(V a, V b) noexcept { return _mm256_and_si256(a, b); }
    template <unsigned N>
    static V rotr(V x) noexcept {
        return _mm256_xor_si256(_mm256_srli_epi32(x, N), _mm256_slli_epi32(x, 32 - N));
    }
    template <unsigned N>
    static V shr(V x) noexcept {
        return _mm256_srli_epi32(x, N);
    }
    static V xor3(V a, V b, V c) noexcept { return _mm256_xor_si256(_mm256_xor_si256(a, b), c); }
    static V choose(V e, V f, V g) noexcept {
        return _mm256_xor_si256(g, _mm256_and_si256(e, _mm256_xor_si256(f, g)));
    }
    static std::uint32_t zero_lanes(V x, V mask) noexcept {
        const V zero = _mm256_cmpeq_epi32(_mm256_and_si256(x, mask), _mm256_setzero_si256());
        return static_cast<std::uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(zero)));
    }
};

}  // namespace

const Kernel kKernelAvx2{"avx2", Avx2Ops::kLanes, []() noexcept { return __builtin_cpu_supports("avx2") != 0; },
                         Lanes<Avx2Ops>::search_versions, Lanes<Avx2Ops>::search_solo};

}  // namespace cairn::miner
