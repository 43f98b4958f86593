// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "chain/state/index_table.hpp"
#include "chain/store/lmdb.hpp"
#include "chain/trie/node_store.hpp"
#include "chain/trie/state_root.hpp"

namespace cairn::chain {

/// Trie rows of a write transaction that are not yet in its tables. The blocks of one batch write
/// the nodes near the roots again and again; here they are overwritten in place, and the tables get
/// each path once, in order of key, which is the order in which LMDB writes cheapest.
///
/// One thread. What it holds is part of the transaction: whoever commits writes it out first.
class TrieRowBuffer {
public:
    /// Below the 512 MiB of dirty pages at which LMDB begins to spill.
    static constexpr std::size_t kBytesMaxDefault = std::size_t{128} << 20;

    /// @param bytes_max  held at most, but for one update, before `put` writes everything out
    explicit TrieRowBuffer(std::size_t bytes_max = kBytesMaxDefault) noexcept
        : bytes_max_{bytes_max} {}

    /// The row of a path, empty where it is deleted; nothing where the tables have the last word.
    /// The view lives until the next `put` or `flush`.
    [[nodiscard]] std::optional<ByteView> find(const TrieOwner& owner, const Nibbles& path) const;

    /// Takes the rows of one update. @throws StoreError where it has to write
    void put(Txn& txn, const StateTrieChanges& changes);

    /// Writes every row to the tables and forgets it. @throws StoreError
    void flush(Txn& txn);

    [[nodiscard]] bool is_empty() const noexcept { return rows_.empty(); }
    /// Memory held for rows.
    [[nodiscard]] std::size_t bytes() const noexcept;

private:
    /// Index in owners_; the account trie's is kAccounts.
    using TrieIndex = std::uint32_t;
    static constexpr TrieIndex kAccounts = UINT32_MAX;

    struct Row {
        Nibbles path;
        TrieIndex trie;
        std::uint32_t size;      // of the encoding; 0: deleted
        std::uint32_t capacity;  // of the room at `bytes`
        std::uint8_t* bytes;     // in chunks_
    };

    void put_rows(TrieIndex trie, const NodeChanges& changes);
    [[nodiscard]] TrieIndex index_of(const Hash256& owner);
    [[nodiscard]] std::uint64_t hash_of(TrieIndex trie, const Nibbles& path) const noexcept;
    /// Position in rows_ of the row whose hash_of is `hash`, or kNoIndex.
    [[nodiscard]] SlabIndex find_row(std::uint64_t hash, TrieIndex trie,
                                     const Nibbles& path) const noexcept;
    void set(Row& row, ByteView encoding);
    [[nodiscard]] std::uint8_t* allocate(std::size_t size);
    void clear() noexcept;
    [[nodiscard]] std::vector<std::uint32_t> sorted() const;

    std::size_t bytes_max_;
    std::vector<Row> rows_;
    KeyHasher hash_;
    IndexTable row_index_;
    std::vector<Hash256> owners_;
    std::unordered_map<Hash256, TrieIndex> indexes_;  // of owners_
    std::vector<std::unique_ptr<std::uint8_t[]>> chunks_;
    std::size_t chunk_left_ = 0;  // at the end of the last chunk
};

}  // namespace cairn::chain
