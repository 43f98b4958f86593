// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>

#include "core/types/mining_job.hpp"
#include "miner/work_source.hpp"

namespace cairn::miner {

/// Rolls the Merkle-root slot of a header whose slot may hold any 32 bytes (networks sealed by SHA-256d): 24 bytes that
/// set this searcher apart from others, then the number of the roll, big-endian.
class MerkleSlotRolls final : public WorkRolls {
  public:
    using Apart = std::array<std::uint8_t, 24>;

    explicit MerkleSlotRolls(const Apart& apart) noexcept : apart_{apart} {}

    /// 2^64 - 1.
    [[nodiscard]] std::uint64_t count() const noexcept override;
    void apply(std::uint64_t roll, WorkHeader& header) const override;

  private:
    Apart apart_;
};

/// Rolls a header's time forward from where it stands: by 0, 1, … seconds.
class TimeRolls final : public WorkRolls {
  public:
    /// @param first         the header's time
    /// @param seconds_max   largest step; at most 2^32 - 2
    TimeRolls(std::uint32_t first, std::uint32_t seconds_max) noexcept : first_{first}, seconds_max_{seconds_max} {}

    [[nodiscard]] std::uint64_t count() const noexcept override { return std::uint64_t{seconds_max_} + 1; }
    void apply(std::uint64_t roll, WorkHeader& header) const override;

  private:
    std::uint32_t first_;
    std::uint32_t seconds_max_;
};

}  // namespace cairn::miner
