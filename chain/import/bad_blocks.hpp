// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>

#include "chain/rules/block_error.hpp"
#include "chain/store/block_store.hpp"
#include "chain/store/read_view.hpp"
#include "chain/store/store_writer.hpp"
#include "core/base/lru_map.hpp"

namespace cairn::chain {

/// Headers without work that are remembered as invalid: as many as cost little, since making one
/// costs nothing.
inline constexpr std::size_t kUnsealedBadBlocksMax = 4096;

/// Blocks known to break the rules. Those whose seal held are in the store for good: each cost its
/// maker a block's work. The others are in memory, the latest kUnsealedBadBlocksMax of them.
/// Writer's thread only.
class BadBlocks {
public:
    /// Why the block is invalid, if it is known to be.
    [[nodiscard]] std::optional<BadBlock> find(const ChainReader& reader, const BlockHash& hash);
    /// Remembers for good.
    void put(StoreWriter& writer, const BlockHash& hash, const BadBlock& bad);
    /// Remembers for a while.
    void put_unsealed(const BlockHash& hash, const BadBlock& bad);
    /// Forgets one.
    void erase(StoreWriter& writer, const BlockHash& hash);
    /// Forgets what is in memory.
    void clear_unsealed() noexcept { unsealed_.clear(); }

private:
    LruMap<BlockHash, BadBlock> unsealed_{kUnsealedBadBlocksMax};
};

/// The row of a fault: its error's number and its text.
[[nodiscard]] BadBlock make_bad_block(BlockNumber number, const BlockFault& fault);
/// The fault of a row, as far as the row tells: the error, without place and reason.
[[nodiscard]] BlockFault fault_of(const BadBlock& bad) noexcept;

}  // namespace cairn::chain
