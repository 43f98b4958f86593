// SPDX-License-Identifier: MIT
// SHA-256's constants and functions on single words (FIPS 180-4, sections 4.1.2, 4.2.2, 5.3.3), and the tables that the
// kernels take from them. Everything is constexpr and has internal linkage: kernels are compiled with flags of their
// own, and none of their code may be shared with the rest of the program.
#pragma once

#include <cstdint>

namespace cairn::miner {
namespace {

alignas(64) inline constexpr std::uint32_t kSha256K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

inline constexpr std::uint32_t kSha256Iv[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                               0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

constexpr std::uint32_t rotr(std::uint32_t x, unsigned n) noexcept { return x >> n | x << (32 - n); }
constexpr std::uint32_t big_sigma0(std::uint32_t x) noexcept { return rotr(x, 2) ^ rotr(x, 13) ^ rotr(x, 22); }
constexpr std::uint32_t big_sigma1(std::uint32_t x) noexcept { return rotr(x, 6) ^ rotr(x, 11) ^ rotr(x, 25); }
constexpr std::uint32_t small_sigma0(std::uint32_t x) noexcept { return rotr(x, 7) ^ rotr(x, 18) ^ (x >> 3); }
constexpr std::uint32_t small_sigma1(std::uint32_t x) noexcept { return rotr(x, 17) ^ rotr(x, 19) ^ (x >> 10); }
constexpr std::uint32_t choose(std::uint32_t e, std::uint32_t f, std::uint32_t g) noexcept {
    return g ^ (e & (f ^ g));
}
constexpr std::uint32_t majority(std::uint32_t a, std::uint32_t b, std::uint32_t c) noexcept {
    return (a & b) | (c & (a | b));
}

/// One round on a state a..h with K+W.
constexpr void sha256_round(std::uint32_t (&s)[8], std::uint32_t kw) noexcept {
    const std::uint32_t t1 = s[7] + kw + big_sigma1(s[4]) + choose(s[4], s[5], s[6]);
    const std::uint32_t t2 = big_sigma0(s[0]) + majority(s[0], s[1], s[2]);
    s[7] = s[6];
    s[6] = s[5];
    s[5] = s[4];
    s[4] = s[3] + t1;
    s[3] = s[2];
    s[2] = s[1];
    s[1] = s[0];
    s[0] = t1 + t2;
}

/// Bits of the last word of a block: the lengths of an 80-byte header and of a 32-byte digest.
inline constexpr std::uint32_t kHeaderBits = 640;
inline constexpr std::uint32_t kDigestBits = 256;
inline constexpr std::uint32_t kPaddingWord = 0x80000000;

/// The message of hash 1's second block: words 0..2 belong to the job, word 3 is the nonce, the rest is padding. W16
/// and W17 do not see the nonce.
struct NonceMessage {
    static constexpr bool varies(unsigned t) noexcept { return t == 3 || t >= 18; }
    /// Whether part of W[t] does not vary and is not 0 for every job.
    static constexpr bool has_addend(unsigned t) noexcept { return t < 34 && t != 21 && !(t >= 25 && t <= 29); }
};

/// The message of hash 2: words 0..7 are the first digest, the rest is padding.
struct DigestMessage {
    static constexpr bool varies(unsigned t) noexcept { return t < 8 || t >= 16; }
    static constexpr bool has_addend(unsigned t) noexcept {
        return t == 17 || t == 22 || t == 23 || t == 24 || t == 30 || t == 31;
    }
};

/// For t = 16..33 the sum of those terms of W[t] that do not vary; words below 16 themselves.
struct Addends {
    std::uint32_t word[64] = {};
};
template <class Message>
constexpr Addends addends_of(const std::uint32_t (&message)[16]) noexcept {
    Addends a;
    for (unsigned t = 0; t < 16; ++t) a.word[t] = Message::varies(t) ? 0 : message[t];
    for (unsigned t = 16; t < 34; ++t) {
        if (!Message::varies(t - 2)) a.word[t] += small_sigma1(a.word[t - 2]);
        if (!Message::varies(t - 7)) a.word[t] += a.word[t - 7];
        if (!Message::varies(t - 15)) a.word[t] += small_sigma0(a.word[t - 15]);
        if (!Message::varies(t - 16)) a.word[t] += a.word[t - 16];
    }
    return a;
}

/// Words 8..15 of hash 2's message.
inline constexpr std::uint32_t kDigestPadding[8] = {kPaddingWord, 0, 0, 0, 0, 0, 0, kDigestBits};

inline constexpr Addends kDigestAddends =
    addends_of<DigestMessage>({0, 0, 0, 0, 0, 0, 0, 0, kPaddingWord, 0, 0, 0, 0, 0, 0, kDigestBits});

/// What hash 2's rounds add: K, with the message word where it is constant, and in rounds 1..3 with the h of the
/// initial state, which those rounds consume.
struct RoundConstants {
    std::uint32_t word[64] = {};
    std::uint32_t first_a = 0;  ///< round 0 leaves a = this + W0
    std::uint32_t first_e = 0;  ///< and e = this + W0
};
constexpr RoundConstants digest_rounds() noexcept {
    RoundConstants r;
    for (unsigned t = 0; t < 64; ++t)
        r.word[t] = kSha256K[t] + (t < 16 && !DigestMessage::varies(t) ? kDigestAddends.word[t] : 0);
    for (unsigned t = 1; t < 4; ++t) r.word[t] += kSha256Iv[7 - t];
    std::uint32_t s[8] = {};
    for (unsigned i = 0; i < 8; ++i) s[i] = kSha256Iv[i];
    sha256_round(s, kSha256K[0]);
    r.first_a = s[0];
    r.first_e = s[4];
    return r;
}
inline constexpr RoundConstants kDigestRounds = digest_rounds();

}  // namespace
}  // namespace cairn::miner
