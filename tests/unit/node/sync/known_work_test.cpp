// SPDX-License-Identifier: MIT
#include "node/sync/known_work.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "chain/rules/genesis.hpp"
#include "chain/spec/genesis_json.hpp"

namespace cairn::node {
namespace {

Block genesis_block(const std::string& name) {
    std::ifstream file{std::string{CAIRN_GENESIS_DIR} + "/" + name};
    std::stringstream text;
    text << file.rdbuf();
    const auto genesis = chain::parse_genesis(text.str());
    EXPECT_TRUE(genesis);
    return chain::make_genesis_block(*genesis);
}

TEST(KnownWork, the_test_network_has_some_and_its_block_0_is_not_refused) {
    const Block genesis = genesis_block("testnet.json");
    const TotalDifficulty known = known_total(genesis.header.hash());
    EXPECT_GT(known, TotalDifficulty{});
    // A row above the total of the chain as it was released would keep everybody out.
    EXPECT_LE(known.value, genesis.header->difficulty.value);
}

TEST(KnownWork, of_other_networks_nothing_is_known) {
    EXPECT_EQ(known_total(genesis_block("dev.json").header.hash()), TotalDifficulty{});
    EXPECT_EQ(known_total(BlockHash{}), TotalDifficulty{});
}

}  // namespace
}  // namespace cairn::node
