// SPDX-License-Identifier: MIT
#include "tests/support/block_factory.hpp"

#include <algorithm>
#include <utility>

#include "chain/rules/base_fee.hpp"
#include "chain/rules/body_check.hpp"
#include "chain/rules/difficulty.hpp"
#include "chain/rules/genesis.hpp"
#include "chain/spec/rule_table.hpp"
#include "chain/trie/state_root.hpp"
#include "core/base/assert.hpp"
#include "core/crypto/sha256.hpp"

namespace cairn::test {

Hash256 root_of(const chain::MemoryState& state) {
    chain::StateRootBuilder builder;
    for (const auto& [address, account] : state.accounts())
        builder.add(address, account.record.nonce, account.record.balance,
                    account.record.code_hash, account.storage);
    return builder.root();
}

BlockFactory::BlockFactory(chain::Genesis genesis)
    : genesis_{std::move(genesis)}, genesis_block_{chain::make_genesis_block(genesis_)} {
    auto state = std::make_shared<chain::MemoryState>();
    for (const auto& account : genesis_.accounts) {
        state->set_account(account.address, account.nonce, account.balance, account.code);
        for (const auto& [key, value] : account.storage)
            state->set_storage(account.address, key, value);
    }
    const auto& hash = genesis_block_.header.hash();
    states_.emplace(hash, std::move(state));
    totals_.emplace(hash, TotalDifficulty{genesis_block_.header->difficulty.value});
    headers_.emplace(hash, genesis_block_.header);
}

Block BlockFactory::make(const Block& parent, const Plan& plan) {
    const auto& spec = genesis_.spec;
    const auto before = states_.at(parent.header.hash());
    const auto parent_total = totals_.at(parent.header.hash());
    Header header;
    header.parent_hash = parent.header.hash();
    header.number = parent.header->number + 1;
    header.timestamp = parent.header->timestamp + plan.seconds;
    header.gas_limit = parent.header->gas_limit;
    header.extra_data = plan.extra_data;
    header.beneficiary = plan.beneficiary;
    const auto& rules = spec.rules_at(header.number, header.timestamp, parent_total);
    header.difficulty = chain::next_difficulty(spec, rules, *parent.header, header.timestamp);
    Block block{parent.header, {}};
    block.body.transactions = plan.transactions;
    block.body.ommers = plan.ommers;
    if (rules.has_base_fee) header.base_fee = chain::next_base_fee(*parent.header);
    if (rules.has_withdrawals) {
        block.body.withdrawals.emplace();
        header.withdrawals_root = kEmptyTrieRoot;
    }
    if (rules.has_blobs) {
        header.blob_gas_used = 0;
        header.excess_blob_gas = chain::next_excess_blob_gas(rules.blobs, *parent.header);
    }
    if (rules.has_beacon_root) header.parent_beacon_root = Hash256{};

    const chain::BlockHashFunction block_hash = [&](BlockNumber number) {
        auto at = parent.header;
        while (at->number > number) at = headers_.at(at->parent_hash);
        return at.hash().as<Hash256>();
    };
    // Roots between transactions the slow way: the whole state each time.
    auto after = std::make_shared<chain::MemoryState>(*before);
    const chain::RootFunction root = [&](chain::State& state) {
        after->apply(state.take_diff());
        return root_of(*after);
    };
    chain::State state{*before};
    chain::BlockExecutor executor{vm_, state, spec, rules, header, block_hash, root};
    executor.begin();
    for (const SignedTx& tx : plan.transactions) {
        const auto recovered = recover_sender(tx);
        CAIRN_ASSERT(recovered);
        const auto added = executor.add(tx.tx(), recovered->sender());
        CAIRN_ASSERT(added);
    }
    auto outcome = executor.finish(block.body.ommers, {});
    CAIRN_ASSERT(outcome);
    after->apply(state.take_diff());

    header.gas_used = outcome->gas_used;
    header.logs_bloom = outcome->logs_bloom;
    header.receipts_root = chain::receipts_root_of(outcome->receipts);
    header.transactions_root = chain::transactions_root_of(plan.transactions);
    header.ommers_hash = ommers_hash_of(plan.ommers);
    header.state_root = root_of(*after);
    if (rules.has_requests) header.requests_hash = chain::requests_hash_of(outcome->requests);
    if (plan.spoil) {
        plan.spoil(header);
        block.header = HashedHeader{std::move(header)};
        return block;
    }
    const TotalDifficulty total = parent_total + header.difficulty;
    block.header = HashedHeader{std::move(header)};
    const auto& hash = block.header.hash();
    states_.emplace(hash, std::move(after));
    receipts_.emplace(hash, std::move(outcome->receipts));
    totals_.emplace(hash, total);
    headers_.emplace(hash, block.header);
    return block;
}

TestKey::TestKey(std::uint64_t index) {
    store_be64(secret.reveal_mutable().data() + 24, index);
    const auto key = secp256k1::public_key(secret);
    CAIRN_ASSERT(key);
    address = secp256k1::address_of(*key);
}

chain::Genesis test_genesis(Revision revision, std::size_t keys) {
    chain::Genesis genesis{chain::ChainSpec::with_single_rules(chain::rules_of(revision), 1,
                                                               chain::SealKind::None),
                           {},
                           {}};
    genesis.header.difficulty = Difficulty{Uint256{1'000'000}};
    genesis.header.gas_limit = 30'000'000;
    for (std::size_t i = 1; i <= keys; ++i) {
        chain::GenesisAccount account;
        account.address = TestKey{i}.address;
        account.balance = Wei{1'000'000'000'000} * Wei{1'000'000'000'000};
        genesis.accounts.push_back(std::move(account));
    }
    std::sort(genesis.accounts.begin(), genesis.accounts.end(),
              [](const auto& a, const auto& b) { return a.address < b.address; });
    return genesis;
}

SignedTx make_tx(const TestKey& from, std::uint64_t nonce, const std::optional<Address>& to,
                 const Wei& value, Bytes data, Gas gas_limit, std::uint64_t gas_price,
                 bool is_protected) {
    Transaction tx;
    tx.nonce = nonce;
    tx.to = to;
    tx.value = value;
    tx.data = std::move(data);
    tx.gas_limit = gas_limit;
    tx.max_fee_per_gas = Wei{gas_price};
    tx.max_priority_fee_per_gas = Wei{gas_price};
    if (is_protected) tx.chain_id = 1;
    auto signed_tx = sign_tx(std::move(tx), from.secret);
    CAIRN_ASSERT(signed_tx);
    return *signed_tx;
}

}  // namespace cairn::test
