// SPDX-License-Identifier: MIT
#include "chain/spec/chain_spec.hpp"

#include <cstddef>
#include <utility>

#include "core/base/assert.hpp"

namespace cairn::chain {
namespace {

bool is_ordered(const ChainParameters& p) noexcept {
    if (p.steps.empty() || p.steps[0].trigger != ForkTrigger::Number || p.steps[0].at != 0)
        return false;
    for (std::size_t i = 1; i < p.steps.size(); ++i) {
        const ForkStep& a = p.steps[i - 1];
        const ForkStep& b = p.steps[i];
        if (b.trigger < a.trigger) return false;
        if (b.trigger == ForkTrigger::TotalDifficulty &&
            (a.trigger == b.trigger || !p.terminal_total_difficulty))
            return false;
        if (b.trigger == a.trigger && b.at < a.at) return false;
    }
    return true;
}

}  // namespace

ChainSpec::ChainSpec(ChainParameters parameters) : parameters_{std::move(parameters)} {
    CAIRN_ASSERT(is_ordered(parameters_));
}

ChainSpec ChainSpec::with_single_rules(const RuleSet& rules, std::uint64_t chain_id,
                                       SealKind seal) {
    ChainParameters p;
    p.chain_id = chain_id;
    p.seal = seal;
    p.steps.push_back({.trigger = ForkTrigger::Number, .at = 0, .rules = rules});
    return ChainSpec{std::move(p)};
}

const RuleSet& ChainSpec::rules_at(BlockNumber number, UnixSeconds timestamp) const noexcept {
    return rules_at(number, timestamp, TotalDifficulty{});
}

const RuleSet& ChainSpec::rules_at(BlockNumber number, UnixSeconds timestamp,
                                   const TotalDifficulty& parent_total) const noexcept {
    const auto holds = [&](const ForkStep& step) {
        switch (step.trigger) {
            case ForkTrigger::Number:
                return number >= step.at;
            case ForkTrigger::TotalDifficulty:
                return parent_total >= *parameters_.terminal_total_difficulty;
            case ForkTrigger::Time:
                return timestamp >= step.at;
        }
        return false;
    };
    for (std::size_t i = parameters_.steps.size(); i-- > 1;)
        if (holds(parameters_.steps[i])) return parameters_.steps[i].rules;
    return parameters_.steps[0].rules;
}

}  // namespace cairn::chain
