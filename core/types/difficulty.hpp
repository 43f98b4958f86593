// SPDX-License-Identifier: MIT
#pragma once

#include <compare>

#include "core/math/uint256.hpp"

namespace cairn {

/// Expected number of hashes for one block; what a header carries. Never mixed with a Target, which
/// shrinks as this grows, nor with a sum of difficulties.
struct Difficulty {
    Uint256 value;
    friend bool operator==(const Difficulty&, const Difficulty&) noexcept = default;
    friend auto operator<=>(const Difficulty&, const Difficulty&) noexcept = default;
};

/// Sum of the difficulties from genesis to a block, both included; what the choice of chain
/// compares.
struct TotalDifficulty {
    Uint256 value;
    friend bool operator==(const TotalDifficulty&, const TotalDifficulty&) noexcept = default;
    friend auto operator<=>(const TotalDifficulty&, const TotalDifficulty&) noexcept = default;
};

/// Largest proof-of-work hash, read as a number, that seals a block.
struct Target {
    Uint256 value;
    friend bool operator==(const Target&, const Target&) noexcept = default;
    friend auto operator<=>(const Target&, const Target&) noexcept = default;
};

/// A block's total from its parent's; saturates at 2^256-1, which no chain of honest hashes
/// approaches and where further blocks compare equal instead of wrapping to nothing.
[[nodiscard]] constexpr TotalDifficulty operator+(const TotalDifficulty& total,
                                                  const Difficulty& block) noexcept {
    const Uint256 sum = total.value + block.value;
    return {sum < total.value ? Uint256::max() : sum};
}

}  // namespace cairn
