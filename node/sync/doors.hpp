// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/types/block.hpp"
#include "core/types/receipt.hpp"
#include "node/sync/sync_types.hpp"

namespace cairn::node {

/// The chain as it was at one moment. Made for one event and gone after it. One thread.
class ChainSnapshot {
public:
    ChainSnapshot() = default;
    ChainSnapshot(const ChainSnapshot&) = delete;
    ChainSnapshot& operator=(const ChainSnapshot&) = delete;
    virtual ~ChainSnapshot() = default;

    /// The head of the canonical chain.
    [[nodiscard]] virtual CheckedHeader head() const = 0;
    /// Of a canonical block; nothing above the head.
    [[nodiscard]] virtual std::optional<BlockHash> canonical_hash(BlockNumber number) const = 0;
    /// Of any stored block, and whether it is stored.
    [[nodiscard]] virtual std::optional<TotalDifficulty> total_difficulty(
        const BlockHash& hash) const = 0;
    [[nodiscard]] virtual std::optional<HashedHeader> header(const BlockHash& hash) const = 0;
    [[nodiscard]] virtual std::optional<BlockBody> body(const BlockHash& hash) const = 0;
    /// Of an executed block.
    [[nodiscard]] virtual std::optional<std::vector<Receipt>> receipts(
        const BlockHash& hash) const = 0;
    /// Whether the block is known to be invalid.
    [[nodiscard]] virtual bool is_bad(const BlockHash& hash) const = 0;

    [[nodiscard]] bool has(const BlockHash& hash) const {
        return total_difficulty(hash).has_value();
    }
};

/// Door to the ledger; ChainManager behind it in the node (store_chain.hpp).
class ChainDoor {
public:
    ChainDoor() = default;
    ChainDoor(const ChainDoor&) = delete;
    ChainDoor& operator=(const ChainDoor&) = delete;
    virtual ~ChainDoor() = default;
    [[nodiscard]] virtual std::unique_ptr<ChainSnapshot> snapshot() const = 0;
};

/// Door to the pool; TxPool behind it in the node. Any thread.
class PoolDoor {
public:
    PoolDoor() = default;
    PoolDoor(const PoolDoor&) = delete;
    PoolDoor& operator=(const PoolDoor&) = delete;
    virtual ~PoolDoor() = default;
    [[nodiscard]] virtual bool contains(const TxHash& hash) const = 0;
    [[nodiscard]] virtual std::optional<PooledTx> find(const TxHash& hash) const = 0;
    /// Executable transactions, at most `count_max`.
    [[nodiscard]] virtual std::vector<TxAnnouncement> announcements(
        std::size_t count_max) const = 0;
};

}  // namespace cairn::node
