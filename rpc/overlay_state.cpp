// SPDX-License-Identifier: MIT
#include "rpc/overlay_state.hpp"

#include <algorithm>
#include <tuple>

#include "core/crypto/keccak.hpp"

namespace cairn::rpc {

const OverlayState::Entry* OverlayState::find(const Address& address) const {
    const auto found = entries_.find(address);
    return found == entries_.end() ? nullptr : &found->second;
}

chain::AccountRecord& OverlayState::record_of(const Address& address) {
    auto& entry = entries_[address];
    if (!entry.has_record) {
        entry.record = base_->account(address);
        entry.has_record = true;
    }
    if (!entry.record) entry.record.emplace();
    return *entry.record;
}

void OverlayState::apply(const chain::StateDiff& diff) {
    for (const auto& change : diff.accounts) {
        auto& entry = entries_[change.address];
        entry.has_record = true;
        entry.record = change.after;
    }
    for (const auto& change : diff.storage) set_storage(change.address, change.key, change.after);
    for (const auto& code : diff.codes) codes_[code.hash] = code.code;
}

void OverlayState::set_balance(const Address& address, const Wei& balance) {
    record_of(address).balance = balance;
}

void OverlayState::set_nonce(const Address& address, std::uint64_t nonce) {
    record_of(address).nonce = nonce;
}

void OverlayState::set_code(const Address& address, Bytes code) {
    const auto hash = code.empty() ? kEmptyCodeHash : keccak256(code).as<CodeHash>();
    record_of(address).code_hash = hash;
    codes_[hash] = std::make_shared<const Bytes>(std::move(code));
}

void OverlayState::clear_storage(const Address& address) {
    auto& entry = entries_[address];
    entry.is_storage_cleared = true;
    entry.storage.clear();
}

void OverlayState::set_storage(const Address& address, const Uint256& key, const Uint256& value) {
    entries_[address].storage[key] = value;
}

chain::StateDiff OverlayState::changes() const {
    chain::StateDiff diff;
    for (const auto& [address, entry] : entries_) {
        if (entry.has_record) {
            auto before = base_->account(address);
            if (before != entry.record)
                diff.accounts.push_back({address, std::move(before), entry.record});
        }
        const auto add_slot = [&diff, &who = address](const Uint256& key, const Uint256& before,
                                                      const Uint256& after) {
            if (before != after) diff.storage.push_back({who, key, before, after});
        };
        for (const auto& [key, value] : entry.storage)
            add_slot(key, base_->storage(address, key), value);
        if (!entry.is_storage_cleared) continue;
        base_->visit_storage(
            address, [&slots = entry.storage, &add_slot](const Uint256& key, const Uint256& value) {
                if (!slots.contains(key)) add_slot(key, value, Uint256{});
                return true;
            });
    }
    std::sort(diff.accounts.begin(), diff.accounts.end(),
              [](const auto& a, const auto& b) { return a.address < b.address; });
    std::sort(diff.storage.begin(), diff.storage.end(), [](const auto& a, const auto& b) {
        return std::tie(a.address, a.key) < std::tie(b.address, b.key);
    });
    return diff;
}

std::optional<chain::AccountRecord> OverlayState::account(const Address& address) const {
    const auto* entry = find(address);
    return entry != nullptr && entry->has_record ? entry->record : base_->account(address);
}

Uint256 OverlayState::storage(const Address& address, const Uint256& key) const {
    const auto* entry = find(address);
    if (entry == nullptr) return base_->storage(address, key);
    if (const auto slot = entry->storage.find(key); slot != entry->storage.end())
        return slot->second;
    return entry->is_storage_cleared ? Uint256{} : base_->storage(address, key);
}

chain::SharedCode OverlayState::code(const CodeHash& hash) const {
    const auto found = codes_.find(hash);
    return found == codes_.end() ? base_->code(hash) : found->second;
}

void OverlayState::visit_storage(const Address& address,
                                 const chain::StorageVisitor& visitor) const {
    const auto* entry = find(address);
    if (entry == nullptr) return base_->visit_storage(address, visitor);
    for (const auto& [key, value] : entry->storage)
        if (!value.is_zero() && !visitor(key, value)) return;
    if (entry->is_storage_cleared) return;
    base_->visit_storage(address, [&](const Uint256& key, const Uint256& value) {
        return entry->storage.contains(key) || visitor(key, value);
    });
}

}  // namespace cairn::rpc
