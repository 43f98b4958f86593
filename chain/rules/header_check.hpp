// SPDX-License-Identifier: MIT
#pragma once

#include "chain/rules/block_error.hpp"
#include "chain/spec/chain_spec.hpp"
#include "core/base/expected.hpp"
#include "core/types/difficulty.hpp"
#include "core/types/header.hpp"
#include "core/types/units.hpp"

// Timestamps. A header's must be greater than its parent's. That it is also greater than the median
// of the last eleven, as Cairn's networks ask (docs: networks), follows: along a chain timestamps
// strictly rise, so the parent's is the greatest of the eleven. Nothing else needs to be looked up.

namespace cairn::chain {

/// Bounds of the gas limit (Yellow Paper, equation 57; the upper one is that of the clients and the
/// public tests, so that sums of gas fit 64 signed bits).
inline constexpr Gas kGasLimitMin = 5000;
inline constexpr Gas kGasLimitMax = 0x7fff'ffff'ffff'ffff;
/// The gas limit moves by less than the parent's divided by this (Yellow Paper, equation 57).
inline constexpr Gas kGasLimitBoundDivisor = 1024;
/// How far a block may be ahead of the clock of who judges it, seconds.
inline constexpr UnixSeconds kFutureSecondsMax = 15;
/// Blocks from the DAO fork on whose extra data is fixed (EIP-779).
inline constexpr BlockNumber kDaoExtraDataBlocks = 10;

/// Whether a header's fee and limit of gas follow from its parent's.
enum class GasPolicy : std::uint8_t {
    FollowsParent,  ///< as consensus has it
    /// They are as the block's maker wants them: for a developer's network, whose one node makes
    /// its blocks alone, and whose tests set the next block's base fee and gas limit.
    IsMakersChoice,
};

/// What a header must be by itself, under its rules: sizes, bounds, which fields there are, zeros
/// after the merge, the DAO's extra data; cheapest first, the first failure is reported. Not for
/// genesis, which is what its file says. Pure; any thread.
[[nodiscard]] Result<void, BlockError> check_header_alone(const ChainSpec& spec,
                                                          const RuleSet& rules,
                                                          const Header& header);

/// check_header_alone, then against the parent: hash, number, timestamp, gas limit (times two at
/// the first block with a base fee: EIP-1559), base fee, excess blob gas, difficulty. The seal is
/// checked apart (pow.hpp), since it costs more than all of these.
///
/// @param rules   those of `header`: spec.rules_at(number, timestamp, the parent's total)
/// @param parent  fully checked, or genesis
/// Pure; any thread.
[[nodiscard]] Result<void, BlockError> check_header(const ChainSpec& spec, const RuleSet& rules,
                                                    const Header& header,
                                                    const HashedHeader& parent,
                                                    GasPolicy gas = GasPolicy::FollowsParent);

/// The same with the rules looked up: which side of the merge the header is on follows from its
/// parent's total difficulty.
[[nodiscard]] Result<void, BlockError> check_header(const ChainSpec& spec, const Header& header,
                                                    const HashedHeader& parent,
                                                    const TotalDifficulty& parent_total);

/// TimestampEarly where the header is more than kFutureSecondsMax ahead of `now`. No part of
/// validity: the same header passes later. Only for headers under proof of work; a beacon chain has
/// its own clock. Pure; any thread.
[[nodiscard]] Result<void, BlockError> check_not_early(const Header& header,
                                                       UnixSeconds now) noexcept;

}  // namespace cairn::chain
