// SPDX-License-Identifier: MIT
#pragma once

#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/types/account.hpp"
#include "vm/host.hpp"

namespace cairn::node {

/// The world of a benchmark case: one contract at the zero address and a plain map for storage.
///
/// All executions belong to one transaction: storage and warm marks stay from one to the next, and a slot's original
/// value is 0 throughout. So the first run is on fresh storage and the second repeats it.
class BenchHost final : public vm::Host {
  public:
    /// @param code  runs at the zero address; outlives the host
    BenchHost(ByteView code, const CodeHash& code_hash) : code_{code}, code_hash_{code_hash} {}

    [[nodiscard]] const vm::TxContext& tx_context() const noexcept override { return context_; }
    [[nodiscard]] Hash256 block_hash(BlockNumber) override { return {}; }
    [[nodiscard]] bool account_exists(const Address& address) override { return address.is_zero(); }
    [[nodiscard]] Uint256 balance(const Address&) override { return {}; }
    [[nodiscard]] std::uint64_t nonce(const Address&) override { return 0; }
    [[nodiscard]] vm::CodeRef code(const Address& address) override {
        if (address.is_zero()) return {code_, code_hash_};
        return {{}, kEmptyCodeHash};
    }
    [[nodiscard]] Hash256 code_hash(const Address& address) override {
        return address.is_zero() ? code_hash_.as<Hash256>() : Hash256{};
    }

    [[nodiscard]] Uint256 storage(const Address&, const Uint256& key) override {
        const auto it = storage_.find(key);
        return it == storage_.end() ? Uint256{} : it->second;
    }
    vm::StorageBefore set_storage(const Address&, const Uint256& key, const Uint256& value) override {
        auto& slot = storage_[key];
        const vm::StorageBefore before{{}, slot};
        undo_.push_back({key, slot});
        slot = value;
        return before;
    }
    [[nodiscard]] vm::StorageBefore storage_before(const Address& address, const Uint256& key) override {
        return {{}, storage(address, key)};
    }
    [[nodiscard]] Uint256 transient_storage(const Address&, const Uint256& key) override {
        const auto it = transient_.find(key);
        return it == transient_.end() ? Uint256{} : it->second;
    }
    void set_transient_storage(const Address&, const Uint256& key, const Uint256& value) override {
        transient_[key] = value;
    }

    bool access_account(const Address& address) override { return warm_accounts_.insert(address).second; }
    bool access_storage(const Address&, const Uint256& key) override { return warm_slots_.insert(key).second; }

    void emit_log(const Address&, std::span<const Hash256>, ByteView) override {}
    bool self_destruct(const Address&, const Address&) override { return true; }
    void increment_nonce(const Address&) override {}
    void begin_call(const vm::Message&) override { frames_.push_back(undo_.size()); }
    [[nodiscard]] bool begin_create(const vm::Message&) override {
        frames_.push_back(undo_.size());
        return true;
    }
    void set_code(const Address&, ByteView) override {}
    void end_frame(bool keep) override {
        const auto start = frames_.back();
        frames_.pop_back();
        if (!keep) {
            while (undo_.size() > start) {
                storage_[undo_.back().key] = undo_.back().value;
                undo_.pop_back();
            }
        }
        if (frames_.empty()) undo_.clear();
    }

  private:
    struct KeyHash {
        std::size_t operator()(const Uint256& key) const noexcept {
            std::uint64_t h = 0;
            for (const auto limb : key.limb) h = (h ^ limb) * 0x9e3779b97f4a7c15ULL;
            return h ^ (h >> 32);
        }
    };
    struct Undo {
        Uint256 key;
        Uint256 value;
    };

    ByteView code_;
    CodeHash code_hash_;
    vm::TxContext context_;
    std::unordered_map<Uint256, Uint256, KeyHash> storage_;
    std::unordered_map<Uint256, Uint256, KeyHash> transient_;
    std::unordered_set<Uint256, KeyHash> warm_slots_;
    std::unordered_set<Address> warm_accounts_;
    std::vector<Undo> undo_;
    std::vector<std::size_t> frames_;
};

}  // namespace cairn::node
