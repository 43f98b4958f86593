// SPDX-License-Identifier: MIT
// What methods tell of the pool, and what they fill in from it.
#include "chain/spec/rule_table.hpp"
#include "tests/unit/rpc/pooled_fixture.hpp"

namespace cairn::rpc {
namespace {

using test::TestKey;

TEST(DoubleSpendSubscription, tells_of_both_contenders_and_of_the_block_that_settles) {
    PooledNode node;
    (void)node.result("eth_subscribe", Json::array({"cairn_doubleSpends"}));
    const auto first = sign(transfer(1));
    auto dearer = transfer(1);
    dearer.max_fee_per_gas = Wei{8'000'000'000};
    dearer.max_priority_fee_per_gas = Wei{2'000'000'000};
    const auto second = sign(std::move(dearer));
    EXPECT_TRUE(node.send(first).contains("result"));
    EXPECT_TRUE(node.send(second).contains("result"));
    node.subscriptions().flush();
    ASSERT_EQ(node.messages().size(), 1U);
    const auto seen = node.messages()[0];
    EXPECT_EQ(seen.at("sender"), to_hex0x(TestKey{1}.address));
    EXPECT_EQ(seen.at("nonce"), "0x1");
    ASSERT_EQ(seen.at("contenders").size(), 2U);
    EXPECT_EQ(seen.at("contenders")[0].at("hash"), to_hex0x(first.hash()));
    EXPECT_EQ(seen.at("contenders")[1].at("hash"), to_hex0x(second.hash()));
    EXPECT_TRUE(seen.at("settledBy").is_null());
    EXPECT_TRUE(seen.at("winner").is_null());

    const auto block = node.mine({first});
    node.subscriptions().flush();
    ASSERT_EQ(node.messages().size(), 2U);
    const auto& settled = node.messages()[1];
    EXPECT_EQ(settled.at("contenders"), seen.at("contenders"));
    EXPECT_EQ(settled.at("settledBy").at("number"), "0x2");
    EXPECT_EQ(settled.at("settledBy").at("hash"), to_hex0x(block.header.hash()));
    EXPECT_EQ(settled.at("winner"), to_hex0x(first.hash()));
}

class FillTransaction : public testing::Test {
protected:
    Json fill(const Json& object) {
        return node.result("eth_fillTransaction", Json::array({object}));
    }
    std::string refusal(const Json& object) {
        const auto answer = node.ask("eth_fillTransaction", Json::array({object}));
        EXPECT_TRUE(answer.contains("error")) << answer;
        return answer.at("error").at("message");
    }
    const std::string from = to_hex0x(TestKey{1}.address);
    const std::string to = to_hex0x(TestKey{9}.address);
    PooledNode node;
};

TEST_F(FillTransaction, fills_what_is_left_out) {
    const auto filled = fill({{"from", from}, {"to", to}, {"value", "0x7"}});
    const auto& tx = filled.at("tx");
    EXPECT_EQ(tx.at("type"), "0x2");
    EXPECT_EQ(tx.at("chainId"), "0x1");
    EXPECT_EQ(tx.at("nonce"), "0x1");
    EXPECT_EQ(tx.at("gas"), "0x5208");
    EXPECT_EQ(tx.at("value"), "0x7");
    EXPECT_EQ(tx.at("to"), to);
    // The execution API's schema takes no null here, and viem and ethclient do not miss it.
    EXPECT_FALSE(tx.contains("gasPrice"));
    // Twice the head's base fee and the tip (geth, setLondonFeeDefaults).
    const auto number = [](const Json& quantity) {
        return std::stoull(quantity.get<std::string>(), nullptr, 16);
    };
    const auto base_fee = number(node.result("eth_getBlockByNumber", {"latest", false}).at("baseFeePerGas"));
    const auto tip = number(node.result("eth_maxPriorityFeePerGas"));
    EXPECT_EQ(number(tx.at("maxPriorityFeePerGas")), tip);
    EXPECT_EQ(number(tx.at("maxFeePerGas")), 2 * base_fee + tip);
    // The bytes are those of the object with a signature of zeros.
    const auto raw = from_hex(filled.at("raw").get<std::string>().substr(2));
    ASSERT_TRUE(raw);
    EXPECT_EQ((*raw)[0], 2);
    EXPECT_EQ(Bytes(raw->end() - 3, raw->end()), (Bytes{0x80, 0x80, 0x80}));
}

TEST_F(FillTransaction, counts_on_from_the_pool) {
    EXPECT_TRUE(node.send(sign(transfer(1))).contains("result"));
    EXPECT_EQ(fill({{"from", from}, {"to", to}}).at("tx").at("nonce"), "0x2");
}

TEST_F(FillTransaction, keeps_what_is_given) {
    const auto tx = fill({{"from", from},
                          {"to", to},
                          {"gas", "0x7530"},
                          {"gasPrice", "0x77359400"},
                          {"nonce", "0x9"},
                          {"input", "0x1234"}})
                        .at("tx");
    EXPECT_EQ(tx.at("type"), "0x0");
    EXPECT_EQ(tx.at("gas"), "0x7530");
    EXPECT_EQ(tx.at("gasPrice"), "0x77359400");
    EXPECT_EQ(tx.at("nonce"), "0x9");
    EXPECT_EQ(tx.at("input"), "0x1234");
    EXPECT_EQ(tx.at("v"), "0x0");
    for (const char* name : {"maxFeePerGas", "maxPriorityFeePerGas"}) EXPECT_FALSE(tx.contains(name));
}

TEST_F(FillTransaction, refuses_in_geths_words) {
    EXPECT_EQ(refusal({{"from", from}}), "contract creation without any data provided");
    EXPECT_EQ(refusal({{"to", to}, {"gasPrice", "0x1"}, {"maxFeePerGas", "0x1"}}),
              "both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified");
    EXPECT_EQ(refusal({{"to", to}, {"maxFeePerGas", "0x0"}, {"maxPriorityFeePerGas", "0x0"}}),
              "maxFeePerGas must be non-zero");
    EXPECT_EQ(refusal({{"to", to}, {"maxFeePerGas", "0x1"}, {"maxPriorityFeePerGas", "0x2"}}),
              "maxFeePerGas (0x1) < maxPriorityFeePerGas (0x2)");
    EXPECT_EQ(refusal({{"to", to}, {"gasPrice", "0x0"}}),
              "gasPrice must be non-zero after london fork");
}

TEST(EthCapabilities, says_how_far_back_the_node_can_answer) {
    PooledNode node;
    auto answer = node.result("eth_capabilities");
    EXPECT_EQ(answer.at("head").at("number"), "0x1");
    EXPECT_EQ(answer.at("head").at("hash"), to_hex0x(node.head().header.hash()));
    for (const auto* part : {"state", "tx", "logs", "receipts", "blocks"})
        EXPECT_EQ(answer.at(part), (Json{{"disabled", false}, {"oldestBlock", "0x0"}})) << part;
    const Json window{{"type", "window"}, {"retentionBlocks", "0x1000"}};
    EXPECT_EQ(answer.at("stateproofs").at("deleteStrategy"), window);
    node.context().state_blocks_kept = 90'000;
    answer = node.result("eth_capabilities");
    EXPECT_EQ(answer.at("state").at("deleteStrategy").at("retentionBlocks"), "0x15f90");
    EXPECT_FALSE(answer.at("receipts").contains("deleteStrategy"));
}

// EIP-7910. The fork identifiers are CRC-32 over genesis hash and passed forks (EIP-2124).
TEST(EthConfig, names_the_fork_in_force_the_next_and_the_last) {
    auto genesis = test::test_genesis(Revision::Cancun, 3);
    chain::ChainParameters parameters;
    parameters.steps.push_back({chain::ForkTrigger::Number, 0, chain::rules_of(Revision::Cancun)});
    parameters.steps.push_back(
        {chain::ForkTrigger::Time, 1'000, chain::rules_of(Revision::Prague)});
    parameters.steps.push_back({chain::ForkTrigger::Time, 2'000, chain::rules_of(Revision::Osaka)});
    genesis.spec = chain::ChainSpec{std::move(parameters)};
    PooledNode node{{std::move(genesis), {}}};
    const auto config = node.result("eth_config");
    const auto& current = config.at("current");
    EXPECT_EQ(current.at("activationTime"), 0);
    EXPECT_EQ(current.at("chainId"), "0x1");
    EXPECT_EQ(current.at("blobSchedule"),
              (Json{{"baseFeeUpdateFraction", 3338477}, {"max", 6}, {"target", 3}}));
    EXPECT_EQ(current.at("precompiles").size(), 10U);
    EXPECT_EQ(current.at("precompiles").at("KZG_POINT_EVALUATION"),
              "0x000000000000000000000000000000000000000a");
    EXPECT_EQ(current.at("systemContracts"),
              (Json{{"BEACON_ROOTS_ADDRESS", "0x000f3df6d732807ef1319fb7b8bb8522d0beac02"}}));
    const auto& next = config.at("next");
    EXPECT_EQ(next.at("activationTime"), 1000);
    EXPECT_EQ(next.at("blobSchedule").at("max"), 9);
    EXPECT_EQ(next.at("precompiles").size(), 17U);
    EXPECT_EQ(next.at("systemContracts"),
              (Json{{"BEACON_ROOTS_ADDRESS", "0x000f3df6d732807ef1319fb7b8bb8522d0beac02"},
                    {"CONSOLIDATION_REQUEST_PREDEPLOY_ADDRESS",
                     "0x0000bbddc7ce488642fb579f8b00f3a590007251"},
                    {"DEPOSIT_CONTRACT_ADDRESS", "0x00000000219ab540356cbb839cbe05303d7705fa"},
                    {"HISTORY_STORAGE_ADDRESS", "0x0000f90827f1c53a10cb7a02335b175320002935"},
                    {"WITHDRAWAL_REQUEST_PREDEPLOY_ADDRESS",
                     "0x00000961ef480eb55e80d19ad83579a64c007002"}}));
    const auto& last = config.at("last");
    EXPECT_EQ(last.at("activationTime"), 2000);
    EXPECT_TRUE(last.at("precompiles").contains("P256VERIFY"));
    EXPECT_NE(current.at("forkId"), next.at("forkId"));
    EXPECT_NE(next.at("forkId"), last.at("forkId"));
}

TEST(EthConfig, has_no_next_where_no_fork_is_to_come) {
    PooledNode node;
    const auto config = node.result("eth_config");
    EXPECT_TRUE(config.at("next").is_null());
    EXPECT_TRUE(config.at("last").is_null());
    EXPECT_EQ(config.at("current").at("forkId").get<std::string>().size(), 10U);
}

}  // namespace
}  // namespace cairn::rpc
