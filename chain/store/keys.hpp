// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "chain/state/state_reader.hpp"
#include "chain/trie/node_store.hpp"
#include "core/base/bytes.hpp"
#include "core/math/uint256.hpp"
#include "core/types/account.hpp"
#include "core/types/difficulty.hpp"
#include "core/types/ids.hpp"
#include "core/types/units.hpp"

namespace cairn::chain {

// Keys and small values of the tables, see schema.hpp. Functions here are pure; any thread.
// Decoders take what a row holds after its checksum has been verified; where that is still not what
// the schema says they throw StoreError Corrupt.

/// A key of fixed length.
template <std::size_t N>
using RowKey = std::array<std::uint8_t, N>;

/// number
[[nodiscard]] RowKey<8> number_key(BlockNumber number) noexcept;
/// number ‖ hash
[[nodiscard]] RowKey<40> block_key(BlockNumber number, const BlockHash& hash) noexcept;
/// address ‖ slot
[[nodiscard]] RowKey<52> slot_key(const Address& address, const Uint256& slot) noexcept;
/// address ‖ number
[[nodiscard]] RowKey<28> account_history_key(const Address& address, BlockNumber number) noexcept;
/// address ‖ slot ‖ number
[[nodiscard]] RowKey<60> storage_history_key(const Address& address, const Uint256& slot,
                                             BlockNumber number) noexcept;

/// Meta's key of the amended state root after a block (MetaKey::kAmendedRoot).
[[nodiscard]] Bytes amended_root_key(BlockNumber number);

/// A block by number and hash.
struct BlockRef {
    BlockNumber number = 0;
    BlockHash hash;
    friend bool operator==(const BlockRef&, const BlockRef&) noexcept = default;
};
/// number ‖ hash, as a value.
[[nodiscard]] BlockRef decode_block_ref(ByteView bytes);
/// 8 bytes.
[[nodiscard]] BlockNumber decode_number(ByteView bytes);
/// 32 bytes.
[[nodiscard]] BlockHash decode_block_hash(ByteView bytes);

/// Value of block_index.
struct BlockIndexEntry {
    BlockNumber number = 0;
    TotalDifficulty total_difficulty;
};
[[nodiscard]] RowKey<40> encode_block_index(const BlockIndexEntry& entry) noexcept;
[[nodiscard]] BlockIndexEntry decode_block_index(ByteView bytes);

/// Bytes of a small value, on the stack.
template <std::size_t N>
struct SmallBytes {
    std::array<std::uint8_t, N> bytes{};
    std::uint8_t size = 0;
    operator ByteView() const noexcept { return {bytes.data(), size}; }  // NOLINT
};

/// A word without its leading zero bytes; zero has no bytes.
[[nodiscard]] SmallBytes<32> encode_word(const Uint256& word) noexcept;
[[nodiscard]] Uint256 decode_word(ByteView bytes);

/// Longest record: two lengths, nonce, balance, code hash.
inline constexpr std::size_t kRecordBytesMax = 2 + 8 + 32 + 32;
/// An account's fields: one byte with the nonce's length in its low four bits and 0x80 where there
/// is code; one byte with the balance's length; nonce, balance, code hash. Nothing has no bytes.
[[nodiscard]] SmallBytes<kRecordBytesMax> encode_record(
    const std::optional<AccountRecord>& record) noexcept;
[[nodiscard]] std::optional<AccountRecord> decode_record(ByteView bytes);

/// Key of a trie's row: owner, or one zero byte for the account trie; then one nibble a byte, so
/// that rows stand in the order of a depth-first walk.
[[nodiscard]] SmallBytes<32 + kNibblesMax> trie_key(const TrieOwner& owner,
                                                    const Nibbles& path) noexcept;

/// Whether `key` begins with `prefix`.
[[nodiscard]] inline bool has_prefix(ByteView key, ByteView prefix) noexcept {
    return key.size() >= prefix.size() && equal(key.first(prefix.size()), prefix);
}

/// Throws StoreError Corrupt: a row of `table` passes its checksum and is still not what the schema
/// says.
[[noreturn]] void throw_malformed(std::string_view what);

}  // namespace cairn::chain
