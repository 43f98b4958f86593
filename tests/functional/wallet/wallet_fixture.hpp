// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "core/base/hex.hpp"
#include "core/types/transaction_rlp.hpp"
#include "tests/functional/program.hpp"
#include "tests/functional/wallet/fake_node.hpp"

namespace cairn::test {

// Accounts 0 and 1 of the development mnemonic.
inline constexpr const char* kAccount0 = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
inline constexpr const char* kAccount1 = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
inline constexpr const char* kKey0 =
    "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
/// 1000 coins.
inline constexpr const char* kRich = "0x3635c9adc5dea00000";

/// The real program with a keystore of its own against a fake node on chain 1337 whose every
/// account is rich, where blocks come at once and every transaction costs its limit.
class WalletProgram : public testing::Test {
protected:
    WalletProgram() {
        ::setenv("CAIRN_KEYSTORE", (folder.path() / "keystore").c_str(), 1);
        ::setenv("CAIRN_RPC", node.url().c_str(), 1);
        ::setenv("CAIRN_PASSWORD", "correct horse", 1);
        ::unsetenv("CAIRN_CHAIN");
        ::unsetenv("CAIRN_SECRET");
        node.answer("eth_chainId", "0x539");
        node.answer("eth_blockNumber", "0x10");
        node.answer("eth_getBalance", kRich);
        node.answer("eth_getTransactionCount", "0x5");
        node.answer("eth_getCode", "0x6000");
        node.answer("eth_maxPriorityFeePerGas", "0x3b9aca00");
        node.answer("eth_estimateGas", "0x186a0");
        node.answer("eth_getBlockByNumber",
                    nlohmann::json{{"number", "0x10"}, {"baseFeePerGas", "0x3b9aca00"}});
        node.answer("eth_sendRawTransaction", FakeNode::Method{[](const nlohmann::json& params) {
                        const auto tx = decode_tx(*from_hex(params.at(0).get<std::string>()));
                        if (!tx) throw FakeError{-32000, "rlp: malformed", nullptr};
                        return nlohmann::json(to_hex0x(tx->hash()));
                    }});
        node.answer(
            "eth_getTransactionReceipt",
            nlohmann::json{{"blockNumber", "0x10"}, {"status", "0x1"}, {"gasUsed", "0x5208"}});
    }

    static ProgramResult run(std::vector<std::string> arguments) {
        return run_program(CAIRN_WALLET, arguments);
    }

    /// Runs what must succeed and gives its JSON.
    static nlohmann::json run_json(std::vector<std::string> arguments) {
        arguments.emplace_back("--json");
        const auto result = run(std::move(arguments));
        EXPECT_EQ(result.exit_code, 0) << result.err << result.out;
        EXPECT_EQ(result.err, "");
        return nlohmann::json::parse(result.out, nullptr, false);
    }

    /// Runs what must fail with this code: two lines on standard error at most, none elsewhere.
    static void expect_failure(int code, const std::string& words,
                               std::vector<std::string> arguments) {
        const auto result = run(std::move(arguments));
        EXPECT_EQ(result.exit_code, code) << result.err;
        EXPECT_EQ(result.out, "");
        EXPECT_NE(result.err.find(words), std::string::npos) << result.err;
        EXPECT_TRUE(result.err.starts_with("cairn-wallet: ")) << result.err;
        EXPECT_LE(std::count(result.err.begin(), result.err.end(), '\n'), 2) << result.err;
    }

    /// The only transaction that was handed over.
    RecoveredTx sent_tx() {
        const auto calls = node.calls("eth_sendRawTransaction");
        EXPECT_EQ(calls.size(), 1U);
        const auto tx = decode_tx(*from_hex(calls.at(0).at(0).get<std::string>()));
        EXPECT_TRUE(tx.has_value());
        return *recover_sender(*tx);
    }

    TemporaryFolder folder;
    FakeNode node;
};

}  // namespace cairn::test
