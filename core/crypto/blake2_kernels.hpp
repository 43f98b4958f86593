// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

/// The rounds of BLAKE2b in one version per instruction set. Inside the room only: others include blake2.hpp. No inline
/// function stands here, because files compiled for different processors read it.
namespace cairn::blake2_kernels {

/// The message schedule sigma (RFC 7693, section 2.7).
extern const std::uint8_t kSchedule[10][16];

/// Mixes `rounds` times over the sixteen working words v in place, with the sixteen message words m (RFC 7693, section
/// 3.2, the loop of F).
using MixRounds = void (*)(std::uint32_t rounds, std::uint64_t* v, const std::uint64_t* m) noexcept;

/// Any processor.
void mix_rounds_portable(std::uint32_t rounds, std::uint64_t* v, const std::uint64_t* m) noexcept;

#if defined(__x86_64__)
/// Needs AVX-512F and VL.
void mix_rounds_avx512(std::uint32_t rounds, std::uint64_t* v, const std::uint64_t* m) noexcept;
#endif

}  // namespace cairn::blake2_kernels
