// SPDX-License-Identifier: MIT
#include "chain/store/log_index.hpp"

#include <algorithm>
#include <array>
#include <bitset>

#include "chain/store/store_error.hpp"

namespace cairn::chain {
namespace {

using Section = std::bitset<kLogSectionBlocks>;

enum class Kind : std::uint8_t { Address = 0, Topic = 1 };

/// Kind and fold.
using Item = RowKey<9>;
using LogKey = RowKey<17>;

/// The exclusive or of the bytes, eight at a time: what differs in few bytes, at whichever end,
/// stays apart (numbers, addresses padded to 32 bytes, hashes).
[[nodiscard]] Item item_of(Kind kind, ByteView bytes) noexcept {
    Item item{static_cast<std::uint8_t>(kind)};
    for (std::size_t i = 0; i < bytes.size(); ++i) item[1 + i % 8] ^= bytes[i];
    return item;
}

[[nodiscard]] LogKey log_key(std::uint64_t section, const Item& item) noexcept {
    LogKey key;
    store_be64(key.data(), section);
    std::copy(item.begin(), item.end(), key.begin() + 8);
    return key;
}

/// Conditions that all must hold; each is a choice of items.
using Conditions = std::vector<std::vector<Item>>;

[[nodiscard]] Conditions conditions_of(const LogQuery& query) {
    Conditions conditions;
    if (!query.addresses.empty()) {
        auto& choice = conditions.emplace_back();
        for (const auto& address : query.addresses)
            choice.push_back(item_of(Kind::Address, address));
    }
    for (const auto& topics : query.topics) {
        if (topics.empty()) continue;
        auto& choice = conditions.emplace_back();
        for (const auto& topic : topics) choice.push_back(item_of(Kind::Topic, topic));
    }
    return conditions;
}

/// Blocks of the section that meet every condition.
[[nodiscard]] Section blocks_of(const Txn& txn, std::uint64_t section,
                                const Conditions& conditions) {
    Section all;
    all.set();
    for (const auto& choice : conditions) {
        Section some;
        for (const auto& item : choice)
            if (const auto row = txn.find(Table::LogIndex, log_key(section, item)))
                for (const auto low : *row) some.set(low);
        all &= some;
        if (all.none()) break;
    }
    return all;
}

}  // namespace

std::vector<BlockNumber> find_log_blocks(const Txn& txn, const LogQuery& query, BlockNumber first,
                                         BlockNumber last, std::size_t count_max) {
    std::vector<BlockNumber> numbers;
    if (first > last) return numbers;
    const auto conditions = conditions_of(query);
    for (auto section = first / kLogSectionBlocks; section <= last / kLogSectionBlocks; ++section) {
        const auto blocks = blocks_of(txn, section, conditions);
        if (blocks.none()) continue;
        for (std::size_t i = 0; i < kLogSectionBlocks; ++i) {
            const BlockNumber number = section * kLogSectionBlocks + i;
            if (!blocks[i] || number < first || number > last) continue;
            if (numbers.size() == count_max) return numbers;
            numbers.push_back(number);
        }
    }
    return numbers;
}

std::vector<RowKey<17>> log_index_keys(BlockNumber number, std::span<const Receipt> receipts) {
    const auto section = number / kLogSectionBlocks;
    std::vector<RowKey<17>> keys;
    for (const auto& receipt : receipts) {
        for (const auto& log : receipt.logs) {
            keys.push_back(log_key(section, item_of(Kind::Address, log.address)));
            for (const auto& topic : log.topics)
                keys.push_back(log_key(section, item_of(Kind::Topic, topic)));
        }
    }
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return keys;
}

void put_log_index(RowBuffer& rows, BlockNumber number, std::span<const Receipt> receipts) {
    const std::array<std::uint8_t, 1> low{static_cast<std::uint8_t>(number % kLogSectionBlocks)};
    for (const auto& key : log_index_keys(number, receipts)) rows.extend(Table::LogIndex, key, low);
}

void erase_log_index(Txn& txn, BlockNumber number, std::span<const Receipt> receipts) {
    Cursor cursor{txn, Table::LogIndex};
    for (const auto& key : log_index_keys(number, receipts)) {
        Bytes value;
        if (cursor.find(key)) append(value, cursor.value());
        if (value.empty() || value.back() != number % kLogSectionBlocks)
            throw StoreError{StoreFault::Corrupt, "log_index lacks a canonical block"};
        value.pop_back();
        if (value.empty())
            cursor.erase();
        else
            cursor.put(key, value);
    }
}

}  // namespace cairn::chain
