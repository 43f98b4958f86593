// SPDX-License-Identifier: MIT
#include "chain/spec/spec_json.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "chain/spec/rule_table.hpp"
#include "core/base/hex.hpp"

namespace cairn::chain {
namespace {

using Json = nlohmann::json;

/// Ethereum's main network as its clients' genesis files have it.
Json mainnet() {
    return Json::parse(R"({
        "chainId": 1, "homesteadBlock": 1150000, "daoForkBlock": 1920000, "daoForkSupport": true,
        "eip150Block": 2463000, "eip155Block": 2675000, "eip158Block": 2675000, "byzantiumBlock": 4370000,
        "constantinopleBlock": 7280000, "petersburgBlock": 7280000, "istanbulBlock": 9069000,
        "muirGlacierBlock": 9200000, "berlinBlock": 12244000, "londonBlock": 12965000,
        "arrowGlacierBlock": 13773000, "grayGlacierBlock": 15050000,
        "terminalTotalDifficulty": "58750000000000000000000",
        "shanghaiTime": 1681338455, "cancunTime": 1710338135, "pragueTime": 1746612311,
        "osakaTime": 1764798551, "bpo1Time": 1765290071, "bpo2Time": 1767747671,
        "depositContractAddress": "0x00000000219ab540356cbb839cbe05303d7705fa", "ethash": {},
        "blobSchedule": {
            "cancun": {"target": 3, "max": 6, "baseFeeUpdateFraction": 3338477},
            "prague": {"target": 6, "max": 9, "baseFeeUpdateFraction": 5007716},
            "osaka": {"target": 6, "max": 9, "baseFeeUpdateFraction": 5007716},
            "bpo1": {"target": 10, "max": 15, "baseFeeUpdateFraction": 8346193},
            "bpo2": {"target": 14, "max": 21, "baseFeeUpdateFraction": 11684671}}})");
}

ChainSpec spec_of(const Json& config) {
    auto p = parse_chain_config(config);
    EXPECT_TRUE(p) << (p ? "" : p.error().text());
    return ChainSpec{p.value()};
}
std::string error_of(const Json& config) {
    const auto p = parse_chain_config(config);
    return p ? "" : p.error().text();
}

TEST(SpecJson, mainnet_revisions_on_both_sides_of_every_fork) {
    const ChainSpec spec = spec_of(mainnet());
    struct Case {
        BlockNumber number;
        Revision before;
        Revision from;
    };
    constexpr Case kCases[] = {{1150000, Revision::Frontier, Revision::Homestead},
                               {2463000, Revision::Homestead, Revision::Tangerine},
                               {2675000, Revision::Tangerine, Revision::Spurious},
                               {4370000, Revision::Spurious, Revision::Byzantium},
                               {7280000, Revision::Byzantium, Revision::Petersburg},
                               {9069000, Revision::Petersburg, Revision::Istanbul},
                               {12244000, Revision::Istanbul, Revision::Berlin},
                               {12965000, Revision::Berlin, Revision::London}};
    for (const Case& c : kCases) {
        EXPECT_EQ(spec.rules_at(c.number - 1, 0).revision, c.before) << c.number;
        EXPECT_EQ(spec.rules_at(c.number, 0).revision, c.from) << c.number;
    }
    const TotalDifficulty terminal{*parse_uint256("58750000000000000000000")};
    EXPECT_EQ(spec.rules_at(15537393, 1663224162).revision, Revision::London);
    EXPECT_EQ(spec.rules_at(15537394, 1663224179, terminal).revision, Revision::Paris);
    EXPECT_EQ(spec.rules_at(17034870, 1681338455).revision, Revision::Shanghai);
    EXPECT_EQ(spec.rules_at(19426587, 1710338135).revision, Revision::Cancun);
    EXPECT_EQ(spec.rules_at(22431084, 1746612311).revision, Revision::Prague);
    EXPECT_EQ(spec.rules_at(23935694, 1764798551).revision, Revision::Osaka);
}

TEST(SpecJson, mainnet_rows_are_the_tables) {
    const ChainSpec spec = spec_of(mainnet());
    EXPECT_EQ(spec.rules_at(0, 0), rules_of(Revision::Frontier));
    EXPECT_EQ(spec.rules_at(5000000, 0), rules_of(Revision::Byzantium));
    EXPECT_EQ(spec.rules_at(12300000, 0), rules_of(Revision::Berlin));
    EXPECT_EQ(spec.rules_at(13000000, 0), rules_of(Revision::London));
    EXPECT_EQ(spec.rules_at(20000000, 1720000000), rules_of(Revision::Cancun));
    EXPECT_EQ(spec.rules_at(23000000, 1750000000), rules_of(Revision::Prague));
    EXPECT_EQ(spec.rules_at(23940000, 1764800000), rules_of(Revision::Osaka));
}

TEST(SpecJson, mainnet_bomb_delays_of_the_glaciers) {
    const ChainSpec spec = spec_of(mainnet());
    EXPECT_EQ(spec.rules_at(9199999, 0).bomb_delay, 5'000'000U);
    EXPECT_EQ(spec.rules_at(9200000, 0).bomb_delay, 9'000'000U);
    EXPECT_EQ(spec.rules_at(9200000, 0).revision, Revision::Istanbul);
    EXPECT_EQ(spec.rules_at(13772999, 0).bomb_delay, 9'700'000U);
    EXPECT_EQ(spec.rules_at(13773000, 0).bomb_delay, 10'700'000U);
    EXPECT_EQ(spec.rules_at(15050000, 0).bomb_delay, 11'400'000U);
}

TEST(SpecJson, mainnet_blob_schedule) {
    const ChainSpec spec = spec_of(mainnet());
    EXPECT_EQ(spec.rules_at(24000000, 1765290070).blobs, rules_of(Revision::Osaka).blobs);
    EXPECT_EQ(spec.rules_at(24000000, 1765290071).blobs, (BlobSchedule{10, 15, 6, 8346193, true}));
    EXPECT_EQ(spec.rules_at(24000000, 1767747671).blobs, (BlobSchedule{14, 21, 6, 11684671, true}));
}

TEST(SpecJson, what_is_no_rule_row) {
    const auto p = parse_chain_config(mainnet());
    ASSERT_TRUE(p);
    EXPECT_EQ(p->chain_id, 1U);
    EXPECT_EQ(p->seal, SealKind::Ethash);
    EXPECT_EQ(p->dao_fork_block, 1920000U);
    EXPECT_EQ(p->deposit_contract, kMainnetDepositContract);
    Json config = mainnet();
    config["daoForkSupport"] = false;
    config.erase("ethash");
    config["depositContractAddress"] = "0x0000000000000000000000000000000000000001";
    const auto q = parse_chain_config(config);
    ASSERT_TRUE(q);
    EXPECT_FALSE(q->dao_fork_block);
    EXPECT_EQ(q->seal, SealKind::Ethash);
    EXPECT_EQ(q->fork_id_blocks, std::vector<BlockNumber>{1920000});
    EXPECT_EQ(to_hex(q->deposit_contract), "0000000000000000000000000000000000000001");
}

TEST(SpecJson, a_bare_chain_is_frontier_for_ever) {
    const ChainSpec spec = spec_of({{"chainId", 5}});
    EXPECT_EQ(spec.rules_at(~0ULL, ~0ULL), rules_of(Revision::Frontier));
    EXPECT_EQ(spec.chain_id(), 5U);
}

TEST(SpecJson, petersburg_comes_with_constantinople_unless_dated) {
    Json config = mainnet();
    config.erase("petersburgBlock");
    EXPECT_EQ(spec_of(config).rules_at(7280000, 0).revision, Revision::Petersburg);
    config["petersburgBlock"] = 7280003;
    EXPECT_EQ(spec_of(config).rules_at(7280002, 0).revision, Revision::Constantinople);
    EXPECT_EQ(spec_of(config).rules_at(7280003, 0).revision, Revision::Petersburg);
}

TEST(SpecJson, without_muir_glacier_the_bomb_waits_for_london) {
    Json config = mainnet();
    config.erase("muirGlacierBlock");
    EXPECT_EQ(spec_of(config).rules_at(12300000, 0).bomb_delay, 5'000'000U);
    EXPECT_EQ(spec_of(config).rules_at(13000000, 0).bomb_delay, 9'700'000U);
}

TEST(SpecJson, merged_from_genesis) {
    Json config = mainnet();
    for (auto& [key, value] : config.items())
        if (key.ends_with("Block") || key.ends_with("Time")) value = 0;
    config["terminalTotalDifficulty"] = 0;
    EXPECT_EQ(spec_of(config).rules_at(0, 0).revision, Revision::Osaka);
    for (const auto* key :
         {"shanghaiTime", "cancunTime", "pragueTime", "osakaTime", "bpo1Time", "bpo2Time"})
        config.erase(key);
    EXPECT_EQ(spec_of(config).rules_at(0, 0).revision, Revision::Paris);
}

TEST(SpecJson, blobs_per_transaction_follow_the_schedule_until_osaka_bounds_them) {
    Json config = mainnet();
    config["blobSchedule"]["cancun"] = {{"target", 1}, {"max", 2}, {"baseFeeUpdateFraction", 100}};
    EXPECT_EQ(spec_of(config).rules_at(20000000, 1720000000).blobs,
              (BlobSchedule{1, 2, 2, 100, false}));
    config["blobSchedule"]["osaka"] = {{"target", 1}, {"max", 4}, {"baseFeeUpdateFraction", 100}};
    EXPECT_EQ(spec_of(config).rules_at(24000000, 1764800000).blobs,
              (BlobSchedule{1, 4, 4, 100, true}));
}

TEST(SpecJson, faults_are_named) {
    EXPECT_EQ(error_of(Json::array()), "config is not an object");
    EXPECT_EQ(error_of(Json::object()), "chainId is missing");
    const auto with = [](const char* key, Json value) {
        Json config = mainnet();
        config[key] = std::move(value);
        return error_of(config);
    };
    const auto without = [](const char* key) {
        Json config = mainnet();
        config.erase(key);
        return error_of(config);
    };
    EXPECT_EQ(with("chainId", "x"), "chainId is not a number");
    EXPECT_EQ(with("chainId", -1), "chainId is not a number");
    EXPECT_EQ(with("chainId", 1.5), "chainId is not a number");
    EXPECT_EQ(with("chainId", "18446744073709551616"), "chainId is above 64 bits");
    EXPECT_EQ(with("londonBlock", 12243999), "londonBlock comes before berlinBlock");
    EXPECT_EQ(with("cancunTime", 1), "cancunTime comes before shanghaiTime");
    EXPECT_EQ(without("berlinBlock"), "londonBlock is dated, but not the fork before it");
    EXPECT_EQ(without("shanghaiTime"), "cancunTime is dated, but not the fork before it");
    EXPECT_EQ(with("eip155Block", 1), "eip155Block and eip158Block differ, which no revision has");
    EXPECT_EQ(with("daoForkSupport", 1), "daoForkSupport is not a boolean");
    EXPECT_EQ(with("depositContractAddress", "0x12"), "depositContractAddress is not an address");
    EXPECT_EQ(with("blobSchedule", 1), "blobSchedule is not an object");
    EXPECT_EQ(without("blobSchedule"), "bpo1Time has no entry in blobSchedule");
    Json config = mainnet();
    config["blobSchedule"]["cancun"] = 1;
    EXPECT_EQ(error_of(config), "blobSchedule.cancun is not an object");
    config["blobSchedule"]["cancun"] = {{"target", 7}, {"max", 6}, {"baseFeeUpdateFraction", 1}};
    EXPECT_EQ(error_of(config), "blobSchedule.cancun is out of range");
    config["blobSchedule"]["cancun"] = {{"target", 3}, {"max", 6}, {"baseFeeUpdateFraction", 0}};
    EXPECT_EQ(error_of(config), "blobSchedule.cancun is out of range");
    config["blobSchedule"]["cancun"] = {{"target", 3}, {"max", 6}};
    EXPECT_EQ(error_of(config), "blobSchedule.cancun.baseFeeUpdateFraction is missing");
}

}  // namespace
}  // namespace cairn::chain
