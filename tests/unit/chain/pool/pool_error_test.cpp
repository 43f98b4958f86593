// SPDX-License-Identifier: MIT
#include "chain/pool/pool_error.hpp"

#include <gtest/gtest.h>

#include <set>

namespace cairn::chain {
namespace {

// The words are those of go-ethereum's core/txpool/errors.go, core/error.go and
// internal/ethapi/errors.go, on which ethers, viem and web3.js match.
TEST(PoolError, words_that_clients_match_are_geths) {
    EXPECT_EQ(to_string(PoolError::AlreadyKnown), "already known");
    EXPECT_EQ(to_string(PoolError::NonceTooLow), "nonce too low");
    EXPECT_EQ(to_string(PoolError::ReplacementUnderpriced), "replacement transaction underpriced");
    EXPECT_EQ(to_string(PoolError::Underpriced), "transaction underpriced");
    EXPECT_EQ(to_string(PoolError::InsufficientFunds),
              "insufficient funds for gas * price + value");
    EXPECT_EQ(to_string(PoolError::GasLimitAboveBlock), "exceeds block gas limit");
    EXPECT_EQ(to_string(PoolError::NotReplayProtected),
              "only replay-protected (EIP-155) transactions allowed over RPC");
    EXPECT_EQ(to_string(PoolError::OversizedData), "oversized data");
    EXPECT_EQ(to_string(PoolError::PoolFull), "txpool is full");
    EXPECT_EQ(to_string(PoolError::AccountLimitExceeded), "account limit exceeded");
    EXPECT_EQ(to_string(PoolError::FutureReplacesPending),
              "future transaction tries to replace pending transaction");
    EXPECT_EQ(to_string(PoolError::DelegatedInFlight),
              "in-flight transaction limit reached for delegated accounts");
    EXPECT_EQ(to_string(PoolError::DelegatedNonceGap), "gapped-nonce tx from delegated accounts");
    EXPECT_EQ(to_string(PoolError::AuthorityReserved), "authority already reserved");
    EXPECT_EQ(to_string(PoolError::SenderNotEoa), "sender not an eoa");
}

TEST(PoolError, each_has_words_of_its_own) {
    std::set<std::string_view> words;
    for (std::size_t i = 0; i < kPoolErrorCount; ++i)
        words.insert(to_string(static_cast<PoolError>(i)));
    EXPECT_EQ(words.size(), kPoolErrorCount);
    EXPECT_FALSE(words.contains("unknown"));
}

TEST(PoolError, details_follow_a_colon) {
    const auto rejection = rejection_of(PoolError::NonceTooLow, "next nonce 5, tx nonce 3");
    EXPECT_EQ(rejection.error, PoolError::NonceTooLow);
    EXPECT_EQ(rejection.message, "nonce too low: next nonce 5, tx nonce 3");
    EXPECT_EQ(rejection_of(PoolError::AlreadyKnown).message, "already known");
}

}  // namespace
}  // namespace cairn::chain
