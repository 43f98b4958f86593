// SPDX-License-Identifier: MIT
#include "chain/rules/genesis.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "chain/rules/header_check.hpp"
#include "chain/spec/genesis_json.hpp"
#include "chain/spec/rule_table.hpp"
#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"

namespace cairn::chain {
namespace {

Genesis load(const std::string& name) {
    std::ifstream file{std::string{CAIRN_GENESIS_DIR} + "/" + name};
    std::stringstream text;
    text << file.rdbuf();
    auto genesis = parse_genesis(text.str());
    if (!genesis) throw std::runtime_error{genesis.error().text()};
    return std::move(*genesis);
}
const GenesisAccount* find_account(const Genesis& genesis, std::string_view address) {
    for (const auto& account : genesis.accounts)
        if (account.address == fixed_from_hex<Address>(address)) return &account;
    return nullptr;
}

TEST(GenesisFiles, testnet_is_the_network_of_the_table) {
    const Genesis genesis = load("testnet.json");
    EXPECT_EQ(genesis.spec.chain_id(), 73127U);
    EXPECT_EQ(genesis.spec.seal(), SealKind::Sha256d);
    EXPECT_EQ(genesis.spec.rules_at(0, 0), cairn_testnet_rules());
    EXPECT_EQ(genesis.spec.rules_at(~0ULL, ~0ULL), cairn_testnet_rules());
    const Block block = make_genesis_block(genesis);
    EXPECT_EQ(block.header->gas_limit, 30'000'000U);
    EXPECT_EQ(block.header->difficulty.value, Uint256{131072});
    EXPECT_EQ(block.header->base_fee, Wei{1'000'000'000});
    EXPECT_FALSE(block.header->withdrawals_root);
    EXPECT_FALSE(block.body.withdrawals);
    ASSERT_TRUE(genesis.spec.parameters().asert_anchor);
    EXPECT_EQ(genesis.spec.parameters().asert_anchor->timestamp, block.header->timestamp);
    EXPECT_EQ(genesis.spec.parameters().asert_anchor->difficulty, block.header->difficulty);
}

// A change of these hashes is another network.
TEST(GenesisFiles, hashes_are_fixed) {
    EXPECT_EQ(to_hex(make_genesis_block(load("testnet.json")).header.hash()),
              "9fd2138b9481c6e7281640262a307f9dda72c18eac1813bed8352c8f5a14f4d3");
    EXPECT_EQ(to_hex(make_genesis_block(load("dev.json")).header.hash()),
              "ce6e9b49ae5af2ebb10168143b79e9f17f906d2ca7012d8d8bba9164c9eebf2e");
}

TEST(GenesisFiles, dev_has_ten_accounts_of_10000_coins) {
    const Genesis genesis = load("dev.json");
    EXPECT_EQ(genesis.spec.chain_id(), 1337U);
    EXPECT_EQ(genesis.spec.rules_at(0, 0), cairn_dev_rules());
    const Wei coins = Wei{10'000} * Wei{1'000'000'000'000'000'000};
    std::size_t rich = 0;
    for (const auto& account : genesis.accounts) rich += account.balance == coins ? 1 : 0;
    EXPECT_EQ(rich, 10U);
    // Besides: block hash history, deployment proxy, and the three contracts of genesis/contracts.
    EXPECT_EQ(genesis.accounts.size(), 15U);
    // The first and last account of the mnemonic.
    EXPECT_NE(find_account(genesis, "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"), nullptr);
    EXPECT_NE(find_account(genesis, "0xa0Ee7A142d267C1f36714E4a8F75612F20a79720"), nullptr);
}

TEST(GenesisFiles, system_contracts_are_the_known_ones) {
    for (const char* name : {"testnet.json", "dev.json"}) {
        const Genesis genesis = load(name);
        const auto* history = find_account(genesis, "0x0000F90827F1C53a10cb7A02335B175320002935");
        ASSERT_NE(history, nullptr);
        // What the EIPs' and the proxy's deployments left on the main network.
        EXPECT_EQ(to_hex(keccak256(history->code)),
                  "6e49e66782037c0555897870e29fa5e552daf4719552131a0abce779daec0a5d");
        EXPECT_EQ(history->nonce, 1U);
        const auto* proxy = find_account(genesis, "0x4e59b44847b379578588920cA78FbF26c0B4956C");
        ASSERT_NE(proxy, nullptr);
        EXPECT_EQ(to_hex(keccak256(proxy->code)),
                  "2fa86add0aed31f33a762c9d88e807c475bd51d0f52bd0955754b2608f7e4989");
        EXPECT_EQ(proxy->nonce, 1U);
    }
}

TEST(GenesisFiles, first_block_of_testnet_can_be_valid) {
    const Genesis genesis = load("testnet.json");
    const Block block = make_genesis_block(genesis);
    Header child;
    child.parent_hash = block.header.hash();
    child.number = 1;
    child.timestamp = block.header->timestamp + 10;
    child.gas_limit = block.header->gas_limit;
    child.base_fee = Wei{875'000'000};  // EIP-1559: an empty block lowers it by an eighth
    child.difficulty = {Uint256{131072}};
    const auto v = check_header(genesis.spec, child, block.header, {});
    EXPECT_TRUE(v) << to_string(v.error());
}

std::string with_config(const std::string& config) {
    return R"({"config": {"chainId": 1)" + config +
           R"(}, "alloc": {}, "gasLimit": 5000, "difficulty": 1})";
}

TEST(GenesisBlock, fields_of_later_forks_are_filled) {
    const std::string london =
        R"(, "homesteadBlock":0, "eip150Block":0, "eip155Block":0, "eip158Block":0,
        "byzantiumBlock":0, "constantinopleBlock":0, "istanbulBlock":0, "berlinBlock":0,
        "londonBlock":0, "terminalTotalDifficulty":0)";
    const auto header = [&](const std::string& more) {
        return *make_genesis_block(parse_genesis(with_config(more)).value()).header;
    };
    EXPECT_FALSE(header("").base_fee);
    EXPECT_EQ(header(london).base_fee, Wei{1'000'000'000});
    EXPECT_FALSE(header(london).withdrawals_root);
    const std::string shanghai = london + R"(, "shanghaiTime":0)";
    EXPECT_EQ(header(shanghai).withdrawals_root, kEmptyTrieRoot);
    EXPECT_FALSE(header(shanghai).blob_gas_used);
    const std::string cancun = shanghai + R"(, "cancunTime":0)";
    EXPECT_EQ(header(cancun).blob_gas_used, 0U);
    EXPECT_EQ(header(cancun).excess_blob_gas, 0U);
    EXPECT_EQ(header(cancun).parent_beacon_root, Hash256{});
    EXPECT_FALSE(header(cancun).requests_hash);
    // SHA-256 of nothing (EIP-7685).
    EXPECT_EQ(to_hex(*header(cancun + R"(, "pragueTime":0)").requests_hash),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(GenesisBlock, of_an_empty_allocation_has_the_empty_root) {
    EXPECT_EQ(make_genesis_block(parse_genesis(with_config("")).value()).header->state_root,
              kEmptyTrieRoot);
}

}  // namespace
}  // namespace cairn::chain
