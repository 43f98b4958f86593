// SPDX-License-Identifier: MIT
#include "tests/functional/ledger/ledger_fixture.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <map>
#include <random>

#include "chain/spec/genesis_json.hpp"
#include "chain/store/read_view.hpp"
#include "chain/store/store.hpp"
#include "core/base/hex.hpp"
#include "tests/support/block_factory.hpp"

namespace cairn::test {
namespace {

constexpr std::uint64_t kKeys = 4;
constexpr Address kContract{{0xc0}};
/// SSTORE(first word of the call data, second word).
constexpr std::string_view kContractCode = "0x6020356000355500";

/// Transfers and stores on a block.
std::vector<SignedTx> make_txs(BlockFactory& factory, const Block& parent,
                               std::mt19937_64& random) {
    const auto& state = factory.state_after(parent.header.hash());
    std::map<std::uint64_t, std::uint64_t> used;
    std::vector<SignedTx> txs;
    for (auto count = random() % 6; count > 0; --count) {
        const TestKey from{1 + random() % kKeys};
        const std::uint64_t nonce =
            state.account(from.address)->nonce + used[from.address.bytes[0]]++;
        if (random() % 2 == 0) {
            txs.push_back(
                make_tx(from, nonce, Address{{static_cast<std::uint8_t>(random())}}, Wei{1}));
            continue;
        }
        Bytes data(64);
        data[31] = static_cast<std::uint8_t>(random() % 16);
        data[63] = static_cast<std::uint8_t>(random() % 4);
        txs.push_back(make_tx(from, nonce, kContract, Wei{}, std::move(data), 100'000));
    }
    return txs;
}

}  // namespace

std::string ledger_genesis_text() {
    std::string alloc = fmt::format(R"("{}": {{"balance": "0x0", "nonce": "0x1", "code": "{}"}})",
                                    to_hex0x(kContract), kContractCode);
    for (std::uint64_t key = 1; key <= kKeys; ++key)
        alloc += fmt::format(R"(, "{}": {{"balance": "0xd3c21bcecceda1000000"}})",
                             to_hex0x(TestKey{key}.address));
    return fmt::format(
        R"({{"config": {{"chainId": 1, "homesteadBlock": 0, "eip150Block": 0, "eip155Block": 0,
  "eip158Block": 0, "byzantiumBlock": 0, "constantinopleBlock": 0, "petersburgBlock": 0, "istanbulBlock": 0,
  "berlinBlock": 0, "londonBlock": 0, "cairn": {{"seal": "none"}}}},
 "difficulty": "0xf4240", "gasLimit": "0x1c9c380", "alloc": {{{}}}}}
)",
        alloc);
}

LedgerScript make_ledger_script(std::uint64_t seed, std::size_t count) {
    std::mt19937_64 random{seed};
    auto genesis = chain::parse_genesis(ledger_genesis_text());
    if (!genesis) throw std::runtime_error{genesis.error().text()};
    BlockFactory factory{std::move(*genesis)};
    LedgerScript script;
    std::vector<Block> chain{factory.genesis_block()};
    const auto total = [&factory](const Block& block) {
        return factory.total_of(block.header.hash());
    };
    const auto extend = [&](UnixSeconds seconds) {
        BlockPlan plan;
        plan.seconds = seconds;
        plan.extra_data = {static_cast<std::uint8_t>(random()),
                           static_cast<std::uint8_t>(random())};
        plan.transactions = make_txs(factory, chain.back(), random);
        chain.push_back(factory.make(chain.back(), plan));
        script.blocks.push_back(chain.back());
    };
    while (script.blocks.size() < count) {
        for (auto length = 1 + random() % 12; length > 0; --length) extend(10);
        // A branch from some blocks below, until it is heavier.
        const auto before = total(chain.back());
        const std::size_t back = std::min<std::size_t>(1 + random() % 20, chain.size() - 1);
        chain.resize(chain.size() - back, chain.front());
        script.deepest_reorg = std::max(script.deepest_reorg, back);
        do extend(1 + random() % 8);
        while (total(chain.back()) <= before);
    }
    script.head = {chain.back().header->number, chain.back().header.hash()};
    return script;
}

std::string file_of(const std::vector<Block>& blocks) {
    std::string out;
    for (const Block& block : blocks) {
        const Bytes bytes = encode_block(block);
        out.append(bytes.begin(), bytes.end());
    }
    return out;
}

ProgramResult run_node(const std::vector<std::string>& arguments) {
    return run_program(CAIRN_NODE, arguments);
}

LedgerFolder::LedgerFolder(const LedgerScript& script) {
    folder_.write("genesis.json", ledger_genesis_text());
    folder_.write("blocks.rlp", file_of(script.blocks));
}

void LedgerFolder::init() const {
    const auto result = run_node({"init", genesis_file(), "--datadir", datadir()});
    ASSERT_EQ(result.exit_code, 0) << result.err;
}

void LedgerFolder::expect_sound(const chain::BlockRef& head) const {
    const auto checked = check();
    EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
    chain::StoreOptions options;
    options.read_only = true;
    const chain::Store store{data_file().parent_path(), options};
    EXPECT_EQ(chain::ReadView{store}.head(), head);
}

}  // namespace cairn::test
