// SPDX-License-Identifier: MIT
#pragma once

#include "chain/spec/chain_spec.hpp"
#include "core/types/header.hpp"

namespace cairn::rpc {

/// Rules of a block that stands in for `like`, or follows it, at another number or time.
///
/// Whether a block is past the merge is seen from its difficulty, which is zero after it and never
/// before (EIP-3675), so that no total difficulty has to be looked up. The reference lives as long as
/// the spec.
[[nodiscard]] inline const chain::RuleSet& rules_of(const chain::ChainSpec& spec, const Header& like,
                                                    BlockNumber number,
                                                    UnixSeconds timestamp) noexcept {
    const auto& terminal = spec.parameters().terminal_total_difficulty;
    return terminal && like.difficulty == Difficulty{}
               ? spec.rules_at(number, timestamp, *terminal)
               : spec.rules_at(number, timestamp);
}

/// Rules of the block with this header.
[[nodiscard]] inline const chain::RuleSet& rules_of(const chain::ChainSpec& spec,
                                                    const Header& header) noexcept {
    return rules_of(spec, header, header.number, header.timestamp);
}

}  // namespace cairn::rpc
