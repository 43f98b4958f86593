// SPDX-License-Identifier: MIT
#include "chain/rules/errors.hpp"

#include <gtest/gtest.h>

#include <set>

namespace cairn::chain {
namespace {

TEST(TxErrors, every_error_has_its_own_wording) {
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < kTxErrorCount; ++i) {
        const auto text = to_string(static_cast<TxError>(i));
        EXPECT_NE(text, "unknown") << i;
        EXPECT_TRUE(seen.insert(text).second) << text;
    }
}

TEST(TxErrors, wording_that_tools_look_for) {
    EXPECT_EQ(to_string(TxError::NonceTooLow), "nonce too low");
    EXPECT_EQ(to_string(TxError::NonceTooHigh), "nonce too high");
    EXPECT_EQ(to_string(TxError::InsufficientFunds), "insufficient funds for gas * price + value");
    EXPECT_EQ(to_string(TxError::IntrinsicGasTooLow), "intrinsic gas too low");
}

}  // namespace
}  // namespace cairn::chain
