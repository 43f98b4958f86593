// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/crypto/bn254.hpp"

/// The two compiled versions of the BN254 arithmetic; for bn254.cpp and tests.
namespace cairn::bn254 {

/// How reading points ended; the values after Ok mirror Error.
enum class Status : std::uint8_t { Ok, Coordinate, NotOnCurve, NotInSubgroup };

/// One version's entry points. Inputs have their full length; pure, any thread, no heap.
struct Kernels {
    /// Reads two points (128 bytes), writes their sum (64 bytes).
    Status (*add)(const std::uint8_t* in, std::uint8_t* out) noexcept;
    /// Reads point and scalar (96 bytes), writes the multiple (64 bytes).
    Status (*mul)(const std::uint8_t* in, std::uint8_t* out) noexcept;
    /// Reads `count` pairs, says whether the product of their pairings is one.
    Status (*pairing)(const std::uint8_t* in, std::size_t count, bool* is_one) noexcept;
};

/// Runs on every processor.
[[nodiscard]] const Kernels& portable_kernels() noexcept;

/// For x86-64 with BMI2 and ADX; null where the processor lacks them or is of another kind.
[[nodiscard]] const Kernels* adx_kernels() noexcept;

}  // namespace cairn::bn254
