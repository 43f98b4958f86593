// SPDX-License-Identifier: MIT
#include "node/evm_tool/statetest.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace cairn::node {
namespace {

using Json = nlohmann::json;

/// stExample/add11 of ethereum/tests, without its notes: stores 1 + 1 at slot 0 under Cancun.
Json add11() {
    return Json::parse(R"({
        "env": {
            "currentBaseFee": "0x0a",
            "currentCoinbase": "0x2adc25665018aa1fe0e6bc666dac8fc2697ff9ba",
            "currentDifficulty": "0x020000",
            "currentExcessBlobGas": "0x00",
            "currentGasLimit": "0xff112233445566",
            "currentNumber": "0x01",
            "currentRandom": "0x0000000000000000000000000000000000000000000000000000000000020000",
            "currentTimestamp": "0x03e8"
        },
        "post": {"Cancun": [{
            "hash": "0xe8010ce590f401c9d61fef8ab05bea9bcec24281b795e5868809bc4e515aa530",
            "indexes": {"data": 0, "gas": 0, "value": 0},
            "logs": "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347"
        }]},
        "pre": {
            "0x095e7baea6a6c7c4c2dfeb977efac326af552d87": {
                "balance": "0x0de0b6b3a7640000", "code": "0x600160010160005500", "nonce": "0x00", "storage": {}},
            "0x2adc25665018aa1fe0e6bc666dac8fc2697ff9ba": {
                "balance": "0x00", "code": "0x", "nonce": "0x01", "storage": {}},
            "0xa94f5374fce5edbc8e2a8697c15331677e6ebf0b": {
                "balance": "0x0de0b6b3a7640000", "code": "0x", "nonce": "0x00", "storage": {}}
        },
        "transaction": {
            "data": ["0x"], "gasLimit": ["0x061a80"], "gasPrice": "0x0a", "nonce": "0x00",
            "secretKey": "0x45a915e4d060149eb4365960e6a7a45f334393093061116b197e3240065ff2d8",
            "sender": "0xa94f5374fce5edbc8e2a8697c15331677e6ebf0b",
            "to": "0x095e7baea6a6c7c4c2dfeb977efac326af552d87", "value": ["0x0186a0"]
        }
    })");
}

Json& post_of(Json& test) { return test["post"]["Cancun"][0]; }

std::vector<CaseResult> run(const Json& test, const StateTestFilter& filter = {}) {
    const auto tests = parse_state_tests(Json{{"add11", test}}.dump());
    EXPECT_TRUE(tests.has_value()) << (tests ? "" : tests.error());
    std::vector<CaseResult> results;
    if (!tests) return results;
    StateTestRunner runner;
    for (const auto& t : *tests)
        runner.run_test(t, "stem/", filter, [&](const CaseResult& result) { results.push_back(result); });
    return results;
}

CaseResult run_one(const Json& test) {
    const auto results = run(test);
    EXPECT_EQ(results.size(), 1u);
    return results.empty() ? CaseResult{} : results[0];
}

void expect_failure(const Json& test, const std::string& reason) {
    const auto result = run_one(test);
    EXPECT_EQ(result.outcome, Outcome::Failed);
    EXPECT_NE(result.reason.find(reason), std::string::npos) << result.reason;
}

TEST(StateTestRunner, right_root_and_logs_pass) {
    const auto result = run_one(add11());
    EXPECT_EQ(result.outcome, Outcome::Passed) << result.reason;
    EXPECT_EQ(result.name, "stem/add11 d0 g0 v0");
    EXPECT_EQ(result.fork, "Cancun");
}

TEST(StateTestRunner, sender_is_found_from_the_secret_key) {
    auto test = add11();
    test["transaction"].erase("sender");
    EXPECT_EQ(run_one(test).outcome, Outcome::Passed);
}

TEST(StateTestRunner, wrong_root_fails_and_shows_both) {
    auto test = add11();
    post_of(test)["hash"] = "0x" + std::string(64, '1');
    expect_failure(test, "state root: expected 0x1111");
    expect_failure(test, "got 0xe8010ce590f401c9d61fef8ab05bea9bcec24281b795e5868809bc4e515aa530");
}

TEST(StateTestRunner, wrong_logs_fail) {
    auto test = add11();
    post_of(test)["logs"] = "0x" + std::string(64, '2');
    expect_failure(test, "logs hash: expected 0x2222");
}

// Every part of the world counts for the root.
TEST(StateTestRunner, another_world_has_another_root) {
    auto test = add11();
    test["env"]["currentBaseFee"] = "0x09";
    expect_failure(test, "state root");
    test = add11();
    test["pre"]["0x095e7baea6a6c7c4c2dfeb977efac326af552d87"]["storage"]["0x05"] = "0x06";
    expect_failure(test, "state root");
    test = add11();
    test["transaction"]["value"][0] = "0x01";
    expect_failure(test, "state root");
}

TEST(StateTestRunner, refusal_must_be_expected) {
    auto test = add11();
    test["transaction"]["nonce"] = "0x01";
    expect_failure(test, "refused: ");
}

TEST(StateTestRunner, expected_refusal_must_come) {
    auto test = add11();
    post_of(test)["expectException"] = "TransactionException.NONCE_IS_MAX";
    expect_failure(test, "executed, should have been refused");
}

TEST(StateTestRunner, refusal_must_have_the_expected_reason) {
    auto test = add11();
    test["transaction"]["gasLimit"][0] = "0x5207";
    post_of(test)["expectException"] = "TransactionException.SENDER_NOT_EOA";
    expect_failure(test, "should have been: TransactionException.SENDER_NOT_EOA");
    // With the right reason the root is what is left to object to: nothing was executed.
    post_of(test)["expectException"] = "TransactionException.INTRINSIC_GAS_TOO_LOW";
    expect_failure(test, "state root");
}

TEST(StateTestRunner, value_of_more_than_256_bits_is_refused) {
    auto test = add11();
    test["transaction"]["value"][0] = "0x:bigint 0x10000000000000000000000000000000000000000000000000000000000000001";
    expect_failure(test, "value of more than 256 bits");
    post_of(test)["expectException"] = "TransactionException.RLP_INVALID_VALUE";
    expect_failure(test, "state root");
    post_of(test)["expectException"] = "TransactionException.SENDER_NOT_EOA";
    expect_failure(test, "should have been");
}

TEST(StateTestRunner, unknown_fork_is_skipped_with_its_reason) {
    auto test = add11();
    test["post"]["Atlantis"] = test["post"]["Cancun"];
    test["post"].erase("Cancun");
    const auto result = run_one(test);
    EXPECT_EQ(result.outcome, Outcome::Skipped);
    EXPECT_FALSE(result.reason.empty());
}

TEST(StateTestRunner, filters_choose_forks_and_names) {
    auto test = add11();
    test["post"]["Shanghai"] = test["post"]["Cancun"];
    EXPECT_EQ(run(test).size(), 2u);
    const auto chosen = [&](const std::string& fork, const std::string& name) {
        SuiteOptions options;
        options.fork = fork;
        options.run = name;
        const auto filter = make_state_test_filter(options);
        EXPECT_TRUE(filter.has_value());
        return filter ? run(test, *filter).size() : 0;
    };
    EXPECT_EQ(chosen("Cancun", ""), 1u);
    EXPECT_EQ(chosen("berlin", ""), 0u);
    EXPECT_EQ(chosen("", "add1[12] d0"), 2u);
    EXPECT_EQ(chosen("", " d1 "), 0u);
    EXPECT_EQ(chosen("Shanghai", "^stem/"), 1u);
}

TEST(StateTestFilter, bad_fork_and_bad_expression_are_said) {
    SuiteOptions options;
    options.fork = "Atlantis";
    ASSERT_FALSE(make_state_test_filter(options).has_value());
    EXPECT_NE(make_state_test_filter(options).error().find("Atlantis"), std::string::npos);
    options.fork.clear();
    options.run = "(";
    ASSERT_FALSE(make_state_test_filter(options).has_value());
    EXPECT_NE(make_state_test_filter(options).error().find("regular expression"), std::string::npos);
}

TEST(StateTestRunner, missing_file_is_a_failed_case) {
    StateTestRunner runner;
    std::vector<CaseResult> results;
    runner.run_file("no/such/file.json", {}, [&](const CaseResult& result) { results.push_back(result); });
    ASSERT_EQ(results.size(), 1u);
    EXPECT_EQ(results[0].outcome, Outcome::Failed);
    EXPECT_FALSE(results[0].reason.empty());
}

TEST(StateTestFile, what_is_broken_is_said) {
    EXPECT_FALSE(parse_state_tests("{").has_value());
    EXPECT_FALSE(parse_state_tests("[1]").has_value());
    const auto broken = [](auto&& edit) {
        auto test = add11();
        edit(test);
        return !parse_state_tests(Json{{"t", test}}.dump()).has_value();
    };
    EXPECT_FALSE(broken([](Json&) {}));
    EXPECT_TRUE(broken([](Json& t) { t.erase("pre"); }));
    EXPECT_TRUE(broken([](Json& t) { t["env"].erase("currentCoinbase"); }));
    EXPECT_TRUE(broken([](Json& t) { t["env"]["currentNumber"] = "0x1ffffffffffffffff"; }));
    EXPECT_TRUE(broken([](Json& t) { t["env"]["currentCoinbase"] = "0x00"; }));
    EXPECT_TRUE(broken([](Json& t) { t["transaction"]["data"][0] = "0x0"; }));
    EXPECT_TRUE(broken([](Json& t) { t["transaction"]["data"][0] = 5; }));
    EXPECT_TRUE(broken([](Json& t) { t["transaction"]["gasPrice"] = "ten"; }));
    EXPECT_TRUE(broken([](Json& t) { post_of(t)["indexes"]["data"] = 1; }));
    EXPECT_TRUE(broken([](Json& t) { post_of(t)["indexes"]["gas"] = 1; }));
    EXPECT_TRUE(broken([](Json& t) { post_of(t)["indexes"]["value"] = 1; }));
    EXPECT_TRUE(broken([](Json& t) {
        t["transaction"]["data"] = {"0x", "0x"};
        t["transaction"]["accessLists"] = Json::array({nullptr});
    }));
    EXPECT_TRUE(broken([](Json& t) {
        t["transaction"].erase("sender");
        t["transaction"]["secretKey"] = "0x" + std::string(64, '0');
    }));
}

TEST(StateTestFile, type_follows_from_the_fields) {
    const auto type_of = [](auto&& edit) {
        auto test = add11();
        edit(test["transaction"]);
        const auto tests = parse_state_tests(Json{{"t", test}}.dump());
        EXPECT_TRUE(tests.has_value()) << (tests ? "" : tests.error());
        return tests ? tests->at(0).tx.type : TxType::Legacy;
    };
    EXPECT_EQ(type_of([](Json&) {}), TxType::Legacy);
    EXPECT_EQ(type_of([](Json& tx) {
                  tx["maxFeePerGas"] = "0x0a";
                  tx["maxPriorityFeePerGas"] = "0x01";
              }),
              TxType::DynamicFee);
    EXPECT_EQ(type_of([](Json& tx) {
                  tx["blobVersionedHashes"] = Json::array();
                  tx["maxFeePerBlobGas"] = "0x01";
              }),
              TxType::Blob);
    EXPECT_EQ(type_of([](Json& tx) {
                  tx["authorizationList"] = Json::array(
                      {{{"chainId", "0x01"}, {"address", "0x095e7baea6a6c7c4c2dfeb977efac326af552d87"}, {"nonce", "0x00"},
                        {"v", "0x01"}, {"r", "0x01"}, {"s", "0x01"}}});
              }),
              TxType::SetCode);
}

}  // namespace
}  // namespace cairn::node
