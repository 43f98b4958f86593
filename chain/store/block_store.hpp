// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "chain/store/keys.hpp"
#include "chain/store/lmdb.hpp"
#include "core/types/block.hpp"
#include "core/types/difficulty.hpp"
#include "core/types/receipt.hpp"

namespace cairn::chain {

// Headers, bodies, senders, receipts, and what is known of them by hash. Readers throw StoreError;
// a row that passes its checksum and does not decode is StoreFault::Corrupt.

/// Number and total difficulty of a stored block.
[[nodiscard]] std::optional<BlockIndexEntry> find_block_index(const Txn& txn,
                                                              const BlockHash& hash);
[[nodiscard]] std::optional<HashedHeader> find_header(const Txn& txn, const BlockRef& block);
[[nodiscard]] std::optional<BlockBody> find_body(const Txn& txn, const BlockRef& block);
[[nodiscard]] std::optional<std::vector<Receipt>> find_receipts(const Txn& txn,
                                                                const BlockRef& block);
/// Senders of the block's transactions, in order; nothing where none were stored.
[[nodiscard]] std::optional<std::vector<Address>> find_senders(const Txn& txn,
                                                               const BlockRef& block);
/// The hash of the canonical block of a number.
[[nodiscard]] std::optional<BlockHash> find_canonical(const Txn& txn, BlockNumber number);
/// All stored blocks of a number, canonical or not, ascending by hash.
[[nodiscard]] std::vector<BlockHash> find_hashes(const Txn& txn, BlockNumber number);

void put_header_row(Txn& txn, const HashedHeader& header, const TotalDifficulty& total);
void put_body_row(Txn& txn, const BlockRef& block, const BlockBody& body);
void put_senders_row(Txn& txn, const BlockRef& block, std::span<const Address> senders);
void put_receipts_row(Txn& txn, const BlockRef& block, const std::vector<Receipt>& receipts);

/// A block that is known to break the rules, so that nobody need try it again.
struct BadBlock {
    BlockNumber number = 0;
    std::uint16_t code = 0;  ///< the caller's number for the rule
    std::string reason;      ///< for people; cut at kBadBlockReasonMax bytes
    friend bool operator==(const BadBlock&, const BadBlock&) = default;
};
inline constexpr std::size_t kBadBlockReasonMax = 256;

[[nodiscard]] std::optional<BadBlock> find_bad_block(const Txn& txn, const BlockHash& hash);
void put_bad_block_row(Txn& txn, const BlockHash& hash, const BadBlock& bad);

/// A meta row of number ‖ hash.
[[nodiscard]] std::optional<BlockRef> find_meta_ref(const Txn& txn, std::string_view name);
void put_meta_ref(Txn& txn, std::string_view name, const BlockRef& block);

}  // namespace cairn::chain
