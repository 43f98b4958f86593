// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "core/base/assert.hpp"
#include "core/crypto/keccak.hpp"
#include "core/types/revision.hpp"
#include "vm/host.hpp"
#include "vm/precompiles/registry.hpp"

namespace cairn::vm::test {

/// What the machine asked of a host, one entry per call in order. Fields that a call has no use for are zero.
struct Effect {
    enum class Kind : std::uint8_t {
        // What only reads stands before what leaves something.
        BlockHash, AccountExists, Balance, Nonce, Code, CodeHash, Storage, StorageBefore, TransientStorage,
        SetStorage, SetTransientStorage, AccessAccount, AccessStorage, EmitLog, SelfDestruct, IncrementNonce,
        BeginCall, BeginCreate, SetCode, EndFrame,
    };
    Kind kind;
    Address address;  ///< the account asked for; the recipient of a frame
    Uint256 key;      ///< slot, block number, or the beneficiary as a number
    Uint256 value;    ///< written value; value moved; 1 for a frame that is kept
    Bytes data;       ///< of a log, a code, or a frame's input
    friend bool operator==(const Effect&, const Effect&) = default;
};

/// An account as maps hold it.
struct MockAccount {
    struct Slot {
        Uint256 original;
        Uint256 current;
        friend bool operator==(const Slot&, const Slot&) = default;
    };
    std::uint64_t nonce = 0;
    Uint256 balance;
    std::shared_ptr<const Bytes> code;  ///< null: none
    std::map<Uint256, Slot> storage;

    [[nodiscard]] ByteView code_view() const { return code ? ByteView{*code} : ByteView{}; }
    [[nodiscard]] bool is_empty() const { return nonce == 0 && balance.is_zero() && code_view().empty(); }
    friend bool operator==(const MockAccount& a, const MockAccount& b) {
        return a.nonce == b.nonce && a.balance == b.balance && equal(a.code_view(), b.code_view()) &&
               a.storage == b.storage;
    }
};

struct MockLog {
    Address address;
    std::vector<Hash256> topics;
    Bytes data;
    friend bool operator==(const MockLog&, const MockLog&) = default;
};

/// The world of one transaction: plain maps, copied whole for every snapshot.
struct MockWorld {
    std::map<Address, MockAccount> accounts;
    std::map<std::pair<Address, Uint256>, Uint256> transient;
    std::set<Address> warm_accounts;
    std::set<std::pair<Address, Uint256>> warm_slots;
    std::set<Address> created;
    std::set<Address> destructed;
    std::vector<MockLog> logs;
    friend bool operator==(const MockWorld&, const MockWorld&) = default;
};

/// A host of maps that records what it is asked. Follows Host's contract to the letter and has no speed.
class MockHost final : public Host {
  public:
    MockWorld world;
    TxContext context;
    Revision revision = kLatestRevision;
    /// What was asked in frames that were kept (and so far, in those that run); a frame that is undone takes its own
    /// back.
    std::vector<Effect> effects;
    /// Off: only the world is kept up.
    bool records = true;

    void put_code(const Address& address, Bytes code) {
        world.accounts[address].code = std::make_shared<const Bytes>(std::move(code));
    }
    void put_storage(const Address& address, const Uint256& key, const Uint256& original, const Uint256& current) {
        world.accounts[address].storage[key] = {original, current};
    }
    [[nodiscard]] Uint256 slot(const Address& address, const Uint256& key) const {
        const MockAccount* a = find(address);
        if (a == nullptr) return {};
        const auto it = a->storage.find(key);
        return it == a->storage.end() ? Uint256{} : it->second.current;
    }
    [[nodiscard]] const MockAccount* find(const Address& address) const {
        const auto it = world.accounts.find(address);
        return it == world.accounts.end() ? nullptr : &it->second;
    }
    /// Without what only reads (a tracer makes the machine read more).
    [[nodiscard]] std::vector<Effect> lasting_effects() const {
        std::vector<Effect> out;
        for (const Effect& e : effects)
            if (e.kind >= Effect::Kind::SetStorage) out.push_back(e);
        return out;
    }
    [[nodiscard]] std::size_t open_frames() const { return snapshots_.size(); }

    /// A number's block hash: the hash of its eight bytes.
    [[nodiscard]] static Hash256 hash_of_block(BlockNumber number) {
        std::uint8_t bytes[8];
        store_be64(bytes, number);
        return keccak256(bytes);
    }

    const TxContext& tx_context() const noexcept override { return context; }
    Hash256 block_hash(BlockNumber number) override {
        note(Effect::Kind::BlockHash, {}, Uint256{number});
        return hash_of_block(number);
    }
    bool account_exists(const Address& address) override {
        note(Effect::Kind::AccountExists, address);
        const MockAccount* a = find(address);
        return a != nullptr && (revision < Revision::Spurious || !a->is_empty());
    }
    Uint256 balance(const Address& address) override {
        note(Effect::Kind::Balance, address);
        const MockAccount* a = find(address);
        return a == nullptr ? Uint256{} : a->balance;
    }
    std::uint64_t nonce(const Address& address) override {
        note(Effect::Kind::Nonce, address);
        const MockAccount* a = find(address);
        return a == nullptr ? 0 : a->nonce;
    }
    CodeRef code(const Address& address) override {
        note(Effect::Kind::Code, address);
        const MockAccount* a = find(address);
        if (a == nullptr || !a->code) return {{}, kEmptyKeccak.as<CodeHash>()};
        // Running frames look at these bytes, whatever becomes of the account.
        if (kept_codes_.insert(a->code).second) kept_hashes_[a->code.get()] = keccak256(*a->code).as<CodeHash>();
        return {*a->code, kept_hashes_[a->code.get()]};
    }
    Hash256 code_hash(const Address& address) override {
        note(Effect::Kind::CodeHash, address);
        const MockAccount* a = find(address);
        return a == nullptr || a->is_empty() ? Hash256{} : keccak256(a->code_view());
    }
    Uint256 storage(const Address& address, const Uint256& key) override {
        note(Effect::Kind::Storage, address, key);
        return slot(address, key);
    }
    StorageBefore set_storage(const Address& address, const Uint256& key, const Uint256& value) override {
        note(Effect::Kind::SetStorage, address, key, value);
        auto& s = world.accounts[address].storage[key];
        const StorageBefore before{s.original, s.current};
        s.current = value;
        return before;
    }
    StorageBefore storage_before(const Address& address, const Uint256& key) override {
        note(Effect::Kind::StorageBefore, address, key);
        const MockAccount* a = find(address);
        if (a == nullptr) return {};
        const auto it = a->storage.find(key);
        return it == a->storage.end() ? StorageBefore{} : StorageBefore{it->second.original, it->second.current};
    }
    Uint256 transient_storage(const Address& address, const Uint256& key) override {
        note(Effect::Kind::TransientStorage, address, key);
        const auto it = world.transient.find({address, key});
        return it == world.transient.end() ? Uint256{} : it->second;
    }
    void set_transient_storage(const Address& address, const Uint256& key, const Uint256& value) override {
        note(Effect::Kind::SetTransientStorage, address, key, value);
        world.transient[{address, key}] = value;
    }
    bool access_account(const Address& address) override {
        note(Effect::Kind::AccessAccount, address);
        if (find_precompile(revision, address) != nullptr) return false;
        return world.warm_accounts.insert(address).second;
    }
    bool access_storage(const Address& address, const Uint256& key) override {
        note(Effect::Kind::AccessStorage, address, key);
        return world.warm_slots.insert({address, key}).second;
    }
    void emit_log(const Address& address, std::span<const Hash256> topics, ByteView data) override {
        note(Effect::Kind::EmitLog, address, {}, {}, data);
        world.logs.push_back({address, {topics.begin(), topics.end()}, to_bytes(data)});
    }
    bool self_destruct(const Address& address, const Address& beneficiary) override {
        note(Effect::Kind::SelfDestruct, address, number_of(beneficiary));
        const Uint256 amount = world.accounts[address].balance;
        if (revision >= Revision::Cancun && !world.created.contains(address)) {
            move(address, beneficiary, amount);
            return false;
        }
        // A balance sent to the account itself is burnt.
        world.accounts[beneficiary].balance += amount;
        world.accounts[address].balance = {};
        return world.destructed.insert(address).second;
    }
    void increment_nonce(const Address& address) override {
        note(Effect::Kind::IncrementNonce, address);
        ++world.accounts[address].nonce;
    }
    void begin_call(const Message& message) override {
        note(Effect::Kind::BeginCall, message.recipient, number_of(message.code_address), message.value, message.input);
        snapshots_.push_back({world, effects.size()});
        if (message.kind == CallKind::Call) move(message.sender, message.recipient, message.value);
    }
    bool begin_create(const Message& message) override {
        note(Effect::Kind::BeginCreate, message.recipient, number_of(message.sender), message.value, message.input);
        if (const MockAccount* a = find(message.recipient);
            a != nullptr && (a->nonce != 0 || !a->code_view().empty() || has_storage(*a)))
            return false;
        snapshots_.push_back({world, effects.size()});
        world.created.insert(message.recipient);
        if (revision >= Revision::Spurious) world.accounts[message.recipient].nonce = 1;
        move(message.sender, message.recipient, message.value);
        return true;
    }
    void set_code(const Address& address, ByteView code) override {
        note(Effect::Kind::SetCode, address, {}, {}, code);
        put_code(address, to_bytes(code));
    }
    void end_frame(bool keep) override {
        CAIRN_ASSERT(!snapshots_.empty());
        if (!keep) {
            world = std::move(snapshots_.back().world);
            effects.resize(snapshots_.back().effects);
        }
        snapshots_.pop_back();
        note(Effect::Kind::EndFrame, {}, {}, Uint256{keep ? 1U : 0U});
    }

  private:
    struct Snapshot {
        MockWorld world;
        std::size_t effects;
    };

    static Uint256 number_of(const Address& address) { return from_be(address.view()); }
    static bool has_storage(const MockAccount& account) {
        for (const auto& [key, s] : account.storage)
            if (!s.current.is_zero()) return true;
        return false;
    }
    void move(const Address& from, const Address& to, const Uint256& value) {
        auto& source = world.accounts[from].balance;
        CAIRN_ASSERT(source >= value);
        source -= value;
        world.accounts[to].balance += value;
    }
    void note(Effect::Kind kind, const Address& address = {}, const Uint256& key = {}, const Uint256& value = {},
              ByteView data = {}) {
        if (records) effects.push_back({kind, address, key, value, to_bytes(data)});
    }

    std::vector<Snapshot> snapshots_;
    std::set<std::shared_ptr<const Bytes>> kept_codes_;
    std::map<const Bytes*, CodeHash> kept_hashes_;
};

/// An address whose last two bytes are `n`; no precompile from 0x200 on.
[[nodiscard]] constexpr Address address_of(std::uint16_t n) {
    Address a;
    a.bytes[18] = static_cast<std::uint8_t>(n >> 8);
    a.bytes[19] = static_cast<std::uint8_t>(n & 0xff);
    return a;
}

}  // namespace cairn::vm::test
