// SPDX-License-Identifier: MIT
#include "chain/rules/body_check.hpp"

#include <gtest/gtest.h>

#include <utility>

#include "chain/rules/base_fee.hpp"
#include "chain/spec/rule_table.hpp"
#include "core/types/transaction.hpp"

namespace cairn::chain {
namespace {

SignedTx transfer(std::size_t data_size = 0) {
    Transaction tx;
    tx.to = Address{};
    tx.gas_limit = 21000;
    tx.data.assign(data_size, 1);
    return SignedTx{std::move(tx), TxSignature{.r = Uint256{1}, .s = Uint256{1}}};
}

SignedTx blob_tx(std::size_t blobs) {
    Transaction tx;
    tx.type = TxType::Blob;
    tx.to = Address{};
    tx.chain_id = 1;
    tx.blob_hashes.resize(blobs);
    return SignedTx{std::move(tx), TxSignature{.r = Uint256{1}, .s = Uint256{1}}};
}

/// A header that commits to the body.
Block seal_body(BlockBody body) {
    Header h;
    h.number = 5;
    h.base_fee = 7;
    h.transactions_root = transactions_root_of(body.transactions);
    h.ommers_hash = ommers_hash_of(body.ommers);
    if (body.withdrawals) h.withdrawals_root = withdrawals_root_of(*body.withdrawals);
    return {HashedHeader{std::move(h)}, std::move(body)};
}

std::optional<BlockError> error(const Result<void, BlockFault>& v) {
    return v ? std::nullopt : std::optional{v.error().error};
}

TEST(BodyCheck, the_headers_body_passes) {
    BlockBody body;
    body.transactions = {transfer(), transfer(5)};
    body.ommers.emplace_back(Header{});
    const Block block = seal_body(body);
    EXPECT_EQ(error(check_body(rules_of(Revision::London), block)), std::nullopt);
    EXPECT_EQ(error(check_body_matches(*block.header, block.body)), std::nullopt);
}

TEST(BodyCheck, another_body_is_told_by_its_part) {
    BlockBody body;
    body.transactions = {transfer(), transfer(5)};
    body.withdrawals = {Withdrawal{1, 2, {}, 3}};
    const Block block = seal_body(body);
    const auto with = [&](auto edit) {
        BlockBody other = body;
        edit(other);
        return error(check_body_matches(*block.header, other));
    };
    EXPECT_EQ(with([](BlockBody& b) { b.transactions.pop_back(); }),
              BlockError::TransactionsRootWrong);
    EXPECT_EQ(with([](BlockBody& b) { std::swap(b.transactions[0], b.transactions[1]); }),
              BlockError::TransactionsRootWrong);
    EXPECT_EQ(with([](BlockBody& b) { b.ommers.emplace_back(Header{}); }),
              BlockError::OmmersHashWrong);
    EXPECT_EQ(with([](BlockBody& b) { b.withdrawals.reset(); }), BlockError::WithdrawalsMissing);
    EXPECT_EQ(with([](BlockBody& b) { b.withdrawals->clear(); }), BlockError::WithdrawalsRootWrong);
    EXPECT_EQ(with([](BlockBody& b) { b.withdrawals->front().amount_gwei = 4; }),
              BlockError::WithdrawalsRootWrong);
    body.withdrawals.reset();
    const Block before = seal_body(body);
    body.withdrawals.emplace();
    EXPECT_EQ(error(check_body_matches(*before.header, body)), BlockError::WithdrawalsUnexpected);
}

TEST(BodyCheck, size_up_to_the_limit) {
    BlockBody body;
    body.transactions = {transfer(1000)};
    const Block block = seal_body(body);
    RuleSet rules = rules_of(Revision::London);
    rules.block_size_max = encode_block(block).size();
    EXPECT_EQ(error(check_body(rules, block)), std::nullopt);
    rules.block_size_max -= 1;
    EXPECT_EQ(error(check_body(rules, block)), BlockError::BlockTooLarge);
    EXPECT_EQ(rules_of(Revision::Osaka).block_size_max, (10U << 20) - (2U << 20));
}

TEST(BodyCheck, ommers_up_to_two_and_none_after_the_merge) {
    BlockBody body;
    for (int i = 0; i < 3; ++i) {
        const Block block = seal_body(body);
        EXPECT_EQ(error(check_body(rules_of(Revision::London), block)), std::nullopt);
        if (i > 0) {
            EXPECT_EQ(error(check_body(rules_of(Revision::Paris), block)),
                      BlockError::OmmersTooMany);
        }
        Header ommer;
        ommer.number = static_cast<BlockNumber>(i);
        body.ommers.emplace_back(ommer);
    }
    EXPECT_EQ(error(check_body(rules_of(Revision::London), seal_body(body))),
              BlockError::OmmersTooMany);
}

TEST(BodyCheck, blob_gas_is_that_of_the_transactions) {
    BlockBody body;
    body.transactions = {blob_tx(1), transfer(), blob_tx(2)};
    body.withdrawals.emplace();
    const auto with = [&](std::optional<Gas> used) {
        Header h = *seal_body(body).header;
        h.blob_gas_used = used;
        return error(check_body(rules_of(Revision::Cancun), {HashedHeader{h}, body}));
    };
    EXPECT_EQ(with(3 * kGasPerBlob), std::nullopt);
    EXPECT_EQ(with(2 * kGasPerBlob), BlockError::BlobGasUsedWrong);
    EXPECT_EQ(with(0), BlockError::BlobGasUsedWrong);
}

TEST(BodyCheck, roots_of_nothing) {
    EXPECT_EQ(transactions_root_of({}), kEmptyTrieRoot);
    EXPECT_EQ(withdrawals_root_of({}), kEmptyTrieRoot);
}

}  // namespace
}  // namespace cairn::chain
