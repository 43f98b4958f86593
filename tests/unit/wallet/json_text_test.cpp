// SPDX-License-Identifier: MIT
#include "wallet/json_text.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace cairn::wallet {
namespace {

TEST(JsonText, depth_is_bounded_on_both_sides) {
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    // The outermost array is at depth 0 for the parser, so depth_max counts what lies inside it.
    for (const int limit : {1, 4, 16}) {
        EXPECT_TRUE(parse_json(nested(static_cast<std::size_t>(limit)), limit).has_value())
            << limit;
        EXPECT_FALSE(parse_json(nested(static_cast<std::size_t>(limit) + 2), limit).has_value())
            << limit;
    }
    EXPECT_FALSE(parse_json(nested(100000)).has_value());
}

TEST(JsonText, malformed_text_is_nothing) {
    for (const auto* text : {"", "{", "[1,]", "{\"a\"}", "nul", "1 2", "\"\xff\""})
        EXPECT_FALSE(parse_json(text).has_value()) << text;
    EXPECT_TRUE(parse_json("null")->is_null());
}

TEST(JsonText, bytes_that_are_no_utf8_are_replaced) {
    EXPECT_EQ(to_json_text(nlohmann::json{{"a", "x\xff"}}), "{\"a\":\"x\xef\xbf\xbd\"}");
    EXPECT_EQ(to_json_text(nlohmann::json::array({1}), true), "[\n  1\n]");
}

}  // namespace
}  // namespace cairn::wallet
