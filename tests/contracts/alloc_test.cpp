// SPDX-License-Identifier: MIT
// What the networks have at the contracts' addresses is what the sources compile to.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "chain/spec/genesis_json.hpp"
#include "core/base/hex.hpp"
#include "wallet/commands/contracts.hpp"

namespace cairn::test {
namespace {

std::string read_text(const std::string& path) {
    std::ifstream in{path};
    std::stringstream out;
    out << in.rdbuf();
    return out.str();
}

struct Place {
    std::string_view address;
    const char* source;
    const char* contract;
};
const Place kPlaces[] = {
    {wallet::kExistenceRegistry, "ExistenceRegistry.sol", "ExistenceRegistry"},
    {wallet::kDaoFactory, "Dao.sol", "DaoFactory"},
    {wallet::kIdentityRegistry, "IdentityRegistry.sol", "IdentityRegistry"},
};

TEST(Predeploys, both_networks_have_the_contracts_that_the_sources_compile_to) {
    const auto compiled = nlohmann::json::parse(read_text(CAIRN_CONTRACTS_JSON)).at("contracts");
    for (const char* network : {"testnet.json", "dev.json"}) {
        const auto genesis =
            chain::parse_genesis(read_text(std::string{CAIRN_GENESIS_DIR} + "/" + network));
        ASSERT_TRUE(genesis);
        for (const Place& place : kPlaces) {
            const auto address = fixed_from_hex<Address>(place.address);
            const auto account =
                std::find_if(genesis->accounts.begin(), genesis->accounts.end(),
                             [&](const auto& one) { return one.address == address; });
            ASSERT_NE(account, genesis->accounts.end()) << network << " " << place.contract;
            EXPECT_EQ(to_hex(account->code), compiled.at(place.source)
                                                 .at(place.contract)
                                                 .at("evm")
                                                 .at("deployedBytecode")
                                                 .at("object")
                                                 .get<std::string>())
                << network << ": genesis/contracts/alloc.js prints what belongs there";
            EXPECT_EQ(account->nonce, 1U);
        }
    }
}

}  // namespace
}  // namespace cairn::test
