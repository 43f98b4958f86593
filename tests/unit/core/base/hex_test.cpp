// SPDX-License-Identifier: MIT
#include "core/base/hex.hpp"

#include <gtest/gtest.h>

namespace cairn {
namespace {

using Two = FixedBytes<2, struct TwoTag>;

TEST(Hex, writes_lower_case_digits) {
    EXPECT_EQ(to_hex(Bytes{0x00, 0x9a, 0xff}), "009aff");
    EXPECT_EQ(to_hex0x(Bytes{0xab}), "0xab");
    EXPECT_EQ(to_hex({}), "");
    EXPECT_EQ(to_hex0x({}), "0x");
}

TEST(Hex, reads_either_case_with_and_without_prefix) {
    EXPECT_EQ(from_hex("00aAfF"), (Bytes{0x00, 0xaa, 0xff}));
    EXPECT_EQ(from_hex("0x00aAfF"), (Bytes{0x00, 0xaa, 0xff}));
    EXPECT_EQ(from_hex(""), Bytes{});
    EXPECT_EQ(from_hex("0x"), Bytes{});
}

TEST(Hex, odd_count_is_refused) {
    EXPECT_FALSE(from_hex("a"));
    EXPECT_FALSE(from_hex("0xabc"));
}

TEST(Hex, every_character_but_digits_is_refused) {
    for (int c = 0; c < 256; ++c) {
        const char text[] = {'0', static_cast<char>(c)};
        const bool digit =
            (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        // "0x" alone is the prefix of nothing.
        const bool prefix = c == 'x' || c == 'X';
        EXPECT_EQ(from_hex(std::string_view{text, 2}).has_value(), digit || prefix) << c;
    }
}

TEST(Hex, every_byte_comes_back) {
    Bytes all(256);
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint8_t>(i);
    EXPECT_EQ(from_hex(to_hex(all)), all);
}

TEST(Hex, fixed_length_takes_only_its_own) {
    EXPECT_EQ(fixed_from_hex<Two>("0x0102"), Two::from(Bytes{1, 2}));
    EXPECT_FALSE(fixed_from_hex<Two>("0x01"));
    EXPECT_FALSE(fixed_from_hex<Two>("0x010203"));
    EXPECT_FALSE(fixed_from_hex<Two>("0x010g"));
}

}  // namespace
}  // namespace cairn
