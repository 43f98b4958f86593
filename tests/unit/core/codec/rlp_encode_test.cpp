// SPDX-License-Identifier: MIT
#include "core/codec/rlp_encode.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "core/base/hex.hpp"

namespace cairn {
namespace {

using Word = FixedBytes<32, struct WordTag>;

std::string hex_of(const std::function<void(RlpWriter&)>& write) {
    Bytes out;
    RlpWriter w{out};
    write(w);
    EXPECT_EQ(w.depth(), 0U);
    return to_hex(out);
}

// The values here are those of the Ethereum wiki's RLP page and of ethereum/tests, rlptest.json.

TEST(RlpEncode, integers_take_the_shortest_form) {
    EXPECT_EQ(to_hex(rlp_encode(std::uint64_t{0})), "80");
    EXPECT_EQ(to_hex(rlp_encode(std::uint64_t{1})), "01");
    EXPECT_EQ(to_hex(rlp_encode(std::uint64_t{15})), "0f");
    EXPECT_EQ(to_hex(rlp_encode(std::uint64_t{0x7f})), "7f");
    EXPECT_EQ(to_hex(rlp_encode(std::uint64_t{0x80})), "8180");
    EXPECT_EQ(to_hex(rlp_encode(std::uint64_t{1024})), "820400");
    EXPECT_EQ(to_hex(rlp_encode(std::uint64_t{100000})), "830186a0");
    EXPECT_EQ(to_hex(rlp_encode(~std::uint64_t{0})), "88ffffffffffffffff");
}

TEST(RlpEncode, wide_integers_take_the_shortest_form) {
    EXPECT_EQ(to_hex(rlp_encode(Uint256{})), "80");
    EXPECT_EQ(to_hex(rlp_encode(Uint256{0x7f})), "7f");
    EXPECT_EQ(to_hex(rlp_encode(*parse_uint256("83729609699884896815286331701780722"))),
              "8f102030405060708090a0b0c0d0e0f2");
    EXPECT_EQ(to_hex(rlp_encode(*parse_uint256(
                  "105315505618206987246253880190783558935785933862974822347068935681"))),
              "9c0100020003000400050006000700080009000a000b000c000d000e01");
    EXPECT_EQ(to_hex(rlp_encode(Uint256{0, 1, 0, 0})), "89010000000000000000");
    EXPECT_EQ(to_hex(rlp_encode(Uint256::max())), "a0" + std::string(64, 'f'));
}

TEST(RlpEncode, every_integer_width_has_its_size) {
    for (unsigned bit = 0; bit < 256; ++bit) {
        const Uint256 x = Uint256{1} << bit;
        const Bytes encoded = rlp_encode(x);
        EXPECT_EQ(encoded.size(), rlp_size(x)) << bit;
        EXPECT_EQ(encoded.size(), bit < 7 ? 1 : 2 + bit / 8) << bit;
        if (bit < 64) {
            EXPECT_EQ(rlp_encode(x.low64()), encoded) << bit;
            EXPECT_EQ(rlp_size(x.low64()), encoded.size()) << bit;
        }
    }
}

TEST(RlpEncode, strings) {
    EXPECT_EQ(to_hex(rlp_encode(ByteView{})), "80");
    EXPECT_EQ(to_hex(rlp_encode(as_bytes("dog"))), "83646f67");
    EXPECT_EQ(to_hex(rlp_encode(Bytes{0x00})), "00");
    EXPECT_EQ(to_hex(rlp_encode(Bytes{0x7f})), "7f");
    EXPECT_EQ(to_hex(rlp_encode(Bytes{0x80})), "8180");
    EXPECT_EQ(to_hex(rlp_encode(Bytes{0x00, 0x01})), "820001");
}

TEST(RlpEncode, string_headers_on_both_sides_of_each_bound) {
    const auto header = [](std::size_t size) {
        const Bytes encoded = rlp_encode(Bytes(size, 0xaa));
        EXPECT_EQ(encoded.size(), rlp_size(Bytes(size, 0xaa)));
        EXPECT_EQ(encoded.size() - size, rlp_header_size(size));
        return to_hex(ByteView{encoded}.first(encoded.size() - size));
    };
    EXPECT_EQ(header(55), "b7");
    EXPECT_EQ(header(56), "b838");
    EXPECT_EQ(header(255), "b8ff");
    EXPECT_EQ(header(256), "b90100");
    EXPECT_EQ(header(1024), "b90400");
    EXPECT_EQ(header(65535), "b9ffff");
    EXPECT_EQ(header(65536), "ba010000");
    EXPECT_EQ(rlp_header_size(0xffffff), 4U);
    EXPECT_EQ(rlp_header_size(0x1000000), 5U);
    EXPECT_EQ(rlp_header_size(SIZE_MAX), 9U);
}

TEST(RlpEncode, list_headers_on_both_sides_of_each_bound) {
    const auto header = [](std::size_t payload) {
        const Bytes items(payload, 0x01);
        const Bytes encoded = rlp_encode_list(items);
        // Closing an open list must give the same bytes as knowing the size before.
        Bytes bracketed{0xee};
        RlpWriter w{bracketed};
        w.begin_list();
        for (std::size_t i = 0; i < payload; ++i) w.add(std::uint64_t{1});
        w.end_list();
        EXPECT_TRUE(equal(ByteView{bracketed}.subspan(1), encoded));
        EXPECT_EQ(encoded.size(), rlp_list_size(payload));
        return to_hex(ByteView{encoded}.first(encoded.size() - payload));
    };
    EXPECT_EQ(header(0), "c0");
    EXPECT_EQ(header(55), "f7");
    EXPECT_EQ(header(56), "f838");
    EXPECT_EQ(header(255), "f8ff");
    EXPECT_EQ(header(256), "f90100");
    EXPECT_EQ(header(65535), "f9ffff");
    EXPECT_EQ(header(65536), "fa010000");
    std::uint8_t out[kRlpHeaderMax];
    EXPECT_EQ(rlp_write_list_header(out, SIZE_MAX), 9U);
    EXPECT_EQ(to_hex(ByteView{out}), "ffffffffffffffffff");
}

TEST(RlpEncode, nested_lists) {
    // The set theoretical representation of three: [ [], [[]], [ [], [[]] ] ].
    EXPECT_EQ(hex_of([](RlpWriter& w) {
                  w.begin_list();
                  w.begin_list();
                  w.end_list();
                  w.begin_list();
                  w.begin_list();
                  w.end_list();
                  w.end_list();
                  w.begin_list();
                  w.begin_list();
                  w.end_list();
                  w.begin_list();
                  w.begin_list();
                  w.end_list();
                  w.end_list();
                  w.end_list();
                  w.end_list();
              }),
              "c7c0c1c0c3c0c1c0");
    EXPECT_EQ(hex_of([](RlpWriter& w) {
                  w.begin_list();
                  w.add(as_bytes("zw"));
                  w.list_header(1);
                  w.add(std::uint64_t{4});
                  w.add(std::uint64_t{1});
                  w.end_list();
              }),
              "c6827a77c10401");
}

TEST(RlpEncode, long_lists_inside_long_lists_move_what_is_inside) {
    // [[56 x 01] x 5]: each inner list closes with a two-byte header, as does the outer.
    std::string inner = "f838";
    for (int i = 0; i < 56; ++i) inner += "01";
    std::string want = "f90122";  // 5 * 58 = 290
    for (int i = 0; i < 5; ++i) want += inner;
    EXPECT_EQ(hex_of([](RlpWriter& w) {
                  w.begin_list();
                  for (int i = 0; i < 5; ++i) {
                      w.begin_list();
                      for (int k = 0; k < 56; ++k) w.add(std::uint8_t{1});
                      w.end_list();
                  }
                  w.end_list();
              }),
              want);
}

TEST(RlpEncode, other_kinds_of_items) {
    EXPECT_EQ(hex_of([](RlpWriter& w) { w.add(false); }), "80");
    EXPECT_EQ(hex_of([](RlpWriter& w) { w.add(true); }), "01");
    EXPECT_EQ(hex_of([](RlpWriter& w) { w.add(std::uint32_t{256}); }), "820100");
    EXPECT_EQ(hex_of([](RlpWriter& w) { w.add_empty(); }), "80");
    EXPECT_EQ(hex_of([](RlpWriter& w) { w.add(Word{}); }), "a0" + std::string(64, '0'));
    EXPECT_EQ(hex_of([](RlpWriter& w) { w.add(Bytes{1, 2}); }), "820102");
    EXPECT_EQ(hex_of([](RlpWriter& w) { w.add_raw(Bytes{0xc1, 0x05}); }), "c105");
}

TEST(RlpEncodeDeathTest, brackets_that_do_not_match_assert) {
    Bytes out;
    EXPECT_DEATH(RlpWriter{out}.end_list(), "depth_");
    EXPECT_DEATH(
        {
            RlpWriter w{out};
            for (std::size_t i = 0; i <= RlpWriter::kOpenListsMax; ++i) w.begin_list();
        },
        "kOpenListsMax");
}

TEST(RlpEncode, deepest_allowed_nesting_closes) {
    Bytes out;
    RlpWriter w{out};
    for (std::size_t i = 0; i < RlpWriter::kOpenListsMax; ++i) w.begin_list();
    for (std::size_t i = 0; i < RlpWriter::kOpenListsMax; ++i) w.end_list();
    EXPECT_EQ(out.size(), RlpWriter::kOpenListsMax);
    EXPECT_EQ(out.front(), 0xc0 + RlpWriter::kOpenListsMax - 1);
}

}  // namespace
}  // namespace cairn
