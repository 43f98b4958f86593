// SPDX-License-Identifier: MIT
#include "core/base/bytes.hpp"

#include <gtest/gtest.h>

namespace cairn {
namespace {

TEST(Bytes, big_endian_loads_read_the_first_byte_as_highest) {
    const std::uint8_t p[] = {0xff, 1, 2, 3, 4, 5, 6, 7, 8};
    EXPECT_EQ(load_be64(p + 1), 0x0102030405060708ULL);
    EXPECT_EQ(load_be32(p + 1), 0x01020304U);
    EXPECT_EQ(load_le64(p + 1), 0x0807060504030201ULL);
    EXPECT_EQ(load_le32(p + 1), 0x04030201U);
}

TEST(Bytes, stores_write_exactly_their_width) {
    std::uint8_t p[10] = {};
    store_be64(p + 1, 0x0102030405060708ULL);
    EXPECT_EQ((Bytes{p, p + 10}), (Bytes{0, 1, 2, 3, 4, 5, 6, 7, 8, 0}));
    store_le64(p + 1, 0x0102030405060708ULL);
    EXPECT_EQ((Bytes{p, p + 10}), (Bytes{0, 8, 7, 6, 5, 4, 3, 2, 1, 0}));
    std::uint8_t q[6] = {};
    store_be32(q + 1, 0x01020304U);
    EXPECT_EQ((Bytes{q, q + 6}), (Bytes{0, 1, 2, 3, 4, 0}));
    store_le32(q + 1, 0x01020304U);
    EXPECT_EQ((Bytes{q, q + 6}), (Bytes{0, 4, 3, 2, 1, 0}));
}

TEST(Bytes, text_and_bytes_are_the_same_memory) {
    constexpr std::string_view kText = "cairn";
    EXPECT_EQ(as_text(as_bytes(kText)), kText);
    EXPECT_EQ(to_bytes(as_bytes("ab")), (Bytes{'a', 'b'}));
    EXPECT_TRUE(as_bytes("").empty());
}

TEST(Bytes, equal_compares_length_and_content) {
    EXPECT_TRUE(equal(as_bytes("ab"), as_bytes("ab")));
    EXPECT_FALSE(equal(as_bytes("ab"), as_bytes("abc")));
    EXPECT_FALSE(equal(as_bytes("ab"), as_bytes("ac")));
    EXPECT_TRUE(equal({}, {}));
}

TEST(Bytes, append_adds_at_the_end) {
    Bytes out{1};
    append(out, Bytes{2, 3});
    append(out, {});
    EXPECT_EQ(out, (Bytes{1, 2, 3}));
}

}  // namespace
}  // namespace cairn
