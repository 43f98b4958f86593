// SPDX-License-Identifier: MIT
#include "rpc/tracers/trace_config.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "rpc/tracers/small_tracers.hpp"

namespace cairn::rpc {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

std::string error_of(const json& request) {
    const auto config = ParamCodec<TraceConfig>::decode(request);
    return config ? "" : config.error();
}

// The forms of Go's time.ParseDuration.
TEST(Duration, reads_go_forms) {
    EXPECT_EQ(parse_duration("5s"), milliseconds{5000});
    EXPECT_EQ(parse_duration("300ms"), milliseconds{300});
    EXPECT_EQ(parse_duration("1m30s"), milliseconds{90'000});
    EXPECT_EQ(parse_duration("1.5h"), milliseconds{5'400'000});
    EXPECT_EQ(parse_duration("2500us"), milliseconds{2});
    EXPECT_EQ(parse_duration("0"), milliseconds{0});
    EXPECT_EQ(parse_duration("24h"), milliseconds{86'400'000});
}

TEST(Duration, refuses_what_is_none) {
    for (const auto* text : {"", "5", "s", "5x", "-1s", "1s2", "25h", "1e3s", "nan", "5 s"})
        EXPECT_EQ(parse_duration(text), std::nullopt) << text;
}

TEST(Config, default_is_the_struct_logger) {
    const auto config = ParamCodec<TraceConfig>::decode(json(nullptr));
    ASSERT_TRUE(config);
    EXPECT_EQ(config->kind, TracerKind::StructLog);
    EXPECT_EQ(config->time_max, milliseconds{5000});
    EXPECT_TRUE(config->struct_log.has_stack);
    EXPECT_TRUE(config->struct_log.has_storage);
    EXPECT_FALSE(config->struct_log.has_memory);
    EXPECT_FALSE(config->struct_log.has_return_data);
}

TEST(Config, reads_every_option) {
    const auto log = ParamCodec<TraceConfig>::decode(
        json{{"disableStack", true}, {"disableStorage", true}, {"enableMemory", true}, {"enableReturnData", true},
             {"limit", 9}, {"timeout", "10s"}});
    ASSERT_TRUE(log);
    EXPECT_FALSE(log->struct_log.has_stack);
    EXPECT_FALSE(log->struct_log.has_storage);
    EXPECT_TRUE(log->struct_log.has_memory);
    EXPECT_TRUE(log->struct_log.has_return_data);
    EXPECT_EQ(log->struct_log.bytes_max, 9U);
    EXPECT_EQ(log->time_max, milliseconds{10'000});

    const auto call = ParamCodec<TraceConfig>::decode(
        json{{"tracer", "callTracer"}, {"tracerConfig", {{"onlyTopCall", true}, {"withLog", true}}}});
    ASSERT_TRUE(call);
    EXPECT_EQ(call->kind, TracerKind::Call);
    EXPECT_TRUE(call->call.has_top_only);
    EXPECT_TRUE(call->call.has_logs);

    const auto prestate = ParamCodec<TraceConfig>::decode(
        json{{"tracer", "prestateTracer"},
             {"tracerConfig", {{"diffMode", true}, {"disableCode", true}, {"disableStorage", true}}}});
    ASSERT_TRUE(prestate);
    EXPECT_TRUE(prestate->prestate.has_diff);
    EXPECT_FALSE(prestate->prestate.has_code);
    EXPECT_FALSE(prestate->prestate.has_storage);
}

TEST(Config, mux_holds_others) {
    const auto config = ParamCodec<TraceConfig>::decode(
        json{{"tracer", "muxTracer"}, {"tracerConfig", {{"4byteTracer", nullptr}, {"callTracer", {{"withLog", true}}}}}});
    ASSERT_TRUE(config);
    ASSERT_EQ(config->parts.size(), 2U);
    EXPECT_EQ(config->parts[0].first, "4byteTracer");
    EXPECT_TRUE(config->parts[1].second.call.has_logs);
}

TEST(Config, refuses_what_it_does_not_know) {
    EXPECT_EQ(error_of({{"tracer", "fancyTracer"}}), "tracer not found: fancyTracer");
    EXPECT_EQ(error_of({{"tracer", "muxTracer"}, {"tracerConfig", {{"fancyTracer", nullptr}}}}),
              "tracer not found: fancyTracer");
    EXPECT_NE(error_of({{"tracer", 5}}), "");
    EXPECT_NE(error_of({{"timeout", "soon"}}), "");
    EXPECT_NE(error_of({{"timeout", 5}}), "");
    EXPECT_NE(error_of({{"limit", -1}}), "");
    EXPECT_NE(error_of({{"disableStack", "yes"}}), "");
    EXPECT_NE(error_of({{"tracer", "callTracer"}, {"tracerConfig", 5}}), "");
    EXPECT_NE(error_of({{"tracer", "callTracer"}, {"tracerConfig", {{"withLog", 1}}}}), "");
    EXPECT_NE(error_of({{"tracer", "prestateTracer"}, {"tracerConfig", {{"diffMode", true}, {"includeEmpty", true}}}}),
              "");
    EXPECT_NE(error_of(json::array()), "");
}

}  // namespace
}  // namespace cairn::rpc
