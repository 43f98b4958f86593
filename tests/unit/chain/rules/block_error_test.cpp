// SPDX-License-Identifier: MIT
#include "chain/rules/block_error.hpp"

#include <gtest/gtest.h>

#include <set>

namespace cairn::chain {
namespace {

TEST(BlockErrors, every_cause_has_words_of_its_own) {
    std::set<std::string_view> texts;
    for (std::size_t i = 0; i < kBlockErrorCount; ++i)
        texts.insert(to_string(static_cast<BlockError>(i)));
    EXPECT_EQ(texts.size(), kBlockErrorCount);
    EXPECT_FALSE(texts.contains("unknown"));
    EXPECT_EQ(to_string(static_cast<BlockError>(kBlockErrorCount)), "unknown");
}

TEST(BlockErrors, faults_say_where) {
    BlockFault fault{.error = BlockError::TxInvalid, .index = 3};
    fault.tx_error = TxError::NonceTooLow;
    EXPECT_EQ(to_string(fault), "transaction 3: nonce too low");
    fault = {.error = BlockError::OmmerHeaderInvalid, .index = 1};
    fault.ommer_error = BlockError::DifficultyWrong;
    EXPECT_EQ(to_string(fault), "ommer 1: difficulty wrong");
    EXPECT_EQ(to_string(BlockFault{.error = BlockError::OmmerNotKin, .index = 0}),
              "ommer 0: ommer's parent is not two to seven generations up");
    EXPECT_EQ(to_string(BlockFault{.error = BlockError::StateRootWrong}), "state root wrong");
}

}  // namespace
}  // namespace cairn::chain
