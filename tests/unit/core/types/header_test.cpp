// SPDX-License-Identifier: MIT
#include "core/types/header.hpp"

#include <gtest/gtest.h>

#include "core/base/hex.hpp"
#include "core/codec/rlp_encode.hpp"
#include "tests/unit/core/types/block_vectors.hpp"

namespace cairn {
namespace {

Bytes hex(std::string_view text) {
    return *from_hex(text);
}

/// The vector's items, changed, in a list again.
template <class Change>
Bytes changed(std::string_view vector, Change change) {
    const Bytes bytes = hex(vector);
    RlpReader reader = RlpReader::of_list(bytes);
    std::vector<Bytes> items;
    while (!reader.at_end()) {
        RlpItem item;
        EXPECT_TRUE(reader.read_item(item));
        items.push_back(to_bytes(item.encoded));
    }
    change(items);
    Bytes payload;
    for (const Bytes& item : items) append(payload, item);
    return rlp_encode_list(payload);
}

TEST(Header, hash_of_ethereums_genesis) {
    Header h;
    h.state_root = *fixed_from_hex<Hash256>(
        "d7f8974fb5ac78d9ac099b9ad5018bedc2ce0a72dad1827a1709da30580f0544");
    h.difficulty = {Uint256{17179869184ULL}};
    h.gas_limit = 5000;
    h.extra_data = hex("11bbe8db4e347b4e8c937c1c8370e4b5ed33adb3db69cbdb7a38e1e50b1b82fa");
    h.nonce = *fixed_from_hex<SealNonce>("0000000000000042");
    EXPECT_EQ(to_hex(hash_of(h)),
              "d4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3");
}

TEST(Header, seal_hash_of_the_public_proof_of_work_vector) {
    Header h;
    h.state_root = *fixed_from_hex<Hash256>(
        "9178d0f23c965d81f0834a4c72c6253ce6830f4022b1359aaebfc1ecba442d4e");
    h.difficulty = {Uint256{131072}};
    h.gas_limit = 1000000;
    h.mix_hash = *fixed_from_hex<Hash256>(
        "58f759ede17a706c93f13030328bcea40c1d1341fb26f2facd21ceb0dae57017");
    h.nonce = *fixed_from_hex<SealNonce>("4242424242424242");
    EXPECT_EQ(to_hex(seal_hash(h)),
              "2a8de2adf89af77358250bf908bf04ba94a6e8c3ba87775564a41d269a05e4ce");
}

TEST(Header, seal_hash_leaves_out_the_seal_and_nothing_else) {
    const Header base = *decode_header(hex(test::kHeader16));
    Header h = base;
    h.mix_hash.bytes.fill(7);
    h.nonce.bytes.fill(7);
    EXPECT_EQ(seal_hash(h), seal_hash(base));
    EXPECT_NE(hash_of(h), hash_of(base));
    h.timestamp += 1;
    EXPECT_NE(seal_hash(h), seal_hash(base));
    h = base;
    h.base_fee = *h.base_fee + Uint256{1};
    EXPECT_NE(seal_hash(h), seal_hash(base));
}

TEST(Header, every_shape_round_trips_with_its_hash) {
    for (const auto& vector : test::kHeaders) {
        const auto h = decode_header(hex(vector.rlp));
        ASSERT_TRUE(h) << vector.fields << ": " << to_string(h.error());
        EXPECT_EQ(to_hex(encode_header(*h)), vector.rlp);
        EXPECT_EQ(to_hex(hash_of(*h)), vector.hash);
        EXPECT_EQ(to_hex(HashedHeader{*h}.hash()), vector.hash);
        EXPECT_EQ(h->base_fee.has_value(), vector.fields >= 16);
        EXPECT_EQ(h->withdrawals_root.has_value(), vector.fields >= 17);
        EXPECT_EQ(h->blob_gas_used.has_value(), vector.fields >= 18);
        EXPECT_EQ(h->excess_blob_gas.has_value(), vector.fields >= 19);
        EXPECT_EQ(h->parent_beacon_root.has_value(), vector.fields >= 20);
        EXPECT_EQ(h->requests_hash.has_value(), vector.fields >= 21);
    }
}

TEST(Header, every_truncation_is_refused) {
    for (const auto& vector : test::kHeaders) {
        const Bytes bytes = hex(vector.rlp);
        for (std::size_t n = 0; n < bytes.size(); ++n)
            ASSERT_FALSE(decode_header(ByteView{bytes}.first(n)));
    }
}

TEST(Header, fewer_than_15_or_more_than_21_fields_are_refused) {
    const auto few = decode_header(changed(test::kHeader15, [](auto& items) { items.pop_back(); }));
    ASSERT_FALSE(few);
    EXPECT_EQ(few.error(),
              (DecodeError{DecodeCause::Rlp, DecodeField::SealNonce, RlpError::MissingItem}));
    const auto many =
        decode_header(changed(test::kHeader21, [](auto& items) { items.push_back({1}); }));
    ASSERT_FALSE(many);
    EXPECT_EQ(many.error(),
              (DecodeError{DecodeCause::Rlp, DecodeField::Header, RlpError::ExtraItem}));
}

TEST(Header, every_number_of_fields_in_between_is_read) {
    for (std::size_t fields = kHeaderElementsMin; fields <= kHeaderElementsMax; ++fields) {
        const auto bytes =
            changed(test::kHeader21, [fields](auto& items) { items.resize(fields); });
        const auto h = decode_header(bytes);
        ASSERT_TRUE(h) << fields;
        EXPECT_EQ(encode_header(*h), bytes);
    }
}

TEST(Header, every_field_names_itself_when_it_is_a_list) {
    constexpr DecodeField kFields[] = {
        DecodeField::ParentHash,    DecodeField::OmmersHash,       DecodeField::Beneficiary,
        DecodeField::StateRoot,     DecodeField::TransactionsRoot, DecodeField::ReceiptsRoot,
        DecodeField::LogsBloom,     DecodeField::Difficulty,       DecodeField::Number,
        DecodeField::GasLimit,      DecodeField::GasUsed,          DecodeField::Timestamp,
        DecodeField::ExtraData,     DecodeField::MixHash,          DecodeField::SealNonce,
        DecodeField::BaseFee,       DecodeField::WithdrawalsRoot,  DecodeField::BlobGasUsed,
        DecodeField::ExcessBlobGas, DecodeField::ParentBeaconRoot, DecodeField::RequestsHash};
    for (std::size_t i = 0; i < kHeaderElementsMax; ++i) {
        const auto h =
            decode_header(changed(test::kHeader21, [i](auto& items) { items[i] = {0xc0}; }));
        ASSERT_FALSE(h);
        EXPECT_EQ(h.error(), (DecodeError{DecodeCause::Rlp, kFields[i], RlpError::ExpectedString}))
            << i;
    }
}

TEST(Header, fields_have_their_exact_widths) {
    const auto error_of = [](std::size_t i, std::string_view item) {
        return decode_header(changed(test::kHeader21, [&](auto& items) { items[i] = hex(item); }))
            .error();
    };
    EXPECT_EQ(error_of(14, "87" + std::string(14, '1')).cause, DecodeCause::TooShort);
    EXPECT_EQ(error_of(14, "89" + std::string(18, '1')).cause, DecodeCause::TooLong);
    EXPECT_EQ(error_of(2, "93" + std::string(38, '1')).cause, DecodeCause::TooShort);
    EXPECT_EQ(error_of(9, "89010000000000000000").rlp, RlpError::IntegerTooWide);
    EXPECT_EQ(error_of(11, "00").rlp, RlpError::IntegerLeadingZero);
    EXPECT_EQ(error_of(7, "a101" + std::string(64, '0')).rlp, RlpError::IntegerTooWide);
}

TEST(HeaderDeathTest, a_gap_between_optional_fields_is_our_mistake) {
    Header h;
    h.withdrawals_root = Hash256{};
    EXPECT_DEATH((void)encode_header(h), "gap");
}

}  // namespace
}  // namespace cairn
