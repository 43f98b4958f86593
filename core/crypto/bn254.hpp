// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"

/// Operations of EIP-196 and EIP-197 on the curve alt_bn128 (BN254): y² = x³ + 3 over Fp and its twist over
/// Fp2 = Fp[i]/(i² + 1).
///
/// Encodings, all big-endian: a field element is 32 bytes, the value below the modulus p; an element a + b·i of Fp2 is
/// b ‖ a; a point is x ‖ y, all zero bytes for infinity; a scalar is any 32 bytes.
/// Every function is pure, allocates nothing and may run on any thread.
namespace cairn::bn254 {

inline constexpr std::size_t kFpBytes = 32;
inline constexpr std::size_t kScalarBytes = 32;
inline constexpr std::size_t kG1Bytes = 64;
inline constexpr std::size_t kG2Bytes = 128;
/// A pair of the pairing check: G1 point ‖ G2 point.
inline constexpr std::size_t kPairBytes = kG1Bytes + kG2Bytes;

/// Why an input is refused. Points are read in their order and the first failure counts, but that a point is outside
/// the subgroup may show only after those behind it were read.
enum class Error : std::uint8_t {
    InputLength,     ///< no multiple of kPairBytes (pairing only)
    Coordinate,      ///< a coordinate is not below the field modulus
    NotOnCurve,      ///< coordinates are neither on the curve nor the infinity point
    NotInSubgroup,   ///< a point of the twist is outside the subgroup of prime order
};

using G1Encoding = std::array<std::uint8_t, kG1Bytes>;

/// Sum of two points, `input` being both (EIP-196, ECADD). Shorter input is continued with zero bytes, longer input is
/// cut at 128 bytes, as the EIP says. Errors: Coordinate, NotOnCurve.
[[nodiscard]] Result<G1Encoding, Error> add(ByteView input);

/// Scalar multiple of a point, `input` being point ‖ scalar (EIP-196, ECMUL). Shorter input is continued with zero
/// bytes, longer input is cut at 96 bytes. Errors: Coordinate, NotOnCurve.
[[nodiscard]] Result<G1Encoding, Error> mul(ByteView input);

/// Whether the product of e(P, Q) over all pairs is one (EIP-197); true for no pairs. Errors: all.
[[nodiscard]] Result<bool, Error> pairing_check(ByteView input);

}  // namespace cairn::bn254
