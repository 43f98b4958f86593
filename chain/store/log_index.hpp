// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "chain/store/keys.hpp"
#include "chain/store/lmdb.hpp"
#include "chain/store/row_buffer.hpp"
#include "core/types/receipt.hpp"
#include "core/types/units.hpp"

namespace cairn::chain {

// Which canonical blocks may have logs of an address or with a topic. Rows are grouped by sections
// of 256 blocks, so that importing writes to one small region of the table however long the chain
// is; a search costs one look-up for each section and item. Addresses and topics are folded to
// eight bytes, so an answer may name a block too many, never one too few: the caller looks at the
// logs themselves.

/// Blocks of a section.
inline constexpr std::size_t kLogSectionBlocks = 256;

/// What to search for: one of the addresses and, at each position, one of the topics. An empty list
/// takes everything. Topics count without regard to their position.
struct LogQuery {
    std::vector<Address> addresses;
    std::vector<std::vector<Hash256>> topics;
};

/// Canonical blocks in [first, last] that may hold such logs, ascending; stops after `count_max`.
/// Without any condition that is every block up to `last`, which is not above the head.
[[nodiscard]] std::vector<BlockNumber> find_log_blocks(const Txn& txn, const LogQuery& query,
                                                       BlockNumber first, BlockNumber last,
                                                       std::size_t count_max);

/// Keys of the rows in log_index that name a block with these logs, ascending, each once.
[[nodiscard]] std::vector<RowKey<17>> log_index_keys(BlockNumber number,
                                                     std::span<const Receipt> receipts);

/// Adds the entries of the logs of a block that becomes canonical; it is above all that have some.
void put_log_index(RowBuffer& rows, BlockNumber number, std::span<const Receipt> receipts);
/// Deletes the logs of a block that is canonical no more; it is the highest that is entered.
/// @throws StoreError Corrupt where the index lacks it
void erase_log_index(Txn& txn, BlockNumber number, std::span<const Receipt> receipts);

}  // namespace cairn::chain
