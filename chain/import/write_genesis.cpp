// SPDX-License-Identifier: MIT
#include <algorithm>
#include <memory>

#include "chain/import/chain_writer.hpp"
#include "chain/store/account_edits.hpp"
#include "chain/store/store_error.hpp"
#include "core/base/assert.hpp"
#include "core/crypto/keccak.hpp"

namespace cairn::chain {
namespace {

/// The allocation as a change of nothing.
[[nodiscard]] StateDiff diff_of(const Genesis& genesis) {
    StateDiff diff;
    diff.accounts.reserve(genesis.accounts.size());
    for (const GenesisAccount& account : genesis.accounts) {
        AccountRecord record{account.nonce, account.balance, kEmptyCodeHash};
        if (!account.code.empty()) {
            record.code_hash = keccak256(account.code).as<CodeHash>();
            diff.codes.push_back(
                {record.code_hash, std::make_shared<const Bytes>(account.code)});
        }
        diff.accounts.push_back({account.address, std::nullopt, record});
        const auto begin = diff.storage.size();
        for (const auto& [key, value] : account.storage)
            diff.storage.push_back({account.address, key, {}, value});
        std::sort(diff.storage.begin() + static_cast<std::ptrdiff_t>(begin), diff.storage.end(),
                  [](const auto& a, const auto& b) { return a.key < b.key; });
    }
    const auto by_hash = [](const NewCode& a, const NewCode& b) { return a.hash < b.hash; };
    std::sort(diff.codes.begin(), diff.codes.end(), by_hash);
    const auto same = [](const NewCode& a, const NewCode& b) { return a.hash == b.hash; };
    diff.codes.erase(std::unique(diff.codes.begin(), diff.codes.end(), same), diff.codes.end());
    return diff;
}

}  // namespace

void write_genesis(Store& store, const Genesis& genesis, const Block& block) {
    StoreWriter writer{store};
    const StateDiff diff = diff_of(genesis);
    StateTrieChanges changes;
    {
        const auto tries = writer.tries();
        const auto edits = account_edits(diff, writer.head_state());
        const auto root = update_state_root(tries, edits.edits, changes);
        // Two ways to the same root: the builder's, and the one all later blocks go.
        CAIRN_ASSERT(root && *root == block.header->state_root);
    }
    writer.put_block(block, TotalDifficulty{block.header->difficulty.value});
    writer.apply(block, {}, diff, changes);
    writer.commit();
}

}  // namespace cairn::chain
