// SPDX-License-Identifier: MIT
#include "chain/state/memory_state.hpp"

#include "core/base/assert.hpp"
#include "core/crypto/keccak.hpp"

namespace cairn::chain {

std::optional<AccountRecord> MemoryState::account(const Address& address) const {
    const auto it = accounts_.find(address);
    if (it == accounts_.end()) return std::nullopt;
    return it->second.record;
}

Uint256 MemoryState::storage(const Address& address, const Uint256& key) const {
    const auto account = accounts_.find(address);
    if (account == accounts_.end()) return {};
    const auto slot = account->second.storage.find(key);
    return slot == account->second.storage.end() ? Uint256{} : slot->second;
}

SharedCode MemoryState::code(const CodeHash& hash) const {
    const auto it = codes_.find(hash);
    CAIRN_ASSERT(it != codes_.end());
    return it->second;
}

void MemoryState::visit_storage(const Address& address, const StorageVisitor& visitor) const {
    const auto account = accounts_.find(address);
    if (account == accounts_.end()) return;
    for (const auto& [key, value] : account->second.storage)
        if (!visitor(key, value)) return;
}

void MemoryState::set_account(const Address& address, std::uint64_t nonce, const Wei& balance, Bytes code) {
    AccountRecord record{nonce, balance, kEmptyCodeHash};
    if (!code.empty()) {
        record.code_hash = keccak256(code).as<CodeHash>();
        codes_.try_emplace(record.code_hash, std::make_shared<const Bytes>(std::move(code)));
    }
    accounts_[address].record = record;
}

void MemoryState::set_storage(const Address& address, const Uint256& key, const Uint256& value) {
    const auto account = accounts_.find(address);
    CAIRN_ASSERT(account != accounts_.end());
    if (value.is_zero())
        account->second.storage.erase(key);
    else
        account->second.storage[key] = value;
}

void MemoryState::apply(const StateDiff& diff) {
    for (const auto& [hash, code] : diff.codes) codes_.try_emplace(hash, code);
    // Storage goes before the accounts that vanish and after those that appear.
    for (const auto& change : diff.accounts) {
        CAIRN_ASSERT(account(change.address) == change.before);
        if (change.after) accounts_[change.address].record = *change.after;
    }
    for (const auto& change : diff.storage) {
        CAIRN_ASSERT(storage(change.address, change.key) == change.before);
        set_storage(change.address, change.key, change.after);
    }
    for (const auto& change : diff.accounts) {
        if (change.after) continue;
        const auto it = accounts_.find(change.address);
        CAIRN_ASSERT(it->second.storage.empty());
        accounts_.erase(it);
    }
}

}  // namespace cairn::chain
