// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"

/// Operations of EIP-2537 on the curve BLS12-381, on blst.
///
/// Encodings, all big-endian: a field element is 64 bytes, the upper 16 zero and the value below the modulus p; an
/// element of Fp2 is c0 ‖ c1; a point is x ‖ y, all zero bytes for infinity; a scalar is any 32 bytes.
/// Every function is pure and may run on any thread.
namespace cairn::bls12_381 {

inline constexpr std::size_t kFpBytes = 64;
inline constexpr std::size_t kFp2Bytes = 128;
inline constexpr std::size_t kG1Bytes = 128;
inline constexpr std::size_t kG2Bytes = 256;
inline constexpr std::size_t kScalarBytes = 32;
/// A term of a sum over G1: point ‖ scalar.
inline constexpr std::size_t kG1TermBytes = kG1Bytes + kScalarBytes;
/// A term of a sum over G2: point ‖ scalar.
inline constexpr std::size_t kG2TermBytes = kG2Bytes + kScalarBytes;
/// A pair of the pairing check: G1 point ‖ G2 point.
inline constexpr std::size_t kPairBytes = kG1Bytes + kG2Bytes;

/// Why an input is refused (EIP-2537, "Error cases"). Elements are read in their order; the first failure counts.
enum class Error : std::uint8_t {
    InputLength,    ///< not the operation's length, or no positive multiple of its item's length
    FieldTopBytes,  ///< one of the upper 16 bytes of a field element is not zero
    FieldElement,   ///< a field element is not below the modulus
    NotOnCurve,     ///< coordinates are neither on the curve nor the infinity point
    G1Subgroup,     ///< a point of the curve over Fp is outside the subgroup of order q
    G2Subgroup,     ///< a point of the curve over Fp2 is outside the subgroup of order q
};

using G1Encoding = std::array<std::uint8_t, kG1Bytes>;
using G2Encoding = std::array<std::uint8_t, kG2Bytes>;

/// Sum of two points of the curve over Fp. Input 256 bytes. No subgroup check, as the EIP says.
/// Errors: InputLength, FieldTopBytes, FieldElement, NotOnCurve.
[[nodiscard]] Result<G1Encoding, Error> g1_add(ByteView input);

/// Sum of two points of the curve over Fp2. Input 512 bytes. No subgroup check, as the EIP says.
/// Errors: InputLength, FieldTopBytes, FieldElement, NotOnCurve.
[[nodiscard]] Result<G2Encoding, Error> g2_add(ByteView input);

/// Sum of scalar · point over terms of G1. Input a positive multiple of kG1TermBytes.
/// Errors: InputLength, FieldTopBytes, FieldElement, NotOnCurve, G1Subgroup.
[[nodiscard]] Result<G1Encoding, Error> g1_msm(ByteView input);

/// Sum of scalar · point over terms of G2. Input a positive multiple of kG2TermBytes.
/// Errors: InputLength, FieldTopBytes, FieldElement, NotOnCurve, G2Subgroup.
[[nodiscard]] Result<G2Encoding, Error> g2_msm(ByteView input);

/// Whether the product of e(P, Q) over all pairs is one. Input a positive multiple of kPairBytes.
/// Errors: all.
[[nodiscard]] Result<bool, Error> pairing_check(ByteView input);

/// Maps a field element to G1 (RFC 9380, simplified SWU, isogeny and cofactor clearing). Input 64 bytes.
/// Errors: InputLength, FieldTopBytes, FieldElement.
[[nodiscard]] Result<G1Encoding, Error> map_fp_to_g1(ByteView input);

/// Maps an element of Fp2 to G2 (RFC 9380). Input 128 bytes.
/// Errors: InputLength, FieldTopBytes, FieldElement.
[[nodiscard]] Result<G2Encoding, Error> map_fp2_to_g2(ByteView input);

}  // namespace cairn::bls12_381
