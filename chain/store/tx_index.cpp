// SPDX-License-Identifier: MIT
#include "chain/store/tx_index.hpp"

#include <array>

#include "chain/store/keys.hpp"
#include "chain/store/store_error.hpp"

namespace cairn::chain {
namespace {

constexpr std::size_t kLocationBytes = 12;

[[nodiscard]] TxLocation decode_location(ByteView bytes) {
    if (bytes.size() != kLocationBytes) throw_malformed("a row of tx_index has not 12 bytes");
    return {load_be64(bytes.data()), load_be32(bytes.data() + 8)};
}

}  // namespace

std::optional<TxLocation> find_tx(const Txn& txn, const TxHash& hash) {
    const auto row = txn.find(Table::TxIndex, hash);
    if (!row) return std::nullopt;
    return decode_location(*row);
}

void put_tx_index(RowBuffer& rows, BlockNumber number,
                  const std::vector<SignedTx>& transactions) {
    std::uint32_t position = 0;
    for (const auto& tx : transactions) {
        std::array<std::uint8_t, kLocationBytes> value;
        store_be64(value.data(), number);
        store_be32(value.data() + 8, position++);
        rows.put(Table::TxIndex, tx.hash(), value);
    }
}

void erase_tx_index(Txn& txn, BlockNumber number, const std::vector<SignedTx>& transactions) {
    Cursor cursor{txn, Table::TxIndex};
    for (const auto& tx : transactions) {
        if (!cursor.find(tx.hash()) || decode_location(cursor.value()).number != number)
            throw StoreError{StoreFault::Corrupt, "tx_index lacks a canonical transaction"};
        cursor.erase();
    }
}

}  // namespace cairn::chain
