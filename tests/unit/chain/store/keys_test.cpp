// SPDX-License-Identifier: MIT
#include "chain/store/keys.hpp"

#include <gtest/gtest.h>

#include <random>

#include "chain/store/store_error.hpp"

namespace {

using namespace cairn;
using namespace cairn::chain;

Address address_of(std::uint8_t last) {
    Address address;
    address.bytes[19] = last;
    return address;
}

template <std::size_t N>
bool less(const RowKey<N>& a, const RowKey<N>& b) {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
}

TEST(Keys, order_of_bytes_is_order_of_numbers) {
    const std::uint64_t numbers[] = {0, 1, 255, 256, 65535, 1ULL << 32, ~0ULL};
    for (std::size_t i = 0; i + 1 < std::size(numbers); ++i) {
        EXPECT_TRUE(less(number_key(numbers[i]), number_key(numbers[i + 1])));
        EXPECT_TRUE(less(account_history_key(address_of(3), numbers[i]),
                         account_history_key(address_of(3), numbers[i + 1])));
        EXPECT_TRUE(less(account_history_key(address_of(3), numbers[i + 1]),
                         account_history_key(address_of(4), numbers[i])));
        EXPECT_TRUE(less(storage_history_key(address_of(3), numbers[i], 5),
                         storage_history_key(address_of(3), numbers[i + 1], 0)));
    }
}

TEST(Keys, layout_is_the_schemas) {
    BlockHash hash;
    hash.bytes[0] = 0xaa;
    hash.bytes[31] = 0xbb;
    const auto key = block_key(0x0102, hash);
    EXPECT_EQ(key[6], 1);
    EXPECT_EQ(key[7], 2);
    EXPECT_EQ(key[8], 0xaa);
    EXPECT_EQ(key[39], 0xbb);
    EXPECT_EQ(decode_block_ref(key), (BlockRef{0x0102, hash}));
    const auto slot = slot_key(address_of(9), Uint256{7});
    EXPECT_EQ(slot[19], 9);
    EXPECT_EQ(slot[51], 7);
    Nibbles path;
    const auto root = trie_key(std::nullopt, path);
    EXPECT_EQ(to_bytes(root), Bytes{0});
    path.push(0xf);
    path.push(0x3);
    EXPECT_EQ(to_bytes(trie_key(std::nullopt, path)), (Bytes{0, 0xf, 3}));
    EXPECT_EQ(trie_key(Hash256{}, path).size, 34);
    const auto deepest = Nibbles::from_key(Bytes(32, 0xff));
    EXPECT_EQ(trie_key(Hash256{}, deepest).size, 96);
}

TEST(Keys, words_have_one_form_and_come_back) {
    EXPECT_EQ(encode_word({}).size, 0);
    EXPECT_EQ(to_bytes(encode_word(0x1234)), (Bytes{0x12, 0x34}));
    EXPECT_EQ(encode_word(Uint256::max()).size, 32);
    for (unsigned shift = 0; shift < 256; ++shift)
        EXPECT_EQ(decode_word(encode_word(Uint256::max() >> shift)), Uint256::max() >> shift);
    EXPECT_THROW((void)decode_word(Bytes{0}), StoreError);
    EXPECT_THROW((void)decode_word(Bytes{0, 1}), StoreError);
    EXPECT_THROW((void)decode_word(Bytes(33, 1)), StoreError);
}

TEST(Keys, records_come_back_and_cut_ones_are_refused) {
    EXPECT_EQ(encode_record(std::nullopt).size, 0);
    EXPECT_EQ(decode_record({}), std::nullopt);
    CodeHash code;
    code.bytes[5] = 1;
    const std::uint64_t nonces[] = {0, 1, 255, ~0ULL};
    const Wei balances[] = {{}, Uint256{1}, Uint256::max()};
    for (const auto nonce : nonces) {
        for (const auto& balance : balances) {
            for (const auto& hash : {kEmptyCodeHash, code}) {
                const AccountRecord record{nonce, balance, hash};
                const Bytes bytes = to_bytes(encode_record(record));
                EXPECT_EQ(decode_record(bytes), record);
                for (std::size_t size = 1; size < bytes.size(); ++size)
                    EXPECT_THROW((void)decode_record(ByteView{bytes}.first(size)), StoreError);
                auto longer = bytes;
                longer.push_back(1);
                EXPECT_THROW((void)decode_record(longer), StoreError);
            }
        }
    }
    EXPECT_EQ(encode_record(AccountRecord{}).size, 2);
    EXPECT_EQ(encode_record(AccountRecord{~0ULL, Uint256::max(), code}).size, kRecordBytesMax);
    EXPECT_THROW((void)decode_record(Bytes{9, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1}), StoreError);
    EXPECT_THROW((void)decode_record(Bytes{1, 0, 0}), StoreError);
    EXPECT_THROW((void)decode_record(Bytes{0, 1, 0}), StoreError);
}

TEST(Keys, values_of_another_length_are_refused) {
    EXPECT_THROW((void)decode_number(Bytes(7)), StoreError);
    EXPECT_THROW((void)decode_number(Bytes(9)), StoreError);
    EXPECT_THROW((void)decode_block_ref(Bytes(39)), StoreError);
    EXPECT_THROW((void)decode_block_ref(Bytes(41)), StoreError);
    EXPECT_THROW((void)decode_block_hash(Bytes(31)), StoreError);
    EXPECT_THROW((void)decode_block_index(Bytes(39)), StoreError);
    const BlockIndexEntry entry{7, {Uint256::max()}};
    const auto bytes = encode_block_index(entry);
    EXPECT_EQ(decode_block_index(bytes).number, 7U);
    EXPECT_EQ(decode_block_index(bytes).total_difficulty, entry.total_difficulty);
}

TEST(Keys, prefix_is_one) {
    EXPECT_TRUE(has_prefix(Bytes{1, 2, 3}, Bytes{1, 2}));
    EXPECT_TRUE(has_prefix(Bytes{1, 2}, Bytes{1, 2}));
    EXPECT_TRUE(has_prefix(Bytes{1}, Bytes{}));
    EXPECT_FALSE(has_prefix(Bytes{1}, Bytes{1, 2}));
    EXPECT_FALSE(has_prefix(Bytes{1, 3}, Bytes{1, 2}));
}

}  // namespace
