// SPDX-License-Identifier: MIT
#include "rpc/big_numerals.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace cairn::rpc {
namespace {

using Json = nlohmann::json;

/// The text's value once it is marked and settled; nothing where there was nothing to mark.
std::optional<Json> read(const std::string& text) {
    const auto marked = mark_big_numerals(text);
    if (!marked) return std::nullopt;
    auto json = Json::parse(*marked, nullptr, false);
    settle_marks(json);
    return json;
}

TEST(BigNumerals, texts_without_any_are_left_alone) {
    // The largest double, what rounds to it, and what is too small to be one.
    for (const char* text :
         {"", "[]", "0", "-1.5e3", "1.7976931348623157e308", "1.7976931348623158e308", "1e-9999",
          R"("1e400")", R"({"a\"1e400":"\\","1e400":1})", "\"1e400", "\"\\\"1e400\""})
        EXPECT_EQ(mark_big_numerals(text), std::nullopt) << text;
    EXPECT_EQ(mark_big_numerals(std::string(309, '1')), std::nullopt) << "below 1.8e308";
}

TEST(BigNumerals, beyond_a_double_are_infinite) {
    for (const std::string& text :
         {std::string{"1e309"}, std::string{"1.8E+308"}, std::string{"0.1e400"}, std::string(310, '1')}) {
        const auto plus = read(text);
        ASSERT_TRUE(plus) << text;
        EXPECT_TRUE(plus->is_number_float());
        EXPECT_EQ(plus->get<double>(), HUGE_VAL);
        EXPECT_EQ(read("-" + text)->get<double>(), -HUGE_VAL);
    }
    const auto many = read(R"([1e400,"1e400",{"1e400":-1e400,"b":[2]} , 7])");
    ASSERT_TRUE(many);
    EXPECT_EQ((*many)[0].get<double>(), HUGE_VAL);
    EXPECT_EQ((*many)[1], "1e400");
    EXPECT_EQ((*many)[2]["1e400"].get<double>(), -HUGE_VAL);
    EXPECT_EQ((*many)[2]["b"], Json::array({2}));
    EXPECT_EQ((*many)[3], 7);
}

TEST(BigNumerals, what_is_no_number_does_not_become_one) {
    for (const char* numeral : {"01e400", "1e400e400", "1.e400", "--1e400", "1e", "1e+-400"})
        EXPECT_EQ(mark_big_numerals(numeral), std::nullopt) << numeral;
    // Nor does the rest of a text become JSON.
    for (const char* text : {"[1e400", "1e400]", "1e4001e400x", "[1e400 1e400]", "\"1e400\"1e400", "[.1e400]", "[+1e400]"}) {
        const auto json = read(text);
        EXPECT_TRUE(!json || json->is_discarded()) << text;
    }
}

TEST(BigNumerals, mark_gives_the_numeral_back_as_it_was_written) {
    const auto marked = mark_big_numerals("-1E+400");
    ASSERT_TRUE(marked);
    const auto json = Json::parse(*marked);
    EXPECT_EQ(marked_numeral(json), "-1E+400");
    for (const Json& value : {Json("1e400"), Json(std::string{"\0", 1} + "1e5"), Json(""), Json(7), Json()})
        EXPECT_EQ(marked_numeral(value), std::nullopt);
}

}  // namespace
}  // namespace cairn::rpc
