// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/types/transaction.hpp"
#include "core/types/transaction_rlp.hpp"
#include "core/types/units.hpp"

namespace cairn::chain {

/// Where a transaction came from.
enum class Origin : std::uint8_t {
    Local,  ///< this node's own users: exempt from price floor, expiry and eviction, journalled
    Peer,   ///< the network
};

/// A transaction on its way into the pool.
struct NewTx {
    RecoveredTx tx;
    /// Set exactly for blob transactions.
    std::shared_ptr<const BlobSidecar> sidecar{};
};

/// Bytes of pool memory that one slot stands for; limits count slots, so that large transactions
/// take more of them (geth: txSlotSize).
inline constexpr std::size_t kTxSlotBytes = 32 * 1024;
/// A transaction above this, without its sidecar, is refused (geth: txMaxSize, four slots).
inline constexpr std::size_t kTxBytesMax = 4 * kTxSlotBytes;

/// A transaction that the pool has taken, with what was computed about it on the way in. Immutable;
/// shared by the pool and whoever looks at it. Any thread.
struct PoolTx {
    RecoveredTx tx;
    std::shared_ptr<const BlobSidecar> sidecar;
    /// Accounts whose delegation it would set (EIP-7702), as their signatures name them.
    std::vector<Address> authorities;
    /// Most that it may cost its sender: value, gas and blob gas at their caps. Wei.
    Wei cost;
    /// Bytes of its network form, sidecar included (eth/68 announces this).
    std::size_t size = 0;
    Origin origin = Origin::Peer;
    UnixSeconds added_at = 0;
    /// Order of arrival; smaller came first. Each once in the life of a pool.
    std::uint64_t sequence = 0;

    [[nodiscard]] const Transaction* operator->() const noexcept { return &tx.tx(); }
    [[nodiscard]] const TxHash& hash() const noexcept { return tx.hash(); }
    [[nodiscard]] const Address& sender() const noexcept { return tx.sender(); }
    [[nodiscard]] std::uint64_t nonce() const noexcept { return tx->nonce; }
    [[nodiscard]] bool is_local() const noexcept { return origin == Origin::Local; }
    /// Slots that it takes: its size in units of kTxSlotBytes, rounded up.
    [[nodiscard]] std::size_t slots() const noexcept {
        return (size + kTxSlotBytes - 1) / kTxSlotBytes;
    }
    /// As pools exchange it.
    [[nodiscard]] PooledTx pooled() const { return {tx.signed_tx(), sidecar}; }
};
using PoolTxPtr = std::shared_ptr<const PoolTx>;

}  // namespace cairn::chain
