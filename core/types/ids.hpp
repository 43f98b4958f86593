// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/fixed_bytes.hpp"

namespace cairn {

/// A 32-byte hash (or 32 opaque bytes) without a narrower meaning: state roots, trie nodes, storage keys, topics.
using Hash256 = FixedBytes<32, struct Hash256Tag>;
/// Keccak-256 of an RLP-encoded header.
using BlockHash = FixedBytes<32, struct BlockHashTag>;
/// Keccak-256 of a transaction's network encoding (EIP-2718).
using TxHash = FixedBytes<32, struct TxHashTag>;
/// Keccak-256 of an account's code.
using CodeHash = FixedBytes<32, struct CodeHashTag>;
/// The rightmost 20 bytes of Keccak-256 of a public key, or of a creation preimage.
using Address = FixedBytes<20, struct AddressTag>;

}  // namespace cairn
