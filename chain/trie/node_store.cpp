// SPDX-License-Identifier: MIT
#include "chain/trie/node_store.hpp"

namespace cairn::chain {

void NodeChanges::append_row(const Nibbles& path, ByteView encoding) {
    CAIRN_ASSERT(rows_.empty() || rows_.back().path < path);
    rows_.push_back({path, data_.size(), encoding.size()});
    append(data_, encoding);
}

void NodeChanges::append_rows(const NodeChanges& tail) {
    CAIRN_ASSERT(rows_.empty() || tail.rows_.empty() ||
                 rows_.back().path < tail.rows_.front().path);
    const std::size_t base = data_.size();
    append(data_, tail.data_);
    for (const Entry& entry : tail.rows_)
        rows_.push_back({entry.path, base + entry.offset, entry.length});
}

const MemoryNodeStore::Rows* MemoryNodeStore::find(const TrieOwner& owner) const {
    if (!owner) return &accounts_;
    const auto trie = storages_.find(*owner);
    return trie == storages_.end() ? nullptr : &trie->second;
}

ByteView MemoryNodeStore::load(const TrieOwner& owner, const Nibbles& path) const {
    const Rows* trie = find(owner);
    if (trie == nullptr) return {};
    const auto row = trie->find(path);
    return row == trie->end() ? ByteView{} : ByteView{row->second};
}

void MemoryNodeStore::put(const TrieOwner& owner, const Nibbles& path, ByteView encoding) {
    Rows& trie = owner ? storages_[*owner] : accounts_;
    if (encoding.empty())
        trie.erase(path);
    else
        trie[path].assign(encoding.begin(), encoding.end());
}

void MemoryNodeStore::apply(const TrieOwner& owner, const NodeChanges& changes) {
    for (std::size_t i = 0; i < changes.size(); ++i)
        put(owner, changes[i].path, changes[i].encoding);
}

void MemoryNodeStore::wipe(const TrieOwner& owner) {
    if (owner)
        storages_.erase(*owner);
    else
        accounts_.clear();
}

std::size_t MemoryNodeStore::size(const TrieOwner& owner) const {
    const Rows* trie = find(owner);
    return trie == nullptr ? 0 : trie->size();
}

std::map<Nibbles, Bytes> MemoryNodeStore::rows(const TrieOwner& owner) const {
    const Rows* trie = find(owner);
    return trie == nullptr ? std::map<Nibbles, Bytes>{}
                           : std::map<Nibbles, Bytes>{trie->begin(), trie->end()};
}

}  // namespace cairn::chain
