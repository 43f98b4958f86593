// SPDX-License-Identifier: MIT
// Compiled with AVX-512F and AVX-512VL; called only where the processor and the system have them.
#include <immintrin.h>

#include "core/crypto/keccak_kernels.hpp"
#include "core/crypto/keccak_rounds.hpp"

namespace cairn::keccak_kernels {
namespace {

/// Truth tables for vpternlogq: a ^ b ^ c, and chi's a ^ (~b & c).
constexpr int kXor3 = 0x96;
constexpr int kChi = 0xd2;

/// The same lane of four states per register.
struct FourStates {
    using Lane = __m256i;
    /// Kept apart, since one instruction adds both to a lane.
    struct Delta {
        Lane left;
        Lane right;
    };
    static constexpr int kStates = 4;

    static Lane load(const std::uint64_t* p) { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)); }
    static void store(std::uint64_t* p, Lane a) { _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), a); }
    static Lane xor3(Lane a, Lane b, Lane c) { return _mm256_ternarylogic_epi64(a, b, c, kXor3); }
    static Lane xor5(Lane a, Lane b, Lane c, Lane d, Lane e) { return xor3(xor3(a, b, c), d, e); }
    static Delta delta(Lane left, Lane right) { return {left, rotl<1>(right)}; }
    static Lane add(Lane lane, Delta d) { return xor3(lane, d.left, d.right); }
    template <int N>
    static Lane rotl(Lane a) {
        return _mm256_rol_epi64(a, N);
    }
    static Lane chi(Lane a, Lane b, Lane c) { return _mm256_ternarylogic_epi64(a, b, c, kChi); }
    static Lane iota(Lane a, std::uint64_t constant) {
        return _mm256_xor_si256(a, _mm256_set1_epi64x(static_cast<long long>(constant)));
    }
};

/// The same lane of eight states per register.
struct EightStates {
    using Lane = __m512i;
    struct Delta {
        Lane left;
        Lane right;
    };
    static constexpr int kStates = 8;

    static Lane load(const std::uint64_t* p) { return _mm512_loadu_si512(p); }
    static void store(std::uint64_t* p, Lane a) { _mm512_storeu_si512(p, a); }
    static Lane xor3(Lane a, Lane b, Lane c) { return _mm512_ternarylogic_epi64(a, b, c, kXor3); }
    static Lane xor5(Lane a, Lane b, Lane c, Lane d, Lane e) { return xor3(xor3(a, b, c), d, e); }
    static Delta delta(Lane left, Lane right) { return {left, rotl<1>(right)}; }
    static Lane add(Lane lane, Delta d) { return xor3(lane, d.left, d.right); }
    template <int N>
    static Lane rotl(Lane a) {
        // The form with a full mask compiles to the plain instruction; the plain form makes GCC 12 warn about an
        // uninitialised variable inside its own header.
        return _mm512_maskz_rol_epi64(0xff, a, N);
    }
    static Lane chi(Lane a, Lane b, Lane c) { return _mm512_ternarylogic_epi64(a, b, c, kChi); }
    static Lane iota(Lane a, std::uint64_t constant) {
        return _mm512_xor_si512(a, _mm512_set1_epi64(static_cast<long long>(constant)));
    }
};

template <class Ops>
[[gnu::always_inline]] inline void permute_interleaved(std::uint64_t* states) {
    typename Ops::Lane a[25];
    for (int i = 0; i < 25; ++i) a[i] = Ops::load(states + Ops::kStates * i);
    keccak_rounds<Ops>(a);
    for (int i = 0; i < 25; ++i) Ops::store(states + Ops::kStates * i, a[i]);
}

}  // namespace

void permute_x4_avx512(std::uint64_t* states) noexcept { permute_interleaved<FourStates>(states); }

void permute_x8_avx512(std::uint64_t* states) noexcept { permute_interleaved<EightStates>(states); }

}  // namespace cairn::keccak_kernels
