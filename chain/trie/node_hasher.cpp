// SPDX-License-Identifier: MIT
#include "chain/trie/node_hasher.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "core/crypto/keccak.hpp"

namespace cairn::chain {

void ByteArena::clear() noexcept {
    std::erase_if(blocks_, [](const Block& block) { return block.size > kBlockBytes; });
    if (blocks_.size() > kBlocksKept) blocks_.resize(kBlocksKept);
    block_ = 0;
    used_ = 0;
    full_ = 0;
}

void ByteArena::take_block(std::size_t size) {
    full_ += used_;
    used_ = 0;
    if (!blocks_.empty()) ++block_;
    if (block_ < blocks_.size() && blocks_[block_].size >= size) return;
    const std::size_t room = std::max(size, kBlockBytes);
    Block block{std::unique_ptr<std::uint8_t[]>{new std::uint8_t[room]}, room};
    blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(block_), std::move(block));
}

void NodeHasher::add(ByteView encoding, NodeRef& ref) {
    if (encoding.size() < kEmbeddedBelow) {
        std::memcpy(ref.data(), encoding.data(), encoding.size());
        return;
    }
    const std::size_t blocks = encoding.size() / kKeccak256Rate + 1;
    items_[std::min(blocks, items_.size()) - 1].push_back({encoding, &ref});
}

void NodeHasher::flush() {
    constexpr std::size_t kTogether = 64;
    std::array<ByteView, kTogether> inputs;
    std::array<Hash256, kTogether> hashes;
    for (auto& group : items_) {
        for (std::size_t begin = 0; begin < group.size(); begin += kTogether) {
            const std::size_t count = std::min(kTogether, group.size() - begin);
            for (std::size_t i = 0; i < count; ++i) inputs[i] = group[begin + i].encoding;
            keccak256_batch(std::span{inputs}.first(count), std::span{hashes}.first(count));
            for (std::size_t i = 0; i < count; ++i) {
                NodeRef& ref = *group[begin + i].ref;
                ref[0] = kHashItem;
                std::memcpy(ref.data() + 1, hashes[i].data(), 32);
            }
        }
        group.clear();
    }
}

}  // namespace cairn::chain
