// SPDX-License-Identifier: MIT
// The processor's SHA extensions: sha256rnds2 does two rounds of one hash, so that a lane is a hash and two of them run
// interleaved to hide its latency. With versions to roll, the first hash's schedule is computed once for all.
//
// All of these instructions have legacy encodings, and each passage between them and VEX code costs hundreds of cycles
// while an upper half of a vector register is in use. This file is compiled without AVX, and clears the upper halves.
#include <cpuid.h>
#include <immintrin.h>

#include "miner/kernel.hpp"
#include "miner/sha256_words.hpp"

namespace cairn::miner {
namespace {

constexpr unsigned kStreams = 2;

/// As sha256rnds2 has it: lanes from low to high are F, E, B, A and H, G, D, C.
struct State {
    __m128i abef;
    __m128i cdgh;
};

__m128i load(const std::uint32_t* p) noexcept { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p)); }

/// A state from words a..h.
State load_state(const std::uint32_t* words) noexcept {
    const __m128i badc = _mm_shuffle_epi32(load(words), 0xb1);
    const __m128i hgfe = _mm_shuffle_epi32(load(words + 4), 0x1b);
    return {_mm_alignr_epi8(badc, hgfe, 8), _mm_blend_epi16(hgfe, badc, 0xf0)};
}

/// a state's words a..d and e..h, each added to those at `words`.
void add_state(const State& x, const std::uint32_t* words, __m128i& abcd, __m128i& efgh) noexcept {
    const __m128i abef = _mm_shuffle_epi32(x.abef, 0x1b);
    const __m128i ghcd = _mm_shuffle_epi32(x.cdgh, 0xb1);
    abcd = _mm_add_epi32(_mm_blend_epi16(abef, ghcd, 0xf0), load(words));
    efgh = _mm_add_epi32(_mm_alignr_epi8(ghcd, abef, 8), load(words + 4));
}

/// Two rounds with K+W in the low two lanes of `kw`. The empty statement keeps the streams alternating as written: clang
/// would run them one after the other for long stretches, 15 % slower.
void two_rounds(State& x, __m128i kw) noexcept {
    __m128i abef = _mm_sha256rnds2_epu32(x.cdgh, x.abef, kw);
    __asm__ volatile("" : "+x"(abef));
    x.cdgh = x.abef;
    x.abef = abef;
}

/// Rounds [first, last) of all streams with the same K+W; both even.
template <unsigned kFirst, unsigned kLast>
[[gnu::always_inline]] inline void shared_rounds(State (&x)[kStreams], const std::uint32_t* kw) noexcept {
#pragma GCC unroll 32
    for (unsigned t = kFirst; t < kLast; t += 2) {
        const __m128i pair = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(kw + t));
        for (unsigned s = 0; s < kStreams; ++s) two_rounds(x[s], pair);
    }
}

/// Four rounds from t on of all streams, each with its own words; the last two rounds of them may be left out.
template <bool kLastTwo = true>
[[gnu::always_inline]] inline void own_rounds(State (&x)[kStreams], const __m128i (&w)[kStreams],
                                              unsigned t) noexcept {
    const __m128i k = load(kSha256K + t);
    __m128i kw[kStreams];
    for (unsigned s = 0; s < kStreams; ++s) {
        kw[s] = _mm_add_epi32(w[s], k);
        two_rounds(x[s], kw[s]);
    }
    if constexpr (kLastTwo)
        for (unsigned s = 0; s < kStreams; ++s) two_rounds(x[s], _mm_shuffle_epi32(kw[s], 0x0e));
}

/// Rounds 16..61, and 62 and 63 if asked, with the schedule; w[i] holds words 4i..4i+3 of every stream.
template <bool kAll>
[[gnu::always_inline]] inline void scheduled_rounds(State (&x)[kStreams], __m128i (&w)[4][kStreams]) noexcept {
#pragma GCC unroll 12
    for (unsigned i = 4; i < 16; ++i) {
        for (unsigned s = 0; s < kStreams; ++s) {
            const __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(w[i & 3][s], w[(i + 1) & 3][s]),
                                              _mm_alignr_epi8(w[(i + 3) & 3][s], w[(i + 2) & 3][s], 4));
            w[i & 3][s] = _mm_sha256msg2_epu32(sum, w[(i + 3) & 3][s]);
        }
        if (kAll || i < 15) {
            own_rounds(x, w[i & 3], 4 * i);
        } else {
            own_rounds<false>(x, w[i & 3], 4 * i);
        }
    }
}

/// Hash 2 of the digests in w[0] and w[1]; bit s tells whether stream s has the required zeros.
[[gnu::always_inline]] inline unsigned finish(__m128i (&w)[4][kStreams], std::uint32_t required_zeros) noexcept {
    State x[kStreams];
    for (unsigned s = 0; s < kStreams; ++s) {
        x[s] = load_state(kSha256Iv);
        w[2][s] = _mm_set_epi32(0, 0, 0, static_cast<int>(kPaddingWord));
        w[3][s] = _mm_set_epi32(static_cast<int>(kDigestBits), 0, 0, 0);
    }
    own_rounds(x, w[0], 0);
    own_rounds(x, w[1], 4);
    shared_rounds<8, 16>(x, kDigestRounds.word);
    scheduled_rounds<false>(x, w);
    unsigned mask = 0;
    // Round 60's e stands in f after round 61.
    for (unsigned s = 0; s < kStreams; ++s) {
        const auto last = static_cast<std::uint32_t>(_mm_cvtsi128_si32(x[s].abef)) + kSha256Iv[7];
        mask |= static_cast<unsigned>((last & required_zeros) == 0) << s;
    }
    return mask;
}

/// A nonce word in the lanes of a and e.
__m128i in_a_and_e(std::uint32_t nonce) noexcept {
    const int word = static_cast<int>(nonce);
    return _mm_set_epi32(word, 0, word, 0);
}

/// Clears the upper halves of the vector registers where there are any.
void leave_wide_code() noexcept {
    if (__builtin_cpu_supports("avx")) __asm__ volatile("vzeroupper");
}

/// Two versions with one nonce, whose K+W for rounds 4..63 are at `kw`.
[[gnu::noinline]] unsigned hash_versions(const std::uint32_t* const (&prefix)[kStreams], std::uint32_t nonce,
                                         const std::uint32_t* kw, std::uint32_t required_zeros) noexcept {
    State x[kStreams];
    for (unsigned s = 0; s < kStreams; ++s) {
        x[s] = load_state(prefix[s] + kPrefixState);
        x[s].abef = _mm_add_epi32(x[s].abef, in_a_and_e(nonce));
    }
    shared_rounds<4, 64>(x, kw);
    __m128i w[4][kStreams];
    for (unsigned s = 0; s < kStreams; ++s) add_state(x[s], prefix[s] + kPrefixMidstate, w[0][s], w[1][s]);
    return finish(w, required_zeros);
}

/// Two nonces of one version.
[[gnu::noinline]] unsigned hash_nonces(const SoloWork& work, const std::uint32_t* nonces) noexcept {
    const SharedWork& shared = *work.shared;
    State x[kStreams];
    __m128i w[4][kStreams];
    for (unsigned s = 0; s < kStreams; ++s) {
        x[s] = load_state(work.prefix + kPrefixState);
        x[s].abef = _mm_add_epi32(x[s].abef, in_a_and_e(nonces[s]));
        w[0][s] = _mm_insert_epi32(load(shared.message), static_cast<int>(nonces[s]), 3);
        for (unsigned i = 1; i < 4; ++i) w[i][s] = load(shared.message + 4 * i);
    }
    shared_rounds<4, 16>(x, shared.round);
    scheduled_rounds<true>(x, w);
    for (unsigned s = 0; s < kStreams; ++s) add_state(x[s], work.prefix + kPrefixMidstate, w[0][s], w[1][s]);
    return finish(w, shared.required_zeros);
}

/// K + W of hash 1 for one nonce, rounds 4..63.
void share_schedule(const SharedWork& shared, std::uint32_t nonce, std::uint32_t (&kw)[64]) noexcept {
    std::uint32_t w[64];
    for (unsigned t = 0; t < 16; ++t) w[t] = shared.message[t];
    w[3] = nonce;
    for (unsigned t = 16; t < 64; ++t)
        w[t] = small_sigma1(w[t - 2]) + w[t - 7] + small_sigma0(w[t - 15]) + w[t - 16];
    for (unsigned t = 4; t < 64; ++t) kw[t] = kSha256K[t] + w[t];
}

bool search_versions(const VersionWork& work, const std::uint32_t* nonce_words, std::uint64_t* candidates) noexcept {
    leave_wide_code();
    std::uint64_t any = 0;
    for (unsigned n = 0; n < kChunkNonces; ++n) {
        std::uint32_t kw[64];
        share_schedule(*work.shared, nonce_words[n], kw);
        std::uint64_t mask = 0;
        for (unsigned v = 0; v < work.groups; v += kStreams) {
            // An odd version at the end is taken twice, and its second result dropped.
            const bool is_alone = v + 1 == work.groups;
            const std::uint32_t* first = work.prefix + v * kPrefixWords;
            const unsigned found = hash_versions({first, is_alone ? first : first + kPrefixWords}, nonce_words[n], kw,
                                                 work.shared->required_zeros);
            mask |= static_cast<std::uint64_t>(is_alone ? found & 1 : found) << v;
        }
        candidates[n] = mask;
        any |= mask;
    }
    return any != 0;
}

std::uint64_t search_solo(const SoloWork& work, const std::uint32_t* nonce_words) noexcept {
    leave_wide_code();
    std::uint64_t mask = 0;
    for (unsigned n = 0; n < kSoloNonces; n += kStreams)
        mask |= static_cast<std::uint64_t>(hash_nonces(work, nonce_words + n)) << n;
    return mask;
}

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

const Kernel kKernelShaNi{"shani", 1, is_supported, search_versions, search_solo};

}  // namespace cairn::miner
