// SPDX-License-Identifier: MIT
#include <nlohmann/json.hpp>

#include "tests/contracts/contract_fixture.hpp"

namespace cairn::test {
namespace {

const std::string kDigest = "0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const std::string kNone = "(0x0000000000000000000000000000000000000000,0,0)";

class ExistenceRegistry : public ContractTest {
protected:
    Address registry = deploy("ExistenceRegistry");
};

TEST_F(ExistenceRegistry, records_who_when_and_where) {
    EXPECT_EQ(send(kBob, registry, "firstRecord", {kDigest}), kNone);
    EXPECT_EQ(send(kBob, registry, "notarize", {kDigest}), "()");
    ASSERT_EQ(logs.size(), 1U);
    EXPECT_EQ(to_hex0x(logs[0].topics.at(1)), kDigest);
    block.timestamp += 100;
    block.number += 1;
    EXPECT_EQ(send(kAlice, registry, "firstRecord", {kDigest}),
              "(0xB000000000000000000000000000000000000000,1700000000,10)");
    EXPECT_EQ(send(kAlice, registry, "timeOf", {kDigest, text(kBob)}), "(1700000000)");
    EXPECT_EQ(send(kAlice, registry, "timeOf", {kDigest, text(kAlice)}), "(0)");
}

TEST_F(ExistenceRegistry, the_first_stays_first_and_others_have_their_own_time) {
    (void)send(kBob, registry, "notarize", {kDigest});
    block.timestamp += 100;
    EXPECT_EQ(send(kCarol, registry, "notarize", {kDigest}), "()");
    EXPECT_EQ(send(kAlice, registry, "firstRecord", {kDigest}),
              "(0xB000000000000000000000000000000000000000,1700000000,10)");
    EXPECT_EQ(send(kAlice, registry, "timeOf", {kDigest, text(kCarol)}), "(1700000100)");
}

TEST_F(ExistenceRegistry, the_same_account_cannot_move_its_time) {
    (void)send(kBob, registry, "notarize", {kDigest});
    block.timestamp += 100;
    EXPECT_EQ(send(kBob, registry, "notarize", {kDigest}), "revert: AlreadyNotarized(1700000000)");
}

TEST_F(ExistenceRegistry, the_wallets_lines_are_its_interface) {
    const auto notarize = wallet::parse_function("function notarize(bytes32 digest)");
    EXPECT_EQ(wallet::find_function(abi, "notarize", 1).inputs, notarize->inputs);
    const auto record = wallet::parse_function(
        "function firstRecord(bytes32 digest) view returns (address by, uint64 time, uint64 "
        "number)");
    EXPECT_EQ(wallet::find_function(abi, "firstRecord", 1), *record);
}

/// What alloc.js puts into a genesis file is what deploying leaves: no constructor, no immutables.
TEST_F(ContractTest, code_for_genesis_is_what_deploying_leaves) {
    const auto output = nlohmann::json::parse(read_text(CAIRN_CONTRACTS_JSON));
    const std::pair<const char*, const char*> contracts[] = {
        {"ExistenceRegistry.sol", "ExistenceRegistry"},
        {"Dao.sol", "DaoFactory"},
        {"IdentityRegistry.sol", "IdentityRegistry"}};
    for (const auto& [file, name] : contracts) {
        const auto address = deploy(name);
        const auto runtime =
            output["contracts"][file][name]["evm"]["deployedBytecode"]["object"].get<std::string>();
        EXPECT_EQ(to_hex(state.code(address)), runtime) << name;
        EXPECT_EQ(abi.constructor, std::nullopt) << name;
    }
}

}  // namespace
}  // namespace cairn::test
