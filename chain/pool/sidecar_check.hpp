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
    UnknownVersion,  ///< proofs in a form that no EIP knows: neither version 0 nor 1
    Mismatch,        ///< counts differ, or a commitment does not hash to its versioned hash
    ProofInvalid,    ///< a blob has an element outside the field, or a proof does not hold
};

/// Checks the hashes, then by the sidecar's version one proof for each blob (EIP-4844; consensus
/// specs, deneb, polynomial-commitments, verify_blob_kzg_proof), about a millisecond a blob, or one
/// for each cell of each (EIP-7594, kzg::verify_cell_proofs), some 15. Which version a transaction
/// must have is admission's business. Pure; any thread.
[[nodiscard]] SidecarVerdict verify_sidecar(std::span<const Hash256> blob_hashes,
                                            const BlobSidecar& sidecar);

}  // namespace cairn::chain
