// SPDX-License-Identifier: MIT
// SHA-256d of 80-byte headers in lanes, written once for every vector width.
//
// What is saved against two plain hashes (first block aside, whose midstate the caller has):
// - hash 1 starts after round 3's nonce-free part; rounds 4..6 take h out of K (kernel.hpp);
// - with versions in the lanes the nonce is uniform, so hash 1's message schedule is computed once for as many nonces as
//   there are lanes, with K added, and each round takes its K+W as a broadcast word;
// - with nonces in the lanes the schedule takes its nonce-free parts ready made;
// - hash 2 takes the rounds before and the schedule's constants folded, and ends after round 60, whose e becomes the last
//   word of the digest; rounds 57..60 compute e alone.
//
// Everything is straight-line code in templates over an `Ops` of internal linkage:
//
// | Ops member | meaning |
// |------------|---------|
// | V, kLanes | vector of 32-bit lanes, and how many |
// | kStreams | hashes of hash 1 that run interleaved where the schedule is shared (divides kLanes) |
// | kTernary | maj, ch and three-way xor are one instruction each |
// | load, store, broadcast | of words; vectors aligned |
// | add, bxor, band, rotr<N>, shr<N>, xor3, choose, majority | lane by lane |
// | zero_lanes(x, m) | bit per lane where x & m is 0 |
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "miner/kernel.hpp"
#include "miner/sha256_words.hpp"

namespace cairn::miner {
namespace {

template <class Ops>
struct Lanes {
    using V = typename Ops::V;
    static constexpr unsigned kLanes = Ops::kLanes;
    static constexpr unsigned kStreams = Ops::kStreams;

    /// State whose names move instead of its values: before round T, a is s[-T mod 8], b the next one, and so on.
    struct State {
        V s[8];
        V b_xor_c;  ///< without kTernary: what the round before left of its majority
    };

    template <unsigned N, class F>
    [[gnu::always_inline]] static inline void unroll(F&& f) noexcept {
        [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
            (f.template operator()<static_cast<unsigned>(I)>(), ...);
        }
        (std::make_index_sequence<N>{});
    }

    [[gnu::always_inline]] static inline V sigma_0(V x) noexcept {
        return Ops::xor3(Ops::template rotr<2>(x), Ops::template rotr<13>(x), Ops::template rotr<22>(x));
    }
    [[gnu::always_inline]] static inline V sigma_1(V x) noexcept {
        return Ops::xor3(Ops::template rotr<6>(x), Ops::template rotr<11>(x), Ops::template rotr<25>(x));
    }
    [[gnu::always_inline]] static inline V schedule_sigma_0(V x) noexcept {
        return Ops::xor3(Ops::template rotr<7>(x), Ops::template rotr<18>(x), Ops::template shr<3>(x));
    }
    [[gnu::always_inline]] static inline V schedule_sigma_1(V x) noexcept {
        return Ops::xor3(Ops::template rotr<17>(x), Ops::template rotr<19>(x), Ops::template shr<10>(x));
    }

    /// What e and f..h give in round T: to be added to d, and to what a..c give. `h_kw` is h + K + W.
    template <unsigned T>
    [[gnu::always_inline]] static inline V t1(const State& x, V h_kw) noexcept {
        const V e = x.s[(4 - T) & 7];
        return Ops::add(Ops::add(h_kw, Ops::choose(e, x.s[(5 - T) & 7], x.s[(6 - T) & 7])), sigma_1(e));
    }

    /// Round T with h + K + W given.
    template <unsigned T>
    [[gnu::always_inline]] static inline void round_with_h(State& x, V h_kw) noexcept {
        const V t = t1<T>(x, h_kw);
        const V a = x.s[(0 - T) & 7];
        const V b = x.s[(1 - T) & 7];
        V& d = x.s[(3 - T) & 7];
        d = Ops::add(d, t);
        V maj;
        if constexpr (Ops::kTernary) {
            maj = Ops::majority(a, b, x.s[(2 - T) & 7]);
        } else {
            // maj(a, b, c) = b ^ ((a ^ b) & (b ^ c)), and this round's a ^ b is the next one's b ^ c.
            const V a_xor_b = Ops::bxor(a, b);
            maj = Ops::bxor(b, Ops::band(a_xor_b, x.b_xor_c));
            x.b_xor_c = a_xor_b;
        }
        x.s[(7 - T) & 7] = Ops::add(Ops::add(t, maj), sigma_0(a));
    }
    /// Round T with K + W given.
    template <unsigned T>
    [[gnu::always_inline]] static inline void round(State& x, V kw) noexcept {
        round_with_h<T>(x, Ops::add(x.s[(7 - T) & 7], kw));
    }
    /// Round T where only e matters afterwards.
    template <unsigned T>
    [[gnu::always_inline]] static inline void round_e(State& x, V kw) noexcept {
        V& d = x.s[(3 - T) & 7];
        d = Ops::add(d, t1<T>(x, Ops::add(x.s[(7 - T) & 7], kw)));
    }

    /// b ^ c for a state that begins with round T.
    template <unsigned T>
    [[gnu::always_inline]] static inline void start_majority(State& x) noexcept {
        if constexpr (!Ops::kTernary) x.b_xor_c = Ops::bxor(x.s[(1 - T) & 7], x.s[(2 - T) & 7]);
    }

    /// W[T], T ≥ 16, into its place in a ring of the last 16; `addend[T]` is the part that does not vary.
    template <class Message, unsigned T>
    [[gnu::always_inline]] static inline V expand(V (&w)[16], const std::uint32_t* addend) noexcept {
        constexpr bool kHas16 = Message::varies(T - 16);
        V x;
        if constexpr (Message::varies(T - 2)) {
            x = schedule_sigma_1(w[(T - 2) & 15]);
            if constexpr (Message::has_addend(T)) x = Ops::add(x, Ops::broadcast(addend + T));
            if constexpr (kHas16) x = Ops::add(x, w[T & 15]);
        } else if constexpr (Message::has_addend(T)) {
            x = Ops::broadcast(addend + T);
            if constexpr (kHas16) x = Ops::add(x, w[T & 15]);
        } else {
            static_assert(kHas16);
            x = w[T & 15];
        }
        if constexpr (Message::varies(T - 7)) x = Ops::add(x, w[(T - 7) & 15]);
        if constexpr (Message::varies(T - 15)) x = Ops::add(x, schedule_sigma_0(w[(T - 15) & 15]));
        w[T & 15] = x;
        return x;
    }

    /// The state after round 3: what the nonce does not reach, and the nonce. `word(i)` gives word i of a prefix.
    template <class Word>
    [[gnu::always_inline]] static inline void start(State& x, V nonce, Word&& word) noexcept {
        unroll<7>([&]<unsigned I>() __attribute__((always_inline)) {
            x.s[(I - 4) & 7] = word(kPrefixState + I);
        });
        x.s[(0 - 4) & 7] = Ops::add(x.s[(0 - 4) & 7], nonce);
        x.s[(4 - 4) & 7] = Ops::add(x.s[(4 - 4) & 7], nonce);
        start_majority<4>(x);
    }

    /// Hash 2 of the first digest in w[0..7]; the mask of lanes whose last word has the required zeros.
    [[gnu::always_inline]] static inline std::uint32_t finish(V (&w)[16], const RoundConstants& constants,
                                                              const std::uint32_t* addend,
                                                              const SharedWork& shared) noexcept {
        const std::uint32_t* k = constants.word;
        State x;
        x.s[(0 - 1) & 7] = Ops::add(w[0], Ops::broadcast(&constants.first_a));
        x.s[(4 - 1) & 7] = Ops::add(w[0], Ops::broadcast(&constants.first_e));
        unroll<3>([&]<unsigned I>() __attribute__((always_inline)) {
            x.s[I] = Ops::broadcast(kSha256Iv + I);          // b, c, d
            x.s[I + 4] = Ops::broadcast(kSha256Iv + I + 4);  // f, g, h
        });
        start_majority<1>(x);
        unroll<60>([&]<unsigned I>() __attribute__((always_inline)) {
            constexpr unsigned kT = I + 1;
            V kw = Ops::broadcast(k + kT);
            if constexpr (kT < 8) {
                kw = Ops::add(w[kT], kw);
            } else if constexpr (kT >= 16) {
                kw = Ops::add(expand<DigestMessage, kT>(w, addend), kw);
            }
            if constexpr (kT < 4) {
                round_with_h<kT>(x, kw);
            } else if constexpr (kT < 57) {
                round<kT>(x, kw);
            } else {
                round_e<kT>(x, kw);
            }
        });
        const V last = Ops::add(x.s[(4 - 61) & 7], Ops::broadcast(kSha256Iv + 7));
        return Ops::zero_lanes(last, Ops::broadcast(&shared.required_zeros));
    }

    /// A pointer whose target the compiler does not know: it would otherwise load a hundred constants into registers
    /// ahead of a loop, and from there spill them, where each is free as a broadcast operand.
    template <class T>
    [[gnu::always_inline]] static inline const T* hide(const T* p) noexcept {
        __asm__ volatile("" : "+r"(p));
        return p;
    }

    /// K + W of hash 1 for kLanes nonces: row t at kw + t * kLanes, where t < 18 without 3 is uniform and not kept.
    [[gnu::noinline]] static void share_schedule(const SharedWork& shared, V nonce, std::uint32_t* kw) noexcept {
        V w[16];
        w[3] = nonce;
        unroll<46>([&]<unsigned I>() __attribute__((always_inline)) {
            constexpr unsigned kT = I + 18;
            const V x = expand<NonceMessage, kT>(w, shared.addend);
            Ops::store(kw + kT * kLanes, Ops::add(x, Ops::broadcast(shared.round + kT)));
        });
    }

    /// kStreams nonces, from `kw` on, of one group. The mask of stream i goes to masks[i].
    [[gnu::always_inline]] static inline void group_hashes(const std::uint32_t* prefix, const SharedWork& shared,
                                                           const std::uint32_t* nonces, const std::uint32_t* kw,
                                                           std::uint32_t* masks) noexcept {
        alignas(64) std::uint32_t digest[kStreams][8 * kLanes];
        {
            const auto word = [&](unsigned i) __attribute__((always_inline)) {
                return Ops::load(prefix + i * kLanes);
            };
            State x[kStreams];
            unroll<kStreams>([&]<unsigned S>() __attribute__((always_inline)) {
                start(x[S], Ops::broadcast(nonces + S), word);
            });
            unroll<60>([&]<unsigned I>() __attribute__((always_inline)) {
                constexpr unsigned kT = I + 4;
                unroll<kStreams>([&]<unsigned S>() __attribute__((always_inline)) {
                    if constexpr (kT < 7) {
                        round_with_h<kT>(x[S], word(kPrefixRounds + kT - 4));
                    } else if constexpr (kT < 18) {
                        round<kT>(x[S], Ops::broadcast(shared.round + kT));
                    } else {
                        round<kT>(x[S], Ops::broadcast(kw + kT * kLanes + S));
                    }
                });
            });
            unroll<8>([&]<unsigned I>() __attribute__((always_inline)) {
                unroll<kStreams>([&]<unsigned S>() __attribute__((always_inline)) {
                    Ops::store(digest[S] + I * kLanes, Ops::add(x[S].s[I], word(kPrefixMidstate + I)));
                });
            });
        }
        // A loop, so that the code stays within the first-level instruction cache.
#if defined(__clang__)
#pragma clang loop unroll(disable)
#else
#pragma GCC unroll 1
#endif
        for (unsigned stream = 0; stream < kStreams; ++stream) {
            const std::uint32_t* from = digest[stream];
            V w[16];
            unroll<8>([&]<unsigned I>() __attribute__((always_inline)) { w[I] = Ops::load(from + I * kLanes); });
            masks[stream] = finish(w, *hide(&kDigestRounds), hide(kDigestAddends.word), shared);
        }
    }

    /// Kernel::search_versions.
    static bool search_versions(const VersionWork& work, const std::uint32_t* nonce_words,
                                std::uint64_t* candidates) noexcept {
        alignas(64) std::uint32_t kw[64 * kLanes];
        const SharedWork& shared = *work.shared;
        std::uint64_t any = 0;
        for (unsigned first = 0; first < kChunkNonces; first += kLanes) {
            share_schedule(shared, Ops::load(nonce_words + first), kw);
            for (unsigned i = 0; i < kLanes; ++i) candidates[first + i] = 0;
            for (unsigned group = 0; group < work.groups; ++group) {
                const std::uint32_t* prefix = work.prefix + group * kPrefixWords * kLanes;
                for (unsigned i = 0; i < kLanes; i += kStreams) {
                    std::uint32_t masks[kStreams];
                    group_hashes(prefix, *hide(&shared), nonce_words + first + i, kw + i, masks);
                    for (unsigned s = 0; s < kStreams; ++s) {
                        const std::uint64_t mask = static_cast<std::uint64_t>(masks[s]) << (group * kLanes);
                        candidates[first + i + s] |= mask;
                        any |= mask;
                    }
                }
            }
        }
        return any != 0;
    }

    /// kLanes nonces of one version.
    [[gnu::always_inline]] static inline std::uint32_t solo_hashes(const SoloWork& work, const SharedWork& shared,
                                                                   V nonce) noexcept {
        const auto word = [&](unsigned i) __attribute__((always_inline)) { return Ops::broadcast(work.prefix + i); };
        V w[16];
        w[3] = nonce;
        State x;
        start(x, nonce, word);
        unroll<60>([&]<unsigned I>() __attribute__((always_inline)) {
            constexpr unsigned kT = I + 4;
            if constexpr (kT < 7) {
                round_with_h<kT>(x, word(kPrefixRounds + kT - 4));
            } else if constexpr (kT < 18) {
                round<kT>(x, Ops::broadcast(shared.round + kT));
            } else {
                const V expanded = expand<NonceMessage, kT>(w, shared.addend);
                round<kT>(x, Ops::add(expanded, Ops::broadcast(shared.round + kT)));
            }
        });
        unroll<8>([&]<unsigned I>() __attribute__((always_inline)) {
            w[I] = Ops::add(x.s[I], word(kPrefixMidstate + I));
        });
        return finish(w, *hide(&kDigestRounds), hide(kDigestAddends.word), shared);
    }

    /// Kernel::search_solo.
    static std::uint64_t search_solo(const SoloWork& work, const std::uint32_t* nonce_words) noexcept {
        std::uint64_t mask = 0;
        for (unsigned first = 0; first < kSoloNonces; first += kLanes) {
            const std::uint64_t found = solo_hashes(*hide(&work), *hide(work.shared), Ops::load(nonce_words + first));
            mask |= found << first;
        }
        return mask;
    }
};

}  // namespace
}  // namespace cairn::miner
