// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "chain/exec/block_env.hpp"
#include "chain/rules/errors.hpp"
#include "chain/spec/rule_set.hpp"
#include "chain/state/state.hpp"
#include "core/base/expected.hpp"
#include "core/types/transaction.hpp"

namespace cairn::chain {

/// Whether the sender's account and the block take the transaction, which has passed check_tx_fields under the same
/// rules. In this order: nonce (too low, too high), code at the sender (EIP-3607; a delegation designator is none),
/// fee caps against the block's prices (EIP-1559, EIP-4844), the block's gas and blob gas left, and funds for value,
/// gas at the fee cap and blob gas at its cap. The first failure is reported. Nothing is changed.
[[nodiscard]] Result<void, TxError> precheck(State& state, const RuleSet& rules, const BlockEnv& block,
                                             const BlockBudget& budget, const Transaction& tx,
                                             const Address& sender);

/// Most that the transaction may cost: value + gas limit · max fee + blob gas · max blob fee (EIP-1559, EIP-4844).
/// Nothing when that passes 2^256-1. Pure; any thread.
[[nodiscard]] std::optional<Wei> cost_max(const Transaction& tx) noexcept;

}  // namespace cairn::chain
