// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "rpc/context.hpp"
#include "rpc/dispatcher.hpp"
#include "rpc/tracers/tracing_methods.hpp"
#include "tests/support/bytecode.hpp"
#include "tests/unit/chain/import/chain_fixture.hpp"
#include "vm/vm.hpp"

namespace cairn::rpc::test {

using nlohmann::json;

/// A short chain on disk, and the methods that run it again:
///
///   block 1  key 1 makes `box` (stores its call value at slot 0, logs, sends one wei to key 3)
///   block 2  key 1 calls it with 5 wei; key 2 sends 7 wei to key 1
///   block 3  key 1 makes `reverter`; key 2 calls `box` with 6 wei
///   block 4  key 1 calls `reverter`
class TracingTest : public ::testing::Test {
protected:
    TracingTest() : chain{cairn::test::test_genesis(Revision::Byzantium, 3)} {
        using namespace cairn::vm::test;  // NOLINT: the builders of bytecode
        const Bytes box_code = sstore(Uint256{}, Bytecode{vm::OP_CALLVALUE}) + push(Uint256{}) + push(Uint256{}) +
                               vm::OP_LOG0 + call(vm::OP_CALL, {.to = word(key3.address), .value = Uint256{1}}) +
                               vm::OP_STOP;
        const Bytes reverter_code = mstore(Uint256{}, Uint256{0xbad}) + revert_memory(Uint256{30}, Uint256{2});
        box = vm::create_address(key1.address, 0);
        reverter = vm::create_address(key1.address, 2);
        extend({cairn::test::make_tx(key1, 0, std::nullopt, Wei{}, deploys(box_code), 500'000)});
        extend({cairn::test::make_tx(key1, 1, box, Wei{5}, {}, 200'000),
                cairn::test::make_tx(key2, 0, key1.address, Wei{7})});
        extend({cairn::test::make_tx(key1, 2, std::nullopt, Wei{}, deploys(reverter_code), 500'000),
                cairn::test::make_tx(key2, 1, box, Wei{6}, {}, 200'000)});
        extend({cairn::test::make_tx(key1, 3, reverter, Wei{}, {}, 100'000)});
        for (auto make : {debug_trace_methods, parity_trace_methods, otterscan_methods}) dispatcher.add(make(context));
    }

    void extend(std::vector<SignedTx> transactions) {
        cairn::test::BlockPlan plan;
        plan.transactions = std::move(transactions);
        plan.beneficiary = miner;
        const auto& parent = blocks.empty() ? chain.factory.genesis_block() : blocks.back();
        blocks.push_back(chain.factory.make(parent, plan));
        EXPECT_EQ(chain.submit(blocks.back()).status, cairn::chain::ImportStatus::Canonical) << blocks.size();
    }

    /// The whole answer.
    json ask(const std::string& name, json params, Call call = {}) {
        const json request{{"jsonrpc", "2.0"}, {"id", 1}, {"method", name}, {"params", std::move(params)}};
        return json::parse(dispatcher.handle(request.dump(), ApiSet::all(), call));
    }
    json result(const std::string& name, json params) {
        const auto answer = ask(name, std::move(params));
        EXPECT_TRUE(answer.contains("result")) << answer;
        return answer.value("result", json{});
    }
    json error(const std::string& name, json params) { return ask(name, std::move(params)).value("error", json{}); }

    [[nodiscard]] std::string tx_hash(std::size_t block, std::size_t index) const {
        return to_hex0x(blocks[block - 1].body.transactions[index].hash());
    }
    [[nodiscard]] std::string block_hash(std::size_t block) const { return to_hex0x(blocks[block - 1].header.hash()); }

    cairn::test::TestKey key1{1};
    cairn::test::TestKey key2{2};
    cairn::test::TestKey key3{3};
    Address miner{std::array<std::uint8_t, 20>{0xc0}};
    Address box;
    Address reverter;
    cairn::test::ChainFixture chain;
    std::vector<Block> blocks;
    EthContext context{*chain.store, chain.factory.genesis().spec};
    Dispatcher dispatcher;
};

/// An account that nobody has.
inline const Address kNobody{std::array<std::uint8_t, 20>{0xde, 0xad}};
/// A hash that names nothing.
inline const std::string kNowhere = "0x" + std::string(63, '0') + "1";

}  // namespace cairn::rpc::test
