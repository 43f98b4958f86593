// SPDX-License-Identifier: MIT
// Arm's SHA-2 extension: sha256h and sha256h2 do four rounds of one hash.
#include <arm_neon.h>
#include <sys/auxv.h>

#include <asm/hwcap.h>

#include "miner/kernel.hpp"
#include "miner/sha256_pairs.hpp"

namespace cairn::miner {
namespace {

struct Armv8Ops {
    using V = uint32x4_t;
    /// Words a..d and e..h, the first of each in the lowest lane.
    struct State {
        uint32x4_t abcd;
        uint32x4_t efgh;
    };

    static V load(const std::uint32_t* p) noexcept { return vld1q_u32(p); }
    static V add(V a, V b) noexcept { return vaddq_u32(a, b); }
    static V with_words_2_3(std::uint32_t a, std::uint32_t b) noexcept {
        return vsetq_lane_u32(b, vsetq_lane_u32(a, vdupq_n_u32(0), 2), 3);
    }

    static State load_state(const std::uint32_t* words) noexcept { return {load(words), load(words + 4)}; }
    static void add_nonce(State& x, std::uint32_t nonce) noexcept {
        const uint32x4_t added = vsetq_lane_u32(nonce, vdupq_n_u32(0), 0);
        x.abcd = vaddq_u32(x.abcd, added);
        x.efgh = vaddq_u32(x.efgh, added);
    }
    static void add_state(const State& x, const std::uint32_t* words, V& abcd, V& efgh) noexcept {
        abcd = vaddq_u32(x.abcd, load(words));
        efgh = vaddq_u32(x.efgh, load(words + 4));
    }

    static void four_rounds(State& x, V kw) noexcept {
        const uint32x4_t abcd = x.abcd;
        x.abcd = vsha256hq_u32(abcd, x.efgh, kw);
        x.efgh = vsha256h2q_u32(x.efgh, abcd, kw);
    }
    [[gnu::always_inline]] static inline void four_shared(State (&x)[kPair], const std::uint32_t* kw) noexcept {
        const V four = load(kw);
        for (unsigned s = 0; s < kPair; ++s) four_rounds(x[s], four);
    }
    [[gnu::always_inline]] static inline void four_own(State (&x)[kPair], const V (&kw)[kPair]) noexcept {
        for (unsigned s = 0; s < kPair; ++s) four_rounds(x[s], kw[s]);
    }
    /// Four rounds are one instruction: none is left out.
    [[gnu::always_inline]] static inline void last_own(State (&x)[kPair], const V (&kw)[kPair]) noexcept {
        four_own(x, kw);
    }
    static std::uint32_t last_word(const State& x) noexcept { return vgetq_lane_u32(x.efgh, 3); }

    static V begin_sums(V w0, V w1) noexcept { return vsha256su0q_u32(w0, w1); }
    static V expand(V sums, V w2, V w3) noexcept { return vsha256su1q_u32(sums, w2, w3); }

    static void enter() noexcept {}
};

bool is_supported() noexcept { return (::getauxval(AT_HWCAP) & HWCAP_SHA2) != 0; }

}  // namespace

const Kernel kKernelArmv8{"armv8", 1, is_supported, Pairs<Armv8Ops>::search_versions, Pairs<Armv8Ops>::search_solo};

}  // namespace cairn::miner
