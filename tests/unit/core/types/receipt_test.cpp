// SPDX-License-Identifier: MIT
#include "core/types/receipt.hpp"

#include <gtest/gtest.h>

#include "core/base/hex.hpp"
#include "core/codec/rlp_encode.hpp"

namespace cairn {
namespace {

// Block 3 of the public execution-API conformance chain, its first receipt (debug_getRawReceipts):
// before Byzantium.
const std::string kLegacyReceipt =
    "f90128a009ebe9c3ee77cd8d23faf37c62cf702b3c00e71dcadbef4d21355f35921b49ca825208b90100" +
    std::string(512, '0') + "c0";

Receipt dynamic_fee_receipt() {
    // eth_getTransactionReceipt of the same chain's first dynamic-fee transaction.
    Log log;
    log.address = *fixed_from_hex<Address>("7dcd17433742f4c0ca53122ab541d0ba67fc27df");
    log.topics = {*fixed_from_hex<Hash256>(
                      "00000000000000000000000000000000000000000000000000000000656d6974"),
                  *fixed_from_hex<Hash256>(
                      "13bd2394f758553be374ffa4a9455cdf5e6ef3d905acd02746df2d12361e1ace")};
    log.data = Bytes(32, 0);
    log.data[31] = 0x13;
    Receipt receipt;
    receipt.type = TxType::DynamicFee;
    receipt.success = true;
    receipt.cumulative_gas_used = 0xca9c;
    receipt.logs = {log};
    receipt.bloom = logs_bloom(receipt.logs);
    return receipt;
}

TEST(Receipt, bloom_of_the_public_receipt) {
    EXPECT_EQ(to_hex(dynamic_fee_receipt().bloom),
              "00000000000000000000000000000000000000000000000010000000800000000000000000000000"
              "00000000000000000000000000000000000000000000000000000000000000000000400000000000"
              "02000000000000000000000000000020000000000000000400000000000000000000000000000000"
              "00000000000000000000000000000000000000000000000000000000000000000000000000000000"
              "00000000000000900000000000000000000000000000000000000000000000000000000000000000"
              "00000000002000000000000000000000000000000000000000000000000000000000000000000000"
              "00000000000000000000000000000000");
}

TEST(Receipt, legacy_receipt_with_a_state_root) {
    const auto receipt = decode_receipt(*from_hex(kLegacyReceipt));
    ASSERT_TRUE(receipt);
    EXPECT_EQ(receipt->type, TxType::Legacy);
    ASSERT_TRUE(receipt->state_root);
    EXPECT_EQ(to_hex(*receipt->state_root),
              "09ebe9c3ee77cd8d23faf37c62cf702b3c00e71dcadbef4d21355f35921b49ca");
    EXPECT_EQ(receipt->cumulative_gas_used, 21000U);
    EXPECT_TRUE(receipt->logs.empty());
    EXPECT_EQ(to_hex(encode_receipt(*receipt)), kLegacyReceipt);
}

TEST(Receipt, typed_receipt_byte_for_byte) {
    // 0x02 ‖ rlp([1, 0xca9c, bloom, [[address, [topic, topic], data]]]), put together by hand.
    const Receipt receipt = dynamic_fee_receipt();
    const std::string log = "f87a94" + to_hex(receipt.logs[0].address) + "f842a0" +
                            to_hex(receipt.logs[0].topics[0]) + "a0" +
                            to_hex(receipt.logs[0].topics[1]) + "a0" + to_hex(receipt.logs[0].data);
    const std::string expected =
        "02f9018501"
        "82ca9c"
        "b90100" +
        to_hex(receipt.bloom) + "f87c" + log;
    const Bytes bytes = encode_receipt(receipt);
    EXPECT_EQ(to_hex(bytes), expected);
    const auto back = decode_receipt(bytes);
    ASSERT_TRUE(back) << to_string(back.error());
    EXPECT_EQ(*back, receipt);
}

TEST(Receipt, every_type_round_trips_alone_and_in_a_list) {
    std::vector<Receipt> all;
    for (const TxType type :
         {TxType::Legacy, TxType::AccessList, TxType::DynamicFee, TxType::Blob, TxType::SetCode}) {
        Receipt receipt = dynamic_fee_receipt();
        receipt.type = type;
        receipt.success = type != TxType::Blob;
        all.push_back(receipt);
        Bytes item;
        append_receipt_item(item, receipt);
        const auto back = decode_receipt_item(item);
        ASSERT_TRUE(back);
        EXPECT_EQ(*back, receipt);
    }
    const auto back = decode_receipts(encode_receipts(all));
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, all);
    EXPECT_EQ(to_hex(encode_receipts({})), "c0");
    EXPECT_TRUE(decode_receipts(Bytes{0xc0})->empty());
}

TEST(Receipt, every_truncation_and_a_byte_too_much_are_refused) {
    for (Bytes bytes : {*from_hex(kLegacyReceipt), encode_receipt(dynamic_fee_receipt())}) {
        for (std::size_t n = 0; n < bytes.size(); ++n)
            ASSERT_FALSE(decode_receipt(ByteView{bytes}.first(n)));
        bytes.push_back(0);
        EXPECT_FALSE(decode_receipt(bytes));
    }
    const Bytes list = encode_receipts({dynamic_fee_receipt(), dynamic_fee_receipt()});
    for (std::size_t n = 0; n < list.size(); ++n)
        ASSERT_FALSE(decode_receipts(ByteView{list}.first(n)));
}

DecodeError error_with_outcome(std::string_view outcome) {
    Bytes items = *from_hex(outcome);
    append(items, *from_hex("01b90100" + std::string(512, '0') + "c0"));
    const auto got = decode_receipt(rlp_encode_list(items));
    return got ? DecodeError{} : got.error();
}

TEST(Receipt, outcome_is_a_root_or_a_status) {
    const DecodeError invalid{DecodeCause::InvalidOutcome, DecodeField::Outcome, RlpError::None};
    EXPECT_EQ(error_with_outcome("80"), DecodeError{});
    EXPECT_EQ(error_with_outcome("01"), DecodeError{});
    EXPECT_EQ(error_with_outcome("a0" + std::string(64, '0')), DecodeError{});
    EXPECT_EQ(error_with_outcome("00"), invalid);
    EXPECT_EQ(error_with_outcome("02"), invalid);
    EXPECT_EQ(error_with_outcome("820001"), invalid);
    EXPECT_EQ(error_with_outcome("9f" + std::string(62, '1')), invalid);
    EXPECT_EQ(error_with_outcome("a1" + std::string(66, '1')), invalid);
}

TEST(Receipt, more_than_four_topics_are_refused) {
    Receipt receipt = dynamic_fee_receipt();
    receipt.logs[0].topics.assign(kLogTopicsMax, {});
    EXPECT_TRUE(decode_receipt(encode_receipt(receipt)));
    receipt.logs[0].topics.emplace_back();
    const auto got = decode_receipt(encode_receipt(receipt));
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error(),
              (DecodeError{DecodeCause::Rlp, DecodeField::Logs, RlpError::TooManyItems}));
}

TEST(Receipt, unknown_types_and_a_list_in_a_string_are_refused) {
    Bytes bytes = encode_receipt(dynamic_fee_receipt());
    const DecodeError unknown{DecodeCause::UnknownTxType, DecodeField::Whole, RlpError::None};
    for (const int type : {0, 5, 0x7f}) {
        bytes[0] = static_cast<std::uint8_t>(type);
        EXPECT_EQ(decode_receipt(bytes).error(), unknown);
    }
    EXPECT_EQ(decode_receipt_item(rlp_encode(ByteView{*from_hex(kLegacyReceipt)})).error(),
              unknown);
}

}  // namespace
}  // namespace cairn
