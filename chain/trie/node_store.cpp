// SPDX-License-Identifier: MIT
#include "chain/trie/node_store.hpp"

namespace cairn::chain {

void NodeChanges::append_row(const Nibbles& path, ByteView encoding) {
    CAIRN_ASSERT(rows_.empty() || rows_.back().path < path);
    rows_.push_back({path, data_.size(), encoding.size()});
    append(data_, encoding);
}

void NodeChanges::append_rows(const NodeChanges& tail) {
    CAIRN_ASSERT(rows_.empty() || tail.rows_.empty() || rows_.back().path < tail.rows_.front().path);
    const std::size_t base = data_.size();
    append(data_, tail.data_);
    for (const Entry& entry : tail.rows_) rows_.push_back({entry.path, base + entry.offset, entry.length});
}

ByteView MemoryNodeStore::load(const TrieOwner& owner, const Nibbles& path) const {
    const auto trie = tries_.find(owner);
    if (trie == tries_.end()) return {};
    const auto row = trie->second.find(path);
    return row == trie->second.end() ? ByteView{} : ByteView{row->second};
}

void MemoryNodeStore::put(const TrieOwner& owner, const Nibbles& path, ByteView encoding) {
    auto& trie = tries_[owner];
    if (encoding.empty())
        trie.erase(path);
    else
        trie[path] = to_bytes(encoding);
}

void MemoryNodeStore::apply(const TrieOwner& owner, const NodeChanges& changes) {
    for (std::size_t i = 0; i < changes.size(); ++i) put(owner, changes[i].path, changes[i].encoding);
}

void MemoryNodeStore::wipe(const TrieOwner& owner) { tries_.erase(owner); }

std::size_t MemoryNodeStore::size(const TrieOwner& owner) const { return rows(owner).size(); }

const std::map<Nibbles, Bytes>& MemoryNodeStore::rows(const TrieOwner& owner) const {
    static const std::map<Nibbles, Bytes> kNone;
    const auto trie = tries_.find(owner);
    return trie == tries_.end() ? kNone : trie->second;
}

}  // namespace cairn::chain
