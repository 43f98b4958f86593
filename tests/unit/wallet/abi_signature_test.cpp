// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "core/base/hex.hpp"
#include "wallet/abi.hpp"

namespace cairn::wallet {
namespace {

std::string selector(std::string_view line) {
    const auto function = parse_function(line);
    EXPECT_TRUE(function.has_value()) << line;
    return function ? to_hex(selector_of(function->name, function->inputs)) : "";
}

AbiError error_of(std::string_view line) {
    Abi abi;
    const auto added = add_signature(abi, line);
    EXPECT_FALSE(added.has_value()) << line;
    return added ? AbiError::TooLarge : added.error();
}

TEST(AbiSignature, selectors_of_the_specification) {
    EXPECT_EQ(selector("baz(uint32,bool)"), "cdcd77c0");
    EXPECT_EQ(selector("function bar(bytes3[2] memory) public pure"), "fce353f6");
    EXPECT_EQ(selector("sam(bytes,bool,uint[])"), "a5643bf2");
    EXPECT_EQ(selector("f(uint,uint32[],bytes10,bytes)"), "8be65246");
    EXPECT_EQ(selector("g(uint[][],string[])"), "2289b18c");
    // ERC-20.
    EXPECT_EQ(selector("function transfer(address to, uint256 amount) external returns (bool)"),
              "a9059cbb");
    EXPECT_EQ(selector("balanceOf(address)(uint256)"), "70a08231");
}

TEST(AbiSignature, function_lines) {
    const auto whole = parse_function(
        " function  swap(uint a, (address x,bytes)[] b) external payable virtual returns (uint c, "
        "bool);");
    ASSERT_TRUE(whole.has_value());
    EXPECT_EQ(whole->name, "swap");
    EXPECT_TRUE(whole->is_payable);
    EXPECT_FALSE(whole->is_constant);
    ASSERT_EQ(whole->inputs.size(), 2U);
    EXPECT_EQ(whole->inputs[1].type.parts[0].names[0], "x");
    ASSERT_EQ(whole->outputs.size(), 2U);
    EXPECT_EQ(whole->outputs[0].name, "c");
    EXPECT_TRUE(parse_function("f() view")->is_constant);
    EXPECT_TRUE(parse_function("f() pure returns(uint)")->is_constant);
    EXPECT_EQ(parse_function("f()(uint)")->outputs.size(), 1U);
}

TEST(AbiSignature, events_errors_and_constructors) {
    Abi abi;
    for (const auto* line :
         {"event Transfer(address indexed from, address indexed to, uint256 value)",
          "event Secret(bytes) anonymous", "error Short(uint256 available, uint256 required)",
          "constructor(uint256 supply) payable", "function f()"})
        EXPECT_TRUE(add_signature(abi, line).has_value()) << line;
    ASSERT_EQ(abi.events.size(), 2U);
    // ERC-20's topic.
    EXPECT_EQ(to_hex(topic_of(abi.events[0])),
              "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");
    EXPECT_TRUE(abi.events[0].inputs[1].is_indexed);
    EXPECT_FALSE(abi.events[0].inputs[2].is_indexed);
    EXPECT_TRUE(abi.events[1].is_anonymous);
    ASSERT_EQ(abi.reverts.size(), 1U);
    EXPECT_EQ(abi.reverts[0].name, "Short");
    ASSERT_TRUE(abi.constructor.has_value());
    EXPECT_TRUE(abi.constructor->is_payable);
    EXPECT_EQ(abi.functions.size(), 1U);
    EXPECT_TRUE(parse_event("Transfer(address,uint256)").has_value());
}

TEST(AbiSignature, malformed_lines) {
    for (const auto* line :
         {"", "function", "transfer", "transfer(", "transfer(uint256", "(uint256)", "1f()",
          "f() sometimes", "f() returns", "f() returns (bool) view", "f()(bool)(bool)",
          "event E() strange", "error E() view", "f(uint256) extra words", "event"})
        EXPECT_EQ(error_of(line), AbiError::Syntax) << line;
    for (const auto* line : {"f(uint7)", "f() returns (strng)", "f(uint256[0])"})
        EXPECT_EQ(error_of(line), AbiError::Type) << line;
    EXPECT_EQ(error_of("f(uint256[65537])"), AbiError::TooLarge);
    EXPECT_EQ(parse_function("event E()").error(), AbiError::Syntax);
    EXPECT_EQ(parse_function("error E()").error(), AbiError::Syntax);
    EXPECT_EQ(parse_function("constructor()").error(), AbiError::Syntax);
    EXPECT_EQ(parse_function("function error()")->name, "error");
    EXPECT_EQ(parse_event("function f()").error(), AbiError::Syntax);
}

constexpr const char* kJson = R"([
{"type":"constructor","inputs":[{"name":"supply","type":"uint256"}],"stateMutability":"payable"},
{"type":"function","name":"swap","inputs":[{"name":"orders","type":"tuple[2][]","components":[
  {"name":"to","type":"address"},{"name":"inner","type":"tuple","components":[{"name":"x","type":"int8"}]}]}],
 "outputs":[{"name":"","type":"bool"}],"stateMutability":"view"},
{"name":"old","constant":true,"payable":true,"inputs":[]},
{"type":"event","name":"Done","inputs":[{"name":"who","type":"address","indexed":true}],"anonymous":true},
{"type":"error","name":"Short","inputs":[]},
{"type":"receive","stateMutability":"payable"},{"type":"fallback"}])";

TEST(AbiJson, reads_every_kind_of_item) {
    for (const auto& text :
         {std::string{kJson}, R"({"bytecode":"0x","abi":)" + std::string{kJson} + "}"}) {
        const auto abi = parse_abi_json(text);
        ASSERT_TRUE(abi.has_value());
        ASSERT_TRUE(abi->constructor.has_value());
        EXPECT_TRUE(abi->constructor->is_payable);
        ASSERT_EQ(abi->functions.size(), 2U);
        EXPECT_EQ(canonical_signature("swap", abi->functions[0].inputs),
                  "swap((address,(int8))[2][])");
        EXPECT_EQ(abi->functions[0].inputs[0].name, "orders");
        EXPECT_TRUE(abi->functions[0].is_constant);
        EXPECT_TRUE(abi->functions[1].is_constant);
        EXPECT_TRUE(abi->functions[1].is_payable);
        ASSERT_EQ(abi->events.size(), 1U);
        EXPECT_TRUE(abi->events[0].is_anonymous);
        EXPECT_TRUE(abi->events[0].inputs[0].is_indexed);
        EXPECT_EQ(abi->reverts.size(), 1U);
    }
}

TEST(AbiJson, a_line_says_the_same) {
    Abi expected;
    ASSERT_TRUE(
        add_signature(expected,
                      "function f(uint256[2] a, (bool b,bytes c)[] d) view returns (string)")
            .has_value());
    const auto abi = parse_abi_json(
        R"([{"type":"function","name":"f","stateMutability":"view","inputs":[{"name":"a","type":"uint256[2]"},
{"name":"d","type":"tuple[]","components":[{"name":"b","type":"bool"},{"name":"c","type":"bytes"}]}],
"outputs":[{"type":"string"}]}])");
    ASSERT_TRUE(abi.has_value());
    EXPECT_EQ(*abi, expected);
    const auto lines = parse_abi_json(
        R"json(["function f(uint256[2] a, (bool b,bytes c)[] d) view returns (string)"])json");
    ASSERT_TRUE(lines.has_value());
    EXPECT_EQ(*lines, expected);
}

TEST(AbiJson, malformed_documents) {
    const auto json_error = [](const std::string& text) {
        const auto abi = parse_abi_json(text);
        EXPECT_FALSE(abi.has_value()) << text;
        return abi ? AbiError::Type : abi.error();
    };
    for (const auto* text : {"", "{}", "1", R"({"abi":1})", "[1]", R"([{"type":"function"}])",
                             R"([{"type":"function","name":"f","inputs":1}])",
                             R"([{"type":"function","name":"f","inputs":[1]}])",
                             R"([{"type":"function","name":"f","inputs":[{"name":"x"}]}])",
                             R"([{"type":"event","name":"E","inputs":[{"type":"tuple"}]}])"})
        EXPECT_EQ(json_error(text), AbiError::Syntax) << text;
    for (const auto* type : {"uint7", "uint256) payable (bool", "tuple"})
        EXPECT_NE(json_error(R"([{"type":"function","name":"f","inputs":[{"type":")" +
                             std::string{type} + R"("}]}])"),
                  AbiError::TooLarge);
    std::string many{"[\"f()\""};
    for (std::size_t i = 1; i < kAbiItemsMax; ++i) many += ",\"f()\"";
    EXPECT_TRUE(parse_abi_json(many + "]").has_value());
    EXPECT_EQ(json_error(many + ",\"f()\"]"), AbiError::TooLarge);
    EXPECT_EQ(json_error(std::string(100000, '[')), AbiError::Syntax);
}

}  // namespace
}  // namespace cairn::wallet
