// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "chain/trie/node.hpp"
#include "core/base/bytes.hpp"

namespace cairn::chain {

/// Memory for encodings that stay where they are until `clear`. Blocks are kept for the next use.
/// One thread at a time.
class ByteArena {
public:
    /// Room for `size` bytes; `commit` says how many were used.
    [[nodiscard]] std::uint8_t* reserve(std::size_t size) {
        if (blocks_.empty() || size > blocks_[block_].size - used_) take_block(size);
        return blocks_[block_].bytes.get() + used_;
    }
    /// Takes the bytes from the last `reserve` up to `end`.
    void commit(const std::uint8_t* end) noexcept {
        used_ = static_cast<std::size_t>(end - blocks_[block_].bytes.get());
    }
    /// Bytes in use, counting the unused ends of full blocks.
    [[nodiscard]] std::size_t size() const noexcept { return full_ + used_; }
    /// Forgets everything; keeps a few blocks.
    void clear() noexcept;

private:
    static constexpr std::size_t kBlockBytes = 64 * 1024;
    static constexpr std::size_t kBlocksKept = 8;

    struct Block {
        std::unique_ptr<std::uint8_t[]> bytes;
        std::size_t size = 0;
    };
    void take_block(std::size_t size);

    std::vector<Block> blocks_;
    std::size_t block_ = 0;
    std::size_t used_ = 0;
    std::size_t full_ = 0;
};

/// Collects encoded nodes that do not depend on each other and hashes them together, those of one
/// count of Keccak blocks side by side. One thread at a time.
class NodeHasher {
public:
    /// Turns an encoded node into its reference: at once where it is embedded, else with the next
    /// `flush`. The encoding and `ref` stay where they are until then.
    void add(ByteView encoding, NodeRef& ref);
    /// Hashes what was added.
    void flush();

private:
    struct Item {
        ByteView encoding;
        NodeRef* ref;
    };
    /// By count of blocks: 1, 2, 3, 4 (a full branch), and more.
    std::array<std::vector<Item>, 5> items_;
};

}  // namespace cairn::chain
