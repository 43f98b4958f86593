// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"
#include "core/base/fixed_bytes.hpp"
#include "core/types/ids.hpp"

/// KZG commitments over BLS12-381 as EIP-4844 uses them: checking one opening. Any thread.
namespace cairn::kzg {

/// A commitment to a blob's polynomial: compressed G1 point.
using Commitment = FixedBytes<48, struct CommitmentTag>;
/// A proof of an opening: compressed G1 point.
using Proof = FixedBytes<48, struct ProofTag>;
/// An element of the scalar field, big-endian; canonical below the group order.
using Scalar = FixedBytes<32, struct ScalarTag>;

/// The claim that the polynomial behind `commitment` has the value `y` at `z`.
struct Opening {
    Commitment commitment;
    Scalar z;
    Scalar y;
    Proof proof;
};

/// Why an opening is refused.
enum class Error : std::uint8_t {
    ScalarRange,  ///< z or y is not below the group order
    PointFormat,  ///< commitment or proof is no compressed point of the subgroup G1
    Mismatch,     ///< the pairing equation does not hold
};

/// First byte of a versioned hash (EIP-4844, VERSIONED_HASH_VERSION_KZG).
inline constexpr std::uint8_t kVersionedHashVersion = 0x01;

/// sha256 of the commitment with the first byte replaced by kVersionedHashVersion (EIP-4844,
/// kzg_to_versioned_hash).
[[nodiscard]] Hash256 versioned_hash(const Commitment& commitment);

/// Checks e(C - [y]1, [1]2) = e(proof, [tau]2 - [z]2) (consensus specs, deneb/polynomial-commitments,
/// verify_kzg_proof_impl) under the mainnet ceremony's setup. Infinity is a valid commitment and proof.
/// Errors: all.
[[nodiscard]] Result<void, Error> verify_opening(const Opening& opening);

}  // namespace cairn::kzg
