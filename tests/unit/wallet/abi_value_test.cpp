// SPDX-License-Identifier: MIT
#include "wallet/abi_value.hpp"

#include <gtest/gtest.h>

#include "core/base/hex.hpp"
#include "wallet/abi_text.hpp"

namespace cairn::wallet {
namespace {

/// A tuple type and a value of it, given as text.
struct Case {
    const char* type;
    const char* value;
    std::vector<std::string> words;
};

std::string join(const std::vector<std::string>& words) {
    std::string out;
    for (const auto& word : words) {
        // A word that ends in ~ is filled with zeros on the right, others on the left.
        const bool is_left = word.ends_with('~');
        const auto digits = is_left ? word.substr(0, word.size() - 1) : word;
        const std::string zeros(64 - digits.size(), '0');
        out += is_left ? digits + zeros : zeros + digits;
    }
    return out;
}

/// The examples of the ABI specification ("Examples", "Use of Dynamic Types"), then what ethers
/// 6.13.4 encodes.
const std::vector<Case>& cases() {
    static const std::vector<Case> kCases{
        {"(uint32,bool)", "(69,true)", {"45", "1"}},
        {"(bytes3[2])", "([0x616263,0x646566])", {"616263~", "646566~"}},
        {"(bytes,bool,uint256[])",
         "(0x64617665,true,[1,2,3])",
         {"60", "1", "a0", "4", "64617665~", "3", "1", "2", "3"}},
        {"(uint256,uint32[],bytes10,bytes)",
         "(0x123,[0x456,0x789],0x31323334353637383930,0x48656c6c6f2c20776f726c6421)",
         {"123", "80", "31323334353637383930~", "e0", "2", "456", "789", "d",
          "48656c6c6f2c20776f726c6421~"}},
        {"(uint256[][],string[])",
         R"(([[1,2],[3]],["one","two","three"]))",
         {"40", "140", "2",  "40", "a0", "2",       "1", "2",       "1", "3",
          "3",  "60",  "a0", "e0", "3",  "6f6e65~", "3", "74776f~", "5", "7468726565~"}},
        {"(int8,int128,bool,bytes4)",
         "(-128,-170141183460469231731687303715884105728,true,0xdeadbeef)",
         {"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff80",
          "ffffffffffffffffffffffffffffffff80000000000000000000000000000000", "1", "deadbeef~"}},
        {"((address,(int8,string)[])[2],int256,bytes32[])",
         R"(([(0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826,[(-1,"one"),(127,"")]),)"
         R"((0x0000000000000000000000000000000000000001,[])],-5,)"
         "[0xabababababababababababababababababababababababababababababababab])",
         {"60",
          "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffb",
          "280",
          "40",
          "1c0",
          "cd2a3d9f938e13cd947ec05abc7fe734df8dd826",
          "40",
          "2",
          "40",
          "c0",
          "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
          "40",
          "3",
          "6f6e65~",
          "7f",
          "40",
          "0",
          "1",
          "40",
          "0",
          "1",
          "abababababababababababababababababababababababababababababababab"}},
    };
    return kCases;
}

AbiType tuple(std::string_view text) {
    const auto type = parse_abi_type(text);
    EXPECT_TRUE(type.has_value()) << text;
    return *type;
}

AbiDecodeError decode_error(std::string_view type, const std::vector<std::string>& words) {
    const auto value = decode_abi(tuple(type), *from_hex(join(words)));
    EXPECT_FALSE(value.has_value()) << type;
    return value ? AbiDecodeError::Truncated : value.error();
}

TEST(AbiValue, vectors_both_ways) {
    for (const auto& c : cases()) {
        const auto type = tuple(c.type);
        const auto value = parse_abi_value(type, c.value);
        ASSERT_TRUE(value.has_value()) << c.value << ": " << to_string(value.error());
        const auto encoded = encode_abi(type, *value);
        ASSERT_TRUE(encoded.has_value());
        EXPECT_EQ(to_hex(*encoded), join(c.words)) << c.type;
        const auto decoded = decode_abi(type, *encoded);
        ASSERT_TRUE(decoded.has_value()) << c.type << ": " << to_string(decoded.error());
        EXPECT_EQ(*decoded, *value) << c.type;
    }
}

TEST(AbiValue, cut_anywhere_is_an_error) {
    for (const auto& c : cases()) {
        const auto bytes = *from_hex(join(c.words));
        for (std::size_t length = 0; length < bytes.size(); ++length) {
            const auto value = decode_abi(tuple(c.type), ByteView{bytes}.first(length));
            EXPECT_FALSE(value.has_value()) << c.type << " of " << length << " bytes";
        }
    }
    EXPECT_EQ(decode_error("(uint32,bool)", {"45"}), AbiDecodeError::Truncated);
}

TEST(AbiValue, bytes_behind_the_value_are_passed_over) {
    const auto value = decode_abi(tuple("(bool)"), *from_hex(join({"1", "ff"})));
    ASSERT_TRUE(value.has_value());
    EXPECT_EQ(value->parts[0].number, Uint256{1});
}

TEST(AbiValue, numbers_keep_their_range) {
    const std::string ones(64, 'f');
    EXPECT_EQ(decode_error("(bool)", {"2"}), AbiDecodeError::Range);
    EXPECT_EQ(decode_error("(uint8)", {"100"}), AbiDecodeError::Range);
    EXPECT_EQ(decode_error("(int8)", {"80"}), AbiDecodeError::Range);
    EXPECT_EQ(decode_error("(int8)", {std::string(62, 'f') + "7f"}), AbiDecodeError::Range);
    EXPECT_EQ(decode_error("(uint248)", {ones}), AbiDecodeError::Range);
    for (const auto& [type, word] :
         std::vector<std::pair<const char*, std::string>>{{"(uint8)", "ff"},
                                                          {"(int8)", "7f"},
                                                          {"(int8)", std::string(62, 'f') + "80"},
                                                          {"(uint256)", ones},
                                                          {"(int256)", ones}})
        EXPECT_TRUE(decode_abi(tuple(type), *from_hex(join({word}))).has_value()) << type;
}

TEST(AbiValue, padding_is_zero) {
    EXPECT_EQ(decode_error("(address)", {std::string(41, '1')}), AbiDecodeError::Padding);
    EXPECT_EQ(decode_error("(bytes4)", {"deadbeef01~"}), AbiDecodeError::Padding);
    EXPECT_EQ(decode_error("(function)", {std::string(49, '1') + '~'}), AbiDecodeError::Padding);
    EXPECT_EQ(decode_error("(bytes)", {"20", "1", "aabb~"}), AbiDecodeError::Padding);
}

TEST(AbiValue, offsets_stay_between_head_and_end) {
    EXPECT_EQ(decode_error("(bytes)", {"1f", "0"}), AbiDecodeError::Offset);
    EXPECT_EQ(decode_error("(bytes)", {"0", "0"}), AbiDecodeError::Offset);
    EXPECT_EQ(decode_error("(bytes)", {"41", "0"}), AbiDecodeError::Offset);
    EXPECT_EQ(decode_error("(bytes)", {std::string(64, 'f'), "0"}), AbiDecodeError::Offset);
    EXPECT_EQ(decode_error("(bytes)", {"40", "0"}), AbiDecodeError::Truncated);
}

TEST(AbiValue, lengths_stay_within_the_data) {
    EXPECT_EQ(decode_error("(bytes)", {"20", "1"}), AbiDecodeError::Truncated);
    EXPECT_EQ(decode_error("(bytes)", {"20", std::string(64, 'f')}), AbiDecodeError::Truncated);
    EXPECT_EQ(decode_error("(uint8[])", {"20", "2", "1"}), AbiDecodeError::Truncated);
    EXPECT_EQ(decode_error("(uint8[])", {"20", "ffffffffffffffff"}), AbiDecodeError::Truncated);
    EXPECT_EQ(decode_error("(uint8[][65536])", {"20", "20"}), AbiDecodeError::Truncated);
}

TEST(AbiValue, no_byte_is_read_twice) {
    // Two strings behind one offset.
    EXPECT_EQ(decode_error("(string,string)", {"40", "40", "1", "61~"}), AbiDecodeError::Overlap);
    // Nested arrays whose every element leads to the same inner array: 2^16 values out of a few
    // words.
    EXPECT_EQ(decode_error("(uint8[][])", {"20", "4", "80", "80", "80", "80", "2", "1", "2"}),
              AbiDecodeError::Overlap);
}

TEST(AbiValue, values_of_the_wrong_shape_are_not_encoded) {
    const auto error_of = [](const char* type, const AbiValue& part) {
        AbiValue value;
        value.parts.push_back(part);
        const auto bytes = encode_abi(tuple(type), value);
        EXPECT_FALSE(bytes.has_value()) << type;
        return bytes ? AbiValueError::Syntax : bytes.error();
    };
    EXPECT_EQ(error_of("(uint8)", {Uint256{256}, {}, {}}), AbiValueError::Range);
    EXPECT_EQ(error_of("(bool)", {Uint256{2}, {}, {}}), AbiValueError::Range);
    EXPECT_EQ(error_of("(address)", {{}, Bytes(19), {}}), AbiValueError::Length);
    EXPECT_EQ(error_of("(bytes4)", {{}, Bytes(5), {}}), AbiValueError::Length);
    EXPECT_EQ(error_of("(uint8[2])", {{}, {}, {AbiValue{}}}), AbiValueError::Count);
    EXPECT_EQ(error_of("(bool,bool)", {}), AbiValueError::Count);
}

TEST(AbiValue, topics_are_words_or_hashes) {
    const Bytes word = *from_hex(join({"7f"}));
    EXPECT_EQ(decode_abi_topic(*parse_abi_type("uint8"), word)->number, Uint256{0x7f});
    EXPECT_EQ(decode_abi_topic(*parse_abi_type("string"), word)->bytes, word);
    EXPECT_TRUE(is_hashed_topic(*parse_abi_type("bytes")));
    EXPECT_TRUE(is_hashed_topic(*parse_abi_type("uint8[2]")));
    EXPECT_FALSE(is_hashed_topic(*parse_abi_type("bytes32")));
    EXPECT_EQ(decode_abi_topic(*parse_abi_type("bool"), word).error(), AbiDecodeError::Range);
    EXPECT_EQ(decode_abi_topic(*parse_abi_type("bool"), Bytes(31)).error(),
              AbiDecodeError::Truncated);
}

}  // namespace
}  // namespace cairn::wallet
