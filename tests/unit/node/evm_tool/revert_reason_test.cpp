// SPDX-License-Identifier: MIT
#include "node/evm_tool/revert_reason.hpp"

#include <gtest/gtest.h>

#include "core/base/hex.hpp"

namespace {

using cairn::Bytes;
using cairn::ByteView;
using cairn::from_hex;
using cairn::node::decode_revert_reason;

const std::string kZeros(64, '0');

std::string word(const std::string& digits) { return kZeros.substr(digits.size()) + digits; }

std::optional<std::string> decode(const std::string& hex) { return decode_revert_reason(from_hex(hex).value()); }

// The Solidity documentation's example: revert("Not enough Ether provided.").
const std::string kExample =
    "08c379a0" + word("20") + word("1a") + "4e6f7420656e6f7567682045746865722070726f76696465642e000000000000";

TEST(RevertReason, error_string_of_the_solidity_documentation) { EXPECT_EQ(decode(kExample), "Not enough Ether provided."); }

TEST(RevertReason, every_cut_that_loses_text_gives_nothing) {
    const Bytes data = from_hex(kExample).value();
    const std::size_t needed = 4 + 32 + 32 + 26;
    for (std::size_t size = 0; size < needed; ++size)
        EXPECT_EQ(decode_revert_reason(ByteView{data}.first(size)), std::nullopt) << size;
    // Only padding is missing: the text is whole.
    for (std::size_t size = needed; size <= data.size(); ++size)
        EXPECT_EQ(decode_revert_reason(ByteView{data}.first(size)), "Not enough Ether provided.") << size;
}

TEST(RevertReason, offsets_and_lengths_beyond_the_data_give_nothing) {
    EXPECT_EQ(decode("08c379a0" + word("20") + word("0")), "");
    EXPECT_EQ(decode("08c379a0" + word("21") + word("0")), std::nullopt);
    EXPECT_EQ(decode("08c379a0" + word("20") + word("1")), std::nullopt);
    EXPECT_EQ(decode("08c379a0" + std::string(64, 'f') + word("0")), std::nullopt);
    EXPECT_EQ(decode("08c379a0" + word("ffffffffffffffff") + word("0")), std::nullopt);
    EXPECT_EQ(decode("08c379a0" + word("20") + std::string(64, 'f')), std::nullopt);
    EXPECT_EQ(decode("08c379a0" + word("20") + word("ffffffffffffffff")), std::nullopt);
}

TEST(RevertReason, panic_codes_are_explained) {
    EXPECT_EQ(decode("4e487b71" + word("1")), "panic 0x01: assertion failed");
    EXPECT_EQ(decode("4e487b71" + word("12")), "panic 0x12: division or modulo by zero");
    EXPECT_EQ(decode("4e487b71" + word("32")), "panic 0x32: array index out of bounds");
    EXPECT_EQ(decode("4e487b71" + word("99")), "panic 0x99");
    EXPECT_EQ(decode("4e487b71" + word("1") + "00"), std::nullopt);
}

TEST(RevertReason, other_data_is_no_reason) {
    EXPECT_EQ(decode(""), std::nullopt);
    EXPECT_EQ(decode("deadbeef" + word("20") + word("0")), std::nullopt);
}

}  // namespace
