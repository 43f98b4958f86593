// SPDX-License-Identifier: MIT
#include "chain/store/trie_row_buffer.hpp"

#include <algorithm>
#include <cstring>

#include "chain/store/keys.hpp"
#include "chain/store/trie_table.hpp"
#include "core/base/assert.hpp"

namespace cairn::chain {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{1} << 20;
/// A leaf has about 110 bytes, a branch up to 532, and the record of a row about 60.
constexpr std::size_t kRowBytesTypical = 256;

/// Room for a node that may grow: a branch gains 32 bytes a child.
[[nodiscard]] std::uint32_t room_for(std::size_t size) noexcept {
    return static_cast<std::uint32_t>((size + 63) / 64 * 64);
}

}  // namespace

std::size_t TrieRowBuffer::bytes() const noexcept {
    return chunks_.size() * kChunkBytes +
           rows_.capacity() * (sizeof(Row) + IndexTable::kEntryBytesMax) + owners_.size() * 128;
}

std::uint64_t TrieRowBuffer::hash_of(TrieIndex trie, const Nibbles& path) const noexcept {
    Uint256 packed;
    for (std::size_t i = 0; i < 4; ++i) packed.limb[i] = load_le64(path.packed.data() + 8 * i);
    return hash_(trie ^ std::uint32_t{path.size} << 24, packed);
}

SlabIndex TrieRowBuffer::find_row(std::uint64_t hash, TrieIndex trie,
                                  const Nibbles& path) const noexcept {
    return row_index_.find(
        hash, [&](SlabIndex i) { return rows_[i].trie == trie && rows_[i].path == path; });
}

std::optional<ByteView> TrieRowBuffer::find(const TrieOwner& owner, const Nibbles& path) const {
    if (rows_.empty()) return std::nullopt;
    TrieIndex trie = kAccounts;
    if (owner) {
        const auto found = indexes_.find(*owner);
        if (found == indexes_.end()) return std::nullopt;
        trie = found->second;
    }
    const SlabIndex at = find_row(hash_of(trie, path), trie, path);
    if (at == kNoIndex) return std::nullopt;
    return ByteView{rows_[at].bytes, rows_[at].size};
}

TrieRowBuffer::TrieIndex TrieRowBuffer::index_of(const Hash256& owner) {
    const auto [place, is_new] =
        indexes_.try_emplace(owner, static_cast<TrieIndex>(owners_.size()));
    if (is_new) owners_.push_back(owner);
    return place->second;
}

std::uint8_t* TrieRowBuffer::allocate(std::size_t size) {
    CAIRN_ASSERT(size <= kChunkBytes);
    if (size > chunk_left_) {
        chunks_.push_back(std::make_unique_for_overwrite<std::uint8_t[]>(kChunkBytes));
        chunk_left_ = kChunkBytes;
    }
    std::uint8_t* room = chunks_.back().get() + (kChunkBytes - chunk_left_);
    chunk_left_ -= size;
    return room;
}

void TrieRowBuffer::set(Row& row, ByteView encoding) {
    if (encoding.size() > row.capacity) {
        row.capacity = room_for(encoding.size());
        row.bytes = allocate(row.capacity);
    }
    row.size = static_cast<std::uint32_t>(encoding.size());
    if (!encoding.empty()) std::memcpy(row.bytes, encoding.data(), encoding.size());
}

void TrieRowBuffer::put_rows(TrieIndex trie, const NodeChanges& changes) {
    for (std::size_t i = 0; i < changes.size(); ++i) {
        const auto change = changes[i];
        const auto hash = hash_of(trie, change.path);
        SlabIndex at = find_row(hash, trie, change.path);
        if (at == kNoIndex) {
            at = static_cast<SlabIndex>(rows_.size());
            row_index_.insert(hash, at);
            rows_.push_back({change.path, trie, 0, 0, nullptr});
        }
        set(rows_[at], change.encoding);
    }
}

void TrieRowBuffer::put(Txn& txn, const StateTrieChanges& changes) {
    const bool wipes = std::any_of(changes.storages.begin(), changes.storages.end(),
                                   [](const auto& trie) { return trie.is_wiped; });
    std::size_t rows = changes.accounts.size();
    for (const auto& trie : changes.storages) rows += trie.rows.size();
    // Which rows a wipe deletes only the tables know; and an update of a genesis' size gains
    // nothing here.
    if (wipes || rows * kRowBytesTypical > bytes_max_) {
        flush(txn);
        return apply_trie_changes(txn, changes);
    }
    for (const auto& trie : changes.storages) put_rows(index_of(trie.owner), trie.rows);
    put_rows(kAccounts, changes.accounts);
    if (bytes() > bytes_max_) flush(txn);
}

std::vector<std::uint32_t> TrieRowBuffer::sorted() const {
    // The first bytes of owner and path decide nearly always, and are at hand without a row.
    struct Entry {
        std::uint64_t owner;
        std::uint64_t path;
        std::uint32_t index;
    };
    std::vector<Entry> entries(rows_.size());
    for (std::uint32_t i = 0; i < rows_.size(); ++i) {
        const Row& row = rows_[i];
        entries[i] = {row.trie == kAccounts ? 0 : load_be64(owners_[row.trie].bytes.data()),
                      load_be64(row.path.packed.data()), i};
    }
    std::sort(entries.begin(), entries.end(), [this](const Entry& a, const Entry& b) {
        if (a.owner != b.owner) return a.owner < b.owner;
        const Row& x = rows_[a.index];
        const Row& y = rows_[b.index];
        if (x.trie != y.trie) {
            if (x.trie == kAccounts || y.trie == kAccounts) return x.trie == kAccounts;
            return owners_[x.trie].bytes < owners_[y.trie].bytes;
        }
        if (a.path != b.path) return a.path < b.path;
        return x.path < y.path;
    });
    std::vector<std::uint32_t> order(entries.size());
    std::transform(entries.begin(), entries.end(), order.begin(),
                   [](const Entry& entry) { return entry.index; });
    return order;
}

void TrieRowBuffer::flush(Txn& txn) {
    if (rows_.empty()) return;
    Cursor accounts{txn, Table::AccountTrie};
    Cursor storage{txn, Table::StorageTrie};
    for (const std::uint32_t index : sorted()) {
        const Row& row = rows_[index];
        const bool is_account = row.trie == kAccounts;
        write_trie_row(is_account ? accounts : storage,
                       is_account ? TrieOwner{} : TrieOwner{owners_[row.trie]}, row.path,
                       ByteView{row.bytes, row.size});
    }
    clear();
}

void TrieRowBuffer::clear() noexcept {
    // The memory too: the next batch may be of one block.
    rows_ = std::vector<Row>{};
    row_index_ = IndexTable{};
    owners_.clear();
    indexes_.clear();
    chunks_.clear();
    chunk_left_ = 0;
}

}  // namespace cairn::chain
