// SPDX-License-Identifier: MIT
#include "rpc/dispatcher.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/base/thread_pool.hpp"
#include "rpc/bind.hpp"
#include "rpc/openrpc.hpp"

namespace cairn::rpc {
namespace {

using Json = nlohmann::json;

struct Counter {
    int calls = 0;
};

Reply subtract(Counter& counter, Call&, JsonWriter& out, std::uint64_t minuend,
               std::uint64_t subtrahend) {
    ++counter.calls;
    out.number(static_cast<std::int64_t>(minuend) - static_cast<std::int64_t>(subtrahend));
    return {};
}

Reply echo(Counter&, Call&, JsonWriter& out, Address address, std::optional<BlockSelector> block) {
    out.begin_array();
    out.data(address);
    out.boolean(block.has_value());
    out.end_array();
    return {};
}

Reply refuse(Counter&, Call&, JsonWriter& out) {
    out.text("half an answer");
    return Unexpected{RpcError{3, "execution reverted", R"("0x01")"}};
}

Reply fail(Counter&, Call&, JsonWriter&) {
    throw std::runtime_error("disk gone");
}

Reply share(Counter&, Call&, JsonWriter& out, double) {
    out.boolean(true);
    return {};
}

Reply large(Counter&, Call&, JsonWriter& out) {
    out.text(std::string(1000, 'x'));
    return {};
}

class DispatcherTest : public ::testing::Test {
protected:
    explicit DispatcherTest(const Limits& limits = {}) : dispatcher_{limits} {
        std::vector<Method> rows;
        rows.push_back(method(counter_, {"test_subtract", "A difference.", "number", Cost::Light},
                              {"minuend", "subtrahend"}, subtract));
        rows.push_back(
            method(counter_, {"test_echo", "An echo.", "array"}, {"address", "block"}, echo));
        rows.push_back(method(counter_, {"test_refuse", "An error.", "any"}, refuse));
        rows.push_back(method(counter_, {"test_fail", "A failure.", "any"}, fail));
        rows.push_back(method(counter_, {"test_large", "Much.", "string"}, large));
        rows.push_back(method(counter_, {"test_share", "A share.", "boolean"}, {"share"}, share));
        dispatcher_.add(std::move(rows));
        dispatcher_.add(rpc_methods(dispatcher_, "1.0"));
    }
    std::string ask(std::string_view body, const ApiSet& apis = ApiSet::all()) {
        Call call;
        return dispatcher_.handle(body, apis, call);
    }
    static std::string error(int code, const std::string& message, const std::string& id = "null") {
        return R"({"jsonrpc":"2.0","id":)" + id + R"(,"error":{"code":)" + std::to_string(code) +
               R"(,"message":")" + message + "\"}}";
    }

    Counter counter_;
    Dispatcher dispatcher_;
};

// JSON-RPC 2.0, section 7 (examples), with geth's words.
TEST_F(DispatcherTest, positional_and_named_parameters) {
    EXPECT_EQ(ask(R"({"jsonrpc":"2.0","method":"test_subtract","params":[42,23],"id":1})"),
              R"({"jsonrpc":"2.0","id":1,"result":19})");
    EXPECT_EQ(
        ask(R"({"jsonrpc":"2.0","method":"test_subtract","params":{"subtrahend":"0x17","minuend":"0x2a"},"id":3})"),
        R"({"jsonrpc":"2.0","id":3,"result":19})");
}

TEST_F(DispatcherTest, notification_runs_and_is_not_answered) {
    EXPECT_EQ(ask(R"({"jsonrpc":"2.0","method":"test_subtract","params":[1,2]})"), "");
    EXPECT_EQ(counter_.calls, 1);
    EXPECT_EQ(ask(R"({"jsonrpc":"2.0","method":"test_nothing"})"), "");
    EXPECT_EQ(ask(R"({"jsonrpc":"2.0","method":"test_refuse"})"), "");
}

TEST_F(DispatcherTest, text_that_is_no_json_is_a_parse_error) {
    EXPECT_EQ(ask(R"({"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz])"),
              error(-32700, "parse error"));
    EXPECT_EQ(ask(""), error(-32700, "parse error"));
    EXPECT_EQ(ask("{\"jsonrpc\":\"2.0\",\"method\":\"\xff\",\"id\":1}"),
              error(-32700, "parse error"));
    EXPECT_EQ(ask(R"({"jsonrpc":"2.0","id":1,"method":"a","params":[1e400})"),
              error(-32700, "parse error"));
    EXPECT_EQ(ask(R"({"jsonrpc":"2.0","id":1,"method":"a","params":[01e400]})"),
              error(-32700, "parse error"));
}

TEST_F(DispatcherTest, json_that_is_no_request_is_invalid) {
    EXPECT_EQ(ask("1"), error(-32600, "invalid request"));
    EXPECT_EQ(ask(R"({"jsonrpc":"2.0","method":1,"id":4})"), error(-32600, "invalid request", "4"));
    EXPECT_EQ(ask(R"({"jsonrpc":"1.0","method":"test_refuse","id":4})"),
              error(-32600, "invalid request", "4"));
    EXPECT_EQ(ask(R"({"jsonrpc":"2.0","method":"test_refuse","id":{}})"),
              error(-32600, "invalid request"));
    EXPECT_EQ(ask(R"({"foo":"boo"})"), error(-32600, "invalid request"));
    EXPECT_EQ(ask("[]"), error(-32600, "empty batch"));
    EXPECT_EQ(ask("[1,2]"), "[" + error(-32600, "invalid request") + "," +
                                error(-32600, "invalid request") + "]");
}

TEST_F(DispatcherTest, ids_come_back_as_they_were) {
    for (const std::string id : {"0", "-1", "18446744073709551615", "\"a\\\"b\"", "null", "1.5"})
        EXPECT_EQ(
            ask(R"({"jsonrpc":"2.0","method":"test_subtract","params":[1,1],"id":)" + id + "}"),
            R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":0})");
}

// As geth, which keeps ids and parameters as text until their type is known (rpc/json.go).
TEST_F(DispatcherTest, numeral_beyond_a_double_spoils_its_own_call_alone) {
    const std::string good = R"({"jsonrpc":"2.0","method":"test_subtract","params":[5,3],"id":2})";
    const std::string digits(400, '9');
    for (const std::string& big : {std::string{"1e400"}, std::string{"-1E+400"}, digits}) {
        EXPECT_EQ(ask(R"([{"jsonrpc":"2.0","method":"test_subtract","params":[)" + big +
                      R"(,1],"id":1},)" + good + "]"),
                  "[" +
                      error(-32602,
                            "invalid argument 0: json: cannot unmarshal non-string into Go value "
                            "of type hexutil.Uint64",
                            "1") +
                      R"(,{"jsonrpc":"2.0","id":2,"result":2}])");
        EXPECT_EQ(ask(R"({"jsonrpc":"2.0","method":"test_subtract","params":[5,3],"id":)" + big + "}"),
                  R"({"jsonrpc":"2.0","id":)" + big + R"(,"result":2})");
        EXPECT_EQ(ask(R"({"jsonrpc":"2.0","method":)" + big + R"(,"id":4})"),
                  error(-32600, "invalid request", "4"));
        EXPECT_EQ(ask(R"({"jsonrpc":"2.0","method":"test_share","params":[)" + big + R"(],"id":5})"),
                  error(-32602,
                        "invalid argument 0: json: cannot unmarshal number into Go value of type "
                        "float64",
                        "5"));
    }
    // What rounds to a double is one, and a string stays a string.
    EXPECT_EQ(ask(R"({"jsonrpc":"2.0","method":"test_share","params":[1e308],"id":6})"),
              R"({"jsonrpc":"2.0","id":6,"result":true})");
    EXPECT_EQ(ask(R"({"jsonrpc":"2.0","method":"test_share","params":[1e-400],"id":6})"),
              R"({"jsonrpc":"2.0","id":6,"result":true})");
    EXPECT_EQ(ask(R"({"jsonrpc":"2.0","method":"foo","params":[1e400],"id":"1e400\""})"),
              error(-32601, "the method foo does not exist/is not available", R"("1e400\"")"));
    EXPECT_EQ(ask(R"({"jsonrpc":"2.0","method":"foo","params":["\u00001e400"],"id":"\u00001e400"})"),
              error(-32601, "the method foo does not exist/is not available", R"("\u00001e400")"));
}

TEST_F(DispatcherTest, batch_mixes_results_errors_and_notifications) {
    EXPECT_EQ(
        ask(R"([{"jsonrpc":"2.0","method":"test_subtract","params":[3,1],"id":"1"},
                      {"jsonrpc":"2.0","method":"test_subtract","params":[7,1]},
                      {"foo":"boo"},
                      {"jsonrpc":"2.0","method":"foo.get","id":"5"}])"),
        R"([{"jsonrpc":"2.0","id":"1","result":2},)" + error(-32600, "invalid request") + "," +
            error(-32601, "the method foo.get does not exist/is not available", "\"5\"") + "]");
    EXPECT_EQ(counter_.calls, 2);
    EXPECT_EQ(ask(R"([{"jsonrpc":"2.0","method":"test_subtract","params":[7,1]}])"), "");
}

TEST_F(DispatcherTest, parameters_are_checked_in_geths_words) {
    const auto call = [&](const std::string& params) {
        return Json::parse(
            ask(R"({"jsonrpc":"2.0","id":1,"method":"test_echo","params":)" + params + "}"));
    };
    EXPECT_EQ(call("[]")["error"]["message"], "missing value for required argument 0");
    EXPECT_EQ(call("[null]")["error"]["message"], "missing value for required argument 0");
    EXPECT_EQ(call("{}")["error"]["message"], "missing value for required argument 0");
    EXPECT_EQ(call("\"x\"")["error"]["message"], "non-array args");
    EXPECT_EQ(call("[1]")["error"]["message"],
              "invalid argument 0: json: cannot unmarshal non-string into Go value of type "
              "common.Address");
    EXPECT_EQ(call(R"(["0x12"])")["error"]["message"],
              "invalid argument 0: hex string has length 2, want 40 for common.Address");
    const std::string zero = "\"0x" + std::string(40, '0') + "\"";
    EXPECT_EQ(call("[" + zero + ",\"5\"]")["error"]["message"],
              "invalid argument 1: hex string without 0x prefix");
    EXPECT_EQ(call("[" + zero + ",null,null]")["error"]["message"],
              "too many arguments, want at most 2");
    for (const auto& params : {"[]", "[1]"}) EXPECT_EQ(call(params)["error"]["code"], -32602);
    EXPECT_EQ(call("[" + zero + "]")["result"][1], false);
    EXPECT_EQ(call("[" + zero + ",\"latest\"]")["result"][1], true);
}

TEST_F(DispatcherTest, handlers_error_replaces_what_it_wrote) {
    EXPECT_EQ(
        ask(R"({"jsonrpc":"2.0","method":"test_refuse","id":1})"),
        R"({"jsonrpc":"2.0","id":1,"error":{"code":3,"message":"execution reverted","data":"0x01"}})");
}

TEST_F(DispatcherTest, machines_failure_is_answered_and_told) {
    std::string told;
    dispatcher_.on_failure = [&](std::string_view name, std::string_view what) {
        told = std::string{name} + ": " + std::string{what};
    };
    EXPECT_EQ(Json::parse(ask(R"({"jsonrpc":"2.0","method":"test_fail","id":1})"))["error"]["code"],
              -32603);
    EXPECT_EQ(told, "test_fail: disk gone");
}

TEST_F(DispatcherTest, only_the_doors_namespaces_are_there) {
    const auto body = R"({"jsonrpc":"2.0","method":"test_subtract","params":[1,1],"id":1})";
    EXPECT_EQ(ask(body, ApiSet::parse("eth, test")), R"({"jsonrpc":"2.0","id":1,"result":0})");
    EXPECT_EQ(ask(body, ApiSet::parse("eth,net")),
              error(-32601, "the method test_subtract does not exist/is not available", "1"));
}

TEST(ApiSet, testing_must_be_named) {
    EXPECT_TRUE(ApiSet::all().has("debug"));
    EXPECT_FALSE(ApiSet::all().has("testing"));
    EXPECT_TRUE(ApiSet::parse("testing").has("testing"));
    EXPECT_TRUE(ApiSet::parse("").has("rpc"));
}

TEST_F(DispatcherTest, late_call_is_not_run) {
    Call call;
    call.deadline = Call::Clock::now();
    EXPECT_EQ(
        dispatcher_.handle(R"({"jsonrpc":"2.0","method":"test_subtract","params":[1,1],"id":1})",
                           ApiSet::all(), call),
        error(-32002, "request timed out", "1"));
    EXPECT_EQ(counter_.calls, 0);
}

TEST_F(DispatcherTest, cost_decides_where_it_runs) {
    EXPECT_EQ(dispatcher_.read(R"({"jsonrpc":"2.0","method":"test_subtract","id":1})").cost(),
              Cost::Light);
    EXPECT_EQ(dispatcher_.read(R"({"jsonrpc":"2.0","method":"test_echo","id":1})").cost(),
              Cost::Heavy);
    EXPECT_EQ(
        dispatcher_
            .read(
                R"([{"jsonrpc":"2.0","method":"test_subtract"},{"jsonrpc":"2.0","method":"test_echo"}])")
            .cost(),
        Cost::Heavy);
    EXPECT_EQ(dispatcher_.read("nonsense").cost(), Cost::Light);
}

TEST_F(DispatcherTest, a_batch_runs_where_its_costliest_call_does) {
    const auto cost_of = [this](std::string_view body) { return dispatcher_.read(body).cost(); };
    const std::string light = R"({"jsonrpc":"2.0","method":"test_subtract"})";
    const std::string brief = R"({"jsonrpc":"2.0","method":"test_brief"})";
    const std::string heavy = R"({"jsonrpc":"2.0","method":"test_echo"})";
    std::vector<Method> rows;
    rows.push_back(method(counter_, {"test_brief", "Brief.", "any", Cost::Brief}, refuse));
    dispatcher_.add(std::move(rows));
    EXPECT_EQ(cost_of(brief), Cost::Brief);
    EXPECT_EQ(cost_of("[" + light + "," + brief + "]"), Cost::Brief);
    EXPECT_EQ(cost_of("[" + brief + "," + light + "]"), Cost::Brief);
    EXPECT_EQ(cost_of("[" + heavy + "," + brief + "]"), Cost::Heavy);
    EXPECT_EQ(cost_of("[" + brief + "," + heavy + "]"), Cost::Heavy);
}

/// A method that says what was prepared for it, and counts how often that was.
class PreparedTest : public DispatcherTest {
protected:
    PreparedTest() {
        std::vector<Method> rows;
        rows.push_back(method(
            *this, {"test_prepared", "What was prepared.", "string"}, {"text"},
            +[](PreparedTest&, Call& call, JsonWriter& out, std::string) -> Reply {
                const auto made = std::static_pointer_cast<const std::string>(call.prepared);
                out.text(made ? *made : "nothing");
                return {};
            }));
        rows.back().prepare = [this](const Json& params) -> std::shared_ptr<const void> {
            ++prepared_;
            if (throws_) throw std::runtime_error{"no memory"};
            if (params.empty()) return nullptr;
            return std::make_shared<const std::string>(params.front().get<std::string>() + "!");
        };
        dispatcher_.add(std::move(rows));
    }
    /// The results of a batch of calls, one with each of these texts; "" goes without parameters.
    Json results(const std::vector<std::string>& texts, ThreadPool* helpers,
                 const std::string& apis = "test") {
        auto batch = Json::array();
        for (const auto& text : texts)
            batch.push_back({{"jsonrpc", "2.0"},
                             {"id", 1},
                             {"method", "test_prepared"},
                             {"params", text.empty() ? Json::array() : Json::array({text})}});
        Call call;
        call.helpers = helpers;
        auto out = Json::array();
        for (auto& answer :
             Json::parse(dispatcher_.handle(batch.dump(), ApiSet::parse(apis), call)))
            out.push_back(answer.contains("result") ? answer["result"] : answer["error"]["code"]);
        return out;
    }

    ThreadPool pool_{2};
    std::atomic<int> prepared_{0};
    bool throws_ = false;
};

TEST_F(PreparedTest, each_call_of_a_batch_gets_what_was_made_of_its_own_parameters) {
    const auto expected = Json::array({"a!", "b!", "c!", -32602, "d!"});
    EXPECT_EQ(results({"a", "b", "c", "", "d"}, &pool_), expected);
    EXPECT_EQ(prepared_, 5);
}

TEST_F(PreparedTest, nothing_is_prepared_for_few_calls_or_without_helpers) {
    EXPECT_EQ(results({"a", "b", "c"}, &pool_), Json::array({"nothing", "nothing", "nothing"}));
    EXPECT_EQ(results({"a", "b", "c", "d"}, nullptr),
              Json::array({"nothing", "nothing", "nothing", "nothing"}));
    EXPECT_EQ(prepared_, 0);
}

TEST_F(PreparedTest, nothing_is_prepared_for_a_method_that_is_not_offered) {
    const auto missing = Json::array({-32601, -32601, -32601, -32601});
    EXPECT_EQ(results({"a", "b", "c", "d"}, &pool_, "eth"), missing);
    EXPECT_EQ(prepared_, 0);
}

TEST_F(PreparedTest, what_cannot_be_prepared_is_left_to_the_handlers) {
    throws_ = true;
    EXPECT_EQ(results({"a", "b", "c", "d"}, &pool_),
              Json::array({"nothing", "nothing", "nothing", "nothing"}));
    EXPECT_GE(prepared_, 1);
}

Limits small_limits() {
    Limits limits;
    limits.batch_calls_max = 3;
    limits.batch_reply_bytes_max = 1500;
    limits.reply_bytes_max = 2000;
    limits.json_depth_max = 4;
    return limits;
}

class SmallDispatcherTest : public DispatcherTest {
protected:
    SmallDispatcherTest() : DispatcherTest{small_limits()} {}
};

TEST_F(SmallDispatcherTest, batch_is_bounded_in_calls) {
    const std::string one = R"({"jsonrpc":"2.0","method":"test_subtract","params":[1,1],"id":1})";
    EXPECT_NE(ask("[" + one + "," + one + "," + one + "]").find("result"), std::string::npos);
    EXPECT_EQ(ask("[" + one + "," + one + "," + one + "," + one + "]"),
              error(-32600, "batch too large"));
}

TEST_F(SmallDispatcherTest, batch_is_bounded_in_bytes) {
    const std::string one = R"({"jsonrpc":"2.0","method":"test_large","id":1})";
    const auto answers = Json::parse(ask("[" + one + "," + one + "," + one + "]"));
    EXPECT_TRUE(answers[0].contains("result"));
    EXPECT_TRUE(answers[1].contains("result"));
    EXPECT_EQ(answers[2]["error"]["code"], -32003);
}

TEST_F(SmallDispatcherTest, nesting_is_bounded) {
    EXPECT_NE(
        ask(R"({"jsonrpc":"2.0","method":"test_echo","params":[[[]]],"id":1})").find("-32602"),
        std::string::npos);
    EXPECT_EQ(ask(R"({"jsonrpc":"2.0","method":"test_echo","params":[[[[]]]],"id":1})"),
              error(-32600, "nested deeper than 4"));
    // A million brackets must cost nothing.
    EXPECT_EQ(ask(std::string(1'000'000, '[')), error(-32600, "nested deeper than 4"));
}

TEST(Nesting, brackets_in_strings_do_not_count) {
    EXPECT_FALSE(nests_deeper_than(R"(["[[[[","\"[[["])", 1));
    EXPECT_TRUE(nests_deeper_than(R"(["a",[1]])", 1));
    EXPECT_FALSE(nests_deeper_than(R"(]]]][)", 1));
    EXPECT_FALSE(nests_deeper_than(R"(["\)", 1));
}

TEST_F(DispatcherTest, discover_tells_every_method_and_parameter) {
    const auto answer = Json::parse(ask(R"({"jsonrpc":"2.0","method":"rpc.discover","id":1})"));
    const auto& methods = answer["result"]["methods"];
    ASSERT_EQ(methods.size(), 8U);
    EXPECT_EQ(answer["result"]["openrpc"], "1.2.6");
    const auto echo_row = std::find_if(methods.begin(), methods.end(),
                                       [](const Json& row) { return row["name"] == "test_echo"; });
    ASSERT_NE(echo_row, methods.end());
    EXPECT_EQ((*echo_row)["params"][0]["name"], "address");
    EXPECT_EQ((*echo_row)["params"][0]["required"], true);
    EXPECT_EQ((*echo_row)["params"][1]["required"], false);
    EXPECT_EQ((*echo_row)["params"][0]["schema"]["type"], "string");
}

TEST_F(DispatcherTest, modules_are_those_of_the_door) {
    const auto modules = [&](const ApiSet& apis) {
        return Json::parse(ask(R"({"jsonrpc":"2.0","method":"rpc_modules","id":1})", apis)).at("result");
    };
    EXPECT_EQ(modules(ApiSet::all()), (Json{{"rpc", "1.0"}, {"test", "1.0"}}));
    EXPECT_EQ(modules(ApiSet::parse("test,absent")), (Json{{"rpc", "1.0"}, {"test", "1.0"}}));
    EXPECT_EQ(modules(ApiSet::parse("eth")), (Json{{"rpc", "1.0"}}));
}

}  // namespace
}  // namespace cairn::rpc
