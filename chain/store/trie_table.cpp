// SPDX-License-Identifier: MIT
#include "chain/store/trie_table.hpp"

#include "chain/store/keys.hpp"

namespace cairn::chain {
namespace {

void apply_rows(Cursor& cursor, const TrieOwner& owner, const NodeChanges& rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto row = rows[i];
        write_trie_row(cursor, owner, row.path, row.encoding);
    }
}

}  // namespace

ByteView TrieTables::load(const TrieOwner& owner, const Nibbles& path) const {
    if (pending_ != nullptr)
        if (const auto row = pending_->find(owner, path)) return *row;
    Cursor& cursor = owner ? storage_ : accounts_;
    return cursor.find(trie_key(owner, path)) ? cursor.value() : ByteView{};
}

void write_trie_row(Cursor& cursor, const TrieOwner& owner, const Nibbles& path,
                    ByteView encoding) {
    const auto key = trie_key(owner, path);
    if (!encoding.empty())
        cursor.put(key, encoding);
    else if (cursor.find(key))
        cursor.erase();
}

void apply_trie_changes(Txn& txn, const StateTrieChanges& changes) {
    Cursor storage{txn, Table::StorageTrie};
    for (const auto& trie : changes.storages) {
        if (trie.is_wiped)
            for (bool is_there = storage.seek(trie.owner);
                 is_there && has_prefix(storage.key(), trie.owner); is_there = storage.next())
                storage.erase();
        apply_rows(storage, trie.owner, trie.rows);
    }
    Cursor accounts{txn, Table::AccountTrie};
    apply_rows(accounts, std::nullopt, changes.accounts);
}

}  // namespace cairn::chain
