// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"
#include "core/types/decode_error.hpp"
#include "core/types/transaction.hpp"

namespace cairn {

/// One transaction in canonical EIP-2718 form (SignedTx::bytes) and nothing after it. Strict: what
/// decodes encodes to the same bytes. A blob transaction's network wrapper is refused here; see
/// decode_pooled_tx.
[[nodiscard]] Result<SignedTx, DecodeError> decode_tx(ByteView bytes);

/// A transaction as an element of a block body or a devp2p message: a legacy one is the list
/// itself, a typed one an RLP string around its canonical form. `item` is exactly that element, its
/// own prefix included.
[[nodiscard]] Result<SignedTx, DecodeError> decode_tx_item(ByteView item);

/// Appends the transaction as such an element.
void append_tx_item(Bytes& out, const SignedTx& tx);

/// Length of what append_tx_item appends, in bytes.
[[nodiscard]] std::size_t tx_item_size(const SignedTx& tx) noexcept;

/// Canonical EIP-2718 form of fields and signature; SignedTx keeps it.
[[nodiscard]] Bytes encode_tx(const Transaction& tx, const TxSignature& signature);

/// A KZG commitment or proof: a compressed BLS12-381 G1 point (EIP-4844).
using KzgBytes = FixedBytes<48, struct KzgBytesTag>;

/// Bytes of one blob: 4096 field elements of 32 bytes (EIP-4844).
inline constexpr std::size_t kBlobBytes = 131072;
/// Cell proofs for each blob in a wrapper of version 1 (EIP-7594, CELLS_PER_EXT_BLOB).
inline constexpr std::size_t kCellProofsPerBlob = 128;
/// Blobs that a decoder takes in one wrapper: above every schedule's maximum per block (EIP-7691
/// gives 9, the blob-parameter forks after it 21), small enough to bound a message.
inline constexpr std::size_t kSidecarBlobsMax = 64;

/// What travels beside a blob transaction in pool and network and is in no block.
struct BlobSidecar {
    /// 0: one proof for each blob (EIP-4844). 1: kCellProofsPerBlob proofs for each blob
    /// (EIP-7594).
    std::uint8_t version = 0;
    std::vector<Bytes> blobs;  ///< kBlobBytes each
    std::vector<KzgBytes> commitments;
    std::vector<KzgBytes> proofs;
    friend bool operator==(const BlobSidecar&, const BlobSidecar&) noexcept = default;
};

/// A transaction as pools exchange it.
struct PooledTx {
    SignedTx tx;
    /// Set exactly for blob transactions. Counts agree with the transaction's blob hashes; that the
    /// commitments hash to them and the proofs hold is the pool's to check.
    std::shared_ptr<const BlobSidecar> sidecar;
};

/// A transaction in its network form (eth_sendRawTransaction, PooledTransactions): blob
/// transactions must come as 0x03 ‖ rlp([tx, blobs, commitments, proofs]) (EIP-4844) or 0x03 ‖
/// rlp([tx, 1, blobs, commitments, cell_proofs]) (EIP-7594); the others as in decode_tx.
[[nodiscard]] Result<PooledTx, DecodeError> decode_pooled_tx(ByteView bytes);

/// The network form.
[[nodiscard]] Bytes encode_pooled_tx(const PooledTx& tx);

}  // namespace cairn
