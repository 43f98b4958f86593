// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cairn::chain {

// The layout on disk. One LMDB environment, one named table for each enumerator below.
//
// Integers in keys are big-endian and of fixed width, so the order of keys is the order of numbers.
// Each value is followed by four bytes of checksum over table, key and value (row_checksum.hpp),
// which readers take off and verify; the columns below leave them out.
//
//   number   8 bytes          hash     32 bytes        ‖   joined
//   word     an integer below 2^256, big-endian without leading zeros; zero has no bytes
//   record   an account's nonce, balance and code hash (keys.hpp); no bytes where there is none
//
// What is *log* cannot be made again from other tables without executing blocks. What is *view*
// can: `rebuild` drops it and folds change_log from genesis, or reads the blocks again.

/// Version of everything in this file. It rises with every change that an older program would
/// misread; migrate.hpp holds the steps from one to the next.
inline constexpr std::uint32_t kSchemaVersion = 1;

/// The tables; the enumerator's value is part of the row checksum and does not change.
enum class Table : std::uint8_t {
    Meta,
    Headers,
    Bodies,
    Senders,
    Receipts,
    BlockIndex,
    Canonical,
    TxIndex,
    Accounts,
    Storage,
    Code,
    ChangeLog,
    AccountHistory,
    StorageHistory,
    AccountTrie,
    StorageTrie,
    LogIndex,
    BadBlocks,
};
inline constexpr std::size_t kTableCount = 18;

/// What a table is.
struct TableInfo {
    Table table;
    std::string_view name;     ///< in LMDB
    std::string_view key;      ///< layout of keys
    std::string_view value;    ///< layout of values
    std::string_view written;  ///< by which operation of StoreWriter
    bool is_view;              ///< can be made again from the others
};

inline constexpr std::array<TableInfo, kTableCount> kTables{{
    {Table::Meta, "meta", "name, see MetaKey", "see MetaKey", "apply, undo, prune_below", false},
    {Table::Headers, "headers", "number ‖ hash", "RLP of the header", "put_block, put_header",
     false},
    {Table::Bodies, "bodies", "number ‖ hash", "RLP [transactions, ommers, withdrawals?]",
     "put_block", false},
    {Table::Senders, "senders", "number ‖ hash", "20 bytes a transaction, in order", "put_block",
     true},
    {Table::Receipts, "receipts", "number ‖ hash", "RLP list without blooms (stored_receipts.hpp)",
     "apply", false},
    {Table::BlockIndex, "block_index", "hash", "number ‖ total difficulty (32 bytes)",
     "put_block, put_header", true},
    {Table::Canonical, "canonical", "number", "hash", "apply; undo deletes", true},
    {Table::TxIndex, "tx_index", "transaction hash", "number ‖ position in the block (4 bytes)",
     "apply; undo deletes", true},
    {Table::Accounts, "accounts", "address", "record at the head", "apply, undo", true},
    {Table::Storage, "storage", "address ‖ slot (32 bytes)", "word at the head; not zero",
     "apply, undo", true},
    {Table::Code, "code", "code hash", "code", "apply; never deleted", false},
    {Table::ChangeLog, "change_log", "number",
     "what the canonical block changed: sorted {key, before, after} (history.hpp)",
     "apply; undo and prune_below delete", false},
    {Table::AccountHistory, "account_history", "address ‖ number", "record before that block",
     "apply; undo and prune_below delete", true},
    {Table::StorageHistory, "storage_history", "address ‖ slot ‖ number", "word before that block",
     "apply; undo and prune_below delete", true},
    {Table::AccountTrie, "account_trie", "byte 0 ‖ path, one nibble a byte", "RLP of the node",
     "apply, undo", true},
    {Table::StorageTrie, "storage_trie", "Keccak-256 of the address ‖ path, one nibble a byte",
     "RLP of the node", "apply, undo", true},
    {Table::LogIndex, "log_index",
     "section (number / 256, 8 bytes) ‖ kind ‖ fold of the address or topic (log_index.hpp)",
     "low byte of each canonical number in the section that has it, ascending", "apply, undo",
     true},
    {Table::BadBlocks, "bad_blocks", "hash", "number ‖ code (2 bytes) ‖ reason (text)",
     "put_bad_block", false},
}};

/// Keys of the meta table.
namespace MetaKey {
inline constexpr std::string_view kSchema = "schema";    ///< kSchemaVersion, 4 bytes
inline constexpr std::string_view kGenesis = "genesis";  ///< hash of block 0
inline constexpr std::string_view kHead = "head";        ///< number ‖ hash: state is as after it
inline constexpr std::string_view kHorizon = "horizon";  ///< number of the oldest state kept
inline constexpr std::string_view kSafe = "safe";        ///< number ‖ hash
inline constexpr std::string_view kFinalized = "finalized";  ///< number ‖ hash
/// Followed by a number, 8 bytes: state root after that block where amend_head changed it.
inline constexpr std::string_view kAmendedRoot = "amended";
}  // namespace MetaKey

/// The row of a table.
[[nodiscard]] constexpr const TableInfo& info_of(Table table) noexcept {
    return kTables[static_cast<std::size_t>(table)];
}

/// LMDB's limit on keys, as Debian builds it; the longest of ours has 96 bytes.
inline constexpr std::size_t kKeyBytesMax = 511;

}  // namespace cairn::chain
