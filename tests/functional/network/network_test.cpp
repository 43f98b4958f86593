// SPDX-License-Identifier: MIT
// Several real nodes: killed, kept apart, paid twice, joined late. CAIRN_NETWORK_LONG=1 asks for
// eight of them, a partition of fifty blocks, and a newcomer with twenty thousand to fetch.
#include <gtest/gtest.h>

#include <chrono>
#include <iostream>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "chain/spec/genesis_json.hpp"
#include "core/base/hex.hpp"
#include "tests/functional/ledger/ledger_fixture.hpp"
#include "tests/functional/network/farm.hpp"
#include "tests/support/block_factory.hpp"

namespace cairn::test {
namespace {

using std::chrono::seconds;
using Json = nlohmann::json;

/// Long enough for a connection that died to be dialled again, twice.
constexpr seconds kPatience{240};

std::vector<std::size_t> range(std::size_t first, std::size_t end) {
    std::vector<std::size_t> out(end - first);
    std::iota(out.begin(), out.end(), first);
    return out;
}

/// Everybody dials the next and the one after: no single node's end parts the others.
void join_in_a_ring(Farm& farm) {
    const std::size_t n = farm.size();
    for (std::size_t i = 0; i < n; ++i) {
        farm.join(i, (i + 1) % n);
        if (n > 4) farm.join(i, (i + 2) % n);
    }
}

void start_ring(Farm& farm, std::size_t nodes) {
    for (std::size_t i = 0; i < nodes; ++i) farm.start(farm.add_node());
    join_in_a_ring(farm);
    for (std::size_t i = 0; i < nodes; ++i)
        EXPECT_TRUE(wait_for(kPatience, [&] { return farm.peer_count(i) >= 2; }))
            << farm.situation();
}

Json send(RunningNode& node, const SignedTx& tx) {
    return node.call("eth_sendRawTransaction", {raw(tx)});
}

Json receipt_of(RunningNode& node, const SignedTx& tx) {
    return node.call("eth_getTransactionReceipt", {to_hex0x(tx.hash())});
}

/// The record of a node about who won, or null.
Json double_spend_won_by(RunningNode& node, const SignedTx& tx) {
    for (const Json& record : node.call("cairn_doubleSpends"))
        if (record.at("winner") == to_hex0x(tx.hash())) return record;
    return nullptr;
}

TEST(RealNodes, two_halves_that_were_apart_meet_and_a_double_spend_is_settled_and_reported) {
    const std::size_t nodes = is_long_form() ? 8 : 4;
    const std::size_t half = nodes / 2;
    const std::size_t blocks = is_long_form() ? 50 : 3;
    Farm farm{ledger_genesis_text()};
    start_ring(farm, nodes);
    const auto all = range(0, nodes);
    farm.mine(0, 2, all);

    farm.part([half](std::size_t node) { return node < half; });
    const TestKey payer{1};
    const TestKey bystander{2};
    const Address shop{{0xaa}};
    const Address own{{0xbb}};
    const SignedTx payment = make_tx(payer, 0, shop, Wei{1000});
    const SignedTx cheat = make_tx(payer, 0, own, Wei{1000});
    const SignedTx unrelated = make_tx(bystander, 0, shop, Wei{5});
    send(farm.at(0), payment);
    send(farm.at(0), unrelated);
    send(farm.at(half), cheat);
    // Each side in its turn, so that both go on under the same clock; the second is the heavier.
    for (std::size_t i = 0; i < blocks; ++i) {
        farm.mine(i % half, 1, range(0, half));
        farm.mine(half + i % half, 1, range(half, nodes));
    }
    farm.mine(half, 2, range(half, nodes));
    EXPECT_NE(farm.head(0), farm.head(half));
    for (const std::size_t i : all) {
        const bool is_first = i < half;
        EXPECT_EQ(receipt_of(farm.at(i), payment).is_null(), !is_first) << i;
        EXPECT_EQ(receipt_of(farm.at(i), cheat).is_null(), is_first) << i;
    }

    const std::string heaviest = farm.head(half);
    farm.mend();
    ASSERT_TRUE(farm.meet(all, kPatience)) << farm.situation();
    EXPECT_EQ(farm.head(0), heaviest);

    // What was mined on the losing side alone is not lost: it comes back into every pool and is
    // mined again.
    ASSERT_TRUE(wait_for(kPatience, [&] {
        return !farm.at(half).call("eth_getTransactionByHash", {to_hex0x(unrelated.hash())})
                    .is_null();
    })) << farm.situation();
    farm.mine(half, 2, all);
    const Json settled = receipt_of(farm.at(half), cheat).at("blockHash");
    for (const std::size_t i : all) {
        EXPECT_TRUE(receipt_of(farm.at(i), payment).is_null()) << i;
        EXPECT_EQ(receipt_of(farm.at(i), cheat).at("blockHash"), settled) << i;
        EXPECT_FALSE(receipt_of(farm.at(i), unrelated).is_null()) << i;
        EXPECT_EQ(farm.at(i).call("eth_getBalance", {to_hex0x(shop), "latest"}), "0x5") << i;
        EXPECT_EQ(farm.at(i).call("eth_getBalance", {to_hex0x(own), "latest"}), "0x3e8") << i;
        // Whoever saw both payments says so: those who believed the first.
        if (i >= half) continue;
        const Json record = double_spend_won_by(farm.at(i), cheat);
        ASSERT_FALSE(record.is_null()) << i;
        EXPECT_EQ(record.at("settledBy").at("hash"), settled) << i;
        EXPECT_EQ(record.at("contenders").size(), 2U) << i;
    }
}

TEST(RealNodes, nodes_that_are_killed_at_random_come_back_and_all_meet) {
    const std::size_t nodes = is_long_form() ? 8 : 4;
    const std::size_t kills = is_long_form() ? 16 : 3;
    constexpr std::uint64_t kSeed = 7;
    std::mt19937_64 random{kSeed};
    Farm farm{ledger_genesis_text()};
    start_ring(farm, nodes);
    const auto all = range(0, nodes);
    std::uint64_t nonce = 0;
    std::vector<SignedTx> paid;
    const TestKey payer{3};
    for (std::size_t i = 0; i < kills; ++i) {
        const std::size_t victim = random() % nodes;
        const std::size_t miner = (victim + 1 + random() % (nodes - 1)) % nodes;
        paid.push_back(make_tx(payer, nonce++, Address{{0xcc}}, Wei{1}));
        send(farm.at(miner), paid.back());
        farm.mine(miner);
        const std::uint64_t seen = farm.height(victim);
        farm.kill(victim);
        farm.mine(miner);
        farm.start(victim);
        // Commits are durable: it goes on from where it was.
        EXPECT_GE(farm.height(victim), seen);
        ASSERT_TRUE(farm.meet(all, kPatience)) << farm.situation();
    }
    farm.mine(0, 1, all);
    for (const std::size_t i : all)
        for (const SignedTx& tx : paid) EXPECT_FALSE(receipt_of(farm.at(i), tx).is_null()) << i;
}

/// Blocks on the genesis, with a transaction in every tenth.
std::vector<Block> make_history(std::size_t count) {
    auto genesis = chain::parse_genesis(ledger_genesis_text());
    if (!genesis) throw std::runtime_error{genesis.error().text()};
    BlockFactory factory{std::move(*genesis)};
    std::vector<Block> blocks;
    const TestKey payer{4};
    for (std::size_t i = 0; i < count; ++i) {
        BlockPlan plan;
        if (i % 10 == 0)
            plan.transactions.push_back(make_tx(payer, i / 10, Address{{0xdd}}, Wei{1}));
        blocks.push_back(
            factory.make(blocks.empty() ? factory.genesis_block() : blocks.back(), plan));
    }
    return blocks;
}

TEST(RealNodes, a_newcomer_fetches_a_long_chain_over_slow_links_while_blocks_keep_coming) {
    const std::size_t count = is_long_form() ? 20'000 : 600;
    const std::vector<Block> history = make_history(count);
    Farm farm{ledger_genesis_text()};
    for (std::size_t i = 0; i < 2; ++i) {
        farm.add_node();
        farm.import(i, history);
        farm.start(i);
    }
    const std::size_t newcomer = farm.add_node();
    farm.join(0, 1);
    farm.join(newcomer, 0);
    farm.join(newcomer, 1);
    farm.slow_down(newcomer, std::chrono::milliseconds{40}, is_long_form() ? 1'000'000 : 200'000);
    farm.mine(0, 1, {1});
    const auto began = std::chrono::steady_clock::now();
    farm.start(newcomer);
    // Ended without warning on the way, it goes on from what it had.
    ASSERT_TRUE(wait_for(kPatience, [&] { return farm.height(newcomer) >= count / 4; }))
        << farm.situation();
    const std::uint64_t seen = farm.height(newcomer);
    farm.kill(newcomer);
    farm.start(newcomer);
    EXPECT_GE(farm.height(newcomer), seen);
    std::size_t mined = 0;
    while (farm.height(newcomer) < count &&
           std::chrono::steady_clock::now() < began + 2 * kPatience) {
        farm.mine(mined++ % 2, 1, {0, 1});
    }
    farm.mine(0, 1, {1});
    ASSERT_TRUE(farm.meet({0, 1, newcomer}, kPatience)) << farm.situation();
    std::cout << count << " blocks in "
              << std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count()
              << " s, " << mined << " more came meanwhile\n";
    // And it follows from here on.
    farm.mine(1, 2, {0, newcomer});
    EXPECT_EQ(farm.at(newcomer).call("eth_syncing"), false);
}

}  // namespace
}  // namespace cairn::test
