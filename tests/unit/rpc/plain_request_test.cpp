// SPDX-License-Identifier: MIT
#include "rpc/plain_request.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "rpc/dispatcher.hpp"

namespace cairn::rpc {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kCallsMax = 3;

const std::string kCall =
    R"({"jsonrpc":"2.0","id":7,"method":"test_show","params":["0xab",true,{"a":[1,"]"]}]})";

TEST(PlainRequest, call_is_taken_apart) {
    const auto request = scan_plain_request(kCall, kCallsMax);
    ASSERT_TRUE(request);
    EXPECT_FALSE(request->is_batch);
    ASSERT_EQ(request->calls.size(), 1U);
    EXPECT_EQ(request->calls[0].id, "7");
    EXPECT_EQ(request->calls[0].method, "test_show");
    EXPECT_EQ(request->calls[0].params, R"(["0xab",true,{"a":[1,"]"]}])");
}

TEST(PlainRequest, order_and_white_space_do_not_matter) {
    const auto request = scan_plain_request(
        " {\n\t\"params\" : [ ] , \"method\":\"m\", \"id\" : null, \"jsonrpc\" : \"2.0\" }\r\n", kCallsMax);
    ASSERT_TRUE(request);
    EXPECT_EQ(request->calls[0].id, "null");
    EXPECT_EQ(request->calls[0].params, "[ ]");
}

TEST(PlainRequest, notification_has_no_id_and_params_may_be_absent) {
    const auto request = scan_plain_request(R"({"jsonrpc":"2.0","method":"m"})", kCallsMax);
    ASSERT_TRUE(request);
    EXPECT_TRUE(request->calls[0].id.empty());
    EXPECT_TRUE(request->calls[0].params.empty());
}

TEST(PlainRequest, batch_up_to_its_limit) {
    const auto batch = [](std::size_t count) {
        std::string text = "[";
        for (std::size_t i = 0; i < count; ++i) text += (i > 0 ? "," : "") + kCall;
        return scan_plain_request(text + "]", kCallsMax);
    };
    EXPECT_FALSE(batch(0));
    ASSERT_TRUE(batch(1));
    EXPECT_TRUE(batch(1)->is_batch);
    ASSERT_TRUE(batch(kCallsMax));
    EXPECT_EQ(batch(kCallsMax)->calls.size(), kCallsMax);
    EXPECT_FALSE(batch(kCallsMax + 1));
}

TEST(PlainRequest, cut_anywhere_it_is_left_to_the_general_reader) {
    for (std::size_t size = 0; size < kCall.size(); ++size)
        EXPECT_FALSE(scan_plain_request(kCall.substr(0, size), kCallsMax)) << size;
    const auto batch = "[" + kCall + "," + kCall + "]";
    for (std::size_t size = 0; size < batch.size(); ++size)
        EXPECT_FALSE(scan_plain_request(batch.substr(0, size), kCallsMax)) << size;
}

TEST(PlainRequest, anything_unusual_is_left_to_the_general_reader) {
    const std::vector<std::string> unusual{
        kCall + "x",                                               // more behind it
        R"({"jsonrpc":"1.0","id":1,"method":"m"})",                // another version
        R"({"id":1,"method":"m"})",                                // none
        R"({"jsonrpc":"2.0","id":1})",                             // no method
        R"({"jsonrpc":"2.0","id":1,"method":""})",                 // an empty one
        R"({"jsonrpc":"2.0","id":1,"method":"m","id":2})",         // a member twice
        R"({"jsonrpc":"2.0","jsonrpc":"2.0","id":1,"method":"m"})",
        R"({"jsonrpc":"2.0","id":1,"method":"m","x":0})",          // a member of its own
        R"({"jsonrpc":"2.0","id":1,"method":"m","params":{}})",    // named parameters
        R"({"jsonrpc":"2.0","id":1,"method":"m","params":null})",
        R"({"jsonrpc":"2.0","id":1.5,"method":"m"})",              // ids that print otherwise
        R"({"jsonrpc":"2.0","id":1e3,"method":"m"})",
        R"({"jsonrpc":"2.0","id":-1,"method":"m"})",
        R"({"jsonrpc":"2.0","id":01,"method":"m"})",
        R"({"jsonrpc":"2.0","id":1234567890123456,"method":"m"})",
        R"({"jsonrpc":"2.0","id":[],"method":"m"})",
        R"({"jsonrpc":"2.0","id":"a\n","method":"m"})",            // escapes
        R"({"jsonrpc":"2.0","id":1,"method":"\u006d"})",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\xc3\xa4\"}",  // beyond ASCII
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\n\"}",
        R"({"jsonrpc":"2.0","id":1,"method":"m",})",
        R"([{"jsonrpc":"2.0","id":1,"method":"m"},])",
        R"(["m"])",
        "",
        "null",
    };
    for (const auto& text : unusual) EXPECT_FALSE(scan_plain_request(text, kCallsMax)) << text;
}

TEST(PlainParams, flat_lists_are_what_the_parser_makes_of_them) {
    for (const char* text : {"[]", "[ ]", R"(["0x1"])", R"([ "a" , true,false ])", R"([""])"}) {
        const auto params = read_flat_params(text);
        ASSERT_TRUE(params) << text;
        EXPECT_EQ(*params, Json::parse(text)) << text;
    }
}

TEST(PlainParams, that_are_no_flat_lists_are_left_to_the_parser) {
    for (const char* text :
         {"[", "[,]", R"(["a",])", R"(["a"}])", "[}", R"(["a""b"])", "[tru]", "[truefalse]", "[1]",
          "[null]", R"([["a"]])", R"([{"a":"b"}])", R"(["\u00e4"])", "{}", "[]]", ""})
        EXPECT_FALSE(read_flat_params(text)) << text;
}

TEST(PlainRequest, both_readers_give_the_same_answers) {
    Dispatcher dispatcher;
    Method show;  // answers with its parameters
    show.name = "test_show";
    show.cost = Cost::Light;
    show.handler = [](Call&, const Json& params, JsonWriter& out) -> Reply {
        out.raw(params.dump());
        return {};
    };
    dispatcher.add({show});
    for (const char* id : {"0", "12", "123456789012345", R"("")", R"("a b/c")", "null"})
        for (const char* params : {"[]", R"(["0x1",true])", R"([1,{"a":"b"},[null]])", "[,]"})
            for (const char* method : {"test_show", "test_other"}) {
                const auto members = std::string{R"("jsonrpc":"2.0","id":)"} + id +
                                     R"(,"method":")" + method + R"(","params":)" + params;
                Call call;
                const auto plain = dispatcher.handle("{" + members + "}", ApiSet::all(), call);
                // A member of its own is left aside, but not by the fast reader.
                const auto full =
                    dispatcher.handle("{" + members + R"(,"x":0})", ApiSet::all(), call);
                EXPECT_EQ(plain, full);
                EXPECT_EQ(dispatcher.handle("[{" + members + "}]", ApiSet::all(), call),
                          dispatcher.handle("[{" + members + R"(,"x":0}])", ApiSet::all(), call));
            }
}

TEST(PlainRequest, nesting_is_limited_as_in_the_general_reader) {
    Limits limits;
    limits.json_depth_max = 8;
    Dispatcher dispatcher{limits};
    const auto ask = [&](std::size_t depth, const char* more) {
        Call call;
        return dispatcher.handle(R"({"jsonrpc":"2.0","id":1,"method":"m","params":)" +
                                     std::string(depth, '[') + std::string(depth, ']') + more + "}",
                                 ApiSet::all(), call);
    };
    for (std::size_t depth = 1; depth < 12; ++depth) {
        const bool is_deep = depth + 1 > limits.json_depth_max;
        EXPECT_EQ(ask(depth, "").find("nested deeper") != std::string::npos, is_deep) << depth;
        EXPECT_EQ(ask(depth, ""), ask(depth, R"(,"x":0)")) << depth;
    }
}

}  // namespace
}  // namespace cairn::rpc
