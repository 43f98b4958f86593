// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "chain/store/lmdb.hpp"
#include "chain/store/row_buffer.hpp"
#include "core/types/transaction.hpp"
#include "core/types/units.hpp"

namespace cairn::chain {

/// Where a canonical transaction stands.
struct TxLocation {
    BlockNumber number = 0;
    std::uint32_t position = 0;  ///< in the block, from 0
    friend bool operator==(const TxLocation&, const TxLocation&) noexcept = default;
};

/// Where the canonical chain has the transaction.
[[nodiscard]] std::optional<TxLocation> find_tx(const Txn& txn, const TxHash& hash);

/// Adds the entries of a block that becomes canonical.
void put_tx_index(RowBuffer& rows, BlockNumber number, const std::vector<SignedTx>& transactions);
/// Deletes the transactions of a block that is canonical no more.
/// @throws StoreError Corrupt where one is not entered for this block
void erase_tx_index(Txn& txn, BlockNumber number, const std::vector<SignedTx>& transactions);

}  // namespace cairn::chain
