// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <iterator>
#include <list>
#include <unordered_map>
#include <utility>

#include "core/base/assert.hpp"

namespace cairn {

/// A map bounded by a number of entries and, where asked, by their total weight; what was used
/// longest ago leaves first. Look-ups count as use. Not thread-safe: its owner locks.
template <class Key, class Value, class Hash = std::hash<Key>>
class LruMap {
public:
    /// No bound on the weight.
    static constexpr std::size_t kNoWeightMax = ~static_cast<std::size_t>(0);

    /// @param count_max   entries kept at most; at least 1 (asserted)
    /// @param weight_max  sum of the entries' weights at most, in the caller's unit (mostly bytes)
    explicit LruMap(std::size_t count_max, std::size_t weight_max = kNoWeightMax)
        : count_max_{count_max}, weight_max_{weight_max} {
        CAIRN_ASSERT(count_max >= 1);
    }
    // The index points into the list, so a copy would have to be rebuilt; nobody needs one.
    LruMap(const LruMap&) = delete;
    LruMap& operator=(const LruMap&) = delete;

    [[nodiscard]] std::size_t size() const noexcept { return index_.size(); }
    [[nodiscard]] bool empty() const noexcept { return index_.empty(); }
    /// Sum of the weights of what is held.
    [[nodiscard]] std::size_t weight() const noexcept { return weight_; }

    /// The value, which becomes the latest used; nullptr where the key is not held. The pointer is
    /// good until the entry leaves.
    [[nodiscard]] Value* find(const Key& key) {
        const auto it = index_.find(key);
        if (it == index_.end()) return nullptr;
        entries_.splice(entries_.begin(), entries_, it->second);
        return &it->second->value;
    }
    /// The same without counting as use.
    [[nodiscard]] const Value* peek(const Key& key) const {
        const auto it = index_.find(key);
        return it == index_.end() ? nullptr : &it->second->value;
    }
    [[nodiscard]] bool contains(const Key& key) const { return index_.contains(key); }

    /// Adds or replaces; the entry is the latest used, and others leave until the bounds hold.
    /// An entry heavier than the whole bound is not taken (and one it would replace leaves).
    /// @return the value held, or nullptr where it was too heavy
    Value* put(Key key, Value value, std::size_t weight = 1) {
        erase(key);
        if (weight > weight_max_) return nullptr;
        while (!entries_.empty() && (size() >= count_max_ || weight > weight_max_ - weight_))
            drop(std::prev(entries_.end()));
        entries_.push_front(Entry{key, std::move(value), weight});
        try {
            index_.emplace(key, entries_.begin());
        } catch (...) {
            // Out of memory in the index: the list must not keep what the index does not know.
            entries_.pop_front();
            throw;
        }
        weight_ += weight;
        return &entries_.front().value;
    }

    /// Removes the entry; false where there was none.
    bool erase(const Key& key) {
        const auto it = index_.find(key);
        if (it == index_.end()) return false;
        drop(it->second);
        return true;
    }

    void clear() noexcept {
        index_.clear();
        entries_.clear();
        weight_ = 0;
    }

    /// Calls fn(key, value) for every entry, the latest used first.
    template <class F>
    void for_each(F&& fn) const {
        for (const auto& entry : entries_) fn(entry.key, entry.value);
    }

private:
    struct Entry {
        Key key;
        Value value;
        std::size_t weight;
    };
    using Entries = std::list<Entry>;

    void drop(typename Entries::iterator it) {
        weight_ -= it->weight;
        index_.erase(it->key);
        entries_.erase(it);
    }

    std::size_t count_max_;
    std::size_t weight_max_;
    std::size_t weight_ = 0;
    Entries entries_;  // latest used first
    std::unordered_map<Key, typename Entries::iterator, Hash> index_;
};

}  // namespace cairn
