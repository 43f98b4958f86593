// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>

#include "core/types/ids.hpp"
#include "core/types/transaction_rlp.hpp"

namespace cairn::chain {

/// Whether blobs are what a transaction's versioned hashes commit to.
enum class SidecarVerdict : std::uint8_t {
    Valid,
    UnknownVersion,  ///< proofs in a form that is not checked here: anything but version 0
    Mismatch,        ///< counts differ, or a commitment does not hash to its versioned hash
    ProofInvalid,    ///< a blob has an element outside the field, or a proof does not hold
};

/// Checks the hashes, then one proof for each blob (EIP-4844; consensus specs, deneb,
/// polynomial-commitments, verify_blob_kzg_proof). About a millisecond a blob. Pure; any thread.
[[nodiscard]] SidecarVerdict verify_sidecar(std::span<const Hash256> blob_hashes,
                                            const BlobSidecar& sidecar);

}  // namespace cairn::chain
