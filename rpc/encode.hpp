// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "chain/spec/rule_set.hpp"
#include "core/types/block.hpp"
#include "core/types/receipt.hpp"
#include "rpc/json_writer.hpp"

namespace cairn::rpc {

// Blocks, transactions, receipts and logs as the Ethereum execution API has them
// (https://ethereum.github.io/execution-apis), written straight into the answer.

/// Where a transaction stands; absent for one that is in no block.
struct TxPlace {
    BlockHash block_hash;
    BlockNumber block_number = 0;
    UnixSeconds block_timestamp = 0;
    std::size_t index = 0;
    std::optional<Wei> base_fee{};  ///< of the block
};

/// An object with all fields of the type; with no place, those of the place are null and gasPrice
/// is the fee cap.
void write_tx(JsonWriter& out, const SignedTx& tx, const Address& sender,
              const std::optional<TxPlace>& place);

/// A transaction that nobody has signed: its type's fields, zeros for the signature, nothing of a
/// block or a sender. `hash` is that of its bytes with that signature. geth's eth_fillTransaction has
/// null for the prices of other types besides, which the execution API's schema does not take.
void write_unsigned_tx(JsonWriter& out, const Transaction& tx, const TxHash& hash);

/// Where a piece stands in a text: bytes [begin, end).
struct TextSlice {
    std::size_t begin = 0;
    std::size_t end = 0;
    [[nodiscard]] std::string_view of(std::string_view text) const {
        return text.substr(begin, end - begin);
    }
};

/// Where the parts of an array of receipts stand in the writer's buffer.
struct ReceiptMarks {
    std::vector<TextSlice> receipts;
    std::vector<TextSlice> logs;  ///< of all receipts, in order
};

/// Whole transactions, or their hashes.
enum class TxDetail : bool { Hashes, Full };

/// What a header's fields alone say.
void write_header_fields(JsonWriter& out, const HashedHeader& header);
/// A block object. Of a pending one hash, nonce and miner are null.
/// @param marks  where given, takes the places of the transactions in the buffer
void write_block(JsonWriter& out, const Block& block, std::span<const Address> senders,
                 TxDetail detail, bool is_pending, std::vector<TextSlice>* marks = nullptr);
/// The same without the brackets, for objects with more in them.
void write_block_fields(JsonWriter& out, const Block& block, std::span<const Address> senders,
                        TxDetail detail, bool is_pending,
                        std::vector<TextSlice>* marks = nullptr);
/// A header as an object of its own: an ommer, a `newHeads` notification.
void write_ommer(JsonWriter& out, const HashedHeader& header);
void write_header(JsonWriter& out, const HashedHeader& header);

/// What a receipt does not hold of its transaction and block.
struct ReceiptPlace {
    const SignedTx& tx;
    const Address& sender;
    TxPlace place;
    Gas gas_used = 0;                 ///< by this transaction
    std::size_t first_log = 0;        ///< index in the block of its first log
    std::optional<Wei> blob_price{};  ///< wei per unit of blob gas, for blob transactions
};
/// @param marks  where given, takes the places of the logs in the buffer
void write_receipt(JsonWriter& out, const Receipt& receipt, const ReceiptPlace& place,
                   ReceiptMarks* marks = nullptr);

/// All receipts of a block, as an array.
/// @param marks  where given, takes the places of the parts in the buffer
void write_receipts(JsonWriter& out, const Block& block, std::span<const Address> senders,
                    std::span<const Receipt> receipts, const chain::RuleSet& rules,
                    ReceiptMarks* marks = nullptr);
/// One of them; `index` is within bounds (asserted).
void write_receipt_at(JsonWriter& out, const Block& block, std::span<const Address> senders,
                      std::span<const Receipt> receipts, const chain::RuleSet& rules,
                      std::size_t index);

/// Withdrawals of a block (EIP-4895) as an array.
void write_withdrawals(JsonWriter& out, std::span<const Withdrawal> withdrawals);

/// Where a log stands.
struct LogPlace {
    BlockHash block_hash;
    BlockNumber block_number = 0;
    UnixSeconds block_timestamp = 0;
    TxHash tx_hash;
    std::size_t tx_index = 0;
    std::size_t log_index = 0;  ///< in the block
    bool is_removed = false;    ///< its block is no longer canonical
};
void write_log(JsonWriter& out, const Log& log, const LogPlace& place);

/// An access list as an array.
void write_access_list(JsonWriter& out, const AccessList& list);

/// What a transaction pays per gas in a block with this base fee; without one, its fee cap.
[[nodiscard]] Wei price_paid(const Transaction& tx, const std::optional<Wei>& base_fee);

}  // namespace cairn::rpc
