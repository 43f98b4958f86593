// SPDX-License-Identifier: MIT
#include "chain/import/intermediate_root.hpp"

#include "chain/store/account_edits.hpp"
#include "chain/store/store_error.hpp"

namespace cairn::chain {
ByteView IntermediateRoots::Rows::load(const TrieOwner& owner, const Nibbles& path) const {
    const Paths* paths = &accounts_;
    if (owner) {
        const auto it = storages_.find(*owner);
        paths = it == storages_.end() ? nullptr : &it->second;
    }
    if (paths != nullptr)
        if (const auto it = paths->find(path); it != paths->end()) return it->second;
    if (owner && wiped_.contains(*owner)) return {};
    return base_.load(owner, path);
}

void IntermediateRoots::Rows::apply(Paths& paths, const NodeChanges& changes) {
    for (std::size_t i = 0; i < changes.size(); ++i) {
        const auto row = changes[i];
        paths[row.path] = to_bytes(row.encoding);
    }
}

void IntermediateRoots::Rows::apply(const StateTrieChanges& changes) {
    apply(accounts_, changes.accounts);
    for (const auto& storage : changes.storages) {
        Paths& paths = storages_[storage.owner];
        if (storage.is_wiped) {
            paths.clear();
            wiped_.insert(storage.owner);
        }
        apply(paths, storage.rows);
    }
}

Hash256 IntermediateRoots::root_of(State& state) {
    StateDiff diff = state.take_diff();
    // An account of which only storage changed has the fields before and after.
    const auto edits =
        account_edits(diff, [&](const Address& address) -> std::optional<AccountRecord> {
            if (!state.exists(address)) return std::nullopt;
            return AccountRecord{state.nonce(address), state.balance(address),
                                 state.code_hash(address)};
        });
    StateTrieChanges changes;
    const auto root = update_state_root(tries_, edits.edits, changes);
    if (!root) throw StoreError{StoreFault::Corrupt, "the tries cannot be walked"};
    tries_.apply(changes);
    taken_ = merge(taken_, diff);
    return *root;
}

StateDiff IntermediateRoots::take_diff(State& state) {
    StateDiff all = merge(taken_, state.take_diff());
    taken_ = {};
    return all;
}

}  // namespace cairn::chain
