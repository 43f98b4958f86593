// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "chain/exec/call.hpp"
#include "chain/spec/rule_table.hpp"
#include "chain/state/memory_state.hpp"
#include "chain/state/state.hpp"
#include "core/base/hex.hpp"
#include "tests/support/fixtures.hpp"
#include "wallet/abi_text.hpp"
#include "wallet/abi_value.hpp"
#include "wallet/commands/artifact.hpp"
#include "wallet/commands/node_client.hpp"

namespace cairn::test {

inline constexpr Address kAlice{{0xa1}};
inline constexpr Address kBob{{0xb0}};
inline constexpr Address kCarol{{0xc0}};

/// Addresses as arguments.
inline std::string text(const Address& address) {
    return to_hex0x(address);
}

/// A contract of genesis/contracts on our machine under Osaka's rules, time being what the test
/// says.
class ContractTest : public testing::Test {
protected:
    ContractTest() {
        for (const auto& person : {kAlice, kBob, kCarol})
            base_.set_account(person, 0, Wei{1'000'000});
        block.number = 10;
        block.timestamp = 1'700'000'000;
        block.gas_limit = 30'000'000;
        block.chain_id = Uint256{1337};
    }

    /// Output of solc for the contract.
    static wallet::Artifact artifact(const std::string& name) {
        return wallet::read_artifact(read_text(CAIRN_CONTRACTS_JSON), name);
    }

    /// Deploys with constructor arguments as text; gives the address.
    Address deploy(const std::string& name, const std::vector<std::string>& arguments = {}) {
        abi = artifact(name).abi;
        auto data = artifact(name).init_code;
        const auto& constructor = abi.constructor;
        append(data,
               wallet::encode_arguments(
                   constructor ? constructor->inputs : std::vector<wallet::AbiParam>{}, arguments));
        const auto outcome = execute(kAlice, std::nullopt, Wei{}, std::move(data));
        EXPECT_TRUE(outcome.success()) << wallet::describe_revert(outcome.output, abi);
        return outcome.created.value_or(Address{});
    }

    /// Sends a transaction to a function; the output as text, or "revert: " and the reason.
    std::string send(const Address& from, const Address& to, const std::string& function,
                     const std::vector<std::string>& arguments = {}, const Wei& value = {}) {
        const auto item = wallet::find_function(abi, function, arguments.size());
        const auto selector = wallet::selector_of(item.name, item.inputs);
        Bytes data{selector.begin(), selector.end()};
        append(data, wallet::encode_arguments(item.inputs, arguments));
        const auto outcome = execute(from, to, value, std::move(data));
        logs = outcome.logs;
        if (!outcome.success()) return "revert: " + wallet::describe_revert(outcome.output, abi);
        const auto tuple = wallet::tuple_of(item.outputs);
        const auto values = wallet::decode_abi(tuple, outcome.output);
        EXPECT_TRUE(values.has_value()) << function;
        return values ? wallet::format_abi_value(tuple, *values) : "";
    }

    chain::TxOutcome execute(const Address& from, const std::optional<Address>& to,
                             const Wei& value, Bytes data) {
        Transaction tx;
        tx.type = TxType::DynamicFee;
        tx.chain_id = 1337;
        tx.gas_limit = 16'000'000;
        tx.to = to;
        tx.value = value;
        tx.data = std::move(data);
        auto outcome = chain::call(vm_, state, chain::rules_of(Revision::Osaka), block, tx, from);
        EXPECT_TRUE(outcome.has_value());
        return outcome ? std::move(*outcome) : chain::TxOutcome{};
    }

    /// Call data of a function, as text.
    std::string call_data(const std::string& function, const std::vector<std::string>& arguments) {
        const auto item = wallet::find_function(abi, function, arguments.size());
        const auto selector = wallet::selector_of(item.name, item.inputs);
        Bytes data{selector.begin(), selector.end()};
        append(data, wallet::encode_arguments(item.inputs, arguments));
        return to_hex0x(data);
    }

private:
    chain::MemoryState base_;
    vm::Vm vm_;

protected:
    chain::State state{base_};
    chain::BlockEnv block;
    wallet::Abi abi;
    std::vector<Log> logs;  ///< of the last transaction
};

}  // namespace cairn::test
