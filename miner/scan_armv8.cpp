// SPDX-License-Identifier: MIT
// Arm's SHA-2 extension: sha256h and sha256h2 do four rounds of one hash, so that a lane is a hash and two of them run
// interleaved to hide their latency. With versions to roll, the first hash's schedule is computed once for all.
#include <arm_neon.h>
#include <sys/auxv.h>

#include <asm/hwcap.h>

#include "miner/kernel.hpp"
#include "miner/sha256_words.hpp"

namespace cairn::miner {
namespace {

constexpr unsigned kStreams = 2;

/// Words a..d and e..h, the first of each in the lowest lane.
struct State {
    uint32x4_t abcd;
    uint32x4_t efgh;
};

State load_state(const std::uint32_t* words) noexcept { return {vld1q_u32(words), vld1q_u32(words + 4)}; }

/// Four rounds with K+W.
void four_rounds(State& x, uint32x4_t kw) noexcept {
    const uint32x4_t abcd = x.abcd;
    x.abcd = vsha256hq_u32(abcd, x.efgh, kw);
    x.efgh = vsha256h2q_u32(x.efgh, abcd, kw);
}

/// Rounds [kFirst, kLast) of all streams with the same K+W; both multiples of four.
template <unsigned kFirst, unsigned kLast>
[[gnu::always_inline]] inline void shared_rounds(State (&x)[kStreams], const std::uint32_t* kw) noexcept {
#pragma GCC unroll 16
    for (unsigned t = kFirst; t < kLast; t += 4) {
        const uint32x4_t four = vld1q_u32(kw + t);
        for (unsigned s = 0; s < kStreams; ++s) four_rounds(x[s], four);
    }
}

/// Four rounds from t on of all streams, each with its own words.
[[gnu::always_inline]] inline void own_rounds(State (&x)[kStreams], const uint32x4_t (&w)[kStreams],
                                              unsigned t) noexcept {
    const uint32x4_t k = vld1q_u32(kSha256K + t);
    for (unsigned s = 0; s < kStreams; ++s) four_rounds(x[s], vaddq_u32(w[s], k));
}

/// Rounds 16..63 with the schedule; w[i] holds words 4i..4i+3 of every stream.
[[gnu::always_inline]] inline void scheduled_rounds(State (&x)[kStreams], uint32x4_t (&w)[4][kStreams]) noexcept {
#pragma GCC unroll 12
    for (unsigned i = 4; i < 16; ++i) {
        for (unsigned s = 0; s < kStreams; ++s)
            w[i & 3][s] = vsha256su1q_u32(vsha256su0q_u32(w[i & 3][s], w[(i + 1) & 3][s]), w[(i + 2) & 3][s],
                                          w[(i + 3) & 3][s]);
        own_rounds(x, w[i & 3], 4 * i);
    }
}

/// Hash 2 of the digests in w[0] and w[1]; bit s tells whether stream s has the required zeros.
[[gnu::always_inline]] inline unsigned finish(uint32x4_t (&w)[4][kStreams], std::uint32_t required_zeros) noexcept {
    State x[kStreams];
    for (unsigned s = 0; s < kStreams; ++s) {
        x[s] = load_state(kSha256Iv);
        w[2][s] = vsetq_lane_u32(kPaddingWord, vdupq_n_u32(0), 0);
        w[3][s] = vsetq_lane_u32(kDigestBits, vdupq_n_u32(0), 3);
    }
    own_rounds(x, w[0], 0);
    own_rounds(x, w[1], 4);
    shared_rounds<8, 16>(x, kDigestRounds.word);
    scheduled_rounds(x, w);
    unsigned mask = 0;
    for (unsigned s = 0; s < kStreams; ++s) {
        const std::uint32_t last = vgetq_lane_u32(x[s].efgh, 3) + kSha256Iv[7];
        mask |= static_cast<unsigned>((last & required_zeros) == 0) << s;
    }
    return mask;
}

/// The state after round 3: what the nonce does not reach, and the nonce in a and e.
State start(const std::uint32_t* prefix, std::uint32_t nonce) noexcept {
    const uint32x4_t added = vsetq_lane_u32(nonce, vdupq_n_u32(0), 0);
    const State x = load_state(prefix + kPrefixState);
    return {vaddq_u32(x.abcd, added), vaddq_u32(x.efgh, added)};
}

/// The first digest from a state after round 63, into w[0] and w[1].
void add_midstate(const State& x, const std::uint32_t* prefix, uint32x4_t& abcd, uint32x4_t& efgh) noexcept {
    abcd = vaddq_u32(x.abcd, vld1q_u32(prefix + kPrefixMidstate));
    efgh = vaddq_u32(x.efgh, vld1q_u32(prefix + kPrefixMidstate + 4));
}

/// Two versions with one nonce, whose K+W for rounds 4..63 are at `kw`.
[[gnu::noinline]] unsigned hash_versions(const std::uint32_t* const (&prefix)[kStreams], std::uint32_t nonce,
                                         const std::uint32_t* kw, std::uint32_t required_zeros) noexcept {
    State x[kStreams];
    for (unsigned s = 0; s < kStreams; ++s) x[s] = start(prefix[s], nonce);
    shared_rounds<4, 64>(x, kw);
    uint32x4_t w[4][kStreams];
    for (unsigned s = 0; s < kStreams; ++s) add_midstate(x[s], prefix[s], w[0][s], w[1][s]);
    return finish(w, required_zeros);
}

/// Two nonces of one version.
[[gnu::noinline]] unsigned hash_nonces(const SoloWork& work, const std::uint32_t* nonces) noexcept {
    const SharedWork& shared = *work.shared;
    State x[kStreams];
    uint32x4_t w[4][kStreams];
    for (unsigned s = 0; s < kStreams; ++s) {
        x[s] = start(work.prefix, nonces[s]);
        w[0][s] = vsetq_lane_u32(nonces[s], vld1q_u32(shared.message), 3);
        for (unsigned i = 1; i < 4; ++i) w[i][s] = vld1q_u32(shared.message + 4 * i);
    }
    shared_rounds<4, 16>(x, shared.round);
    scheduled_rounds(x, w);
    for (unsigned s = 0; s < kStreams; ++s) add_midstate(x[s], work.prefix, w[0][s], w[1][s]);
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
    std::uint64_t mask = 0;
    for (unsigned n = 0; n < kSoloNonces; n += kStreams)
        mask |= static_cast<std::uint64_t>(hash_nonces(work, nonce_words + n)) << n;
    return mask;
}

bool is_supported() noexcept { return (::getauxval(AT_HWCAP) & HWCAP_SHA2) != 0; }

}  // namespace

const Kernel kKernelArmv8{"armv8", 1, is_supported, search_versions, search_solo};

}  // namespace cairn::miner
