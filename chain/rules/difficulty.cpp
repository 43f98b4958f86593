// SPDX-License-Identifier: MIT
#include "chain/rules/difficulty.hpp"

#include <algorithm>

#include "chain/rules/asert.hpp"
#include "core/base/assert.hpp"
#include "core/types/mining_job.hpp"

namespace cairn::chain {
namespace {

/// The parent's difficulty moves in steps of 1/2048 of itself.
constexpr std::uint64_t kStepDivisor = 2048;
/// A child later than this rule's bound falls by at most this many steps (EIP-2, EIP-100).
constexpr std::uint64_t kStepsDownMax = 99;
/// Seconds: Frontier's bound between a step up and a step down; one step per so many in EIP-2 and
/// EIP-100.
constexpr std::uint64_t kFrontierBound = 13;
constexpr std::uint64_t kHomesteadStep = 10;
constexpr std::uint64_t kByzantiumStep = 9;
/// The bomb doubles every so many blocks.
constexpr BlockNumber kBombPeriod = 100000;

Uint256 add_saturating(const Uint256& a, const Uint256& b) noexcept {
    const Uint256 sum = a + b;
    return sum < a ? Uint256::max() : sum;
}

/// parent + step · max(up - down, -99), where step is at most parent / 2048, so that it cannot fall
/// below 0.
Uint256 moved(const Uint256& parent, std::uint64_t up, std::uint64_t down) noexcept {
    const Uint256 step = parent / Uint256{kStepDivisor};
    if (up >= down) return add_saturating(parent, step * Uint256{up - down});
    return parent - step * Uint256{std::min(down - up, kStepsDownMax)};
}

/// 2^(floor(number / 100000) - 2) where the exponent is at least 0, number being set back by the
/// delay (EIP-649: fake_block_number).
Uint256 bomb(BlockNumber number, BlockNumber delay) noexcept {
    const BlockNumber periods = (number > delay ? number - delay : 0) / kBombPeriod;
    if (periods < 2) return {};
    // A shift out of range gives 0, but a bomb that large has gone off.
    if (periods - 2 >= 256) return Uint256::max();
    return Uint256{1} << (periods - 2);
}

Uint256 without_bomb(const RuleSet& rules, const Header& parent, UnixSeconds timestamp) noexcept {
    const Uint256& base = parent.difficulty.value;
    const std::uint64_t elapsed = timestamp > parent.timestamp ? timestamp - parent.timestamp : 0;
    switch (rules.difficulty_rule) {
        case DifficultyRule::Frontier:
            return elapsed < kFrontierBound ? moved(base, 1, 0) : moved(base, 0, 1);
        case DifficultyRule::Homestead:
            return moved(base, 1, elapsed / kHomesteadStep);
        case DifficultyRule::Byzantium:
            return moved(base, parent.ommers_hash == kEmptyOmmersHash ? 1 : 2,
                         elapsed / kByzantiumStep);
        case DifficultyRule::Zero:
        case DifficultyRule::Asert:
        case DifficultyRule::Constant:
            break;
    }
    CAIRN_ASSERT(!"no rule of Ethereum's proof of work");
    return {};
}

/// Seconds that the parent is behind the schedule of one block every ideal_block_time from the
/// anchor on. The specification counts from the anchor's parent; for an anchor without one, that is
/// an ideal block time before it, which gives the same.
AsertSeconds seconds_late(const AsertAnchor& anchor, const RuleSet& rules,
                          const Header& parent) noexcept {
    const auto elapsed =
        static_cast<AsertSeconds>(parent.timestamp) - static_cast<AsertSeconds>(anchor.timestamp);
    const auto blocks =
        static_cast<AsertSeconds>(parent.number) - static_cast<AsertSeconds>(anchor.number);
    return elapsed - blocks * static_cast<AsertSeconds>(rules.asert_ideal_block_time);
}

}  // namespace

Difficulty next_difficulty(const ChainSpec& spec, const RuleSet& rules, const Header& parent,
                           UnixSeconds timestamp) noexcept {
    switch (rules.difficulty_rule) {
        case DifficultyRule::Zero:
            return {};
        case DifficultyRule::Constant:
            return rules.difficulty_min;
        case DifficultyRule::Asert: {
            const auto& anchor = spec.parameters().asert_anchor;
            CAIRN_ASSERT(anchor.has_value());
            const Target next =
                asert_target(target_of(anchor->difficulty), seconds_late(*anchor, rules, parent),
                             rules.asert_half_life);
            return std::max(difficulty_of(next), rules.difficulty_min);
        }
        case DifficultyRule::Frontier:
        case DifficultyRule::Homestead:
        case DifficultyRule::Byzantium:
            break;
    }
    // Yellow Paper, equation 45: the minimum holds for the sum, bomb included.
    Uint256 next = without_bomb(rules, parent, timestamp);
    // A parent at 2^64-1 has no child.
    if (rules.has_difficulty_bomb)
        next = add_saturating(next, bomb(parent.number + 1, rules.bomb_delay));
    return {std::max(next, rules.difficulty_min.value)};
}

}  // namespace cairn::chain
