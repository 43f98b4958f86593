// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "chain/rules/genesis.hpp"
#include "chain/spec/genesis_json.hpp"
#include "core/base/hex.hpp"
#include "core/codec/rlp_decode.hpp"
#include "core/types/block.hpp"
#include "tests/support/fixtures.hpp"

namespace cairn::test {
namespace {

using Json = nlohmann::json;

Block genesis_of(const std::string& text) {
    auto genesis = chain::parse_genesis(text);
    if (!genesis) throw std::runtime_error{genesis.error().text()};
    return chain::make_genesis_block(*genesis);
}

TEST(GenesisConformance, every_case_of_the_suite) {
    const auto tests = ethereum_tests();
    CAIRN_SKIP_WITHOUT(tests);
    std::size_t count = 0;
    for (const auto& file : files_below(tests.path / "GenesisTests")) {
        const Json suite = Json::parse(read_text(file));
        for (const auto& [name, test] : suite.items()) {
            SCOPED_TRACE(name);
            // The suite is older than networks' configurations.
            Json genesis = test;
            genesis["config"] = {{"chainId", 1}};
            EXPECT_EQ(to_hex(encode_block(genesis_of(genesis.dump()))),
                      test.at("result").get<std::string>());
            ++count;
        }
    }
    EXPECT_GT(count, 0U);
}

/// The hash of a chain's block 0 is the parent hash of its block 1.
TEST(GenesisConformance, public_chain_stands_on_its_genesis) {
    const auto root = fixtures_root();
    CAIRN_SKIP_WITHOUT(root);
    const auto folder = root.path / "rpc-compat";
    if (!std::filesystem::exists(folder / "chain.rlp"))
        GTEST_SKIP() << "no rpc-compat/chain.rlp in " << root.path;
    const Block genesis = genesis_of(read_text(folder / "genesis.json"));
    const std::string chain = read_text(folder / "chain.rlp");
    ByteView rest = as_bytes(chain);
    const auto item = rlp_take_item(rest);
    ASSERT_TRUE(item);
    const auto first = decode_block(item->encoded);
    ASSERT_TRUE(first);
    EXPECT_EQ(genesis.header.hash(), first->header->parent_hash);
}

/// The accounts and the header of every blockchain test make its genesis block.
TEST(GenesisConformance, genesis_of_every_blockchain_test) {
    const auto tests = ethereum_tests();
    CAIRN_SKIP_WITHOUT(tests);
    std::size_t count = 0;
    for (const auto& file : files_below(tests.path / "BlockchainTests")) {
        const Json suite = Json::parse(read_text(file));
        for (const auto& [name, test] : suite.items()) {
            SCOPED_TRACE(name);
            const Json& header = test.at("genesisBlockHeader");
            Json genesis = {{"alloc", test.at("pre")}, {"config", {{"chainId", 1}}}};
            for (const auto* key : {"nonce", "timestamp", "extraData", "gasLimit", "difficulty",
                                    "mixHash", "coinbase", "parentHash", "gasUsed"})
                genesis[key] = header.at(key);
            EXPECT_EQ(to_hex0x(genesis_of(genesis.dump()).header->state_root),
                      header.at("stateRoot").get<std::string>());
            ++count;
        }
    }
    EXPECT_GT(count, 100U);
}

}  // namespace
}  // namespace cairn::test
