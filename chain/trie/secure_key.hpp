// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "chain/trie/nibbles.hpp"
#include "chain/trie/node_store.hpp"
#include "core/math/uint256.hpp"
#include "core/types/ids.hpp"

namespace cairn::chain {

/// Keccak-256 of an address or a slot number, and which one of the input it is.
struct HashedKey {
    Hash256 hash;
    std::size_t index = 0;
};

/// The hashed keys of the account trie, sorted. `address(i)` for i in [0, count).
[[nodiscard]] std::vector<HashedKey> hash_addresses(
    std::size_t count, const std::function<const Address&(std::size_t)>& address,
    const ParallelFor& parallel = {});

/// The hashed keys of a storage trie, sorted; each slot number is hashed as 32 big-endian bytes.
[[nodiscard]] std::vector<HashedKey> hash_slots(std::span<const Uint256> slots,
                                                const ParallelFor& parallel = {});

/// The account trie's key of an address: the nibbles of its Keccak-256 (the "secure" trie).
[[nodiscard]] Nibbles account_key(const Address& address) noexcept;
/// A storage trie's key of a slot: the nibbles of Keccak-256 of its 32 big-endian bytes.
[[nodiscard]] Nibbles storage_key(const Uint256& slot) noexcept;

}  // namespace cairn::chain
