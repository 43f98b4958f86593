// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "core/crypto/kzg.hpp"

namespace cairn::kzg {

/// Bytes of a blob: kElementsPerBlob scalars of 32 bytes, big-endian (EIP-4844).
inline constexpr std::size_t kElementsPerBlob = 4096;
inline constexpr std::size_t kBytesPerBlob = 32 * kElementsPerBlob;
/// Cells of an extended blob, one proof for each (EIP-7594, CELLS_PER_EXT_BLOB).
inline constexpr std::size_t kCellsPerBlob = 128;

/// Checks the proofs of all cells of a blob (EIP-7594; consensus specs, fulu/polynomial-commitments-
/// sampling, verify_cell_kzg_proof_batch with the cells that compute_cells makes of the blob), under
/// the mainnet ceremony's setup. Some 15 ms. Pure; any thread.
///
/// @param blob    kBytesPerBlob bytes (asserted)
/// @param proofs  of cell 0, 1, …, 127
/// Errors: all. ScalarRange is an element of the blob at or above the group order.
[[nodiscard]] Result<void, Error> verify_cell_proofs(ByteView blob, const Commitment& commitment,
                                                     std::span<const Proof, kCellsPerBlob> proofs);

}  // namespace cairn::kzg
