// SPDX-License-Identifier: MIT
#include "chain/store/row_buffer.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "core/base/assert.hpp"

namespace cairn::chain {
namespace {

[[nodiscard]] std::uint64_t prefix_of(ByteView key) noexcept {
    std::array<std::uint8_t, 8> head{};
    std::copy_n(key.begin(), std::min(key.size(), head.size()), head.begin());
    return load_be64(head.data());
}

}  // namespace

void RowBuffer::add(Table table, ByteView key, ByteView value, bool is_extension) {
    CAIRN_ASSERT(key.size() <= kKeyBytesMax &&
                 value.size() <= std::numeric_limits<std::uint16_t>::max() &&
                 bytes_.size() + key.size() + value.size() <=
                     std::numeric_limits<std::uint32_t>::max());
    rows_.push_back({prefix_of(key), static_cast<std::uint32_t>(bytes_.size()),
                     static_cast<std::uint16_t>(key.size()),
                     static_cast<std::uint16_t>(value.size()), table, is_extension});
    append(bytes_, key);
    append(bytes_, value);
}

bool RowBuffer::have_same_key(const Row& a, const Row& b) const noexcept {
    return a.table == b.table && a.prefix == b.prefix && equal(key_of(a), key_of(b));
}

std::size_t RowBuffer::end_of_key(std::size_t first) const noexcept {
    std::size_t end = first + 1;
    while (end < rows_.size() && have_same_key(rows_[first], rows_[end])) ++end;
    return end;
}

void RowBuffer::flush(Txn& txn) {
    std::sort(rows_.begin(), rows_.end(), [this](const Row& a, const Row& b) {
        if (a.table != b.table) return a.table < b.table;
        if (a.prefix != b.prefix) return a.prefix < b.prefix;
        const auto x = key_of(a);
        const auto y = key_of(b);
        const auto order =
            std::lexicographical_compare_three_way(x.begin(), x.end(), y.begin(), y.end());
        return order != 0 ? order < 0 : a.at < b.at;
    });
    std::optional<Cursor> cursor;
    Bytes whole;
    for (std::size_t i = 0, end = 0; i < rows_.size(); i = end) {
        end = end_of_key(i);
        const Row& row = rows_[i];
        if (i == 0 || row.table != rows_[i - 1].table) cursor.emplace(txn, row.table);
        if (!row.is_extension) {
            cursor->put(key_of(row), value_of(rows_[end - 1]));
            continue;
        }
        whole.clear();
        if (cursor->find(key_of(row))) append(whole, cursor->value());
        for (std::size_t at = i; at < end; ++at) append(whole, value_of(rows_[at]));
        cursor->put(key_of(row), whole);
    }
    // The memory too: the next batch may be of one block.
    rows_ = std::vector<Row>{};
    bytes_ = Bytes{};
}

std::size_t RowBuffer::bytes() const noexcept {
    return rows_.capacity() * sizeof(Row) + bytes_.capacity();
}

}  // namespace cairn::chain
