// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>

#include "core/types/mining_job.hpp"

namespace cairn::miner {

struct Kernel;

/// What is searched: a work header whose nonce, and the version bits in `version_mask`, are free.
struct Job {
    WorkHeader header{};             ///< nonce and rolled version bits are ignored
    Target target;                   ///< a hash wins when, read little-endian, it is ≤ this
    std::uint32_t version_mask = 0;  ///< version bits that may roll (BIP 320: kWorkVersionMask); 0: none
};

/// Number of versions that a job may take: 2^(bits in its mask). Pure; any thread.
[[nodiscard]] std::uint64_t variant_count_of(const Job& job) noexcept;

/// The version of variant number `variant` < variant_count_of(job): the job's version outside the mask, inside it the
/// bits of `variant` from the lowest up. One-to-one. Pure; any thread.
[[nodiscard]] std::uint32_t version_of(const Job& job, std::uint32_t variant) noexcept;

/// A rectangle of work: all of these variants with all of these nonces.
struct ScanRange {
    std::uint32_t first_variant = 0;
    std::uint64_t variant_count = 1;  ///< first + count ≤ variant_count_of(job)
    std::uint32_t first_nonce = 0;
    std::uint64_t nonce_count = std::uint64_t{1} << 32;  ///< first + count ≤ 2^32
};

/// A solution: the version and nonce that a winning header has.
struct Hit {
    std::uint32_t version = 0;
    std::uint32_t nonce = 0;

    friend bool operator==(const Hit&, const Hit&) noexcept = default;
};

/// Where hits go, in no particular order, each once. `take` returns whether the search shall go on.
struct HitSink {
    bool (*take)(void* context, const Hit& hit) noexcept = nullptr;  ///< not null
    void* context = nullptr;
};

/// Searches a range with one kernel: every winning header in it goes to the sink.
///
/// A job is widest open with at least 64 variants: lanes then share the first hash's message schedule. Fewer, and
/// what is left over when the variants are divided by the kernel's lanes, go the slower way of one version at a time.
///
/// @param kernel  one that this processor can run (dispatch.hpp)
/// @param range   within the job's limits (asserted)
/// @param stop    looked at about every 1,000 hashes; true ends the search early
/// @return        hashes done: the whole range's number unless stopped early by `stop` or the sink
/// No allocation. Any thread; calls share nothing.
[[nodiscard]] std::uint64_t scan(const Kernel& kernel, const Job& job, const ScanRange& range, const HitSink& sink,
                                 const std::atomic<bool>& stop) noexcept;

}  // namespace cairn::miner
