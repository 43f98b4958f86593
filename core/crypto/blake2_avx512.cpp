// SPDX-License-Identifier: MIT
// Compiled with AVX-512F and AVX-512VL, for the rotation of 64-bit words; called only where the processor and the system
// have them. (With AVX2 alone, where a rotation is a shuffle or three instructions, the portable rounds are as fast.)
#include <immintrin.h>

#include "core/crypto/blake2_kernels.hpp"

namespace cairn::blake2_kernels {
namespace {

/// Four words of the state, or the message words for four mixings side by side.
using Row = __m256i;

/// G on four columns at once. b comes last out of the mixing before, so it is added last.
[[gnu::always_inline]] inline void mix(Row& a, Row& b, Row& c, Row& d, Row x, Row y) {
    a = _mm256_add_epi64(_mm256_add_epi64(a, x), b);
    d = _mm256_ror_epi64(_mm256_xor_si256(d, a), 32);
    c = _mm256_add_epi64(c, d);
    b = _mm256_ror_epi64(_mm256_xor_si256(b, c), 24);
    a = _mm256_add_epi64(_mm256_add_epi64(a, y), b);
    d = _mm256_ror_epi64(_mm256_xor_si256(d, a), 16);
    c = _mm256_add_epi64(c, d);
    b = _mm256_ror_epi64(_mm256_xor_si256(b, c), 63);
}

}  // namespace

// The rows of the state are registers. For the diagonals rows a, c and d turn against b, not b, c and d against a: the
// turning of a, c and d hides behind the last steps on b. The words of all ten rows of the schedule are laid out once, in
// the order in which the mixings take them.
void mix_rounds_avx512(std::uint32_t rounds, std::uint64_t* v, const std::uint64_t* m) noexcept {
    constexpr int kRowWords = 16;
    // Where each mixing's word goes: columns 0 … 3 in order; diagonals begin with the one that holds b's first word.
    static constexpr int kOrder[kRowWords] = {0, 2, 4, 6, 1, 3, 5, 7, 14, 8, 10, 12, 15, 9, 11, 13};
    alignas(32) std::uint64_t words[10][kRowWords];
    const std::uint32_t rows = rounds < 10 ? rounds : 10;
    for (std::uint32_t row = 0; row < rows; ++row)
        for (int i = 0; i < kRowWords; ++i) words[row][i] = m[kSchedule[row][kOrder[i]]];

    const auto load = [](const std::uint64_t* p) { return _mm256_loadu_si256(reinterpret_cast<const Row*>(p)); };
    Row a = load(v);
    Row b = load(v + 4);
    Row c = load(v + 8);
    Row d = load(v + 12);
    std::uint32_t row = 0;
    for (std::uint32_t left = rounds; left != 0; --left) {
        const std::uint64_t* const w = words[row];
        row = row == 9 ? 0 : row + 1;
        mix(a, b, c, d, load(w), load(w + 4));
        a = _mm256_permute4x64_epi64(a, _MM_SHUFFLE(2, 1, 0, 3));
        c = _mm256_permute4x64_epi64(c, _MM_SHUFFLE(0, 3, 2, 1));
        d = _mm256_permute4x64_epi64(d, _MM_SHUFFLE(1, 0, 3, 2));
        mix(a, b, c, d, load(w + 8), load(w + 12));
        a = _mm256_permute4x64_epi64(a, _MM_SHUFFLE(0, 3, 2, 1));
        c = _mm256_permute4x64_epi64(c, _MM_SHUFFLE(2, 1, 0, 3));
        d = _mm256_permute4x64_epi64(d, _MM_SHUFFLE(1, 0, 3, 2));
    }
    const auto store = [](std::uint64_t* p, Row x) { _mm256_storeu_si256(reinterpret_cast<Row*>(p), x); };
    store(v, a);
    store(v + 4, b);
    store(v + 8, c);
    store(v + 12, d);
}

}  // namespace cairn::blake2_kernels
