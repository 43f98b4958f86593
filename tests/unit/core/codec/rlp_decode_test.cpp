// SPDX-License-Identifier: MIT
#include "core/codec/rlp_decode.hpp"

#include <gtest/gtest.h>

#include <set>

#include "core/base/hex.hpp"
#include "core/codec/rlp_encode.hpp"

namespace cairn {
namespace {

using Word = FixedBytes<32, struct WordTag>;
using Pair = FixedBytes<2, struct PairTag>;

Bytes hex(std::string_view text) {
    return *from_hex(text);
}

template <class T>
RlpError error_of(std::string_view text) {
    const auto got = rlp_decode<T>(hex(text));
    return got ? RlpError::None : got.error();
}

RlpError item_error(std::string_view text) {
    const auto got = rlp_decode_item(hex(text));
    return got ? RlpError::None : got.error();
}

RlpError validate_error(std::string_view text, const RlpLimits& limits = {}) {
    const auto got = rlp_validate(hex(text), limits);
    return got ? RlpError::None : got.error();
}

TEST(RlpDecode, headers_that_are_not_canonical) {
    EXPECT_EQ(item_error(""), RlpError::Truncated);
    EXPECT_EQ(item_error("8100"), RlpError::NonCanonicalSingleByte);
    EXPECT_EQ(item_error("817f"), RlpError::NonCanonicalSingleByte);
    EXPECT_EQ(item_error("8180"), RlpError::None);
    EXPECT_EQ(item_error("b800"), RlpError::LengthLeadingZero);
    EXPECT_EQ(item_error("b90038" + std::string(112, '0')), RlpError::LengthLeadingZero);
    EXPECT_EQ(item_error("f90038" + std::string(112, '0')), RlpError::LengthLeadingZero);
    EXPECT_EQ(item_error("b837" + std::string(110, '0')), RlpError::LengthNotLong);
    EXPECT_EQ(item_error("f837" + std::string(110, '0')), RlpError::LengthNotLong);
    EXPECT_EQ(item_error("b838" + std::string(112, '0')), RlpError::None);
    EXPECT_EQ(item_error("f838" + std::string(112, '0')), RlpError::None);
    EXPECT_EQ(item_error("bfffffffffffffffff"), RlpError::LengthTooLarge);
    EXPECT_EQ(item_error("fffffffffffffffff6"), RlpError::Truncated);
    EXPECT_EQ(item_error("fffffffffffffffff7"), RlpError::LengthTooLarge);
    EXPECT_EQ(item_error("fb7fffffff"), RlpError::Truncated);
}

TEST(RlpDecode, cut_off_and_overlong_inputs) {
    EXPECT_EQ(item_error("83646f"), RlpError::Truncated);
    EXPECT_EQ(item_error("b8"), RlpError::Truncated);
    EXPECT_EQ(item_error("b901"), RlpError::Truncated);
    EXPECT_EQ(item_error("c201"), RlpError::Truncated);
    EXPECT_EQ(item_error("0000"), RlpError::TrailingBytes);
    EXPECT_EQ(item_error("c000"), RlpError::TrailingBytes);
}

TEST(RlpDecode, item_shows_kind_payload_and_encoding) {
    const Bytes input = hex("83646f67");
    const auto text = rlp_decode_item(input);
    ASSERT_TRUE(text);
    EXPECT_FALSE(text->is_list);
    EXPECT_EQ(as_text(text->payload), "dog");
    EXPECT_TRUE(equal(text->encoded, input));
    const Bytes single = hex("05");
    EXPECT_TRUE(equal(rlp_decode_item(single)->payload, single));
    EXPECT_TRUE(rlp_decode_item(hex("c0"))->is_list);
    EXPECT_TRUE(rlp_decode_item(hex("80"))->payload.empty());
}

TEST(RlpDecode, take_item_leaves_the_rest_and_nothing_on_error) {
    const Bytes input = hex("83646f67c10581");
    ByteView rest{input};
    ASSERT_TRUE(rlp_take_item(rest));
    EXPECT_EQ(to_hex(rest), "c10581");
    ASSERT_TRUE(rlp_take_item(rest));
    EXPECT_EQ(to_hex(rest), "81");
    EXPECT_EQ(rlp_take_item(rest).error(), RlpError::Truncated);
    EXPECT_EQ(to_hex(rest), "81");
}

TEST(RlpDecode, integers_are_canonical_and_within_their_width) {
    EXPECT_EQ(*rlp_decode<std::uint64_t>(hex("80")), 0U);
    EXPECT_EQ(*rlp_decode<std::uint64_t>(hex("7f")), 127U);
    EXPECT_EQ(*rlp_decode<std::uint64_t>(hex("88ffffffffffffffff")), ~0ULL);
    EXPECT_EQ(error_of<std::uint64_t>("00"), RlpError::IntegerLeadingZero);
    EXPECT_EQ(error_of<std::uint64_t>("820001"), RlpError::IntegerLeadingZero);
    EXPECT_EQ(error_of<std::uint64_t>("89010000000000000000"), RlpError::IntegerTooWide);
    EXPECT_EQ(error_of<std::uint64_t>("c0"), RlpError::ExpectedString);
    EXPECT_EQ(error_of<std::uint64_t>("0101"), RlpError::TrailingBytes);
    EXPECT_EQ(*rlp_decode<std::uint32_t>(hex("84ffffffff")), ~0U);
    EXPECT_EQ(error_of<std::uint32_t>("850100000000"), RlpError::IntegerTooWide);
    EXPECT_EQ(*rlp_decode<std::uint8_t>(hex("81ff")), 255U);
    EXPECT_EQ(error_of<std::uint8_t>("820100"), RlpError::IntegerTooWide);
    EXPECT_EQ(*rlp_decode<Uint256>(hex("a0" + std::string(64, 'f'))), Uint256::max());
    EXPECT_EQ(error_of<Uint256>("a101" + std::string(64, '0')), RlpError::IntegerTooWide);
    EXPECT_EQ(error_of<Uint256>("a000" + std::string(62, '1')), RlpError::IntegerLeadingZero);
    EXPECT_FALSE(*rlp_decode<bool>(hex("80")));
    EXPECT_TRUE(*rlp_decode<bool>(hex("01")));
    EXPECT_EQ(error_of<bool>("02"), RlpError::BoolOutOfRange);
    EXPECT_EQ(error_of<bool>("00"), RlpError::IntegerLeadingZero);
}

TEST(RlpDecode, every_integer_comes_back) {
    for (unsigned bit = 0; bit < 256; ++bit)
        for (const Uint256& x : {Uint256{1} << bit, (Uint256{1} << bit) - Uint256{1}}) {
            EXPECT_EQ(*rlp_decode<Uint256>(rlp_encode(x)), x);
            if (x.fits_u64()) {
                EXPECT_EQ(*rlp_decode<std::uint64_t>(rlp_encode(x)), x.low64());
            }
        }
}

TEST(RlpDecode, fixed_bytes_take_only_their_length) {
    EXPECT_EQ(*rlp_decode<Pair>(hex("820001")), Pair::from(Bytes{0, 1}));
    EXPECT_EQ(error_of<Pair>("01"), RlpError::WrongLength);
    EXPECT_EQ(error_of<Pair>("80"), RlpError::WrongLength);
    EXPECT_EQ(error_of<Pair>("83000102"), RlpError::WrongLength);
    EXPECT_EQ(error_of<Pair>("c0"), RlpError::ExpectedString);
    EXPECT_EQ(error_of<Word>("9f" + std::string(62, '1')), RlpError::WrongLength);
}

TEST(RlpReader, reads_a_structure_field_by_field) {
    Bytes out;
    RlpWriter w{out};
    w.begin_list();
    w.add(std::uint64_t{7});
    w.add(Pair::from(Bytes{1, 2}));
    w.begin_list();
    w.add(std::uint64_t{1});
    w.add(std::uint64_t{2});
    w.end_list();
    w.add(as_bytes("text"));
    w.add_empty();
    w.end_list();

    RlpReader r = RlpReader::of_list(out);
    std::uint64_t seven = 0;
    Pair pair;
    EXPECT_EQ(r.count(), 5U);
    EXPECT_EQ(r.count(5), 5U);
    EXPECT_TRUE(r.read(seven));
    EXPECT_TRUE(r.read(pair));
    EXPECT_TRUE(r.peek()->is_list);
    RlpReader list = r.list();
    std::uint64_t sum = 0;
    while (!list.at_end()) {
        std::uint64_t x = 0;
        list.read(x);
        sum += x;
    }
    EXPECT_TRUE(list.finish());
    Bytes text;
    EXPECT_TRUE(r.read_bytes(text, 4));
    bool present = true;
    EXPECT_TRUE(r.read_optional(pair, present));
    EXPECT_TRUE(r.at_end());
    EXPECT_TRUE(r.finish());
    EXPECT_EQ(seven, 7U);
    EXPECT_EQ(pair, Pair::from(Bytes{1, 2}));
    EXPECT_EQ(sum, 3U);
    EXPECT_EQ(as_text(text), "text");
    EXPECT_FALSE(present);
}

TEST(RlpReader, of_list_refuses_what_is_not_one_list) {
    EXPECT_EQ(RlpReader::of_list(hex("83646f67")).error(), RlpError::ExpectedList);
    EXPECT_EQ(RlpReader::of_list(hex("c000")).error(), RlpError::TrailingBytes);
    EXPECT_EQ(RlpReader::of_list({}).error(), RlpError::Truncated);
    EXPECT_EQ(RlpReader::of_list(hex("f800")).error(), RlpError::LengthLeadingZero);
    EXPECT_FALSE(RlpReader::of_list(hex("c0")).failed());
}

TEST(RlpReader, first_error_sticks_and_outputs_stay) {
    const Bytes input = hex("c3010002");
    RlpReader r = RlpReader::of_list(input);
    std::uint64_t x = 9;
    EXPECT_TRUE(r.read(x));
    EXPECT_FALSE(r.read(x));
    EXPECT_EQ(x, 1U);
    EXPECT_EQ(r.error(), RlpError::IntegerLeadingZero);
    EXPECT_TRUE(r.at_end());
    EXPECT_FALSE(r.read(x));
    EXPECT_FALSE(r.fail(RlpError::TooDeep));
    EXPECT_FALSE(r.peek());
    EXPECT_TRUE(r.list().failed());
    EXPECT_EQ(r.finish().error(), RlpError::IntegerLeadingZero);
}

TEST(RlpReader, items_missing_left_over_or_cut_by_the_list) {
    std::uint64_t x = 0;
    const Bytes one = hex("c101");
    RlpReader missing = RlpReader::of_list(one);
    missing.read(x);
    EXPECT_EQ(missing.peek().error(), RlpError::MissingItem);
    EXPECT_FALSE(missing.failed());
    missing.read(x);
    EXPECT_EQ(missing.finish().error(), RlpError::MissingItem);
    const Bytes two = hex("c20102");
    RlpReader extra = RlpReader::of_list(two);
    extra.read(x);
    EXPECT_EQ(extra.finish().error(), RlpError::ExtraItem);
    const Bytes cut = hex("c28301");
    RlpReader overrun = RlpReader::of_list(cut);
    EXPECT_EQ(overrun.peek().error(), RlpError::ItemOverrunsList);
    overrun.skip();
    EXPECT_EQ(overrun.finish().error(), RlpError::ItemOverrunsList);
}

TEST(RlpReader, kind_and_length_of_strings_and_lists) {
    const Bytes input = hex("c483010203");
    ByteView view;
    RlpReader at_bound = RlpReader::of_list(input);
    EXPECT_TRUE(at_bound.read_view(view, 3));
    RlpReader beyond = RlpReader::of_list(input);
    EXPECT_FALSE(beyond.read_view(view, 2));
    EXPECT_EQ(beyond.error(), RlpError::StringTooLong);
    RlpReader as_list = RlpReader::of_list(input);
    EXPECT_EQ(as_list.list().error(), RlpError::ExpectedList);
    EXPECT_EQ(as_list.error(), RlpError::ExpectedList);
    RlpReader exact = RlpReader::of_list(input);
    EXPECT_FALSE(exact.read_exact(view, 4));
    EXPECT_EQ(exact.error(), RlpError::WrongLength);
    Pair pair;
    bool present = false;
    RlpReader optional = RlpReader::of_list(input);
    EXPECT_FALSE(optional.read_optional(pair, present));
    EXPECT_EQ(optional.error(), RlpError::WrongLength);
}

TEST(RlpReader, count_has_a_bound_and_finds_bad_headers) {
    const Bytes three = hex("c3010203");
    RlpReader at_bound = RlpReader::of_list(three);
    EXPECT_EQ(at_bound.count(3), 3U);
    EXPECT_FALSE(at_bound.failed());
    RlpReader beyond = RlpReader::of_list(three);
    EXPECT_EQ(beyond.count(2), 0U);
    EXPECT_EQ(beyond.error(), RlpError::TooManyItems);
    const Bytes bad = hex("c3018100");
    RlpReader faulty = RlpReader::of_list(bad);
    EXPECT_EQ(faulty.count(), 0U);
    EXPECT_EQ(faulty.error(), RlpError::NonCanonicalSingleByte);
}

TEST(RlpValidate, walks_to_the_bottom) {
    EXPECT_EQ(validate_error("c7c0c1c0c3c0c1c0"), RlpError::None);
    EXPECT_EQ(validate_error("80"), RlpError::None);
    EXPECT_EQ(validate_error("c4c3c28100"), RlpError::NonCanonicalSingleByte);
    EXPECT_EQ(validate_error("c3c28401"), RlpError::ItemOverrunsList);
    EXPECT_EQ(validate_error("c3c10000"), RlpError::None);
    EXPECT_EQ(validate_error("c1c000"), RlpError::TrailingBytes);
    EXPECT_EQ(validate_error(""), RlpError::Truncated);
}

TEST(RlpValidate, depth_and_size_hold_at_the_bound_and_fail_beyond) {
    EXPECT_EQ(validate_error("05", {.depth_max = 0}), RlpError::None);
    EXPECT_EQ(validate_error("c0", {.depth_max = 0}), RlpError::TooDeep);
    EXPECT_EQ(validate_error("c2c1c0", {.depth_max = 3}), RlpError::None);
    EXPECT_EQ(validate_error("c2c1c0", {.depth_max = 2}), RlpError::TooDeep);
    EXPECT_EQ(validate_error("c2c0c0", {.depth_max = 2}), RlpError::None);
    EXPECT_EQ(validate_error("c2c1c0", {.bytes_max = 3}), RlpError::None);
    EXPECT_EQ(validate_error("c2c1c0", {.bytes_max = 2}), RlpError::TooLarge);
    Bytes deep;
    for (std::size_t i = 0; i < kRlpDepthMax; ++i) deep = rlp_encode_list(deep);
    EXPECT_TRUE(rlp_validate(deep, {.depth_max = kRlpDepthMax}));
    deep = rlp_encode_list(deep);
    EXPECT_EQ(rlp_validate(deep, {.depth_max = kRlpDepthMax}).error(), RlpError::TooDeep);
}

TEST(RlpValidateDeathTest, depth_limit_beyond_the_walk_asserts) {
    EXPECT_DEATH((void)rlp_validate(hex("c0"), {.depth_max = kRlpDepthMax + 1}), "kRlpDepthMax");
}

/// A block's worth of shapes: short and long strings and lists, nested.
Bytes sample() {
    Bytes out;
    RlpWriter w{out};
    w.begin_list();
    w.add(Word{});
    w.add(std::uint64_t{1'000'000});
    w.begin_list();
    for (std::uint64_t i = 0; i < 40; ++i) {
        w.begin_list();
        w.add(i);
        w.add(Uint256::max() - Uint256{i});
        w.add(Bytes(60, 0xab));
        w.end_list();
    }
    w.end_list();
    w.add(Bytes(300, 0));
    w.add_empty();
    w.end_list();
    return out;
}

TEST(RlpValidate, cutting_at_every_byte_is_found) {
    const Bytes whole = sample();
    ASSERT_TRUE(rlp_validate(whole));
    for (std::size_t n = 0; n < whole.size(); ++n) {
        // A copy of its own length, so that a sanitizer sees a read past the end.
        const Bytes cut{whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n)};
        EXPECT_EQ(rlp_validate(cut).error(), RlpError::Truncated) << n;
        EXPECT_EQ(RlpReader::of_list(cut).error(), RlpError::Truncated) << n;
    }
    Bytes longer = whole;
    longer.push_back(0);
    EXPECT_EQ(rlp_validate(longer).error(), RlpError::TrailingBytes);
}

TEST(RlpValidate, cutting_inside_a_list_at_every_byte_is_found) {
    // The outer header is mended, so that the list's end is what cuts the item off.
    const Bytes whole = sample();
    const auto items = RlpReader::of_list(whole).rest();
    std::size_t cut_whole_items = 0;
    for (std::size_t n = 0; n < items.size(); ++n) {
        const auto verdict = rlp_validate(rlp_encode_list(items.first(n)));
        if (verdict)
            ++cut_whole_items;
        else
            EXPECT_EQ(verdict.error(), RlpError::ItemOverrunsList) << n;
    }
    EXPECT_EQ(cut_whole_items, 5U);  // between the five items, the empty list among them
}

TEST(RlpError, every_enumerator_has_its_name) {
    std::set<std::string_view> names;
    for (unsigned i = 0; i <= static_cast<unsigned>(RlpError::TooLarge); ++i)
        names.insert(to_string(static_cast<RlpError>(i)));
    EXPECT_EQ(names.size(), static_cast<std::size_t>(RlpError::TooLarge) + 1);
    EXPECT_FALSE(names.contains("unknown"));
}

}  // namespace
}  // namespace cairn
