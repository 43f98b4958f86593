// SPDX-License-Identifier: MIT
#pragma once

#include <list>
#include <memory>
#include <unordered_map>

#include "core/types/ids.hpp"
#include "core/types/revision.hpp"
#include "vm/code_analysis.hpp"

namespace cairn::vm {

/// Analyses by code hash and revision, bounded by the bytes they take; the least recently used goes first. One thread.
class AnalysisCache {
  public:
    explicit AnalysisCache(std::size_t bytes_max) : bytes_max_{bytes_max} {}

    /// The analysis of `code`, whose Keccak-256 is `hash`, made when it is not there.
    [[nodiscard]] std::shared_ptr<const AnalyzedCode> get(const CodeHash& hash, ByteView code, Revision revision);

    /// Bytes held.
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

  private:
    struct Key {
        CodeHash hash;
        Revision revision;
        bool operator==(const Key&) const noexcept = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const noexcept {
            return FixedBytesHash{}(key.hash) + static_cast<std::size_t>(key.revision);
        }
    };
    struct Item {
        Key key;
        std::shared_ptr<const AnalyzedCode> code;
    };
    void evict();

    std::size_t bytes_max_;
    std::size_t bytes_ = 0;
    std::list<Item> items_;  // most recently used first
    std::unordered_map<Key, std::list<Item>::iterator, KeyHash> index_;
};

}  // namespace cairn::vm
