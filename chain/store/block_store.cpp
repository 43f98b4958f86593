// SPDX-License-Identifier: MIT
#include "chain/store/block_store.hpp"

#include <algorithm>
#include <utility>

#include "chain/store/stored_receipts.hpp"

namespace cairn::chain {
namespace {

/// The decoded value, or the exception that the row is not what the schema says.
template <class T>
[[nodiscard]] T decoded(Result<T, DecodeError> result, std::string_view what) {
    if (!result) throw_malformed(what);
    return *std::move(result);
}

}  // namespace

std::optional<BlockIndexEntry> find_block_index(const Txn& txn, const BlockHash& hash) {
    const auto row = txn.find(Table::BlockIndex, hash);
    if (!row) return std::nullopt;
    return decode_block_index(*row);
}

std::optional<HashedHeader> find_header(const Txn& txn, const BlockRef& block) {
    const auto row = txn.find(Table::Headers, block_key(block.number, block.hash));
    if (!row) return std::nullopt;
    return HashedHeader{decoded(decode_header(*row), "a row of headers is no header")};
}

std::optional<BlockBody> find_body(const Txn& txn, const BlockRef& block) {
    const auto row = txn.find(Table::Bodies, block_key(block.number, block.hash));
    if (!row) return std::nullopt;
    return decoded(decode_body(*row), "a row of bodies is no body");
}

std::optional<std::vector<Receipt>> find_receipts(const Txn& txn, const BlockRef& block) {
    const auto row = txn.find(Table::Receipts, block_key(block.number, block.hash));
    if (!row) return std::nullopt;
    return decode_stored_receipts(*row);
}

std::optional<std::vector<Address>> find_senders(const Txn& txn, const BlockRef& block) {
    const auto row = txn.find(Table::Senders, block_key(block.number, block.hash));
    if (!row) return std::nullopt;
    if (row->size() % Address::kSize != 0) throw_malformed("a row of senders is no list of them");
    std::vector<Address> senders(row->size() / Address::kSize);
    for (std::size_t i = 0; i < senders.size(); ++i)
        senders[i] = Address::from(row->subspan(i * Address::kSize, Address::kSize));
    return senders;
}

std::optional<BlockHash> find_canonical(const Txn& txn, BlockNumber number) {
    const auto row = txn.find(Table::Canonical, number_key(number));
    if (!row) return std::nullopt;
    return decode_block_hash(*row);
}

std::vector<BlockHash> find_hashes(const Txn& txn, BlockNumber number) {
    std::vector<BlockHash> hashes;
    const auto prefix = number_key(number);
    Cursor cursor{txn, Table::Headers};
    for (bool is_there = cursor.seek(prefix); is_there && has_prefix(cursor.key(), prefix);
         is_there = cursor.next()) {
        (void)cursor.value();  // verifies the key
        hashes.push_back(decode_block_ref(cursor.key()).hash);
    }
    return hashes;
}

void put_header_row(Txn& txn, const HashedHeader& header, const TotalDifficulty& total) {
    txn.put(Table::Headers, block_key(header->number, header.hash()), encode_header(*header));
    txn.put(Table::BlockIndex, header.hash(), encode_block_index({header->number, total}));
}

void put_body_row(Txn& txn, const BlockRef& block, const BlockBody& body) {
    txn.put(Table::Bodies, block_key(block.number, block.hash), encode_body(body));
}

void put_senders_row(Txn& txn, const BlockRef& block, std::span<const Address> senders) {
    Bytes bytes;
    bytes.reserve(senders.size() * Address::kSize);
    for (const auto& sender : senders) append(bytes, sender);
    txn.put(Table::Senders, block_key(block.number, block.hash), bytes);
}

void put_receipts_row(Txn& txn, const BlockRef& block, const std::vector<Receipt>& receipts) {
    txn.put(Table::Receipts, block_key(block.number, block.hash), encode_stored_receipts(receipts));
}

std::optional<BadBlock> find_bad_block(const Txn& txn, const BlockHash& hash) {
    const auto row = txn.find(Table::BadBlocks, hash);
    if (!row) return std::nullopt;
    if (row->size() < 10) throw_malformed("a row of bad_blocks is cut short");
    BadBlock bad;
    bad.number = load_be64(row->data());
    bad.code = static_cast<std::uint16_t>((*row)[8] << 8 | (*row)[9]);
    bad.reason = as_text(row->subspan(10));
    return bad;
}

void put_bad_block_row(Txn& txn, const BlockHash& hash, const BadBlock& bad) {
    Bytes bytes(10);
    store_be64(bytes.data(), bad.number);
    bytes[8] = static_cast<std::uint8_t>(bad.code >> 8);
    bytes[9] = static_cast<std::uint8_t>(bad.code);
    append(bytes, as_bytes(std::string_view{bad.reason}.substr(0, kBadBlockReasonMax)));
    txn.put(Table::BadBlocks, hash, bytes);
}

std::optional<BlockRef> find_meta_ref(const Txn& txn, std::string_view name) {
    const auto row = txn.find(Table::Meta, as_bytes(name));
    if (!row) return std::nullopt;
    return decode_block_ref(*row);
}

void put_meta_ref(Txn& txn, std::string_view name, const BlockRef& block) {
    txn.put(Table::Meta, as_bytes(name), block_key(block.number, block.hash));
}

}  // namespace cairn::chain
