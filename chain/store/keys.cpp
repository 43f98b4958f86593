// SPDX-License-Identifier: MIT
#include "chain/store/keys.hpp"

#include <string>

#include "chain/store/schema.hpp"
#include "chain/store/store_error.hpp"

namespace cairn::chain {
namespace {

constexpr std::uint8_t kHasCode = 0x80;

template <std::size_t N>
void push(SmallBytes<N>& out, ByteView bytes) noexcept {
    if (!bytes.empty()) std::memcpy(out.bytes.data() + out.size, bytes.data(), bytes.size());
    out.size = static_cast<std::uint8_t>(out.size + bytes.size());
}

/// A big-endian number without leading zeros.
[[nodiscard]] Uint256 read_word(ByteView bytes) {
    if (bytes.size() > 32 || (!bytes.empty() && bytes[0] == 0))
        throw_malformed("a number has leading zeros or too many bytes");
    std::array<std::uint8_t, 32> wide{};
    if (!bytes.empty()) std::memcpy(wide.data() + 32 - bytes.size(), bytes.data(), bytes.size());
    return load_be256(wide.data());
}

}  // namespace

void throw_malformed(std::string_view what) {
    throw StoreError{StoreFault::Corrupt, std::string{what}};
}

RowKey<8> number_key(BlockNumber number) noexcept {
    RowKey<8> key;
    store_be64(key.data(), number);
    return key;
}

Bytes amended_root_key(BlockNumber number) {
    Bytes key = to_bytes(as_bytes(MetaKey::kAmendedRoot));
    append(key, number_key(number));
    return key;
}

RowKey<40> block_key(BlockNumber number, const BlockHash& hash) noexcept {
    RowKey<40> key;
    store_be64(key.data(), number);
    std::memcpy(key.data() + 8, hash.data(), 32);
    return key;
}

RowKey<52> slot_key(const Address& address, const Uint256& slot) noexcept {
    RowKey<52> key;
    std::memcpy(key.data(), address.data(), 20);
    store_be256(key.data() + 20, slot);
    return key;
}

RowKey<28> account_history_key(const Address& address, BlockNumber number) noexcept {
    RowKey<28> key;
    std::memcpy(key.data(), address.data(), 20);
    store_be64(key.data() + 20, number);
    return key;
}

RowKey<60> storage_history_key(const Address& address, const Uint256& slot,
                               BlockNumber number) noexcept {
    RowKey<60> key;
    std::memcpy(key.data(), address.data(), 20);
    store_be256(key.data() + 20, slot);
    store_be64(key.data() + 52, number);
    return key;
}

BlockRef decode_block_ref(ByteView bytes) {
    if (bytes.size() != 40) throw_malformed("a block's number and hash have not 40 bytes");
    return {load_be64(bytes.data()), BlockHash::from(bytes.subspan(8))};
}

BlockNumber decode_number(ByteView bytes) {
    if (bytes.size() != 8) throw_malformed("a block number has not 8 bytes");
    return load_be64(bytes.data());
}

BlockHash decode_block_hash(ByteView bytes) {
    if (bytes.size() != 32) throw_malformed("a block hash has not 32 bytes");
    return BlockHash::from(bytes);
}

RowKey<40> encode_block_index(const BlockIndexEntry& entry) noexcept {
    RowKey<40> out;
    store_be64(out.data(), entry.number);
    store_be256(out.data() + 8, entry.total_difficulty.value);
    return out;
}

BlockIndexEntry decode_block_index(ByteView bytes) {
    if (bytes.size() != 40) throw_malformed("a row of block_index has not 40 bytes");
    return {load_be64(bytes.data()), {load_be256(bytes.data() + 8)}};
}

SmallBytes<32> encode_word(const Uint256& word) noexcept {
    std::array<std::uint8_t, 32> wide;
    store_be256(wide.data(), word);
    SmallBytes<32> out;
    push(out, ByteView{wide}.subspan(32 - word.byte_width()));
    return out;
}

Uint256 decode_word(ByteView bytes) {
    return read_word(bytes);
}

SmallBytes<kRecordBytesMax> encode_record(const std::optional<AccountRecord>& record) noexcept {
    SmallBytes<kRecordBytesMax> out;
    if (!record) return out;
    const auto nonce = encode_word(record->nonce);
    const auto balance = encode_word(record->balance);
    const bool has_code = record->code_hash != kEmptyCodeHash;
    out.bytes[0] = static_cast<std::uint8_t>(nonce.size | (has_code ? kHasCode : 0));
    out.bytes[1] = balance.size;
    out.size = 2;
    push(out, nonce);
    push(out, balance);
    if (has_code) push(out, record->code_hash);
    return out;
}

std::optional<AccountRecord> decode_record(ByteView bytes) {
    if (bytes.empty()) return std::nullopt;
    if (bytes.size() < 2) throw_malformed("an account's record is cut short");
    const std::size_t nonce_bytes = bytes[0] & ~kHasCode;
    const std::size_t balance_bytes = bytes[1];
    const bool has_code = (bytes[0] & kHasCode) != 0;
    if (nonce_bytes > 8 || bytes.size() != 2 + nonce_bytes + balance_bytes + (has_code ? 32 : 0))
        throw_malformed("an account's record has another length than it says");
    AccountRecord record;
    record.nonce = read_word(bytes.subspan(2, nonce_bytes)).limb[0];
    record.balance = read_word(bytes.subspan(2 + nonce_bytes, balance_bytes));
    if (has_code) record.code_hash = CodeHash::from(bytes.last(32));
    return record;
}

SmallBytes<32 + kNibblesMax> trie_key(const TrieOwner& owner, const Nibbles& path) noexcept {
    SmallBytes<32 + kNibblesMax> key;
    // LMDB has no empty keys, which the root of the account trie would need.
    if (owner)
        push(key, *owner);
    else
        key.size = 1;
    for (std::size_t i = 0; i < path.size; ++i) key.bytes[key.size++] = path[i];
    return key;
}

}  // namespace cairn::chain
