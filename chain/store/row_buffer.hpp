// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "chain/store/lmdb.hpp"
#include "core/base/bytes.hpp"

namespace cairn::chain {

/// Rows that a write transaction has not yet put into its tables, for tables that it does not read:
/// they get them in order of key, which is the order in which LMDB writes cheapest. A table's keys
/// are either set or extended, not both.
///
/// One thread. What it holds is part of the transaction: whoever commits writes it out first.
class RowBuffer {
public:
    /// Sets a key; of several values of one key the last one counts.
    void put(Table table, ByteView key, ByteView value) { add(table, key, value, false); }
    /// Adds bytes at the end of what the key has, or sets it where it has nothing.
    void extend(Table table, ByteView key, ByteView more) { add(table, key, more, true); }

    /// Writes every row to its table and forgets it. @throws StoreError
    void flush(Txn& txn);

    [[nodiscard]] bool is_empty() const noexcept { return rows_.empty(); }
    /// Memory held.
    [[nodiscard]] std::size_t bytes() const noexcept;

private:
    struct Row {
        std::uint64_t prefix;  // the key's first eight bytes as a number, zeros past its end
        std::uint32_t at;      // in bytes_: key, then value
        std::uint16_t key_size;
        std::uint16_t value_size;
        Table table;
        bool is_extension;
    };

    void add(Table table, ByteView key, ByteView value, bool is_extension);
    [[nodiscard]] bool have_same_key(const Row& a, const Row& b) const noexcept;
    /// Position of the first row past those that have the key of rows_[first].
    [[nodiscard]] std::size_t end_of_key(std::size_t first) const noexcept;
    [[nodiscard]] ByteView key_of(const Row& row) const noexcept {
        return ByteView{bytes_}.subspan(row.at, row.key_size);
    }
    [[nodiscard]] ByteView value_of(const Row& row) const noexcept {
        return ByteView{bytes_}.subspan(row.at + row.key_size, row.value_size);
    }

    std::vector<Row> rows_;
    Bytes bytes_;
};

}  // namespace cairn::chain
