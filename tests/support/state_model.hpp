// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "chain/state/memory_state.hpp"
#include "chain/state/state.hpp"
#include "core/base/bytes.hpp"
#include "core/crypto/keccak.hpp"

namespace cairn::test {

/// What chain::State means, in the plainest form: maps, and a snapshot is a copy of all of them.
struct StateModel {
    struct Values {
        std::map<Address, chain::MemoryAccount> accounts;
        std::map<CodeHash, Bytes> codes;
        std::map<std::pair<Address, Uint256>, Uint256> transient;
        std::set<Address> warm, touched, created, destructed;
        std::set<std::pair<Address, Uint256>> warm_slots;
        std::vector<Log> logs;
    };

    Values now;
    Values at_start;  ///< of the transaction

    [[nodiscard]] chain::AccountRecord record(const Address& a) const {
        const auto it = now.accounts.find(a);
        return it == now.accounts.end() ? chain::AccountRecord{} : it->second.record;
    }
    [[nodiscard]] static Uint256 slot_of(const Values& values, const Address& a, const Uint256& key) {
        const auto account = values.accounts.find(a);
        if (account == values.accounts.end()) return {};
        const auto slot = account->second.storage.find(key);
        return slot == account->second.storage.end() ? Uint256{} : slot->second;
    }

    void touch(const Address& a) {
        now.accounts[a];
        now.touched.insert(a);
    }
    void set_slot(const Address& a, const Uint256& key, const Uint256& value) {
        if (slot_of(now, a, key) == value) return;
        touch(a);
        if (value.is_zero())
            now.accounts[a].storage.erase(key);
        else
            now.accounts[a].storage[key] = value;
    }
    void set_code(const Address& a, const Bytes& code) {
        touch(a);
        const auto hash = keccak256(code).as<CodeHash>();
        now.codes[hash] = code;
        now.accounts[a].record.code_hash = hash;
    }
    void revert(const Values& snapshot) {
        constexpr Address kRipemd{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3}};
        const bool stays = now.touched.contains(kRipemd);
        now = snapshot;
        if (stays) now.touched.insert(kRipemd);
    }
    void begin() {
        now.transient.clear();
        now.warm.clear();
        now.touched.clear();
        now.created.clear();
        now.destructed.clear();
        now.warm_slots.clear();
        now.logs.clear();
        at_start = now;
    }
    void finalise(bool delete_empty) {
        for (const auto& a : now.destructed) now.accounts.erase(a);
        for (const auto& a : now.touched)
            if (delete_empty && record(a).is_empty()) now.accounts.erase(a);
        begin();
    }
};

/// Takes bytes as a sequence of operations on a State and on the model and compares everything that can be seen; also
/// that each StateDiff carries the base to the model. Few addresses, keys and values, so that operations meet.
class StateDrive {
  public:
    explicit StateDrive(ByteView input) : input_{input}, state_{base_} {}

    /// What differed first, or an empty text when nothing did.
    [[nodiscard]] std::string run() {
        make_base();
        while (failure_.empty() && !input_.empty()) step();
        if (failure_.empty()) {
            finish_tx();
            take_diff(true);
        }
        return failure_;
    }

  private:
    std::uint8_t next() {
        if (input_.empty()) return 0;
        const auto byte = input_.front();
        input_ = input_.subspan(1);
        return byte;
    }
    Address next_address() {
        Address a;
        a.bytes[19] = static_cast<std::uint8_t>(next() % 6 + 1);  // 3 among them
        return a;
    }
    Uint256 next_key() {
        const auto b = next();
        return b % 2 == 0 ? Uint256{b % 8u} : Uint256{0, 0, 0, b % 8u};
    }
    static Bytes code_of(std::uint8_t n) { return Bytes(n % 3u, n); }

    void expect(bool ok, const char* what) {
        if (!ok && failure_.empty()) failure_ = what;
    }

    void make_base() {
        for (unsigned i = next() % 5; i-- > 0;) {
            const auto a = next_address();
            base_.set_account(a, next() % 2, Wei{next() % 3u}, code_of(next()));
            for (unsigned k = next() % 4; k-- > 0;) {
                const auto key = next_key();
                base_.set_storage(a, key, Uint256{next() % 3u});
            }
        }
        copy_base();
        model_.begin();
    }
    void copy_base() {
        model_.now.accounts = base_.accounts();
        for (const auto& [a, account] : base_.accounts())
            if (account.record.code_hash != kEmptyCodeHash)
                model_.now.codes[account.record.code_hash] = *base_.code(account.record.code_hash);
    }

    void step() {
        const auto op = next() % 18;
        if (op < 12)
            change(op);
        else
            control(op);
    }

    void change(int op) {
        const auto a = next_address();
        auto& m = model_;
        switch (op) {
            case 0:
                state_.touch(a);
                m.touch(a);
                break;
            case 1: {
                const Wei amount{next() % 4u};
                state_.add_balance(a, amount);
                m.touch(a);
                m.now.accounts[a].record.balance += amount;
                break;
            }
            case 2: {
                const Wei amount = m.record(a).balance;
                state_.subtract_balance(a, amount);
                m.touch(a);
                m.now.accounts[a].record.balance -= amount;
                break;
            }
            case 3: {
                const std::uint64_t nonce = next() % 3;
                state_.set_nonce(a, nonce);
                m.touch(a);
                m.now.accounts[a].record.nonce = nonce;
                break;
            }
            case 4: {
                const auto code = code_of(next());
                state_.set_code(a, code);
                m.set_code(a, code);
                break;
            }
            case 5:
            case 6: {
                const auto key = next_key();
                const Uint256 value{next() % 3u};
                const auto before = state_.set_storage(a, key, value);
                expect(before.current == StateModel::slot_of(m.now, a, key), "current value");
                expect(before.original == StateModel::slot_of(m.at_start, a, key), "original value");
                m.set_slot(a, key, value);
                break;
            }
            case 7: {
                const auto key = next_key();
                const Uint256 value{next() % 3u};
                state_.set_transient_storage(a, key, value);
                m.now.transient[{a, key}] = value;
                break;
            }
            case 8: expect(state_.access_account(a) == m.now.warm.insert(a).second, "warm account"); break;
            case 9: {
                const auto key = next_key();
                expect(state_.access_storage(a, key) == m.now.warm_slots.insert({a, key}).second, "warm slot");
                break;
            }
            case 10:
                state_.mark_created(a);
                m.touch(a);
                m.now.created.insert(a);
                break;
            default:
                expect(state_.mark_destructed(a) == m.now.destructed.insert(a).second, "first destruction");
                m.now.touched.insert(a);
                break;
        }
        compare(a);
    }

    void control(int op) {
        switch (op) {
            case 12: {
                const auto a = next_address();
                const Hash256 topic = a.is_zero() ? Hash256{} : keccak256(a);
                state_.add_log(a, {&topic, 1}, a);
                model_.now.logs.push_back({a, {topic}, to_bytes(a)});
                break;
            }
            case 13: snapshots_.push_back({state_.snapshot(), model_.now}); break;
            case 14:
                if (snapshots_.empty()) break;
                // Sometimes several at once.
                for (unsigned skip = next() % 2; skip > 0 && snapshots_.size() > 1; --skip) snapshots_.pop_back();
                state_.revert(snapshots_.back().first);
                model_.revert(snapshots_.back().second);
                snapshots_.pop_back();
                break;
            case 15: finish_tx(); break;
            case 16:
                finish_tx();
                take_diff(next() % 2 == 0);
                break;
            default:
                // Back to the base.
                snapshots_.clear();
                state_.reset(base_);
                pending_ = {};
                copy_base();
                model_.begin();
                break;
        }
        compare_all();
    }

    void finish_tx() {
        expect(std::vector<Log>(state_.logs().begin(), state_.logs().end()) == model_.now.logs, "logs");
        const bool delete_empty = next() % 2 == 0;
        state_.finalise_transaction(delete_empty ? chain::EmptyAccounts::Delete : chain::EmptyAccounts::Keep);
        model_.finalise(delete_empty);
        (void)state_.take_logs();
        snapshots_.clear();
    }

    /// Sometimes the base below is brought up to date at once, sometimes it lags behind for a while.
    void take_diff(bool apply) {
        pending_ = chain::merge(pending_, state_.take_diff());
        if (!apply) return;
        base_.apply(pending_);
        expect(same_accounts(), "accounts after the diff");
        auto back = base_;
        back.apply(chain::inverse(pending_));
        back.apply(pending_);
        expect(back.accounts().size() == base_.accounts().size(), "diff forth and back");
        pending_ = {};
    }
    bool same_accounts() {
        if (base_.accounts().size() != model_.now.accounts.size()) return false;
        for (const auto& [a, account] : model_.now.accounts) {
            const auto it = base_.accounts().find(a);
            if (it == base_.accounts().end() || it->second.record != account.record ||
                it->second.storage != account.storage)
                return false;
        }
        return true;
    }

    void compare(const Address& a) {
        const auto record = model_.record(a);
        expect(state_.exists(a) == model_.now.accounts.contains(a), "existence");
        expect(state_.is_empty(a) == record.is_empty(), "emptiness");
        expect(state_.balance(a) == record.balance, "balance");
        expect(state_.nonce(a) == record.nonce, "nonce");
        expect(state_.code_hash(a) == record.code_hash, "code hash");
        const auto code = model_.now.codes.find(record.code_hash);
        expect(equal(state_.code(a), code == model_.now.codes.end() ? ByteView{} : ByteView{code->second}), "code");
        expect(state_.was_created(a) == model_.now.created.contains(a), "creation mark");
    }
    void compare_all() {
        for (std::uint8_t i = 1; i <= 6; ++i) {
            Address a;
            a.bytes[19] = i;
            compare(a);
            // Only some slots, so that others stay unread below.
            const auto key = next_key();
            const auto values = state_.storage_values(a, key);
            expect(values.current == StateModel::slot_of(model_.now, a, key), "slot");
            expect(values.original == StateModel::slot_of(model_.at_start, a, key), "slot's original");
            expect(state_.storage(a, key) == values.current, "slot read alone");
            const auto transient = model_.now.transient.find({a, key});
            expect(state_.transient_storage(a, key) ==
                       (transient == model_.now.transient.end() ? Uint256{} : transient->second),
                   "transient slot");
            const auto account = model_.now.accounts.find(a);
            const bool has = account != model_.now.accounts.end() && !account->second.storage.empty();
            expect(state_.has_storage(a) == has, "has storage");
        }
        const auto marked = state_.destructed();
        expect(std::set<Address>(marked.begin(), marked.end()) == model_.now.destructed, "destruction marks");
    }

    ByteView input_;
    chain::MemoryState base_;
    chain::State state_;
    StateModel model_;
    chain::StateDiff pending_;
    std::vector<std::pair<chain::State::Snapshot, StateModel::Values>> snapshots_;
    std::string failure_;
};

}  // namespace cairn::test
