// SPDX-License-Identifier: MIT
#include "chain/rules/blame.hpp"

#include <gtest/gtest.h>

#include "core/types/header.hpp"

namespace cairn::chain {
namespace {

TEST(Blame, early_and_orphaned_blocks_are_nobodys_fault_and_may_come_again) {
    for (const BlockError error : {BlockError::TimestampEarly, BlockError::UnknownParent,
                                   BlockError::InvalidatedByOperator}) {
        EXPECT_FALSE(blame_of(error).is_givers_fault);
        EXPECT_FALSE(blame_of(error).is_final);
    }
}

TEST(Blame, a_foreign_body_does_not_condemn_the_header) {
    for (const BlockError error : {BlockError::TransactionsRootWrong, BlockError::OmmersHashWrong,
                                   BlockError::WithdrawalsRootWrong, BlockError::WithdrawalsMissing,
                                   BlockError::WithdrawalsUnexpected}) {
        EXPECT_TRUE(blame_of(error).is_givers_fault);
        EXPECT_FALSE(blame_of(error).is_final) << to_string(error);
    }
}

TEST(Blame, what_the_hash_commits_to_is_final) {
    for (const BlockError error :
         {BlockError::DifficultyWrong, BlockError::SealAboveTarget, BlockError::StateRootWrong,
          BlockError::BlockTooLarge, BlockError::TxInvalid, BlockError::OmmerNotKin,
          BlockError::ParentInvalid})
        EXPECT_EQ(blame_of(error), (Blame{.is_givers_fault = true, .is_final = true}))
            << to_string(error);
}

TEST(Blame, every_error_has_a_consequence_and_an_rpc_code) {
    std::size_t final_ones = 0;
    for (std::size_t i = 0; i < kBlockErrorCount; ++i) {
        const Blame blame = blame_of(static_cast<BlockError>(i));
        EXPECT_EQ(blame.rpc_code, -32000);
        // Nothing is final without being somebody's fault.
        EXPECT_TRUE(!blame.is_final || blame.is_givers_fault);
        final_ones += blame.is_final ? 1 : 0;
    }
    EXPECT_EQ(final_ones, kBlockErrorCount - 10);
}

TEST(Blame, transactions_are_held_against_a_peer_only_where_no_state_could_take_them) {
    EXPECT_TRUE(blame_of(TxError::SignatureUnrecoverable).is_givers_fault);
    EXPECT_TRUE(blame_of(TxError::WrongChainId).is_final);
    EXPECT_FALSE(blame_of(TxError::NonceTooLow).is_givers_fault);
    EXPECT_FALSE(blame_of(TxError::InsufficientFunds).is_final);
    EXPECT_FALSE(blame_of(TxError::FeeCapBelowBaseFee).is_givers_fault);
    EXPECT_FALSE(blame_of(TxError::TypeNotSupported).is_final);
    for (std::size_t i = 0; i < kTxErrorCount; ++i)
        EXPECT_EQ(blame_of(static_cast<TxError>(i)).rpc_code, -32000);
}

TEST(Blame, bytes_that_are_nothing) {
    const auto error = decode_header({}).error();
    EXPECT_EQ(blame_of(error),
              (Blame{.is_givers_fault = true, .is_final = false, .rpc_code = -32602}));
}

}  // namespace
}  // namespace cairn::chain
