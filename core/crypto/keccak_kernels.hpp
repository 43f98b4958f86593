// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

/// The permutation Keccak-f[1600] in one version per instruction set. Inside the room only: others include keccak.hpp.
/// This header is read by files compiled for a narrower set of processors than the rest, so it defines no inline
/// function: the linker might keep the copy that only those processors can run.
namespace cairn::keccak_kernels {

/// Permutes 25 lanes in place; lane x + 5y of the specification, as a little-endian number (FIPS 202, section 3).
using Permute = void (*)(std::uint64_t* state) noexcept;

/// Any processor.
void permute_portable(std::uint64_t* state) noexcept;

#if defined(__x86_64__)
/// Needs BMI1 and BMI2 (and-not, rotation into another register).
void permute_bmi(std::uint64_t* state) noexcept;
/// Permutes four or eight states at once, interleaved: lane i of state j stands at width * i + j. Need AVX-512F and VL.
void permute_x4_avx512(std::uint64_t* states) noexcept;
void permute_x8_avx512(std::uint64_t* states) noexcept;
#endif

}  // namespace cairn::keccak_kernels
