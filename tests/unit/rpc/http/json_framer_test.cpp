// SPDX-License-Identifier: MIT
#include "rpc/http/json_framer.hpp"

#include <gtest/gtest.h>

namespace cairn::rpc {
namespace {

TEST(JsonFramer, messages_back_to_back) {
    JsonFramer framer{100};
    framer.append("{\"a\":1}[2]\n {\"b\":{}}");
    EXPECT_EQ(framer.next(), "{\"a\":1}");
    EXPECT_EQ(framer.next(), "[2]");
    EXPECT_EQ(framer.next(), "{\"b\":{}}");
    EXPECT_EQ(framer.next(), std::nullopt);
    EXPECT_FALSE(framer.is_broken());
}

TEST(JsonFramer, any_cut_gives_the_same_messages) {
    const std::string text = R"({"a":"}\"]"}  [{"x":["\\"]}])";
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        JsonFramer framer{100};
        std::vector<std::string> found;
        for (const auto& part : {text.substr(0, cut), text.substr(cut)}) {
            framer.append(part);
            while (auto message = framer.next()) found.push_back(*message);
        }
        EXPECT_EQ(found, (std::vector<std::string>{R"({"a":"}\"]"})", R"([{"x":["\\"]}])"})) << cut;
    }
}

TEST(JsonFramer, what_begins_with_no_bracket_is_broken) {
    for (const auto* text : {"x", "\"a\"", "1", "}", "null"}) {
        JsonFramer framer{100};
        framer.append(text);
        EXPECT_EQ(framer.next(), std::nullopt);
        EXPECT_TRUE(framer.is_broken()) << text;
    }
}

TEST(JsonFramer, length_is_bounded) {
    const std::string fits = "[" + std::string(8, ' ') + "]";
    JsonFramer framer{10};
    framer.append(fits);
    EXPECT_EQ(framer.next(), fits);
    framer.append("[" + std::string(10, ' '));
    EXPECT_EQ(framer.next(), std::nullopt);
    EXPECT_TRUE(framer.is_broken());
}

}  // namespace
}  // namespace cairn::rpc
