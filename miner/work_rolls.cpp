// SPDX-License-Identifier: MIT
#include "miner/work_rolls.hpp"

#include <algorithm>
#include <limits>

#include "core/base/bytes.hpp"

namespace cairn::miner {

std::uint64_t MerkleSlotRolls::count() const noexcept { return std::numeric_limits<std::uint64_t>::max(); }

void MerkleSlotRolls::apply(std::uint64_t roll, WorkHeader& header) const {
    std::uint8_t* slot = header.data() + kWorkMerkleRootOffset;
    std::ranges::copy(apart_, slot);
    store_be64(slot + apart_.size(), roll);
}

void TimeRolls::apply(std::uint64_t roll, WorkHeader& header) const {
    store_le32(header.data() + kWorkTimeOffset, first_ + static_cast<std::uint32_t>(roll));
}

}  // namespace cairn::miner
