// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <vector>

#include "chain/rules/base_fee.hpp"
#include "chain/rules/tx_check.hpp"
#include "chain/spec/chain_spec.hpp"
#include "chain/spec/spec_json.hpp"
#include "chain/trie/list_root.hpp"
#include "core/base/hex.hpp"
#include "core/codec/rlp_decode.hpp"
#include "core/types/block.hpp"
#include "tests/support/fixtures.hpp"

namespace cairn::test {
namespace {

using chain::ChainSpec;

/// The public execution-API chain: every revision, every transaction type, every shape of header.
struct PublicChain {
    std::vector<Bytes> blocks;  ///< RLP, from block 1 on
    std::optional<ChainSpec> spec;
};

PublicChain load(const std::filesystem::path& folder) {
    PublicChain out;
    const std::string all = read_text(folder / "chain.rlp");
    ByteView rest = as_bytes(all);
    while (!rest.empty()) {
        const auto item = rlp_take_item(rest);
        if (!item) throw std::runtime_error{"chain.rlp is broken"};
        out.blocks.push_back(to_bytes(item->encoded));
    }
    const auto genesis = nlohmann::json::parse(read_text(folder / "genesis.json"));
    auto parameters = chain::parse_chain_config(genesis.at("config"));
    if (!parameters) throw std::runtime_error{parameters.error().text()};
    out.spec.emplace(std::move(*parameters));
    return out;
}

void check_roots(const Block& block) {
    const Header& header = *block.header;
    std::vector<ByteView> transactions;
    for (const SignedTx& tx : block.body.transactions) transactions.push_back(tx.bytes());
    EXPECT_EQ(chain::list_root(std::span<const ByteView>{transactions}), header.transactions_root);
    EXPECT_EQ(ommers_hash_of(block.body.ommers), header.ommers_hash);
    EXPECT_EQ(block.body.withdrawals.has_value(), header.withdrawals_root.has_value());
    if (!block.body.withdrawals) return;
    std::vector<Bytes> withdrawals;
    for (const Withdrawal& withdrawal : *block.body.withdrawals)
        withdrawals.push_back(encode_withdrawal(withdrawal));
    EXPECT_EQ(chain::list_root(std::span<const Bytes>{withdrawals}), header.withdrawals_root);
}

/// What a header carries by its rules, and the fees that follow from its parent.
void check_fees(const chain::RuleSet& rules, const Header& header, const Header& parent) {
    ASSERT_EQ(header.base_fee.has_value(), rules.has_base_fee);
    if (rules.has_base_fee) {
        EXPECT_EQ(*header.base_fee, chain::next_base_fee(parent));
    }
    EXPECT_EQ(header.withdrawals_root.has_value(), rules.has_withdrawals);
    EXPECT_EQ(header.parent_beacon_root.has_value(), rules.has_beacon_root);
    EXPECT_EQ(header.requests_hash.has_value(), rules.has_requests);
    ASSERT_EQ(header.excess_blob_gas.has_value(), rules.has_blobs);
    if (rules.has_blobs) {
        EXPECT_EQ(*header.excess_blob_gas, chain::next_excess_blob_gas(rules.blobs, parent));
    }
}

TEST(LedgerChainConformance, every_block_of_the_public_chain) {
    const auto root = fixtures_root();
    CAIRN_SKIP_WITHOUT(root);
    const auto folder = root.path / "rpc-compat";
    if (!std::filesystem::exists(folder / "chain.rlp"))
        GTEST_SKIP() << "no rpc-compat/chain.rlp in " << root.path;
    const PublicChain chain = load(folder);
    std::optional<HashedHeader> parent;
    TotalDifficulty total{Uint256{0x20000}};  // genesis
    std::set<TxType> types;
    std::set<Revision> revisions;
    for (const Bytes& bytes : chain.blocks) {
        const auto block = decode_block(bytes);
        ASSERT_TRUE(block) << to_string(block.error());
        SCOPED_TRACE(block->header->number);
        EXPECT_EQ(encode_block(*block), bytes);
        EXPECT_EQ(encoded_size(*block), bytes.size());
        if (parent) {
            EXPECT_EQ(block->header->parent_hash, parent->hash());
        }
        check_roots(*block);
        const auto& rules =
            chain.spec->rules_at(block->header->number, block->header->timestamp, total);
        revisions.insert(rules.revision);
        if (parent) check_fees(rules, *block->header, **parent);
        EXPECT_EQ(block->header->difficulty == Difficulty{},
                  rules.difficulty_rule == chain::DifficultyRule::Zero);
        for (const SignedTx& tx : block->body.transactions) {
            const auto recovered = chain::check_and_recover(rules, chain.spec->chain_id(), tx);
            EXPECT_TRUE(recovered) << (recovered ? "" : to_string(recovered.error()));
            types.insert(tx->type);
        }
        total = total + block->header->difficulty;
        parent = block->header;
    }
    EXPECT_EQ(types.size(), kTxTypeCount);
    // Genesis is Homestead's; the chain then goes through every revision.
    EXPECT_EQ(revisions.size(), kRevisionCount - 1);
}

}  // namespace
}  // namespace cairn::test
