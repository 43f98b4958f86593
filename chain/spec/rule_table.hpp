// SPDX-License-Identifier: MIT
#pragma once

#include "chain/spec/rule_set.hpp"
#include "core/types/revision.hpp"

namespace cairn::chain {

/// Ethereum's rules at a revision, with the main network's bomb delay and blob schedule of the
/// time. Lives as long as the program.
[[nodiscard]] const RuleSet& rules_of(Revision revision) noexcept;

/// Rules of Cairn's `testnet`: Osaka under proof of work (docs: networks).
[[nodiscard]] const RuleSet& cairn_testnet_rules() noexcept;

/// Rules of Cairn's `dev`: testnet's with a constant difficulty of 1.
[[nodiscard]] const RuleSet& cairn_dev_rules() noexcept;

}  // namespace cairn::chain
