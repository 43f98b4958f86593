// SPDX-License-Identifier: MIT
#include "wallet/abi_type.hpp"

#include <gtest/gtest.h>

namespace cairn::wallet {
namespace {

std::string canonical(std::string_view text) {
    const auto type = parse_abi_type(text);
    EXPECT_TRUE(type.has_value()) << text << ": " << (type ? "" : to_string(type.error()));
    return type ? canonical_name(*type) : "";
}

AbiTypeError error_of(std::string_view text) {
    const auto type = parse_abi_type(text);
    EXPECT_FALSE(type.has_value()) << text;
    return type ? AbiTypeError::Syntax : type.error();
}

TEST(AbiType, canonical_names_have_no_aliases_and_no_names) {
    EXPECT_EQ(canonical("uint"), "uint256");
    EXPECT_EQ(canonical("int"), "int256");
    EXPECT_EQ(canonical("byte"), "bytes1");
    EXPECT_EQ(canonical("fixed"), "fixed128x18");
    EXPECT_EQ(canonical("ufixed"), "ufixed128x18");
    EXPECT_EQ(canonical("ufixed8x80"), "ufixed8x80");
    EXPECT_EQ(canonical("function"), "function");
    EXPECT_EQ(canonical(" tuple(address to, uint[2][] amounts)[3] "), "(address,uint256[2][])[3]");
    EXPECT_EQ(canonical("(bool,(bytes,string[]) inner)"), "(bool,(bytes,string[]))");
}

TEST(AbiType, every_width_and_its_neighbours) {
    for (std::size_t bits = 0; bits <= 264; ++bits) {
        const auto width = std::to_string(bits);
        const bool exists = bits != 0 && bits <= 256 && bits % 8 == 0;
        for (const std::string name : {"uint", "int"}) {
            EXPECT_EQ(parse_abi_type(name + width).has_value(), exists) << name << bits;
            if (!exists) {
                EXPECT_EQ(error_of(name + width), AbiTypeError::Width);
            }
        }
        EXPECT_EQ(parse_abi_type("bytes" + width).has_value(), bits >= 1 && bits <= 32);
    }
    for (const auto* text : {"fixed128", "fixed128x0", "fixed128x81", "fixed7x1", "ufixed264x1",
                             "fixedx1", "uint08", "uint1e2", "bytes01", "bytes33"})
        EXPECT_EQ(error_of(text), AbiTypeError::Width) << text;
}

TEST(AbiType, malformed_texts) {
    for (const auto* text : {"", "[]", "uint256]", "uint256[", "uint256[1", "uint256[x]",
                             "uint[01]", "uint256[-1]", "(uint256", "(uint256,)", "(,uint256)",
                             "uint256 x y", "(uint256 a b)", "uint256)", "uint256[9999999]"})
        EXPECT_EQ(error_of(text), AbiTypeError::Syntax) << text;
    for (const auto* text : {"Address", "uit256", "tuple", "mapping"})
        EXPECT_EQ(error_of(text), AbiTypeError::Unknown) << text;
    for (const auto* text : {"uint256[0]", "()", "tuple()", "(uint256,())"})
        EXPECT_EQ(error_of(text), AbiTypeError::Empty) << text;
}

TEST(AbiType, depth_is_bounded) {
    std::string arrays{"uint256"};
    for (std::size_t i = 0; i < kAbiDepthMax; ++i) arrays += "[]";
    EXPECT_TRUE(parse_abi_type(arrays).has_value());
    EXPECT_EQ(error_of(arrays + "[]"), AbiTypeError::TooDeep);
    const std::string open(kAbiDepthMax, '(');
    const std::string close(kAbiDepthMax, ')');
    EXPECT_TRUE(parse_abi_type(open + "bool" + close).has_value());
    EXPECT_EQ(error_of('(' + open + "bool" + close + ')'), AbiTypeError::TooDeep);
    EXPECT_EQ(error_of(open + "bool" + close + "[]"), AbiTypeError::TooDeep);
    EXPECT_EQ(error_of(std::string(100000, '(')), AbiTypeError::TooDeep);
}

TEST(AbiType, size_is_bounded) {
    EXPECT_TRUE(parse_abi_type("uint256[65536]").has_value());
    EXPECT_EQ(error_of("uint256[65537]"), AbiTypeError::TooLarge);
    EXPECT_TRUE(parse_abi_type("uint256[256][256]").has_value());
    EXPECT_EQ(error_of("uint256[256][257]"), AbiTypeError::TooLarge);
    EXPECT_EQ(error_of("(uint256[65536],bool)"), AbiTypeError::TooLarge);
    std::string parts{"(bool"};
    for (std::size_t i = 1; i < kAbiPartsMax; ++i) parts += ",bool";
    EXPECT_TRUE(parse_abi_type(parts + ')').has_value());
    EXPECT_EQ(error_of(parts + ",bool)"), AbiTypeError::TooLarge);
}

TEST(AbiType, dynamic_types_take_one_word_of_head) {
    for (const auto* text : {"bytes", "string", "uint8[]", "string[3]", "(uint8,bytes)",
                             "(uint8,(bool,uint8[])[2])"}) {
        EXPECT_TRUE(is_dynamic(*parse_abi_type(text))) << text;
        EXPECT_EQ(head_words(*parse_abi_type(text)), 1U) << text;
    }
    const std::pair<const char*, std::size_t> fixed[] = {
        {"bool", 1}, {"uint8[3]", 3}, {"(bool,int8[2])", 3}, {"(bool,int8[2])[4]", 12}};
    for (const auto& [text, words] : fixed) {
        EXPECT_FALSE(is_dynamic(*parse_abi_type(text))) << text;
        EXPECT_EQ(head_words(*parse_abi_type(text)), words) << text;
    }
}

TEST(AbiType, parameters_carry_names_and_indexing) {
    std::string_view text = "(address indexed from, bytes calldata data,string) rest";
    const auto params = take_abi_params(text);
    ASSERT_TRUE(params.has_value());
    ASSERT_EQ(params->size(), 3U);
    EXPECT_EQ((*params)[0].name, "from");
    EXPECT_TRUE((*params)[0].is_indexed);
    EXPECT_EQ((*params)[1].name, "data");
    EXPECT_FALSE((*params)[1].is_indexed);
    EXPECT_EQ((*params)[2].name, "");
    EXPECT_EQ(text, "rest");
    EXPECT_EQ(canonical_signature("f", *params), "f(address,bytes,string)");
    const auto one = parse_abi_param("uint256[] values");
    ASSERT_TRUE(one.has_value());
    EXPECT_EQ(one->name, "values");
    EXPECT_FALSE(parse_abi_param("uint256 a, uint256 b").has_value());
}

}  // namespace
}  // namespace cairn::wallet
