// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "chain/exec/call.hpp"
#include "chain/spec/rule_table.hpp"
#include "chain/state/memory_state.hpp"
#include "rpc/tracers/trace_config.hpp"
#include "rpc/tracers/tx_tracer.hpp"
#include "tests/support/bytecode.hpp"

namespace cairn::rpc::test {

using nlohmann::json;
using namespace cairn::vm::test;  // NOLINT: the builders of bytecode

inline Address address_of(std::uint64_t number) {
    Address out;
    store_be64(out.data() + 12, number);
    return out;
}

inline const Address kSender = address_of(0x5e);
inline const Address kMain = address_of(0x1000);
inline const Address kOther = address_of(0x2000);

/// A state in a map on which one transaction runs under a tracer.
class TracerTest : public ::testing::Test {
protected:
    TracerTest() { base.set_account(kSender, 7, Wei{1'000'000}); }

    void put_code(const Address& address, const Bytes& code, const Wei& balance = {}) {
        base.set_account(address, 1, balance, code);
    }

    /// Calls `to` with this much gas and gives what the tracer wrote.
    json trace(TxTracer& tracer, const std::optional<Address>& to = kMain, Bytes data = {}, Gas gas = 100'000,
               const Wei& value = {}) {
        Transaction tx;
        tx.gas_limit = gas;
        tx.to = to;
        tx.data = std::move(data);
        tx.value = value;
        chain::BlockEnv env;
        env.number = 9;
        env.gas_limit = 30'000'000;
        env.coinbase = address_of(0xc0);
        vm::Vm machine;
        chain::State state{base};
        const auto& rules = chain::rules_of(revision);
        tracer.begin({.tx = tx, .sender = kSender, .rules = rules, .block = env, .state = state, .before = base});
        auto result = chain::call(machine, state, rules, env, tx, kSender, &tracer);
        EXPECT_TRUE(result);
        outcome = std::move(*result);
        tracer.end(outcome);
        std::string text;
        JsonWriter out{text};
        tracer.write(out);
        return json::parse(text);
    }

    json trace_with(const json& request, Gas gas = 100'000) {
        const auto config = ParamCodec<TraceConfig>::decode(request);
        EXPECT_TRUE(config) << (config ? "" : config.error());
        return trace(*config->make(), kMain, {}, gas);
    }

    Revision revision = Revision::Cancun;
    chain::MemoryState base;
    chain::TxOutcome outcome;
};

}  // namespace cairn::rpc::test
