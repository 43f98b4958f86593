// SPDX-License-Identifier: MIT
#include "chain/store/tx_index.hpp"

#include <algorithm>
#include <utility>

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

void put_tx_index(Txn& txn, BlockNumber number, const std::vector<SignedTx>& transactions) {
    // In order of hash, so that neighbours go to the page at hand.
    std::vector<std::pair<TxHash, std::uint32_t>> order;
    order.reserve(transactions.size());
    for (const auto& tx : transactions)
        order.emplace_back(tx.hash(), static_cast<std::uint32_t>(order.size()));
    std::sort(order.begin(), order.end());
    Cursor cursor{txn, Table::TxIndex};
    for (const auto& [hash, position] : order) {
        std::array<std::uint8_t, kLocationBytes> value;
        store_be64(value.data(), number);
        store_be32(value.data() + 8, position);
        cursor.put(hash, value);
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
