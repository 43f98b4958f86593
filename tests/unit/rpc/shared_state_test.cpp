// SPDX-License-Identifier: MIT
// What the calls of a batch have in common: a snapshot of the head, and threads that read
// transactions ahead.
#include "core/base/thread_pool.hpp"
#include "rpc/bind.hpp"
#include "rpc/block_source.hpp"
#include "tests/unit/rpc/pooled_fixture.hpp"

namespace cairn::rpc {
namespace {

const BlockSelector kLatest = chain::BlockTag::Latest;

Json request(const std::string& method, Json params = Json::array()) {
    return {{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", std::move(params)}};
}

TEST(SharedState, is_the_same_for_calls_of_a_batch_until_a_block_comes) {
    PooledNode node;
    Call call;
    const auto first = StateAt::shared(node.context(), call, kLatest).value();
    EXPECT_EQ(StateAt::shared(node.context(), call, kLatest).value(), first);
    EXPECT_EQ(first->header()->number, 1U);
    node.mine({});
    const auto second = StateAt::shared(node.context(), call, kLatest).value();
    EXPECT_NE(second, first);
    EXPECT_EQ(second->header()->number, 2U);
}

TEST(SharedState, is_not_taken_for_other_blocks_or_by_other_requests) {
    PooledNode node;
    Call call;
    const auto head = StateAt::shared(node.context(), call, kLatest).value();
    const auto genesis = StateAt::shared(node.context(), call, BlockNumber{0}).value();
    EXPECT_EQ(genesis->header()->number, 0U);
    EXPECT_EQ(StateAt::shared(node.context(), call, kLatest).value(), head);
    Call other;
    EXPECT_NE(StateAt::shared(node.context(), other, kLatest).value(), head);
}

TEST(SharedState, batch_sees_the_block_that_it_makes) {
    PooledNode node;
    std::vector<Method> rows;
    rows.push_back(method(
        node, {"debug_mine", "A transfer of one wei to key 9.", "null", Cost::Light},
        +[](PooledNode& at, Call&, JsonWriter& out) -> Reply {
            at.mine({test::make_tx(test::TestKey{1}, 1, test::TestKey{9}.address, Wei{1})});
            out.null();
            return {};
        }));
    node.add(std::move(rows));
    const auto balance =
        request("eth_getBalance", Json::array({to_hex0x(test::TestKey{9}.address), "latest"}));
    const auto answers = node.ask_batch(
        Json::array({balance, balance, request("debug_mine"), balance}), nullptr);
    ASSERT_EQ(answers.size(), 4U);
    EXPECT_EQ(answers[0], answers[1]);
    const auto wei = [&](std::size_t i) {
        return std::stoull(answers[i]["result"].get<std::string>(), nullptr, 16);
    };
    EXPECT_EQ(wei(3), wei(0) + 1);
}

TEST(SharedState, goes_with_the_answer) {
    PooledNode node;
    Dispatcher dispatcher;
    dispatcher.add(chain_methods(node.context()));
    const auto balance =
        request("eth_getBalance", Json::array({to_hex0x(test::TestKey{9}.address), "latest"}));
    Call call;
    (void)dispatcher.handle(Json::array({balance, balance}).dump(), ApiSet::all(), call);
    EXPECT_EQ(call.head_state, nullptr);
}

/// Everything that can be wrong with a raw transaction, between some that are well.
Json mixed_transactions() {
    auto batch = Json::array();
    const auto send = [&](Json params) {
        batch.push_back(request("eth_sendRawTransaction", std::move(params)));
    };
    const test::TestKey key{1};
    for (std::uint64_t nonce = 1; nonce < 6; ++nonce)
        send(Json::array({to_hex0x(test::make_tx(key, nonce, test::TestKey{9}.address, Wei{nonce}).bytes())}));
    const auto known = batch.back()["params"];
    send(known);
    send(Json::array({to_hex0x(test::make_tx(key, 0, test::TestKey{9}.address, Wei{1}).bytes())}));
    send(Json::array({"0x"}));
    send(Json::array({"0x7f00"}));
    send(Json::array({"0xc0"}));
    send(Json::array({"0xzz"}));
    send(Json::array({"c0"}));
    send(Json::array());
    send(Json::array({nullptr}));
    send(Json::array({7}));
    send(Json::array({"0x00", "0x00"}));
    return batch;
}

TEST(PreparedTransactions, answers_do_not_depend_on_help) {
    PooledNode alone;
    PooledNode helped;
    ThreadPool helpers{2};
    const auto batch = mixed_transactions();
    const auto expected = alone.ask_batch(batch, nullptr);
    ASSERT_EQ(expected.size(), batch.size());
    EXPECT_EQ(helped.ask_batch(batch, &helpers), expected);
    std::size_t accepted = 0;
    for (const auto& answer : expected) accepted += answer.contains("result") ? 1 : 0;
    EXPECT_EQ(accepted, 5U);
    EXPECT_EQ(expected[5]["error"]["message"], "already known");
    EXPECT_EQ(helped.result("txpool_status"), alone.result("txpool_status"));
}

}  // namespace
}  // namespace cairn::rpc
