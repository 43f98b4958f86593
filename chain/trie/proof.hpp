// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "chain/trie/nibbles.hpp"
#include "chain/trie/node_store.hpp"
#include "chain/trie/secure_key.hpp"
#include "core/base/bytes.hpp"
#include "core/base/expected.hpp"
#include "core/math/uint256.hpp"
#include "core/types/account.hpp"
#include "core/types/ids.hpp"

namespace cairn::chain {

/// The nodes from the root towards one key, each by its RLP, first the root: what eth_getProof
/// returns (EIP-1186). Nodes that stand inside their parent are not listed again. An empty trie
/// gives an empty proof.
using Proof = std::vector<Bytes>;

/// Most nodes that a proof can need: one per nibble, an extension before each branch, and a leaf.
inline constexpr std::size_t kProofNodesMax = 2 * kNibblesMax + 1;

/// Proof that `key` has its value, or none, in the trie of `owner`: reads the rows on its path.
/// @return MissingNode or MalformedNode where the store does not hold a trie on this path
/// @throws SystemError from the store
[[nodiscard]] Result<Proof, TrieError> make_proof(const NodeStore& store, const TrieOwner& owner,
                                                  const Nibbles& key);

/// Why a proof proves nothing.
enum class ProofError {
    RootMismatch,   ///< the first node does not hash to the root, or there is none and the root is
                    ///< not the empty one
    NodeMismatch,   ///< a node does not hash to what its parent says
    MissingNode,    ///< the proof ends before the key's place in the trie is reached
    ExtraNode,      ///< nodes follow after the key's place was reached
    MalformedNode,  ///< not the RLP of a branch, an extension or a leaf; or a path longer than a
                    ///< key
    BadValue,       ///< the value is proven, but is no account or no slot value
};

/// Checks a proof against a root. Reads each node once; any input is safe. Pure; any thread.
/// @return the value at `key`, a view into `proof`; nothing if the proof shows that the key is
/// absent
[[nodiscard]] Result<std::optional<ByteView>, ProofError> verify_proof(
    const Hash256& root, const Nibbles& key, std::span<const Bytes> proof);

/// Checks an account's proof (EIP-1186, `accountProof`) against a state root.
/// @return the account; nothing if it does not exist
[[nodiscard]] Result<std::optional<Account>, ProofError> verify_account_proof(
    const Hash256& state_root, const Address& address, std::span<const Bytes> proof);

/// Checks a slot's proof (EIP-1186, `storageProof[].proof`) against a storage root.
/// @return the value, zero if the slot is absent
[[nodiscard]] Result<Uint256, ProofError> verify_storage_proof(const Hash256& storage_root,
                                                               const Uint256& slot,
                                                               std::span<const Bytes> proof);

}  // namespace cairn::chain
