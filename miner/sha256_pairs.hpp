// SPDX-License-Identifier: MIT
// SHA-256d of 80-byte headers with instructions that do several rounds of one hash: a lane is a hash, and two of them
// run interleaved to hide the instructions' latency. Written once for the processors that have such instructions.
//
// What is saved against two plain hashes (first block aside, whose midstate the caller has):
// - hash 1 starts after round 3's nonce-free part;
// - with versions to roll, hash 1's message schedule is computed once for all of them, with K added;
// - with one version, the words of the schedule that the nonce does not reach are computed once for all nonces, and no
//   instruction is spent on the half of words 20..31 that padding makes constant;
// - hash 2 takes the rounds of its padding with K+W folded.
//
// Everything is in templates over an `Ops` of internal linkage; a group is the four words 4i..4i+3 of a message:
//
// | Ops member | meaning |
// |------------|---------|
// | V, State | four words, the first in the lowest lane; eight words as the instructions want them |
// | load, add, with_words_2_3(a, b) | of V; the last: 0, 0, a, b |
// | load_state, add_nonce | a state from words a..h; a word added to its a and its e |
// | add_state(x, words, abcd, efgh) | its words a..d and e..h, each added to those at `words` |
// | four_shared(x, kw) | four rounds of all streams with the K+W at `kw` |
// | four_own(x, kw) | four rounds, each stream with its own K+W |
// | last_own(x, kw) | of the rounds 60..63 those that lead to the last word of the digest |
// | last_word(x) | after them: h of round 63, which is e of round 60 |
// | begin_sums(w0, w1) | for group i: W[t] + sigma0(W[t + 1]), from the groups i - 4 and i - 3 |
// | expand(sums, w2, w3) | group i, from that and the groups i - 2 and i - 1 |
// | enter() | called before a search |
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "miner/kernel.hpp"
#include "miner/sha256_words.hpp"

namespace cairn::miner {
namespace {

/// Hashes that run interleaved.
inline constexpr unsigned kPair = 2;

template <class Ops>
struct Pairs {
    using V = typename Ops::V;
    using State = typename Ops::State;
    /// The last sixteen words of both messages, group i at i mod 4.
    using Words = V[4][kPair];

    template <unsigned kFirst, unsigned kLast, class F>
    [[gnu::always_inline]] static inline void unroll(F&& f) noexcept {
        [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
            (f.template operator()<kFirst + static_cast<unsigned>(I)>(), ...);
        }
        (std::make_index_sequence<kLast - kFirst>{});
    }

    /// Groups [kFirst, kLast) of rounds with the same K+W.
    template <unsigned kFirst, unsigned kLast>
    [[gnu::always_inline]] static inline void shared_rounds(State (&x)[kPair], const std::uint32_t* kw) noexcept {
        unroll<kFirst, kLast>([&]<unsigned I>() __attribute__((always_inline)) { Ops::four_shared(x, kw + 4 * I); });
    }

    /// The rounds of group I, whose words stand at their place.
    template <unsigned I, bool kIsLast = false>
    [[gnu::always_inline]] static inline void own_rounds(State (&x)[kPair], const Words& w) noexcept {
        const V k = Ops::load(kSha256K + 4 * I);
        V kw[kPair];
        for (unsigned s = 0; s < kPair; ++s) kw[s] = Ops::add(w[I & 3][s], k);
        if constexpr (kIsLast) {
            Ops::last_own(x, kw);
        } else {
            Ops::four_own(x, kw);
        }
    }

    /// What a group of words begins with where padding does not settle it.
    template <unsigned I>
    [[gnu::always_inline]] static inline V begin_sums(const Words& w, unsigned s) noexcept {
        return Ops::begin_sums(w[I & 3][s], w[(I + 1) & 3][s]);
    }
    /// Group I of both messages, in the place of group I - 4; `sums(s)` is what it begins with.
    template <unsigned I, class Sums>
    [[gnu::always_inline]] static inline void expand(Words& w, Sums&& sums) noexcept {
        for (unsigned s = 0; s < kPair; ++s)
            w[I & 3][s] = Ops::expand(sums(s), w[(I + 2) & 3][s], w[(I + 3) & 3][s]);
    }

    /// Hash 2 of the digests in w[0] and w[1]; bit s tells whether stream s has the required zeros.
    [[gnu::always_inline]] static inline unsigned finish(Words& w, std::uint32_t required_zeros) noexcept {
        State x[kPair];
        for (unsigned s = 0; s < kPair; ++s) {
            x[s] = Ops::load_state(kSha256Iv);
            for (unsigned i = 2; i < 4; ++i) w[i][s] = Ops::load(kDigestPadding + 4 * (i - 2));
        }
        own_rounds<0>(x, w);
        own_rounds<1>(x, w);
        shared_rounds<2, 4>(x, kDigestRounds.word);
        unroll<4, 16>([&]<unsigned I>() __attribute__((always_inline)) {
            expand<I>(w, [&](unsigned s) __attribute__((always_inline)) {
                // Words 9..12 are 0.
                if constexpr (I == 6) return w[2][s];
                return begin_sums<I>(w, s);
            });
            own_rounds<I, I == 15>(x, w);
        });
        unsigned mask = 0;
        for (unsigned s = 0; s < kPair; ++s) {
            const std::uint32_t last = Ops::last_word(x[s]) + kSha256Iv[7];
            mask |= static_cast<unsigned>((last & required_zeros) == 0) << s;
        }
        return mask;
    }

    /// Two versions with one nonce, whose K+W for rounds 4..63 are at `kw`.
    [[gnu::noinline]] static unsigned hash_versions(const std::uint32_t* const (&prefix)[kPair], std::uint32_t nonce,
                                                    const std::uint32_t* kw, std::uint32_t required_zeros) noexcept {
        State x[kPair];
        for (unsigned s = 0; s < kPair; ++s) {
            x[s] = Ops::load_state(prefix[s] + kPrefixState);
            Ops::add_nonce(x[s], nonce);
        }
        shared_rounds<1, 16>(x, kw);
        Words w;
        for (unsigned s = 0; s < kPair; ++s) Ops::add_state(x[s], prefix[s] + kPrefixMidstate, w[0][s], w[1][s]);
        return finish(w, required_zeros);
    }

    /// What all nonces of one version have in common.
    struct SoloStart {
        State state;  ///< after round 3, the nonce apart
        V group_4;    ///< words 16..19 as far as the nonce does not reach them
        V sums_7;     ///< what words 28..31 begin with
    };
    static SoloStart make_solo_start(const SoloWork& work) noexcept {
        const V group_4 = Ops::load(work.shared->addend + 16);
        return {.state = Ops::load_state(work.prefix + kPrefixState),
                .group_4 = group_4,
                .sums_7 = Ops::begin_sums(Ops::load(work.shared->message + 12), group_4)};
    }

    /// Two nonces of one version.
    [[gnu::noinline]] static unsigned hash_nonces(const SoloWork& work, const SoloStart& start,
                                                  const std::uint32_t* nonces) noexcept {
        const SharedWork& shared = *work.shared;
        State x[kPair];
        Words w;
        for (unsigned s = 0; s < kPair; ++s) {
            x[s] = start.state;
            Ops::add_nonce(x[s], nonces[s]);
            w[0][s] = Ops::add(start.group_4, Ops::with_words_2_3(small_sigma0(nonces[s]), nonces[s]));
            for (unsigned i = 1; i < 4; ++i) w[i][s] = Ops::load(shared.message + 4 * i);
        }
        shared_rounds<1, 4>(x, shared.round);
        own_rounds<4>(x, w);
        unroll<5, 16>([&]<unsigned I>() __attribute__((always_inline)) {
            expand<I>(w, [&](unsigned s) __attribute__((always_inline)) {
                // Words 5..12 are 0.
                if constexpr (I == 5 || I == 6) return w[I & 3][s];
                if constexpr (I == 7) return start.sums_7;
                return begin_sums<I>(w, s);
            });
            own_rounds<I>(x, w);
        });
        for (unsigned s = 0; s < kPair; ++s) Ops::add_state(x[s], work.prefix + kPrefixMidstate, w[0][s], w[1][s]);
        return finish(w, shared.required_zeros);
    }

    /// K + W of hash 1 for one nonce, rounds 4..63.
    static void share_schedule(const SharedWork& shared, std::uint32_t nonce, std::uint32_t (&kw)[64]) noexcept {
        std::uint32_t w[64];
        for (unsigned t = 0; t < 16; ++t) w[t] = shared.message[t];
        w[3] = nonce;
        for (unsigned t = 16; t < 64; ++t)
            w[t] = small_sigma1(w[t - 2]) + w[t - 7] + small_sigma0(w[t - 15]) + w[t - 16];
        for (unsigned t = 4; t < 64; ++t) kw[t] = kSha256K[t] + w[t];
    }

    /// Kernel::search_versions.
    static bool search_versions(const VersionWork& work, const std::uint32_t* nonce_words,
                                std::uint64_t* candidates) noexcept {
        Ops::enter();
        std::uint64_t any = 0;
        for (unsigned n = 0; n < kChunkNonces; ++n) {
            std::uint32_t kw[64];
            share_schedule(*work.shared, nonce_words[n], kw);
            std::uint64_t mask = 0;
            for (unsigned v = 0; v < work.groups; v += kPair) {
                // An odd version at the end is taken twice, and its second result dropped.
                const bool is_alone = v + 1 == work.groups;
                const std::uint32_t* first = work.prefix + v * kPrefixWords;
                const unsigned found = hash_versions({first, is_alone ? first : first + kPrefixWords}, nonce_words[n],
                                                     kw, work.shared->required_zeros);
                mask |= static_cast<std::uint64_t>(is_alone ? found & 1 : found) << v;
            }
            candidates[n] = mask;
            any |= mask;
        }
        return any != 0;
    }

    /// Kernel::search_solo.
    static std::uint64_t search_solo(const SoloWork& work, const std::uint32_t* nonce_words) noexcept {
        Ops::enter();
        const SoloStart start = make_solo_start(work);
        std::uint64_t mask = 0;
        for (unsigned n = 0; n < kSoloNonces; n += kPair)
            mask |= static_cast<std::uint64_t>(hash_nonces(work, start, nonce_words + n)) << n;
        return mask;
    }
};

}  // namespace
}  // namespace cairn::miner
