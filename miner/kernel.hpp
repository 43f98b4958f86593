// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

namespace cairn::miner {

/// One piece of search that a kernel does at a time: 64 variants by 16 nonces, or 64 nonces of one version.
inline constexpr unsigned kChunkVariants = 64;
inline constexpr unsigned kChunkNonces = 16;
inline constexpr unsigned kSoloNonces = 64;

/// What depends on a version: the first block's midstate, and what the nonce does not reach of the second block's
/// first rounds. Eight words each unless said otherwise.
///
/// | words  | content |
/// |--------|---------|
/// |  0..7  | midstate, added at the end of hash 1 |
/// |  8..15 | state a..h after round 3, but a and e lack the nonce word, which is to be added to both |
/// | 16..18 | what rounds 4, 5, 6 add: K + W + h, where h is that state's h, g, f |
inline constexpr unsigned kPrefixMidstate = 0;
inline constexpr unsigned kPrefixState = 8;
inline constexpr unsigned kPrefixRounds = 16;
inline constexpr unsigned kPrefixWords = 19;

/// What all versions of a job share.
struct SharedWork {
    std::uint32_t addend[64] = {};     ///< for t = 16..33: the part of W[t] that the nonce does not reach
    std::uint32_t round[64] = {};      ///< for t = 0..17 except 3: K + W; from 18 on: K
    std::uint32_t message[16] = {};    ///< the second block, nonce 0
    std::uint32_t required_zeros = 0;  ///< bits that must be 0 in the last word of the digest
};

/// Up to 64 versions. The prefix of group g, word w, lane l is at (g * kPrefixWords + w) * lanes + l.
struct VersionWork {
    alignas(64) std::uint32_t prefix[kChunkVariants * kPrefixWords] = {};
    unsigned groups = 0;  ///< in use; groups * lanes ≤ kChunkVariants
    const SharedWork* shared = nullptr;
};

/// One version.
struct SoloWork {
    alignas(64) std::uint32_t prefix[kPrefixWords] = {};
    const SharedWork* shared = nullptr;
};

/// A way to search on one kind of processor. Both searches give candidates: all hashes whose required bits are 0, which
/// the caller checks in full.
struct Kernel {
    const char* name;
    unsigned lanes;                   ///< versions in a group of VersionWork; divides kChunkVariants
    bool (*is_supported)() noexcept;  ///< whether this processor has the instructions; any thread

    /// Bit v of candidates[i] tells of variant v with nonce_words[i] (64-byte aligned, each the nonce as it stands in
    /// the message: byte-swapped). Writes all kChunkNonces masks; true when one of them is not 0.
    bool (*search_versions)(const VersionWork& work, const std::uint32_t* nonce_words,
                            std::uint64_t* candidates) noexcept;

    /// Bit i of the mask tells of nonce_words[i], i < kSoloNonces.
    std::uint64_t (*search_solo)(const SoloWork& work, const std::uint32_t* nonce_words) noexcept;
};

extern const Kernel kKernelPortable;
#if defined(__x86_64__)
extern const Kernel kKernelSse41;
extern const Kernel kKernelAvx2;
extern const Kernel kKernelAvx512;
extern const Kernel kKernelShaNi;
#elif defined(__aarch64__)
extern const Kernel kKernelArmv8;
#endif

}  // namespace cairn::miner
