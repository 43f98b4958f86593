// SPDX-License-Identifier: MIT
// Requests about the blocks between a merge by total difficulty and the first fork by time: nothing
// but the total difficulty, or the zero in their difficulty field, tells their rules (EIP-3675).
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "chain/spec/rule_table.hpp"
#include "core/base/hex.hpp"
#include "rpc/dispatcher.hpp"
#include "rpc/eth_methods.hpp"
#include "tests/support/bytecode.hpp"
#include "tests/unit/chain/import/chain_fixture.hpp"

namespace cairn::rpc::test {
namespace {

using nlohmann::json;
using cairn::test::BlockPlan;

/// Block 1 by proof of work, block 2 after the merge, its transaction a call of `kTeller`.
class MergeTest : public testing::Test {
protected:
    /// Gives its opcode 0x44: the difficulty before the merge, PREVRANDAO after it (EIP-4399).
    static constexpr Address kTeller{std::array<std::uint8_t, 20>{0x44}};

    static chain::Genesis genesis() {
        auto out = cairn::test::test_genesis(Revision::London, 1);
        chain::ChainParameters parameters;
        parameters.steps.push_back(
            {chain::ForkTrigger::Number, 0, chain::rules_of(Revision::London)});
        parameters.steps.push_back(
            {chain::ForkTrigger::TotalDifficulty, 0, chain::rules_of(Revision::Paris)});
        parameters.steps.push_back(
            {chain::ForkTrigger::Time, 1'000'000, chain::rules_of(Revision::Shanghai)});
        parameters.terminal_total_difficulty = TotalDifficulty{Uint256{1'000'001}};
        out.spec = chain::ChainSpec{std::move(parameters)};
        chain::GenesisAccount teller;
        teller.address = kTeller;
        // PREVRANDAO, PUSH1 0, MSTORE, PUSH1 32, PUSH1 0, RETURN
        teller.code = {0x44, 0x60, 0x00, 0x52, 0x60, 0x20, 0x60, 0x00, 0xf3};
        out.accounts.push_back(std::move(teller));
        return out;
    }

    MergeTest() {
        const auto proven = chain_.factory.make(chain_.factory.genesis_block());
        EXPECT_EQ(chain_.submit(proven).status, chain::ImportStatus::Canonical);
        BlockPlan plan;
        plan.transactions.push_back(
            cairn::test::make_tx(cairn::test::TestKey{1}, 0, kTeller, Wei{}, {}, 100'000));
        plan.spoil = [this](Header& header) { header.mix_hash = random_; };
        const auto merged = chain_.factory.make(proven, plan);
        EXPECT_EQ(merged.header->difficulty, Difficulty{});
        tx_hash_ = to_hex0x(merged.body.transactions[0].hash());
        EXPECT_EQ(chain_.submit(merged).status, chain::ImportStatus::Canonical);
        dispatcher_.add(chain_methods(context_));
    }

    json result(const std::string& method, json params) {
        const json request{
            {"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", std::move(params)}};
        Call call;
        const auto answer =
            json::parse(dispatcher_.handle(request.dump(), ApiSet::parse("eth,debug"), call));
        EXPECT_TRUE(answer.contains("result")) << answer;
        return answer.value("result", json{});
    }

    const Hash256 random_{std::array<std::uint8_t, 32>{0xab, 0xcd}};
    const json teller_call_{{"to", to_hex0x(kTeller)}};
    cairn::test::ChainFixture chain_{genesis(), {.checks_seals = false}};
    std::string tx_hash_;
    EthContext context_{*chain_.store, chain_.factory.genesis().spec};
    Dispatcher dispatcher_;
};

TEST_F(MergeTest, calls_see_prev_randao) {
    EXPECT_EQ(result("eth_call", {teller_call_, "latest"}), to_hex0x(random_));
    // On the block before there is a difficulty still.
    const auto difficulty = to_hex0x(Hash256{}).substr(0, 60);
    const std::string before = result("eth_call", {teller_call_, "0x1"});
    EXPECT_EQ(before.substr(0, 60), difficulty);
    EXPECT_NE(before, to_hex0x(Hash256{}));
}

TEST_F(MergeTest, traces_see_prev_randao) {
    const json call_tracer{{"tracer", "callTracer"}};
    EXPECT_EQ(result("debug_traceTransaction", {tx_hash_, call_tracer}).at("output"),
              to_hex0x(random_));
    EXPECT_EQ(result("debug_traceCall", {teller_call_, "latest", call_tracer}).at("output"),
              to_hex0x(random_));
}

TEST_F(MergeTest, simulated_blocks_have_no_difficulty) {
    const json request{{"blockStateCalls", json::array({{{"calls", json::array({teller_call_})}}})}};
    const auto blocks = result("eth_simulateV1", {request, "latest"});
    EXPECT_EQ(blocks[0].at("difficulty"), "0x0");
    EXPECT_EQ(blocks[0].at("calls")[0].at("returnData"), to_hex0x(Hash256{}));
}

}  // namespace
}  // namespace cairn::rpc::test
