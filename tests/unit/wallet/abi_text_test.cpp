// SPDX-License-Identifier: MIT
#include "wallet/abi_text.hpp"

#include <gtest/gtest.h>

namespace cairn::wallet {
namespace {

/// What the text reads as, formatted again.
std::string round(std::string_view type_text, std::string_view text) {
    const auto type = parse_abi_type(type_text);
    EXPECT_TRUE(type.has_value()) << type_text;
    const auto value = parse_abi_value(*type, text);
    EXPECT_TRUE(value.has_value()) << text << ": " << (value ? "" : to_string(value.error()));
    return value ? format_abi_value(*type, *value) : "";
}

AbiValueError error_of(std::string_view type_text, std::string_view text) {
    const auto value = parse_abi_value(*parse_abi_type(type_text), text);
    EXPECT_FALSE(value.has_value()) << type_text << ": " << text;
    return value ? AbiValueError::Length : value.error();
}

TEST(AbiText, numbers) {
    EXPECT_EQ(round("uint256", "42"), "42");
    EXPECT_EQ(round("uint256", "0x2a"), "42");
    EXPECT_EQ(round("uint256", "1.5coin"), "1500000000000000000");
    EXPECT_EQ(round("uint8", "255"), "255");
    EXPECT_EQ(error_of("uint8", "256"), AbiValueError::Range);
    EXPECT_EQ(error_of("uint8", "-1"), AbiValueError::Syntax);
    EXPECT_EQ(round("int8", "-128"), "-128");
    EXPECT_EQ(round("int8", "127"), "127");
    EXPECT_EQ(error_of("int8", "-129"), AbiValueError::Range);
    EXPECT_EQ(error_of("int8", "128"), AbiValueError::Range);
    EXPECT_EQ(round("int256", "-0"), "0");
    EXPECT_EQ(error_of("uint256", std::string(80, '9')), AbiValueError::Range);
    EXPECT_EQ(error_of("uint256", "1.5"), AbiValueError::Syntax);
    EXPECT_EQ(error_of("uint256", "0.1wei"), AbiValueError::Decimals);
    EXPECT_EQ(error_of("uint256", ""), AbiValueError::Syntax);
    EXPECT_EQ(error_of("uint256", "0x"), AbiValueError::Syntax);
}

TEST(AbiText, fixed_point_numbers_are_exact) {
    EXPECT_EQ(round("fixed128x18", "-1.5"), "-1.5");
    EXPECT_EQ(round("ufixed16x2", "655.35"), "655.35");
    EXPECT_EQ(error_of("ufixed16x2", "655.36"), AbiValueError::Range);
    EXPECT_EQ(error_of("ufixed16x2", "0.001"), AbiValueError::Decimals);
    EXPECT_EQ(error_of("fixed", "x"), AbiValueError::Syntax);
}

TEST(AbiText, other_single_values) {
    EXPECT_EQ(round("bool", "true"), "true");
    EXPECT_EQ(round("bool", "false"), "false");
    EXPECT_EQ(error_of("bool", "1"), AbiValueError::Syntax);
    EXPECT_EQ(round("address", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"),
              "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
    EXPECT_EQ(error_of("address", "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"),
              AbiValueError::Address);
    EXPECT_EQ(round("bytes", "0x"), "0x");
    EXPECT_EQ(round("bytes2", "0xAbCd"), "0xabcd");
    EXPECT_EQ(error_of("bytes2", "0xab"), AbiValueError::Length);
    EXPECT_EQ(error_of("bytes2", "abcd"), AbiValueError::Syntax);
    EXPECT_EQ(error_of("bytes", "0xabc"), AbiValueError::Syntax);
    EXPECT_EQ(error_of("function", "0x00"), AbiValueError::Length);
}

TEST(AbiText, a_string_alone_is_taken_as_it_stands) {
    EXPECT_EQ(round("string", "a,b] \"c\" \\"), R"("a,b] \"c\" \\")");
    EXPECT_EQ(round("string", ""), R"("")");
    EXPECT_EQ(round("string", " x "), R"(" x ")");
    EXPECT_EQ(round("string", "\x01\x7f"), R"("\x01\x7f")");
}

TEST(AbiText, arrays_and_tuples) {
    EXPECT_EQ(round("uint8[]", "[]"), "[]");
    EXPECT_EQ(round("uint8[]", " [ 1 , 2 ] "), "[1,2]");
    EXPECT_EQ(round("uint8[2][]", "[[1,2],[3,4]]"), "[[1,2],[3,4]]");
    EXPECT_EQ(round("(bool,string)", "(true,plain text)"), R"((true,"plain text"))");
    EXPECT_EQ(round("(bool,string)", R"([true,"a,b\n\"c\"\\)]"])"), R"((true,"a,b\n\"c\"\\)]"))");
    EXPECT_EQ(round("(uint8,(bool)[])[1]", "[(7,[(true),(false)])]"), "[(7,[(true),(false)])]");
    EXPECT_EQ(round("string[]", R"(["",""])"), R"(["",""])");
}

TEST(AbiText, malformed_arrays_and_tuples) {
    for (const auto* text :
         {"", "1", "[", "[1", "[1,", "[1 2]", "[1]]", "[1)", "(1]", "[,1]", "[1,]"})
        EXPECT_EQ(error_of("uint8[]", text), AbiValueError::Syntax) << text;
    for (const auto* text : {R"(["a)", R"(["a\)", R"(["a\x"])", R"(["a"b])"})
        EXPECT_EQ(error_of("string[]", text), AbiValueError::Syntax) << text;
    EXPECT_EQ(error_of("uint8[2]", "[1]"), AbiValueError::Count);
    EXPECT_EQ(error_of("uint8[2]", "[1,2,3]"), AbiValueError::Count);
    EXPECT_EQ(error_of("(bool,bool)", "(true)"), AbiValueError::Count);
    EXPECT_EQ(error_of("(bool,bool)", "(true,true,true)"), AbiValueError::Count);
}

}  // namespace
}  // namespace cairn::wallet
