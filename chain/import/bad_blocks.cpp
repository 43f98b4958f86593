// SPDX-License-Identifier: MIT
#include "chain/import/bad_blocks.hpp"

namespace cairn::chain {

std::optional<BadBlock> BadBlocks::find(const ChainReader& reader, const BlockHash& hash) {
    if (const auto* bad = unsealed_.find(hash)) return *bad;
    return reader.bad_block(hash);
}

void BadBlocks::put(StoreWriter& writer, const BlockHash& hash, const BadBlock& bad) {
    writer.put_bad_block(hash, bad);
}

void BadBlocks::put_unsealed(const BlockHash& hash, const BadBlock& bad) {
    unsealed_.put(hash, bad);
}

void BadBlocks::erase(StoreWriter& writer, const BlockHash& hash) {
    unsealed_.erase(hash);
    writer.erase_bad_block(hash);
}

BadBlock make_bad_block(BlockNumber number, const BlockFault& fault) {
    return {number, static_cast<std::uint16_t>(fault.error), to_string(fault)};
}

BlockFault fault_of(const BadBlock& bad) noexcept {
    // A number that this version does not know still says that the block is invalid.
    return BlockFault{bad.code < kBlockErrorCount ? static_cast<BlockError>(bad.code)
                                                  : BlockError::ParentInvalid};
}

}  // namespace cairn::chain
