// SPDX-License-Identifier: MIT
#include "core/types/block.hpp"

#include <gtest/gtest.h>

#include "core/base/hex.hpp"
#include "core/codec/rlp_encode.hpp"
#include "core/types/transaction_rlp.hpp"
#include "tests/unit/core/types/block_vectors.hpp"
#include "tests/unit/core/types/tx_vectors.hpp"

namespace cairn {
namespace {

constexpr std::string_view kBlocks[] = {test::kBlockWithOmmer, test::kBlockWithWithdrawals};

Block decoded(std::string_view hex) {
    return decode_block(*from_hex(hex)).value();
}

TEST(Block, public_blocks_round_trip) {
    for (const auto vector : kBlocks) {
        const auto block = decode_block(*from_hex(vector));
        ASSERT_TRUE(block) << to_string(block.error());
        EXPECT_EQ(to_hex(encode_block(*block)), vector);
        EXPECT_EQ(encoded_size(*block), vector.size() / 2);
        const auto body = decode_body(encode_body(block->body));
        ASSERT_TRUE(body);
        EXPECT_EQ(*body, block->body);
    }
}

TEST(Block, ommers_hash_is_the_headers) {
    const Block block = decoded(test::kBlockWithOmmer);
    ASSERT_EQ(block.body.ommers.size(), 1U);
    EXPECT_EQ(ommers_hash_of(block.body.ommers), block.header->ommers_hash);
    EXPECT_FALSE(block.body.withdrawals);
    EXPECT_EQ(ommers_hash_of({}), kEmptyOmmersHash);
}

TEST(Block, withdrawals_are_read) {
    const Block block = decoded(test::kBlockWithWithdrawals);
    ASSERT_TRUE(block.body.withdrawals);
    ASSERT_FALSE(block.body.withdrawals->empty());
    EXPECT_TRUE(block.header->withdrawals_root);
}

TEST(Block, every_truncation_and_a_byte_too_much_are_refused) {
    for (const auto vector : kBlocks) {
        Bytes bytes = *from_hex(vector);
        for (std::size_t n = 0; n < bytes.size(); ++n)
            ASSERT_FALSE(decode_block(ByteView{bytes}.first(n)));
        bytes.push_back(0xc0);
        EXPECT_FALSE(decode_block(bytes));
    }
}

TEST(Block, a_body_of_every_transaction_type_round_trips) {
    BlockBody body;
    for (const auto vector : {test::kLegacyCreation, test::kAccessListTx, test::kDynamicFeeTx,
                              test::kBlobTx, test::kSetCodeTx})
        body.transactions.push_back(decode_tx(*from_hex(vector)).value());
    body.withdrawals.emplace();
    const Bytes bytes = encode_body(body);
    const auto back = decode_body(bytes);
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, body);
    EXPECT_EQ(encode_body(*back), bytes);
    for (std::size_t n = 0; n < bytes.size(); ++n)
        ASSERT_FALSE(decode_body(ByteView{bytes}.first(n)));
}

TEST(Block, absent_and_empty_withdrawals_differ) {
    EXPECT_EQ(to_hex(encode_body({})), "c2c0c0");
    BlockBody body;
    body.withdrawals.emplace();
    EXPECT_EQ(to_hex(encode_body(body)), "c3c0c0c0");
    EXPECT_TRUE(decode_body(*from_hex("c3c0c0c0"))->withdrawals);
    EXPECT_FALSE(decode_body(*from_hex("c2c0c0"))->withdrawals);
}

TEST(Block, errors_name_their_part) {
    const auto error_of = [](std::string_view hex) { return decode_body(*from_hex(hex)).error(); };
    const auto rlp = [](RlpError error, DecodeField field) {
        return DecodeError{DecodeCause::Rlp, field, error};
    };
    EXPECT_EQ(error_of("80"), rlp(RlpError::ExpectedList, DecodeField::Whole));
    EXPECT_EQ(error_of("c0"), rlp(RlpError::MissingItem, DecodeField::Transactions));
    EXPECT_EQ(error_of("c180"), rlp(RlpError::ExpectedList, DecodeField::Transactions));
    EXPECT_EQ(error_of("c1c0"), rlp(RlpError::MissingItem, DecodeField::Ommers));
    EXPECT_EQ(error_of("c3c0c080"), rlp(RlpError::ExpectedList, DecodeField::Withdrawals));
    EXPECT_EQ(error_of("c4c0c0c0c0"), rlp(RlpError::ExtraItem, DecodeField::Whole));
    EXPECT_EQ(error_of("c3c1c0c0"), rlp(RlpError::MissingItem, DecodeField::Nonce));
    EXPECT_EQ(error_of("c3c0c1c0"), rlp(RlpError::MissingItem, DecodeField::ParentHash));
    EXPECT_EQ(error_of("c4c0c0c1c0"), rlp(RlpError::MissingItem, DecodeField::Withdrawals));
    EXPECT_EQ(decode_block(*from_hex("c3c0c0c0")).error(),
              rlp(RlpError::MissingItem, DecodeField::ParentHash));
    EXPECT_EQ(decode_block(*from_hex("c0")).error(),
              rlp(RlpError::MissingItem, DecodeField::Header));
}

TEST(Block, withdrawal_fields_in_order) {
    Withdrawal w;
    w.index = 1;
    w.validator_index = 2;
    w.address.bytes.fill(0x33);
    w.amount_gwei = 0x0405;
    EXPECT_EQ(to_hex(encode_withdrawal(w)), "da010294" + std::string(40, '3') + "820405");
}

}  // namespace
}  // namespace cairn
