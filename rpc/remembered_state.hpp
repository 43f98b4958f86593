// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

#include "chain/state/state_reader.hpp"

namespace cairn::rpc {

/// A frozen state that is asked for each thing once: for transactions that are tried many times on
/// the same start. One thread at a time; grows with what is asked.
class RememberedState final : public chain::StateReader {
public:
    /// @param base  what is asked; outlives this
    explicit RememberedState(const chain::StateReader& base) noexcept : base_{&base} {}

    [[nodiscard]] std::optional<chain::AccountRecord> account(
        const Address& address) const override {
        const auto found = accounts_.find(address);
        if (found != accounts_.end()) return found->second;
        return accounts_.emplace(address, base_->account(address)).first->second;
    }
    [[nodiscard]] Uint256 storage(const Address& address, const Uint256& key) const override {
        auto& slots = slots_[address];
        const auto found = slots.find(key);
        if (found != slots.end()) return found->second;
        return slots.emplace(key, base_->storage(address, key)).first->second;
    }
    [[nodiscard]] chain::SharedCode code(const CodeHash& hash) const override {
        const auto found = codes_.find(hash);
        if (found != codes_.end()) return found->second;
        return codes_.emplace(hash, base_->code(hash)).first->second;
    }
    void visit_storage(const Address& address,
                       const chain::StorageVisitor& visitor) const override {
        base_->visit_storage(address, visitor);
    }

private:
    const chain::StateReader* base_;
    mutable std::unordered_map<Address, std::optional<chain::AccountRecord>> accounts_;
    mutable std::unordered_map<Address, std::map<Uint256, Uint256>> slots_;
    mutable std::unordered_map<CodeHash, chain::SharedCode> codes_;
};

}  // namespace cairn::rpc
