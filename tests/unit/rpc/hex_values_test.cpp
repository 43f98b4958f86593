// SPDX-License-Identifier: MIT
#include "rpc/hex_values.hpp"

#include <gtest/gtest.h>

namespace cairn::rpc {
namespace {

HexFault fault64(std::string_view text) {
    return decode_quantity64(text).error();
}

// EIP-1474, "Quantity".
TEST(HexValues, quantities_of_the_specification) {
    EXPECT_EQ(*decode_quantity64("0x41"), 65U);
    EXPECT_EQ(*decode_quantity64("0x400"), 1024U);
    EXPECT_EQ(*decode_quantity64("0x0"), 0U);
    EXPECT_EQ(fault64("0x"), HexFault::NoDigits);
    EXPECT_EQ(fault64("0x0400"), HexFault::LeadingZeros);
    EXPECT_EQ(fault64("ff"), HexFault::NoPrefix);
}

TEST(HexValues, both_sides_of_every_bound) {
    EXPECT_EQ(*decode_quantity64("0xffffffffffffffff"), ~std::uint64_t{0});
    EXPECT_EQ(fault64("0x10000000000000000"), HexFault::Above64Bits);
    EXPECT_EQ(*decode_quantity256("0x" + std::string(64, 'f')), Uint256::max());
    EXPECT_EQ(decode_quantity256("0x1" + std::string(64, '0')).error(), HexFault::Above256Bits);
}

TEST(HexValues, each_fault_has_its_words) {
    EXPECT_EQ(fault64(""), HexFault::Empty);
    EXPECT_EQ(fault64("0xg"), HexFault::Foreign);
    EXPECT_EQ(decode_data("0x123").error(), HexFault::OddLength);
    EXPECT_EQ(to_string(HexFault::Empty), "empty hex string");
    EXPECT_EQ(to_string(HexFault::NoPrefix), "hex string without 0x prefix");
    EXPECT_EQ(to_string(HexFault::NoDigits), "hex string \"0x\"");
    EXPECT_EQ(to_string(HexFault::LeadingZeros), "hex number with leading zero digits");
    EXPECT_EQ(to_string(HexFault::Foreign), "invalid hex string");
    EXPECT_EQ(to_string(HexFault::OddLength), "hex string of odd length");
    EXPECT_EQ(to_string(HexFault::Above64Bits), "hex number > 64 bits");
    EXPECT_EQ(to_string(HexFault::Above256Bits), "hex number > 256 bits");
}

TEST(HexValues, data) {
    EXPECT_EQ(*decode_data("0x"), Bytes{});
    EXPECT_EQ(*decode_data("0X00Ff"), (Bytes{0x00, 0xff}));
    EXPECT_EQ(decode_data("00").error(), HexFault::NoPrefix);
    EXPECT_EQ(decode_data("0x0z").error(), HexFault::Foreign);
}

// Words of the execution-API cases eth_getStorageAt.
TEST(HexValues, storage_keys) {
    EXPECT_EQ(decode_storage_key("0xasdf").error(), "invalid hex in storage key: \"0xasdf\"");
    const auto long_key = "0x" + std::string(65, '0');
    EXPECT_EQ(decode_storage_key(long_key).error(),
              "storage key too long (want at most 32 bytes): \"" + long_key + "\"");
    EXPECT_EQ(decode_storage_key("0x1")->slot, Uint256{1});
    EXPECT_FALSE(decode_storage_key("0x00")->is_word);
    EXPECT_TRUE(decode_storage_key("0x" + std::string(64, '0'))->is_word);
    EXPECT_EQ(decode_storage_key("ff")->slot, Uint256{255});
    EXPECT_EQ(decode_storage_key("")->slot, Uint256{});
}

}  // namespace
}  // namespace cairn::rpc
