// SPDX-License-Identifier: MIT
#include "rpc/rendered_blocks.hpp"

#include "core/base/hex.hpp"
#include "rpc/block_source.hpp"
#include "rpc/log_query.hpp"
#include "tests/unit/rpc/methods_fixture.hpp"

namespace cairn::rpc {
namespace {

/// Code that logs twice, with one topic and with none, and stops.
Bytes logging_code() {
    return {0x60, 0x07, 0x5f, 0x5f, 0xa1,  // LOG1 of nothing, topic 7
            0x5f, 0x5f, 0xa0, 0x00};       // LOG0 of nothing
}

class RenderedBlocksTest : public MethodsTest {
protected:
    RenderedBlocksTest() : MethodsTest{Limits{}, Revision::Shanghai} {}

    /// A block with a transfer, two creations whose init code logs, and a transfer.
    Block make_block() {
        const test::TestKey key{1};
        test::BlockPlan plan;
        const auto transfer = [&](std::uint64_t nonce) {
            return test::make_tx(key, nonce, test::TestKey{9}.address, Wei{1});
        };
        plan.transactions = {transfer(0),
                             test::make_tx(key, 1, std::nullopt, Wei{}, logging_code(), 100'000),
                             test::make_tx(key, 2, std::nullopt, Wei{}, logging_code(), 100'000),
                             transfer(3)};
        return extend(factory_.genesis_block(), plan);
    }

    RenderedBlocks rendered_;
};

TEST_F(RenderedBlocksTest, block_and_its_parts_are_what_the_writer_gives) {
    const auto block = make_block();
    const chain::ReadView view{store_};
    const chain::BlockRef ref{1, block.header.hash()};
    const auto kept = rendered_.block(view, ref);
    const auto found = get_block(view, ref, BlockParts::Body);
    std::string whole;
    JsonWriter out{whole};
    write_block(out, found.block, found.senders, TxDetail::Full, false);
    EXPECT_EQ(kept->text, whole);
    const auto json = Json::parse(kept->text);
    ASSERT_EQ(kept->transactions.size(), 4U);
    for (std::size_t i = 0; i < 4; ++i)
        EXPECT_EQ(Json::parse(kept->transactions[i].of(kept->text)), json["transactions"][i]);
    EXPECT_EQ(rendered_.block(view, ref), kept);  // the same text, not made again
}

TEST_F(RenderedBlocksTest, receipts_and_logs_are_what_the_writers_give) {
    const auto block = make_block();
    const chain::ReadView view{store_};
    const chain::BlockRef ref{1, block.header.hash()};
    EXPECT_EQ(rendered_.find_receipts(ref.hash), nullptr);
    const auto kept = rendered_.receipts(view, ref, context_.spec);
    ASSERT_NE(kept, nullptr);
    EXPECT_EQ(rendered_.find_receipts(ref.hash), kept);
    const auto json = Json::parse(kept->text);
    ASSERT_EQ(kept->marks.receipts.size(), 4U);
    for (std::size_t i = 0; i < 4; ++i)
        EXPECT_EQ(Json::parse(kept->marks.receipts[i].of(kept->text)), json[i]);
    // The logs, as a query writes them straight from the receipts.
    const auto receipts = *view.receipts(ref);
    std::string logs;
    JsonWriter out{logs};
    out.begin_array();
    EXPECT_EQ(write_block_logs(out, LogFilter{}, block, receipts, false), 4U);
    out.end_array();
    const auto expected = Json::parse(logs);
    ASSERT_EQ(kept->marks.logs.size(), 4U);
    ASSERT_EQ(kept->logs.size(), 4U);
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_EQ(Json::parse(kept->marks.logs[i].of(kept->text)), expected[i]);
        EXPECT_EQ(Json(to_hex0x(kept->logs[i].address)), expected[i]["address"]);
        EXPECT_EQ(kept->logs[i].topics.size(), expected[i]["topics"].size());
    }
    EXPECT_EQ(expected[2]["logIndex"], "0x2");
}

TEST_F(RenderedBlocksTest, empty_block_has_empty_lists) {
    const auto block = extend(factory_.genesis_block());
    const chain::ReadView view{store_};
    const chain::BlockRef ref{1, block.header.hash()};
    EXPECT_EQ(rendered_.receipts(view, ref, context_.spec)->text, "[]");
    EXPECT_TRUE(rendered_.block(view, ref)->transactions.empty());
}

TEST_F(RenderedBlocksTest, what_does_not_fit_is_given_all_the_same) {
    const auto block = make_block();
    const chain::ReadView view{store_};
    RenderedBlocks tiny{2};
    const chain::BlockRef ref{1, block.header.hash()};
    EXPECT_EQ(tiny.block(view, ref)->text, rendered_.block(view, ref)->text);
    EXPECT_EQ(tiny.receipts(view, ref, context_.spec)->text,
              rendered_.receipts(view, ref, context_.spec)->text);
    EXPECT_EQ(tiny.find_receipts(ref.hash), nullptr);
}

TEST_F(RenderedBlocksTest, methods_answer_twice_alike) {
    const auto block = make_block();
    const auto tx = to_hex0x(block.body.transactions[1].hash());
    const std::vector<std::pair<std::string, Json>> requests{
        {"eth_getBlockByNumber", {"0x1", true}},
        {"eth_getTransactionByHash", {tx}},
        {"eth_getTransactionReceipt", {tx}},
        {"eth_getLogs", Json::array({{{"fromBlock", "0x0"}}})}};
    for (const auto& [name, params] : requests)
        EXPECT_EQ(result(name, params), result(name, params)) << name;
    const auto receipts = result("eth_getBlockReceipts", {"0x1"});
    EXPECT_EQ(result("eth_getTransactionReceipt", {tx}), receipts[1]);
    EXPECT_EQ(result("eth_getTransactionByHash", {tx}),
              result("eth_getTransactionByBlockNumberAndIndex", {"0x1", "0x1"}));
}

}  // namespace
}  // namespace cairn::rpc
