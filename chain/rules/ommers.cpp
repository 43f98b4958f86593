// SPDX-License-Identifier: MIT
#include "chain/rules/ommers.hpp"

#include <algorithm>

#include "chain/rules/header_check.hpp"
#include "chain/rules/pow.hpp"
#include "core/base/assert.hpp"

namespace cairn::chain {
namespace {

using Verdict = Result<void, BlockFault>;

/// The block's share of its own reward for each ommer (Yellow Paper, section 11.3).
constexpr std::uint64_t kInclusionDivisor = 32;
/// An ommer loses this part of the reward for each generation.
constexpr std::uint64_t kDepthDivisor = 8;

Unexpected<BlockFault> fault(BlockError error, std::size_t index,
                             std::optional<BlockError> ommer_error = {}) {
    return {BlockFault{.error = error, .index = index, .tx_error = {}, .ommer_error = ommer_error}};
}

bool is_included(const BlockHash& hash, std::span<const HashedHeader> before,
                 std::span<const OmmerAncestor> ancestors) noexcept {
    const auto is_hash = [&](const HashedHeader& ommer) { return ommer.hash() == hash; };
    return std::ranges::any_of(before, is_hash) ||
           std::ranges::any_of(ancestors, [&](const OmmerAncestor& ancestor) {
               return std::ranges::find(ancestor.ommers, hash) != ancestor.ommers.end();
           });
}

/// The ommer's parent among the ancestors; not the block's own parent, whose children are the
/// block's siblings.
const HashedHeader* find_parent(const HashedHeader& ommer,
                                std::span<const OmmerAncestor> ancestors) noexcept {
    for (std::size_t i = 1; i < ancestors.size(); ++i)
        if (ancestors[i].header.hash() == ommer->parent_hash) return &ancestors[i].header;
    return nullptr;
}

}  // namespace

Verdict check_ommers(const ChainSpec& spec, const RuleSet& rules, const SealEngine& engine,
                     const HashedHeader& header, std::span<const HashedHeader> ommers,
                     std::span<const OmmerAncestor> ancestors) {
    CAIRN_ASSERT(ancestors.size() <= kOmmerAncestors);
    if (ommers.size() > rules.ommers_max) return fault(BlockError::OmmersTooMany, rules.ommers_max);
    // An ommer is of the block's time before the merge, whatever its own total would say.
    const auto rules_of_ommer = [&](const HashedHeader& ommer) -> const RuleSet& {
        return spec.rules_at(ommer->number, ommer->timestamp);
    };
    for (std::size_t i = 0; i < ommers.size(); ++i) {
        const HashedHeader& ommer = ommers[i];
        if (is_included(ommer.hash(), ommers.first(i), ancestors))
            return fault(BlockError::OmmerDuplicate, i);
        const auto is_ommer = [&](const OmmerAncestor& a) {
            return a.header.hash() == ommer.hash();
        };
        if (ommer.hash() == header.hash() || std::ranges::any_of(ancestors, is_ommer))
            return fault(BlockError::OmmerIsAncestor, i);
        const HashedHeader* parent = find_parent(ommer, ancestors);
        if (parent == nullptr) return fault(BlockError::OmmerNotKin, i);
        if (const auto v = check_header(spec, rules_of_ommer(ommer), *ommer, *parent); !v)
            return fault(BlockError::OmmerHeaderInvalid, i, v.error());
    }
    for (std::size_t i = 0; i < ommers.size(); ++i)
        if (const auto v = check_seal(engine, rules_of_ommer(ommers[i]), *ommers[i]); !v)
            return fault(BlockError::OmmerHeaderInvalid, i, v.error());
    return {};
}

Wei ommer_reward(const RuleSet& rules, BlockNumber block, BlockNumber ommer) noexcept {
    CAIRN_ASSERT(ommer < block && block - ommer <= kOmmerDepthMax);
    return rules.block_reward * Uint256{kDepthDivisor - (block - ommer)} / Uint256{kDepthDivisor};
}

Wei block_reward(const RuleSet& rules, std::size_t ommer_count) noexcept {
    return rules.block_reward + rules.block_reward / Uint256{kInclusionDivisor} *
                                    Uint256{static_cast<std::uint64_t>(ommer_count)};
}

}  // namespace cairn::chain
