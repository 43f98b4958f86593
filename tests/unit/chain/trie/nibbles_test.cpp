// SPDX-License-Identifier: MIT
#include "chain/trie/nibbles.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "core/base/hex.hpp"

namespace cairn::chain::test {
namespace {

Nibbles path_of(const std::vector<unsigned>& nibbles) {
    Nibbles out;
    for (const unsigned n : nibbles) out.push(n);
    return out;
}

std::string hex_prefix(const Nibbles& key, std::size_t begin, std::size_t end, bool is_leaf) {
    std::array<std::uint8_t, kHexPrefixMax> out;
    return to_hex({out.data(), write_hex_prefix(key, begin, end, is_leaf, out.data())});
}

TEST(Nibbles, key_bytes_become_high_then_low_nibble) {
    const auto key = Nibbles::from_key(from_hex("1a2b").value());
    EXPECT_EQ(key, path_of({1, 10, 2, 11}));
    EXPECT_EQ(key[1], 10);
    EXPECT_EQ(Nibbles::from_key({}).size, 0);
    EXPECT_EQ(Nibbles::from_key(Bytes(32, 0xff)).size, 64);
}

TEST(Nibbles, prefix_clears_what_follows) {
    const auto key = path_of({1, 2, 3, 4, 5});
    EXPECT_EQ(key.prefix(0), Nibbles{});
    EXPECT_EQ(key.prefix(2), path_of({1, 2}));
    EXPECT_EQ(key.prefix(3), path_of({1, 2, 3}));
    EXPECT_EQ(key.prefix(5), key);
    EXPECT_DEATH((void)key.prefix(6), "");
}

TEST(Nibbles, order_is_that_of_a_depth_first_walk) {
    const std::vector<Nibbles> walk = {
        {},           path_of({0}),    path_of({0, 0}),  path_of({0, 1}),
        path_of({1}), path_of({1, 0}), path_of({1, 15}), path_of({2})};
    for (std::size_t i = 0; i < walk.size(); ++i)
        for (std::size_t j = 0; j < walk.size(); ++j)
            EXPECT_EQ(walk[i] < walk[j], i < j) << i << " " << j;
}

TEST(Nibbles, common_prefix_stops_at_the_first_difference_and_at_the_shorter_end) {
    for (std::size_t at = 0; at < 64; ++at) {
        Bytes a(32, 0x55);
        Bytes b = a;
        b[at / 2] ^= static_cast<std::uint8_t>(at % 2 == 0 ? 0x10 : 0x01);
        EXPECT_EQ(common_prefix(Nibbles::from_key(a), Nibbles::from_key(b)), at);
    }
    const auto whole = Nibbles::from_key(Bytes(32, 0));
    EXPECT_EQ(common_prefix(whole, whole), 64U);
    EXPECT_EQ(common_prefix(whole, whole.prefix(7)), 7U);
    EXPECT_TRUE(starts_with(whole, whole.prefix(7)));
    EXPECT_FALSE(starts_with(whole.prefix(7), whole));
    EXPECT_FALSE(starts_with(path_of({1, 2, 3}), path_of({1, 3})));
}

TEST(Nibbles, sixty_fifth_nibble_asserts) {
    auto whole = Nibbles::from_key(Bytes(32, 0));
    EXPECT_DEATH(whole.push(1), "");
    EXPECT_DEATH((void)Nibbles::from_key(Bytes(33, 0)), "");
}

// The four examples of the Ethereum wiki, "Patricia Tree", section "Compact encoding of hex
// sequence".
TEST(HexPrefix, examples_of_the_specification) {
    EXPECT_EQ(hex_prefix(path_of({1, 2, 3, 4, 5}), 0, 5, false), "112345");
    EXPECT_EQ(hex_prefix(path_of({0, 1, 2, 3, 4, 5}), 0, 6, false), "00012345");
    EXPECT_EQ(hex_prefix(path_of({0, 15, 1, 12, 11, 8}), 0, 6, true), "200f1cb8");
    EXPECT_EQ(hex_prefix(path_of({15, 1, 12, 11, 8}), 0, 5, true), "3f1cb8");
    EXPECT_EQ(hex_prefix({}, 0, 0, true), "20");
}

TEST(HexPrefix, every_range_reads_back) {
    const auto key = Nibbles::from_key(
        from_hex("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef").value());
    for (std::size_t begin = 0; begin <= 64; ++begin) {
        for (std::size_t end = begin; end <= 64; ++end) {
            std::array<std::uint8_t, kHexPrefixMax> out;
            const bool wants_leaf = (begin + end) % 3 == 0;
            const ByteView form{out.data(),
                                write_hex_prefix(key, begin, end, wants_leaf, out.data())};
            Nibbles path = key.prefix(begin);
            bool is_leaf = !wants_leaf;
            ASSERT_TRUE(append_hex_prefix(form, path, is_leaf));
            ASSERT_EQ(path, key.prefix(end));
            ASSERT_EQ(is_leaf, wants_leaf);
        }
    }
}

TEST(HexPrefix, malformed_forms_are_refused) {
    bool is_leaf = false;
    for (const char* form : {"", "40", "80", "ff", "01", "21", "0f12"}) {
        Nibbles path;
        EXPECT_FALSE(append_hex_prefix(from_hex(form).value(), path, is_leaf)) << form;
    }
    Nibbles full;
    EXPECT_TRUE(append_hex_prefix(from_hex("00" + std::string(64, '1')).value(), full, is_leaf));
    EXPECT_EQ(full.size, 64);
    Nibbles one_more;
    EXPECT_FALSE(
        append_hex_prefix(from_hex("11" + std::string(64, '1')).value(), one_more, is_leaf));
    Nibbles room_for_one = full.prefix(63);
    EXPECT_TRUE(append_hex_prefix(from_hex("17").value(), room_for_one, is_leaf));
    Nibbles no_room = full;
    EXPECT_FALSE(append_hex_prefix(from_hex("17").value(), no_room, is_leaf));
    EXPECT_TRUE(append_hex_prefix(from_hex("20").value(), no_room, is_leaf));
}

}  // namespace
}  // namespace cairn::chain::test
