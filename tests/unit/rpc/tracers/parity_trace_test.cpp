// SPDX-License-Identifier: MIT
#include "rpc/tracers/active_blocks.hpp"
#include "tests/unit/rpc/tracers/tracing_fixture.hpp"

namespace cairn::rpc::test {
namespace {

using ParityTrace = TracingTest;

const json kAllTypes{"trace", "stateDiff", "vmTrace"};

TEST_F(ParityTrace, block_lists_calls_and_the_reward) {
    const auto traces = result("trace_block", json::array({"0x2"}));
    ASSERT_EQ(traces.size(), 4U);
    EXPECT_EQ(traces[0].at("action").at("to"), to_hex0x(box));
    EXPECT_EQ(traces[0].at("subtraces"), 1);
    EXPECT_EQ(traces[0].at("blockHash"), block_hash(2));
    EXPECT_EQ(traces[0].at("transactionHash"), tx_hash(2, 0));
    EXPECT_EQ(traces[1].at("traceAddress"), json::array({0}));
    EXPECT_EQ(traces[2].at("transactionPosition"), 1);
    // 3 ether from Byzantium on (EIP-649).
    EXPECT_EQ(traces[3].at("type"), "reward");
    EXPECT_EQ(traces[3].at("action"), json({{"author", to_hex0x(miner)},
                                            {"rewardType", "block"},
                                            {"value", "0x29a2241af62c0000"}}));
    EXPECT_EQ(result("trace_block", json::array({"0x0"})), json::array());
    EXPECT_TRUE(result("trace_block", json::array({"0x63"})).is_null());
}

TEST_F(ParityTrace, transaction_and_get_give_the_same) {
    const auto traces = result("trace_transaction", json::array({tx_hash(2, 0)}));
    ASSERT_EQ(traces.size(), 2U);
    EXPECT_EQ(result("trace_get", {tx_hash(2, 0), json::array({"0x0"})}), traces[1]);
    EXPECT_EQ(result("trace_get", {tx_hash(2, 0), json::array()}), traces[0]);
    EXPECT_TRUE(result("trace_get", {tx_hash(2, 0), json::array({"0x1"})}).is_null());
    EXPECT_TRUE(result("trace_transaction", json::array({kNowhere})).is_null());
    const auto failed = result("trace_transaction", json::array({tx_hash(4, 0)}));
    EXPECT_EQ(failed[0].at("error"), "Reverted");
    EXPECT_EQ(failed[0].at("result").at("output"), "0x0bad");
}

// Key 2 sends in blocks 2 and 3 and, once more blocks are there, in block 7 alone.
TEST_F(ParityTrace, blocks_without_the_sender_are_passed_over) {
    for (int i = 0; i < 2; ++i) extend({});
    extend({cairn::test::make_tx(key2, 2, box, Wei{8}, {}, 200'000)});
    extend({});
    const chain::ReadView view{*this->chain.store};
    const auto next = [&](std::set<Address> senders, BlockNumber number) {
        return next_active_block(view, senders, number, 8);
    };
    EXPECT_EQ(next({key2.address}, 3), 3U);
    EXPECT_EQ(next({key2.address}, 4), 7U);
    EXPECT_EQ(next({key2.address}, 7), 7U);
    EXPECT_EQ(next({key2.address}, 8), 9U);
    EXPECT_EQ(next({key1.address, key2.address}, 4), 4U);
    EXPECT_EQ(next({key1.address, key2.address}, 5), 7U);
    // Before its first transaction an account might still become a contract; a contract calls
    // without a trace in its record; genesis has no past.
    EXPECT_EQ(next({key2.address}, 1), 1U);
    EXPECT_EQ(next({key3.address}, 4), 4U);
    EXPECT_EQ(next({box}, 5), 5U);
    EXPECT_EQ(next({key2.address}, 0), 0U);

    // The answer is that of all blocks, one after the other.
    for (const auto& sender : {key1.address, key2.address, box, miner}) {
        json expected = json::array();
        for (int number = 0; number <= 8; ++number) {
            const auto block = result("trace_block", json::array({"0x" + std::to_string(number)}));
            for (const auto& frame : block)
                if (frame.at("action").value("from", "") == to_hex0x(sender))
                    expected.push_back(frame);
        }
        EXPECT_EQ(result("trace_filter", json::array({json{{"fromAddress", json::array({to_hex0x(sender)})}}})),
                  expected);
    }
}

TEST_F(ParityTrace, filter_matches_ends_counts_and_passes_over) {
    const auto count = [&](json filter) { return result("trace_filter", json::array({std::move(filter)})).size(); };
    const auto a1 = to_hex0x(key1.address);
    const auto a2 = to_hex0x(key2.address);
    // Six transactions, two inner calls, four rewards.
    EXPECT_EQ(count({{"fromBlock", "0x1"}}), 12U);
    EXPECT_EQ(count({{"fromBlock", "0x2"}, {"toBlock", "0x2"}}), 4U);
    EXPECT_EQ(count({{"fromAddress", {a2}}}), 2U);
    EXPECT_EQ(count({{"toAddress", {to_hex0x(box)}}}), 3U);  // its creation counts
    EXPECT_EQ(count({{"fromAddress", {a2}}, {"toAddress", {to_hex0x(box)}}}), 1U);
    EXPECT_EQ(count({{"fromAddress", {a2}}, {"toAddress", {to_hex0x(box)}}, {"mode", "union"}}), 4U);
    EXPECT_EQ(count({{"toAddress", {to_hex0x(miner)}}}), 4U);
    EXPECT_EQ(count({{"fromAddress", {a1}}, {"after", 1}}), 3U);
    EXPECT_EQ(count({{"fromAddress", {a1}}, {"after", 1}, {"count", 2}}), 2U);
    EXPECT_EQ(count({{"count", 0}}), 0U);
    EXPECT_EQ(error("trace_filter", json::array({json{{"fromBlock", "0x3"}, {"toBlock", "0x2"}}})).at("code"), -32602);
    EXPECT_EQ(error("trace_filter", json::array({json{{"mode", "xor"}}})).at("code"), -32602);
    EXPECT_EQ(error("trace_filter", json::array({json{{"fromAddress", "0x1"}}})).at("code"), -32602);
}

TEST_F(ParityTrace, state_diff_tells_new_changed_and_unchanged) {
    const auto created = result("trace_replayTransaction", {tx_hash(1, 0), kAllTypes});
    const auto& made = created.at("stateDiff").at(to_hex0x(box));
    EXPECT_TRUE(made.at("code").contains("+"));
    EXPECT_EQ(made.at("nonce"), json({{"+", "0x1"}}));
    EXPECT_EQ(made.at("balance"), json({{"+", "0x0"}}));

    const auto called = result("trace_replayTransaction", {tx_hash(3, 1), kAllTypes});
    const auto& changed = called.at("stateDiff").at(to_hex0x(box));
    EXPECT_EQ(changed.at("code"), "=");
    EXPECT_EQ(changed.at("nonce"), "=");
    EXPECT_EQ(changed.at("balance"), json({{"*", {{"from", "0x4"}, {"to", "0x9"}}}}));
    const auto word = [](char digit) { return "0x" + std::string(63, '0') + digit; };
    EXPECT_EQ(changed.at("storage").at(word('0')), json({{"*", {{"from", word('5')}, {"to", word('6')}}}}));
    EXPECT_EQ(called.at("trace").size(), 2U);
    EXPECT_FALSE(called.at("trace")[0].contains("blockHash"));
    EXPECT_TRUE(called.at("vmTrace").contains("ops"));
}

TEST_F(ParityTrace, replay_block_names_each_transaction_and_gives_what_is_asked) {
    const auto all = result("trace_replayBlockTransactions", {"0x2", json::array({"trace"})});
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[1].at("transactionHash"), tx_hash(2, 1));
    EXPECT_TRUE(all[0].at("stateDiff").is_null());
    EXPECT_TRUE(all[0].at("vmTrace").is_null());
    EXPECT_EQ(error("trace_replayBlockTransactions", {"0x2", json::array({"traces"})}).at("code"), -32602);
    EXPECT_EQ(error("trace_replayTransaction", {kNowhere, kAllTypes}).at("code"), -32000);
}

TEST_F(ParityTrace, calls_of_a_series_stand_on_each_other) {
    const json pay{{"from", to_hex0x(key1.address)}, {"to", to_hex0x(box)}, {"value", "0x2"}};
    const auto both = result("trace_callMany", {{{pay, {"stateDiff"}}, {pay, {"stateDiff"}}}, "latest"});
    ASSERT_EQ(both.size(), 2U);
    const auto balance = [&](std::size_t i) { return both[i].at("stateDiff").at(to_hex0x(box)).at("balance").at("*"); };
    EXPECT_EQ(balance(0).at("to"), balance(1).at("from"));
    const auto one = result("trace_call", {pay, json::array({"stateDiff"}), "latest"});
    EXPECT_EQ(one.at("stateDiff").at(to_hex0x(box)), both[0].at("stateDiff").at(to_hex0x(box)));
    const auto reverted = result("trace_call", {json{{"to", to_hex0x(reverter)}}, json::array({"trace"})});
    EXPECT_EQ(reverted.at("output"), "0x0bad");
    EXPECT_EQ(reverted.at("trace")[0].at("error"), "Reverted");
}

TEST_F(ParityTrace, raw_transaction_is_tried_and_not_sent) {
    const auto tx = cairn::test::make_tx(key2, 2, key1.address, Wei{3});
    const auto traced = result("trace_rawTransaction", {to_hex0x(tx.bytes()), json::array({"trace"})});
    EXPECT_EQ(traced.at("trace")[0].at("action").at("from"), to_hex0x(key2.address));
    EXPECT_EQ(error("trace_rawTransaction", {"0xc0", json::array({"trace"})}).at("code"), -32602);
}

}  // namespace
}  // namespace cairn::rpc::test
