// SPDX-License-Identifier: MIT
#include "chain/spec/genesis_json.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "chain/spec/json_document.hpp"
#include "chain/spec/rule_table.hpp"
#include "core/base/hex.hpp"

namespace cairn::chain {
namespace {

/// Every field, one a line, so that lines can be told.
constexpr std::string_view kWhole = R"({
  "config": {
    "chainId": 5,
    "cairn": {"seal": "none"}
  },
  "nonce": "0x0000000000000042",
  "timestamp": "1234",
  "extraData": "0x0102",
  "gasLimit": 5000,
  "difficulty": "0x400000000",
  "mixHash": "0x0101010101010101010101010101010101010101010101010101010101010101",
  "coinbase": "0x0202020202020202020202020202020202020202",
  "parentHash": "0x0303030303030303030303030303030303030303030303030303030303030303",
  "gasUsed": "0x7",
  "number": "0x0",
  "alloc": {
    "0x00000000000000000000000000000000000000FF": {
      "balance": "1000000000000000000000",
      "nonce": "0x9",
      "code": "0x6001",
      "storage": {
        "0x02": "0x01",
        "0000000000000000000000000000000000000000000000000000000000000001": "ff",
        "0x03": "0x"
      }
    },
    "00000000000000000000000000000000000000aa": {"balance": 3}
  }
})";

std::string replaced(std::string_view from, std::string_view to) {
    std::string text{kWhole};
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}
std::string error_of(const std::string& text) {
    const auto genesis = parse_genesis(text);
    return genesis ? "" : genesis.error().text();
}
/// The error after one replacement in the whole file.
std::string error_with(std::string_view from, std::string_view to) {
    return error_of(replaced(from, to));
}

TEST(GenesisJson, whole_file) {
    const auto genesis = parse_genesis(kWhole);
    ASSERT_TRUE(genesis) << genesis.error().text();
    EXPECT_EQ(genesis->spec.chain_id(), 5U);
    EXPECT_EQ(genesis->spec.seal(), SealKind::None);
    const Header& h = genesis->header;
    EXPECT_EQ(to_hex(h.nonce), "0000000000000042");
    EXPECT_EQ(h.timestamp, 1234U);
    EXPECT_EQ(h.extra_data, (Bytes{1, 2}));
    EXPECT_EQ(h.gas_limit, 5000U);
    EXPECT_EQ(h.difficulty.value, Uint256{0x400000000});
    EXPECT_EQ(h.mix_hash.bytes[31], 1);
    EXPECT_EQ(h.beneficiary.bytes[0], 2);
    EXPECT_EQ(h.parent_hash.bytes[5], 3);
    EXPECT_EQ(h.gas_used, 7U);
    EXPECT_FALSE(h.base_fee);
    ASSERT_EQ(genesis->accounts.size(), 2U);
    EXPECT_EQ(genesis->accounts[0].balance, Wei{3});  // sorted by address
    const GenesisAccount& account = genesis->accounts[1];
    EXPECT_EQ(to_decimal(account.balance), "1000000000000000000000");
    EXPECT_EQ(account.nonce, 9U);
    EXPECT_EQ(account.code, (Bytes{0x60, 1}));
    ASSERT_EQ(account.storage.size(), 2U);  // zero is no entry
    EXPECT_EQ(account.storage[0], (std::pair{Uint256{1}, Uint256{0xff}}));
    EXPECT_EQ(account.storage[1], (std::pair{Uint256{2}, Uint256{1}}));
}

TEST(GenesisJson, every_fault_has_its_field_and_line) {
    EXPECT_EQ(error_with("\"chainId\": 5", "\"chainId\": \"x\""),
              "line 3: config.chainId is not a number");
    EXPECT_EQ(error_with("\"chainId\": 5,", ""), "line 2: config.chainId is missing");
    EXPECT_EQ(error_with("\"none\"", "\"sha\""),
              "line 4: config.cairn.seal is none of \"sha256d\" \"ethash\" \"none\"");
    EXPECT_EQ(error_with("\"0x0000000000000042\"", "\"0x10000000000000000\""),
              "line 6: nonce is above 64 bits");
    EXPECT_EQ(error_with("\"1234\"", "-1"), "line 7: timestamp is not a number");
    EXPECT_EQ(error_with("\"0x0102\"", "\"0x012\""), "line 8: extraData is not hex");
    EXPECT_EQ(error_with("\"gasLimit\": 5000,", ""), "line 1: gasLimit is missing");
    EXPECT_EQ(error_with("\"gasLimit\": 5000", "\"gasLimit\": 5000.5"),
              "line 9: gasLimit is not a number");
    EXPECT_EQ(error_with("\"difficulty\": \"0x400000000\",", ""), "line 1: difficulty is missing");
    EXPECT_EQ(error_with("\"0x01010101", "\"0x010101"), "line 11: mixHash is not 32 bytes of hex");
    EXPECT_EQ(error_with("\"0x02020202", "\"0x020202"), "line 12: coinbase is not 20 bytes of hex");
    EXPECT_EQ(error_with("\"gasUsed\": \"0x7\"", "\"gasUsed\": []"),
              "line 14: gasUsed is not a number");
    EXPECT_EQ(error_with("\"number\": \"0x0\"", "\"number\": 1"),
              "line 15: number is not 0, which genesis is");
    EXPECT_EQ(error_with("0000FF\"", "0000\""),
              "line 17: alloc.0x00000000000000000000000000000000000000 is not an address");
    EXPECT_EQ(error_with("\"balance\": \"1000", "\"balence\": \"1000"),
              "line 18: alloc.0x00000000000000000000000000000000000000FF.balence is unknown");
    EXPECT_EQ(error_with("\"nonce\": \"0x9\"", "\"nonce\": null, \"wei\": 1"),
              "line 17: alloc.0x00000000000000000000000000000000000000FF has both balance and wei");
    EXPECT_EQ(error_with("\"0x6001\"", "6001"),
              "line 20: alloc.0x00000000000000000000000000000000000000FF.code is not a text");
    EXPECT_EQ(
        error_with("\"0x02\": \"0x01\"", "\"0x0g\": \"0x01\""),
        "line 22: alloc.0x00000000000000000000000000000000000000FF.storage.0x0g is not a slot: "
        "up to 64 hex digits");
    EXPECT_EQ(
        error_with("\"0x02\": \"0x01\"", "\"0x02\": \"0x0g\""),
        "line 22: alloc.0x00000000000000000000000000000000000000FF.storage.0x02 is not a word: "
        "up to 64 hex digits");
    EXPECT_EQ(
        error_with("\"0x02\": \"0x01\"", "\"0x1\": \"0x01\""),
        "line 21: alloc.0x00000000000000000000000000000000000000FF.storage has slot 0x1 twice");
    EXPECT_EQ(error_with("{\"balance\": 3}", "3"),
              "line 27: alloc.00000000000000000000000000000000000000aa is not an object");
    EXPECT_EQ(error_with("00aa\"", "00ff\""),
              "line 16: alloc has 0x00000000000000000000000000000000000000ff twice");
    EXPECT_EQ(error_with("\"number\": \"0x0\"", "\"baseFeePerGas\": 7"),
              "line 15: baseFeePerGas is there, but London is not from block 0 on");
    EXPECT_EQ(error_with("\"number\": \"0x0\"", "\"excessBlobGas\": 0"),
              "line 15: excessBlobGas is there, but Cancun is not from block 0 on");
    EXPECT_EQ(error_with("\"number\": \"0x0\"", "\"blobGasUsed\": 0"),
              "line 15: blobGasUsed is there, but Cancun is not from block 0 on");
    EXPECT_EQ(error_with("\"number\": \"0x0\"", "\"cairn\": {}"),
              "line 15: cairn belongs into config");
    EXPECT_EQ(error_of("{}"), "line 1: config is missing");
    EXPECT_EQ(error_of(R"({"config":{"chainId":1},"gasLimit":1,"difficulty":1})"),
              "line 1: alloc is missing");
    EXPECT_EQ(error_of("[]"), "line 1: is not an object");
}

TEST(GenesisJson, no_json_and_cut_json_name_the_line) {
    EXPECT_TRUE(error_of("").starts_with("line 1: is no JSON: ")) << error_of("");
    EXPECT_TRUE(error_of("{\n\n  \"a\": }").starts_with("line 3: is no JSON: "));
    for (std::size_t size = 0; size < kWhole.size(); ++size) {
        const auto genesis = parse_genesis(kWhole.substr(0, size));
        ASSERT_FALSE(genesis) << size;
        EXPECT_GE(genesis.error().line, 1U);
    }
}

TEST(GenesisJson, seals) {
    const auto seal = [](std::string_view config) {
        return parse_genesis(replaced("\"cairn\": {\"seal\": \"none\"}", config))
            .value()
            .spec.seal();
    };
    EXPECT_EQ(seal("\"ethash\": {}"), SealKind::Ethash);
    EXPECT_EQ(seal("\"x\": 0"), SealKind::Ethash);
    EXPECT_EQ(seal("\"cairn\": {\"seal\": \"ethash\"}"), SealKind::Ethash);
    EXPECT_EQ(seal("\"cairn\": {\"seal\": \"sha256d\"}"), SealKind::Sha256d);
    EXPECT_EQ(seal("\"cairn\": {\"seal\": \"none\", \"rules\": \"ethereum\"}"), SealKind::None);
    EXPECT_EQ(error_with("\"cairn\": {\"seal\": \"none\"}", "\"clique\": {\"period\": 1}"),
              "line 4: config.clique is proof of authority, which is not supported");
}

TEST(GenesisJson, rules_of_cairns_own_kind) {
    const auto with = [](std::string_view cairn) {
        return replaced("{\"seal\": \"none\"}", cairn);
    };
    const auto asert = parse_genesis(with(R"({"seal":"sha256d","rules":"cairn","blockReward":"0x5",
                 "difficulty":{"rule":"asert","minimum":1000,"idealBlockTime":15,"halfLife":60}})"));
    ASSERT_TRUE(asert) << asert.error().text();
    RuleSet expected = cairn_testnet_rules();
    expected.block_reward = Wei{5};
    expected.difficulty_min = {Uint256{1000}};
    expected.asert_ideal_block_time = 15;
    expected.asert_half_life = 60;
    EXPECT_EQ(asert->spec.rules_at(0, 0), expected);
    EXPECT_EQ(asert->spec.parameters().asert_anchor->timestamp, 1234U);
    EXPECT_EQ(asert->spec.parameters().asert_anchor->difficulty.value, Uint256{0x400000000});

    const auto error = [&](std::string_view cairn) { return error_of(with(cairn)); };
    const std::string field = "line 4: config.cairn";
    EXPECT_EQ(error("5"), field + " is not an object");
    EXPECT_EQ(error(R"({"sael":"none"})"), field + ".sael is unknown");
    EXPECT_EQ(error(R"({"blockReward":1})"),
              field + ".blockReward is for cairn.rules \"cairn\" only");
    EXPECT_EQ(error(R"({"rules":"x"})"), field + ".rules is none of \"ethereum\" \"cairn\"");
    EXPECT_EQ(error(R"({"rules":"cairn"})"), field + ".difficulty is missing");
    EXPECT_EQ(error(R"({"rules":"cairn","difficulty":1})"), field + ".difficulty is not an object");
    const auto difficulty = [&](const std::string& fields) {
        return error(R"({"rules":"cairn","difficulty":{)" + fields + "}}");
    };
    const std::string inner = field + ".difficulty.";
    EXPECT_EQ(difficulty(""), inner + "rule is missing");
    EXPECT_EQ(difficulty(R"("rule":"lwma")"), inner + "rule is none of \"asert\" \"constant\"");
    EXPECT_EQ(difficulty(R"("rule":"constant")"), inner + "minimum is missing");
    EXPECT_EQ(difficulty(R"("rule":"constant","minimum":0)"), inner + "minimum is zero");
    EXPECT_EQ(difficulty(R"("rule":"constant","minimum":1,"halfLife":1)"),
              inner + "halfLife is unknown");
    EXPECT_EQ(difficulty(R"("rule":"asert","minimum":1,"idealBlockTime":0,"halfLife":1)"),
              inner + "idealBlockTime is out of range");
    EXPECT_EQ(difficulty(R"("rule":"asert","minimum":1,"idealBlockTime":1,"halfLife":4294967296)"),
              inner + "halfLife is out of range");
    EXPECT_EQ(difficulty(R"("rule":"asert","minimum":1,"idealBlockTime":1)"),
              inner + "halfLife is missing");
    EXPECT_EQ(
        difficulty(
            R"("rule":"asert","minimum":"0x400000001","idealBlockTime":1,"halfLife":4294967295)"),
        "line 10: difficulty is below config.cairn.difficulty.minimum");
    EXPECT_EQ(error(R"({"rules":"cairn","difficulty":{"rule":"constant","minimum":1}},
                "londonBlock":0)"),
              "line 5: config.londonBlock has no place under cairn.rules \"cairn\"");
    EXPECT_EQ(error(R"({"rules":"cairn","difficulty":{"rule":"constant","minimum":1},
                "blockReward":"0x100000000000000000000000000000000"})"),
              "line 5: config.cairn.blockReward is out of range");
}

TEST(GenesisJson, large_numbers_without_quotes_keep_their_digits) {
    const auto genesis = parse_genesis(replaced("\"chainId\": 5",
                                                "\"chainId\": 5, \"terminalTotalDifficulty\": "
                                                "58750000000000000000001"));
    ASSERT_TRUE(genesis);
    EXPECT_EQ(to_decimal(genesis->spec.parameters().terminal_total_difficulty->value),
              "58750000000000000000001");
}

TEST(JsonDocument, a_name_stands_once) {
    EXPECT_EQ(error_of("{\"config\": {},\n\"config\": {}}"), "line 2: config is there twice");
    EXPECT_EQ(error_of("{\"a\": {\"b\": 1,\n\"b\": 2}}"), "line 2: a.b is there twice");
}

TEST(JsonDocument, nesting_is_bounded) {
    nlohmann::json root;
    JsonLines lines;
    const auto nested = [&](std::size_t depth) {
        return parse_json(std::string(depth, '[') + std::string(depth, ']'), root, lines)
            .has_value();
    };
    EXPECT_TRUE(nested(kJsonDepthMax));
    EXPECT_FALSE(nested(kJsonDepthMax + 1));
    EXPECT_FALSE(nested(1'000'000));
}

TEST(JsonDocument, builds_what_it_reads) {
    constexpr std::string_view kText =
        R"({"a": [1, -2, true, null, {"b": "c"}], "d": {}, "e": [[]], "f": 1.5})";
    nlohmann::json root;
    JsonLines lines;
    ASSERT_TRUE(parse_json(kText, root, lines));
    EXPECT_EQ(root, nlohmann::json::parse(kText));
}

TEST(JsonDocument, streams_what_it_would_have_built) {
    for (const std::string_view text :
         {R"({"x": 1, "alloc": {"a": {"b": [1, {"alloc": {"q": 2}}]}, "c": 3, "d": [[4], 5]}, "y": {"z": []}})",
          R"({"alloc": {}, "x": {"alloc": {"a": 1}}})", R"({"alloc": [{"a": 1}], "x": [{"alloc": {"b": 1}}]})",
          R"({"alloc": 7})", R"([{"alloc": {"a": 1}}])", R"({"x": {}})", R"("alloc")"}) {
        nlohmann::json expected = nlohmann::json::parse(text);
        nlohmann::json members = nlohmann::json::object();
        if (expected.is_object() && expected.contains("alloc") && expected["alloc"].is_object()) {
            members = expected["alloc"];
            expected["alloc"] = nlohmann::json::object();
        }
        nlohmann::json root;
        nlohmann::json seen = nlohmann::json::object();
        const JsonMemberVisitor visit = [&seen](const std::string& name, const auto& value) {
            seen[name] = value;
            return true;
        };
        EXPECT_TRUE(parse_json_streaming(text, root, "alloc", visit)) << text;
        EXPECT_EQ(root, expected) << text;
        EXPECT_EQ(seen, members) << text;
        for (std::size_t size = 0; size < text.size(); ++size)
            EXPECT_FALSE(parse_json_streaming(text.substr(0, size), root, "alloc", visit)) << size;
    }
}

TEST(JsonDocument, streaming_ends_where_the_visitor_says_so) {
    nlohmann::json root;
    std::vector<std::string> names;
    EXPECT_FALSE(parse_json_streaming(R"({"alloc": {"a": 1, "b": {}, "c": 2}})", root, "alloc",
                                      [&names](const std::string& name, const auto&) {
                                          names.push_back(name);
                                          return name != "b";
                                      }));
    EXPECT_EQ(names, (std::vector<std::string>{"a", "b"}));
    EXPECT_FALSE(parse_json_streaming(R"({"alloc": {"a": {"x": 1, "x": 2}}})", root, "alloc",
                                      [](const std::string&, const auto&) { return true; }));
}

}  // namespace
}  // namespace cairn::chain
