// SPDX-License-Identifier: MIT
// The processor's SHA extensions: sha256rnds2 does two rounds of one hash.
//
// All of these instructions have legacy encodings, and each passage between them and VEX code costs hundreds of cycles
// while an upper half of a vector register is in use. This file is compiled without AVX, and clears the upper halves.
#include <cpuid.h>
#include <immintrin.h>

#include "miner/kernel.hpp"
#include "miner/sha256_pairs.hpp"

namespace cairn::miner {
namespace {

struct ShaNiOps {
    using V = __m128i;
    /// As sha256rnds2 has it: lanes from low to high are F, E, B, A and H, G, D, C.
    struct State {
        __m128i abef;
        __m128i cdgh;
    };

    static V load(const std::uint32_t* p) noexcept { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p)); }
    static V add(V a, V b) noexcept { return _mm_add_epi32(a, b); }
    static V with_words_2_3(std::uint32_t a, std::uint32_t b) noexcept {
        return _mm_set_epi64x(static_cast<long long>(std::uint64_t{b} << 32 | a), 0);
    }

    static State load_state(const std::uint32_t* words) noexcept {
        const __m128i badc = _mm_shuffle_epi32(load(words), 0xb1);
        const __m128i hgfe = _mm_shuffle_epi32(load(words + 4), 0x1b);
        return {_mm_alignr_epi8(badc, hgfe, 8), _mm_blend_epi16(hgfe, badc, 0xf0)};
    }
    static void add_nonce(State& x, std::uint32_t nonce) noexcept {
        const int word = static_cast<int>(nonce);
        x.abef = _mm_add_epi32(x.abef, _mm_set_epi32(word, 0, word, 0));
    }
    static void add_state(const State& x, const std::uint32_t* words, V& abcd, V& efgh) noexcept {
        const __m128i abef = _mm_shuffle_epi32(x.abef, 0x1b);
        const __m128i ghcd = _mm_shuffle_epi32(x.cdgh, 0xb1);
        abcd = _mm_add_epi32(_mm_blend_epi16(abef, ghcd, 0xf0), load(words));
        efgh = _mm_add_epi32(_mm_alignr_epi8(ghcd, abef, 8), load(words + 4));
    }

    /// Two rounds with K+W in the low two lanes of `kw`. The empty statement keeps the streams alternating as written:
    /// clang would run them one after the other for long stretches, 15 % slower.
    static void two_rounds(State& x, V kw) noexcept {
        __m128i abef = _mm_sha256rnds2_epu32(x.cdgh, x.abef, kw);
        __asm__ volatile("" : "+x"(abef));
        x.cdgh = x.abef;
        x.abef = abef;
    }
    [[gnu::always_inline]] static inline void four_shared(State (&x)[kPair], const std::uint32_t* kw) noexcept {
        for (unsigned t = 0; t < 4; t += 2) {
            const __m128i pair = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(kw + t));
            for (unsigned s = 0; s < kPair; ++s) two_rounds(x[s], pair);
        }
    }
    [[gnu::always_inline]] static inline void four_own(State (&x)[kPair], const V (&kw)[kPair]) noexcept {
        for (unsigned s = 0; s < kPair; ++s) two_rounds(x[s], kw[s]);
        for (unsigned s = 0; s < kPair; ++s) two_rounds(x[s], _mm_shuffle_epi32(kw[s], 0x0e));
    }
    [[gnu::always_inline]] static inline void last_own(State (&x)[kPair], const V (&kw)[kPair]) noexcept {
        for (unsigned s = 0; s < kPair; ++s) two_rounds(x[s], kw[s]);
    }
    /// Round 60's e stands in f after round 61.
    static std::uint32_t last_word(const State& x) noexcept {
        return static_cast<std::uint32_t>(_mm_cvtsi128_si32(x.abef));
    }

    static V begin_sums(V w0, V w1) noexcept { return _mm_sha256msg1_epu32(w0, w1); }
    static V expand(V sums, V w2, V w3) noexcept {
        return _mm_sha256msg2_epu32(_mm_add_epi32(sums, _mm_alignr_epi8(w3, w2, 4)), w3);
    }

    /// Clears the upper halves of the vector registers where there are any.
    static void enter() noexcept {
        if (__builtin_cpu_supports("avx")) __asm__ volatile("vzeroupper");
    }
};

/// CPUID leaf 7, EBX bit 29; GCC 12 has no name for it.
bool is_supported() noexcept {
    unsigned eax = 0;
    unsigned ebx = 0;
    unsigned ecx = 0;
    unsigned edx = 0;
    return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0 && (ebx >> 29 & 1) != 0 &&
           __builtin_cpu_supports("sse4.1") != 0;
}

}  // namespace

const Kernel kKernelShaNi{"shani", 1, is_supported, Pairs<ShaNiOps>::search_versions, Pairs<ShaNiOps>::search_solo};

}  // namespace cairn::miner
