// SPDX-License-Identifier: MIT
#include "tests/unit/rpc/tracers/tracing_fixture.hpp"

namespace cairn::rpc::test {
namespace {

using Otterscan = TracingTest;

TEST_F(Otterscan, knows_its_level_and_code) {
    EXPECT_EQ(result("ots_getApiLevel", json::array()), 8);
    EXPECT_EQ(result("ots_hasCode", {to_hex0x(box), "latest"}), true);
    EXPECT_EQ(result("ots_hasCode", {to_hex0x(box), "0x0"}), false);
    EXPECT_EQ(result("ots_hasCode", {to_hex0x(key1.address), "latest"}), false);
}

TEST_F(Otterscan, tells_a_transactions_error_calls_and_operations) {
    EXPECT_EQ(result("ots_getTransactionError", json::array({tx_hash(4, 0)})), "0x0bad");
    EXPECT_EQ(result("ots_getTransactionError", json::array({tx_hash(2, 0)})), "0x");
    const auto calls = result("ots_traceTransaction", json::array({tx_hash(2, 0)}));
    ASSERT_EQ(calls.size(), 2U);
    EXPECT_EQ(calls[1], json({{"type", "CALL"}, {"depth", 1}, {"from", to_hex0x(box)},
                              {"to", to_hex0x(key3.address)}, {"value", "0x1"}, {"input", "0x"}, {"output", "0x"}}));
    const auto operations = result("ots_getInternalOperations", json::array({tx_hash(2, 0)}));
    ASSERT_EQ(operations.size(), 1U);
    EXPECT_EQ(operations[0], json({{"type", 0}, {"from", to_hex0x(box)}, {"to", to_hex0x(key3.address)},
                                   {"value", "0x1"}}));
    EXPECT_EQ(result("ots_getInternalOperations", json::array({tx_hash(4, 0)})), json::array());
    EXPECT_TRUE(result("ots_traceTransaction", json::array({kNowhere})).is_null());
}

TEST_F(Otterscan, block_details_add_issuance_and_fees) {
    const auto details = result("ots_getBlockDetails", json::array({"0x2"}));
    EXPECT_EQ(details.at("block").at("transactionCount"), "0x2");
    EXPECT_EQ(details.at("block").at("hash"), block_hash(2));
    EXPECT_FALSE(details.at("block").contains("transactions"));
    EXPECT_EQ(details.at("issuance"), json({{"blockReward", "0x29a2241af62c0000"}, {"uncleReward", "0x0"},
                                            {"issuance", "0x29a2241af62c0000"}}));
    const auto fees = Wei{blocks[1].header->gas_used} * Wei{2'000'000'000};
    EXPECT_EQ(details.at("totalFees"), to_quantity(fees));
    EXPECT_EQ(result("ots_getBlockDetailsByHash", json::array({block_hash(2)})), details);
    EXPECT_TRUE(result("ots_getBlockDetails", json::array({"0x63"})).is_null());
}

TEST_F(Otterscan, pages_count_from_the_blocks_end) {
    const auto page = [&](int number, int size) {
        return result("ots_getBlockTransactions", {"0x2", number, size}).at("fullblock").at("transactions");
    };
    ASSERT_EQ(page(0, 1).size(), 1U);
    EXPECT_EQ(page(0, 1)[0].at("hash"), tx_hash(2, 1));
    EXPECT_EQ(page(1, 1)[0].at("hash"), tx_hash(2, 0));
    EXPECT_EQ(page(2, 1).size(), 0U);
    EXPECT_EQ(page(0, 25).size(), 2U);
    EXPECT_EQ(page(9, 25).size(), 0U);
    EXPECT_EQ(result("ots_getBlockTransactions", {"0x2", 0, 25}).at("receipts").size(), 2U);
    EXPECT_EQ(error("ots_getBlockTransactions", {"0x2", 0, 251}).at("code"), -32602);
}

TEST_F(Otterscan, search_finds_inner_calls_from_both_ends) {
    const auto hashes = [](const json& page) {
        std::vector<std::string> out;
        for (const auto& tx : page.at("txs")) out.push_back(tx.at("hash"));
        return out;
    };
    // Key 3 only ever receives from inside.
    const auto a3 = to_hex0x(key3.address);
    const auto all = result("ots_searchTransactionsBefore", {a3, 0, 25});
    EXPECT_EQ(hashes(all), (std::vector<std::string>{tx_hash(3, 1), tx_hash(2, 0)}));
    EXPECT_EQ(all.at("firstPage"), true);
    EXPECT_EQ(all.at("lastPage"), true);
    EXPECT_EQ(all.at("receipts")[0].at("timestamp"), blocks[2].header->timestamp);
    const auto newest = result("ots_searchTransactionsBefore", {a3, 0, 1});
    EXPECT_EQ(hashes(newest), std::vector<std::string>{tx_hash(3, 1)});
    EXPECT_EQ(newest.at("lastPage"), false);
    const auto older = result("ots_searchTransactionsBefore", {a3, 3, 1});
    EXPECT_EQ(hashes(older), std::vector<std::string>{tx_hash(2, 0)});
    EXPECT_EQ(older.at("firstPage"), false);
    const auto oldest = result("ots_searchTransactionsAfter", {a3, 0, 1});
    EXPECT_EQ(hashes(oldest), std::vector<std::string>{tx_hash(2, 0)});
    EXPECT_EQ(oldest.at("lastPage"), true);
    EXPECT_EQ(oldest.at("firstPage"), false);
    const auto newer = result("ots_searchTransactionsAfter", {a3, 2, 25});
    EXPECT_EQ(hashes(newer), std::vector<std::string>{tx_hash(3, 1)});
    EXPECT_EQ(newer.at("firstPage"), true);
    EXPECT_EQ(error("ots_searchTransactionsBefore", {a3, 0, 0}).at("code"), -32602);
}

TEST_F(Otterscan, finds_by_nonce_and_by_creation) {
    const auto by_nonce = [&](const Address& sender, int nonce) {
        return result("ots_getTransactionBySenderAndNonce", {to_hex0x(sender), nonce});
    };
    EXPECT_EQ(by_nonce(key1.address, 0), tx_hash(1, 0));
    EXPECT_EQ(by_nonce(key1.address, 3), tx_hash(4, 0));
    EXPECT_EQ(by_nonce(key2.address, 1), tx_hash(3, 1));
    EXPECT_TRUE(by_nonce(key1.address, 4).is_null());
    EXPECT_TRUE(by_nonce(kNobody, 0).is_null());
    EXPECT_EQ(result("ots_getContractCreator", json::array({to_hex0x(reverter)})),
              json({{"hash", tx_hash(3, 0)}, {"creator", to_hex0x(key1.address)}}));
    EXPECT_TRUE(result("ots_getContractCreator", json::array({to_hex0x(key1.address)})).is_null());
}

}  // namespace
}  // namespace cairn::rpc::test
