// SPDX-License-Identifier: MIT
#include "chain/rules/genesis.hpp"

#include "chain/rules/base_fee.hpp"
#include "chain/trie/state_root.hpp"
#include "core/crypto/keccak.hpp"
#include "core/crypto/sha256.hpp"

namespace cairn::chain {

Hash256 genesis_state_root(const Genesis& genesis) {
    StateRootBuilder builder;
    builder.reserve(genesis.accounts.size());
    for (const GenesisAccount& account : genesis.accounts)
        builder.add(account.address, account.nonce, account.balance,
                    keccak256(account.code).as<CodeHash>(), account.storage);
    return builder.root();
}

Block make_genesis_block(const Genesis& genesis) {
    Header header = genesis.header;
    header.state_root = genesis_state_root(genesis);
    const RuleSet& rules = genesis.spec.rules_at(header.number, header.timestamp);
    if (rules.has_base_fee && !header.base_fee) header.base_fee = Wei{kInitialBaseFee};
    BlockBody body;
    if (rules.has_withdrawals) {
        if (!header.withdrawals_root) header.withdrawals_root = kEmptyTrieRoot;
        body.withdrawals.emplace();
    }
    if (rules.has_blobs) {
        if (!header.blob_gas_used) header.blob_gas_used = 0;
        if (!header.excess_blob_gas) header.excess_blob_gas = 0;
    }
    if (rules.has_beacon_root && !header.parent_beacon_root) header.parent_beacon_root = Hash256{};
    // EIP-7685: SHA-256 over no requests.
    if (rules.has_requests && !header.requests_hash) header.requests_hash = sha256({});
    return Block{HashedHeader{std::move(header)}, std::move(body)};
}

}  // namespace cairn::chain
